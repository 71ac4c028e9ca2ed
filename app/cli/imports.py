"""`watchfloor import`."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import columns, printing, report
from app.cli.printing import print_json, say
from app.cli.running import called, opened, run, settings
from app.cli.trouble import fail

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from app.core.database import Database
    from app.domains.connections.models import SyncRun
    from app.domains.identity.models import User
    from app.integrations.contract import Manifest, Table
    from app.settings import Settings


def import_(  # noqa: PLR0913, PLR0917 - each option of the command is a parameter
    path: Annotated[Path, typer.Argument(help="An export, as file, folder or zip: mail, Slack, Notion, or a table.")],
    kind: Annotated[str | None, typer.Option(help="Read it as this kind, whatever it looks like.")] = None,
    into: Annotated[str | None, typer.Option(help="Name of the integration it joins. Default: the kind.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report, or the columns, as JSON.")] = False,
    all_warnings: Annotated[bool, typer.Option("--warnings", help="Print every warning.")] = False,
    only_columns: Annotated[
        bool, typer.Option("--columns", help="Print what the columns of a table are taken to mean, and import nothing.")
    ] = False,
    maps: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help="Column=field: what a column means; or Column=keep, or Column= to leave it out.",
            show_default=False,
        ),
    ] = None,
    day_first: Annotated[
        bool | None, typer.Option("--day-first/--month-first", help="Which of 3/4/2025 is the day.")
    ] = None,
    zone: Annotated[str | None, typer.Option(help="Time zone of times without one: Europe/Berlin.")] = None,
    private: Annotated[
        bool, typer.Option("--private", help="Of a new integration: only its owner sees it. Needs --owner.")
    ] = False,
    owner: Annotated[str | None, typer.Option(help="Whose a new integration is: an e-mail address.")] = None,
) -> None:
    """Import an export of mail, Slack, Notion, Taskwarrior, or a table of tasks (CSV, JSON): the kind is recognised.

    The same thing twice changes nothing; a file that grew adds only what is new.
    """
    given = settings()
    wanted = _Wanted(path, kind, into, columns.Said(maps or (), day_first, zone), private, owner)
    if only_columns:
        found, manifest = run(given, _look(given, wanted))
        if as_json:
            columns.print_tables(found, manifest)
        else:
            columns.print_guess(found, manifest.kind)
        return
    done = run(given, _import(given, wanted, quiet=as_json))
    if as_json:
        print_json(done.run)
    else:
        report.print_report(done, all_warnings=all_warnings)
    if done.run.state != "succeeded":
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be imported, and how it is to be read."""

    path: Path
    kind: str | None
    into: str | None
    said: columns.Said
    private: bool
    owner: str | None
    """An e-mail address."""


async def _look(given: "Settings", wanted: _Wanted) -> "tuple[tuple[Table, ...], Manifest]":
    """The tables as they would be read, and the kind they are of."""
    said = columns.corrections(wanted.said)
    manifest = _manifest(wanted.path, wanted.kind)
    async with opened(given) as database, database.reading() as session:
        owner = await _owner(session, wanted)
        whose = owner.id if owner and wanted.private else None
        return await columns.tables(session, manifest, wanted.path, wanted.into, said, whose=whose), manifest


async def _owner(session: "AsyncSession", wanted: _Wanted) -> "User | None":
    from app.domains.identity import users  # noqa: PLC0415 - heavy

    if wanted.owner is None:
        return None
    found = await users.by_email(session, wanted.owner)
    return found or fail(f"There is no user {wanted.owner}. See who there is: {called()} users list")


async def _import(given: "Settings", wanted: _Wanted, *, quiet: bool) -> report.Imported:
    from app.composition import importing_from  # noqa: PLC0415
    from app.domains.connections import service  # noqa: PLC0415 - everything below is heavy
    from app.domains.connections.views import run_out  # noqa: PLC0415
    from app.domains.tasks import ingest  # noqa: PLC0415
    from app.workflows import importing  # noqa: PLC0415

    path, manifest = wanted.path, _manifest(wanted.path, wanted.kind)
    async with opened(given) as database:
        begun, tables, seen_by = await _begin(database, manifest, wanted)
        work = importing_from(given, database)
        if quiet or not sys.stderr.isatty():
            done = await importing.carry_out(work, begun.id, manifest, path)
        else:
            done = await _with_progress(work, begun.id, manifest, path)
        async with database.reading() as session:
            names, most = await service.names(session), 1_000_000 if quiet else 100_000
            shown = await run_out(session, done, names, warnings=most)
            return report.Imported(shown, tables, await ingest.tasks_made_by(session, done.id), seen_by)


async def _begin(
    database: "Database", manifest: "Manifest", wanted: _Wanted
) -> "tuple[SyncRun, tuple[Table, ...], str]":
    """The run, the tables as it reads them, and who sees what it brings: empty for everybody."""
    from app.cli.sharing import seen_by  # noqa: PLC0415 - everything below is heavy
    from app.core.clock import utc_now  # noqa: PLC0415
    from app.domains.connections import privacy, service  # noqa: PLC0415
    from app.workflows import importing  # noqa: PLC0415
    from app.workflows.imports.corrections import remember  # noqa: PLC0415

    path, into, said = wanted.path, wanted.into, columns.corrections(wanted.said)
    async with database.reading() as session:
        owner = await _owner(session, wanted)
        whose = owner.id if owner and wanted.private else None
        tables = await columns.tables(session, manifest, path, into, said, whose=whose)
    async with database.writing() as session:
        owner = await _owner(session, wanted)
        begun = await importing.begin(
            session,
            manifest,
            what=path.name or str(path),
            into=into,
            now=utc_now(),
            private=wanted.private,
            owner=owner,
        )
        await remember(session, begun.integration_id, said, now=utc_now())
        joined = await service.get(session, begun.integration_id)
        sharing = (await privacy.sharing_of(session, [joined]))[joined.id]
    return begun, tables, seen_by(True, sharing) if joined.private else ""


def _manifest(path: Path, kind: str | None) -> "Manifest":
    from app.integrations import registry  # noqa: PLC0415 - brings the mail parser along

    try:
        if kind is None:
            return registry.recognise(path)
        path.stat()
    except registry.Unrecognised as error:
        fail(str(error))
    except OSError as error:
        fail(f"{path} can't be read: {error.strerror}.")
    if kind not in registry.KINDS:
        say(f"watchfloor: there is no kind {kind}; there are {', '.join(registry.KINDS)}.", err=True)
        raise typer.Exit(2)
    return registry.KINDS[kind]


async def _with_progress(work: object, run_id: int, manifest: "Manifest", path: Path) -> "SyncRun":
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    from app.workflows import importing  # noqa: PLC0415

    assert isinstance(work, importing.Importing)  # noqa: S101 - typed object only to keep the import late
    columns = (
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[read]:,} read"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=printing.console(err=True), transient=True) as progress:
        bar = progress.add_task(path.name or str(path), total=None, read=0)

        def on_page(current: "SyncRun") -> None:
            progress.update(bar, completed=current.bytes_done, total=current.bytes_total, read=current.read)

        return await importing.carry_out(work, run_id, manifest, path, on_page)
