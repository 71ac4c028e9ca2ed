"""Users: who may sign in, and as what. Functions flush and never commit.

Some admin who can sign in always remains: whoever removed the last one would have locked everybody out.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.database import one_at_a_time
from app.core.errors import Conflict, NotFound
from app.domains.identity import one_time, sessions
from app.domains.identity.addresses import checked, spelled
from app.domains.identity.models import User
from app.domains.identity.rules import Role

_LONGEST_NAME = 200


async def create(
    session: AsyncSession, email: str, role: Role, *, name: str = "", password_hash: str | None = None, now: datetime
) -> User:
    """A user who, without a password, can't sign in yet: a link comes next. Raises Invalid, and Conflict where there is
    one by this address."""
    address = checked(email)
    await one_at_a_time(session, "users")
    if await by_email(session, address) is not None:
        raise Conflict(f"There is a user {address} already.")
    user = User(
        email=address,
        name=name.strip()[:_LONGEST_NAME],
        role=str(role),
        password=password_hash,
        recovery_codes=[],
        created_at=now,
        updated_at=now,
    )
    session.add(user)
    await session.flush()
    audit.changed(session, _target(user), None, _told(user))
    return user


async def get(session: AsyncSession, user_id: int, *, lock: bool = False) -> User:
    """Raises NotFound. With `lock` it is as it stands now, and nobody else changes it until the transaction ends.

    All who lock do it in one order, and so never wait for each other: «users», the user, then a token or a session.
    """
    if lock:
        await one_at_a_time(session, "users")
    found = await session.get(User, user_id, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise NotFound(f"There is no user {user_id}.")
    return found


async def by_email(session: AsyncSession, email: str, *, lock: bool = False) -> User | None:
    """With `lock` as `get`."""
    address = spelled(email)
    if not address.isascii() or "\0" in address:
        return None  # no database is asked for what none can hold
    query = select(User).where(User.email == address)
    if lock:
        await one_at_a_time(session, "users")
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def page(session: AsyncSession, *, after: int, limit: int) -> Sequence[User]:
    """Users in the order they were added, after id `after`."""
    query = select(User).where(User.id > after).order_by(User.id).limit(limit)
    return (await session.execute(query)).scalars().all()


async def count(session: AsyncSession) -> int:
    """How many there are."""
    return (await session.execute(select(func.count(User.id)))).scalar_one()


async def edit(
    session: AsyncSession,
    user: User,
    *,
    name: str | None = None,
    role: Role | None = None,
    disabled: bool | None = None,
    now: datetime,
) -> User:
    """Change what is given. Another role, and being disabled, end the user's sessions and links. Raises Conflict where
    no admin would remain."""
    stays = (role is None or role == Role.ADMIN) and not disabled
    if not stays:
        await _some_admin_remains(session, user)
    before = _told(user)
    if name is not None:
        user.name = name.strip()[:_LONGEST_NAME]
    if role is not None:
        user.role = str(role)
    if disabled is not None and disabled != (user.disabled_at is not None):
        user.disabled_at = now if disabled else None
    after = _told(user)
    if after == before:
        return user
    if after["role"] != before["role"] or (after["disabled"] and not before["disabled"]):
        await sessions.end_all(session, user.id)
        await one_time.forget(session, user.id)
    user.updated_at = now
    audit.changed(session, _target(user), before, after)
    await session.flush()
    return user


async def remove(session: AsyncSession, user: User) -> None:
    """Remove a user with their sessions, keys and links. What else refers to them is the workflow's to mend
    (app.workflows.identity.removing). Raises Conflict where no admin would remain."""
    await _some_admin_remains(session, user)
    audit.changed(session, _target(user), _told(user), None)
    await session.delete(user)
    await session.flush()


async def set_password(session: AsyncSession, user: User, password_hash: str, *, now: datetime) -> None:
    """Store the hash of a new password (app.domains.identity.passwords). All sessions of the user end, and
    links that they were sent are good for nothing any more."""
    audit.changed(session, _target(user), {"password": "as before"}, {"password": "set anew"})
    user.password, user.updated_at = password_hash, now
    await sessions.end_all(session, user.id)
    await one_time.forget(session, user.id)
    await session.flush()


def hashed_anew(user: User, password_hash: str) -> None:
    """The same password, hashed as we do it now. Nobody changed anything: it is in no trail, and ends no session."""
    user.password = password_hash


async def _some_admin_remains(session: AsyncSession, user: User) -> None:
    await one_at_a_time(session, "users")
    query = select(User.id).where(User.role == str(Role.ADMIN), User.disabled_at.is_(None)).limit(2)
    if (await session.execute(query)).scalars().all() == [user.id]:
        raise Conflict(f"{user.email} is the only admin who can sign in. Make somebody else an admin first.")


def _told(user: User) -> dict[str, Any]:
    """What the audit trail tells of a user."""
    return {"email": user.email, "name": user.name, "role": user.role, "disabled": user.disabled_at is not None}


def _target(user: User) -> str:
    return f"user:{user.id}"
