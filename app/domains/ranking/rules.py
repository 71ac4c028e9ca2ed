"""What a ruleset is made of. Plain frozen data; `ruleset.parse` makes it from a document, checked.

Points stand here in units: whole multiples of the ruleset's resolution.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from app.domains.ranking.calendars import Calendar
from app.domains.ranking.conditions import Condition, Conditions, Undecided
from app.domains.ranking.curves import Curve
from app.domains.ranking.explanation import BandName, Checked, Points, Tier
from app.domains.ranking.reasons import Template

_MOST_TOLD = 5_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a ruleset's document. Line and column count from 1: within the expression where it is about
    one, else within the document."""

    where: str
    message: str
    line: int | None = None
    column: int | None = None
    rule: str | None = None
    """The id of the rule, override or target it is about."""
    field: str | None = None
    document_line: int | None = None
    """Of the field or table in the text, where it is TOML and that can be told."""

    def __str__(self) -> str:
        column = "" if self.column is None else f", column {self.column}"
        place = "" if self.line is None else f" (line {self.line}{column})"
        return f"{self.where}{place}: {self.message}"


class RulesetInvalid(ValueError):
    """A document that is no ruleset, with everything found wrong in it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Group:
    """Rules whose points together stay between `floor` and `cap`. None: no bound."""

    id: str
    title: str
    cap: int | None = None
    floor: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """How long a clock may run, for the tasks where the condition holds. The first target of a clock that applies
    counts."""

    id: str
    title: str
    clock: str
    """The fact that is the clock."""
    seconds: int
    """Working seconds of the calendar, where it has one."""
    calendar: Calendar | None = None
    condition: Condition | None = None
    marks: tuple[int, ...] = (50, 75)
    """Shares of it, in percent, from which on it is at risk."""


@dataclass(frozen=True, slots=True)
class Share:
    """A curve along the share of a target that a clock has used up: one for each target of that clock, by its id."""

    fact: str
    """The clock."""
    curves: Mapping[str, Curve]


@dataclass(frozen=True, slots=True)
class Inherit:
    """What the open tasks that wait for a task give it."""

    share: Fraction = Fraction(0)
    """Of the points of each of them, where they stand above zero."""
    cap: int | None = None
    """Of all those shares together, in units."""
    at_least: bool = False
    """It stands at least as high as the highest of them …"""
    margin: int = 0
    """… and by so many units higher, where it would stand below it."""
    without: frozenset[str] = frozenset()
    """Ids of rules that don't count there: what waits would stand higher if it did not have to wait."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Gives `units`, or what its `curve` gives, where its condition holds."""

    id: str
    title: str
    say: Template
    units: int = 0
    curve: Curve | Share | None = None
    condition: Condition | None = None
    """None: it always holds; only a rule with a curve can do without."""
    group: str | None = None
    fact: str | None = None
    """The fact its line rests on; None: the curve's, or the first that the condition names."""


@dataclass(frozen=True, slots=True)
class Override:
    """A change after the sum: another tier, or at least `floor`, or at most `ceiling`; one of the three. What must
    never stand above a band has the ceiling just below the next one."""

    id: str
    title: str
    say: Template
    condition: Condition
    tier: Tier | None = None
    floor: int | None = None
    ceiling: int | None = None
    fact: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A name for scores of at least `units`; None: for all that is left."""

    name: BandName
    units: int | None


@dataclass(frozen=True)
class Ruleset:
    """An ordered set of rules. Everything a score depends on besides the facts and the moment."""

    name: str
    version: int
    description: str
    resolution: Decimal
    rules: tuple[Rule, ...]
    groups: Mapping[str, Group]
    overrides: tuple[Override, ...]
    bands: tuple[Band, ...]
    """From the highest to the lowest."""
    digest: str = ""
    """Of the document it was made from and its calendars, 16 hex digits: two rulesets of one name and version may still
    differ."""
    targets: tuple[Target, ...] = ()
    inherit: Inherit | None = None
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    """Those that it names."""
    conditions: Conditions = field(init=False, repr=False, compare=False)
    unmet: Mapping[str, Checked] = field(init=False, repr=False, compare=False)
    """By id: what to say where a condition does not hold. The same for every task, so made once."""
    _step: int | None = field(init=False, repr=False, compare=False)
    _told: dict[tuple[str, str], Checked] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        entries: tuple[Rule | Override, ...] = (*self.rules, *self.overrides)
        conditions = [each.condition for each in (*entries, *self.targets) if each.condition is not None]
        whole = self.resolution == self.resolution.to_integral_value()
        object.__setattr__(self, "conditions", Conditions(conditions))
        object.__setattr__(self, "unmet", {entry.id: _unmet(entry) for entry in entries})
        object.__setattr__(self, "_step", int(self.resolution) if whole else None)

    @property
    def stamp(self) -> str:
        """Name, version and content: what a stored score was made with."""
        return f"{self.name}/{self.version}/{self.digest}"

    def told(self, entry: Rule | Override, why: Undecided) -> Checked:
        """What to say where a condition is not decided. Most tasks lack the same facts, so it is kept."""
        found = self._told.get((entry.id, why.because))
        if found is None:
            found = Checked(entry.id, entry.title, why.outcome, why.because, why.facts)
            if len(self._told) < _MOST_TOLD:
                self._told[entry.id, why.because] = found
        return found

    def points(self, units: int) -> Points:
        """Units as points: an int wherever the resolution is whole."""
        return units * (self._step or self.resolution)

    def band(self, units: int) -> BandName:
        return next(band.name for band in self.bands if band.units is None or units >= band.units)


def _unmet(entry: Rule | Override) -> Checked:
    text, facts = (entry.condition.text, entry.condition.facts) if entry.condition else ("", ())
    return Checked(entry.id, entry.title, "no", f"Not so: {' '.join(text.split())}", facts)
