"""Every table is read through a filter, or stands among those that may be read without one, with the reason."""

import app.core.stored_secrets  # noqa: F401 - the one table that nothing of what is imported below brings along
from app.composition import database_from
from app.core import acting
from app.core.acting import Caller
from app.core.database import Base, Database
from app.settings import Settings
from app.workflows import visibility

SOMEBODY = Caller("user", 7, "ana@example.org", hidden=frozenset({3}))


def test_every_table_is_filtered_or_said_to_be_for_all() -> None:
    tables = set(Base.metadata.tables)
    filtered = {model.__tablename__ for model in visibility.FILTERED}

    assert filtered | set(visibility.FOR_ALL) == tables
    assert filtered.isdisjoint(visibility.FOR_ALL)


async def test_the_program_s_database_knows_how_to_hide(settings: Settings) -> None:
    database = database_from(settings)

    assert database._criteria is visibility.criteria
    await database.close()


async def test_a_database_that_can_t_hide_refuses_whom_something_is_hidden_from(sqlite_database: Database) -> None:
    with acting.acting_as(SOMEBODY):
        try:
            async with sqlite_database.reading():
                refused = False
        except RuntimeError:
            refused = True

    assert refused
