"""Backups: taken while others write, restored into an empty database of either kind, and refused when damaged."""

import asyncio
import contextlib
import hashlib
import json
import shutil
import stat
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import Text, cast, func, insert, select, text, update
from sqlalchemy.engine import URL

from app.core import audit, integrity, migrations
from app.core.archive import Reader
from app.core.audit.verifying import verify
from app.core.backup import backup, restore
from app.core.database import Database
from app.core.errors import Conflict, Malformed
from app.domains.connections.models import SyncRun
from app.domains.tasks.models import StoredItem, Task, TaskFacts
from tests.conftest import KINDS, START, NewDatabase
from tests.core.sample_rows import AWKWARD, contents, item, plant, task

Open = Callable[[URL], Database]


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    """Opens databases that are closed at the end of the test."""
    databases: list[Database] = []

    def open_(url: URL) -> Database:
        databases.append(Database(url.render_as_string(hide_password=False)))
        return databases[-1]

    yield open_
    for database in databases:
        await database.close()


@pytest.fixture
async def archive(sqlite_template: Path, opened: Open, tmp_path: Path) -> Path:
    """A backup with rows in every table."""
    source = opened(
        URL.create("sqlite+aiosqlite", database=str(shutil.copyfile(sqlite_template, tmp_path / "source.db")))
    )
    await plant(source)
    path = tmp_path / "sample.zip"
    backup(source.url, path, now=START)
    return path


