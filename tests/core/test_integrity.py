"""What `check` finds: nothing in a sound database, and each kind of damage where it was planted.

And what the database keeps right by itself: rows go with what they belong to.
"""

from pathlib import Path

import pytest
from sqlalchemy import delete, text
from sqlalchemy.exc import DatabaseError

from app.core import integrity
from app.core.database import Database
from app.core.errors import Conflict
from app.core.integrity import Finding
from app.domains.connections.invariants import INVARIANTS as OF_CONNECTIONS
from app.domains.connections.models import Integration
from app.domains.people.invariants import INVARIANTS as OF_PEOPLE
from app.domains.tasks.invariants import INVARIANTS as OF_TASKS
from app.domains.tasks.models import Task
from tests.core.sample_rows import contents, plant


async def check(database: Database) -> list[Finding]:
    return await integrity.check(database, (*OF_CONNECTIONS, *OF_PEOPLE, *OF_TASKS))


async def change(database: Database, *statements: str) -> None:
    """Plant damage past what would refuse it."""
    async with database.engine.connect() as connection:
        if database.is_sqlite:
            # Outside of a transaction, where alone it counts.
            raw = await connection.get_raw_connection()
            assert raw.driver_connection is not None
            await raw.driver_connection.execute("PRAGMA foreign_keys = OFF")
            await raw.driver_connection.execute("PRAGMA ignore_check_constraints = ON")
        else:
            await connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            await connection.execute(text(statement))
        await connection.commit()
        await connection.invalidate()


@pytest.fixture
async def planted(database: Database) -> Database:
    await plant(database)
    return database


async def test_a_sound_database_has_no_findings(planted: Database) -> None:
    assert await check(planted) == []


async def test_an_empty_database_has_no_findings(database: Database) -> None:
    assert await check(database) == []


async def test_rows_that_refer_to_nothing_are_found(planted: Database) -> None:
    await change(
        planted,
        "DELETE FROM sync_runs",
        "DELETE FROM integrations",
        "UPDATE tasks SET merged_into = 99 WHERE id = 2",
        "UPDATE task_facts SET task_id = 98 WHERE task_id = 7",
        "UPDATE task_labels SET task_id = 99",
        "UPDATE task_dependencies SET depends_on = 99",
        "UPDATE conversation_keys SET task_id = 99",
        "UPDATE task_events SET task_id = 99",
        "UPDATE items SET task_id = 99 WHERE id = 1",
    )

    found = {finding.where: finding.count for finding in await check(planted) if "not there" in finding.what}

    assert found == {
        "conversation_keys.task_id": 1,
        "integration_viewers.integration_id": 1,
        "items.integration_id": 2,
        "items.run_id": 2,
        "items.task_id": 1,
        "kept_answers.integration_id": 1,
        "kept_answers.run_id": 1,
        "sightings.integration_id": 1,
        "sync_warnings.run_id": 2,
        "task_dependencies.depends_on": 1,
        "task_events.task_id": 1,
        "task_facts.task_id": 1,
        "task_labels.task_id": 2,
        "task_writes.integration_id": 2,
        "tasks.integration_id": 1,
        "tasks.merged_into": 1,
        "tasks.run_id": 1,
    }


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE tasks SET rank_due = rank_due + 60 WHERE id = 1", "tasks.rank_due"),
        ("UPDATE tasks SET due_at = NULL WHERE id = 1", "tasks.rank_due"),
        ("UPDATE tasks SET rank_due = 0 WHERE id = 7", "tasks.rank_due"),
        ("UPDATE tasks SET rank_points = 55000 WHERE id = 1", "tasks.rank_points"),
        ("UPDATE tasks SET tier = 'pinned' WHERE id = 1", "tasks.rank_tier"),
        ("UPDATE tasks SET tier = 'nonsense' WHERE id = 1", "tasks.rank_tier"),
        ("UPDATE tasks SET snoozed_until = NULL WHERE id = 7", "tasks.snoozed_until"),
        ("UPDATE tasks SET deleted_at = NULL WHERE id = 2", "tasks.merged_into"),
        ("UPDATE tasks SET merged_into = id WHERE id = 2", "tasks.merged_into"),
        ("DELETE FROM task_facts WHERE task_id = 7", "task_facts"),
        ("UPDATE items SET task_id = 2 WHERE id = 1", "items.task_id"),
        ("UPDATE items SET task_id = NULL WHERE id = 1", "items.task_id"),
        ("UPDATE conversation_keys SET task_id = 2", "conversation_keys.task_id"),
        ("UPDATE sync_runs SET read = 5", "sync_runs.read"),
        ("DELETE FROM identities WHERE person_id = 1", "people.id"),
        ("UPDATE people SET joined = true WHERE id = 2", "people.joined"),
        ("DELETE FROM sync_warnings WHERE id = 1", "sync_runs.warnings"),
        ("UPDATE sync_runs SET finished_at = NULL", "sync_runs.finished_at"),
    ],
)
async def test_what_can_not_be_is_found(statement: str, where: str, planted: Database) -> None:
    await change(planted, statement)

    assert where in {finding.where for finding in await check(planted) if finding.count == 1}


