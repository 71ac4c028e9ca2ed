"""Writing many rows with one statement: insert-or-update, and update by id, in the dialect of the database at hand."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Select, Table, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncResult, AsyncSession

from app.core.database import Base

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row of a query whose columns are known to the reader, if not to the type checker."""


@asynccontextmanager
async def streamed(session: AsyncSession, query: Select[Any], *, at_once: int) -> AsyncIterator[AsyncResult[Any]]:
    """Rows of a query that are not all in memory at one time; closed at the end, also where the reader fails."""
    result = await session.stream(query.execution_options(yield_per=at_once))
    try:
        yield result
    finally:
        await result.close()


async def insert_rows(session: AsyncSession, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert `rows`, all of the same columns, into a table whose only key is its `id`. Returns the ids, in order.

    The ids are taken first, and the rows go in with one call: asked to return the ids of many rows in their order,
    SQLite would get one statement for each row. On SQLite the transaction must be a writing one, as always.
    """
    if not rows:
        return []
    connection = await session.connection()
    table = cast(Table, model.__table__)
    if connection.dialect.name == "postgresql":
        name = func.pg_get_serial_sequence(table.name, "id")
        query = select(func.nextval(name)).select_from(func.generate_series(1, len(rows)))
        ids = list((await connection.execute(query)).scalars())
    else:
        highest = (await connection.execute(select(func.max(table.c.id)))).scalar_one() or 0
        ids = list(range(highest + 1, highest + 1 + len(rows)))
    numbered = [{**row, "id": number} for row, number in zip(rows, ids, strict=True)]
    await connection.execute(insert(table), numbered)
    return ids


async def upsert(
    session: AsyncSession,
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    overwrite: bool = True,
) -> None:
    """Insert `rows`, all of the same columns; where `key` exists already, overwrite the others or leave them."""
    if not rows:
        return
    connection = await session.connection()
    overwritten = tuple(name for name in rows[0] if name not in key) if overwrite else ()
    statement = _upserting(connection.dialect.name, cast(Table, model.__table__), tuple(key), overwritten)
    await connection.execute(statement, [dict(row) for row in rows])


@lru_cache(maxsize=256)
def _upserting(dialect: str, table: Table, key: tuple[str, ...], overwritten: tuple[str, ...]) -> Any:
    # Kept, as are those that update: building a statement of thirty columns takes longer than carrying it out.
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    if not overwritten:
        return statement.on_conflict_do_nothing(index_elements=list(key))
    others = {name: statement.excluded[name] for name in overwritten}
    return statement.on_conflict_do_update(index_elements=list(key), set_=others)


async def update_rows(
    session: AsyncSession,
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    unless_changed: str | None = None,
) -> None:
    """Update each row by its `id`; all rows name the same columns.

    With `unless_changed`, a column that holds whole numbers, a row is left alone where the stored number is no longer
    the one given under `b_<column>`: compare-and-set.
    """
    if not rows:
        return
    columns = tuple(name for name in rows[0] if name != "id" and not name.startswith("b_"))
    statement = _updating(cast(Table, model.__table__), columns, unless_changed)
    given = [{"b_id" if name == "id" else name: value for name, value in row.items()} for row in rows]
    await (await session.connection()).execute(statement, given)


@lru_cache(maxsize=256)
def _updating(table: Table, columns: tuple[str, ...], unless_changed: str | None) -> Any:
    statement = update(table).where(table.c.id == bindparam("b_id"))
    if unless_changed:
        statement = statement.where(table.c[unless_changed] == bindparam(f"b_{unless_changed}"))
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    return statement.values(values)
