"""Transactions that end where they should, instants that stay instants, and databases that go away and come back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError

from app.core.database import Database, chunks
from app.domains.tasks.models import TaskEvent, Undo
from tests.conftest import PostgresServer
from tests.core.sample_rows import AT, plant


def row(token: str, at: datetime = AT) -> dict[str, object]:
    return {"token": token, "verb": "edit", "created_at": at, "expires_at": at, "before": {}}


async def add(database: Database, token: str, at: datetime = AT) -> None:
    async with database.writing() as session:
        await session.execute(insert(Undo), row(token, at))


async def tokens(database: Database) -> set[str]:
    async with database.reading() as session:
        return set((await session.execute(select(Undo.token))).scalars())


@pytest.fixture
async def impatient(sqlite_database: Database) -> AsyncIterator[Database]:
    """The same file, for a program that does not wait long."""
    database = Database(sqlite_database.url.render_as_string(), busy_timeout_s=0.05)
    yield database
    await database.close()


async def test_what_is_written_is_kept(database: Database) -> None:
    await add(database, "kept")

    assert await tokens(database) == {"kept"}


async def test_an_error_takes_back_all_that_was_written(database: Database) -> None:
    async def fail() -> None:
        async with database.writing() as session:
            await session.execute(insert(Undo), row("gone"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await tokens(database) == set()


async def test_an_error_names_the_statement_and_none_of_its_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as raised:
        async with database.reading() as session:
            await session.execute(text("SELECT 1 FROM nowhere WHERE :value = ''"), {"value": "a secret"})

    assert "nowhere" in str(raised.value)
    assert "a secret" not in str(raised.value)


async def test_what_is_written_while_reading_is_not_kept(database: Database) -> None:
    async with database.reading() as session:
        await session.execute(insert(Undo), row("gone"))

    assert await tokens(database) == set()


async def test_a_writer_blocks_no_reader(database: Database) -> None:
    await add(database, "before")

    async with database.writing() as session:
        await session.execute(text("DELETE FROM undos"))
        seen_meanwhile = await asyncio.wait_for(tokens(database), timeout=5)

    assert seen_meanwhile == {"before"}
    assert await tokens(database) == set()


async def test_a_reader_blocks_no_writer(database: Database) -> None:
    async with database.reading() as session:
        await session.execute(select(Undo))
        await asyncio.wait_for(add(database, "meanwhile"), timeout=5)

    assert await tokens(database) == {"meanwhile"}


async def test_writers_take_turns(database: Database) -> None:
    """Each reads and then writes: on SQLite, a transaction that began as a reader's would fail here."""
    await add(database, "0")

    async def count_up() -> None:
        async with database.writing() as session:
            await session.execute(text("LOCK TABLE undos" if not database.is_sqlite else "SELECT 1"))
            present = (await session.execute(select(Undo.token))).scalars().all()
            await session.execute(insert(Undo), row(str(len(present))))

    await asyncio.gather(*(count_up() for _ in range(8)))

    assert await tokens(database) == {str(n) for n in range(9)}


async def test_a_writer_that_waits_too_long_gives_up(sqlite_database: Database, impatient: Database) -> None:
    async with sqlite_database.writing() as session:
        await session.execute(select(Undo))  # only reads so far, and has the right to write already
        with pytest.raises(OperationalError, match="locked"):
            await add(impatient, "never")


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 15_000), ("synchronous", 1)],
)
async def test_every_connection_to_sqlite_is_set_up(pragma: str, value: object, sqlite_database: Database) -> None:
    async with sqlite_database.reading() as one, sqlite_database.reading() as other:
        for session in (one, other):
            assert (await session.execute(text(f"PRAGMA {pragma}"))).scalar_one() == value


async def test_postgres_is_reconnected_to_after_it_dropped_every_connection(
    postgres_database: Database, postgres_server: PostgresServer
) -> None:
    await add(postgres_database, "before")
    async with postgres_database.reading() as one, postgres_database.reading() as other:
        for session in (one, other):
            await session.execute(text("SELECT 1"))

    ours = sql.Literal(postgres_database.url.database)
    kill = sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}").format(ours)
    postgres_server.execute(kill)
    await add(postgres_database, "after")

    assert await tokens(postgres_database) == {"before", "after"}


async def test_a_database_that_is_not_there_is_told_at_the_first_question() -> None:
    database = Database("postgresql+psycopg://ann:hunter2@127.0.0.1:1/watchfloor")

    with pytest.raises(OperationalError):
        await database.ping()

    assert database.place == "watchfloor on 127.0.0.1"
    await database.close()


async def test_a_naive_datetime_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="names no instant"):
        await add(database, "naive", datetime(2026, 3, 2, 9, 0))  # noqa: DTZ001 - that is what is tested


@pytest.mark.parametrize(
    "at",
    [
        AT,
        datetime(2026, 3, 2, 23, 30, tzinfo=timezone(timedelta(hours=-5, minutes=-30))),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=UTC),
    ],
    ids=str,
)
async def test_an_instant_comes_back_as_the_same_instant_in_utc(at: datetime, database: Database) -> None:
    await add(database, "t", at)

    async with database.reading() as session:
        back = (await session.execute(select(Undo.created_at))).scalar_one()
        found = (await session.execute(select(Undo.token).where(Undo.created_at <= at))).scalar_one()

    assert (back, back.utcoffset(), found) == (at, timedelta(0), "t")


async def test_instants_are_ordered_by_time_whatever_zone_they_were_given_in(database: Database) -> None:
    early = datetime(2026, 3, 2, 12, 0, tzinfo=timezone(timedelta(hours=9)))
    late = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
    for token, at in (("late", late), ("early", early)):
        await add(database, token, at)

    async with database.reading() as session:
        ordered = (await session.execute(select(Undo.token).order_by(Undo.created_at))).scalars().all()

    assert ordered == ["early", "late"]


async def test_none_as_json_is_an_sql_null(database: Database) -> None:
    await plant(database)

    async with database.reading() as session:
        query = "SELECT count(*) FROM integrations WHERE gateway IS NULL AND last_error IS NULL"
        assert (await session.execute(text(query))).scalar_one() == 1


async def test_references_are_enforced(database: Database) -> None:
    line = {"task_id": 99, "at": AT, "actor": "person", "verb": "edit", "detail": "", "changes": {}}

    with pytest.raises(StatementError, match=r"(?i)foreign key"):
        async with database.writing() as session:
            await session.execute(insert(TaskEvent), line)


@given(st.lists(st.integers()), st.integers(1, 7))
def test_chunks_are_the_whole_in_order(values: list[int], size: int) -> None:
    parts = list(chunks(values, size))

    assert [value for part in parts for value in part] == values
    assert all(1 <= len(part) <= size for part in parts)
