"""`watchfloor db`: what people type, what they read, and the exit codes: 0 done, 1 failed, 2 usage."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from typer.testing import CliRunner, Result

from app.cli import db
from app.core import migrations
from app.core.database import Database
from app.settings import PROJECT_ROOT
from tests.conftest import NewDatabase
from tests.core.sample_rows import Rows, contents, plant

pytestmark = pytest.mark.usefixtures("settings")  # of nobody's machine


def run(*arguments: str | Path, url: str | URL | None = None) -> Result:
    given = url.render_as_string(hide_password=False) if isinstance(url, URL) else url
    return CliRunner().invoke(db.cli, [str(each) for each in arguments], env={"DATABASE_URL": given} if given else None)


async def _planted(url: URL, statement: str = "") -> Rows:
    database = Database(url.render_as_string(hide_password=False))
    await plant(database)
    if statement:
        async with database.writing() as session:
            await session.execute(text(statement))
    rows = await contents(database)
    await database.close()
    return rows


async def _rows(url: URL) -> Rows:
    database = Database(url.render_as_string(hide_password=False))
    rows = await contents(database)
    await database.close()
    return rows


@pytest.fixture
def url(kind: str, new_database: NewDatabase) -> URL:
    """A migrated database."""
    made = new_database(kind)
    migrations.upgrade(made)
    return made


def test_from_nothing_to_a_sound_database(kind: str, new_database: NewDatabase) -> None:
    url = new_database(kind)

    first, second, checked = run("upgrade", url=url), run("upgrade", url=url), run("check", url=url)

    assert first.stdout == f"Upgraded at {migrations.head()}.\n"
    assert second.stdout == f"Nothing to do: already at {migrations.head()}.\n"
    assert checked.stdout.endswith(": everything is in order.\n")
    assert [first.exit_code, second.exit_code, checked.exit_code] == [0, 0, 0]


def test_a_backup_of_one_kind_is_restored_into_the_other(
    kind: str, url: URL, new_database: NewDatabase, tmp_path: Path
) -> None:
    rows = asyncio.run(_planted(url))
    other = new_database("postgres" if kind == "sqlite" else "sqlite")
    archive = tmp_path / "moving house.zip"

    written = run("backup", archive, url=url)
    read = run("restore", archive, url=other)

    assert (written.exit_code, read.exit_code) == (0, 0)
    count = sum(len(each) for each in rows.values())
    assert written.stdout == f"Backed up {count} rows of {len(rows)} tables to {archive} ({migrations.head()}).\n"
    assert read.stdout == f"Restored {count} rows of {len(rows)} tables from {archive} ({migrations.head()}).\n"
    assert without_own_entry(asyncio.run(_rows(other)), rows) == rows


def without_own_entry(found: Rows, before: Rows) -> Rows:
    """What a restore brought, without the entry that tells of it."""
    return {**found, "audit_entries": found["audit_entries"][: len(before["audit_entries"])]}


def test_a_backup_goes_into_the_data_folder_where_no_other_is_named(
    url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.settings.DATA_FOLDER", tmp_path / ".data")

    report = json.loads(run("backup", "--json", url=url).stdout)

    (file,) = (tmp_path / ".data" / "backups").iterdir()
    assert file.match("watchfloor-*T*Z.zip")
    assert report["archive"] == str(file)
    assert report["revision"] == migrations.head()
    assert report["rows"]["tasks"] == 0


def test_damage_is_shown_with_what_to_do_about_it(url: URL) -> None:
    asyncio.run(_planted(url, "UPDATE sync_runs SET read = 7"))

    for_people, for_programs = run("check", url=url), run("check", "--json", url=url)

    assert (for_people.exit_code, for_programs.exit_code) == (1, 1)
    assert "sync_runs.read" in for_people.stdout
    report = json.loads(for_programs.stdout)
    assert report["ok"] is False
    assert [(finding["where"], finding["count"]) for finding in report["findings"]] == [("sync_runs.read", 1)]
    assert all(finding["what"] and finding["advice"] for finding in report["findings"])


def test_going_back_is_done_only_when_it_is_meant(url: URL) -> None:
    rows = asyncio.run(_planted(url))

    refused = run("downgrade", "base", url=url)
    kept = asyncio.run(_rows(url))
    done = run("downgrade", "base", "--yes", url=url)

    assert (refused.exit_code, "--yes" in refused.stderr, kept == rows) == (2, True, True)
    assert done.exit_code == 0
    assert done.stdout.startswith("Now at base.\nThe audit trail went with it; its last entry was 3:")


def test_a_database_without_tables_is_told_the_way(url: URL) -> None:
    run("downgrade", "base", "--yes", url=url)

    result = run("check", "--json", url=url)

    assert result.exit_code == 1
    assert [finding["advice"] for finding in json.loads(result.stdout)["findings"]] == ["Run: watchfloor db upgrade"]


NOWHERE = "postgresql://ann:hunter2@127.0.0.1:1/watchfloor"


@pytest.mark.parametrize(
    ("arguments", "database", "said"),
    [
        ("upgrade", NOWHERE, "watchfloor on 127.0.0.1 does not answer"),
        ("check", NOWHERE, "watchfloor on 127.0.0.1 does not answer"),
        ("backup {tmp}/new.zip", NOWHERE, "watchfloor on 127.0.0.1 does not answer"),
        ("check", "sqlite:///{tmp}/none.db", "there is no database"),
        ("backup {tmp}/new.zip", "sqlite:///{tmp}/none.db", "there is no database"),
        ("upgrade", "sqlite:///{tmp}", "can't be opened"),
        ("check", "sqlite:///{tmp}/letter", "is a file of another kind"),
        ("upgrade", "sqlite:///{tmp}/letter", "is a file of another kind"),
        ("upgrade", "sqlite:///{tmp}/letter/deeper/new.db", "can't be used"),
        ("backup {tmp}/letter", "sqlite:///{tmp}/good.db", "exists already"),
        ("backup {tmp}/letter/new.zip", "sqlite:///{tmp}/good.db", "can't be used"),
        ("restore {tmp}/letter", "sqlite:///{tmp}/new.db", "is not a backup"),
        ("restore {tmp}/none.zip", "sqlite:///{tmp}/new.db", "No such file"),
        ("restore {tmp}", "sqlite:///{tmp}/new.db", "Is a directory"),
        ("downgrade nonsense --yes", "sqlite:///{tmp}/good.db", "no such revision"),
        ("upgrade", "mysql://127.0.0.1/x", "DATABASE_URL"),
    ],
)
def test_what_goes_wrong_is_told_in_a_sentence(arguments: str, database: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear Ann, " * 500)
    migrations.upgrade(URL.create("sqlite", database=str(tmp_path / "good.db")))

    result = run(*arguments.format(tmp=tmp_path).split(), url=database.format(tmp=tmp_path))

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("watchfloor: ")
    assert said in result.stderr
    assert "hunter2" not in result.stderr
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("arguments", ["nonsense", "upgrade --nonsense", "downgrade", "restore"])
def test_wrong_usage_is_told_apart_from_failure(arguments: str) -> None:
    assert run(*arguments.split()).exit_code == 2


COMMAND = re.compile(r"^ {4}(?:DATABASE_URL=(\S+) )?watchfloor db (.+)$", re.MULTILINE)


def test_the_commands_of_the_documentation_work_as_written(
    new_database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their order, each part of the page on a database of its own; the server and the folders are the test's."""
    monkeypatch.setattr("app.settings.DATA_FOLDER", tmp_path / ".data")
    server = new_database("postgres")
    page = (PROJECT_ROOT / "docs" / "database.md").read_text(encoding="utf-8")
    page = page.replace("/tmp/", f"{tmp_path}/")  # noqa: S108 - as people write it
    ran = 0

    for part in page.split("\n## "):
        here = new_database("sqlite")
        migrations.upgrade(here)
        for elsewhere, command in COMMAND.findall(part):
            result = run(*command.split(), url=server if elsewhere else here)
            assert result.exit_code == 0, (command, result.output)
            ran += 1

    assert ran == 10


def test_what_is_done_to_the_whole_database_is_entered_in_the_trail(
    url: URL, kind: str, new_database: NewDatabase, tmp_path: Path
) -> None:
    asyncio.run(_planted(url))
    archive, target = tmp_path / "a.zip", new_database(kind)
    run("backup", archive, url=url)

    run("restore", archive, url=target)
    back = run("downgrade", "0011_two_way", "--yes", url=target)
    run("upgrade", url=target)

    [upgraded] = asyncio.run(_rows(target))["audit_entries"]
    assert "database_upgraded" in upgraded
    assert re.search(r"The audit trail went with it; its last entry was 4:[0-9a-f]{64}\.", back.stdout)


def test_a_restored_trail_says_so(url: URL, kind: str, new_database: NewDatabase, tmp_path: Path) -> None:
    asyncio.run(_planted(url))
    archive, target = tmp_path / "a.zip", new_database(kind)
    run("backup", archive, url=url)

    assert run("restore", archive, url=target).exit_code == 0

    before, after = asyncio.run(_rows(url))["audit_entries"], asyncio.run(_rows(target))["audit_entries"]
    assert after[: len(before)] == before
    assert "database_restored" in after[-1]
    assert run("check", url=target).exit_code == 0
