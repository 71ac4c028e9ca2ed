"""Device cookies: how a browser shows that somebody signed in there before, so that its failures are counted apart.

One holds a random name, when it was given, and two HMACs: one says that it is ours, the other whose it is. That one
covers the hash of the password, too: with a new password all devices are forgotten. It lets nobody in, and tells nobody
whose it is. Source: OWASP, https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime

from app.core.secrets import Vault
from app.domains.identity.models import User
from app.workflows.identity.cookies import DEVICE_LASTS

_LONGEST = 200


def mark(vault: Vault, user: User, shown: str = "", *, now: datetime) -> str:
    """A cookie for a browser where this account has just signed in; it keeps the name of one that it showed."""
    name, at = ours(vault, shown, now=now) or secrets.token_hex(16), str(int(now.timestamp()))
    return ".".join((name, at, _signed(vault, name, at), _signed(vault, name, at, *_of(user))))


def ours(vault: Vault, shown: str, *, now: datetime) -> str:
    """The name of a device that some account knows, or knew before its password was changed; empty where the cookie is
    made up, or too old."""
    parts = shown.split(".")
    if len(parts) != 4 or len(shown) > _LONGEST or not shown.isascii():
        return ""
    name, at, signature, _ = parts
    if not hmac.compare_digest(signature, _signed(vault, name, at)):
        return ""
    return name if now < datetime.fromtimestamp(int(at), UTC) + DEVICE_LASTS else ""


def name_of(vault: Vault, shown: str, user: User | None, *, now: datetime) -> str:
    """The name of a device that knows this account; empty where the cookie is none of it."""
    name = ours(vault, shown, now=now)
    if not name or user is None:
        return ""
    _, at, _, signature = shown.split(".")
    return name if hmac.compare_digest(signature, _signed(vault, name, at, *_of(user))) else ""


def _of(user: User) -> tuple[str, str]:
    return user.email, user.password or ""


def _signed(vault: Vault, *texts: str) -> str:
    text = "\n".join(texts).encode("utf-8", "replace")
    return hmac.new(vault.derived("device"), text, hashlib.sha256).hexdigest()
