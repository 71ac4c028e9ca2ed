"""`watchfloor sync`: pull what is due, or one integration."""

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.printing import print_json, say
from app.cli.running import called, opened, run, settings
from app.cli.trouble import fail

if TYPE_CHECKING:
    from app.core.database import Database
    from app.domains.connections.models import SyncRun
    from app.domains.connections.run_schemas import RunOut
    from app.settings import Settings
    from app.workflows.sync.syncing import Syncing

_SAYS_EVERY_S = 10.0


def sync(
    name: Annotated[str | None, typer.Argument(help="One integration, due or not. Default: all that is due.")] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Pull here and now, unless a server or worker is at it already.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the runs as JSON.")] = False,
) -> None:
    """Pull from services. Without --wait a running server or worker carries it out."""
    given = settings()
    found = run(given, _sync(given, name, wait=wait, quiet=as_json))
    if as_json:
        print_json(found)
    else:
        _tell(found, wait=wait)
    if any(each.state == "failed" for each in found):
        raise typer.Exit(1)


async def _sync(given: "Settings", name: str | None, *, wait: bool, quiet: bool) -> "list[RunOut]":
    from app.composition import importing_from, syncing_from  # noqa: PLC0415
    from app.domains.connections import service  # noqa: PLC0415 - everything below is heavy
    from app.domains.connections.views import run_out  # noqa: PLC0415

    async with opened(given) as database:
        syncing = syncing_from(given, importing_from(given, database))
        try:
            ids = await _ask(database, syncing, name)
            if wait:
                await _carry_out(database, syncing, ids, at_once=given.sync_at_once, quiet=quiet)
        finally:
            await syncing.end()
        async with database.reading() as session:
            names = await service.names(session)
            return [await run_out(session, await service.get_run(session, each), names, warnings=20) for each in ids]


async def _ask(database: "Database", syncing: "Syncing", name: str | None) -> list[int]:
    """The runs, asked for or going on already. Ends the command where that can't be."""
    from app.core.errors import Conflict  # noqa: PLC0415 - everything below is heavy
    from app.domains.connections import pulls, service  # noqa: PLC0415
    from app.workflows.sync import asking  # noqa: PLC0415

    try:
        async with database.writing() as session:
            if name is None:
                started, going = await asking.ask_for_due(session, syncing)
                return [each.id for each in (*started, *going)]
            integration = await service.by_name(session, name)
            if (going_on := await pulls.unfinished_of(session, integration.id)) is not None:
                return [going_on.id]
            return [(await asking.ask_for(session, syncing, integration.id)).id]
    except Conflict as error:
        fail(error.detail)


async def _carry_out(database: "Database", syncing: "Syncing", ids: list[int], *, at_once: int, quiet: bool) -> None:
    from app.workflows.sync import asking  # noqa: PLC0415 - heavy
    from app.workflows.sync.dispatching import Dispatcher  # noqa: PLC0415

    dispatcher, room = Dispatcher(syncing), asyncio.Semaphore(at_once)

    def on_page(current: "SyncRun") -> None:
        if not quiet and sys.stderr.isatty():
            say(f"  {current.what}: {current.read:,} read, {current.new:,} new", err=True)

    async def one(run_id: int) -> None:
        async with room:
            # Where another process has claimed it, it is only waited for.
            while await dispatcher.pull_now(run_id, on_page) is None:
                if await asking.ended(database, [run_id], within_s=2):
                    return

    telling = asyncio.create_task(_tell_what_is_waited_for(syncing)) if not quiet else None
    try:
        await asyncio.gather(*map(one, ids))
    finally:
        if telling is not None:
            telling.cancel()


async def _tell_what_is_waited_for(syncing: "Syncing") -> None:
    """A service that is away may be waited for minutes long: without a word that looks like a hang."""
    while syncing.guards is not None:
        await asyncio.sleep(_SAYS_EVERY_S)
        for service in (guard.snapshot() for guard in syncing.guards.all()):
            if service.running:
                failing = f": failed {service.failures} times in a row, trying again" if service.failures else ""
                say(f"  waiting for {service.name}{failing}", err=True)


def _tell(found: "list[RunOut]", *, wait: bool) -> None:
    if not found:
        say(f"Nothing is due. One integration at once: {called()} sync NAME --wait")
    for each in found:
        if each.error:
            say(f"{each.integration}: {each.state}: {each.error.detail}", err=True)
            continue
        if each.state == "queued":
            say(f"{each.integration}: queued")
            continue
        counts = f"{each.new:,} new, {each.updated:,} updated, {each.unchanged:,} unchanged"
        gone = f", {each.gone:,} gone" if each.gone else ""
        refused = f", {each.refused:,} could not be read" if each.refused else ""
        say(f"{each.integration}: {each.state}; read {each.read:,}: {counts}{gone}{refused}")
    if found and not wait and any(each.state == "queued" for each in found):
        say("A running server or worker carries it out. To do it here, say --wait too.")
