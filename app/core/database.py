"""One way to the database, SQLite or Postgres: engines, transactions, and the types both agree on.

Requests, workflows and commands begin and end their transactions by `Database.reading()` and `Database.writing()`; only
migrations, backups and integrity checks, which look at whole databases, begin their own. Services
take a session and never commit. On SQLite a writing transaction begins IMMEDIATE: it waits for the write lock
at its first statement, where the busy timeout applies, instead of failing halfway when a read is upgraded.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from pydantic_core import from_json
from sqlalchemy import JSON, DateTime, Dialect, MetaData, event, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from app.core import seeing, sqlite, time_limits
from app.core.bell import Bell
from app.core.clock import Clock, utc_now

T = TypeVar("T")

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table. Names of constraints are fixed, so that migrations can refer to them."""

    metadata = MetaData(naming_convention=_NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, timestamptz in Postgres, UTC without a zone in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[Any]:
        """What values of this column are in Python: SQLAlchemy's own answer for a decorated type is `object`."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raises ValueError for a naive datetime: it names no instant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without time zone names no instant")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_BEFORE_COMMIT = "before commit"
_TELLS = "tells"

Json = JSON(none_as_null=True)
"""JSON in both databases; a Python None is an SQL NULL."""


class Database:
    """The engines of one database. Open it in a composition root, close it there."""

    def __init__(
        self,
        url: str,
        *,
        busy_timeout_s: float = 15,
        pool_size: int = 10,
        clock: Clock = utc_now,
        within_s: float = 0,
        criteria: seeing.Criteria | None = None,
    ) -> None:
        """`url` carries its async driver; see Settings.database. Nothing is opened yet. `clock` dates the audit trail,
        whose moment is the one right before a commit. `within_s`: after so many seconds a statement of a request is
        ended, see app.core.time_limits; 0: never. `criteria` hides what callers may not see, see app.core.seeing."""
        self.url = make_url(url)
        self._clock = clock
        self._criteria = criteria
        self.bell = Bell()
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine = create_async_engine(
            self.url,
            pool_size=pool_size,
            json_deserializer=_from_json,
            hide_parameters=True,  # an error that is logged tells no mail's text and no link to an account
            pool_pre_ping=not self.is_sqlite,  # a Postgres that restarted is reconnected to, unnoticed
            connect_args={"async_creator_fn": partial(sqlite.connect, within_s=within_s)}
            if self.is_sqlite
            else {"connect_timeout": 10},
        )
        self._writer = self._engine.execution_options(immediate=True)
        if self.is_sqlite:
            event.listen(self._engine.sync_engine, "connect", _sqlite_pragmas(busy_timeout_s))
            event.listen(self._engine.sync_engine, "begin", _sqlite_begin)
        elif within_s:
            event.listen(self._engine.sync_engine, "connect", _postgres_timeout(within_s))
            event.listen(self._engine.sync_engine, "begin", _postgres_unhurried)

    @property
    def engine(self) -> AsyncEngine:
        return self._engine

    @property
    def place(self) -> str:
        """Where the data lies, for people: a path, or host and database; never a password."""
        if self.is_sqlite:
            return str(self.url.database)
        return f"{self.url.database} on {self.url.host or 'the local socket'}"

    def pool(self) -> dict[str, int]:
        """How many connections are in use, how many lie ready, and how many are open beyond what is kept."""
        pool: Any = self._engine.pool
        return {"in_use": pool.checkedout(), "idle": pool.checkedin(), "overflow": max(0, pool.overflow())}

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A transaction that is rolled back at its end: nothing in it can be kept."""
        async with _session(self._engine) as session:
            seeing.guard(session, self._criteria, restricted=True)
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A transaction that commits at its end, or rolls back when the block raises."""
        async with _session(self._writer) as session, session.begin():
            seeing.guard(session, self._criteria, restricted=False)
            session.info["clock"] = self._clock
            yield session
            for last in session.info.pop(_BEFORE_COMMIT, ()):
                await last()
        if _TELLS in session.info:
            self.bell.ring()

    async def ping(self) -> None:
        """Raises an SQLAlchemyError or OSError where the database does not answer."""
        async with self.reading() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self._engine.dispose()


def before_commit(session: AsyncSession, last: Callable[[], Awaitable[None]]) -> None:
    """Have `last` done in the same transaction when all else is done, right before it commits."""
    session.info.setdefault(_BEFORE_COMMIT, []).append(last)


def ring_after_commit(session: AsyncSession) -> None:
    """Have those in this process woken who wait for what the session is about to commit (`Database.bell`)."""
    session.info[_TELLS] = True


def after_commit(session: AsyncSession, then: Callable[[], None]) -> None:
    """Have `then` done once what the session is about to commit holds; where it is rolled back, never."""
    event.listen(session.sync_session, "after_commit", lambda _session: then(), once=True)


async def one_at_a_time(session: AsyncSession, name: str) -> None:
    """Until the transaction ends, no other one passes here under the same name.

    For work that first looks what is there and then adds to it. SQLite has one writer anyway.
    """
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})


@asynccontextmanager
async def unhurried(session: AsyncSession) -> AsyncIterator[None]:
    """Around long work that somebody asked for and that is done whole or not at all: though it answers a request, its
    statements take their time."""
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
    with time_limits.unhurried():
        yield


def _from_json(text: str) -> Any:
    """A third faster than the standard library, which reads half a character that somebody escaped."""
    try:
        return from_json(text)
    except ValueError:
        return json.loads(text)


def _session(engine: AsyncEngine) -> AsyncSession:
    return AsyncSession(engine, expire_on_commit=False, autoflush=False)


def _sqlite_pragmas(busy_timeout_s: float) -> Any:
    def on_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver's own BEGIN comes too late and is never IMMEDIATE: _sqlite_begin does it.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {int(busy_timeout_s * 1000)}",
            "journal_mode = WAL",
            "foreign_keys = ON",
            "synchronous = NORMAL",  # safe under WAL against a crash of the program; see SQLite's docs
            "temp_store = MEMORY",
            "cache_size = -16000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return on_connect


def _sqlite_begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _postgres_timeout(within_s: float) -> Any:
    """Every connection is bounded, and what is no request lifts that for its transaction: so requests pay nothing."""

    def on_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET statement_timeout = {max(1, int(within_s * 1000))}")
        cursor.close()
        connection.commit()

    return on_connect


def _postgres_unhurried(connection: Connection) -> None:
    if not time_limits.is_answering():
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")


def chunks(values: Iterable[T], size: int = 500) -> Iterator[list[T]]:
    """`values` in lists of at most `size`: an IN clause has a limit on its parameters in both databases."""
    rest = list(values)
    for start in range(0, len(rest), size):
        yield rest[start : start + size]
