"""Rules that could not be applied to a task: which, how often, and why. Pure.

Such a rule stops nothing and gives the task a line that says so; here they are counted, so that somebody mends them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.domains.ranking.conditions import Undecided
from app.domains.ranking.sheet import Sheet

FIRST_TASKS = 5
"""So many tasks are named for each rule."""


@dataclass(frozen=True, slots=True)
class Failing:
    """A rule or override, and the tasks it could not be applied to."""

    rule: str
    title: str
    tasks: int
    first: tuple[int, ...]
    """The ids of the first of them."""
    because: str
    """Why, at the first of them."""


class Failures:
    """Counts while sheets come by, in the order of the tasks."""

    def __init__(self) -> None:
        self._titles: dict[str, str] = {}
        self._reasons: dict[str, str] = {}
        self._first: dict[str, list[int]] = {}
        self._counts: dict[str, int] = {}

    def look(self, task: int, sheet: Sheet) -> None:
        for entry, why, _ in sheet.off:
            if type(why) is Undecided and why.outcome == "error":
                self._counts[entry.id] = self._counts.get(entry.id, 0) + 1
                self._titles.setdefault(entry.id, entry.title)
                self._reasons.setdefault(entry.id, why.because)
                first = self._first.setdefault(entry.id, [])
                if len(first) < FIRST_TASKS:
                    first.append(task)

    def __iter__(self) -> Iterator[Failing]:
        """Those that failed most often first."""
        for rule in sorted(self._counts, key=lambda rule: (-self._counts[rule], rule)):
            tasks, first = self._counts[rule], tuple(self._first[rule])
            yield Failing(rule, self._titles[rule], tasks, first, self._reasons[rule])
