"""The rows of a scorecard in texts, sentence by sentence, and what points make of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domains.reading import asks_table, severity_table
from app.domains.reading.phrases import Hit, Node, find, tree
from app.domains.reading.read import CARDS
from app.domains.reading.scorecard import Card, Row, of_text
from app.domains.reading.sentences import prose, sentences
from app.domains.reading.tokens import START, tokens
from app.domains.reading.words import LISTS

GROUPS: dict[str, dict[str, tuple[Row, ...]]] = {
    name: {
        group: rows
        for rows, group in sorted(
            ((rows, group) for group, rows in vars(table).items() if group.isupper() and isinstance(rows, tuple)),
            key=lambda pair: CARDS[name].rows.index(pair[0][0]),
        )
        if group != "ROWS"
    }
    for name, table in (("asks", asks_table), ("severity", severity_table))
}
"""The groups of each table in their order."""

Found = list[list[set[int]]]
"""For each text, for each of its sentences, the rows in it."""


@dataclass(frozen=True, slots=True)
class Finder:
    card: Card
    node: Node

    def rows(self, texts: Sequence[str]) -> Found:
        return [_in_sentences(self.node, text) for text in texts]

    def points(self, found: Found, points: Sequence[int]) -> list[int]:
        """Of each text, were the rows worth these points."""
        rows = tuple(row._replace(points=some) for row, some in zip(self.card.rows, points, strict=True))
        card = Card(rows, base=self.card.base, clear=self.card.clear)
        return [of_text(card, [card.score(Hit(row, 0, 0) for row in rows) for rows in text]) for text in found]


def finder(name: str, candidates: Sequence[Row] = ()) -> Finder:
    """For the table of that name with these rows behind its own."""
    rows = (*CARDS[name].rows, *candidates)
    card = Card(rows, base=CARDS[name].base, clear=CARDS[name].clear)
    return Finder(card, tree({name: [row.phrase for row in rows]}, LISTS))


def _in_sentences(node: Node, text: str) -> list[set[int]]:
    kept = prose(text)
    found = tokens(kept, sentences(kept))
    starts = [place for place, word in enumerate(found.words) if word == START]
    rows: list[set[int]] = [set() for _ in starts]
    hits = [hit for some in find(node, found).values() for hit in some]
    for start, after, of_sentence in zip(starts, [*starts[1:], len(found.words)], rows, strict=False):
        of_sentence.update(hit.row for hit in hits if start <= hit.first < after)
    return rows
