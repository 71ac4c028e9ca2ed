"""Goals in words, and what they mean to the ranking: «first», «top10», «above:9», «band:now», «points:80»."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from app.domains.ranking import Ruleset
from app.domains.ranking.explanation import TIER_ORDER, BandName, OrderKey
from app.domains.ranking.reasons import words
from app.domains.ranking.why.comparison import counted
from app.domains.ranking.why.counterfactual import Goal, goal_of_band, thousandths
from app.domains.ranking.why.foresight import TOP

WISH = r"^(first|top10|above:[0-9]{1,10}|band:(now|next|later)|points:-?[0-9]{1,9}(\.[0-9]{1,3})?)$"

WISHES = "first, top10, above:ID, band:now (or next, later) or points:N"
"""The same for people."""

Kind = Literal["first", "top10", "above", "band", "points"]
_PLACES: Mapping[str, tuple[Kind, int, str]] = {
    "first": ("first", 1, "First"),
    "top10": ("top10", TOP, "In the top 10"),
}
_BANDS: Mapping[str, BandName] = {"now": "now", "next": "next", "later": "later"}


@dataclass(frozen=True, slots=True)
class Rival:
    """A task in the order, and its title."""

    key: OrderKey
    title: str

    @property
    def id(self) -> int:
        return self.key[-1]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a task."""

    kind: Kind
    goal: Goal | None
    """None: there are too few other tasks for it not to be so."""
    sentence: str
    rival: Rival | None = None
    """The task to stand above."""

    def needs(self, own: OrderKey, ruleset: Ruleset) -> int | None:
        """So many thousandths of points are enough for a task with that key; None: no points are."""
        if self.goal is None or self.goal.above is None:
            return None if self.goal is None else self.goal.needs
        above = self.goal.above
        if above[0] < own[0]:
            return None
        return self.goal.needs if own[2:] < above[2:] else self.goal.needs + thousandths(ruleset.points(1))


def is_wish(text: str) -> bool:
    return re.fullmatch(WISH, text) is not None


def checked(text: str) -> str:
    """The same text. Raises ValueError with a sentence for one that is no wish."""
    if not is_wish(text):
        raise ValueError(f"must be {WISHES}")
    return text


def above_id(wish: str) -> int | None:
    """The id of the task to stand above, where the wish names one."""
    return int(wish.removeprefix("above:")) if wish.startswith("above:") else None


def read(wish: str, rivals: Sequence[Rival], named: Rival | None, ruleset: Ruleset) -> Wish:
    """A wish of the form WISH. `rivals` are in order; `named` is the one that «above» names."""
    if named is not None:
        return Wish("above", Goal(above=named.key), f"Above {_told(named, ruleset)}.", named)
    if wish in _PLACES:
        kind, place, said = _PLACES[wish]
        if len(rivals) < place:
            return Wish(kind, None, f"{said}: there {_count(len(rivals))}.")
        rival = rivals[place - 1]
        return Wish(kind, Goal(above=rival.key), f"{said}: above {_told(rival, ruleset)}.", rival)
    kind_, _, value = wish.partition(":")
    if kind_ == "band":
        goal = goal_of_band(_BANDS[value], ruleset)
        return Wish("band", goal, f"In the band {value}: at least {_points(goal.needs)}.")
    milli = thousandths(Decimal(value))
    return Wish("points", Goal(milli=milli), f"At least {_points(milli)}.")


def _told(rival: Rival, ruleset: Ruleset) -> str:
    pinned = ", and is pinned" if rival.key[0] == TIER_ORDER["pinned"] else ""
    return f"“{words(rival.title)}”, which stands at {_points(-rival.key[1])}{pinned}"


def _points(milli: int) -> str:
    return counted(Decimal(milli).scaleb(-3))


def _count(others: int) -> str:
    return "is one other open task" if others == 1 else f"are {others or 'no'} other open tasks"
