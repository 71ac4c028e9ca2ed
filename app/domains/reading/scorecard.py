"""A scorecard: phrases with whole points, added up for each sentence. The table is the whole model.

The strongest sentence speaks for the text: a long mail with one clear request asks as clearly as a short one.
Further clear sentences add a little.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.domains.reading.phrases import Hit


class Row(NamedTuple):
    """One line of a scorecard. It counts once for a sentence, however often it is found there."""

    phrase: str
    """As phrases.py reads it."""
    points: int
    says: str
    """What the phrase says about the text, in plain words."""


@dataclass(frozen=True, slots=True)
class Card:
    rows: tuple[Row, ...]
    base: int
    """Points of a sentence that says nothing either way; the rows that take away need something to take."""
    clear: int
    """From so many points on, a sentence is quoted as a fact."""

    def score(self, hits: Iterable[Hit]) -> int:
        """Points of one sentence, 0 to 100."""
        rows = {hit.row for hit in hits}
        return min(100, max(0, self.base + sum(self.rows[row].points for row in rows)))


_EACH_FURTHER, _FURTHER_AT_MOST = 2, 10


def of_text(card: Card, points: Sequence[int]) -> int:
    """Points of a text from those of its sentences, 0 to 100; 0 where there is no sentence."""
    best = max(points, default=0)
    further = sum(1 for some in points if some >= card.clear) - 1
    return min(100, best + min(_FURTHER_AT_MOST, max(0, further) * _EACH_FURTHER))
