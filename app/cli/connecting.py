"""`watchfloor integrations connect`: a link to be opened in a browser, and whether it was followed."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.printing import print_json, say
from app.cli.running import called, opened, run, settings
from app.cli.trouble import fail

if TYPE_CHECKING:
    from app.core.database import Database
    from app.domains.connections.connecting_schemas import ConnectionOut
    from app.settings import Settings
    from app.workflows.sync.syncing import Syncing

_SAYS_EVERY_S = 15.0


def connect(
    name: Annotated[str, typer.Argument(help="The integration's name.")],
    wait: Annotated[bool, typer.Option(help="Wait until the link was followed, or is over.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print how it stands as JSON; the link before.")] = False,
) -> None:
    """Give it access to an account, for the first time or again: prints a link to be opened in a browser."""
    given = settings()
    found = run(given, _connect(given, name, wait=wait, quiet=as_json))
    if as_json:
        print_json(found)
    elif found.state == "active":
        say(f"{name} is connected. It is pulled by a running server, or here: {called()} sync --wait")
    elif found.state == "pending":
        say("A running server sees when it was followed.")
    if found.state in ("expired", "failed"):
        fail(found.why or "It was not connected.")


async def _connect(given: "Settings", name: str, *, wait: bool, quiet: bool) -> "ConnectionOut":
    from app.composition import importing_from, syncing_from  # noqa: PLC0415 - heavy

    async with opened(given) as database:
        syncing = syncing_from(given, importing_from(given, database))
        try:
            place = await _ask(given, database, syncing, name)
            found = await _shown(given, database, place)
            # What is waited for has to be opened meanwhile; the answer in JSON comes when it is over.
            say(f"Open this link until {_until(found)}:\n{found.redirect_url}", err=quiet)
            return await _followed(given, database, syncing, place) if wait else found
        finally:
            await syncing.end()


async def _ask(given: "Settings", database: "Database", syncing: "Syncing", name: str) -> int:
    """Ask for a link; the integration's id. Raises Problem, which ends the command with its sentence."""
    from app.domains.connections import service  # noqa: PLC0415 - heavy
    from app.workflows.secrets.vault import vault_from  # noqa: PLC0415
    from app.workflows.sync.connecting import linking  # noqa: PLC0415

    async with database.reading() as session:
        place = (await service.by_name(session, name)).id
    link = await linking.asked(syncing, place, linking.callback_of(given.public_url, place))
    async with database.writing() as session:
        await linking.keep(session, syncing, place, link, vault=vault_from(given))
    return place


async def _followed(given: "Settings", database: "Database", syncing: "Syncing", place: int) -> "ConnectionOut":
    """How it stands when it no longer waits. A server that runs beside may be the one that ends it."""
    from app.workflows.sync.connecting.following import Following  # noqa: PLC0415 - heavy

    following = Following(syncing, first_rest_s=given.connect_look_every_s)
    telling = asyncio.create_task(_tell())
    try:
        while True:
            await following.look()
            if (found := await _shown(given, database, place)).state != "pending":
                return found
            await asyncio.sleep(given.connect_look_every_s)
    finally:
        telling.cancel()


async def _tell() -> None:
    """Without a word, waiting looks like a hang."""
    while True:
        await asyncio.sleep(_SAYS_EVERY_S)
        say("  waiting for it to be followed; Ctrl-C stops waiting, and a running server goes on", err=True)


async def _shown(given: "Settings", database: "Database", place: int) -> "ConnectionOut":
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.connections import connecting, service  # noqa: PLC0415
    from app.domains.connections.connecting_schemas import connection_out  # noqa: PLC0415
    from app.workflows.secrets.vault import vault_from  # noqa: PLC0415

    async with database.reading() as session:
        integration = await service.get(session, place)
        return connection_out(connecting.read(integration.connection), vault_from(given), now=utc_now())


def _until(found: "ConnectionOut") -> str:
    return f"{found.expires_at.astimezone():%H:%M:%S}" if found.expires_at else "it is over"
