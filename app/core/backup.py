"""Backups of a database in use, and restoring them into an empty one, of the same or the other kind.

A backup reads one snapshot while others go on writing. It is logical: rows, not pages, so that SQLite and Postgres
share one format and either can be restored into either. What triggers and generated columns make is left out.
The tables are read from the database itself, not from the models: an old backup is loaded into the tables of its own
revision, and then migrated. Source: docs/decisions/0004-backups.md.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    cast,
    create_engine,
    event,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import SQLAlchemyError

from app.core import migrations
from app.core.archive import Kind, Manifest, Part, Reader, Row, Writer
from app.core.errors import Conflict, Malformed

OnTable = Callable[[str], None]
"""Told the name of each table before its rows are read or written."""

_BATCH = 200  # rows at a time: some hold a whole mail
_REVISIONS = "alembic_version"
_KINDS: tuple[tuple[type[Any], Kind], ...] = (
    (Boolean, Kind.BOOLEAN),
    (Integer, Kind.INTEGER),
    (Float, Kind.REAL),
    (DateTime, Kind.INSTANT),
    (JSON, Kind.JSON),
    (String, Kind.TEXT),
    (LargeBinary, Kind.BYTES),
)


def backup(url: URL, target: Path, *, now: datetime, on_table: OnTable = lambda _name: None) -> Manifest:
    """Write all rows to a new file, readable by its owner only. Others may write to the database meanwhile.

    Raises Conflict where `target` exists or the database has no tables of ours, OSError where it can't be written,
    SQLAlchemyError where the database fails.
    """
    url = migrations.sync_url(url)
    kind = url.get_backend_name()
    if kind == "sqlite" and not Path(url.database or "").is_file():
        raise Conflict(f"There is no database at {url.database} yet.")
    with _snapshot(url) as connection:
        revision = migrations.current(connection)
        if revision is None:
            raise Conflict("The database is empty: there is nothing to back up.")
        with Writer(target) as writer:
            for table in _tables(connection):
                on_table(table.name)
                columns = {column.name: _kind(column) for column in _stored(table)}
                writer.table(table.name, columns, _read(connection, table))
            return writer.finish(revision=revision, kind=kind, now=now)


def restore(archive: Path, url: URL, *, on_table: OnTable = lambda _name: None) -> Manifest:
    """Load an archive into an empty database, then bring its tables to the newest revision.

    Raises Malformed for what is no archive or a damaged one, Conflict for one from a newer program, for a database that
    holds rows, and for rows it can't hold; SQLAlchemyError where the database fails. In each case no row is written.
    """
    url = migrations.sync_url(url)
    with Reader(archive) as found:
        found.verify()
        migrations.check_known(found.manifest.revision)
        _make_tables(url, found.manifest.revision)
        with _load(url) as connection:
            _fill(connection, found, on_table)
        migrations.upgrade(url)
        return found.manifest


@contextmanager
def _snapshot(url: URL) -> Iterator[Connection]:
    """A read-only transaction that sees one moment of the whole database."""
    postgres = url.get_backend_name() == "postgresql"
    engine = create_engine(url, hide_parameters=True, **({"isolation_level": "REPEATABLE READ"} if postgres else {}))
    if not postgres:
        _begin_with(engine, "BEGIN")
    try:
        if postgres:
            with engine.connect() as connection:
                names = _table_names(connection)
        with engine.connect().execution_options(postgresql_readonly=True) as connection:
            if postgres and names:
                # Before the snapshot is taken, so that no migration changes a table between it and our reading.
                quoted = ", ".join(connection.dialect.identifier_preparer.quote(name) for name in names)
                connection.exec_driver_sql(f"LOCK TABLE {quoted} IN ACCESS SHARE MODE")
            yield connection
    finally:
        engine.dispose()


def _begin_with(engine: Any, statement: str) -> None:
    """Let SQLAlchemy begin transactions: SQLite's driver begins none for reading, and none that is IMMEDIATE."""
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(statement))


def _table_names(connection: Connection) -> list[str]:
    """Names of all tables, save those in which SQLite keeps its full-text index."""
    names = inspect(connection).get_table_names()
    if connection.dialect.name == "sqlite":
        virtual = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
        indexes = tuple(connection.execute(text(virtual)).scalars())
        names = [name for name in names if not any(name == index or name.startswith(f"{index}_") for index in indexes)]
    return [name for name in names if name != _REVISIONS]


