"""What became of the runs that were being carried out when a process was killed, read from the database itself.

Which process holds a run is written nowhere, and need not be: a run whose claim has changed afterwards was held by the
one that was killed.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import NullPool, create_engine, func, select
from sqlalchemy.engine import URL, Engine

from app.domains.connections.models import SyncRun
from app.domains.connections.service import UNFINISHED


@dataclass(frozen=True, slots=True)
class Standing:
    id: int
    state: str
    owner: str | None
    pages: int


@dataclass(slots=True)
class Interrupted:
    """A run whose process may have been killed."""

    was: Standing
    killed_at: float
    taken_up: Standing | None = None


@dataclass
class Watch:
    """Times are counted from the kill, or from when there was a process again that could go on."""

    url: URL
    claims: list[float] = field(default_factory=list)
    """Seconds until somebody had claimed the run again."""
    progress: list[float] = field(default_factory=list)
    """Seconds until a page more was stored, or the run had ended."""
    since_kill: list[float] = field(default_factory=list)
    """The same, counted from the kill whatever was there to go on."""
    given_up: int = 0
    """Runs that ended because they were begun too often without a page."""
    open: dict[int, Interrupted] = field(default_factory=dict)
    able_since: float | None = None
    """Since when there has been a process that could go on; None while there is none."""

    def __post_init__(self) -> None:
        # No connection stays open: whoever is started after a kill must find the file as the kill left it.
        self._engine: Engine = create_engine(sync_url(self.url), isolation_level="AUTOCOMMIT", poolclass=NullPool)

    def able(self, is_so: bool) -> None:
        if not is_so:
            self.able_since = None
        elif self.able_since is None:
            self.able_since = time.monotonic()

    def look(self) -> list[Standing]:
        """The runs that wait or go on, and those that are waited for."""
        query = select(SyncRun.id, SyncRun.state, SyncRun.owner, SyncRun.pages).order_by(SyncRun.id)
        query = query.where(SyncRun.state.in_(UNFINISHED) | SyncRun.id.in_(list(self.open)))
        with self._engine.connect() as connection:
            found = [Standing(*row) for row in connection.execute(query)]
        now = time.monotonic()
        for each in found:
            if each.id in self.open:
                self._compare(self.open[each.id], each, now)
        return [each for each in found if each.state in UNFINISHED]

    def killed(self, before: Sequence[Standing]) -> None:
        """A process was killed just now; `before` is how things stood."""
        now = time.monotonic()
        for each in before:
            known = self.open.get(each.id)
            if each.state == "running" and (known is None or known.taken_up is not None):
                self.open[each.id] = Interrupted(each, now)

    def going(self, found: Sequence[Standing]) -> bool:
        """Whether a run is carried out by somebody who is known to live."""
        awaited = {own for own, each in self.open.items() if each.taken_up is None}
        return any(each.state == "running" and each.id not in awaited for each in found)

    def _compare(self, known: Interrupted, now_is: Standing, now: float) -> None:
        ended = now_is.state not in UNFINISHED
        begun = max(known.killed_at, self.able_since or known.killed_at)
        if known.taken_up is None and now_is.owner == known.was.owner:
            if ended or now_is.pages > known.was.pages:
                self.given_up += now_is.state == "failed"
                del self.open[known.was.id]  # another process than the killed one held it
            return
        if known.taken_up is None:
            known.taken_up = now_is
            self.claims.append(now - begun)
        if ended or now_is.pages > known.taken_up.pages:
            self.progress.append(now - begun)
            self.since_kill.append(now - known.killed_at)
            del self.open[known.was.id]

    def ended_since(self, last_id: int) -> set[int]:
        """Integrations whose pulls of a higher id than this have succeeded."""
        query = select(SyncRun.integration_id).where(SyncRun.id > last_id, SyncRun.state == "succeeded")
        with self._engine.connect() as connection:
            return set(connection.execute(query.where(SyncRun.reason != "import")).scalars())

    def last_id(self) -> int:
        with self._engine.connect() as connection:
            return connection.execute(select(func.coalesce(func.max(SyncRun.id), 0))).scalar_one()


def sync_url(url: URL) -> URL:
    """For a plain engine, without asyncio."""
    return url.set(drivername="sqlite" if url.get_backend_name() == "sqlite" else "postgresql+psycopg")
