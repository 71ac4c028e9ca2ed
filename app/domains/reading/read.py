"""Reads one message: what it asks, how bad things are, until when, and what else it says, each with its words.

A text is read once, when it arrives, and the result is stored. Equal input gives equal output: there is no
clock and no model. At most `sentences.LONGEST_TEXT` characters are read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from app.domains.reading import asks_table, money, severity_table
from app.domains.reading.deadlines.cues import CUES
from app.domains.reading.deadlines.find import deadlines
from app.domains.reading.mentions import mentions
from app.domains.reading.phrases import Hit, Node, find, tree
from app.domains.reading.scorecard import Card, of_text
from app.domains.reading.sentences import prose, sentences
from app.domains.reading.signals import PROMISE, RESOLVED, SIGNALS, URGENCY
from app.domains.reading.text import Reading, Text, TextFact, Where
from app.domains.reading.thanks import only_thanks
from app.domains.reading.tokens import START, Tokens, tokens
from app.domains.reading.words import LISTS

ASKS = Card(asks_table.ROWS, base=15, clear=50)
SEVERITY = Card(severity_table.ROWS, base=15, clear=40)
CARDS = {"asks": ASKS, "severity": SEVERITY}

_MOST_OF_A_KIND = 20
"""Facts of one name kept of one text; people read perhaps three."""
_CONDITIONS = {"if", "unless", "otherwise", "until", "till", "or"}
"""In a sentence with "I will" they make it a threat or a reckoning, and no promise."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The subject or the text, taken apart."""

    where: Where
    raw: str
    prose: str
    spans: list[tuple[int, int]]
    tokens: Tokens
    hits: dict[str, list[Hit]]

    def fact(self, name: str, value: bool | int | float | str, span: tuple[int, int], points: int = 0) -> TextFact:
        start, end = span
        return TextFact(name, value, self.raw[start:end], start, end, points, self.where)

    def span(self, first: int, after: int) -> tuple[int, int]:
        return self.tokens.starts[first], self.tokens.ends[after - 1]


@cache
def _tree() -> Node:
    """Built at first use: 35 ms that a program which reads nothing does not spend."""
    tables = {name: [row.phrase for row in card.rows] for name, card in CARDS.items()}
    tables["signals"] = [signal.phrase for signal in SIGNALS]
    tables["cues"] = [cue.phrase for cue in CUES]
    return tree(tables, LISTS)


def read(text: Text) -> Reading:
    """Everything the text and its subject say. Raises ValueError where `sent_at` is naive."""
    if text.sent_at is not None and text.sent_at.utcoffset() is None:
        raise ValueError("sent_at has no time zone")
    parts = [_part("subject", text.subject), _part("text", text.text)]
    points = {name: [_points(part, name) for part in parts] for name in CARDS}
    facts = [fact for i, part in enumerate(parts) for fact in _facts(part, text, {k: v[i] for k, v in points.items()})]
    thanks = _thanks(parts[1])
    facts.extend(thanks)
    facts.extend(_money(parts))
    asks = of_text(ASKS, points["asks"][0] + points["asks"][1])
    severity = of_text(SEVERITY, points["severity"][0] + points["severity"][1])
    return Reading(0 if thanks else asks, severity, tuple(facts))


def _part(where: Where, raw: str) -> _Part:
    kept = prose(raw)
    spans = sentences(kept)
    found = tokens(kept, spans)
    return _Part(where, raw, kept, spans, found, find(_tree(), found))


def _points(part: _Part, name: str) -> list[int]:
    """Points of each sentence by one card, in order."""
    card = CARDS[name]
    return [card.score(hits) for hits in _by_sentence(part.tokens.words, part.hits.get(name, []))]


def _by_sentence(words: Sequence[str], hits: Sequence[Hit]) -> Iterator[list[Hit]]:
    starts = [i for i, word in enumerate(words) if word == START]
    k = 0
    for end in [*starts[1:], len(words)] if starts else []:
        first = k
        while k < len(hits) and hits[k].first < end:
            k += 1
        yield list(hits[first:k])


def _facts(part: _Part, text: Text, points: dict[str, list[int]]) -> Iterator[TextFact]:
    for name, card in CARDS.items():
        clear = [(span, some) for span, some in zip(part.spans, points[name], strict=True) if some >= card.clear]
        for span, some in clear[:_MOST_OF_A_KIND]:
            yield part.fact(name, some, span, some)
    for deadline in deadlines(part.tokens, part.hits.get("cues", []), text.sent_at, day_ends=text.day_ends):
        span = part.span(deadline.first, deadline.after)
        yield part.fact("due_at", deadline.at.isoformat(timespec="seconds"), span, deadline.certainty)
        if deadline.demanded:
            yield part.fact("demand", True, span)
        if deadline.appointment:
            yield part.fact("appointment", True, span)
    yield from _signals(part)
    yield from _promises(part)
    yield from _questions(part)
    for span in list(mentions(part.prose, text.our_names))[:1]:
        yield part.fact("mentions_us", True, span)


def _signals(part: _Part) -> Iterator[TextFact]:
    for hit in part.hits.get("signals", [])[:_MOST_OF_A_KIND]:
        signal = SIGNALS[hit.row]
        span = part.span(hit.first, hit.after)
        if signal.fact == URGENCY:
            yield part.fact(URGENCY, part.raw[span[0] : span[1]], span, signal.points)
            if signal.phrase == "urgent":
                yield part.fact("says_urgent", True, span, signal.points)
        elif signal.fact not in {"", PROMISE} and (signal.fact != RESOLVED or _thanked(part)):
            yield part.fact(signal.fact, True, span, signal.points)


def _promises(part: _Part) -> Iterator[TextFact]:
    """The sentences in which the writer says what they will do, whatever anybody else does."""
    hits = [hit for hit in part.hits.get("signals", []) if SIGNALS[hit.row].fact == PROMISE]
    for span in dict.fromkeys(_sentence_at(part, part.tokens.starts[hit.first]) for hit in hits[:_MOST_OF_A_KIND]):
        said = part.raw[slice(*span)].lower()
        if not _CONDITIONS & set(said.split()):
            yield part.fact(PROMISE, True, span)


def _sentence_at(part: _Part, place: int) -> tuple[int, int]:
    return next(span for span in part.spans if place < span[1])


def _thanked(part: _Part) -> bool:
    return any(word in ("thanks", "thank", "thx", "cheers") for word in part.tokens.words)


def _questions(part: _Part) -> Iterator[TextFact]:
    """The first sentence with a question mark behind a word; in an address or in code it asks nothing."""
    words = part.tokens.words
    for i, word in enumerate(words):
        if word == "?" and i and (words[i - 1][0].isalnum() or words[i - 1] in '")'):
            yield part.fact("question", True, _sentence_at(part, part.tokens.starts[i]))
            return


def _thanks(part: _Part) -> list[TextFact]:
    if not only_thanks(part.raw, part.tokens):
        return []
    stripped = part.raw.strip()
    start = part.raw.index(stripped)
    return [part.fact("thanks_only", True, (start, start + len(stripped)))]


def _money(parts: list[_Part]) -> list[TextFact]:
    """The largest amount of both parts."""
    found = [(part, amount) for part in parts if (amount := money.largest(part.prose)) is not None]
    if not found:
        return []
    part, amount = max(found, key=lambda some: some[1].amount)
    span = (amount.start, amount.end)
    return [part.fact("money", amount.amount, span), part.fact("currency", amount.currency, span)]