def rewrite(archive: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Change one file of an archive, and nothing else."""
    with zipfile.ZipFile(archive) as old:
        files = {each: old.read(each) for each in old.namelist()}
    files[name] = change(files[name])
    with zipfile.ZipFile(archive, "w") as new:
        for each, content in files.items():
            new.writestr(each, content)


@pytest.mark.parametrize("into", KINDS)
async def test_every_row_comes_back_as_it_was_from_either_kind_into_either(
    database: Database, into: str, new_database: NewDatabase, opened: Open, tmp_path: Path
) -> None:
    await plant(database)
    written = backup(database.url, tmp_path / "all.zip", now=START)
    restored = opened(new_database(into))

    read = restore(tmp_path / "all.zip", restored.url)

    before = await contents(database)
    assert all(before.values()), "the sample leaves out a table"
    assert await contents(restored) == before
    assert written == read
    assert {part.table: part.rows for part in read.tables} == {name: len(rows) for name, rows in before.items()}
    assert await integrity.check(restored) == []


@pytest.mark.parametrize("into", KINDS)
async def test_the_audit_trail_proves_itself_where_it_was_restored(
    database: Database, into: str, new_database: NewDatabase, opened: Open, tmp_path: Path
) -> None:
    await plant(database)
    async with database.writing() as session:
        audit.changed(session, "task:1", {"labels": ["grün"]}, {"labels": [AWKWARD, "0.1"], "share": 0.1})
    backup(database.url, tmp_path / "all.zip", now=START)
    restored = opened(new_database(into))
    restore(tmp_path / "all.zip", restored.url)

    found = await verify(restored)
    assert (found.broken, found.entries) == (None, 3)
    assert found == await verify(database)
    async with restored.writing() as session:  # and goes on
        audit.changed(session, "task:1", {"status": "open"}, {"status": "done"})
    assert (await verify(restored, witness=found.head)).entries == 4


@pytest.mark.parametrize("into", KINDS)
async def test_json_comes_back_letter_for_letter(
    database: Database, into: str, new_database: NewDatabase, opened: Open, tmp_path: Path
) -> None:
    await plant(database)
    backup(database.url, tmp_path / "all.zip", now=START)
    restored = opened(new_database(into))
    restore(tmp_path / "all.zip", restored.url)

    stored = select(cast(TaskFacts.facts, Text)).order_by(TaskFacts.task_id)
    async with database.reading() as before, restored.reading() as after:
        assert (await after.execute(stored)).all() == (await before.execute(stored)).all()


async def test_both_kinds_write_the_same_rows(
    sqlite_database: Database, postgres_database: Database, tmp_path: Path
) -> None:
    for database in (sqlite_database, postgres_database):
        await plant(database)
    one = backup(sqlite_database.url, tmp_path / "one.zip", now=START)
    other = backup(postgres_database.url, tmp_path / "other.zip", now=START)

    assert {part.table: part for part in one.tables} == {part.table: part for part in other.tables}


async def test_a_restored_database_can_be_searched_and_written(
    kind: str, archive: Path, new_database: NewDatabase, opened: Open
) -> None:
    restored = opened(new_database(kind))
    restore(archive, restored.url)
    found = {
        "sqlite": "SELECT rowid FROM items_fts WHERE items_fts MATCH 'unicode'",
        "postgres": "SELECT id FROM items WHERE search @@ plainto_tsquery('english', 'double')",
    }[kind]

    async with restored.writing() as session:
        assert sorted((await session.execute(text(found))).scalars()) == [1, 2]
        new = {name: value for name, value in task(0).items() if name != "id"}
        task_id = (await session.execute(insert(Task).returning(Task.id), new)).scalar_one()
        assert task_id == 8


async def test_a_backup_sees_one_moment_while_others_write(
    database: Database, tmp_path: Path, new_database: NewDatabase, kind: str, opened: Open
) -> None:
    """A writer moves both numbers in one transaction each time, so at every moment they are equal."""
    await plant(database)
    writes = 0
    reading = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def write() -> None:
        nonlocal writes
        await reading.wait()
        while not done.done():
            async with database.writing() as session:
                await session.execute(update(SyncRun).values(tasks_updated=SyncRun.tasks_updated + 1))
                await session.execute(update(Task).values(version=Task.version + 1))
                await session.execute(insert(StoredItem), item(100 + writes))
            writes += 1

    def on_table(name: str) -> None:
        """Between the two tables the writer gets its turn."""
        loop.call_soon_threadsafe(reading.set)
        before = writes
        while name == "tasks" and writes < before + 3:
            pass

    done = asyncio.ensure_future(
        asyncio.to_thread(backup, database.url, tmp_path / "moment.zip", now=START, on_table=on_table)
    )
    await asyncio.wait_for(asyncio.gather(write(), done), timeout=30)
    restored = opened(new_database(kind))
    restore(tmp_path / "moment.zip", restored.url)

    assert writes >= 3
    async with restored.reading() as session:
        moved = (await session.execute(select(SyncRun.tasks_updated))).scalar_one()
        versions = set((await session.execute(select(Task.version))).scalars())
        items = (await session.execute(select(func.count()).select_from(StoredItem))).scalar_one()
    assert versions == {moved + 1}
    assert items == moved + 2


async def test_a_backup_is_readable_by_its_owner_only_and_holds_no_password(
    postgres_database: Database, tmp_path: Path
) -> None:
    await plant(postgres_database)
    target = tmp_path / "all.zip"
    backup(postgres_database.url.set(password="hunter2-secret"), target, now=START)

    with zipfile.ZipFile(target) as files:
        everything = b"".join(files.read(name) for name in files.namelist())
    assert b"hunter2" not in everything
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


async def test_a_backup_never_overwrites_anything(sqlite_database: Database, tmp_path: Path) -> None:
    (tmp_path / "here").write_text("precious")

    with pytest.raises(Conflict, match="exists already"):
        backup(sqlite_database.url, tmp_path / "here", now=START)

    assert (tmp_path / "here").read_text() == "precious"


async def test_a_backup_that_breaks_off_leaves_no_file(sqlite_database: Database, tmp_path: Path) -> None:
    def break_off(name: str) -> None:
        if name == "tasks":
            raise KeyboardInterrupt

    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(KeyboardInterrupt):
        backup(sqlite_database.url, folder / "all.zip", now=START, on_table=break_off)

    assert list(folder.iterdir()) == []


def test_there_is_nothing_to_back_up_where_there_is_no_database(
    kind: str, new_database: NewDatabase, tmp_path: Path
) -> None:
    url = new_database(kind)

    with pytest.raises(Conflict, match=r"no database at|is empty"):
        backup(url, tmp_path / "all.zip", now=START)

    assert [path.name for path in tmp_path.iterdir()] == []


async def test_a_database_with_rows_is_never_restored_into(database: Database, archive: Path) -> None:
    async with database.writing() as session:
        await session.execute(insert(Task), task(1))
    before = await contents(database)

    with pytest.raises(Conflict, match="not empty: tasks holds rows"):
        restore(archive, database.url)

    assert await contents(database) == before


async def test_a_migrated_database_without_rows_is_restored_into(database: Database, archive: Path) -> None:
    restore(archive, database.url)

    assert all((await contents(database)).values())


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.unlink(), id="not there"),
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: path.write_bytes(b"SQLite format 3\0" * 9), id="another kind of file"),
        pytest.param(lambda path: path.write_bytes(_cut(path.read_bytes())), id="cut off"),
        pytest.param(lambda path: rewrite(path, "tables/tasks.jsonl", _flip), id="rows were changed"),
        pytest.param(lambda path: rewrite(path, "tables/undos.jsonl", lambda _: b""), id="rows are missing"),
        pytest.param(lambda path: rewrite(path, "manifest.json", lambda _: b"{}"), id="the manifest says nothing"),
        pytest.param(lambda path: rewrite(path, "manifest.json", lambda _: b"\xff["), id="the manifest is no JSON"),
        pytest.param(
            lambda path: rewrite(path, "manifest.json", lambda text: text.replace(b'"undos"', b'"gone"')),
            id="a table is missing",
        ),
    ],
)
def test_a_damaged_archive_is_refused_before_anything_is_touched(
    damage: Callable[[Path], object], archive: Path, new_database: NewDatabase
) -> None:
    damage(archive)
    url = new_database("sqlite")

    with pytest.raises(Malformed, match=r"can't be read|is not a backup|is no backup") as refusal:
        restore(archive, url)

    assert str(archive) in refusal.value.detail
    assert not Path(url.database or "").exists()


def test_no_wrong_bit_goes_unnoticed(archive: Path) -> None:
    """Save where it says nothing, like the time in a header of the zip."""
    right = archive.read_bytes()
    with Reader(archive) as reader:
        rows = [list(reader.rows(part)) for part in reader.manifest.tables]

    for place in range(0, len(right), 61):
        archive.write_bytes(right[:place] + bytes([right[place] ^ 1 << place % 8]) + right[place + 1 :])
        with contextlib.suppress(Malformed), Reader(archive) as reader:
            reader.verify()
            assert [list(reader.rows(part)) for part in reader.manifest.tables] == rows


def test_another_zip_is_no_backup(tmp_path: Path, new_database: NewDatabase) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("letter.txt", "Dear Ann")

    with pytest.raises(Malformed, match="no backup of Watchfloor"):
        restore(tmp_path / "other.zip", new_database("sqlite"))


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (b'"revision": "', b'"revision": "9999_', Conflict),
        (b'"format": 1', b'"format": 2', Malformed),
    ],
    ids=["tables", "format"],
)
def test_an_archive_of_a_newer_version_is_refused(
    old: bytes, new: bytes, error: type[Exception], archive: Path, new_database: NewDatabase
) -> None:
    rewrite(archive, "manifest.json", lambda content: content.replace(old, new))

    with pytest.raises(error, match="newer version of Watchfloor"):
        restore(archive, new_database("sqlite"))


def with_rows(archive: Path, table: str, change: Callable[[bytes], bytes]) -> None:
    """Change an archive's rows so that it agrees with itself."""
    digest = ""

    def changed(content: bytes) -> bytes:
        nonlocal digest
        digest = hashlib.sha256(change(content)).hexdigest()
        return change(content)

    def noted(content: bytes) -> bytes:
        manifest = json.loads(content)
        for part in manifest["tables"]:
            if part["table"] == table:
                part["sha256"] = digest
        return json.dumps(manifest).encode()

    rewrite(archive, f"tables/{table}.jsonl", changed)
    rewrite(archive, "manifest.json", noted)


async def test_rows_that_refer_to_nothing_are_refused_as_a_whole(database: Database, archive: Path) -> None:
    with_rows(archive, "task_facts", lambda content: content.replace(b"[7,", b"[70,"))

    with pytest.raises(Conflict, match="nothing was restored"):
        restore(archive, database.url)

    assert not any((await contents(database)).values())


async def test_a_text_that_postgres_can_not_hold_is_refused_with_its_table(
    postgres_database: Database, archive: Path
) -> None:
    with_rows(archive, "tasks", lambda content: content.replace(b'"Task 7"', b'"Task\\u0000"'))

    with pytest.raises(Conflict, match="rows of tasks"):
        restore(archive, postgres_database.url)

    assert not any((await contents(postgres_database)).values())


async def test_an_archive_lists_what_it_holds(archive: Path) -> None:
    with Reader(archive) as reader:
        manifest = reader.manifest
        rows = {part.table: list(reader.rows(part)) for part in manifest.tables}

    assert (manifest.revision, manifest.kind) == (migrations.head(), "sqlite")
    assert manifest.created_at == "2026-03-02T09:00:00+00:00"
    assert rows["task_labels"] == [(1, ""), (1, AWKWARD)]
