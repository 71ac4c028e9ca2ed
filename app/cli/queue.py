"""`watchfloor top`."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli import printing
from app.cli.hints import archive_hint, sample_hint, stale_hint
from app.cli.printing import AsJson, print_json
from app.cli.rules.files import ruleset_of
from app.cli.running import called, catch_up, opened, run, settings
from app.cli.times import ago

if TYPE_CHECKING:
    from rich.console import RenderableType
    from sqlalchemy.ext.asyncio import AsyncSession

    from app.domains.tasks.schemas import TaskOut
    from app.settings import Settings

_ELSEWHERE = {
    "snoozed": "snoozed",
    "done": "done",
    "declined": "declined",
    "not_for_us": "set aside as not for us",
}
"""Tasks that the queue doesn't show, by their status."""
BAND_STYLE = {"now": "bold red", "next": "bold yellow", "later": "cyan", "someday": "dim"}


def moment(text: str) -> datetime:
    """A time as people give it: RFC 3339; a date alone is its end, without a zone UTC is meant."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise typer.BadParameter(f"{text} is no time: give 2026-03-02 or 2026-03-02T14:00:00Z") from error
    if len(text.strip()) <= len("2026-03-02"):
        at = at.replace(hour=23, minute=59, second=59)
    try:
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError as error:
        raise typer.BadParameter(f"{text} lies beyond the years 1 to 9999 in UTC") from error


At = Annotated[
    datetime | None,
    typer.Option(parser=moment, metavar="TIME", help="As of this time; archives are judged at their own."),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """How many tasks, as of when, and by which ruleset instead of the active one."""

    n: int
    at: datetime | None = None
    ruleset: str | None = None


@dataclass(frozen=True, slots=True)
class Top:
    """The first tasks, and when the newest message in the queue was sent; where there are none, what is elsewhere."""

    tasks: "list[TaskOut]"
    newest: datetime | None = None
    statuses: Mapping[str, int] = field(default_factory=dict)
    """How many tasks have which status."""
    stale: tuple[str, ...] = ()
    """Sentences: integrations of these tasks that can't be trusted now."""


def top(
    n: Annotated[int, typer.Option("-n", help="How many tasks.", min=1, max=1000)] = 10,
    at: At = None,
    ruleset: Annotated[
        str | None, typer.Option(help="Rank by this one, without activating it: NAME, NAME@VERSION or a file.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Stay, and show what changes.")] = False,
    as_json: AsJson = False,
) -> None:
    """The top of the queue: what matters most, and why."""
    given = settings()
    asked = Asked(n, at, ruleset)
    if as_json:
        print_json(run(given, _top(given, asked)).tasks)
    elif watch:
        run_watch(given, asked)
    else:
        found = run(given, _top(given, asked))
        printing.console().print(queue_view(found, at))
        for sentence in found.stale:
            printing.console().print(f"\n{sentence}", style="yellow", soft_wrap=True, highlight=False)
        for hint in filter(None, (sample_hint(found.tasks), archive_hint(found.newest))):
            printing.console().print(hint, style="dim", soft_wrap=True)


async def _top(given: "Settings", asked: Asked) -> "Top":
    from app.composition import policy_from  # noqa: PLC0415
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.connections import service  # noqa: PLC0415
    from app.domains.tasks import queue, views  # noqa: PLC0415
    from app.domains.tasks.earlier import Moment  # noqa: PLC0415
    from app.domains.tasks.filters import Filters  # noqa: PLC0415
    from app.workflows import as_of  # noqa: PLC0415
    from app.workflows.judging import Judge  # noqa: PLC0415

    async with opened(given) as database:
        await catch_up(database, given)
        async with database.reading() as session:
            if asked.at is not None or asked.ruleset is not None:
                policy, now = await Judge(policy_from(given)).policy(session), utc_now()
                rules = await ruleset_of(session, asked.ruleset) if asked.ruleset is not None else None
                moment = Moment(asked.at or now, now, timedelta(days=given.history_days))
                return Top(await as_of.top(session, policy, moment, limit=asked.n, ruleset=rules))
            page = await queue.page(session, Filters(), sqlite=database.is_sqlite, limit=asked.n)
            shown = await views.page_out(session, page, await service.names(session))
            elsewhere = {} if shown.items else await queue.statuses(session)
            stale = await _stale(session, shown.items)
            return Top(shown.items, newest=await queue.newest_item_at(session), statuses=elsewhere, stale=stale)


