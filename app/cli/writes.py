"""`watchfloor writes`: what the sources of tasks are told of them, and what waits for a person."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.columns import wrong_usage
from app.cli.printing import AsJson, print_json, say
from app.cli.running import called, opened, run, settings
from app.cli.trouble import fail

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from app.domains.tasks.writes.models import TaskWrite
    from app.domains.tasks.writes.schemas import WriteOut
    from app.settings import Settings

    Act = Callable[[AsyncSession, TaskWrite, datetime], Awaitable[None]]

cli = typer.Typer(help="What the sources of tasks are told, and what waits for a person.", no_args_is_help=True)

Id = Annotated[int, typer.Argument(help="Its number.", min=1)]
Name = Annotated[str, typer.Argument(help="The integration's name.")]
_STATES = ("pending", "sending", "done", "refused", "conflict", "cancelled")


@cli.command("list")
def list_(
    state: Annotated[list[str] | None, typer.Option(help=f"Only these: {', '.join(_STATES)}.")] = None,
    most: Annotated[int, typer.Option("-n", help="How many.", min=1, max=1000)] = 20,
    as_json: AsJson = False,
) -> None:
    """The newest first, each with what came of it."""
    if unknown := [each for each in state or [] if each not in _STATES]:
        wrong_usage(f"--state {unknown[0]}: there are {', '.join(_STATES)}.")
    given = settings()
    found = run(given, _list(given, state or [], most))
    if as_json:
        print_json(found)
        return
    if not found:
        say(f"There is none. Let an integration be told: {called()} writes on NAME")
    for each in found:
        say(_line(each))


@cli.command()
def on(name: Name) -> None:
    """Tell this integration what people do with its tasks, from now on."""
    _switch(name, on=True)


@cli.command()
def off(name: Name) -> None:
    """Tell it nothing any more. What waits is left out."""
    _switch(name, on=False)


@cli.command()
def retry(
    number: Id,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Write over what somebody changed at the source meanwhile.")
    ] = False,
) -> None:
    """Try again what was refused or met a conflict."""
    from app.domains.tasks.writes import outbox  # noqa: PLC0415 - heavy

    async def act(session: "AsyncSession", write: "TaskWrite", now: datetime) -> None:
        await outbox.retry(session, write, overwrite=overwrite, now=now)

    given = settings()
    say(_line(run(given, _act(given, number, act))))


@cli.command("retry-refused")
def retry_refused(name: Name) -> None:
    """Try again all that was refused at one integration, once its access or its settings are mended."""
    given = settings()
    say(f"Tried again: {run(given, _retry_refused(given, name))}")


@cli.command()
def cancel(number: Id) -> None:
    """Leave it out: the source stays as it is."""
    from app.domains.tasks.writes import outbox  # noqa: PLC0415 - heavy

    async def act(session: "AsyncSession", write: "TaskWrite", now: datetime) -> None:
        await outbox.cancel(session, write, now=now)

    given = settings()
    say(_line(run(given, _act(given, number, act))))


def _line(each: "WriteOut") -> str:
    why = f": {each.why}" if each.why else ""
    return f"{each.id}  task {each.task}  {each.integration}: {each.before} → {each.mark}  {each.state}{why}"


def _switch(name: str, *, on: bool) -> None:
    given = settings()
    says = run(given, _switched(given, name, on=on))
    say(f"{name} is told what people do with its tasks:" if on else f"{name} is told nothing any more.")
    for sentence in says if on else ():
        say(f"  {sentence}")


async def _switched(given: "Settings", name: str, *, on: bool) -> tuple[str, ...]:
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.core.errors import Conflict  # noqa: PLC0415
    from app.domains.connections import service  # noqa: PLC0415
    from app.workflows.manifests import manifest_of  # noqa: PLC0415
    from app.workflows.sync.configuring import switch_writing  # noqa: PLC0415

    async with opened(given) as database:
        try:
            async with database.writing() as session:
                found = await service.by_name(session, name)
                manifest = manifest_of(found.kind, "kind")
                await switch_writing(session, found, manifest, on=on, now=utc_now())
        except Conflict as error:
            fail(error.detail)
    return manifest.writing.says if manifest.writing else ()


async def _list(given: "Settings", states: list[str], most: int) -> "list[WriteOut]":
    from app.domains.connections import service  # noqa: PLC0415 - everything below is heavy
    from app.domains.connections.holding_back import held_back  # noqa: PLC0415
    from app.domains.tasks.writes import outbox, views  # noqa: PLC0415

    async with opened(given) as database, database.reading() as session:
        names, waits = await service.names(session), await held_back(session)
        found = await outbox.page(session, limit=most, states=states)
        return [views.write_out(each, names, waits) for each in found]


async def _act(given: "Settings", number: int, act: "Act") -> "WriteOut":
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.core.errors import Conflict, NotFound  # noqa: PLC0415
    from app.domains.connections import service  # noqa: PLC0415
    from app.domains.connections.holding_back import held_back  # noqa: PLC0415
    from app.domains.tasks.writes import outbox, views  # noqa: PLC0415

    async with opened(given) as database:
        try:
            async with database.writing() as session:
                write = await outbox.locked(session, number)
                await act(session, write, utc_now())
                return views.write_out(write, await service.names(session), await held_back(session))
        except (Conflict, NotFound) as error:
            fail(error.detail)


async def _retry_refused(given: "Settings", name: str) -> int:
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.core.errors import Conflict  # noqa: PLC0415
    from app.domains.connections import service  # noqa: PLC0415
    from app.domains.tasks.writes import outbox  # noqa: PLC0415

    async with opened(given) as database:
        try:
            async with database.writing() as session:
                found = await service.by_name(session, name)
                return await outbox.retry_all(session, found.id, now=utc_now())
        except Conflict as error:
            fail(error.detail)
