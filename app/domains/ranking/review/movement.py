"""What another ruleset does to a ranking: who moves, between which bands, and whether that looks like a mistake.

From two rankings of the same tasks. Everything in O(n log n), so that it can be asked of a whole queue. Pure.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias, get_args

from app.domains.ranking.explanation import TIER_ORDER, BandName, OrderKey, Points, Tier
from app.domains.ranking.review.failures import Failing

TOP = 10
"""So many tasks of the top are named, before and after."""
MOST_MOVERS = 10
"""So many of the tasks that rise most, and of those that fall most."""
MOST_PASSING = 20
"""So many of the tasks that come into a band, and of those that leave it."""
FEWEST = 10
"""With fewer tasks than this, nothing is said of how they are spread: two tasks are often in one band."""

BANDS: tuple[BandName, ...] = get_args(BandName)
"""From the highest to the lowest."""
CautionCode: TypeAlias = Literal[
    "everything_now", "nothing_now_or_next", "empty_band", "mostly_pinned", "mostly_held", "failing_rule"
]


class Place(NamedTuple):
    """Where a task stands under a ruleset."""

    key: OrderKey
    band: BandName
    points: Points


Ranking: TypeAlias = Mapping[int, Place]
"""By the task's id, in any order: the keys say which."""


@dataclass(frozen=True, slots=True)
class Mover:
    """A task that changes its place. Ranks count from 1."""

    task: int
    rank_before: int
    rank_after: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One band: how many tasks are in it, and who comes and goes."""

    before: int
    after: int
    share_before: float
    """Of all tasks, 0 to 1."""
    share_after: float
    came: int
    first_in: tuple[int, ...]
    """The highest of those that come in, by their new places."""
    left: int
    first_out: tuple[int, ...]
    """The highest of those that leave, by their old places."""


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that looks like a mistake, in a sentence for people."""

    code: CautionCode
    sentence: str
    rule: str | None = None
    """The rule it is about, where it is about one."""


@dataclass(frozen=True, slots=True)
class Movement:
    """The difference between two rankings of the same tasks."""

    tasks: int
    moved: int
    """How many have another place."""
    other_points: int
    """How many have other points, whether they move or not."""
    by_themselves: int
    """The fewest tasks that need to be put elsewhere to get from one order to the other; the rest only makes way."""
    correlation: float | None
    """Kendall's tau: 1 where all pairs stay in their order, -1 where all are turned round, 0 where as many are as are
    not. None for fewer than two tasks."""
    top_before: tuple[int, ...]
    top_after: tuple[int, ...]
    up: tuple[Mover, ...]
    """Those that rise by the most places, of equals those whose points change more."""
    down: tuple[Mover, ...]
    bands: Mapping[BandName, Passage]
    rank_before: Mapping[int, int]
    """Of every task, counted from 1."""
    rank_after: Mapping[int, int]


def movement(before: Ranking, after: Ranking) -> Movement:
    """From one ranking to another. Raises ValueError where they are not of the same tasks."""
    if before.keys() != after.keys():
        raise ValueError("both rankings must be of the same tasks")
    old, new = in_order(before), in_order(after)
    rank_before = {task: rank for rank, task in enumerate(old, 1)}
    places = [rank_before[task] for task in new]
    return Movement(
        tasks=len(old),
        moved=sum(rank != place for rank, place in enumerate(places, 1)),
        other_points=sum(before[task].points != after[task].points for task in new),
        by_themselves=len(places) - _longest_rise(places),
        correlation=correlation(places),
        top_before=tuple(old[:TOP]),
        top_after=tuple(new[:TOP]),
        up=_movers(new, places, before, after, sign=1),
        down=_movers(new, places, before, after, sign=-1),
        bands={band: _passage(band, old, new, before, after) for band in BANDS},
        rank_before=rank_before,
        rank_after={task: rank for rank, task in enumerate(new, 1)},
    )


def in_order(ranking: Ranking) -> list[int]:
    """The tasks from the first to the last."""
    return sorted(ranking, key=lambda task: ranking[task].key)


def correlation(places: Sequence[int]) -> float | None:
    """Kendall's tau of a permutation of 1 to n and its sorted order; None for fewer than two."""
    count = len(places)
    if count < 2:
        return None
    pairs = count * (count - 1) // 2
    return 1 - 2 * _inversions(places) / pairs


