"""What `watchfloor why` prints: the sum line by line, a comparison, what would have to change, and the week ahead."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.cli.queue import BAND_STYLE

if TYPE_CHECKING:
    from rich.console import RenderableType

    from app.domains.tasks.schemas import TaskOut
    from app.domains.tasks.score.schemas import ClockOut, ScoreOut
    from app.workflows.why.schemas import ForecastOut, SuppositionOut, VersusOut, WhatIfOut

_MOST_SHOWN = 12
"""Changes of a forecast on the screen; JSON has them all."""


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
    if score.basis in _BASIS:
        parts += [Text(_BASIS[score.basis], style="dim")]
    if score.valid_until:
        parts += [Text(f"Time alone changes nothing before {_moment(score.valid_until)}.", style="dim")]
    parts += [Text(_clock_said(clock), style=_STATE_STYLE[clock.state]) for clock in score.clocks]
    if score.rank is not None:
        parts += ["", Text(f"Place {score.rank} in the queue.")]
    parts += [Text(f"{sentence}.", style="dim") for sentence in beside]
    return [*parts, *_also_checked(score, every=every)]


_BASIS = {
    "recorded": "This is the score of that time, from the facts, the rules and the calendars of then.",
    "reconstructed": "Nothing is recorded of that time: this is what its messages said until then, by today's rules.",
}
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


def versus_view(found: "VersusOut") -> "list[RenderableType]":
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


def what_if_view(found: "WhatIfOut") -> "list[RenderableType]":
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


def forecast_view(found: "ForecastOut") -> "list[RenderableType]":
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
