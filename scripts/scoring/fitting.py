"""Points of rows from labelled texts: a logistic regression that is held near what a person judged.

A row that the texts say nothing about keeps the points it was given; a row that they speak for clearly moves. The
penalty counts squared points away from the judged ones, so it decides how much the texts must say to move a row.
Plain Python: the tables have a few hundred rows and a text has a handful of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

Labels = Sequence[bool]
Rows = Sequence[Sequence[int]]
"""For each text the numbers of the rows found in it."""

POINTS_A_NAT = 15.0
"""So many points make a yes e times as likely against a no. Only a scale: 45 points are odds of twenty to one."""
_STEP = 5
_ROUNDS = 60
_SETTLED = 0.05
"""Points; a round that moves no row further ends the fit."""
_AT_MOST = 55.0


@dataclass(frozen=True, slots=True)
class Fit:
    points: list[float]
    base: float


def fit(found: Rows, labels: Labels, judged: Sequence[float], penalty: float) -> Fit:
    """Points by coordinate descent, yes and no weighing the same in all however many there are of each.

    `penalty` is above 0: with 0.01 a row in a hundred texts moves freely, with 1 hardly any row does.
    """
    weights = _weights(labels)
    where: list[list[int]] = [[] for _ in judged]
    for text, rows in enumerate(found):
        for row in set(rows):
            where[row].append(text)
    points = [float(some) for some in judged]
    margins = [sum(points[row] for row in set(rows)) / POINTS_A_NAT for rows in found]
    everywhere = list(range(len(found)))
    base = 0.0
    for _ in range(_ROUNDS):
        step = _newton(everywhere, margins, labels, weights, 0.0, 0.0)
        base += step * POINTS_A_NAT
        furthest = 0.0
        for row, texts in enumerate(where):
            if not texts:
                continue
            off = (points[row] - judged[row]) / POINTS_A_NAT
            step = _newton(texts, margins, labels, weights, off, penalty)
            points[row] += step * POINTS_A_NAT
            furthest = max(furthest, abs(step) * POINTS_A_NAT)
        if furthest < _SETTLED:
            break
    return Fit(points, base)


def _weights(labels: Labels) -> list[float]:
    """Of each text, so that either label weighs half and all weigh as many as there are."""
    yes = sum(labels)
    share = {True: len(labels) / (2 * max(1, yes)), False: len(labels) / (2 * max(1, len(labels) - yes))}
    return [share[label] for label in labels]


def _newton(
    texts: list[int], margins: list[float], labels: Labels, weights: list[float], off: float, penalty: float
) -> float:
    """One step for one row, at most 1 nat; the margins of its texts move along."""
    slope, curve = penalty * off, penalty + 1e-9
    for text in texts:
        chance = 1 / (1 + exp(-max(-30.0, min(30.0, margins[text]))))
        slope += weights[text] * (chance - labels[text])
        curve += weights[text] * max(chance * (1 - chance), 0.02)
    step = max(-1.0, min(1.0, -slope / curve))
    for text in texts:
        margins[text] += step
    return step


def rounded(points: float) -> int:
    """The nearest whole multiple of 5, within -55 to 55."""
    held = max(-_AT_MOST, min(_AT_MOST, points))
    return int(_STEP * round(held / _STEP))
