"""Whether a delivery is Composio's: an HMAC-SHA256 over its id, its time and its body as it came. Pure.

Format: https://www.standardwebhooks.com, except that the key is the secret's text as it stands.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_SECONDS = re.compile(r"[0-9]{1,11}")
_VERSION = "v1,"


@dataclass(frozen=True, slots=True)
class Signed:
    """A delivery as it came: three headers and a body."""

    id: str
    timestamp: str
    signatures: str
    """Separated by spaces, each with its version: two while a secret is changed."""
    body: bytes


def secrets_in(setting: str) -> tuple[str, ...]:
    """COMPOSIO_WEBHOOK_SECRET: one secret, or several with commas."""
    return tuple(part.strip() for part in setting.split(",") if part.strip())


def signature(secret: str, delivery_id: str, timestamp: str, body: bytes) -> str:
    content = f"{delivery_id}.{timestamp}.".encode() + body
    return _VERSION + base64.b64encode(hmac.digest(secret.encode(), content, hashlib.sha256)).decode()


def trouble(delivery: Signed, secrets: Sequence[str], *, now: datetime, tolerance: timedelta) -> str | None:
    """Why it is not to be believed, for our own log alone; None: it is Composio's, and of just now."""
    if not (delivery.id and delivery.timestamp and delivery.signatures):
        return "a header is missing"
    given = [each.encode() for each in delivery.signatures.split() if each.startswith(_VERSION)]
    good = False
    for secret in secrets:
        own = signature(secret, delivery.id, delivery.timestamp, delivery.body).encode()
        for each in given:
            good |= hmac.compare_digest(own, each)  # always all of them: how long it takes tells nothing
    if not good:
        return "no signature fits"
    if not _SECONDS.fullmatch(delivery.timestamp):
        return "its time is none"
    if abs(now.timestamp() - int(delivery.timestamp)) > tolerance.total_seconds():
        return "it is too old, or from the future"
    return None
