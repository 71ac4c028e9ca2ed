"""Invented people who drag tasks, and the queues they drag in: for what is learned from them."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from app.domains.ranking.engine import score
from app.domains.ranking.facts import Fact, FactValue
from app.domains.ranking.learning.drags import Drag, lines_of
from app.domains.ranking.learning.learnable import Numbers, changed, learnable
from app.domains.ranking.learning.learning import Proposal, propose
from app.domains.ranking.rules import Ruleset
from app.domains.ranking.ruleset import default
from tests.domains.ranking.strategies import NOW

FIRST = date(2026, 3, 2)
WRONG = 0.05
"""So often a drag is a mistake: what stands rightly is turned round."""

Lines = dict[str, int]


def _facts(chance: random.Random) -> dict[str, Fact]:
    """A task as mail makes them: few have a deadline, most have somebody who waits."""

    def ago(mean: float) -> FactValue:
        return NOW - timedelta(hours=chance.expovariate(1 / mean))

    values: dict[str, FactValue] = {
        "turn": chance.choice(["ours", "ours", "theirs"]),
        "turn_since": ago(100),
        "last_item_at": ago(200),
        "opened_at": NOW - timedelta(hours=500),
        "unanswered": chance.random() < 0.5,
        "question": chance.random() < 0.3,
        "escalation": chance.random() < 0.1,
        "follow_ups": chance.choice([0, 0, 0, 1, 2, 4]),
        "sender_important": chance.random() < 0.15,
        "addressed": chance.choice(["direct", "list", "cc"]),
        "starred": chance.random() < 0.15,
        "marked_important": chance.random() < 0.1,
        "assigned_to_us": chance.random() < 0.3,
        "mentions_us": chance.random() < 0.1,
        "blocking": chance.choice([0, 0, 0, 1, 3]),
        "says_urgent": chance.random() < 0.15,
    }
    some: dict[str, tuple[float, FactValue]] = {
        "due_at": (0.35, NOW + timedelta(hours=chance.uniform(-100, 240))),
        "asks": (0.7, chance.randint(0, 100)),
        "severity": (0.5, chance.randint(0, 100)),
        "priority": (0.3, chance.choice(["urgent", "high", "low"])),
        "money": (0.2, chance.uniform(0, 50_000)),
    }
    values |= {name: value for name, (share, value) in some.items() if chance.random() < share}
    return {name: Fact(value=value) for name, value in values.items()}


def _wanted(chance: random.Random, ruleset: Ruleset) -> Ruleset:
    """What somebody really means: eight rules count for 40 or 50 % more, or less."""
    rules = learnable(ruleset, {})
    numbers: dict[str, Numbers] = {}
    for rule in chance.sample(sorted(rules), 8):
        share = chance.choice([0.5, 0.6, 1.4, 1.5])
        numbers[rule] = tuple(
            max(round(number * share / 1000), 1) * 1000 if number else 0 for number in rules[rule].now
        )
    return changed(ruleset, numbers)


@dataclass
class Office:
    """A queue of 150 tasks, somebody who sees what stands wrongly in it, and rules that learn from that."""

    seed: int
    ruleset: Ruleset = field(default_factory=default)
    wrong: float = WRONG
    proposals: list[Proposal] = field(default_factory=list)
    drags: list[Drag] = field(default_factory=list)
    origins: dict[str, Numbers] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - the same each time
        self._true = _wanted(self._chance, self.ruleset)
        self._tasks = [_facts(self._chance) for _ in range(150)]
        self._others = [_facts(self._chance) for _ in range(150)]
        """Never dragged: what was learned has to hold for them."""
        self._meant = sums(lines(self._tasks, self._true))

    def agreement(self) -> float:
        """Of all pairs of the tasks that nobody dragged, the share that stands as the person would have it."""
        meant, present = sums(lines(self._others, self._true)), sums(lines(self._others, self.ruleset))
        pairs = [(a, b) for a, b in combinations(range(len(meant)), 2) if meant[a] != meant[b]]
        return sum((meant[a] - meant[b]) * (present[a] - present[b]) > 0 for a, b in pairs) / len(pairs)

    def work(self, days: int, drags_a_day: int = 4) -> None:
        """Somebody drags, and accepts in the evening what is proposed."""
        for _ in range(days):
            found = lines(self._tasks, self.ruleset)
            points = sums(found)
            self.drags = [self._as_of_now(drag, found) for drag in self.drags]
            day = FIRST + timedelta(days=len({drag.day for drag in self.drags}))
            for above, below in self._seen(points, drags_a_day):
                number = len(self.drags) + 1
                drag = Drag(number, day, above, below, found[above], found[below], points[above] > points[below])
                self.drags.append(drag)
            shown = sorted(range(len(points)), key=lambda task: -points[task])[:80]
            made = propose(
                self.ruleset, self.drags, undisputed={task: found[task] for task in shown}, origins=self.origins
            )
            if made is not None:
                self._accept(made)

    def _accept(self, made: Proposal) -> None:
        self.proposals.append(made)
        for change in made.changes:
            self.origins.setdefault(change.rule, change.before)
        self.ruleset = changed(self.ruleset, {change.rule: change.after for change in made.changes})

    def _as_of_now(self, drag: Drag, found: list[Lines]) -> Drag:
        above, below = found[drag.above], found[drag.below]
        return replace(drag, above_lines=above, below_lines=below, agreed=sum(above.values()) > sum(below.values()))

    def _seen(self, points: list[int], count: int) -> Iterator[tuple[int, int]]:
        for _ in range(count):
            mistaken = self._chance.random() < self.wrong
            while True:
                above, below = self._chance.sample(range(len(points)), 2)
                rightly = self._meant[above] > self._meant[below]
                if points[above] < points[below] and self._meant[above] != self._meant[below] and rightly != mistaken:
                    break
            yield above, below


def lines(tasks: list[dict[str, Fact]], ruleset: Ruleset) -> list[Lines]:
    return [lines_of(score(facts, ruleset, NOW)) for facts in tasks]


def sums(found: list[Lines]) -> list[int]:
    return [sum(each.values()) for each in found]


def numbers_by_rule(ruleset: Ruleset) -> Mapping[str, Any]:
    return {rule: known.now for rule, known in learnable(ruleset, {}).items()}
