"""What production refuses to start with, each with what to do about it."""

import os
import re
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from app.settings.keys import KeyFile, given_key
from app.settings.known import Known

Wrong = tuple[str, str]
"""A setting's name, and what is wrong with it."""

SHORTEST_KEY = 32
"""In characters: what is shorter can be guessed."""
_FEWEST_CHARACTERS = 8
"""Different ones in a key. 32 random hexadecimal digits have fewer in one of a million cases."""
_EXAMPLES = re.compile(
    r"change.?me|secret|passw|example|default|development|placeholder|watchfloor|replace|your.?key|qwert|abcdefgh|12345678",
    re.IGNORECASE,
)
_MAKE_KEY = 'Make one with: python -c "import secrets; print(secrets.token_hex(32))"'


def unsafe(settings: Known) -> Iterator[Wrong]:
    """Everything at once; nothing in development."""
    if settings.environment != "production":
        return
    yield from _key(settings)
    yield from _database(settings)
    yield from _for_development(settings)
    yield from _address(settings)
    yield from _sign_on(settings)
    yield from _mail(settings)


def _key(settings: Known) -> Iterator[Wrong]:
    try:
        key = given_key(settings)
    except KeyFile:
        return  # said elsewhere, for development too
    name = "SECRET_KEY" if settings.secret_key.get_secret_value() or not key else "SECRET_KEY_FILE"
    if not key:
        yield name, f"is missing: production needs it, or SECRET_KEY_FILE. {_MAKE_KEY}"
    elif "," in key or key != key.strip():
        yield (
            name,
            f"has a comma, or a blank at an end: as one of SECRET_KEYS_BEFORE it would be cut there. {_MAKE_KEY}",
        )
    elif len(key) < SHORTEST_KEY:
        yield name, f"must have at least {SHORTEST_KEY} characters in production. {_MAKE_KEY}"
    elif len(set(key)) < _FEWEST_CHARACTERS or key in (key + key)[1:-1]:
        yield name, f"repeats itself, and can be guessed. {_MAKE_KEY}"
    elif _EXAMPLES.search(key):
        yield name, f"looks like an example, and can be guessed. {_MAKE_KEY}"


def _database(settings: Known) -> Iterator[Wrong]:
    if not settings.database_url.get_secret_value():
        said = "is missing: production needs it, as sqlite:////var/lib/watchfloor/watchfloor.db or postgresql://…"
        yield "DATABASE_URL", said
    elif settings.database.startswith("sqlite"):
        if _is_in_memory(settings.database_url.get_secret_value()):
            yield (
                "DATABASE_URL",
                "names no file: what is kept in memory is lost. Use sqlite:////var/lib/…/watchfloor.db",
            )
            return
        path = Path(settings.database.split("///", 1)[1].split("?", 1)[0])
        if refused := _unwritable(path):
            yield "DATABASE_URL", f"{refused} Give whoever runs Watchfloor the right to write there, or name another."


def _is_in_memory(url: str) -> bool:
    return url.partition("://")[2].partition("?")[0].lstrip("/") in ("", ":memory:")


def _unwritable(path: Path) -> str:
    """Why SQLite can't keep its file there; empty where it can. Also its folder: other files come to lie in it."""
    if path.is_dir():
        return f"names {path}, which is a folder."
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return f"names {path}, which can't be written."
    folder = path.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent  # the first start makes those that are missing
    if not folder.is_dir():
        return f"names {path}, but {folder} is no folder."
    return "" if os.access(folder, os.W_OK | os.X_OK) else f"names {path}, but nothing can be written in {folder}."


def _for_development(settings: Known) -> Iterator[Wrong]:
    for name, on in (("INTEGRATIONS_STUB_MODE", settings.integrations_stub_mode), ("DEBUG", settings.debug)):
        if on:
            yield name, "is true, which is for development: remove it, or set it to false"
    if settings.sample_data:
        yield "SAMPLE_DATA", "is true, which is for development: remove it, or set SAMPLE_DATA=false"
    if settings.log_level == "DEBUG":
        yield "LOG_LEVEL", "is DEBUG, which is for development: set LOG_LEVEL=INFO"
    if "*" in settings.cors_origins:
        yield "CORS_ORIGINS", "is *, which lets any page call the API: name the origins, or leave it empty"


