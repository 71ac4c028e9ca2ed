"""Looking for damage in a database: in the file, the schema, the references between rows, and in what must always hold.

What must hold of the words of a domain is handed in as invariants; this module knows no table by name. A sound database
has no findings. On SQLite, checking the full-text indexes takes the write lock for a moment.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CheckConstraint, Select, column, exists, func, inspect, select, table
from sqlalchemy.engine import Connection, Inspector
from sqlalchemy.exc import DatabaseError

from app.core import migrations
from app.core.database import Base, Database

_RESTORE = "Stop the program, keep a copy of the database as it is, and restore the last good backup."
_BEYOND_CHECKING = "The file is damaged so badly that it can't be checked."
_ASK = "Make a backup, then restore the last good one, or report it as a defect with this output."


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong. `where` is a table, a column or the database; `count` is in rows, or in places."""

    what: str
    where: str
    count: int
    advice: str


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that must hold of every row, and the query that finds those of which it doesn't."""

    what: str
    where: str
    violations: Select[Any]
    advice: str


async def check(database: Database, invariants: Iterable[Invariant] = ()) -> list[Finding]:
    """All that is wrong, the worst first; an empty list for a sound database.

    Raises SQLAlchemyError where the database does not answer at all, Conflict for one that a newer program made.
    """
    try:
        async with database.engine.connect() as connection:
            found = await connection.run_sync(lambda sync: list(_file(sync)))
    except DatabaseError as error:
        if getattr(error.orig, "sqlite_errorname", "") != "SQLITE_CORRUPT":
            raise
        found = [Finding(f"SQLite: {_BEYOND_CHECKING}", "database", 1, _RESTORE)]  # it can't even be opened
    if found:
        return found  # what a torn file says of its rows means nothing
    async with database.engine.execution_options(immediate=True).connect() as connection:
        found = await connection.run_sync(lambda sync: list(_full_text(sync)))
    async with database.engine.connect() as connection:
        found += await connection.run_sync(lambda sync: [*_references(sync), *_checks(sync)])
        revision = await connection.run_sync(migrations.current)
        migrations.check_known(revision)
        if revision != migrations.head():
            advice = "Run: watchfloor db upgrade"
            what = f"The tables are at revision {revision or 'none'}, the newest is {migrations.head()}."
            return [*found, Finding(what, "schema", 1, advice)]
        found += await connection.run_sync(lambda sync: list(_broken(sync, invariants)))
    return found + await _drift(database)


def _file(connection: Connection) -> Iterator[Finding]:
    """SQLite's own check. Postgres has none; its checksums are the server's affair."""
    if connection.dialect.name != "sqlite":
        return
    try:
        said = list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())
    except DatabaseError:
        said = [_BEYOND_CHECKING]
    # Checks and full-text indexes are looked at by themselves, with better words.
    said = [line for line in said if line != "ok" and not line.startswith("CHECK") and "FTS5" not in line]
    kinds = Counter(re.sub(r"\d+", "N", line) for line in said)
    for what, count in kinds.items():
        yield Finding(f"SQLite: {what}", "database", count, _RESTORE)


def _full_text(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name != "sqlite":
        return  # Postgres keeps its index by itself
    virtual = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'"
    for name in list(connection.exec_driver_sql(virtual).scalars()):
        try:
            # The rank of 1 compares the index with the table it was made from, too.
            connection.exec_driver_sql(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")  # noqa: S608 - a name from the schema itself
        except DatabaseError:
            advice = f"Rebuild it, with sqlite3: INSERT INTO {name} ({name}) VALUES ('rebuild')"  # noqa: S608 - for people
            yield Finding("The full-text index does not agree with the rows it was made from.", name, 1, advice)


def _references(connection: Connection) -> Iterator[Finding]:
    """Rows that point at a row which isn't there, for every foreign key the database has."""
    for (_schema, name), keys in inspect(connection).get_multi_foreign_keys().items():
        for key in keys:
            count = connection.execute(_dangling(name, key)).scalar_one()
            if count:
                where = f"{name}.{','.join(key['constrained_columns'])}"
                what = f"Rows refer to rows of {key['referred_table']} that are not there."
                yield Finding(what, where, count, _ASK)


def _dangling(name: str, key: Any) -> Any:
    child = table(name, *(column(each) for each in key["constrained_columns"])).alias("child")
    parent = table(key["referred_table"], *(column(each) for each in key["referred_columns"])).alias("parent")
    pairs = list(zip(key["constrained_columns"], key["referred_columns"], strict=True))
    there = exists().where(*(parent.c[theirs] == child.c[ours] for ours, theirs in pairs))
    refers = (child.c[ours].is_not(None) for ours, _ in pairs)
    return select(func.count()).select_from(child).where(*refers, ~there)


def _checks(connection: Connection) -> Iterator[Finding]:
    """Rows that a check of their table would refuse today: it was off, or came later than they did."""
    quote = connection.dialect.identifier_preparer.quote
    for (_schema, name), checks in inspect(connection).get_multi_check_constraints().items():
        for each in checks:
            query = f"SELECT count(*) FROM {quote(name)} WHERE NOT ({each['sqltext']})"  # noqa: S608 - both from the schema
            count = connection.exec_driver_sql(query).scalar_one()
            if count:
                yield Finding("Rows hold values that are not allowed.", f"{name}: {each['name']}", count, _ASK)


def _broken(connection: Connection, invariants: Iterable[Invariant]) -> Iterator[Finding]:
    for each in invariants:
        count = connection.execute(select(func.count()).select_from(each.violations.subquery())).scalar_one()
        if count:
            yield Finding(each.what, each.where, count, each.advice)


async def _drift(database: Database) -> list[Finding]:
    """Where the schema is not what the models say."""
    differences = await asyncio.to_thread(migrations.drift, database.url)
    async with database.engine.connect() as connection:  # drift has brought in every model
        differences += await connection.run_sync(lambda sync: list(_missing_checks(inspect(sync))))
    advice = "Somebody changed the tables by hand. Undo that, or restore a backup into a new database."
    return [
        Finding(f"The tables differ from what the program expects: {each}.", "schema", 1, advice)
        for each in differences
    ]


def _missing_checks(inspector: Inspector) -> Iterator[str]:
    """Alembic compares no checks."""
    present = {each["name"] for checks in inspector.get_multi_check_constraints().values() for each in checks}
    for each in Base.metadata.sorted_tables:
        for constraint in each.constraints:
            if isinstance(constraint, CheckConstraint) and constraint.name not in present:
                yield f"add check {each.name}.{constraint.name}"
