"""What commands share: opening the database, telling what went wrong in one sentence, and the exit codes.

Exit codes: 0 done, 1 failed, 2 usage.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, NoReturn, TypeVar

import typer

from app.core import migrations
from app.core.database import Database
from app.core.errors import Problem
from app.settings import Settings

T = TypeVar("T")


def fail(sentence: str) -> NoReturn:
    """End the command as failed, saying why."""
    typer.echo(f"watchfloor: {sentence}", err=True)
    raise typer.Exit(1)


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


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work; what can go wrong as expected becomes one sentence and exit code 1."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - loaded already by whoever opened a database

    try:
        return asyncio.run(work)
    except Problem as problem:
        fail(problem.detail)
    except SQLAlchemyError as error:
        fail(f"The database does not answer or can't be used ({type(error).__name__}). Try: watchfloor db check")
    except KeyboardInterrupt:
        typer.echo("Stopped. What was done is kept.", err=True)
        raise typer.Exit(1) from None


@asynccontextmanager
async def opened(given: Settings) -> AsyncIterator[Database]:
    """The database, its schema up to date: SQLite is migrated here, Postgres only by `watchfloor db upgrade`."""
    from app.main import database_from  # noqa: PLC0415 - brings the web framework along

    database = database_from(given)
    try:
        prepare(database)
        yield database
    finally:
        await database.close()


def prepare(database: Database) -> bool:
    """Migrate SQLite, or end the command where Postgres waits for its migration. Returns whether it migrated."""
    try:
        if database.is_sqlite:
            return migrations.upgrade(database.url)
        if not migrations.at_head(database.url):
            fail("The database's tables are not up to date. Run: watchfloor db upgrade")
    except OSError as error:
        fail(f"The database at {database.place} can't be opened: {error.strerror or 'no access'}.")
    return False


def is_terminal() -> bool:
    return sys.stdout.isatty()
