"""Sentences for people: templates with {fact} places, filled from facts.

A sentence never says a relative time ("in 3 hours"): it would change without its score changing.
Moments are absolute and in UTC; only the segment of a curve changes which sentence is said.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from app.domains.ranking.facts import Fact, Facts, FactValue

# English, whatever the machine's locale: the same input gives the same bytes everywhere.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PLACE = re.compile(r"\{([^{}]*)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_LONGEST = 160

QUOTE = "quote"
"""The place for the words that are the evidence."""


@lru_cache(maxsize=4096)
def moment_words(moment: datetime) -> str:
    """«Fri 26 Sep 2025 17:00 UTC»."""
    at = moment.astimezone(UTC)
    day = f"{_DAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]} {at.year:04}"
    return f"{day} {at.hour:02}:{at.minute:02} UTC"


def words(value: FactValue) -> str:
    """A fact's value as people write it, in at most 160 characters."""
    if isinstance(value, str):
        text = " ".join(value.split())  # quotes run over lines in mail; a sentence for people does not
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, int):
        text = str(value)
    elif isinstance(value, datetime):
        text = moment_words(value)
    elif isinstance(value, float):
        text = f"{value:,.2f}".removesuffix(".00")
    elif value and isinstance(value[-1], datetime):
        text = f"{'stopped' if len(value) % 2 == 0 else 'running since'} {moment_words(value[-1])}"
    else:
        text = ", ".join(map(str, value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


@dataclass(frozen=True, slots=True)
class Piece:
    """Literal text with places in it. An optional one is left out where one of its places is not known."""

    literals: tuple[str, ...]
    places: tuple[tuple[str, ...], ...]
    optional: bool

    def render(self, facts: Facts, evidence: Fact | None) -> str:
        if not self.places:
            return self.literals[0]
        parts = [self.literals[0]]
        for place, literal in zip(self.places, self.literals[1:], strict=True):
            filling = _fill(place, facts, evidence)
            if filling is None and self.optional:
                return ""
            parts.append("unknown" if filling is None else filling)
            parts.append(literal)
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with places: `{sender_name|sender}` takes the first of the two that is known.

    What stands in brackets is said only where all its places are known: `Names us[: “{quote}”]`.
    """

    text: str
    pieces: tuple[Piece, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What its places name: facts, and perhaps `quote`."""
        return tuple(name for piece in self.pieces for place in piece.places for name in place)

    def render(self, facts: Facts, evidence: Fact | None = None) -> str:
        """The sentence. `evidence` is the fact that the line rests on."""
        if len(self.pieces) == 1:
            return self.pieces[0].render(facts, evidence)
        return "".join([piece.render(facts, evidence) for piece in self.pieces])


def template(text: str) -> Template:
    """Raises ValueError where a brace or a bracket lacks its partner."""
    pieces = [_piece(part, at % 2 == 1) for at, part in enumerate(_OPTIONAL.split(text))]
    return Template(text, tuple(piece for piece in pieces if piece.places or piece.literals != ("",)))


def _piece(text: str, optional: bool) -> Piece:
    if any(mark in _PLACE.sub("", text) for mark in "{}[]"):
        raise ValueError("a brace or a bracket without its partner")
    parts = _PLACE.split(text)
    places = tuple(tuple(name.strip() for name in place.split("|")) for place in parts[1::2])
    return Piece(tuple(parts[0::2]), places, optional)


def _fill(place: tuple[str, ...], facts: Facts, evidence: Fact | None) -> str | None:
    for name in place:
        if name == QUOTE:
            if evidence is not None and evidence.quote is not None:
                return words(evidence.quote)
        elif (fact := facts.get(name)) is not None:
            return words(fact.value)
    return None
