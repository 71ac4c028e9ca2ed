"""What can go wrong as expected, told in one sentence and exit code 1: no command ends with a traceback for it.

Sentences name the database's place, never its password.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from app.cli.printing import say
from app.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.engine import URL
    from sqlalchemy.exc import SQLAlchemyError

_SAID_BY_SQLITE = {
    "SQLITE_BUSY": "is in use by another program that keeps it locked",
    "SQLITE_CANTOPEN": "can't be opened: the folder is missing, or there is no permission",
    "SQLITE_CORRUPT": "is damaged; try: watchfloor db check",
    "SQLITE_FULL": "can't grow: the disk is full",
    "SQLITE_NOTADB": "is a file of another kind, or encrypted",
    "SQLITE_PERM": "can't be opened: no permission",
    "SQLITE_READONLY": "can't be written: no permission",
}
_SAID_BY_POSTGRES = {
    "3D000": "does not exist",
    "28000": "refuses this user",
    "28P01": "refuses this user and password",
    "42501": "doesn't allow this user to do that",
    "53300": "has no connection left",
    "55P03": "is in use: a lock was not free for ten seconds. Try again",
    "57P03": "is starting up or shutting down. Try again",
}


def fail(sentence: str) -> NoReturn:
    """End the command as failed, saying why."""
    say(f"watchfloor: {sentence}", err=True)
    raise typer.Exit(1)


def address(given: Settings) -> "URL":
    """The database's address. Ends the command where it can't be read as one."""
    from sqlalchemy.engine import make_url  # noqa: PLC0415 - heavy
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        return make_url(given.database)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        fail("DATABASE_URL: expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME")


@contextmanager
def told(given: Settings) -> Iterator["URL"]:
    """Around all that uses the database: gives its address, and ends the command with a sentence where it fails."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - heavy

    from app.core.errors import Problem  # noqa: PLC0415

    url = address(given)
    try:
        yield url
    except Problem as problem:
        fail(problem.detail)
    except SQLAlchemyError as error:
        fail(sentence(error, url))
    except OSError as error:
        fail(f"{error.filename or 'a file'} can't be used: {error.strerror or type(error).__name__}.")
    except KeyboardInterrupt:
        fail("stopped. What was done is kept.")


def sentence(error: "SQLAlchemyError", url: "URL") -> str:
    """What went wrong with the database, for people; it names the place and no password."""
    cause = getattr(error, "orig", None)
    if url.get_backend_name() == "sqlite":
        name = getattr(cause, "sqlite_errorname", "")
        said = next((said for code, said in _SAID_BY_SQLITE.items() if name.startswith(code)), None)
        return f"the database {url.database} {said or f'can not be used ({name or type(error).__name__})'}."
    said = _SAID_BY_POSTGRES.get(getattr(cause, "sqlstate", None) or "")
    place = f"{url.database} on {url.host or 'the local socket'}"
    return f"the database {place} {said or 'does not answer, or refuses this user or password'}."
