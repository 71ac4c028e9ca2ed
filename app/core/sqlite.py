"""SQLite under asyncio with one trip to the connection's thread for each statement.

aiosqlite alone makes four: a cursor, the statement, its rows, the cursor's end. A trip costs as much as a small
statement does, and an action of a person is some twenty statements. Many rows still come some at a time.
"""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, TypeVar

import aiosqlite

from app.core import time_limits

_T = TypeVar("_T")
_AT_ONCE = 256
"""Rows that come along with the statement: most answers are shorter."""
_LOOK_EVERY = 50_000
"""Steps of SQLite's machine between two looks at the clock: about a millisecond's work."""


_NEVER = float("inf")
_LAST_WORD_S = 2.0
"""So long the thread of a connection that could not be opened is waited for."""


class Cursor:
    """What SQLAlchemy asks of an asynchronous cursor. It begins with its statement, and ends with its last row."""

    def __init__(self, connection: "Connection") -> None:
        self.arraysize = 1
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None
        self._rows: deque[Any] = deque()
        self._open = False
        self._until = _NEVER

    async def __aenter__(self) -> "Cursor":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def description(self) -> Any:
        return self._cursor.description if self._cursor else None

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount if self._cursor else -1

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid if self._cursor else None

    async def execute(self, statement: str, parameters: Any = ()) -> "Cursor":
        self._open, self._until = True, self._connection.until()
        await self._connection.in_thread(lambda: self._begin(statement, parameters))
        return self

    async def executemany(self, statement: str, parameters: Iterable[Any]) -> "Cursor":
        self._open, self._until = True, self._connection.until()
        await self._connection.in_thread(lambda: self._all(statement, parameters))
        return self

    async def fetchone(self) -> Any:
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        wanted = self.arraysize if size is None else size
        if len(self._rows) < wanted and self._open:
            await self._connection.in_thread(lambda: self._take(max(wanted - len(self._rows), _AT_ONCE)))
        return [self._rows.popleft() for _ in range(min(wanted, len(self._rows)))]

    async def fetchall(self) -> list[Any]:
        if self._open:
            await self._connection.in_thread(lambda: self._take(None))
        rows, self._rows = list(self._rows), deque()
        return rows

    async def __aiter__(self) -> AsyncIterator[Any]:
        while rows := await self.fetchmany(_AT_ONCE):
            for row in rows:
                yield row

    async def close(self) -> None:
        if self._open:  # not read to its end, or given up while the statement ran
            await self._connection.in_thread(self._end)

    def _begin(self, statement: str, parameters: Any) -> None:
        self._connection.ends_at = self._until
        self._cursor = self._connection.sqlite.execute(statement, parameters)
        self._take(_AT_ONCE)

    def _all(self, statement: str, parameters: Iterable[Any]) -> None:
        self._connection.ends_at = self._until
        self._cursor = self._connection.sqlite.executemany(statement, parameters)
        self._end()

    def _take(self, most: int | None) -> None:
        if self._cursor is None or self._cursor.description is None:
            return self._end()
        self._connection.ends_at = self._until
        rows = self._cursor.fetchall() if most is None else self._cursor.fetchmany(most)
        self._rows.extend(rows)
        if most is None or len(rows) < most:
            self._end()
        return None

    def _end(self) -> None:
        if self._cursor is not None:
            self._cursor.close()
        self._open = False


class Connection(aiosqlite.Connection):
    """aiosqlite's connection and thread, with our cursor, and an end to statements of requests."""

    within_s = 0.0
    """For so long one may run; 0: without end."""
    ends_at = _NEVER
    """When the statement that runs is ended, on the monotonic clock."""

    # SQLAlchemy awaits nothing here; aiosqlite's own is a context manager, which nobody asks of ours.
    def cursor(self) -> Cursor:  # type: ignore[override]
        return Cursor(self)

    @property
    def sqlite(self) -> sqlite3.Connection:
        return self._conn

    def until(self) -> float:
        """When a statement that begins now is ended."""
        return time.monotonic() + self.within_s if self.within_s and time_limits.is_answering() else _NEVER

    async def _connect(self) -> "Connection":
        try:
            await super()._connect()
        except Exception:
            # It ends, and tells the loop so: a command whose loop was closed by then would end with a traceback.
            await asyncio.to_thread(self._thread.join, _LAST_WORD_S)
            raise
        return self

    async def in_thread(self, work: Callable[[], _T]) -> _T:
        """Do `work` where this connection lives, after what waits there already."""
        done: _T = await self._execute(work)  # type: ignore[no-untyped-call] # aiosqlite gives it no types
        return done


def connect(database: str, *, within_s: float = 0, **arguments: Any) -> Connection:
    """For SQLAlchemy's `async_creator_fn`: it awaits what it is given. A request's statement ends after `within_s`
    seconds; 0: it doesn't. The thread keeps no process from ending."""

    def opened() -> sqlite3.Connection:
        made: sqlite3.Connection = sqlite3.connect(database, **arguments)
        if within_s:
            made.set_progress_handler(lambda: time.monotonic() > connection.ends_at, _LOOK_EVERY)
        return made

    connection = Connection(opened, iter_chunk_size=_AT_ONCE)
    connection.within_s = within_s
    connection._thread.daemon = True
    return connection