def _tables(connection: Connection) -> list[Table]:
    """The tables as they are in the database, each after those it refers to."""
    metadata = MetaData()
    metadata.reflect(connection, only=_table_names(connection))
    return metadata.sorted_tables


def _stored(table: Table) -> list[Column[Any]]:
    """The columns that hold something of their own."""
    return [column for column in table.columns if column.computed is None]


def _kind(column: Column[Any]) -> Kind:
    for type_, kind in _KINDS:
        if isinstance(column.type, type_):
            return kind
    raise NotImplementedError(f"backups know no column like {column.table.name}.{column.name}, {column.type!r}")


def _read(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    """All rows, in the order of the primary key. JSON comes as its text: nothing in it can change on the way."""
    columns = [cast(column, Text) if _kind(column) is Kind.JSON else column for column in _stored(table)]
    query = select(*columns).order_by(*table.primary_key.columns)
    yield from connection.execute(query, execution_options={"yield_per": _BATCH})


def _make_tables(url: URL, revision: str) -> None:
    """Give an empty database the tables of `revision`."""
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        present = None
    else:
        engine = create_engine(url, hide_parameters=True)
        try:
            with engine.connect() as connection:
                _refuse_rows(connection)
                present = migrations.current(connection)
        finally:
            engine.dispose()
    if present not in (None, revision):
        migrations.downgrade(url, "base")
    migrations.upgrade(url, revision)


def _refuse_rows(connection: Connection) -> None:
    """Raises Conflict unless all tables are empty, whoever they belong to."""
    quote = connection.dialect.identifier_preparer.quote
    for name in _table_names(connection):
        if connection.exec_driver_sql(f"SELECT 1 FROM {quote(name)} LIMIT 1").first():  # noqa: S608 - its own name, quoted
            raise Conflict(
                f"The database is not empty: {name} holds rows. A backup is restored only into an empty one."
            )


@contextmanager
def _load(url: URL) -> Iterator[Connection]:
    """One transaction for all rows; Conflict where the database refuses them at its end."""
    engine = create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = ON"))
        _begin_with(engine, "BEGIN IMMEDIATE")
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            yield connection
            with _refused("Some rows refer to others that are not in the archive"):
                connection.commit()
    finally:
        engine.dispose()


@contextmanager
def _refused(what: str) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, psycopg.Error, sqlite3.Error) as error:  # rows go straight through the drivers
        raise Conflict(f"{what}, so nothing was restored.") from error


def _fill(connection: Connection, archive: Reader, on_table: OnTable) -> None:
    _refuse_rows(connection)
    tables = {table.name: table for table in _tables(connection)}
    parts = {part.table: part for part in archive.manifest.tables}
    if {name: {c.name for c in _stored(table)} for name, table in tables.items()} != {
        name: set(part.columns) for name, part in parts.items()
    }:
        raise Malformed("The archive's tables are not those of its revision. Nothing was restored.")
    for name, table in tables.items():
        on_table(name)
        with _refused(
            f"The database can't hold the archive's rows of {name}: a text may be too long for its column there"
        ):
            _write(connection, table, parts[name], archive.rows(parts[name]))
            count = connection.execute(select(func.count()).select_from(table)).scalar_one()
        if count != parts[name].rows:
            raise Conflict(f"Of {parts[name].rows} rows of {name}, {count} arrived, so nothing was restored.")


def _write(connection: Connection, table: Table, part: Part, rows: Iterator[Row]) -> None:
    if connection.dialect.name == "sqlite":
        _insert(connection, table, part, rows)
        return
    _copy(connection, table, part, rows)
    column = table.autoincrement_column
    if column is not None and part.rows:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        connection.execute(select(func.setval(sequence, select(func.max(column)).scalar_subquery())))


def _insert(connection: Connection, table: Table, part: Part, rows: Iterator[Row]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in part.columns)
    marks = ", ".join("?" for _ in part.columns)
    statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"  # noqa: S608 - names the database gave
    driver: Any = connection.connection.driver_connection
    driver.executemany(statement, (tuple(_for_sqlite(value) for value in row) for row in rows))


def _for_sqlite(value: Any) -> Any:
    """Instants as SQLAlchemy writes them: UTC, with microseconds, so that they sort as text."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "microseconds")
    return value


def _copy(connection: Connection, table: Table, part: Part, rows: Iterator[Row]) -> None:
    """One COPY a table: foreign keys are checked at its end, so rows may refer to later ones of the same table."""
    names = sql.SQL(", ").join(sql.Identifier(name) for name in part.columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
