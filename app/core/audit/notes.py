"""What a transaction has changed so far, small enough to be kept: never a secret, never without bound."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from app.core.redaction import bounded, redacted

MOST_CHANGES = 100
"""Of more, one entry says only how many there were: a bulk of 50,000 tasks is told in the tasks' own histories."""
MOST_HAPPENED = 100
LONGEST = 500
"""Characters of a text, and of anything else as JSON."""
_MOST_DIGITS = 2**53
"""Beyond it not every reader of JSON gives back the number that was written."""


UNSAID = "…"
"""Stands for what an entry tells only that it changed."""


@dataclass(frozen=True, slots=True)
class Unsaid:
    """Of such a value an entry tells only that it changed: people's own words, whoever's account it is."""

    value: Any
    when: Callable[[], bool] = field(default=lambda: True, compare=False)
    """Asked when the entry is written: what decides it may be settled after the change was noted."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one target, before and after."""

    target: str
    field: str
    before: Any
    after: Any

    def shown(self) -> dict[str, Any]:
        return {
            "target": text_of(self.target, 200),
            "field": text_of(self.field, 100),
            "before": value_of(self.field, self.before),
            "after": value_of(self.field, self.after),
        }


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that changed no field, in an entry of its own."""

    action: str
    target: str
    facts: Mapping[str, Any]


@dataclass(slots=True)
class Notes:
    """The notes of one transaction."""

    changes: list[Change] = field(default_factory=list)
    omitted: int = 0
    happened: list[Happening] = field(default_factory=list)
    asked: bool = False
    """Whether somebody asked for a change, so that there is an entry even where nothing is noted."""

    def add(self, target: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> None:
        if before is None or after is None:
            self._one(Change(target, "exists", before is not None, after is not None))
        old, new = before or {}, after or {}
        for name in (*new, *(each for each in old if each not in new)):
            if old.get(name) != new.get(name):
                self._one(Change(target, name, old.get(name), new.get(name)))

    def _one(self, change: Change) -> None:
        if len(self.changes) < MOST_CHANGES:
            self.changes.append(change)
        else:
            self.omitted += 1


def value_of(name: str, value: Any) -> Any:
    """A value as an entry holds it: plain JSON, short, nothing of it a secret."""
    plain = _plain(value)
    found = redacted({name: plain})
    kept, cut = bounded(next(iter(found.values())), LONGEST)
    return text_of(kept, LONGEST) if cut and isinstance(kept, str) else kept


def text_of(text: str, most: int) -> str:
    """A text that every database takes, of at most `most` characters."""
    clean = text.replace("\x00", "�").encode("utf-8", "replace").decode()
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


def _plain(value: Any) -> Any:
    if isinstance(value, Unsaid):
        if not value.when():
            return _plain(value.value)
        return None if value.value in (None, "") else UNSAID
    if isinstance(value, str):
        return str(value)  # also one of an enumeration
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < _MOST_DIGITS else str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_plain(each) for each in value), key=str)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value)  # fractions too: as a text they read the same everywhere
