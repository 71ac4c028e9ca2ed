"""API keys: made, found by what is shown, listed, edited, replaced, revoked. What is stored can't be used as a key."""

import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import acting, audit
from app.core.errors import Conflict, NotFound
from app.domains.identity.hashes import hashed
from app.domains.identity.models import ApiKey, User
from app.domains.identity.rules import Scope

_PREFIX_BYTES, _SECRET_BYTES = 6, 30
_PREFIX_LENGTH = len("wf_") + 2 * _PREFIX_BYTES
_SHAPE = re.compile(r"wf_[0-9a-f]{12}_[A-Za-z0-9_-]{40}")


def new_key() -> tuple[str, str]:
    """A key, and its prefix: «wf_» and twelve characters, then the secret. 240 random bits: its hash needs no salt."""
    prefix = f"wf_{secrets.token_hex(_PREFIX_BYTES)}"
    return f"{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}", prefix


def is_key(shown: str) -> bool:
    """Whether it looks like one of our keys: what doesn't is not looked for."""
    return _SHAPE.fullmatch(shown) is not None


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
        scopes=[str(scope) for scope in dict.fromkeys(scopes)],
        user_id=user_id,
        networks=list(networks),
        created_by=created_by,
        created_by_id=await _maker(session),
        created_at=now,
        expires_at=expires_at,
        last_used_from="",
    )
    session.add(row)
    await session.flush()
    audit.changed(session, f"key:{row.id}", None, _told(row))
    return row, key


async def _maker(session: AsyncSession) -> int | None:
    """The user who makes a key now; of a key that makes another one, the user who made it."""
    who = acting.caller()
    if who.user_id is not None or who.kind != "key" or who.id is None:
        return who.user_id
    made_by = await session.get(ApiKey, who.id)
    return made_by.created_by_id if made_by is not None else None


async def left_by(session: AsyncSession, user_id: int, *, now: datetime) -> Sequence[ApiKey]:
    """Keys that this user made for nobody and that are good: they don't end with the user."""
    query = select(ApiKey).where(ApiKey.created_by_id == user_id, ApiKey.user_id.is_(None), *_good(now))
    return (await session.execute(query.order_by(ApiKey.id))).scalars().all()


async def in_hands_of(session: AsyncSession, user_id: int, *, now: datetime) -> Sequence[ApiKey]:
    """Keys that are good and that this user may hold: their own, and those that they made for nobody. Locked."""
    made = and_(ApiKey.created_by_id == user_id, ApiKey.user_id.is_(None))
    query = select(ApiKey).where(or_(ApiKey.user_id == user_id, made), *_good(now))
    return (await session.execute(query.order_by(ApiKey.id).with_for_update())).scalars().all()


async def found(session: AsyncSession, key: str) -> tuple[ApiKey, User | None] | None:
    """The row of a key that was shown, whatever has become of it since, and whose it is. One indexed query."""
    query = _with_owner().where(ApiKey.prefix == key[:_PREFIX_LENGTH])
    row = (await session.execute(query)).one_or_none()
    return (row[0], row[1]) if row is not None and hmac.compare_digest(row[0].key_hash, hashed(key)) else None


async def with_owner(session: AsyncSession, key_id: int) -> tuple[ApiKey, User | None] | None:
    row = (await session.execute(_with_owner().where(ApiKey.id == key_id))).one_or_none()
    return (row[0], row[1]) if row is not None else None


def _with_owner() -> Any:
    return select(ApiKey, User).outerjoin(User, User.id == ApiKey.user_id)


def holds(key: ApiKey, owner: User | None, now: datetime) -> bool:
    """Whether it is good: not revoked, not expired, and whoever it belongs to may still sign in."""
    disabled = owner is not None and owner.disabled_at is not None
    return state(key, now) == "active" and not disabled


def state(key: ApiKey, now: datetime) -> str:
    """active, expired, or revoked."""
    if key.revoked_at is not None and key.revoked_at <= now:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= now else "active"


