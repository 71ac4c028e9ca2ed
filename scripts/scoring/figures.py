"""How well points rank texts: figures that need no threshold."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from random import Random

Points = Sequence[int]


def area_under_curve(points: Points, labels: Sequence[bool]) -> float:
    """How often a yes has more points than a no; equal points count half. 0.5 is chance."""
    yes = [some for some, label in zip(points, labels, strict=True) if label]
    no = sorted(some for some, label in zip(points, labels, strict=True) if not label)
    wins = sum(bisect_left(no, some) + bisect_right(no, some) for some in yes) / 2
    return wins / (len(yes) * len(no))


def interval(points: Points, labels: Sequence[bool], *, samples: int = 500, seed: int = 1) -> tuple[float, float]:
    """Between which the area lies in 95 of 100 samples drawn, with replacement, from the yes and from the no."""
    yes = [some for some, label in zip(points, labels, strict=True) if label]
    no = [some for some, label in zip(points, labels, strict=True) if not label]
    drawn = Random(seed)
    told = [True] * len(yes) + [False] * len(no)
    areas = sorted(
        area_under_curve(drawn.choices(yes, k=len(yes)) + drawn.choices(no, k=len(no)), told) for _ in range(samples)
    )
    return areas[int(samples * 0.025)], areas[min(samples - 1, int(samples * 0.975))]


def top_recall(points: Points, labels: Sequence[bool], share: float) -> float:
    """Of all yes, the part that stands within the first `share` of the texts by points.

    Where the border falls among texts of equal points, as many of their yes count as a fair draw would give.
    """
    places = max(1, round(share * len(points)))
    border = sorted(points, reverse=True)[places - 1]
    above = [label for some, label in zip(points, labels, strict=True) if some > border]
    level = [label for some, label in zip(points, labels, strict=True) if some == border]
    return (sum(above) + sum(level) * (places - len(above)) / len(level)) / sum(labels)
