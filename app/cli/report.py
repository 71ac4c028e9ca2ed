"""What came of an import, for people to read on a terminal."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.cli import columns
from app.cli.printing import say
from app.cli.running import called

if TYPE_CHECKING:
    from app.domains.connections.run_schemas import RunOut, WarningOut
    from app.integrations.contract import Table

_WARNINGS_SHOWN = 20
_PARTICULARS = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"|\d[\d,.]*")
"""What differs between warnings of one sort: quotes and numbers."""
_STATUSES = {"open": "open", "snoozed": "snoozed", "done": "done", "declined": "declined", "not_for_us": "not for us"}


@dataclass(frozen=True, slots=True)
class Imported:
    """An import that has ended."""

    run: "RunOut"
    tables: "Sequence[Table]"
    """As they were read."""
    new_tasks: Mapping[str, int]
    """How many of the tasks that it made have which status."""
    seen_by: str = ""
    """Who sees what came, where that is not everybody."""


def print_report(imported: Imported, *, all_warnings: bool) -> None:
    """The counts, what the columns meant and the warnings: folded by sort, or with `all_warnings` every one."""
    run = imported.run
    if run.error:
        say(run.error.detail, err=True)
    took = (
        f" in {(run.finished_at - run.started_at).total_seconds():.1f} s" if run.finished_at and run.started_at else ""
    )
    where = f"{run.integration} ({imported.seen_by})" if imported.seen_by else run.integration
    say(f"{run.what} → {where}: read {run.read:,}{took}")
    say(f"  items   {run.new:,} new, {run.updated:,} updated, {run.unchanged:,} unchanged, {run.refused:,} refused")
    if run.new and run.unchanged:
        say("          (unchanged: here already, or twice in what was read)")
    say(f"  tasks   {run.tasks.new:,} new{_which(imported.new_tasks)}, {run.tasks.updated:,} updated")
    if run.context:
        ask = "line or page that asks" if run.context == 1 else "lines or pages that ask"
        say(f"  context {run.context:,} {ask} for no work: kept, and found by search")
    columns.print_meanings(imported.tables)
    _print_warnings(run, every=all_warnings)
    if run.hint:
        say(f"\n{run.hint}")
    if run.new:
        say(f"\nSee what matters: {called()} top")


def _which(tasks: Mapping[str, int]) -> str:
    """What became of new tasks; nothing where all are open, as one expects."""
    if set(tasks) <= {"open"}:
        return ""
    return f" ({', '.join(f'{tasks[status]:,} {words}' for status, words in _STATUSES.items() if status in tasks)})"


def _print_warnings(run: "RunOut", *, every: bool) -> None:
    if not run.warnings_total:
        return
    plural = "" if run.warnings_total == 1 else "s"
    say(f"\n{run.warnings_total:,} warning{plural}; what could be read was kept{_refused(run.refused)}:")
    if every:
        for warning in run.warnings:
            say(f"  {warning.what}: {warning.why}")
        return
    folded = _folded(run.warnings)
    for first, count in folded[:_WARNINGS_SHOWN]:
        say(f"  {first.what}: {first.why}" + (f" (and {count - 1:,} more like it)" if count > 1 else ""))
    if len(folded) == run.warnings_total <= _WARNINGS_SHOWN:
        return  # each one has been named
    rest = len(folded) - _WARNINGS_SHOWN
    more = f"  … and {rest} more sorts. " if rest > 0 else "  "
    say(f"{more}Each one by name: GET /api/v1/sync/runs/{run.id}/warnings, or import with --warnings.")


def _refused(count: int) -> str:
    if count == 1:
        return ", and 1 was refused: it held nothing to keep"
    return f", and {count:,} were refused: they held nothing to keep" if count else ""


def _folded(warnings: "Sequence[WarningOut]") -> "list[tuple[WarningOut, int]]":
    """The first warning of each sort and how many there are of it, the most frequent first."""
    sorts: dict[str, list[WarningOut]] = {}
    for warning in warnings:
        sorts.setdefault(_PARTICULARS.sub("…", warning.why), []).append(warning)
    return sorted(((alike[0], len(alike)) for alike in sorts.values()), key=lambda each: -each[1])
