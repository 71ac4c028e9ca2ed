"""Insert-or-update in bulk, in the dialect of the database at hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Base


async def upsert(
    session: AsyncSession,
    table: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    update: bool = True,
) -> None:
    """Insert `rows`; where `key` exists already, overwrite the other columns, or with `update=False` leave them."""
    if not rows:
        return
    connection = await session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    others = {name: statement.excluded[name] for name in rows[0] if name not in key}
    if update and others:
        statement = statement.on_conflict_do_update(index_elements=list(key), set_=others)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(key))
    await connection.execute(statement, [dict(row) for row in rows])