def _address(settings: Known) -> Iterator[Wrong]:
    if _is_open(settings.public_url) and not settings.trusted_proxies:
        yield (
            "PUBLIC_URL",
            "begins with http://: passwords would travel in the open, and browsers keep no sign-in. Put a proxy that "
            "speaks https before this server, and set PUBLIC_URL=https://…",
        )
    if everybody := [each for each in settings.trusted_proxies if ip_network(each).prefixlen == 0]:
        yield (
            "TRUSTED_PROXIES",
            f"has {everybody[0]}, which is everybody: whoever asks could claim any address. Name the proxies alone",
        )


def _without_address(settings: Known) -> str:
    said = f"is empty, while others reach this at {settings.listen_host}: nothing says whether they come by https"
    if not settings.trusted_hosts:
        said += ", and any name is answered under, also one that a foreign page lets point here"
    return f"{said}. Set it to the address that people use, as https://board.example"


def doubtful(settings: Known) -> Iterator[Wrong]:
    """What production starts with, and should not for long."""
    if settings.environment == "production" and not settings.public_url and not _is_loopback(settings.listen_host):
        yield "PUBLIC_URL", _without_address(settings)
    if settings.environment == "production" and _is_open(settings.public_url):
        yield (
            "PUBLIC_URL",
            "begins with http://: browsers keep no sign-in that came by it, and people are asked for their password "
            "again and again. Let the proxy speak https, and set PUBLIC_URL=https://…",
        )
    # Nothing here speaks https: where people come by it, a proxy stands before us.
    behind = urlsplit(settings.public_url).scheme == "https"
    if settings.environment == "production" and behind and not settings.trusted_proxies:
        yield (
            "TRUSTED_PROXIES",
            "is empty, while PUBLIC_URL begins with https://: everybody comes from the proxy's address, so that one "
            "who guesses passwords makes all others wait. Name the proxy's address",
        )


def _sign_on(settings: Known) -> Iterator[Wrong]:
    issuer, client = settings.oidc_issuer, settings.oidc_client_id
    others = client or settings.oidc_client_secret.get_secret_value() or settings.oidc_domains
    if issuer and not client:
        yield "OIDC_CLIENT_ID", "is missing, while OIDC_ISSUER is set: both are needed, or none"
    if others and not issuer:
        yield "OIDC_ISSUER", "is missing, while other OIDC settings are set: set it, or remove them"
    if issuer and not settings.public_url:
        yield "PUBLIC_URL", "is missing, while OIDC_ISSUER is set: the provider sends people back there"
    if urlsplit(issuer).scheme == "http":
        yield "OIDC_ISSUER", "begins with http://: whoever listens could sign in as anybody. Use https://"


def _mail(settings: Known) -> Iterator[Wrong]:
    host, password = settings.mail_host, settings.mail_password.get_secret_value()
    if (settings.mail_user or password or settings.mail_from) and not host:
        yield "MAIL_HOST", "is missing, while other mail settings are set: set it, or remove them"
    if password and not settings.mail_user:
        yield "MAIL_USER", "is missing, while MAIL_PASSWORD is set: both are needed, or none"
    if host and not settings.public_url:
        yield "PUBLIC_URL", "is missing, while MAIL_HOST is set: links in mail begin with it"
    if host and settings.mail_user and settings.mail_security == "none" and not _is_loopback(host):
        yield "MAIL_SECURITY", "is none: the mail password would travel in the open. Use starttls or tls"


def _is_open(url: str) -> bool:
    """Whether what is sent there can be read on its way."""
    found = urlsplit(url)
    return found.scheme == "http" and not _is_loopback(found.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
