"""What single settings have to look like. Each raises ValueError with what is wrong and which part of it."""

import re
from ipaddress import ip_network
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

_DATABASES = ("sqlite:", "sqlite+aiosqlite:", "postgresql:", "postgresql+psycopg:", "postgres:")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]")
_ENCODE = "in a user name or password write @ as %40, / as %2F, : as %3A, ? as %3F and # as %23"

_MAILBOX = r"[^\s<>()\[\],;:\\\"@]{1,64}@[^\s<>()\[\],;:\\\"@]{1,255}"
_SENDER = re.compile(rf"{_MAILBOX}|\"?[^<>\"@,;]*\"?\s*<{_MAILBOX}>")


def addresses(value: tuple[str, ...]) -> tuple[str, ...]:
    if wrong := [part for part in value if "@" not in part]:
        raise ValueError(f"expects addresses or @domains, not {', '.join(wrong)}")
    return tuple(part.lower() for part in value)


def networks(value: tuple[str, ...]) -> tuple[str, ...]:
    for part in value:
        try:
            ip_network(part)
        except ValueError as error:
            if not str(error).endswith("has host bits set"):
                raise ValueError(f"expects addresses or networks as 10.1.0.0/16, not {part}") from None
            raise ValueError(
                f"{part} is an address within a network; the network is {ip_network(part, False)}"
            ) from None
    return value


def origins(value: tuple[str, ...]) -> tuple[str, ...]:
    """Of web pages: scheme, name and port, or * for all."""
    if wrong := [part for part in value if part != "*" and not _is_origin(part)]:
        raise ValueError(f"expects origins as https://board.example, without a path, not {', '.join(wrong)}")
    return tuple(part.rstrip("/").lower() for part in value)


def origin(value: str) -> str:
    if not _is_origin(value):
        raise ValueError("must be an origin alone, as https://backend.composio.dev")
    return value.rstrip("/")


def hosts(value: tuple[str, ...]) -> tuple[str, ...]:
    if wrong := [part for part in value if not _is_host(part)]:
        raise ValueError(
            f"expects host names as board.example, each of them, without scheme, port and *, not {', '.join(wrong)}"
        )
    return tuple(part.lower() for part in value)


def domains(value: tuple[str, ...]) -> tuple[str, ...]:
    if wrong := [part for part in value if "." not in part or not _is_host(part.removeprefix("@"))]:
        raise ValueError(f"expects domains as example.com, each of them, without *, not {', '.join(wrong)}")
    return tuple(part.lower().removeprefix("@") for part in value)


def sender(value: str) -> str:
    """Of mail: an address, with or without a name. Empty: none."""
    if value and not (value.isprintable() and _SENDER.fullmatch(value)):
        raise ValueError("must be an address, as Watchfloor <watchfloor@example.com>")
    return value


def web_address(value: str) -> str:
    """As it was given: that of an issuer is compared to the letter."""
    found = _split(value)
    if value and (found is None or found.query or found.fragment):
        raise ValueError("must be an address as https://watchfloor.example")
    return value


def without_slash(value: str) -> str:
    return value.rstrip("/")


def store(value: SecretStr) -> SecretStr:
    """Of rate limits. What can't be read is not repeated: it may hold a password."""
    url = value.get_secret_value()
    if url and not url.startswith(("redis://", "rediss://")):
        raise ValueError("must be empty, or start with redis:// or rediss://")
    try:
        found = urlsplit(url)
        whole = bool(found.hostname) and found.port != 0 and re.fullmatch(r"(?:/\d{0,4})?", found.path)
    except ValueError:
        whole = False
    if url and not whole:
        raise ValueError(f"must have the form redis://:PASSWORD@HOST:6379/0: {_ENCODE}")
    return value


def pairs(value: tuple[str, ...]) -> tuple[str, ...]:
    if wrong := [part for part in value if not re.fullmatch(r"[a-z0-9_]+=[A-Za-z0-9_.-]+", part)]:
        raise ValueError(f"expects toolkit=version, not {', '.join(wrong)}")
    return value


def database(value: SecretStr) -> SecretStr:
    url = value.get_secret_value()
    if url and not url.startswith(_DATABASES):
        raise ValueError("must start with sqlite:/// or postgresql://")
    if url and not url.startswith("sqlite") and not _is_postgres(url):
        raise ValueError(f"must have the form postgresql://USER:PASSWORD@HOST:PORT/NAME: {_ENCODE}")
    return value


def _is_postgres(url: str) -> bool:
    """Whether its parts are what they seem. With a sign in a password that should be encoded, some of the password
    would be taken for the host or the name, and shown as such."""
    from sqlalchemy.engine import make_url  # noqa: PLC0415 - heavy, and what will be connected with
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        found = make_url(url)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        return False
    return not any(set("@/") & set(part or "") for part in (found.host, found.database))


def _is_host(part: str) -> bool:
    return part.isascii() and _HOST.fullmatch(part.lower()) is not None  # the Kelvin sign is no k


def _is_origin(value: str) -> bool:
    found = _split(value)
    return found is not None and found.path in ("", "/") and not found.query and not found.fragment


def _split(value: str) -> SplitResult | None:
    """The parts of a web address; None where it is none, or tells a password."""
    try:
        found = urlsplit(value)
        _ = found.port
    except ValueError:
        return None
    whole = found.scheme in ("http", "https") and found.hostname and not re.search(r"[\s@*]", found.netloc)
    return found if whole else None
