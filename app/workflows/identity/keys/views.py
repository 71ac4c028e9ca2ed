"""Keys as the API and the command line show them: never the key, never its hash."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.connections.schemas import UserRef
from app.domains.identity import keys
from app.domains.identity.models import ApiKey, User
from app.domains.identity.rules import Scope
from app.workflows.identity.keys.schemas import KeyMade, KeyOut


def key_out(key: ApiKey, owner: User | None, now: datetime) -> KeyOut:
    return KeyOut(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        scopes=[Scope(each) for each in key.scopes],
        state=keys.state(key, now),
        owner=UserRef(id=owner.id, email=owner.email) if owner else None,
        networks=key.networks,
        created_by=key.created_by,
        created_at=key.created_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        last_used_at=key.last_used_at,
        last_used_from=key.last_used_from,
    )


async def one_out(session: AsyncSession, key: ApiKey, now: datetime) -> KeyOut:
    owner = await session.get(User, key.user_id) if key.user_id is not None else None
    return key_out(key, owner, now)


async def made_out(session: AsyncSession, key: ApiKey, shown: str, now: datetime) -> KeyMade:
    out = await one_out(session, key, now)
    return KeyMade(**out.model_dump(), key=shown)
