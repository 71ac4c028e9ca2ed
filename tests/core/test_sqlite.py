"""app.core.sqlite: answers are whole, however long they are, and cursors that were given up hold nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core import sqlite
from app.core.database import Database

NUMBERS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most}) SELECT i FROM n"


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[sqlite.Connection]:
    connection = sqlite.connect(str(tmp_path / "some.db"))
    await connection
    yield connection
    await connection.close()


@pytest.mark.parametrize("most", [0, 1, 255, 256, 257, 5_000])
async def test_all_rows_come_in_their_order(connection: sqlite.Connection, most: int) -> None:
    async with connection.cursor() as cursor:
        await cursor.execute(NUMBERS.format(most=5_000) + " LIMIT ?", (most,))
        rows = await cursor.fetchall()

    assert rows == [(i,) for i in range(1, most + 1)]


@pytest.mark.parametrize("size", [1, 100, 256, 1_000])
async def test_rows_come_some_at_a_time_where_they_are_asked_for_so(connection: sqlite.Connection, size: int) -> None:
    seen = []
    async with connection.cursor() as cursor:
        await cursor.execute(NUMBERS.format(most=3_000))
        while rows := await cursor.fetchmany(size):
            assert len(rows) <= size
            seen += rows

    assert seen == [(i,) for i in range(1, 3_001)]


async def test_rows_can_be_walked_through(connection: sqlite.Connection) -> None:
    async with connection.cursor() as cursor:
        await cursor.execute(NUMBERS.format(most=700))
        first = await cursor.fetchone()
        rest = [row async for row in cursor]

    assert (first, len(rest), rest[-1]) == ((1,), 699, (700,))


async def test_a_cursor_that_is_given_up_holds_no_lock(connection: sqlite.Connection) -> None:
    async with connection.cursor() as cursor:
        await cursor.execute("CREATE TABLE things (i INTEGER)")
    async with connection.cursor() as cursor:
        await cursor.execute(NUMBERS.format(most=10_000))
        await cursor.fetchmany(1)

    async with connection.cursor() as cursor:
        await cursor.execute("DROP TABLE things")


async def test_the_count_of_changed_rows_and_the_last_id_are_known(connection: sqlite.Connection) -> None:
    async with connection.cursor() as cursor:
        await cursor.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)")
        assert cursor.description is None
        await cursor.executemany("INSERT INTO things (name) VALUES (?)", [("a",), ("b",), ("c",)])
        assert cursor.rowcount == 3
        await cursor.execute("UPDATE things SET name = 'd' WHERE id > ?", (1,))
        assert cursor.rowcount == 2
        await cursor.execute("INSERT INTO things (name) VALUES ('e')")
        assert cursor.lastrowid == 4


async def test_what_a_statement_returns_comes_with_it(connection: sqlite.Connection) -> None:
    async with connection.cursor() as cursor:
        await cursor.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)")
        await cursor.execute("INSERT INTO things (name) VALUES ('a'), ('b') RETURNING id")
        assert await cursor.fetchall() == [(1,), (2,)]


async def test_an_error_leaves_the_connection_usable(sqlite_database: Database) -> None:
    insert = text("INSERT INTO undos (token, verb, created_at, expires_at, before) VALUES ('t', 'v', '', '', '{}')")

    async def twice() -> None:
        async with sqlite_database.writing() as session:
            await session.execute(insert)
            await session.execute(insert)

    with pytest.raises(IntegrityError):
        await twice()

    async with sqlite_database.reading() as session:
        assert (await session.execute(text("SELECT count(*) FROM undos"))).scalar_one() == 0
