"""Each process stores the shipped rulesets when it starts: a release that improves one reaches those who kept it."""

from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from app.core import acting, log
from app.core.database import Database
from app.domains.rulesets import service

_log = log.get(__name__)


async def seed(database: Database, *, now: datetime) -> None:
    """Bring what is stored to what is shipped. Two cheap queries where nothing is new."""
    async with database.reading() as session:  # is it worth the lock of a writing transaction?
        if await service.is_seeded(session):
            return
    with acting.acting_as(acting.PROGRAM), acting.doing("store_shipped"):
        async with database.writing() as session:
            stored = await service.seed(session, now=now)
    for row in stored:
        _log.info("a shipped ruleset was stored", ruleset=row.name, version=row.version)


async def seed_if_possible(database: Database, *, now: datetime) -> None:
    """The same at the start of a server, which waits for no database: without it the shipped default ranks."""
    try:
        await seed(database, now=now)
    except (SQLAlchemyError, OSError) as error:
        _log.error("the shipped rulesets could not be stored", error=type(error).__name__)
