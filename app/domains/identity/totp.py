"""Codes of an authenticator app beside the password (TOTP, RFC 6238), and recovery codes for when it is lost.

Secrets come and go in plain text here; who calls encrypts them. Functions change the user, and never commit.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime

import pyotp
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.domains.identity.hashes import hashed
from app.domains.identity.models import User

ISSUER = "Watchfloor"
PURPOSE = "totp"
"""What a secret is encrypted for (app.core.secrets)."""
_STEP_S = 30
_STEPS_OFF = 1
"""Clocks may differ, and people type slowly: the code before and the one after count, too."""
_RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is mistaken for something else: i, l, o, 0, 1."""
_GROUP, _GROUPS = 5, 3

Decrypt = Callable[[str], str]


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def uri(secret: str, email: str) -> str:
    """What an authenticator app reads from a QR code: https://github.com/google/google-authenticator/wiki/Key-Uri-Format"""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def propose(user: User, sealed: str, *, now: datetime) -> None:
    """Store an encrypted secret that counts once a code of it was shown."""
    user.totp_secret, user.totp_since, user.totp_step, user.updated_at = sealed, None, None, now


def confirm(session: AsyncSession, user: User, *, now: datetime) -> list[str]:
    """From now on a code is asked for. Returns recovery codes, to be shown this once, of 74 random bits each."""
    codes = ["-".join(_group() for _ in range(_GROUPS)) for _ in range(_RECOVERY_CODES)]
    user.totp_since = user.updated_at = now
    user.recovery_codes = [hashed(_bare(code)) for code in codes]
    audit.changed(session, f"user:{user.id}", {"totp": False}, {"totp": True})
    return codes


def switch_off(session: AsyncSession, user: User, *, now: datetime) -> None:
    """No code is asked for any more."""
    audit.changed(session, f"user:{user.id}", {"totp": is_on(user)}, {"totp": False})
    user.totp_secret = user.totp_since = user.totp_step = None
    user.recovery_codes, user.updated_at = [], now


def is_on(user: User) -> bool:
    return user.totp_since is not None


def take(user: User, code: str, decrypt: Decrypt, *, now: datetime) -> bool:
    """Whether the code is right: of the app, or where it is switched on one for recovery. Each is taken once."""
    bare = _bare(code)
    if user.totp_secret is None:
        return False
    step = _step_of(pyotp.TOTP(decrypt(user.totp_secret)), bare, now)
    if step is not None and (user.totp_step is None or step > user.totp_step):
        user.totp_step = step
        return True
    return is_on(user) and _take_recovery(user, hashed(bare))


def _step_of(codes: pyotp.TOTP, code: str, now: datetime) -> int | None:
    """The time step that this is the code of. All are compared, whichever fits."""
    present = int(now.timestamp()) // _STEP_S
    steps = range(present - _STEPS_OFF, present + _STEPS_OFF + 1)
    given = code.encode()
    found = [step for step in steps if hmac.compare_digest(codes.generate_otp(step).encode(), given)]
    return max(found, default=None)


def _take_recovery(user: User, code_hash: str) -> bool:
    left = [each for each in user.recovery_codes if not hmac.compare_digest(each, code_hash)]
    found = len(left) < len(user.recovery_codes)
    if found:
        user.recovery_codes = left
    return found


def _group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP))


def _bare(code: str) -> str:
    return "".join(letter for letter in code.casefold() if letter.isalnum())
