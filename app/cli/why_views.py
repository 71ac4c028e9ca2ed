"""What `watchfloor why` prints: the sum line by line, a comparison, what would have to change, and the week ahead."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from app.cli.hints import stale_hint
from app.cli.queue import BAND_STYLE
from app.cli.times import moment_said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from app.domains.tasks.schemas import TaskOut
    from app.domains.tasks.score.schemas import ClockOut, ScoreOut
    from app.workflows.why.schemas import ForecastLine, ForecastOut, SuppositionOut, VersusOut, WhatIfOut

_TOP = 10
"""So many tasks are the first ones."""


def _status(task: "TaskOut") -> str:
    """Why it is not in the queue."""
    words = task.status.replace("_", " ").capitalize()
    if task.snoozed_until:
        return f"{words} until {task.snoozed_until:%a %d %b %Y %H:%M} UTC."
    return f"{words}: {task.status_reason}" if task.status_reason else f"{words}."


def why_view(
    task: "TaskOut",
    score: "ScoreOut",
    beside: tuple[str, ...] = (),
    *,
    at: datetime | None = None,
    every: bool = False,
) -> "list[RenderableType]":
    """The explanation: where the task stands, or stood at the time asked for, the sum line by line, and what gave
    nothing."""
    from rich.table import Table  # noqa: PLC0415 - heavy
    from rich.text import Text  # noqa: PLC0415

    head = Text.assemble(
        (f"{task.title}\n", "bold"),
        ("Sample data: an invented company.\n" if task.source.sample else "", "yellow"),
        (score.band.upper(), BAND_STYLE[score.band]),
        f"  {_counted(score.points, 'point')}",
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
    if not score.contributions:
        table.add_row("", Text("Nothing gives it points.", style="dim"))
    table.add_row(Text(f"= {score.points}", style="bold"), "")
    parts: list[RenderableType] = [head, *then_view(task, at, score.basis), "", table]
    if score.valid_until:
        parts += [Text(f"Time alone changes nothing before {moment_said(score.valid_until)}.", style="dim")]
    for clock in score.clocks:
        state = _state(clock, task)
        parts.append(Text(_clock_said(clock, state), style=_STATE_STYLE.get(state, "dim")))
    if score.stale is not None:
        parts += ["", Text(stale_hint(score.stale.integration, score.stale.since), style="yellow")]
    if score.rank is not None:
        parts += ["", Text(f"Place {score.rank} in the queue.")]
    parts += [Text(sentence, style="dim") for sentence in beside]
    return [*parts, *_also_checked(score, every=every)]


def then_view(task: "TaskOut", at: datetime | None, basis: str) -> "list[RenderableType]":
    """The time that was asked for, and what the answer for it rests on; nothing for now."""
    from rich.text import Text  # noqa: PLC0415 - heavy

    if at is None:
        return []
    said = [f"As of {moment_said(at)}."]
    if at < task.created_at:
        said.append(f"It was not here then: it came {moment_said(task.created_at)}.")
    said.append(_TO_COME if at > datetime.now(UTC) else _BASIS[basis])
    return [Text(sentence, style="dim") for sentence in said]


_BASIS = {
    "present": "This rests on what is known now: nothing else is recorded of that time.",
    "recorded": "This rests on what is recorded of that time.",
    "reconstructed": "Nothing is recorded of that time: this rests on what its messages said until then.",
}
_TO_COME = "This rests on what is known now, if nothing changes until then."
_STATE_STYLE = {"at risk": "yellow", "breached": "bold red", "missed": "bold red"}


def _state(clock: "ClockOut", task: "TaskOut") -> str:
    """How it stands. One that was stopped is met or missed; that of the solution only stands still while we wait for
    others."""
    if clock.running:
        return clock.state.replace("_", " ")
    if clock.state == "breached":
        return "missed"
    return "paused" if clock.clock == "resolution" and task.status in ("open", "snoozed") else "met"


def _clock_said(clock: "ClockOut", state: str) -> str:
    """«First response: at risk, 5 h of 8 h have run; breached at Tue 3 Mar 2026 14:00 UTC»."""
    ran, within = (f"{s // 3600:,} h" if s >= 3600 else f"{s // 60} min" for s in (clock.elapsed_s, clock.within_s))
    hours = f" ({clock.calendar})" if clock.calendar else ""
    said = f"{clock.title}: {state}, {ran} of {within}{hours}"
    said += " have run" if clock.running else " had run when it stopped"
    following = next((mark for mark in clock.marks if mark.at and mark.at > datetime.now(UTC)), None)
    if following is None or following.at is None or not clock.running:
        return said
    what = "breached" if following.percent == 100 else f"{following.percent} %"
    return f"{said}; {what} at {moment_said(following.at)}"


def versus_view(found: "VersusOut", at: datetime | None = None) -> "list[RenderableType]":
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
    when = [] if at is None else [Text(f"As of {moment_said(at)}.", style="dim")]
    return [Text(found.sentence, style="bold"), *when, "", table]


def what_if_view(found: "WhatIfOut") -> "list[RenderableType]":
    from rich.text import Text  # noqa: PLC0415 - heavy

    rank = "" if found.now.rank is None else f", place {found.now.rank}"
    head = f"{found.goal.sentence}\nNow {_counted(found.now.points, 'point')}, {found.now.band}{rank}."
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
    return f"{change.sentence}: {_counted(change.points_after, 'point')}, {change.band_after}{rank}"


def forecast_view(found: "ForecastOut", *, every: bool = False) -> "list[RenderableType]":
    """What changes its band, or its standing first or among the first ten, and the last change; `every`: all."""
    from rich.table import Table  # noqa: PLC0415 - heavy
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, padding=(0, 1), header_style="dim", show_edge=False)
    table.add_column("from", no_wrap=True)
    table.add_column("points", justify="right")
    table.add_column("band")
    table.add_column("place", justify="right")
    table.add_column("because", ratio=1, overflow="fold")
    shown = found.changes if every else _turns(found.changes)
    for line in shown:
        rank = "" if line.rank is None else str(line.rank)
        table.add_row(
            moment_said(line.at),
            str(line.points),
            Text(line.band, BAND_STYLE[line.band]),
            rank,
            Text(line.because or "now"),
        )
    parts: list[RenderableType] = [Text(found.sentence, style="bold"), "", table]
    if small := len(found.changes) - len(shown):
        parts.append(Text(f"Not shown: {_counted(small, 'smaller change')} in between: --all", style="dim"))
    if found.left_out:
        parts.append(
            Text(f"… and {_counted(found.left_out, 'more change')} up to {moment_said(found.until)}", style="dim")
        )
    of = found.compared
    return [*parts, Text(f"Compared with {of.tasks:,} of {of.of:,} other open tasks.", style="dim")]


def _turns(lines: "Sequence[ForecastLine]") -> "list[ForecastLine]":
    """The first and the last line, and those between at which something turns."""
    found = list(lines[:1])
    for before, line in pairwise(lines):
        if line is lines[-1] or _where(line) != _where(before):
            found.append(line)
    return found


def _where(line: "ForecastLine") -> tuple[str, bool, bool]:
    """Its band, and whether it stands first and among the first ones."""
    return line.band, line.rank == 1, line.rank is not None and line.rank <= _TOP


def _also_checked(score: "ScoreOut", *, every: bool) -> "list[RenderableType]":
    """Rules that gave nothing: how many, or with `every` each with its reason. What could not be applied is named
    always."""
    from rich.text import Text  # noqa: PLC0415 - heavy

    failed = [each for each in score.also_checked if each.outcome == "error"]
    others = [each for each in score.also_checked if each.outcome != "error"]
    said = [f"Could not be applied: {each.title}: {each.because}" for each in failed]
    if others and every:
        said += ["Also checked, without points:", *(f"  {each.title}: {each.because}" for each in others)]
    elif others:
        unknown = sum(each.outcome == "unknown" for each in others)
        lacking = f", {unknown} of them for lack of facts" if unknown else ""
        gives = "rule that gives" if len(others) == 1 else "rules that give"
        said.append(f"Also checked: {len(others)} {gives} nothing{lacking}: --all")
    return ["", *(Text(line, style="dim") for line in said)] if said else []


def _counted(number: float, of: str) -> str:
    """«1 point», «12 points»."""
    return f"{number} {of}" if number == 1 else f"{number} {of}s"
