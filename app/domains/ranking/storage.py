"""Facts as they are stored: plain JSON, checked against the catalogue, and read back in full or only as far as needed.

Pure: no I/O, no clock.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from app.domains.ranking.catalogue import CATALOGUE, FactType
from app.domains.ranking.facts import Fact, Facts, FactValue

_INT64 = 2**63
_UNREADABLE = ""
"""Stands for a stored value that can't be read: no moment, clock or number is like it."""


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64


def _is_double(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)


def _is_text(value: object) -> bool:
    # CEL's strings are UTF-8, which has no lone surrogates.
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _is_instant(value: object) -> bool:
    return isinstance(value, datetime) and value.utcoffset() is not None


_FITS: Mapping[FactType, Callable[[object], bool]] = {
    "bool": lambda value: isinstance(value, bool),
    "int": _is_int,
    "double": _is_double,
    "string": _is_text,
    "timestamp": _is_instant,
    "list(string)": lambda value: isinstance(value, tuple) and all(_is_text(part) for part in value),
    "clock": lambda value: isinstance(value, tuple) and all(_is_instant(part) for part in value),
}


def check_facts(facts: Facts) -> None:
    """Raises ValueError naming the first fact that the catalogue lacks or whose value has another type."""
    for name, fact in facts.items():
        kind = CATALOGUE.get(name)
        if kind is None:
            raise ValueError(f"there is no fact {name!r}")
        if not _FITS[kind.type](fact.value):
            raise ValueError(f"fact {name!r} must be a {kind.type}, not {fact.value!r}")
        if fact.confidence is not None and not 0 <= fact.confidence <= 1:
            raise ValueError(f"fact {name!r} has a confidence of {fact.confidence}, not 0 to 1")


def dump(facts: Facts) -> dict[str, dict[str, Any]]:
    """Facts as plain JSON values, sorted by name; `load` gives equal facts back."""
    return {name: _dump_fact(facts[name]) for name in sorted(facts)}


def _dump_fact(fact: Fact) -> dict[str, Any]:
    evidence = {"quote": fact.quote, "item": fact.item, "confidence": fact.confidence}
    said = {name: part for name, part in evidence.items() if part is not None}
    return {"value": _dump_value(fact.value), "source": fact.source, **said}


def _dump_value(value: FactValue) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return [_dump_value(part) for part in value] if isinstance(value, tuple) else value


def load(data: Mapping[str, Mapping[str, Any]]) -> dict[str, Fact]:
    """Facts from what `dump` gave. Raises ValueError naming the fact that does not fit the catalogue."""
    facts = {name: _load_fact(name, entry) for name, entry in data.items()}
    check_facts(facts)
    return facts


def _load_fact(name: str, entry: Mapping[str, Any]) -> Fact:
    try:
        return Fact(**{**entry, "value": _load_value(name, entry["value"])})
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"fact {name!r} can't be read: {error}") from error


def _load_value(name: str, value: Any) -> Any:
    kind = CATALOGUE.get(name)
    if kind is None:
        return value
    if kind.type == "timestamp":
        return datetime.fromisoformat(value)
    if kind.type == "clock":
        return tuple(datetime.fromisoformat(part) for part in value)
    if kind.type == "double" and _is_int(value):
        return float(value)  # some JSON stores write 5.0 as 5
    return tuple(value) if isinstance(value, list) else value


class StoredFacts(Mapping[str, Fact]):
    """Stored facts that are read only where somebody asks for them: a score looks at the values of most, and at the
    evidence of two. Without those that a language model proposed.

    They are not checked: `dump` wrote them. One that can't be read has no evidence, and counts as a value of no fitting
    kind, which the engine tells as an error of the rules that look at it.
    """

    def __init__(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        try:
            self._data = {n: entry for n, entry in data.items() if n in CATALOGUE and entry.get("source") != "llm"}
        except AttributeError:  # something is stored there that no program of ours wrote
            self._data = _readable(data)

    def __getitem__(self, name: str) -> Fact:
        entry = self._data[name]
        try:
            return _load_fact(name, entry)
        except ValueError as error:
            raise KeyError(name) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def replaced(self, entries: Mapping[str, Mapping[str, Any]]) -> "StoredFacts":
        """With other stored entries in place of its own."""
        return StoredFacts({**self._data, **entries})

    def values_by_name(self) -> dict[str, FactValue]:
        """What the rules look at."""
        values: dict[str, FactValue] = {}
        for name, entry in self._data.items():
            value: Any = entry.get("value", _UNREADABLE)
            if type(value) is list or type(value) is str or type(value) is int:
                try:
                    value = _load_value(name, value)
                except (TypeError, ValueError):
                    value = _UNREADABLE
            values[name] = value
        return values


def with_values(facts: Facts, values: Mapping[str, FactValue]) -> Facts:
    """The same facts, some with another value and without evidence. The others stay, also those that can't be read."""
    if isinstance(facts, StoredFacts):
        return facts.replaced({name: {"value": _dump_value(value)} for name, value in values.items()})
    return {**facts, **{name: Fact(value=value) for name, value in values.items()}}


def _readable(data: object) -> dict[str, Mapping[str, Any]]:
    """Entries that are none stand as facts without a value."""
    if not isinstance(data, Mapping):
        return {}
    told = {name: entry if isinstance(entry, Mapping) else {} for name, entry in data.items() if name in CATALOGUE}
    return {name: entry for name, entry in told.items() if entry.get("source") != "llm"}


def values_by_name(facts: Facts) -> dict[str, FactValue]:
    """What the rules look at."""
    if isinstance(facts, StoredFacts):
        return facts.values_by_name()
    return {name: fact.value for name, fact in facts.items()}
