"""`watchfloor import`."""

import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import columns
from app.cli.running import called, opened, run, settings
from app.cli.trouble import fail

if TYPE_CHECKING:
    from app.domains.connections.models import SyncRun
    from app.domains.connections.schemas import RunOut
    from app.integrations.contract import Manifest, Table
    from app.settings import Settings

_WARNINGS_SHOWN = 20
_PARTICULARS = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"|\d[\d,.]*")
"""What differs between warnings of one sort: quotes and numbers."""


def import_(  # noqa: PLR0913, PLR0917 - each option of the command is a parameter
    path: Annotated[Path, typer.Argument(help="An export: mail, a table of tasks, a folder or archive of them.")],
    kind: Annotated[str | None, typer.Option(help="Read it as this kind, whatever it looks like.")] = None,
    into: Annotated[str | None, typer.Option(help="Name of the integration it joins. Default: the kind.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
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
) -> None:
    """Import an export. The same thing twice changes nothing; a file that grew adds only what is new."""
    given = settings()
    wanted = _Wanted(path, kind, into, columns.Said(maps or (), day_first, zone))
    if only_columns:
        columns.print_guess(*run(given, _look(given, wanted)))
        return
    report, tables = run(given, _import(given, wanted, quiet=as_json))
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        _print(report, tables, all_warnings=all_warnings)
    if report.state != "succeeded":
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be imported, and how it is to be read."""

    path: Path
    kind: str | None
    into: str | None
    said: columns.Said


async def _look(given: "Settings", wanted: _Wanted) -> "tuple[tuple[Table, ...], str]":
    """The tables as they would be read, and the kind they are of."""
    said = columns.corrections(wanted.said)
    manifest = _manifest(wanted.path, wanted.kind)
    async with opened(given) as database, database.reading() as session:
        return await columns.tables(session, manifest, wanted.path, wanted.into, said), manifest.kind


async def _import(given: "Settings", wanted: _Wanted, *, quiet: bool) -> "tuple[RunOut, tuple[Table, ...]]":
    """The run's report, and the tables as they were read."""
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.connections import service  # noqa: PLC0415
    from app.domains.connections.views import run_out  # noqa: PLC0415
    from app.main import importing_from  # noqa: PLC0415
    from app.workflows import importing  # noqa: PLC0415
    from app.workflows.imports.corrections import remember  # noqa: PLC0415

    path, into, said = wanted.path, wanted.into, columns.corrections(wanted.said)
    manifest = _manifest(path, wanted.kind)
    async with opened(given) as database:
        async with database.reading() as session:
            tables = await columns.tables(session, manifest, path, into, said)
        async with database.writing() as session:
            begun = await importing.begin(session, manifest, what=path.name or str(path), into=into, now=utc_now())
            await remember(session, begun.integration_id, said, now=utc_now())
        work = importing_from(given, database)
        if quiet or not sys.stderr.isatty():
            done = await importing.carry_out(work, begun.id, manifest, path)
        else:
            done = await _with_progress(work, begun.id, manifest, path)
        async with database.reading() as session:
            names, most = await service.names(session), 1_000_000 if quiet else 100_000
            return await run_out(session, done, names, warnings=most), tables


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
        typer.echo(f"watchfloor: there is no kind {kind}; there are {', '.join(registry.KINDS)}.", err=True)
        raise typer.Exit(2)
    return registry.KINDS[kind]


async def _with_progress(work: object, run_id: int, manifest: "Manifest", path: Path) -> "SyncRun":
    from rich.console import Console  # noqa: PLC0415 - only for terminals
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
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(path.name or str(path), total=None, read=0)

        def on_page(current: "SyncRun") -> None:
            progress.update(bar, completed=current.bytes_done, total=current.bytes_total, read=current.read)

        return await importing.carry_out(work, run_id, manifest, path, on_page)


def _print(report: "RunOut", tables: "Sequence[Table]", *, all_warnings: bool) -> None:
    if report.error:
        typer.echo(report.error.detail, err=True)
    took = (
        f" in {(report.finished_at - report.started_at).total_seconds():.1f} s"
        if report.finished_at and report.started_at
        else ""
    )
    typer.echo(f"{report.what} → {report.integration}: read {report.read:,}{took}")
    typer.echo(
        f"  items   {report.new:,} new, {report.updated:,} updated, {report.unchanged:,} unchanged, "
        f"{report.refused:,} refused"
    )
    if report.new and report.unchanged:
        typer.echo("          (unchanged: here already, or twice in what was read)")
    tasks = report.tasks
    typer.echo(f"  tasks   {tasks.new:,} new ({tasks.not_for_us:,} of them not for us), {tasks.updated:,} updated")
    if report.context:
        typer.echo(f"  context {report.context:,} lines or pages that ask for no work: kept, and found by search")
    columns.print_meanings(tables)
    _print_warnings(report, every=all_warnings)
    if report.hint:
        typer.echo(f"\n{report.hint}")
    if report.new:
        typer.echo(f"\nSee what matters: {called()} top")


def _print_warnings(report: "RunOut", *, every: bool) -> None:
    if not report.warnings_total:
        return
    plural = "" if report.warnings_total == 1 else "s"
    kept = "what could be read was kept"
    if report.refused:
        kept += f", and {report.refused:,} that hold no message were refused"
    typer.echo(f"\n{report.warnings_total:,} warning{plural}; {kept}:")
    if every:
        for warning in report.warnings:
            typer.echo(f"  {warning.what}: {warning.why}")
        return
    for (why, first), count in _folded(report).most_common(_WARNINGS_SHOWN):
        typer.echo(f"  {why}" + (f" ({first})" if count == 1 else f" ({count} times, first in {first})"))
    rest = len(_folded(report)) - _WARNINGS_SHOWN
    more = f"  … and {rest} more sorts. " if rest > 0 else "  "
    typer.echo(f"{more}Each one by name: GET /api/v1/sync/runs/{report.id}/warnings, or import with --warnings.")


def _folded(report: "RunOut") -> Counter[tuple[str, str]]:
    """Warnings of one sort as one line, with the place of the first."""
    first: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for warning in report.warnings:
        sort = _PARTICULARS.sub("…", warning.why)
        first.setdefault(sort, warning.what)
        counts[sort] += 1
    return Counter({(sort, first[sort]): count for sort, count in counts.items()})
