"""The cookies of a browser: its session, and that it is a device which signed in before.

Where the browser reaches us by https, the names begin with `__Host-`: then no other host of the same domain, and
nobody on an unencrypted connection, can plant one (RFC 6265bis, 4.1.3).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal, Protocol

from app.settings import Settings

DEVICE_LASTS = timedelta(days=365)


class Answer(Protocol):
    """A response, as far as cookies are set on it."""

    def set_cookie(
        self,
        key: str,
        value: str = "",
        max_age: int | None = None,
        *,
        path: str | None = "/",
        secure: bool = False,
        httponly: bool = False,
        samesite: Literal["lax", "strict", "none"] | None = "lax",
    ) -> Any: ...


def are_secure(settings: Settings) -> bool:
    """Whether they travel by https alone."""
    return settings.environment == "production" or settings.public_url.lower().startswith("https:")


def session_name(settings: Settings) -> str:
    return _name("watchfloor_session", settings)


def device_name(settings: Settings) -> str:
    return _name("watchfloor_device", settings)


def session_of(sent: Mapping[str, str], settings: Settings) -> str:
    """The session's token among the cookies that were sent; empty: none."""
    return sent.get(session_name(settings), "")


def device_of(sent: Mapping[str, str], settings: Settings) -> str:
    return sent.get(device_name(settings), "")


def sign_in(answer: Answer, settings: Settings, *, token: str, device: str = "") -> None:
    """Give the browser its session, and with `device` (app.workflows.identity.devices) the mark of a known one."""
    _set(answer, session_name(settings), token, timedelta(days=settings.session_most_days), settings)
    if device:
        remember(answer, settings, device)


def remember(answer: Answer, settings: Settings, device: str) -> None:
    """Give the browser the mark of one that an account knows."""
    _set(answer, device_name(settings), device, DEVICE_LASTS, settings)


def sign_out(answer: Answer, settings: Settings) -> None:
    """Take the session back. The device stays known."""
    _set(answer, session_name(settings), "", timedelta(0), settings)


def _name(name: str, settings: Settings) -> str:
    return f"__Host-{name}" if are_secure(settings) else name


def _set(answer: Answer, name: str, value: str, lasts: timedelta, settings: Settings) -> None:
    seconds = int(lasts.total_seconds())
    answer.set_cookie(name, value, seconds, path="/", secure=are_secure(settings), httponly=True, samesite="lax")
