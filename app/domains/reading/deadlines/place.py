"""A cue where it stands, which the readers of dates share."""

from dataclasses import dataclass
from typing import TypeAlias

from app.domains.reading.deadlines.cues import Kind
from app.domains.reading.deadlines.grammar import Moment
from app.domains.reading.phrases import Hit


@dataclass(frozen=True, slots=True)
class Place:
    """A cue with the sentence it stands in, as bounds of tokens."""

    kind: Kind
    strong: bool
    hit: Hit
    begin: int
    end: int


Reading: TypeAlias = tuple[int, Moment]
"""Where a moment begins, and the moment."""
