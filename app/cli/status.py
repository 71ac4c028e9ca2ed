"""`watchfloor status`: whether to believe what is shown, and who works on it."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import printing
from app.cli.printing import print_json
from app.cli.running import opened, run, settings
from app.cli.times import length, moment_said

if TYPE_CHECKING:
    from app.domains.monitoring.schemas import JobsStatus, StatusOut
    from app.settings import Settings

_STYLE = {"NORMAL": "green", "DEGRADED": "yellow", "CRITICAL": "bold red", "OFFLINE": "bold red"}


def status(as_json: Annotated[bool, typer.Option("--json", help="Print JSON, as GET /status does.")] = False) -> None:
    """The level of the whole with its one reason, and of every part. Exit code 0 at NORMAL, 1 at any other level."""
    given = settings()
    found = run(given, _status(given))
    if as_json:
        print_json(found)
    else:
        _show(found)
    if found.level != "NORMAL":
        raise typer.Exit(1)


async def _status(given: "Settings") -> "StatusOut":
    from app.composition import importing_from  # noqa: PLC0415
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.integrations import registry  # noqa: PLC0415
    from app.workflows.sync.syncing import Syncing  # noqa: PLC0415
    from app.workflows.watch.picture import look  # noqa: PLC0415
    from app.workflows.watch.views import status_out  # noqa: PLC0415

    async with opened(given) as database:
        syncing = Syncing(importing_from(given, database), registry.KINDS, schedule=given.sync_schedule)
        async with database.reading() as session:
            picture = await look(session, syncing, now=utc_now())
            settles = timedelta(seconds=given.level_settles_s)
            shown = await status_out(session, picture, settles=settles, runs_here=False)
            shown.demo = given.serves_demo
            return shown


def _show(found: "StatusOut") -> None:
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = printing.console()
    level, since = (found.level, _STYLE[found.level]), (f"  since {moment_said(found.since)}", "dim")
    console.print(Text.assemble(level, f"  {found.reason}", since), soft_wrap=True)
    table = Table(box=None, padding=(0, 1), show_header=False, expand=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    for part in found.dependencies:
        table.add_row(Text(part.level, style=_STYLE[part.level]), Text(part.name), Text(part.reason, style="dim"))
    console.print(table)
    if found.more:
        console.print(Text(f"… and {found.more} more integrations", style="dim"))
    console.print(Text(_jobs_said(found.jobs), style="yellow" if found.jobs.warning else "dim"), soft_wrap=True)


def _jobs_said(jobs: "JobsStatus") -> str:
    """«2 waiting, 1 going on; the oldest that is due has waited for 5 min. worker on web-2 (4711), seen 3 s ago.»"""
    waiting = f"Imports and pulls: {jobs.queued} waiting, {jobs.running} going on."
    if jobs.oldest_due_s is not None and jobs.oldest_due_s >= 60:
        waiting += f" The oldest work that is due has waited for {length(timedelta(seconds=jobs.oldest_due_s))}."
    if jobs.warning:
        return f"{waiting}\n{jobs.warning}"
    now = datetime.now(UTC)
    lines = [
        f"{each.role} on {each.host} ({each.pid}), version {each.version}, "
        f"seen {max(0, int((now - each.seen_at).total_seconds()))} s ago"
        for each in jobs.workers
    ]
    return "\n".join([waiting, *lines])
