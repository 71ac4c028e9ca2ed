"""What happened, for those who watch: a short log in the database that every process writes and every stream reads.

An event is appended in the transaction that makes it true. On Postgres transactions may commit in another order than
they took their ids in; a reader therefore looks again at what it had not seen of the last seconds (`Reader`), and gives
each event once. A stream's id is the one from which nothing earlier can be missing: who resumes from it may hear
the last few again, and misses none.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Database, Json, UtcDateTime, ring_after_commit
from app.core.rows import AnyRow

MOST_AT_ONCE = 500
_SETTLED_AFTER = timedelta(seconds=30)
"""No transaction that writes events is open for longer: what a reader has missed for that long was rolled back."""


class Event(Base):
    """One line of the log. `sqlite_autoincrement`: an id is never given twice, or a resumed stream would miss it."""

    __tablename__ = "events"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    type: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(Json)


async def append(session: AsyncSession, type_: str, data: dict[str, Any], *, now: datetime) -> None:
    """Told once the transaction holds, and at once to the streams of this process."""
    await append_all(session, type_, [data], now=now)


async def append_all(session: AsyncSession, type_: str, every: Sequence[dict[str, Any]], *, now: datetime) -> None:
    """The same of several of a type."""
    if every:
        await session.execute(insert(Event), [{"at": now, "type": type_, "data": data} for data in every])
        ring_after_commit(session)


async def newest(session: AsyncSession) -> int:
    """Id of the newest event, 0 where there is none."""
    return (await session.execute(select(func.coalesce(func.max(Event.id), 0)))).scalar_one()


@dataclass(frozen=True, slots=True)
class Begin:
    """Where somebody goes on who has heard everything up to `after`, and of what stands behind it only `known`."""

    after: int
    known: Sequence[AnyRow] = ()
    missed: bool = False
    """Something can't be told any more: it was forgotten, or is of a database that was restored since."""


async def resumed(session: AsyncSession, given: int | None, now: datetime) -> Begin:
    """Where somebody goes on who has heard everything up to `given`. Without it, and where they missed something, they
    begin now: with what is not committed yet, whichever id it took."""
    oldest, last = select(func.min(Event.id)).scalar_subquery(), select(func.max(Event.id)).scalar_subquery()
    row = (await session.execute(select(func.coalesce(oldest, 0).label("oldest"), func.coalesce(last, 0)))).one()
    missed = given is not None and (given > row[1] or given < row.oldest - 1)
    if given is not None and not missed:
        return Begin(given)
    settled = select(func.coalesce(func.max(Event.id), 0)).where(Event.at < now - _SETTLED_AFTER)
    after = max((await session.execute(settled)).scalar_one(), row[1] - MOST_AT_ONCE)
    # At most MOST_AT_ONCE stood there a moment ago; the rest is for what was told between the two statements.
    return Begin(after, await behind(session, after, MOST_AT_ONCE * 2), missed)


async def forget_old(session: AsyncSession, before: datetime) -> None:
    """But the newest: it says which ids were given."""
    newest_id = select(func.max(Event.id)).scalar_subquery()
    await session.execute(delete(Event).where(Event.at < before, Event.id < newest_id))


async def forget_about(
    session: AsyncSession, name: str, gone: Callable[[ColumnElement[int]], ColumnElement[bool]]
) -> None:
    """Take away what was told of things that are gone, by their id under `name`: who may hear of them can't be known
    any more."""
    value = Event.data[name].as_integer()
    await session.execute(delete(Event).where(value.is_not(None), gone(value)))


async def behind(session: AsyncSession, after: int, limit: int) -> Sequence[AnyRow]:
    """Events (id, at, type, data) with greater ids than `after`, oldest first, `limit` at most."""
    query = select(Event.id, Event.at, Event.type, Event.data).where(Event.id > after)
    return (await session.execute(query.order_by(Event.id).limit(limit))).all()


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in the log, and who may hear of it at that moment; None where nothing was found or asked."""

    rows: Sequence[AnyRow]
    audience: Any = None


Behind = Callable[[int, int], Awaitable[Look]]
"""From an id and how many at most to what stands behind it."""


def log_of(database: Database) -> Behind:
    """The log, read for one reader alone and for whoever acts."""

    async def read(after: int, limit: int) -> Look:
        async with database.reading() as session:
            return Look(await behind(session, after, limit))

    return read


@dataclass(slots=True)
class Reader:
    """Where one stream stands."""

    log: Behind
    after: int
    """Nothing up to this id can come any more."""
    audience: Any = None
    """Who may hear of what was found last."""
    _given: dict[int, datetime] = field(default_factory=dict)
    """Ids above `after` that were given already, and when by this reader's own clock: others' clocks may be wrong."""

    @property
    def waits(self) -> bool:
        """Whether something earlier than what was given may still come."""
        return bool(self._given)

    @classmethod
    def beginning(cls, log: Behind, begin: Begin, now: datetime) -> "Reader":
        """One that stands where somebody begins."""
        reader = cls(log, begin.after)
        reader._given.update((row.id, now) for row in begin.known)
        reader._advance(begin.known, now)
        return reader

    async def next(self, now: datetime) -> Sequence[AnyRow]:
        """Events (id, at, type, data) that were not given yet, oldest first; none where nothing happened."""
        found = await self.log(self.after, MOST_AT_ONCE + len(self._given))
        fresh = [row for row in found.rows if row.id not in self._given]
        self._given.update((row.id, now) for row in fresh)
        self._advance(found.rows, now)
        self.audience = found.audience
        return fresh

    def _advance(self, found: Sequence[AnyRow], now: datetime) -> None:
        for row in found:
            if row.id != self.after + 1 and now - self._given[row.id] < _SETTLED_AFTER:
                return  # what is missing before it may still be written
            self.after = row.id
            del self._given[row.id]
