"""Writing down when keys and sessions were used last: at most once a minute for each, and never in a request's way."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import log
from app.core.acting import Caller
from app.core.database import Database
from app.core.errands import Errands
from app.domains.identity import sessions
from app.domains.identity.models import ApiKey

EVERY = timedelta(minutes=1)
_MOST = 5_000
"""Of which it is remembered that they were written down."""
_LONGEST_ADDRESS = 100
_PATIENCE_S = 2.0
"""For so long a stop waits for the last of it."""

_log = log.get(__name__)


class Uses:
    """What is still to be written down. One for each server."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[tuple[str, int], datetime] = {}
        self._waiting: dict[tuple[str, int], tuple[datetime, str]] = {}
        self._errands = Errands("uses of keys", self._write)

    def note(self, who: Caller, written_at: datetime | None, now: datetime) -> None:
        """`written_at`: what stands in the database, as far as it is known."""
        number = who.session_id if who.kind == "user" else who.id
        if number is None:
            return
        one = (who.kind, number)
        last = max(filter(None, (written_at, self._noted.get(one))), default=None)
        if last is not None and timedelta(0) <= now - last < EVERY:
            return
        if len(self._noted) >= _MOST:
            self._noted.clear()
        self._noted[one] = now
        self._waiting[one] = (now, who.address[:_LONGEST_ADDRESS])
        self._errands.begin()

    async def settled(self) -> None:
        """Until all that was noted is written down."""
        await self._errands.settled()

    async def stop(self) -> None:
        """Give what is noted a moment to be written down."""
        await self._errands.stop(patience_s=_PATIENCE_S)

    async def _write(self) -> None:
        try:
            while self._waiting:
                uses, self._waiting = self._waiting, {}
                async with self._database.writing() as session:
                    for (kind, number), (at, address) in uses.items():
                        await _written(session, kind, number, at, address)
        except (SQLAlchemyError, OSError) as error:
            # The next use says it again: nothing but a moment is lost.
            _log.warning("when keys were used last could not be written down", error=type(error).__name__)


async def _written(session: AsyncSession, kind: str, number: int, at: datetime, address: str) -> None:
    if kind == "user":
        await sessions.seen(session, number, now=at)
        return
    earlier = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at <= at - EVERY)
    # One that is being changed is left out: of many in one transaction, none may be waited for.
    free = select(ApiKey.id).where(ApiKey.id == number, earlier).with_for_update(skip_locked=True)
    values = {"last_used_at": at, "last_used_from": address}
    await session.execute(update(ApiKey).where(ApiKey.id.in_(free)).values(**values))
