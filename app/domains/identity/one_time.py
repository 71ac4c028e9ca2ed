"""One-time tokens: 256 random bits that are shown once, for one purpose, for a while.

Only their SHA-256 is kept. Using one deletes its row in the transaction that does what it was for: where that fails,
the token is as it was; and where two use it at once, one of them finds nothing.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.identity.hashes import hashed
from app.domains.identity.models import OneTimeToken

_BYTES = 32


class Purpose(StrEnum):
    """What a token is good for, and nothing else."""

    SIGN_IN = "sign_in"
    """A link that signs somebody in."""
    PASSWORD = "password"  # noqa: S105 - the name of a purpose
    """A link to set a password."""
    OIDC = "oidc"
    """A sign-in that was sent to an OpenID Connect provider."""


@dataclass(frozen=True, slots=True)
class Used:
    """A token that was good until this moment."""

    user_id: int | None
    created_at: datetime
    data: Mapping[str, Any]


async def issue(
    session: AsyncSession,
    purpose: Purpose,
    *,
    now: datetime,
    good_for: timedelta,
    user_id: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> str:
    """A new token, which is shown this once. Those that have expired are swept away on the way."""
    # None that another transaction holds: it may wait for us.
    old = select(OneTimeToken.token_hash).where(OneTimeToken.expires_at <= now).with_for_update(skip_locked=True)
    swept = delete(OneTimeToken).where(OneTimeToken.token_hash.in_(old))
    await session.execute(swept.execution_options(synchronize_session=False))
    token = secrets.token_urlsafe(_BYTES)
    session.add(
        OneTimeToken(
            token_hash=hashed(token),
            purpose=str(purpose),
            user_id=user_id,
            created_at=now,
            expires_at=now + good_for,
            data=dict(data) if data else None,
        )
    )
    await session.flush()
    return token


async def use(session: AsyncSession, token: str, purpose: Purpose, *, now: datetime) -> Used | None:
    """What the token stands for; None where it was used already, has expired, is for something else or never was.

    Whoever changes its user as well locks them first: `peek` says who that is.
    """
    # One statement: on Postgres a second one waits for the first transaction's end, and then finds no row.
    statement = (
        delete(OneTimeToken)
        .where(OneTimeToken.token_hash == hashed(token), OneTimeToken.purpose == str(purpose))
        .where(OneTimeToken.expires_at > now)
        .returning(OneTimeToken.user_id, OneTimeToken.created_at, OneTimeToken.data)
        .execution_options(synchronize_session=False)
    )
    found = (await session.execute(statement)).one_or_none()
    return None if found is None else Used(found.user_id, found.created_at, found.data or {})


async def peek(session: AsyncSession, token: str, purpose: Purpose, *, now: datetime) -> Used | None:
    """What `use` would give. Nothing is used by it."""
    query = select(OneTimeToken.user_id, OneTimeToken.created_at, OneTimeToken.data).where(
        OneTimeToken.token_hash == hashed(token),
        OneTimeToken.purpose == str(purpose),
        OneTimeToken.expires_at > now,
    )
    found = (await session.execute(query)).one_or_none()
    return None if found is None else Used(found.user_id, found.created_at, found.data or {})


async def waiting(session: AsyncSession, user_id: int, purpose: Purpose, *, now: datetime) -> int:
    """How many of a user's are still good."""
    counted = select(func.count()).where(OneTimeToken.user_id == user_id, OneTimeToken.purpose == str(purpose))
    return (await session.execute(counted.where(OneTimeToken.expires_at > now))).scalar_one()


async def forget(session: AsyncSession, user_id: int, *purposes: Purpose) -> None:
    """A user's tokens are good for nothing any more: those for the given purposes, or all."""
    statement = delete(OneTimeToken).where(OneTimeToken.user_id == user_id)
    if purposes:
        statement = statement.where(OneTimeToken.purpose.in_([str(each) for each in purposes]))
    await session.execute(statement.execution_options(synchronize_session=False))
