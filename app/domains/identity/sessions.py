"""Sessions: browsers that are signed in. The token is the browser's alone; its hash stands here.

Functions take the caller's session of the database, flush, and never commit.
Source: OWASP, Session Management Cheat Sheet.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import NotFound
from app.domains.identity.hashes import hashed
from app.domains.identity.models import User, UserSession

SEEN_EVERY = timedelta(minutes=1)
"""Being used is written down at most so often."""
_TOKEN_BYTES = 32
_LONGEST_TOKEN = 100
_LONGEST_AGENT, _LONGEST_ADDRESS = 300, 100


async def begin(
    session: AsyncSession,
    user: User,
    *,
    method: str,
    now: datetime,
    lasts: timedelta,
    address: str = "",
    user_agent: str = "",
    instead_of: str = "",
) -> tuple[UserSession, str]:
    """Sign a browser in. Returns the row, and the token for its cookie.

    `instead_of` is the token of the session that this browser had before: it ends, so that nobody is signed in by a
    token that they were given beforehand.
    """
    if instead_of:
        await session.execute(delete(UserSession).where(UserSession.token_hash == hashed(instead_of)))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = UserSession(
        token_hash=hashed(token),
        user_id=user.id,
        created_at=now,
        seen_at=now,
        expires_at=now + lasts,
        method=method,
        address=address[:_LONGEST_ADDRESS],
        user_agent=user_agent[:_LONGEST_AGENT].replace("\0", ""),
    )
    user.signed_in_at = now
    session.add(row)
    await session.flush()
    return row, token


async def find(session: AsyncSession, token: str, *, now: datetime, idle: timedelta) -> tuple[User, UserSession] | None:
    """Whose session a token is; None where there is none, it is over, or its user is disabled."""
    if not token or len(token) > _LONGEST_TOKEN:
        return None
    query = (
        select(User, UserSession)
        .join(UserSession, UserSession.user_id == User.id)
        .where(
            UserSession.token_hash == hashed(token),
            UserSession.expires_at > now,
            UserSession.seen_at > now - idle,
            User.disabled_at.is_(None),
        )
    )
    found = (await session.execute(query)).one_or_none()
    return (found[0], found[1]) if found else None


async def seen(session: AsyncSession, session_id: int, *, now: datetime) -> None:
    """Write down that a session is used now, unless that was done within the last minute. Waits for nobody: one that is
    being ended is left out."""
    late = (UserSession.id == session_id, UserSession.seen_at <= now - SEEN_EVERY)
    free = select(UserSession.id).where(*late).with_for_update(skip_locked=True)
    await session.execute(update(UserSession).where(UserSession.id.in_(free)).values(seen_at=now))


async def of_user(session: AsyncSession, user_id: int, *, now: datetime, idle: timedelta) -> Sequence[UserSession]:
    """Those that still hold, the one used last first."""
    query = (
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.expires_at > now, UserSession.seen_at > now - idle)
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
    )
    return (await session.execute(query)).scalars().all()


async def end(session: AsyncSession, user_id: int, session_id: int) -> None:
    """End one session of a user. Raises NotFound where it is none of theirs."""
    ours = (UserSession.id == session_id, UserSession.user_id == user_id)
    done = cast("CursorResult[object]", await session.execute(delete(UserSession).where(*ours)))
    if not done.rowcount:
        raise NotFound(f"There is no session {session_id} of yours.")


async def end_all(session: AsyncSession, user_id: int, *, but: int | None = None) -> int:
    """End all sessions of a user, or all but one. Returns how many that were.

    The user has to be locked: else one that begins at this moment is left.
    """
    theirs = delete(UserSession).where(UserSession.user_id == user_id)
    if but is not None:
        theirs = theirs.where(UserSession.id != but)
    return cast("CursorResult[object]", await session.execute(theirs)).rowcount


async def forget_old(session: AsyncSession, *, now: datetime) -> None:
    old = select(UserSession.id).where(UserSession.expires_at <= now).with_for_update(skip_locked=True)
    await session.execute(delete(UserSession).where(UserSession.id.in_(old)))
