"""`watchfloor users link`, and the link that a start in development shows."""

import socket
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.columns import wrong_usage
from app.cli.printing import AsJson, print_json, say
from app.cli.running import called, opened, run, settings
from app.cli.trouble import fail

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

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
    port: Annotated[
        int | None, typer.Option(help="The server's port. Default: that of the one that runs.", min=1, max=65535)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print a link that signs somebody in once, within 15 minutes, in a browser on this machine."""
    given = settings()
    if reset and from_anywhere:
        wrong_usage("--from-anywhere: a link to set a password is good in any browser; leave it out.")
    if from_anywhere and not given.public_url:
        fail("--from-anywhere needs PUBLIC_URL: the address at which others reach this server.")
    whose, made = run(given, _made(given, email, reset=reset, from_anywhere=from_anywhere, port=port))
    goes_out = from_anywhere or (reset and given.public_url)
    where = "from anywhere" if goes_out else "in a browser on this machine"
    does = "sets a password, once, within an hour" if reset else "signs in once, within 15 minutes"
    if as_json:
        print_json({"for": whose, "link": made, "sets_password": reset})
        return
    say(f"For {whose}: {does}, {where}.", err=True)
    if reset and not given.public_url:
        say("For other machines set PUBLIC_URL, the address by which they reach this server.", err=True)
    say(made)


async def _made(
    given: "Settings", email: str, *, reset: bool, from_anywhere: bool, port: int | None
) -> tuple[str, str]:
    """Whose it is, and the link."""
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.identity import users  # noqa: PLC0415
    from app.workflows.identity.ways import links  # noqa: PLC0415

    async with opened(given) as database, database.writing() as session:
        given.listen_port = port or await _port(session, given.listen_port)
        user = await users.by_email(session, email, lock=True) if email else await links.first_admin(session)
        if user is None and email:
            fail(f"There is no user {email}. See who there is: {called()} users list")
        if user is None:
            fail(f"There is no admin who can sign in. Add one: {called()} {ADD}")
        if reset:
            return user.email, await links.to_set_password(session, user, given, now=utc_now())
        link = await links.to_sign_in(session, user, given, now=utc_now(), from_anywhere=from_anywhere)
        return user.email, link


async def _port(session: "AsyncSession", usual: int) -> int:
    """Where a server of this machine answers: one at the usual port, or the one that was started last."""
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.monitoring import standing  # noqa: PLC0415

    here = socket.gethostname()[:200]
    ports = [each.port for each in await standing.living(session, utc_now()) if each.host == here and each.port]
    return usual if usual in ports or not ports else ports[-1]


async def at_start(given: "Settings", database: "Database", clock: "Clock", *, on_loopback: bool) -> str:
    """What a start says of signing in; empty: nothing. In development the first start makes the first admin."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - everything below is heavy

    from app.core.acting import acting_as, at_the_terminal, doing  # noqa: PLC0415
    from app.workflows.identity.ways import links  # noqa: PLC0415

    try:
        with acting_as(at_the_terminal()), doing("serve"):
            if given.environment == "development" and on_loopback:
                # In two transactions: so the trail tells first of the user, then of the link.
                async with database.writing() as session:
                    owner = await links.owner(session, now=clock())
                if owner is not None:
                    async with database.writing() as session:
                        shown = await links.to_sign_in(session, owner, given, now=clock())
                    return f"Sign in           {shown}\n                    (once, within 15 minutes, on this machine)"
            async with database.reading() as session:
                somebody = await links.first_admin(session) is not None
    except (SQLAlchemyError, OSError):
        return f"Sign in           the database does not answer now; later: {called()} users link"
    if somebody and not on_loopback:
        first = "" if given.public_url else "set PUBLIC_URL to this server's address, then: "
        return (
            "Sign in           with your password; a link for whoever has none:\n"
            f"                    {first}{called()} users link EMAIL --from-anywhere"
        )
    if somebody:
        return f"Sign in           with your password; a link for whoever has none: {called()} users link EMAIL"
    return f"Nobody can sign in yet. Add an admin: {called()} {ADD}"
