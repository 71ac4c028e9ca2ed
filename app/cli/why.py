"""`watchfloor why`: why a task stands where it stands, beside others, and what would change that."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.queue import BAND_STYLE, AsJson, At
from app.cli.rules.files import ruleset_of
from app.cli.running import catch_up, opened, run, settings

if TYPE_CHECKING:
    from pydantic import BaseModel
    from rich.console import RenderableType
    from sqlalchemy.ext.asyncio import AsyncSession

    from app.domains.tasks.policy import Policy
    from app.domains.tasks.schemas import TaskOut
    from app.domains.tasks.score.schemas import ClockOut, ScoreOut
    from app.settings import Settings
    from app.workflows.why.schemas import ForecastOut, SuppositionOut, VersusOut, WhatIfOut

_MOST_SHOWN = 12
"""Changes of a forecast on the screen; JSON has them all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to tell of a task: with neither of the last three, its score."""

    task: int
    at: datetime | None = None
    versus: int | None = None
    what_if: bool = False
    goal: str | None = None
    forecast: bool = False
    ruleset: str | None = None
    """By which the sum is made, instead of the active one."""

    @property
    def others(self) -> int:
        """How many of the last three are asked for."""
        return (self.versus is not None) + self.what_if + self.forecast


@dataclass(slots=True)
class Told:
    """The answers to what was asked, and the sentences about the tasks next to it."""

    task: "TaskOut"
    score: "ScoreOut | None" = None
    beside: tuple[str, ...] = ()
    versus: "VersusOut | None" = None
    what_if: "WhatIfOut | None" = None
    forecast: "ForecastOut | None" = None

    @property
    def document(self) -> "BaseModel":
        found = self.versus or self.what_if or self.forecast or self.score
        assert found is not None  # noqa: S101 - for the type checker: one of them was asked for
        return found


def why(  # noqa: PLR0913, PLR0917 - what can be asked of it
    task: Annotated[int, typer.Argument(help="The task's id, as `watchfloor top` shows it.")],
    goal: Annotated[
        str | None,
        typer.Argument(help="With --what-if: first, top10, above:ID, band:now (or next, later) or points:N."),
    ] = None,
    at: At = None,
    versus: Annotated[int | None, typer.Option(metavar="OTHER", help="Why it stands above OTHER, or below.")] = None,
    what_if: Annotated[bool, typer.Option("--what-if", help="What would have to change to reach GOAL.")] = False,
    forecast: Annotated[bool, typer.Option("--forecast", help="The week ahead, if nothing changes.")] = False,
    ruleset: Annotated[
        str | None, typer.Option(help="The sum by this one, without activating it: NAME, NAME@VERSION or a file.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Also say of each rule without points why.")] = False,
    as_json: AsJson = False,
) -> None:
    """Why a task stands where it stands: every line of its score."""
    asked = Asked(task, at, versus, what_if, goal, forecast, ruleset)
    _check(asked, as_json=as_json)
    given = settings()
    told = run(given, _tell(given, asked))
    if as_json:
        typer.echo(told.document.model_dump_json(indent=2, by_alias=True))
        return
    from rich.console import Console  # noqa: PLC0415 - heavy

    console = Console()
    for part in _parts(told, every=every):
        console.print(part)


def _check(asked: Asked, *, as_json: bool) -> None:
    """What does not go together is no usage."""
    if asked.goal is not None:
        from app.workflows.why.wishing import is_wish  # noqa: PLC0415 - heavy

        if not asked.what_if:
            raise typer.BadParameter("a goal belongs to --what-if", param_hint="GOAL")
        if not is_wish(asked.goal):
            raise typer.BadParameter("first, top10, above:ID, band:now (or next, later) or points:N", param_hint="GOAL")
    if asked.at is not None and (asked.what_if or asked.forecast):
        raise typer.BadParameter("--what-if and --forecast start now", param_hint="--at")
    if asked.ruleset is not None and asked.others:
        raise typer.BadParameter("--versus, --what-if and --forecast go by the active one", param_hint="--ruleset")
    if as_json and asked.others > 1:
        raise typer.BadParameter("one of --versus, --what-if and --forecast at a time", param_hint="--json")


async def _tell(given: "Settings", asked: Asked) -> Told:
    from app.main import policy_from  # noqa: PLC0415 - everything below is heavy
    from app.workflows.judging import Judge  # noqa: PLC0415

    async with opened(given) as database:
        await catch_up(database, given)
        async with database.reading() as session:
            return await _told(session, given, asked, await Judge(policy_from(given)).policy(session))


async def _told(session: "AsyncSession", given: "Settings", asked: Asked, policy: "Policy") -> Told:
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.connections import service  # noqa: PLC0415
    from app.domains.tasks import actions, explaining, queue, views  # noqa: PLC0415
    from app.domains.tasks.score import views as score_views  # noqa: PLC0415
    from app.workflows.why import comparing, foreseeing, supposing  # noqa: PLC0415

    task = await actions.get(session, asked.task)
    names, now = await service.names(session), utc_now()
    when: Any = {"now": now, "integrations": names, "at": asked.at}
    when["remembered_for"] = timedelta(days=given.history_days)
    told = Told(await views.one_out(session, task, names))
    if asked.versus is not None:
        told.versus = await comparing.versus(session, task.id, asked.versus, policy, **when)
    if asked.what_if:
        told.what_if = await supposing.suppose(session, task, policy, asked.goal, now=now)
    if asked.forecast:
        told.forecast = await foreseeing.forecast(session, task, policy.ruleset, now=now)
    if not asked.others:
        rules = await ruleset_of(session, asked.ruleset) if asked.ruleset is not None else None
        found = await explaining.explain(session, task, policy, **when, ruleset=rules)
        told.score = await score_views.explained_out(session, task, found, at=asked.at, now=now)
        beside = await queue.beside(session, task) if asked.at is None and rules is None else ()
        compared = [await comparing.versus(session, task.id, other, policy, **when) for other in beside]
        told.beside = tuple(each.sentence for each in compared)
    return told


def _parts(told: Told, *, every: bool) -> "list[RenderableType]":
    parts: list[RenderableType] = []
    if told.score is not None:
        parts += why_view(told.task, told.score, told.beside, every=every)
    if told.versus is not None:
        parts += _versus_view(told.versus)
    if told.what_if is not None:
        parts += _what_if_view(told.what_if)
    if told.forecast is not None:
        parts += _forecast_view(told.forecast)
    return parts


def _status(task: "TaskOut") -> str:
    """Why it is not in the queue."""
    words = task.status.replace("_", " ").capitalize()
    if task.snoozed_until:
        return f"{words} until {task.snoozed_until:%a %d %b %Y %H:%M} UTC."
    return f"{words}: {task.status_reason}" if task.status_reason else f"{words}."


def why_view(
    task: "TaskOut", score: "ScoreOut", beside: tuple[str, ...] = (), *, every: bool = False
) -> "list[RenderableType]":
    """The explanation: where the task stands, the sum line by line, and what gave nothing."""
    from rich.table import Table  # noqa: PLC0415 - heavy
    from rich.text import Text  # noqa: PLC0415

    head = Text.assemble(
        (f"{task.title}\n", "bold"),
        (score.band.upper(), BAND_STYLE[score.band]),
        f"  {score.points} points",
        "" if score.points == score.score else f", shown as {score.score}",
        "" if score.tier == "normal" else f", {score.tier}",
        (f"  by the ruleset {score.ruleset.name}, version {score.ruleset.version}", "dim"),
        "" if task.status == "open" else f"\n{_status(task)}",
    )
    table = Table(box=None, padding=(0, 1), show_header=False, expand=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for line in score.contributions:
        said = Text(line.because)
        if line.quote and line.quote not in line.because:
            said.append(f"\n«{line.quote}»", style="dim italic")
        table.add_row(f"{line.points:+}", said)
    table.add_row(Text(f"= {score.points}", style="bold"), "")
    parts: list[RenderableType] = [head, "", table]
    if score.valid_until:
        parts += [Text(f"Time alone changes nothing before {_moment(score.valid_until)}.", style="dim")]
    parts += [Text(_clock_said(clock), style=_STATE_STYLE[clock.state]) for clock in score.clocks]
    if score.rank is not None:
        parts += ["", Text(f"Place {score.rank} in the queue.")]
    parts += [Text(f"{sentence}.", style="dim") for sentence in beside]
    return [*parts, *_also_checked(score, every=every)]


_STATE_STYLE = {"on_track": "dim", "at_risk": "yellow", "breached": "bold red"}


def _clock_said(clock: "ClockOut") -> str:
    """«First response: at risk, 5 h of 8 h have run; breached at Tue 3 Mar 2026 14:00 UTC»."""
    ran, within = (f"{s // 3600:,} h" if s >= 3600 else f"{s // 60} min" for s in (clock.elapsed_s, clock.within_s))
    hours = f" ({clock.calendar})" if clock.calendar else ""
    said = f"{clock.title}: {clock.state.replace('_', ' ')}, {ran} of {within}{hours}"
    said += " have run" if clock.running else " had run when it stopped"
    following = next((mark for mark in clock.marks if mark.at and mark.at > datetime.now(UTC)), None)
    if following is None or following.at is None or not clock.running:
        return said
    what = "breached" if following.percent == 100 else f"{following.percent} %"
    return f"{said}; {what} at {_moment(following.at)}"


def _moment(at: datetime) -> str:
    return f"{at:%a %d %b %Y %H:%M} UTC"


def _versus_view(found: "VersusOut") -> "list[RenderableType]":
    from rich.table import Table  # noqa: PLC0415 - heavy
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, padding=(0, 1), header_style="dim", show_edge=False)
    for title in (f"task {found.task.task}", f"task {found.other.task}", "difference"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("rule", overflow="fold")
    for line in found.lines:
        given = (f"{each:+}" if each else "" for each in (line.points, line.other_points, line.difference))
        table.add_row(*given, Text(line.title))
    total = [f"{each}" for each in (found.task.points, found.other.points, f"{found.difference:+}")]
    table.add_row(*(Text(each, style="bold") for each in total), "")
    return [Text(found.sentence, style="bold"), "", table]


def _what_if_view(found: "WhatIfOut") -> "list[RenderableType]":
    from rich.text import Text  # noqa: PLC0415 - heavy

    rank = "" if found.now.rank is None else f", place {found.now.rank}"
    head = f"{found.goal.sentence}\nNow {found.now.points} points, {found.now.band}{rank}."
    if found.goal.holds:
        return [Text(f"{head} It is so already.")]
    parts: list[RenderableType] = [Text(head), ""]
    if found.changes:
        parts += [Text("Each of these alone is enough, the cheapest first:", style="dim")]
        return [*parts, *(Text(f"  {_supposed(each)}") for each in found.changes)]
    if found.closest is None:
        return [*parts, Text("Nothing that a person can change here would bring it nearer.")]
    missing = f", {-found.closest.beyond} below the goal" if found.closest.beyond < 0 else ""
    return [*parts, Text("Nothing alone is enough. Closest:"), Text(f"  {_supposed(found.closest)}{missing}")]


def _supposed(change: "SuppositionOut") -> str:
    rank = "" if change.rank_after is None else f", place {change.rank_after}"
    return f"{change.sentence}: {change.points_after} points, {change.band_after}{rank}"


def _forecast_view(found: "ForecastOut") -> "list[RenderableType]":
    from rich.table import Table  # noqa: PLC0415 - heavy
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, padding=(0, 1), header_style="dim", show_edge=False)
    table.add_column("from", no_wrap=True)
    table.add_column("points", justify="right")
    table.add_column("band")
    table.add_column("place", justify="right")
    table.add_column("because", ratio=1, overflow="fold")
    for line in found.changes[:_MOST_SHOWN]:
        rank = "" if line.rank is None else str(line.rank)
        table.add_row(
            _moment(line.at),
            str(line.points),
            Text(line.band, BAND_STYLE[line.band]),
            rank,
            Text(line.because or "now"),
        )
    more = len(found.changes[_MOST_SHOWN:]) + found.left_out
    parts: list[RenderableType] = [Text(found.sentence, style="bold"), "", table]
    if more:
        parts.append(Text(f"… and {more} more changes up to {_moment(found.until)}", style="dim"))
    of = found.compared
    return [*parts, Text(f"Compared with {of.tasks:,} of {of.of:,} other open tasks.", style="dim")]


def _also_checked(score: "ScoreOut", *, every: bool) -> "list[RenderableType]":
    """Rules that gave nothing: by name, or with `every` each with its reason."""
    from rich.text import Text  # noqa: PLC0415 - heavy

    if not score.also_checked:
        return []
    if every:
        lines = [f"  {c.title}: {c.because}" for c in score.also_checked]
        return ["", Text("Also checked, without points:", style="dim"), *(Text(line, style="dim") for line in lines)]
    told = {"no": "does not hold", "unknown": "not known", "error": "could not be applied"}
    lines = []
    for outcome, words in told.items():
        if titles := [c.title for c in score.also_checked if c.outcome == outcome]:
            lines.append(f"  {words}: {', '.join(titles)}")
    head = "Also checked, without points (--all says of each why):"
    return ["", Text(head, style="dim"), *(Text(line, style="dim") for line in lines)]
