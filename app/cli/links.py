"""`watchfloor users link`, and the link that a start in development shows."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.printing import say
from app.cli.running import called, opened, run, settings
from app.cli.trouble import fail

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.database import Database
    from app.settings import Settings

ADD = "users add EMAIL --role admin --password-stdin"


def link(
    email: Annotated[str, typer.Argument(help="Whose. Without it: the first admin's.")] = "",
    reset: Annotated[bool, typer.Option("--reset", help="A link to set a password, good for an hour.")] = False,
    from_anywhere: Annotated[
        bool, typer.Option("--from-anywhere", help="One that signs in from other machines too; needs PUBLIC_URL.")
    ] = False,
) -> None:
    """Print a link that signs somebody in once, within 15 minutes, in a browser on this machine."""
    given = settings()
    if from_anywhere and not given.public_url:
        fail("--from-anywhere needs PUBLIC_URL: the address at which others reach this server.")
    say(run(given, _made(given, email, reset=reset, from_anywhere=from_anywhere)))


async def _made(given: "Settings", email: str, *, reset: bool, from_anywhere: bool) -> str:
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.identity import users  # noqa: PLC0415
    from app.workflows.identity.ways import links  # noqa: PLC0415

    async with opened(given) as database, database.writing() as session:
        user = await users.by_email(session, email, lock=True) if email else await links.first_admin(session)
        if user is None and email:
            fail(f"There is no user {email}. See who there is: {called()} users list")
        if user is None:
            fail(f"There is no admin who can sign in. Add one: {called()} {ADD}")
        if reset:
            return await links.to_set_password(session, user, given, now=utc_now())
        return await links.to_sign_in(session, user, given, now=utc_now(), from_anywhere=from_anywhere)


async def at_start(given: "Settings", database: "Database", clock: "Clock", *, on_loopback: bool) -> str:
    """What a start says of signing in; empty: nothing. In development the first start makes the first admin."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - everything below is heavy

    from app.core.acting import acting_as, at_the_terminal, doing  # noqa: PLC0415
    from app.workflows.identity.ways import links  # noqa: PLC0415

    try:
        with acting_as(at_the_terminal()), doing("serve"):
            if given.environment == "development" and on_loopback:
                async with database.writing() as session:
                    shown = await links.at_start(session, given, now=clock())
                if shown:
                    return f"Sign in           {shown}\n                    (once, within 15 minutes, on this machine)"
            async with database.reading() as session:
                somebody = await links.first_admin(session) is not None
    except (SQLAlchemyError, OSError):
        return f"Sign in           the database does not answer now; later: {called()} users link"
    if somebody:
        return f"Sign in           with your password; a link for whoever has none: {called()} users link EMAIL"
    return f"Nobody can sign in yet. Add an admin: {called()} {ADD}"
