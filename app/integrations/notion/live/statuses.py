"""What a row's status column can say, and which of it a task's mark asks for. Pure: no call is made here.

Three sorts can be written: a status with its groups, a select, and a check box, which can say done and not done alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.integrations.exports import values
from app.integrations.notion.live.settings import NotionSettings
from app.integrations.writing import Mark

Value = str | bool
"""The chosen option, "" for none; or whether the box is checked."""
SORTS = ("status", "select", "checkbox")
Means = Literal["open", "done", "declined"]


@dataclass(frozen=True, slots=True)
class Column:
    """A table's status column."""

    name: str
    sort: str
    options: tuple[str, ...] = ()
    """In the order of the table."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """Option to «open» or «done», in the order of the groups."""
    sure: bool = True
    """Notion told all options; else they are those that rows were found to have."""

    def means(self, value: Value) -> Means:
        """As the pull reads it: groups first, then words; what nobody knows is open."""
        if isinstance(value, bool):
            return "done" if value else "open"
        said = values.status_of(value)
        group = self.groups.get(value)
        if group == "done":
            return "declined" if said == "declined" else "done"
        return "open" if group else said or "open"

    def first(self, wanted: Means) -> Value | None:
        """The first option that means it; of a select rather the first that says so in words anybody knows."""
        if self.sort == "checkbox":
            return None if wanted == "declined" else wanted == "done"
        known = [each for each in self.ordered if self.means(each) == wanted]
        surely = [each for each in known if each in self.groups or values.status_of(each) == wanted]
        return next(iter(surely or known), None)

    @property
    def ordered(self) -> tuple[str, ...]:
        """A status' options by group, To-do first; a select's as they are."""
        return tuple(dict.fromkeys([*self.groups, *self.options]))

    def called(self, value: Value) -> str:
        """For people: «Done», «checked», «nothing»."""
        if isinstance(value, bool):
            return "checked" if value else "not checked"
        return f"«{value}»" if value else "without a status"


@dataclass(frozen=True, slots=True)
class Ours:
    """What we changed in one row."""

    column: str
    had: Value
    wrote: tuple[Value, ...]
    """What of ours may stand there: the last one, and while a change is under way the one before it."""

    def stands(self, column: Column, now: Value) -> bool:
        return column.name == self.column and any(type(each) is type(now) and each == now for each in self.wrote)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with one row."""

    wanted: Value | None = None
    """None: the row is let be."""
    refused: str = ""


NOTHING = Decision()


def decide(settings: NotionSettings, mark: Mark, column: Column, now: Value, ours: Ours | None) -> Decision:
    """What the row's status is to be; `now` is what it is. `ours` stands there, or is None."""
    named = named_for(settings, mark) if column.sort != "checkbox" else ""
    if named and column.sure and named not in column.options:
        return Decision(refused=f"The column «{column.name}» in Notion has no option «{named}». Correct the settings.")
    if mark == "open":
        return _reopened(column, now, ours, named)
    if mark == "declined" and column.sort != "checkbox":
        return _closed(column, now, ours, named, "declined")
    if mark == "done":
        return _closed(column, now, ours, named, "done")
    if named:
        return Decision(named)
    return _reopened(column, now, ours, "") if ours else NOTHING  # it is not closed, whatever the row had once


def named_for(settings: NotionSettings, mark: Mark) -> str:
    return {
        "done": settings.done_status,
        "declined": settings.declined_status,
        "open": settings.open_status,
        "snoozed": settings.snoozed_status,
        "waiting": settings.waiting_status,
    }[mark]


def _reopened(column: Column, now: Value, ours: Ours | None, named: str) -> Decision:
    if ours and column.means(ours.had) == "open":
        return Decision(ours.had)
    if column.means(now) == "open":
        return Decision(now)
    wanted = named or column.first("open")
    return NOTHING if wanted is None else Decision(wanted)


def _closed(column: Column, now: Value, ours: Ours | None, named: str, wanted: Means) -> Decision:
    """What somebody closed in words of the table's own stays as they said it."""
    if column.means(now) == wanted and not (ours and named):
        return Decision(now)
    found = named or column.first(wanted)
    if found is not None:
        return Decision(found)
    setting = "Status for done" if wanted == "done" else "Status for declined"
    what = f"The column «{column.name}» in Notion has no option that means {wanted}."
    return Decision(refused=f"{what} Name one under «{setting}» in the settings.")
