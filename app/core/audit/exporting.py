"""Writing the whole trail out, one entry a line, so that anybody can verify it without this program."""

import json
from collections.abc import AsyncIterator

from sqlalchemy import select

from app.core.audit.chain import written
from app.core.audit.models import AuditEntry
from app.core.database import Database

_AT_ONCE = 500


async def lines(database: Database) -> AsyncIterator[str]:
    """Each kept entry as a line of JSON, the oldest first: what is hashed, and `previous` and `hash` beside it."""
    after = 0
    while True:
        query = select(*AuditEntry.__table__.columns).where(AuditEntry.id > after).order_by(AuditEntry.id)
        async with database.reading() as session:
            found = (await session.execute(query.limit(_AT_ONCE))).mappings().all()
        for row in found:
            yield json.dumps({**written(dict(row)), "previous": row["previous"], "hash": row["hash"]})
        if len(found) < _AT_ONCE:
            return
        after = found[-1]["id"]
