"""Migrations: up, down and up again with rows in the tables, by several processes, and never past what is known."""

import ast
import asyncio
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, create_engine, inspect, text
from sqlalchemy.engine import URL, make_url

from app.core import migrations
from app.core.backup import backup, restore
from app.core.database import Base, Database
from app.core.errors import Conflict
from app.settings import PROJECT_ROOT
from tests.conftest import START, NewDatabase
from tests.core.sample_rows import contents, plant

FOLDER = PROJECT_ROOT / "migrations"

LATER = '''
"""A migration of the future."""

import sqlalchemy as sa
from alembic import op

revision = "9999_colours"
down_revision = "HEAD"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("undos") as table:
        table.add_column(sa.Column("colour", sa.Text(), nullable=False, server_default="red"))


def downgrade() -> None:
    with op.batch_alter_table("undos") as table:
        table.drop_column("colour")
'''


@pytest.fixture
async def unmigrated(kind: str, new_database: NewDatabase) -> AsyncIterator[Database]:
    """An empty database without any tables."""
    database = Database(new_database(kind).render_as_string(hide_password=False))
    yield database
    await database.close()


@pytest.fixture
def future(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """As if this were a later version, with one migration more. Its revision."""
    later = shutil.copytree(FOLDER, tmp_path / "later")
    (later / "versions" / "9999_colours.py").write_text(LATER.replace("HEAD", migrations.head()))
    monkeypatch.setattr(migrations, "_FOLDER", later)
    return "9999_colours"


def scalar(url: URL, query: str) -> object:
    engine = create_engine(migrations.sync_url(url))
    with engine.connect() as connection:
        found = connection.execute(text(query)).scalar()
    engine.dispose()
    return found


def tables(url: URL) -> set[str]:
    engine = create_engine(migrations.sync_url(url))
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def test_the_newest_revision_is_the_one_alembic_names() -> None:
    assert migrations.head() == ScriptDirectory(FOLDER).get_current_head()


def test_the_known_revisions_are_those_alembic_knows() -> None:
    assert migrations.known() == {script.revision for script in ScriptDirectory(FOLDER).walk_revisions()}


async def test_migrations_make_what_the_models_say(database: Database) -> None:
    assert await asyncio.to_thread(migrations.drift, database.url) == []


async def test_up_down_and_up_again_with_rows_in_every_table(unmigrated: Database) -> None:
    url = unmigrated.url
    assert migrations.upgrade(url)
    await plant(unmigrated)
    await unmigrated.close()

    migrations.downgrade(url, "base")
    assert tables(url) <= {"alembic_version"}
    assert migrations.upgrade(url)

    assert migrations.drift(url) == []
    await plant(unmigrated)


async def test_rows_survive_a_migration_and_its_way_back(database: Database, future: str) -> None:
    await plant(database)
    before = await contents(database)
    await database.close()
    revision = scalar(database.url, "SELECT version_num FROM alembic_version")

    assert migrations.upgrade(database.url)
    assert scalar(database.url, "SELECT colour FROM undos") == "red"
    assert scalar(database.url, "SELECT version_num FROM alembic_version") == future
    migrations.downgrade(database.url, str(revision))

    assert await contents(database) == before


async def test_numbers_of_integrations_are_not_given_again_after_the_migration(database: Database) -> None:
    await plant(database)
    async with database.engine.begin() as connection:
        change = text("UPDATE saved_views SET version = 1, filter = :kept")
        await connection.execute(change, {"kept": '{"integration": [40, "none"]}'})
    before = await contents(database)
    await database.close()

    migrations.downgrade(database.url, "0014_filtered_queue")
    assert migrations.upgrade(database.url)

    assert await contents(database) == before
    assert migrations.drift(database.url) == []
    if database.url.get_backend_name() == "sqlite":
        assert scalar(database.url, "SELECT seq FROM sqlite_sequence WHERE name = 'integrations'") == 40
        assert "AUTOINCREMENT" in str(scalar(database.url, "SELECT sql FROM sqlite_master WHERE name = 'integrations'"))


async def test_an_older_backup_is_brought_to_the_newest_revision(
    database: Database, tmp_path: Path, new_database: NewDatabase, kind: str, request: pytest.FixtureRequest
) -> None:
    await plant(database)
    backup(database.url, tmp_path / "old.zip", now=START)
    future = request.getfixturevalue("future")
    url = new_database(kind)

    restore(tmp_path / "old.zip", url)

    assert scalar(url, "SELECT version_num FROM alembic_version") == future
    assert scalar(url, "SELECT colour FROM undos") == "red"


def test_an_upgraded_database_has_nothing_to_do(kind: str, new_database: NewDatabase) -> None:
    url = new_database(kind)

    assert migrations.upgrade(url)
    assert not migrations.upgrade(url)
    assert migrations.at_head(url)


def test_several_processes_may_upgrade_at_once(kind: str, new_database: NewDatabase) -> None:
    url = new_database(kind)
    program = (
        "import sys; from sqlalchemy import make_url; from app.core import migrations;"
        "sys.stdin.readline(); migrations.upgrade(make_url(sys.argv[1]))"
    )
    command = [sys.executable, "-W", "error", "-c", program, url.render_as_string(hide_password=False)]
    started = [
        subprocess.Popen(command, cwd=PROJECT_ROOT, text=True, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    ended = [process.communicate("now\n", timeout=60)[1] for process in started]

    assert [(process.returncode, said) for process, said in zip(started, ended, strict=True)] == [(0, "")] * 3
    assert migrations.drift(url) == []


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(database: Database) -> None:
    async with database.writing() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999_colours'"))
    await database.close()
    try:
        for refused in (
            lambda: migrations.upgrade(database.url),
            lambda: migrations.downgrade(database.url, "base"),
            lambda: migrations.at_head(database.url),
        ):
            with pytest.raises(Conflict, match=r"newer version of Watchfloor.*9999_colours"):
                refused()
        assert "tasks" in tables(database.url)
    finally:
        async with database.writing() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": migrations.head()})


@pytest.mark.parametrize("way", [migrations.upgrade, migrations.downgrade])
def test_a_revision_that_is_not_there_is_refused_with_those_that_are(way: object, new_database: NewDatabase) -> None:
    url = new_database("sqlite")
    migrations.upgrade(url)

    assert callable(way)
    with pytest.raises(Conflict, match=f"no such revision.*{migrations.head()}"):
        way(url, "nonsense")


def test_nobody_else_reads_a_new_sqlite_file_nor_what_lies_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "board.db"
    tmp_path.chmod(0o755)

    before = os.umask(0o022)
    try:
        migrations.upgrade(make_url(f"sqlite:///{file}"))
        engine = create_engine(f"sqlite:///{file}")
        with engine.begin() as connection:
            connection.execute(text("PRAGMA journal_mode=wal"))
            connection.execute(text("CREATE TABLE more (id integer)"))
            modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
        engine.dispose()
    finally:
        os.umask(before)

    assert modes.keys() >= {"board.db", "board.db-wal"}
    assert set(modes.values()) == {0o600}


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "new.db"

    assert migrations.upgrade(URL.create("sqlite+aiosqlite", database=str(path)))
    assert path.is_file()


async def test_every_check_of_the_models_is_in_the_database(database: Database) -> None:
    """Alembic's own comparison leaves checks out."""
    async with database.engine.connect() as connection:
        found = await connection.run_sync(lambda sync: inspect(sync).get_multi_check_constraints())
    present = {check["name"] for checks in found.values() for check in checks}
    expected = {
        constraint.name
        for table in Base.metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }

    assert expected
    assert present == expected


@pytest.mark.parametrize("path", sorted((FOLDER / "versions").glob("*.py")), ids=lambda path: path.stem)
def test_every_migration_says_what_it_does_and_goes_both_ways(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert ast.get_docstring(tree)
    assert {"upgrade", "downgrade"} <= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
