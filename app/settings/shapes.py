"""What single settings have to look like. Each raises ValueError with what is wrong and which part of it."""

import re
from ipaddress import ip_network
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

_DATABASES = ("sqlite:", "sqlite+aiosqlite:", "postgresql:", "postgresql+psycopg:", "postgres:")
_HOST = re.compile(r"(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]")

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
        raise ValueError(f"expects host names as board.example, without scheme and port, not {', '.join(wrong)}")
    return tuple(part.lower() for part in value)


def domains(value: tuple[str, ...]) -> tuple[str, ...]:
    if wrong := [part for part in value if "." not in part or not _is_host(part.removeprefix("@"))]:
        raise ValueError(f"expects domains as example.com, not {', '.join(wrong)}")
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
    url = value.get_secret_value()
    if url and not url.startswith(("redis://", "rediss://")):
        raise ValueError("must be empty, or start with redis:// or rediss://")
    return value


def pairs(value: tuple[str, ...]) -> tuple[str, ...]:
    if wrong := [part for part in value if not re.fullmatch(r"[a-z0-9_]+=[A-Za-z0-9_.-]+", part)]:
        raise ValueError(f"expects toolkit=version, not {', '.join(wrong)}")
    return value


def database(value: SecretStr) -> SecretStr:
    url = value.get_secret_value()
    if url and not url.startswith(_DATABASES):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return value


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
