"""Retention: the oldest entries are forgotten, and what is left still proves itself.

First the anchor moves: it keeps the id and hash of the last entry that may go, and an entry at the end of the chain
says so, in the same transaction. Then the entries go, step by step. The database lets none go that the anchor has not
passed, and verifying begins at the anchor: a kill between any two steps leaves a chain that holds.
"""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.audit.appending import FORGOTTEN
from app.core.audit.models import AuditAnchor, AuditEntry
from app.core.audit.noting import happened
from app.core.database import Database, one_at_a_time

_AT_ONCE = 5_000
_TARGET = "audit"


async def forget_old(database: Database, before: datetime) -> int:
    """Forget what was entered before that day. Returns how many entries are gone."""
    return sum([gone async for gone in forgetting(database, before)])


async def forgetting(database: Database, before: datetime, *, at_once: int = _AT_ONCE) -> AsyncGenerator[int, None]:
    """The same step by step, each a transaction; gives how many entries each took. It may end after any of them."""
    day = before.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)  # so that a day adds one entry
    async with database.writing() as session:
        await _move_anchor(session, day)
    yield 0
    gone = at_once
    while gone == at_once:
        gone = await _forget_some(database, at_once)
        yield gone


async def _move_anchor(session: AsyncSession, before: datetime) -> None:
    await one_at_a_time(session, "audit anchor")
    anchor = await session.get(AuditAnchor, 1)
    reached = anchor.forgotten_to if anchor else 0
    # By the first that stays: a clock that was set back must not make a hole in the chain. The newest always stays.
    first_kept = select(func.min(AuditEntry.id)).where(AuditEntry.id > reached, AuditEntry.at >= before)
    newest = select(func.max(AuditEntry.id))
    stays = (await session.execute(first_kept)).scalar() or (await session.execute(newest)).scalar() or 0
    last = (await session.execute(select(AuditEntry).where(AuditEntry.id == stays - 1))).scalar_one_or_none()
    if last is None or last.id <= reached:
        return
    if anchor is None:
        session.add(AuditAnchor(id=1, forgotten_to=last.id, hash=last.hash, at=before))
    else:
        anchor.forgotten_to, anchor.hash, anchor.at = last.id, last.hash, before
    happened(session, FORGOTTEN, _TARGET, up_to=last.id, hash=last.hash)


async def _forget_some(database: Database, most: int) -> int:
    async with database.writing() as session:
        reached = select(func.coalesce(func.max(AuditAnchor.forgotten_to), 0)).scalar_subquery()
        some = select(AuditEntry.id).where(AuditEntry.id <= reached).order_by(AuditEntry.id).limit(most)
        found = (await session.execute(some)).scalars().all()
        if found:
            # From the smallest on, without a gap: one range instead of thousands of ids.
            await session.execute(delete(AuditEntry).where(AuditEntry.id <= found[-1], AuditEntry.id <= reached))
        return len(found)
