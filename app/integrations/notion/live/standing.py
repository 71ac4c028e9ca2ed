"""Where a Notion integration stands between pulls and in the midst of one: its cursor.

It is JSON of some hundred bytes a table. A table's meanings are kept in it, because a guess made again from other rows
could turn out otherwise, and every row would then seem to have changed.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

MOST_AGAIN = 200
TRIES = 5


@dataclass(slots=True)
class Ranged:
    """A range of times of last edit that is being read; both ends belong to it."""

    first: datetime
    last: datetime
    reached: datetime
    """All rows edited before it have been read."""
    start: str | None = None
    """Notion's cursor behind the last page."""
    renewed: datetime | None = None
    """Where it was last given up as expired."""


@dataclass(slots=True)
class TableStanding:
    """How far one table is known."""

    since: datetime
    edited: datetime | None = None
    """Every row last edited up to then was read. None: none yet."""
    range: Ranged | None = None
    columns: dict[str, list[str]] | None = None
    """The columns that mean something: name to meaning and why."""
    groups: dict[str, str] = field(default_factory=dict)
    shape: str = ""
    """Of its schema: where it differs, meanings are found again."""
    asked: str = ""
    """Of the settings that decide how a row is read: where they differ, every row is read again."""
    sampled: int = 0
    """Rows that the meanings were guessed from."""

    def again(self, since: datetime) -> None:
        """Everything of it is to be read anew."""
        self.since, self.edited, self.range = since, None, None


@dataclass(slots=True)
class Listing:
    """A full listing on its way; see listing.py."""

    began: datetime
    floor: datetime
    """Rows edited from then on are read again."""
    at: datetime | None = None
    """All rows created before it are listed. None: it has just begun."""
    looked: int = 0


@dataclass(slots=True)
class Standing:
    """The cursor, opened."""

    began: datetime
    """The end of the first pull's range."""
    listed: datetime
    """When the last full listing began."""
    tables: dict[str, TableStanding] = field(default_factory=dict)
    databases: list[str] = field(default_factory=list)
    """Those that were read last."""
    lost: list[str] = field(default_factory=list)
    """Those that nobody named, were read once and can't be read now: where their rows are, nobody can tell."""
    listing: Listing | None = None
    again: dict[str, int] = field(default_factory=dict)
    """Rows whose content was out of reach, and how often."""

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in _written(asdict(self)).items() if value not in (None, [], {})}

    def missed(self, row: str) -> None:
        """Its content is to be asked for again."""
        tries = self.again.pop(row, 0) + 1
        if tries < TRIES and len(self.again) < MOST_AGAIN:
            self.again[row] = tries


def standing_of(cursor: Mapping[str, Any], until: datetime) -> Standing:
    """The cursor of a pull up to `until`. At the first there is none, and one that can't be read any more is none."""
    try:
        return _standing(cursor) if cursor else Standing(began=until, listed=until)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Standing(began=until, listed=until)


def _standing(cursor: Mapping[str, Any]) -> Standing:
    listing = cursor.get("listing")
    return Standing(
        began=_time(cursor["began"]),
        listed=_time(cursor["listed"]),
        tables={key: _table(said) for key, said in cursor.get("tables", {}).items()},
        databases=list(cursor.get("databases", [])),
        lost=list(cursor.get("lost", [])),
        listing=_listing(listing) if listing else None,
        again=dict(cursor.get("again", {})),
    )


def _table(said: Mapping[str, Any]) -> TableStanding:
    ranged = said.get("range")
    return TableStanding(
        since=_time(said["since"]),
        edited=_time(said["edited"]) if said.get("edited") else None,
        range=_range(ranged) if ranged else None,
        columns=said.get("columns"),
        groups=dict(said.get("groups", {})),
        shape=said.get("shape", ""),
        asked=said.get("asked", ""),
        sampled=said.get("sampled", 0),
    )


def _range(said: Mapping[str, Any]) -> Ranged:
    return Ranged(_time(said["first"]), _time(said["last"]), _time(said["reached"]), said.get("start"))


def _listing(said: Mapping[str, Any]) -> Listing:
    at = said.get("at")
    return Listing(_time(said["began"]), _time(said["floor"]), _time(at) if at else None, said.get("looked", 0))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _written(inner) for name, inner in value.items() if inner is not None}
    return value
