"""A preview as people read it: the answer in a sentence first, then who moves, then why."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from app.cli import printing
from app.cli.rules.firing import beside, silent_or_cut
from app.cli.rules.looking import counted, named, print_changes
from app.cli.running import called

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from app.domains.rulesets.schemas import ChangeOut
    from app.domains.tasks.schemas import Number
    from app.domains.tasks.score.schemas import ContributionOut, ScoreOut
    from app.workflows.rules.schemas import HistoryOut, LateOut, MoverOut, PlacedOut, RulesetPreviewOut

_MOVERS, _LINES, _LATE, _CHANGES = 5, 4, 10, 8
_OF_ITSELF = {("setting", "name"), ("setting", "version"), ("setting", "description")}


def print_preview(found: "RulesetPreviewOut", draft: str, *, stored: bool) -> None:
    """`draft` is what the person called it: a file, or one that is stored."""

    console = printing.console(highlight=False)
    console.print(sentence(found), style="bold", soft_wrap=True)
    for warning in (*(each.sentence for each in found.warnings), *silent_or_cut(found.rules, found.tasks)):
        console.print(f"! {warning}", style="yellow", soft_wrap=True)
    called_so = draft if stored else f"{found.draft.name} ({draft})"
    console.print(f"\n{called_so} against {named(found.against)}:", soft_wrap=True)
    changes = telling(found.changes)
    print_changes(changes[:_CHANGES], beside(found.rules, found.tasks))
    if len(changes) > _CHANGES:
        console.print(f"  … and {counted(len(changes) - _CHANGES, 'more change')}")
    if found.top_after:
        console.print("\nThe top of the queue", style="bold")
        console.print(_tops(found.top_before, found.top_after))
    _print_movers(console, "Rising most", found.movers.up)
    _print_movers(console, "Falling most", found.movers.down)
    if found.history:
        _print_history(console, found.history)
    if found.moved:
        verb = f"activate {draft.replace('@', ' ')}" if stored else f"apply {draft}"
        console.print(f"\nLet it rank: {called()} rules {verb}", soft_wrap=True)


def telling(changes: "Sequence[ChangeOut]") -> "Sequence[ChangeOut]":
    """Without what a ruleset says of itself, unless nothing else changed."""
    return [each for each in changes if (each.section, each.id) not in _OF_ITSELF] or changes


def sentence(found: "RulesetPreviewOut") -> str:
    """«37 of 640 open tasks would move; 3 come into now, 1 leaves it.»"""
    whole = found.tasks == found.of
    among = counted(found.tasks, "open task") if whole else f"the first {found.tasks:,} open tasks, of {found.of:,},"
    if not found.moved:
        keep = "keeps its place" if found.tasks == 1 else "keep their places"
        points = f"; {counted(found.other_points, 'task')} would have other points" if found.other_points else ""
        return f"No task would move: {among} {keep}{points}."
    told = [f"{found.moved:,} of {among} would move; {_passing(found.bands.now.came, found.bands.now.left)}."]
    if found.by_themselves < found.moved:
        own = found.by_themselves
        told.append(f"{own:,} by {'itself' if own == 1 else 'themselves'}, the others make way.")
    return " ".join(told)


def _passing(came: int, left: int) -> str:
    comes = f"{came:,} {'comes' if came == 1 else 'come'} into now"
    leaves = f"{left:,} {'leaves' if left == 1 else 'leave'}"
    if came and left:
        return f"{comes}, {leaves} it"
    if came or left:
        return comes if came else f"{leaves} now"
    return "none comes into now or leaves it"


def _tops(before: "Sequence[PlacedOut]", after: "Sequence[PlacedOut]") -> "RenderableType":
    """Side by side: as it is, and as it would be, with how far each has come."""
    from rich.table import Table  # noqa: PLC0415 - heavy

    table = Table(box=None, padding=(0, 1), expand=True, show_edge=False, header_style="dim")
    table.add_column("#", justify="right", style="dim")
    for title in ("now", "then"):
        table.add_column("", justify="right", no_wrap=True)
        table.add_column(title, ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column("", no_wrap=True)
    for rank, (old, new) in enumerate(zip_longest(before, after), 1):
        table.add_row(str(rank), str(old.points_before), _cell(old), str(new.points_after), _cell(new), _arrow(new))
    return table


def _cell(task: "PlacedOut") -> Any:
    from rich.text import Text  # noqa: PLC0415 - heavy

    return Text(task.title)


def _arrow(task: "PlacedOut") -> str:
    places = task.rank_before - task.rank_after
    return f"{'↑' if places > 0 else '↓'} {abs(places)}" if places else "="


def _print_movers(console: "Console", title: str, movers: "Sequence[MoverOut]") -> None:
    from rich.padding import Padding  # noqa: PLC0415 - heavy
    from rich.text import Text  # noqa: PLC0415

    if movers:
        console.print(f"\n{title}", style="bold")
    for mover in movers[:_MOVERS]:
        bands = "" if mover.band_before == mover.band_after else f", {mover.band_before} → {mover.band_after}"
        head = f"{_arrow(mover)}  #{mover.rank_before} → #{mover.rank_after}  {mover.title} (task {mover.task})"
        console.print(Padding(Text(head), (0, 0, 0, 2), expand=False))
        points = Text(f"{mover.points_before} → {mover.points_after} points{bands}", style="dim")
        for line in (points, *map(Text, difference(mover.before, mover.after))):
            console.print(Padding(line, (0, 0, 0, 7), expand=False))


def difference(before: "ScoreOut", after: "ScoreOut") -> Iterator[str]:
    """The lines that make the difference, the heaviest first; then those that only say something else."""
    old, new = ({line.rule: line for line in score.contributions} for score in (before, after))
    changes = [
        (_points(new.get(rule)) - _points(old.get(rule)), said)
        for rule in dict.fromkeys([*new, *old])
        if (said := _told(old.get(rule), new.get(rule)))
    ]
    if before.tier != after.tier:
        yield f"{before.tier} → {after.tier}"
    elif not any(points for points, _ in changes):
        yield "It keeps its points: others pass it."
    changes.sort(key=lambda change: -abs(change[0]))
    for points, said in changes[:_LINES]:
        yield f"{round(points, 3):+}  {said}" if points else f" 0  {said}"
    if len(changes) > _LINES:
        yield f"… and {counted(len(changes) - _LINES, 'more line')}"


def _points(line: "ContributionOut | None") -> "Number":
    return line.points if line else 0


def _told(was: "ContributionOut | None", will: "ContributionOut | None") -> str:
    """What becomes of one line; nothing where it stays as it is."""
    if was is None or will is None:
        return will.because if will else f"no longer: {was.because}" if was else ""
    if was.because != will.because:
        return f"{will.title}: was {was.points:+} ({was.because}), now {will.points:+} ({will.because})"
    return "" if was.points == will.points else f"{will.because}: was {was.points:+}, now {will.points:+}"


def _print_history(console: "Console", history: "HistoryOut") -> None:
    from rich.table import Table  # noqa: PLC0415 - heavy

    console.print(f"\nThe last {counted(history.days, 'day')}", style="bold")
    console.print(history.sentence, soft_wrap=True)
    if history.rows:
        table = Table(box=None, padding=(0, 1), expand=True, show_edge=False, header_style="dim")
        table.add_column("was due", no_wrap=True, min_width=12)
        table.add_column("task", ratio=1, overflow="ellipsis", no_wrap=True)
        for title in ("in top 20", "then in it"):
            table.add_column(title, no_wrap=True, min_width=12)
        table.add_column("earlier", justify="right", no_wrap=True, min_width=8)
        shown = listed(history.rows)
        for row in shown:
            table.add_row(*_late(row))
        console.print(table)
        if history.late > len(shown):
            console.print(f" … and {history.late - len(shown):,} more")
    for note in history.notes:
        console.print(note, style="dim", soft_wrap=True)


def listed(rows: "Sequence[LateOut]") -> "Sequence[LateOut]":
    """The first ten; an eleventh by itself is listed too, for it takes no more room than saying so."""
    return rows if len(rows) <= _LATE + 1 else rows[:_LATE]


def _late(row: "LateOut") -> tuple[str, Any, str, str, str]:
    from rich.text import Text  # noqa: PLC0415 - heavy

    hours = "" if row.earlier_h is None else f"{row.earlier_h:+.1f} h" if row.earlier_h else "the same"
    seen = _day(row.first_in_top_twenty_before), _day(row.first_in_top_twenty_after)
    return _day(row.late_at), Text(row.title), *seen, hours


def _day(at: datetime | None) -> str:
    return "never" if at is None else f"{at:%d %b %H:%M}"
