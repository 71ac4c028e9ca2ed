"""What commands share: reading the settings, opening the database, and the exit codes.

Exit codes: 0 done, 1 failed, 2 usage.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import typer

from app.cli.trouble import fail, told
from app.core import migrations
from app.core.database import Database
from app.settings import Settings

T = TypeVar("T")


def settings() -> Settings:
    """The settings, or one line for each that can't be used."""
    from pydantic import ValidationError  # noqa: PLC0415 - only needed here

    try:
        return Settings()
    except ValidationError as error:
        for each in error.errors(include_input=False, include_url=False):
            name = ".".join(str(part) for part in each["loc"]).upper() or "settings"
            typer.echo(f"watchfloor: {name}: {each['msg'].removeprefix('Value error, ')}", err=True)
        typer.echo("watchfloor: see .env.example for what each setting means.", err=True)
        raise typer.Exit(1) from error


def run(given: Settings, work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work; what can go wrong as expected becomes one sentence and exit code 1."""
    try:
        with told(given):
            return asyncio.run(work)
    finally:
        work.close()  # where it never began


@asynccontextmanager
async def opened(given: Settings) -> AsyncIterator[Database]:
    """The database, its schema up to date: SQLite is migrated here, Postgres only by `watchfloor db upgrade`."""
    from app.core import log  # noqa: PLC0415 - everything below is heavy
    from app.main import database_from  # noqa: PLC0415

    log.configure("ERROR", given.log_format)  # a command says itself what went wrong, and its output may be JSON
    database = database_from(given)
    try:
        prepare(database)
        yield database
    finally:
        await database.close()


def prepare(database: Database) -> bool:
    """Migrate SQLite, or end the command where Postgres waits for its migration. Returns whether it migrated."""
    if database.is_sqlite:
        return migrations.upgrade(database.url)
    if not migrations.at_head(database.url):
        fail("The database's tables are not up to date. Run: watchfloor db upgrade")
    return False
