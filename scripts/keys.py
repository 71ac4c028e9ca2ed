"""API keys for what starts a server here and calls it: benchmarks, soaks, and tests that start processes."""

import asyncio

from sqlalchemy.engine import URL

from app.core.clock import utc_now
from app.core.database import Database
from app.domains.identity import keys
from app.domains.identity.rules import Scope


def admin_key(url: URL | str) -> str:
    """A new key that may do everything, on a database that has its tables."""
    text = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    return asyncio.run(_made(text))


async def _made(url: str) -> str:
    database = Database(url)
    async with database.writing() as session:
        _, key = await keys.create(session, "scripts", [Scope.ADMIN], now=utc_now(), created_by="scripts")
    await database.close()
    return key
