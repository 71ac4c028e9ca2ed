"""Whatever is done to the trail behind the program's back is found, and the database refuses what is done before it."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.audit import Head
from app.core.audit.chain import BEGINNING, FIELDS, hash_of
from app.core.audit.verifying import Break, Verified, verify
from app.core.database import Database
from app.core.errors import Invalid
from tests.core.audit.trail import enter, entries, exported, tamper, verified_by_hand


async def broken(database: Database, **how: Head | int) -> Break:
    found = await verify(database, **how)  # type: ignore[arg-type] # each test names what it gives
    assert found.broken is not None
    return found.broken


async def test_a_trail_that_nobody_touched_holds(database: Database) -> None:
    await enter(database, 5)

    last = (await entries(database))[-1]
    assert await verify(database) == Verified(5, 1, Head(5, last.hash), None)


async def test_an_empty_trail_holds(database: Database) -> None:
    assert await verify(database) == Verified(0, 1, BEGINNING, None)


async def test_an_export_is_verified_by_anybody_with_ten_lines(database: Database) -> None:
    await enter(database, 5)

    lines = await exported(database)
    assert verified_by_hand(lines) == (await verify(database)).head.hash
    assert [json.loads(line)["id"] for line in lines] == [1, 2, 3, 4, 5]


async def test_it_is_read_in_steps(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.core.audit.verifying._AT_ONCE", 2)
    monkeypatch.setattr("app.core.audit.exporting._AT_ONCE", 2)
    await enter(database, 6)

    assert (await verify(database)).entries == 6
    assert len(await exported(database)) == 6


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'user:1' WHERE id = 3",
        "UPDATE audit_entries SET actor_name = 'Somebody else' WHERE id = 3",
        "UPDATE audit_entries SET address = '192.0.2.9' WHERE id = 3",
        "UPDATE audit_entries SET action = 'get_task' WHERE id = 3",
        "UPDATE audit_entries SET target = 'task:9' WHERE id = 3",
        "UPDATE audit_entries SET changes = '[]' WHERE id = 3",
        "UPDATE audit_entries SET omitted = 1 WHERE id = 3",
        "UPDATE audit_entries SET correlation_id = 'x' WHERE id = 3",
        "UPDATE audit_entries SET at = '2020-01-01 00:00:00' WHERE id = 3",
        "UPDATE audit_entries SET hash = 'x' WHERE id = 3",
        "UPDATE audit_entries SET previous = 'x' WHERE id = 3",
    ],
    ids=lambda statement: str(statement).split()[3],
)
async def test_a_changed_field_is_found(database: Database, statement: str) -> None:
    await enter(database, 5)
    await tamper(database, statement)

    found = await broken(database)
    assert (found.id, found.what) == (3, "changed")


async def test_an_entry_made_anew_with_a_hash_that_fits_is_found_by_the_next_one(database: Database) -> None:
    await enter(database, 5)
    third = (await entries(database))[2]
    content = {name: getattr(third, name) for name in (*FIELDS, "previous")} | {"actor_name": "Nobody"}
    await tamper(
        database,
        "UPDATE audit_entries SET actor_name = 'Nobody', hash = :hash WHERE id = 3",
        hash=hash_of(content),
    )

    found = await broken(database)
    assert (found.id, found.what) == (4, "changed")


async def test_a_missing_entry_is_found(database: Database) -> None:
    await enter(database, 5)
    await tamper(database, "DELETE FROM audit_entries WHERE id IN (2, 3)")

    assert await broken(database) == Break(2, "missing", "Entries 2 to 3 are missing.")


async def test_a_missing_beginning_is_found(database: Database) -> None:
    await enter(database, 5)
    await tamper(database, "DELETE FROM audit_entries WHERE id = 1")

    assert (await broken(database)).what == "missing"


async def test_a_gap_that_was_closed_is_found(database: Database) -> None:
    await enter(database, 5)
    await tamper(
        database,
        "DELETE FROM audit_entries WHERE id = 3",
        "UPDATE audit_entries SET id = 3 WHERE id = 4",
        "UPDATE audit_entries SET id = 4 WHERE id = 5",
    )

    assert (await broken(database)).id == 3


async def test_entries_that_changed_places_are_found(database: Database) -> None:
    await enter(database, 5)
    await tamper(
        database,
        "UPDATE audit_entries SET id = 99 WHERE id = 2",
        "UPDATE audit_entries SET id = 2 WHERE id = 4",
        "UPDATE audit_entries SET id = 4 WHERE id = 99",
    )

    found = await broken(database)
    assert (found.id, found.what) == (2, "reordered")


async def test_one_that_was_put_in_is_found(database: Database) -> None:
    await enter(database, 3)
    await tamper(
        database,
        "INSERT INTO audit_entries SELECT 4, at, actor, actor_name, address, action, target, changes, omitted, "
        "correlation_id, previous, hash FROM audit_entries WHERE id = 3",
    )

    assert (await broken(database)).id == 4


async def test_what_is_cut_at_the_end_is_found_by_a_witness(database: Database) -> None:
    await enter(database, 5)
    witness = (await verify(database)).head
    await tamper(database, "DELETE FROM audit_entries WHERE id > 3")

    assert (await verify(database)).broken is None  # nothing that is left shows it
    found = await broken(database, witness=witness)
    assert (found.id, found.what) == (4, "cut")


async def test_a_trail_that_was_made_anew_is_found_by_a_witness(database: Database) -> None:
    await enter(database, 5)
    witness = (await verify(database)).head
    await tamper(database, "DELETE FROM audit_entries")
    await enter(database, 7, first=100)

    assert (await verify(database)).broken is None
    found = await broken(database, witness=witness)
    assert (found.id, found.what) == (5, "rewritten")


async def test_a_witness_vouches_for_what_is_there_while_the_trail_goes_on(database: Database) -> None:
    await enter(database, 3)
    witness = (await verify(database)).head
    await enter(database, 3)

    assert (await verify(database, witness=witness)).broken is None


async def test_from_an_entry_on_only_that_and_later_ones_are_looked_at(database: Database) -> None:
    await enter(database, 6)
    await tamper(database, "UPDATE audit_entries SET actor = 'x' WHERE id = 2")

    found = await verify(database, since=4)
    assert (found.first, found.entries, found.broken) == (4, 3, None)
    assert (await verify(database, since=2)).broken is not None
    with pytest.raises(Invalid, match="There is no entry 8"):
        await verify(database, since=9)
    with pytest.raises(Invalid, match="lies before"):
        await verify(database, since=5, witness=Head(2, "0" * 64))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET changes = '[{' WHERE id = 3",
        "UPDATE audit_entries SET at = 'yesterday' WHERE id = 3",
        "UPDATE audit_entries SET changes = x'ff' WHERE id = 3",
        "UPDATE audit_entries SET omitted = 'many' WHERE id = 3",
        "UPDATE audit_entries SET at = 7 WHERE id = 3",
        "UPDATE audit_entries SET actor = x'ff00' WHERE id = 3",
        "UPDATE audit_entries SET previous = x'ff00' WHERE id = 3",
        "UPDATE audit_entries SET hash = 7 WHERE id = 3",
    ],
)
async def test_what_is_no_entry_at_all_is_found_too(sqlite_database: Database, statement: str) -> None:
    """SQLite takes any value in any column."""
    await enter(sqlite_database, 5)
    await tamper(sqlite_database, statement)

    found = await broken(sqlite_database)
    assert (found.id, found.what) == (3, "changed")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'user:1' WHERE id = 1",
        "UPDATE audit_entries SET id = 9 WHERE id = 2",
        "DELETE FROM audit_entries WHERE id = 2",
        "DELETE FROM audit_entries",
    ],
)
async def test_the_database_refuses_to_change_or_remove_an_entry(database: Database, statement: str) -> None:
    await enter(database, 2)

    async def try_it() -> None:
        async with database.writing() as session:
            await session.execute(text(statement))

    with pytest.raises(DBAPIError, match="append-only"):
        await try_it()
    assert (await verify(database)).entries == 2


async def test_postgres_refuses_to_empty_the_table_at_once(postgres_database: Database) -> None:
    await enter(postgres_database, 2)

    async def try_it() -> None:
        async with postgres_database.writing() as session:
            await session.execute(text("TRUNCATE audit_entries"))

    with pytest.raises(DBAPIError, match="append-only"):
        await try_it()