@pytest.mark.filterwarnings("ignore:Can't validate argument")  # SQLAlchemy 2.1.9 stumbles over NOT VALID
@pytest.mark.parametrize(
    ("column", "check_name"),
    [("status", "ck_tasks_status_is_known"), ("turn", "ck_tasks_turn_is_known")],
)
async def test_values_that_the_tables_would_refuse_are_found(column: str, check_name: str, planted: Database) -> None:
    """On Postgres they can only be older than their check."""
    update = f"UPDATE tasks SET {column} = 'maybe' WHERE id = 1"  # noqa: S608 - from the table above
    if planted.is_sqlite:
        await change(planted, update)
    else:
        add = f"ALTER TABLE tasks ADD CONSTRAINT {check_name} CHECK ({column} IN ('open', 'snoozed', 'ours')) NOT VALID"
        await change(planted, f"ALTER TABLE tasks DROP CONSTRAINT {check_name}", update, add)
    try:
        found = [finding for finding in await check(planted) if check_name in finding.where]
    finally:
        if not planted.is_sqlite:
            await _put_back(planted, column, check_name)

    assert [(finding.what, finding.count) for finding in found] == [("Rows hold values that are not allowed.", 1)]


async def _put_back(database: Database, column: str, check_name: str) -> None:
    """The Postgres database of the tests outlives them."""
    values = {
        "status": "status IN ('open', 'snoozed', 'done', 'declined', 'not_for_us')",
        "turn": "turn IS NULL OR turn IN ('ours', 'theirs')",
    }
    await change(
        database,
        "DELETE FROM tasks",
        f"ALTER TABLE tasks DROP CONSTRAINT {check_name}",
        f"ALTER TABLE tasks ADD CONSTRAINT {check_name} CHECK ({values[column]})",
    )


@pytest.mark.parametrize(
    ("statement", "back", "what"),
    [
        (
            "DROP INDEX ix_tasks_due_at",
            "CREATE INDEX ix_tasks_due_at ON tasks (due_at)",
            "add index tasks.ix_tasks_due_at",
        ),
        (
            "ALTER TABLE undos ADD COLUMN colour TEXT",
            "ALTER TABLE undos DROP COLUMN colour",
            "remove column undos.colour",
        ),
        (
            "CREATE TABLE strange (id INTEGER PRIMARY KEY)",
            "DROP TABLE strange",
            "remove table strange",
        ),
    ],
)
async def test_tables_changed_by_hand_are_found(statement: str, back: str, what: str, database: Database) -> None:
    await change(database, statement)
    try:
        found = await check(database)
    finally:
        await change(database, back)

    assert [finding.what for finding in found] == [f"The tables differ from what the program expects: {what}."]


