"""API keys: made, found by what is shown, revoked."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.identity.models import ApiKey
from app.domains.identity.rules import Scope

_PREFIX_BYTES, _SECRET_BYTES = 6, 30
_PREFIX_LENGTH = len("wf_") + 2 * _PREFIX_BYTES


def new_key() -> tuple[str, str]:
    """A key, and its prefix: «wf_» and twelve characters, then the secret. 240 random bits: its hash needs no salt."""
    prefix = f"wf_{secrets.token_hex(_PREFIX_BYTES)}"
    return f"{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}", prefix


def hashed(token: str) -> str:
    """What is stored of a random token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


async def create(
    session: AsyncSession,
    name: str,
    scopes: Sequence[Scope],
    *,
    now: datetime,
    created_by: str,
    user_id: int | None = None,
    expires_at: datetime | None = None,
    networks: Sequence[str] = (),
) -> tuple[ApiKey, str]:
    """Returns the row, and the key, which is shown this once."""
    key, prefix = new_key()
    row = ApiKey(
        name=name,
        prefix=prefix,
        key_hash=hashed(key),
        scopes=[str(scope) for scope in scopes],
        user_id=user_id,
        networks=list(networks),
        created_by=created_by,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    await session.flush()
    return row, key


async def found(session: AsyncSession, key: str) -> ApiKey | None:
    """The row of a key that was shown, whatever has become of it since."""
    prefix = key[:_PREFIX_LENGTH]
    row = (await session.execute(select(ApiKey).where(ApiKey.prefix == prefix))).scalar_one_or_none()
    return row if row is not None and hmac.compare_digest(row.key_hash, hashed(key)) else None
