"""What all tests share: migrated databases of both kinds, a clock to set, settings of nobody's machine, the real data.

`database` runs a test twice, on SQLite and on Postgres; `sqlite_database` once, where the database does not matter.
Tests of migrations and restores start from nothing: `new_database` makes empty databases of both kinds.
Postgres is the server of TEST_DATABASE_URL, or the one at 127.0.0.1:5432; set but empty, it means none.
"""

import os
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url

from app.core import migrations
from app.core.database import Database
from app.settings import PROJECT_ROOT, Settings

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning."""

KINDS = ("sqlite", "postgres")
POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
IN_CI = os.environ.get("CI", "") in ("true", "1")

QUICK: dict[str, Any] = {
    "retry_first_s": 0.01,
    "retry_most_s": 0.02,
    "breaker_rest_s": 0.02,
    "background_budget_s": 10.0,
}
"""Settings by which calls of services that are away end soon: by the number of retries, and not by a budget that a busy
machine uses up before the service could answer."""

NewDatabase = Callable[[str], URL]
"""Makes an empty database of the given kind; for SQLite, the path of a file that isn't there yet."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests measured by the way, one line each: `record_property("figure", …)`."""
    figures = [
        str(words)
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, words in report.user_properties
        if name == "figure"
    ]
    for words in sorted(figures):
        terminalreporter.write_line(f"FIGURE {words}")


class SettableClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta | None = None, **parts: float) -> datetime:
        """Moves on by a timedelta, or by its parts: `clock.advance(hours=2)`. Returns the new time."""
        self.now += by or timedelta(**parts)
        return self.now


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """The defaults, whatever this machine's environment and .env say; the database is an own file."""
    for name in list(os.environ):
        if name.lower() in Settings.model_fields:
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'watchfloor.db'}")
    return Settings(_env_file=None)


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real data sets, which are no part of the repository."""
    folder = Path(os.environ.get("WATCHFLOOR_DATA") or PROJECT_ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("the real data sets are not here: WATCHFLOOR_DATA names no folder, and ../shared/data is absent")
    return folder


class PostgresServer:
    """Makes databases for one test process and drops them at its end."""

    def __init__(self, url: URL, worker: str) -> None:
        self._url = url
        self._worker = worker
        self._made: list[str] = []
        self._free: list[URL] = []

    def execute(self, statement: sql.SQL | sql.Composed, url: URL | None = None) -> None:
        parameters = (url or self._url).translate_connect_args(username="user", database="dbname")
        with psycopg.connect(**parameters, autocommit=True, connect_timeout=1) as connection:
            connection.execute(statement)

    def lend(self) -> URL:
        """An empty database. To be given back: making and dropping one takes a second, emptying it a twentieth."""
        return self._free.pop() if self._free else self.create()

    def take_back(self, url: URL) -> None:
        self.execute(sql.SQL("DROP SCHEMA public CASCADE; CREATE SCHEMA public"), url)
        self._free.append(url)

    def create(self) -> URL:
        name = f"watchfloor_test_{self._worker}_{secrets.token_hex(4)}"
        made = sql.Identifier(name)
        self.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(made))
        self._made.append(name)
        self.execute(
            sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(made)
        )  # not worth a disk's patience
        return self._url.set(database=name)

    def drop_all(self) -> None:
        for name in self._made:
            self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def postgres_server(worker_id: str) -> Iterator[PostgresServer]:
    given = os.environ.get("TEST_DATABASE_URL", POSTGRES)
    if not given:
        _without_postgres("TEST_DATABASE_URL is empty")
    url = make_url(given).set(drivername="postgresql+psycopg")
    server = PostgresServer(url if url.database else url.set(database="postgres"), worker_id)
    try:
        server.execute(sql.SQL("SELECT 1"))
    except psycopg.OperationalError:
        _without_postgres(f"none answers at {url.host}:{url.port or 5432}")
    yield server
    server.drop_all()


def _without_postgres(why: str) -> None:
    """Ends the test: in CI nothing may go untested for want of a server."""
    reason = f"no Postgres: {why}"
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewDatabase]:
    lent: list[tuple[PostgresServer, URL]] = []

    def make(kind: str) -> URL:
        if kind == "sqlite":
            return URL.create("sqlite+aiosqlite", database=str(tmp_path / f"{secrets.token_hex(4)}.db"))
        server: PostgresServer = request.getfixturevalue("postgres_server")
        lent.append((server, server.lend()))
        return lent[-1][1]

    yield make
    for server, url in lent:
        server.take_back(url)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Runs a test for both kinds of database."""
    return str(request.param)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file. Copying it takes a millisecond, migrating half a second."""
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    migrations.upgrade(URL.create("sqlite+aiosqlite", database=str(path)))
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer) -> URL:
    url = postgres_server.create()
    migrations.upgrade(url)
    return url


@pytest.fixture
async def sqlite_database(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    path = tmp_path / "watchfloor.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite+aiosqlite:///{path}")
    yield database
    await database.close()


@pytest.fixture
async def postgres_database(migrated_postgres: URL) -> AsyncIterator[Database]:
    database = Database(migrated_postgres.render_as_string(hide_password=False))
    await _empty(database)
    yield database
    await database.close()


# Deleting takes 10 ms, TRUNCATE of so many small tables 300. Every foreign key cascades or sets NULL: any order does.
_EMPTY = """
DO $$ DECLARE name regclass; BEGIN
  ALTER TABLE audit_entries DISABLE TRIGGER USER;
  FOR name IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' LOOP
    IF name <> 'alembic_version'::regclass THEN EXECUTE format('DELETE FROM %s', name); END IF;
  END LOOP;
  FOR name IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S' LOOP
    PERFORM setval(name, 1, false);
  END LOOP;
  ALTER TABLE audit_entries ENABLE TRIGGER USER;
END $$
"""


async def _empty(database: Database) -> None:
    async with database.writing() as session:
        await session.execute(text(_EMPTY))


@pytest.fixture
def database(kind: str, request: pytest.FixtureRequest) -> Any:
    """A migrated, empty `app.core.database.Database`, closed at the end of the test."""
    return request.getfixturevalue(f"{kind}_database")
