"""Throw-away databases, SQLite and Postgres: migrated, and gone at the end."""

import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Table
from sqlalchemy.engine import URL, make_url

from app.core import migrations

_POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"


class NoServer(Exception):
    """There is no Postgres here. The message is a sentence for people."""


@dataclass(slots=True)
class Makers:
    """Makes migrated databases of one kind."""

    kind: str
    folder: Path
    _server: URL | None = None
    _made: list[str] = field(default_factory=list)
    _template: Path | None = None

    def new(self) -> URL:
        return self._new_sqlite() if self.kind == "sqlite" else self._new_postgres()

    def drop(self, url: URL) -> None:
        """Give its room back before the end."""
        if url.get_backend_name() == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path(f"{url.database}{suffix}").unlink(missing_ok=True)
        elif url.database:
            self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(url.database)))
            self._made.remove(url.database)

    def drop_all(self) -> None:
        for name in list(self._made):
            self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _new_sqlite(self) -> URL:
        if self._template is None:
            self._template = self.folder / "template.db"
            migrations.upgrade(URL.create("sqlite+aiosqlite", database=str(self._template)))
        path = self.folder / f"{secrets.token_hex(4)}.db"
        shutil.copyfile(self._template, path)
        return URL.create("sqlite+aiosqlite", database=str(path))

    def _new_postgres(self) -> URL:
        if self._server is None:
            self._server = _server()
        name = f"watchfloor_bench_{secrets.token_hex(4)}"
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
        self._made.append(name)
        url = self._server.set(database=name)
        migrations.upgrade(url)
        return url

    def _execute(self, statement: sql.Composed) -> None:
        if self._server is None:
            raise AssertionError("a server was found before its databases are made or dropped")
        with psycopg.connect(autocommit=True, **_parts(self._server)) as connection:
            connection.execute(statement)


@contextmanager
def makers(kind: str, folder: Path) -> Iterator[Makers]:
    """Raises NoServer where Postgres is asked for and none answers."""
    made = Makers(kind, folder, _server() if kind == "postgres" else None)
    try:
        yield made
    finally:
        made.drop_all()


def _server() -> URL:
    given = os.environ.get("TEST_DATABASE_URL", _POSTGRES)
    if not given:
        raise NoServer("TEST_DATABASE_URL is empty")
    url = make_url(given).set(drivername="postgresql+psycopg")
    url = url if url.database else url.set(database="postgres")
    try:
        psycopg.connect(connect_timeout=3, **_parts(url)).close()
    except psycopg.OperationalError as error:
        raise NoServer(f"none answers at {url.host}:{url.port or 5432}") from error
    return url


def _parts(url: URL) -> dict[str, Any]:
    return url.translate_connect_args(username="user", database="dbname")


def text_of(url: URL) -> str:
    """With its password, for a process that is started."""
    return url.render_as_string(hide_password=False)


def connect(url: URL) -> Any:
    """The bare driver, set as app.core.database sets it: sqlite3 or psycopg, both without transactions of their own."""
    if url.get_backend_name() != "sqlite":
        return psycopg.connect(autocommit=True, **_parts(url))
    connection = sqlite3.connect(str(url.database), isolation_level=None)
    for pragma in (
        "busy_timeout = 15000",
        "journal_mode = WAL",
        "foreign_keys = ON",
        "synchronous = NORMAL",
        "temp_store = MEMORY",
        "cache_size = -16000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def columns_of(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def inserting(url: URL, table: str, columns: list[str]) -> str:
    mark = "?" if url.get_backend_name() == "sqlite" else "%s"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"
