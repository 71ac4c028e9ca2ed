"""Device cookies: how a browser shows that somebody signed in there before, so that its failures are counted apart.

One holds a random name, when it was given, and an HMAC of both and of the account. It lets nobody in, and tells nobody
whose it is. Source: OWASP, https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime

from app.core.secrets import Vault
from app.workflows.identity.cookies import DEVICE_LASTS

_LONGEST = 200


def mark(vault: Vault, email: str, *, now: datetime) -> str:
    """A cookie for a browser where this account has just signed in."""
    name, at = secrets.token_hex(16), str(int(now.timestamp()))
    return f"{name}.{at}.{_signed(vault, email, name, at)}"


def name_of(vault: Vault, shown: str, email: str, *, now: datetime) -> str:
    """The name of a device that knows this account; empty where the cookie is none of it, or too old."""
    parts = shown.split(".")
    if len(parts) != 3 or len(shown) > _LONGEST or not shown.isascii():
        return ""
    name, at, signature = parts
    if not hmac.compare_digest(signature, _signed(vault, email, name, at)):
        return ""
    return name if now < datetime.fromtimestamp(int(at), UTC) + DEVICE_LASTS else ""


def _signed(vault: Vault, email: str, name: str, at: str) -> str:
    text = f"{email}\n{name}\n{at}".encode("utf-8", "replace")
    return hmac.new(vault.derived("device"), text, hashlib.sha256).hexdigest()