async def page(
    session: AsyncSession, *, now: datetime, own: int | None = None, everything: bool = False, after: int, limit: int
) -> Sequence[tuple[ApiKey, User | None]]:
    """Keys in the order they were made, `own` those of one user alone; only good ones, unless `everything` is asked
    for."""
    listed = _listed(now, own, everything=everything)
    query = _with_owner().where(ApiKey.id > after, *listed).order_by(ApiKey.id).limit(limit)
    return [(row[0], row[1]) for row in await session.execute(query)]


async def count(session: AsyncSession, *, now: datetime, own: int | None = None, everything: bool = False) -> int:
    """How many `page` goes through in all."""
    query = select(func.count(ApiKey.id)).where(*_listed(now, own, everything=everything))
    return (await session.execute(query)).scalar_one()


def _listed(now: datetime, own: int | None, *, everything: bool) -> Sequence[ColumnElement[bool]]:
    whose = () if own is None else (ApiKey.user_id == own,)
    return whose if everything else (*whose, *_good(now))


def _good(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        or_(ApiKey.revoked_at.is_(None), ApiKey.revoked_at > now),
        or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now),
    )


async def get(session: AsyncSession, key_id: int, *, own: int | None = None, lock: bool = False) -> ApiKey:
    """Raises NotFound, also where `own` names a user whose it is not."""
    key = await session.get(ApiKey, key_id, with_for_update=lock or None)
    if key is None or (own is not None and key.user_id != own):
        raise NotFound(f"There is no key {key_id}.")
    return key


async def named(session: AsyncSession, text: str) -> ApiKey:
    """A key by its number or its prefix, to be changed. Raises NotFound."""
    # Of a whole key that somebody gives, only its beginning is looked at.
    number = ApiKey.id == int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
    which = number if number is not None else ApiKey.prefix == text.rstrip("…")[:_PREFIX_LENGTH]
    key = (await session.execute(select(ApiKey).where(which).with_for_update())).scalar_one_or_none()
    if key is None:
        raise NotFound("There is no such key.")
    return key


async def edit(session: AsyncSession, key: ApiKey, changes: Mapping[str, Any], *, now: datetime) -> None:
    """Of `changes` those of name, expires_at and networks. Raises Conflict for a key that no longer holds."""
    _must_hold(key, now)
    before = _told(key)
    for field in ("name", "expires_at", "networks"):
        if field in changes:
            setattr(key, field, changes[field])
    await session.flush()
    audit.changed(session, f"key:{key.id}", before, _told(key))


async def revoke(session: AsyncSession, key: ApiKey, *, now: datetime) -> None:
    """The same again changes nothing."""
    if key.revoked_at is not None:
        return
    before = _told(key)
    key.revoked_at = now
    await session.flush()
    audit.changed(session, f"key:{key.id}", before, _told(key))


async def rotate(
    session: AsyncSession,
    key: ApiKey,
    *,
    keep: timedelta,
    now: datetime,
    created_by: str,
    latest: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key with the same rights, which lives as long as this one was given, until `latest` at most; this one ends
    after `keep`.

    Raises Conflict for a key that no longer holds.
    """
    _must_hold(key, now)
    life = key.expires_at - key.created_at if key.expires_at is not None else None
    ends = [each for each in (now + life if life is not None else None, latest) if each is not None]
    new = await create(
        session,
        key.name,
        [Scope(each) for each in key.scopes],
        now=now,
        created_by=created_by,
        user_id=key.user_id,
        expires_at=min(ends, default=None),
        networks=key.networks,
    )
    if keep <= timedelta(0):
        await revoke(session, key, now=now)
    else:
        end = now + keep
        await edit(session, key, {"expires_at": min(end, key.expires_at or end)}, now=now)
    return new


def _must_hold(key: ApiKey, now: datetime) -> None:
    if (ended := state(key, now)) != "active":
        raise Conflict(f"Key {key.id} has {'expired' if ended == 'expired' else 'been revoked'}: make a new one.")


def _told(key: ApiKey) -> dict[str, Any]:
    """What the audit trail says of a key."""
    return {
        "name": key.name,
        "prefix": key.prefix,
        "scopes": list(key.scopes),
        "user_id": key.user_id,
        "networks": list(key.networks),
        "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
    }