async def _stale(session: "AsyncSession", tasks: "list[TaskOut]") -> tuple[str, ...]:
    """Which integrations of the tasks that are shown can't be trusted now, and of how many tasks."""
    from app.domains.monitoring.staleness import stale_among  # noqa: PLC0415 - heavy

    counts = Counter(task.source.integration or "" for task in tasks if task.stale)
    found = await stale_among(session, counts)
    return tuple(stale_hint(e.integration, e.since, f"{counts[e.integration]} of these") for e in found)


def run_watch(given: "Settings", asked: Asked) -> None:
    """Redraw the queue every few seconds until Ctrl+C."""
    from rich.live import Live  # noqa: PLC0415 - heavy

    with Live(
        queue_view(run(given, _top(given, asked)), asked.at),
        console=printing.console(),
        screen=True,
        auto_refresh=False,
    ) as live:
        try:
            while True:
                time.sleep(3)
                live.update(queue_view(run(given, _top(given, asked)), asked.at), refresh=True)
        except KeyboardInterrupt:
            return


def queue_view(found: Top, at: datetime | None) -> "RenderableType":
    """Tasks as a table with band separators, or what to do where there are none."""
    from rich.padding import Padding  # noqa: PLC0415 - heavy
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    if not found.tasks:
        return Padding(_nothing(found.statuses, at), (1, 2))
    now = at or datetime.now(UTC)
    table = Table(box=None, padding=(0, 1), expand=True, show_edge=False, header_style="dim")
    table.add_column("#", justify="right", style="dim")
    table.add_column("points", justify="right")
    table.add_column("task", ratio=1, overflow="fold")
    table.add_column("due", no_wrap=True)
    table.add_column("turn", no_wrap=True)
    table.add_column("id", justify="right", style="dim")
    band = None
    for rank, task in enumerate(found.tasks, 1):
        if task.band != band:
            band = task.band
            table.add_row("", "", Text(band.upper(), style=BAND_STYLE[band]), "", "", "")
        table.add_row(
            str(rank), str(task.points), _task_cell(task), _due_cell(task, now), _turn_cell(task, now), str(task.id)
        )
    return table


def _nothing(statuses: Mapping[str, int], at: datetime | None) -> str:
    """What to say of an empty queue: where the tasks are that it doesn't show, or how to bring some."""
    if at:
        return f"The queue is empty as of {at:%Y-%m-%d %H:%M}."
    told = [f"{statuses[status]:,} {words}" for status, words in _ELSEWHERE.items() if statuses.get(status)]
    if not told:
        return f"The queue is empty. Import mail, Slack, Notion or a table: {called()} import PATH"
    most = max(_ELSEWHERE, key=lambda status: statuses.get(status, 0))
    where = f"The page shows them under their views, and GET /api/v1/tasks?status={most}."
    return f"The queue is empty. Not open: {', '.join(told)}. {where}"


def _task_cell(task: "TaskOut") -> Any:
    from rich.text import Text  # noqa: PLC0415 - heavy

    text = Text(task.title, style="bold")
    if task.sender:
        text.append(f"  {task.sender}", style="not bold cyan")
    if task.source.sample:
        text.append("  sample data", style="not bold yellow")
    for reason in task.reasons:
        text.append(f"\n  {reason}", style="not bold dim")
    return text


def _due_cell(task: "TaskOut", now: datetime) -> Any:
    from rich.text import Text  # noqa: PLC0415 - heavy

    if task.due_at is None:
        return ""
    return Text(ago(task.due_at, now), style="red" if task.due_at <= now else "")


def _turn_cell(task: "TaskOut", now: datetime) -> str:
    if task.turn is None:
        return ""
    return f"{task.turn}, {ago(task.since, now)}" if task.since else task.turn
