"""The keys that short-lived tokens are signed with: one at a time, those before still verify what they signed.

Ed25519 (RFC 8032). The private part is encrypted (app.core.secrets); the id stands in a token's header as `kid`.
"""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.database import one_at_a_time
from app.core.secrets import Vault
from app.domains.identity.models import SigningKey

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

PURPOSE = "signing"
LONGEST = timedelta(minutes=60)
"""No token lives longer, whatever is set: so long a retired key is kept."""


async def present(session: AsyncSession) -> SigningKey | None:
    """The one that signs."""
    query = select(SigningKey).where(SigningKey.retired_at.is_(None)).order_by(SigningKey.created_at, SigningKey.id)
    return (await session.execute(query.limit(1))).scalar_one_or_none()


async def ensured(session: AsyncSession, vault: Vault, *, now: datetime) -> SigningKey:
    """The one that signs, made where there is none. However many processes ask at once, they are given the same."""
    await one_at_a_time(session, "signing key")
    return await present(session) or await _made(session, vault, now=now)


async def verifying(session: AsyncSession, *, now: datetime) -> Sequence[SigningKey]:
    """Those whose tokens may still be good."""
    still = or_(SigningKey.retired_at.is_(None), SigningKey.retired_at > now - LONGEST)
    return (await session.execute(select(SigningKey).where(still))).scalars().all()


async def rotate(session: AsyncSession, vault: Vault, *, now: datetime, at_once: bool = False) -> SigningKey:
    """A new key signs from now on. `at_once`: what earlier ones signed is void, as where one became known."""
    await one_at_a_time(session, "signing key")
    while (old := await present(session)) is not None:
        old.retired_at = now
        await session.flush()
        audit.changed(session, f"signing_key:{old.id}", {"retired_at": None}, {"retired_at": now.isoformat()})
    await _remove(session, now if at_once else now - LONGEST)
    return await _made(session, vault, now=now)


async def forget_old(session: AsyncSession, now: datetime) -> None:
    """Remove those that can verify nothing any more."""
    await _remove(session, now - LONGEST)


async def _remove(session: AsyncSession, retired_by: datetime) -> None:
    query = select(SigningKey.id).where(SigningKey.retired_at <= retired_by)
    for key_id in (await session.execute(query)).scalars().all():
        await session.execute(delete(SigningKey).where(SigningKey.id == key_id))
        audit.changed(session, f"signing_key:{key_id}", {"kept": True}, None)


async def _made(session: AsyncSession, vault: Vault, *, now: datetime) -> SigningKey:
    from joserfc.jwk import OKPKey  # noqa: PLC0415 - only where tokens are used

    private = OKPKey.generate_key("Ed25519").as_dict(private=True)
    sealed = vault.encrypt(json.dumps(private), PURPOSE)
    row = SigningKey(id=secrets.token_hex(8), private_key=sealed, created_at=now)
    session.add(row)
    await session.flush()
    audit.changed(session, f"signing_key:{row.id}", None, {"created_at": now.isoformat()})
    return row


def opened(row: SigningKey, vault: Vault) -> "OKPKey":
    """The key itself. Raises what Vault.decrypt raises."""
    from joserfc.jwk import OKPKey  # noqa: PLC0415 - only where tokens are used

    return OKPKey.import_key(json.loads(vault.decrypt(row.private_key, PURPOSE)))
