"""What a person can change about a task, as changes of its facts: the candidates of a counterfactual. Pure.

A change of one thing may change several facts: who has a task says also whether one of us has it; a label changes the
number of labels. Such facts are changed together, as they would be derived.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from app.domains.ranking.catalogue import CATALOGUE
from app.domains.ranking.conditions import Condition
from app.domains.ranking.facts import FactValue
from app.domains.ranking.reasons import moment_words, words
from app.domains.ranking.rules import Ruleset

Cost: TypeAlias = Literal["mark", "due", "assign", "plan", "work"]
COSTS: tuple[Cost, ...] = ("mark", "due", "assign", "plan", "work")
"""From the cheapest: a mark on the task; a promise to others; somebody's time; our own plan; work to be done first."""

MOMENTS: Mapping[str, Cost] = {"due_at": "due", "scheduled_at": "plan"}
"""The moments that a person sets freely."""

_TEXT = re.compile(r"""(?<![\w'"\\])(?:'([^'"\\\n]*)'|"([^'"\\\n]*)")(?!\s+in\s+known\b)""")
_LONGEST_LABEL, _LONGEST_PROJECT = 100, 200


@dataclass(frozen=True, slots=True)
class Means:
    """What is known of a task beside its facts, as far as changing it needs it."""

    us: str | None = None
    """How one of us is named as an assignee; None: nobody said who we are."""
    is_us: Callable[[str], bool | None] = lambda _: None
    """Whether an assignee of that name is one of us; None where nobody said who we are."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that a person can change: the fact, its value before and after (None: unknown), and all the facts that
    change with it."""

    fact: str
    cost: Cost
    before: FactValue | None
    after: FactValue | None
    facts: Mapping[str, FactValue | None] = field(default_factory=dict)

    def said(self, *, widely: bool = False) -> str:
        """What to do, in a few words. `widely`: any earlier moment will do as well, or any later one where it has to
        be made later. Minutes are rounded to the side that will do."""
        after = self.after
        if self.fact == "labels":
            return self._labels_said()
        if self.fact == "blocked":
            left = f"all but {after} of " if after else "all "
            return f"once {left}the open tasks it waits for are done"
        if isinstance(after, datetime) and self.fact in MOMENTS:
            return f"{_MOMENT_SAID[self.fact]} {self._moment_said(after, widely=widely)}"
        if after is None:
            return _CLEARED[self.fact]
        return _SET[self.fact].format(words(after))

    def _labels_said(self) -> str:
        before = self.before if isinstance(self.before, tuple) else ()
        after = self.after if isinstance(self.after, tuple) else ()
        if added := [label for label in after if label not in before]:
            return f"with the label “{added[0]}”"
        return f"without the label “{next(label for label in before if label not in after)}”"

    def _moment_said(self, after: datetime, *, widely: bool) -> str:
        later = isinstance(self.before, datetime) and after > self.before
        minute = after + timedelta(seconds=-after.second % 60) if later else after
        side = "later" if later else "earlier"
        return f"{moment_words(minute)} or {side}" if widely else moment_words(minute)


_MOMENT_SAID = {"due_at": "due by", "scheduled_at": "planned for"}
_SET = {
    "priority": "priority {}",
    "assignee": "assigned to {}",
    "project": "in the project {}",
    "started_at": "once work on it has begun",
}
_CLEARED = {
    "due_at": "without a due date",
    "scheduled_at": "without a planned time",
    "started_at": "as long as nobody works on it",
    "priority": "without a priority",
    "assignee": "assigned to nobody",
    "project": "in no project",
}


def candidates(known: Mapping[str, FactValue], ruleset: Ruleset, now: datetime, means: Means) -> Iterator[Candidate]:
    """Every change but those to another moment, which are without number. `now` is when work could begin."""
    yield from _priorities(known)
    yield from _labels(known, ruleset)
    yield from _assignees(known, ruleset, means)
    yield from _projects(known, ruleset)
    for name, cost in MOMENTS.items():
        if name in known:
            yield _simple(known, name, cost, None)
    yield _simple(known, "started_at", "plan", None if "started_at" in known else now)
    waits_for = known.get("blocked")
    if isinstance(waits_for, int):
        for left in range(waits_for - 1, -1, -1):
            yield _simple(known, "blocked", "work", left)


def changed(known: Mapping[str, FactValue], facts: Mapping[str, FactValue | None]) -> dict[str, FactValue]:
    """Facts with some of them replaced; None: no longer known."""
    values = {**known, **facts}
    return {name: value for name, value in values.items() if value is not None}


def at_moment(known: Mapping[str, FactValue], name: str, at: datetime) -> Candidate:
    """A moment set anew."""
    return _simple(known, name, MOMENTS[name], at)


def _simple(known: Mapping[str, FactValue], name: str, cost: Cost, after: FactValue | None) -> Candidate:
    return Candidate(name, cost, known.get(name), after, {name: after})


def _priorities(known: Mapping[str, FactValue]) -> Iterator[Candidate]:
    for word in (None, *CATALOGUE["priority"].words):
        if word != known.get("priority"):
            yield _simple(known, "priority", "mark", word)


def _labels(known: Mapping[str, FactValue], ruleset: Ruleset) -> Iterator[Candidate]:
    """Those that conditions name, put on or taken off."""
    before = known.get("labels", ())
    assert isinstance(before, tuple)  # noqa: S101 - for the type checker; the catalogue says so
    labels = tuple(str(label) for label in before)
    for label in texts_beside("labels", ruleset):
        if label in labels:
            after = tuple(each for each in labels if each != label)
        elif label.strip() == label and len(label) <= _LONGEST_LABEL:
            after = tuple(sorted({*labels, label}))
        else:
            continue
        facts: dict[str, FactValue | None] = {"labels": after or None, "label_count": len(after)}
        yield Candidate("labels", "mark", labels, after, facts)


def _assignees(known: Mapping[str, FactValue], ruleset: Ruleset, means: Means) -> Iterator[Candidate]:
    present = known.get("assignee")
    names: list[str | None] = [None] if present is not None else []
    if means.us is not None and known.get("assigned_to_us") is not True:
        names.append(means.us)
    names += texts_beside("assignee", ruleset)
    for name in dict.fromkeys(names):
        if name != present:
            ours = None if name is None else means.is_us(name)
            facts: dict[str, FactValue | None] = {"assignee": name, "assigned_to_us": ours}
            yield Candidate("assignee", "assign", present, name, facts)


def _projects(known: Mapping[str, FactValue], ruleset: Ruleset) -> Iterator[Candidate]:
    present = known.get("project")
    names = texts_beside("project", ruleset)
    for name in (*([None] if present is not None else []), *names):
        if name != present and (name is None or len(name) <= _LONGEST_PROJECT):
            yield _simple(known, "project", "plan", name)


def texts_beside(fact: str, ruleset: Ruleset) -> list[str]:
    """The texts in the conditions that name a fact. Some may be meant for another fact of the same condition: then
    they change nothing."""
    found = (one or other for condition in naming(fact, ruleset) for one, other in _TEXT.findall(condition.text))
    return list(dict.fromkeys(text for text in found if text))


def naming(fact: str, ruleset: Ruleset) -> list[Condition]:
    """The conditions that name a fact."""
    found = [rule.condition for rule in ruleset.rules]
    found += [override.condition for override in ruleset.overrides]
    found += [target.condition for target in ruleset.targets]
    return [condition for condition in found if condition is not None and fact in condition.names]