def _inversions(places: Sequence[int]) -> int:
    """How many pairs stand the other way round: by a tree of counts (Fenwick, 1994)."""
    size = len(places)
    tree = [0] * (size + 1)
    found = 0
    for seen, place in enumerate(places):
        below, at = 0, place
        while at:
            below += tree[at]
            at &= at - 1
        found += seen - below
        at = place
        while at <= size:
            tree[at] += 1
            at += at & -at
    return found


def _longest_rise(places: Sequence[int]) -> int:
    """The length of the longest rising subsequence: so many can stay where they are, seen from each other."""
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        if at == len(ends):
            ends.append(place)
        else:
            ends[at] = place
    return len(ends)


def _movers(
    new: Sequence[int], places: Sequence[int], before: Ranking, after: Ranking, *, sign: int
) -> tuple[Mover, ...]:
    moving = [
        Mover(task, place, rank)
        for rank, (task, place) in enumerate(zip(new, places, strict=True), 1)
        if sign * (place - rank) > 0
    ]

    def size(mover: Mover) -> tuple[int, Points, int]:
        change = Decimal(after[mover.task].points) - before[mover.task].points
        return -abs(mover.rank_before - mover.rank_after), -abs(change), mover.rank_after

    return tuple(sorted(moving, key=size)[:MOST_MOVERS])


def _passage(band: BandName, old: Sequence[int], new: Sequence[int], before: Ranking, after: Ranking) -> Passage:
    was = [task for task in old if before[task].band == band]
    will = [task for task in new if after[task].band == band]
    came = [task for task in will if before[task].band != band]
    left = [task for task in was if after[task].band != band]
    total = len(old) or 1
    return Passage(
        before=len(was),
        after=len(will),
        share_before=len(was) / total,
        share_after=len(will) / total,
        came=len(came),
        first_in=tuple(came[:MOST_PASSING]),
        left=len(left),
        first_out=tuple(left[:MOST_PASSING]),
    )


def cautions(after: Ranking, failing: Iterable[Failing] = (), before: Ranking | None = None) -> list[Caution]:
    """What looks like a mistake in a ranking: first how the tasks are spread, then the rules that fail.

    With `before`, a band that is empty already is said to be so.
    """
    return [*_spread(after, {place.band for place in (before or {}).values()}), *map(_failing, failing)]


def _spread(after: Ranking, filled: Collection[BandName]) -> list[Caution]:
    total = len(after)
    if total < FEWEST:
        return []
    bands = Counter(place.band for place in after.values())
    found = [] if bands["now"] * 10 < total * 9 else [_everything_now(bands["now"], total)]
    if not bands["now"] and not bands["next"]:
        found.append(
            Caution("nothing_now_or_next", "Nothing would stand in “now” or “next”: nobody is told what to do.")
        )
    elif not found:
        for band in (band for band in BANDS if not bands[band]):
            already = ", as is so already" if filled and band not in filled else ""
            found.append(Caution("empty_band", f"Nothing would stand in “{band}”{already}."))
    tiers = Counter(place.key[0] for place in after.values())
    return [*found, *_tiers(tiers, total)]


def _everything_now(now: int, total: int) -> Caution:
    how_many = "All" if now == total else f"{now:,} of the"
    sentence = f"{how_many} {total:,} tasks would stand in “now”: where everything is urgent, nothing is."
    return Caution("everything_now", sentence)


def _tiers(tiers: Mapping[int, int], total: int) -> list[Caution]:
    said: dict[Tier, tuple[CautionCode, str]] = {
        "pinned": ("mostly_pinned", "pinned: points hardly count any more."),
        "held": ("mostly_held", "held at the end: an override takes in more than it should."),
    }
    return [
        Caution(code, f"More than half of the tasks ({tiers[TIER_ORDER[tier]]:,} of {total:,}) would be {words}")
        for tier, (code, words) in said.items()
        if tiers[TIER_ORDER[tier]] * 2 > total
    ]


def _failing(rule: Failing) -> Caution:
    first = rule.first[0]
    where = f"task {first}" if rule.tasks == 1 else f"{rule.tasks:,} tasks, the first of them {first}"
    why = rule.because.removeprefix("The rule could not be applied: ")
    return Caution("failing_rule", f"The rule “{rule.title}” could not be applied to {where}: {why}", rule.rule)