async def test_a_check_that_was_dropped_is_found(postgres_database: Database) -> None:
    await change(postgres_database, "ALTER TABLE tasks DROP CONSTRAINT ck_tasks_turn_is_known")
    add = "ALTER TABLE tasks ADD CONSTRAINT ck_tasks_turn_is_known CHECK (turn IS NULL OR turn IN ('ours', 'theirs'))"
    try:
        found = await check(postgres_database)
    finally:
        await change(postgres_database, add)

    assert [finding.what.split(": ")[1] for finding in found] == ["add check tasks.ck_tasks_turn_is_known."]


async def test_tables_behind_the_newest_revision_are_found(sqlite_database: Database) -> None:
    await change(sqlite_database, "DELETE FROM alembic_version")

    assert [(finding.where, finding.advice) for finding in await check(sqlite_database)] == [
        ("schema", "Run: watchfloor db upgrade")
    ]


async def test_a_database_of_a_newer_version_is_not_judged(sqlite_database: Database) -> None:
    await change(sqlite_database, "UPDATE alembic_version SET version_num = '9999_later'")

    with pytest.raises(Conflict, match="newer version of Watchfloor"):
        await check(sqlite_database)


async def test_a_full_text_index_that_lost_a_row_is_found(sqlite_database: Database) -> None:
    await plant(sqlite_database)
    await change(
        sqlite_database,
        "INSERT INTO tasks_fts (tasks_fts, rowid, title, notes) VALUES ('delete', 7, 'Task 7', '')",
    )

    (found,) = await check(sqlite_database)

    assert found.where == "tasks_fts"
    await change(sqlite_database, found.advice.split(": ")[1])
    assert await check(sqlite_database) == []


def _scribbled(path: Path) -> None:
    """Pages in the middle of the file, overwritten."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 8192 * 4096
    content[middle : middle + 8192] = b"\xa5" * 8192
    path.write_bytes(content)


async def test_a_file_that_was_scribbled_over_is_found(sqlite_database: Database, tmp_path: Path) -> None:
    await plant(sqlite_database)
    await change(sqlite_database, "PRAGMA wal_checkpoint(TRUNCATE)")
    await sqlite_database.close()
    _scribbled(tmp_path / "watchfloor.db")

    found = await check(sqlite_database)

    assert found
    assert {finding.where for finding in found} == {"database"}
    assert all("restore the last good backup" in finding.advice for finding in found)


async def test_a_file_of_another_kind_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear Ann, " * 1000)
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'letter.db'}")

    with pytest.raises(DatabaseError):
        await check(database)

    await database.close()


async def test_looking_changes_nothing(planted: Database) -> None:
    before = await contents(planted)

    await check(planted)

    assert await contents(planted) == before


async def _counts(database: Database) -> dict[str, int]:
    return {name: len(rows) for name, rows in (await contents(database)).items()}


async def test_an_integration_takes_its_items_runs_and_warnings_with_it(planted: Database) -> None:
    async with planted.writing() as session:
        await session.execute(delete(Integration))

    left = await _counts(planted)
    assert [left[name] for name in ("items", "sync_runs", "sync_warnings")] == [0, 0, 0]
    assert left["tasks"] == 3


async def test_a_task_takes_what_is_about_it_along_and_leaves_its_items(planted: Database) -> None:
    async with planted.writing() as session:
        await session.execute(delete(Task).where(Task.id == 1))

    left = await _counts(planted)
    gone = ("conversation_keys", "task_dependencies", "task_events", "task_labels")
    assert [left[name] for name in gone] == [0, 0, 0, 0]
    assert left["task_facts"] == 1
    async with planted.reading() as session:
        assert set((await session.execute(text("SELECT task_id FROM items"))).scalars()) == {None}


async def test_a_task_that_goes_is_no_longer_waited_for_nor_merged_into(planted: Database) -> None:
    async with planted.writing() as session:
        await session.execute(delete(Task).where(Task.id == 7))

    async with planted.reading() as session:
        assert (await session.execute(text("SELECT merged_into FROM tasks WHERE id = 2"))).scalar_one() is None
        assert (await session.execute(text("SELECT count(*) FROM task_dependencies"))).scalar_one() == 0
