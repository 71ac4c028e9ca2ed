"""What commands share: reading the settings, opening the database, and the exit codes.

Exit codes: 0 done, 1 failed, 2 usage.
"""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import typer
from typer.main import get_current_context  # type: ignore[attr-defined] # its own, and the only one that knows

from app.cli import refused
from app.cli.printing import say
from app.cli.trouble import fail, told
from app.core import acting, migrations
from app.core.database import Database
from app.core.known_secrets import conceal
from app.settings import Settings
from app.settings.concealed import secrets_of

T = TypeVar("T")


def settings() -> Settings:
    """The settings, or one line for each that can't be used."""
    from pydantic import ValidationError  # noqa: PLC0415 - only needed here

    try:
        given = Settings()
    except ValidationError as error:
        for name, sentence in refused.said(error):
            say(f"watchfloor: {name}: {sentence}", err=True)
        say("watchfloor: see .env.example for what each setting means.", err=True)
        raise typer.Exit(1) from error
    conceal(secrets_of(given))
    return given


def run(given: Settings, work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work; what can go wrong as expected becomes one sentence and exit code 1."""
    try:
        with told(given), acting.acting_as(acting.at_the_terminal()), acting.doing(_command()):
            return asyncio.run(work)
    finally:
        work.close()  # where it never began


def _command() -> str:
    """What is carried out, for the audit trail: «cli rules apply»."""
    context = get_current_context(silent=True)
    return f"cli {context.command_path.partition(' ')[2]}".strip() if context else "cli"


@asynccontextmanager
async def opened(given: Settings, *, quiet: bool = False) -> AsyncIterator[Database]:
    """The database, its schema up to date: SQLite is migrated here, Postgres only by `watchfloor db upgrade`. What is
    shipped is stored; secrets that are stored fill what `given` leaves empty."""
    from app.composition import database_from  # noqa: PLC0415
    from app.core import log  # noqa: PLC0415 - everything below is heavy
    from app.core.clock import utc_now  # noqa: PLC0415
    from app.workflows.seeding import seed  # noqa: PLC0415

    log.configure("ERROR", given.log_format)  # a command says itself what went wrong, and its output may be JSON
    database = database_from(given)
    try:
        prepare(database)
        await seed(database, now=utc_now())
        await fill(given, database, quiet=quiet)
        with log.correlated():
            yield database
    finally:
        await database.close()


async def fill(given: Settings, database: Database, *, quiet: bool = False) -> None:
    """Take stored secrets for what the environment leaves empty. Of one that can't be read it is said how to mend it,
    unless `quiet`, and all goes on without it."""
    from app.workflows.secrets import stored  # noqa: PLC0415 - heavy

    unreadable = await stored.fill(given, database)
    conceal(secrets_of(given))
    for name in unreadable:
        if not quiet:
            say(
                f"watchfloor: the stored {name} can't be read with this SECRET_KEY, and is not used. Put the key that "
                f"it was encrypted with into SECRET_KEYS_BEFORE; or store it anew: {called()} secrets set {name}",
                err=True,
            )


def fill_before_start(given: Settings) -> None:
    """Bring the database up to date and take its stored secrets, before anything is built from the settings."""
    from app.composition import database_from  # noqa: PLC0415 - heavy

    async def take() -> None:
        database = database_from(given)
        try:
            await fill(given, database)
        finally:
            await database.close()

    prepare(database_from(given))
    asyncio.run(take())


def called() -> str:
    """How this program is called from where the person stands: «watchfloor», or the path to it."""
    own = Path(sys.argv[0])
    if own.name != "watchfloor" or shutil.which("watchfloor") == str(own):
        return "watchfloor"
    with suppress(ValueError):
        return str(own.resolve().relative_to(Path.cwd()))
    return str(own)


async def catch_up(database: Database, given: Settings, tell: Callable[[int], None] | None = None) -> int:
    """Bring tasks to what the settings, the active ruleset and the clock say now: no server may have done so.

    Returns how many that were; `tell` hears of it in between.
    """
    from app.composition import policy_from  # noqa: PLC0415
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.workflows import rescoring  # noqa: PLC0415
    from app.workflows.judging import Judge  # noqa: PLC0415

    judge, count = Judge(policy_from(given)), 0
    while True:
        async with database.reading() as session:
            policy = await judge.policy(session)  # in each round: somebody may activate another ruleset meanwhile
        done = (await rescoring.do_what_is_due(database, policy, now=utc_now())).total
        if not done:
            return count
        count += done
        if tell:
            tell(count)


def prepare(database: Database) -> bool:
    """Migrate SQLite, or end the command where Postgres waits for its migration. Returns whether it migrated."""
    if database.is_sqlite:
        return migrations.upgrade(database.url)
    if not migrations.at_head(database.url):
        fail(f"The database's tables are not up to date. Run: {called()} db upgrade")
    return False
