"""What is read, and what was read in it."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal, TypeAlias

from app.domains.reading.deadlines.find import DAY_ENDS

Where: TypeAlias = Literal["subject", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One message: its new text only, without quoted history and signature."""

    text: str
    subject: str = ""
    sent_at: datetime | None = None
    """Aware; its own date and UTC offset are the base of relative words. None: they say nothing."""
    our_names: tuple[str, ...] = ()
    day_ends: time = DAY_ENDS
    """The time of a deadline that names only a day."""


@dataclass(frozen=True, slots=True)
class TextFact:
    """One fact with the words that say so."""

    fact: str
    value: bool | int | float | str
    """A moment is RFC 3339 with the offset it was meant in."""
    quote: str
    start: int
    end: int
    """`quote` is the subject's or the text's [start:end]."""
    points: int
    """What the words are worth: the scorecard's points, or for a date how sure its reading is (60-100)."""
    where: Where = "text"


@dataclass(frozen=True, slots=True)
class Reading:
    asks: int
    """0-100: how clearly the text asks its reader to act."""
    severity: int
    """0-100: how much trouble it tells of."""
    facts: tuple[TextFact, ...]
    """In the order of the text, the subject's first."""
