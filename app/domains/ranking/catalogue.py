"""The catalogue of facts: every fact a rule may look at, with its type and its meaning.

No fact depends on the clock: "due in 3 hours" is not a fact, `due_at` is. Time enters a score only
through curves, which is why the moment of its next change can be computed.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from app.domains.ranking.facts import Fact, Facts, FactValue

FactType: TypeAlias = Literal["bool", "int", "double", "string", "timestamp", "list(string)"]

_INT64 = 2**63


@dataclass(frozen=True, slots=True)
class FactKind:
    """One entry of the catalogue. `type` is the name of its type in CEL."""

    name: str
    type: FactType
    meaning: str
    example: FactValue


_MOMENT = datetime(2025, 9, 26, 17, 0, tzinfo=UTC)

_KINDS = (
    FactKind("title", "string", "The task's title", "Invoice 4711 is missing"),
    FactKind("kind", "string", "The kind of integration it came through", "gmail"),
    FactKind("integration", "string", "The integration's name", "support-mailbox"),
    FactKind("due_at", "timestamp", "The deadline, set by a person or the source, or said in words", _MOMENT),
    FactKind("opened_at", "timestamp", "When the first item was sent", _MOMENT),
    FactKind("last_item_at", "timestamp", "When the newest item was sent", _MOMENT),
    FactKind("last_inbound_at", "timestamp", "When the newest item from somebody else was sent", _MOMENT),
    FactKind("turn", "string", "Whose turn it is to answer: ours, theirs or nobody", "ours"),
    FactKind("turn_since", "timestamp", "Since when it is their or our turn", _MOMENT),
    FactKind("scheduled_at", "timestamp", "When somebody planned to work on it", _MOMENT),
    FactKind("started_at", "timestamp", "When somebody started to work on it", _MOMENT),
    FactKind("asks", "int", "How clearly the newest text asks the reader to act, 0 to 100", 70),
    FactKind("severity", "int", "How severe the described trouble is, 0 to 100", 40),
    FactKind("says_urgent", "bool", "The word “urgent” stands in it, not negated", True),
    FactKind("urgency", "list(string)", "Words of urgency, as they are written", ("ASAP",)),
    FactKind("no_rush", "bool", "It says that there is no hurry", False),
    FactKind("escalation", "bool", "It threatens, or speaks of, escalation", False),
    FactKind("question", "bool", "The newest text asks a question", True),
    FactKind("money", "double", "The largest amount of money it names", 1200.5),
    FactKind("currency", "string", "The currency of that amount", "EUR"),
    FactKind("mentions_us", "bool", "The text names one of us", True),
    FactKind("addressed", "string", "How it reached us: direct, copied or list", "direct"),
    FactKind("audience", "int", "How many people it is addressed to", 3),
    FactKind("sender", "string", "The address of who wrote last from outside", "ana@example.org"),
    FactKind("sender_name", "string", "The name of who wrote last from outside", "Ana Ruiz"),
    FactKind("sender_domain", "string", "The domain of that address", "example.org"),
    FactKind("sender_important", "bool", "That sender is on the list of important senders", False),
    FactKind("replies", "int", "Messages after the first", 4),
    FactKind("our_replies", "int", "Messages that we wrote", 1),
    FactKind("participants", "int", "People who wrote in the conversation", 2),
    FactKind("unanswered", "bool", "Nobody but the opener has written", True),
    FactKind("follow_ups", "int", "Their messages since our last answer, beyond the first", 2),
    FactKind("resolved", "bool", "The newest message says with thanks that it is solved", False),
    FactKind("thanks_only", "bool", "The newest message only says thanks", False),
    FactKind("starred", "bool", "Somebody starred it", True),
    FactKind("marked_important", "bool", "The source marks it as important", False),
    FactKind("unread", "bool", "Nobody has read the newest message", True),
    FactKind("attachments", "int", "Attachments in the conversation", 1),
    FactKind("labels", "list(string)", "Labels that people gave the task here", ("billing",)),
    FactKind("source_labels", "list(string)", "Labels it carries at the source", ("INBOX",)),
    FactKind("priority", "string", "low, normal, high or urgent, where somebody said so", "high"),
    FactKind("project", "string", "The project it belongs to", "migration"),
    FactKind("assignee", "string", "Who has it", "ben"),
    FactKind("assigned_to_us", "bool", "One of us has it", True),
    FactKind("blocked", "int", "Open tasks that it waits for", 0),
    FactKind("blocking", "int", "Open tasks that wait for it", 2),
    FactKind("notes", "int", "Notes that people added", 1),
    FactKind("stale", "bool", "Its integration can't be trusted now: this may be out of date", False),
)

CATALOGUE: Mapping[str, FactKind] = {kind.name: kind for kind in _KINDS}


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64


def _is_double(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)


def _is_text(value: object) -> bool:
    # CEL's strings are UTF-8, which has no lone surrogates.
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)


_FITS: Mapping[FactType, Callable[[object], bool]] = {
    "bool": lambda value: isinstance(value, bool),
    "int": _is_int,
    "double": _is_double,
    "string": _is_text,
    "timestamp": lambda value: isinstance(value, datetime) and value.utcoffset() is not None,
    "list(string)": lambda value: isinstance(value, tuple) and all(_is_text(part) for part in value),
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
    value: Any = fact.value
    if isinstance(value, datetime):
        value = value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    elif isinstance(value, tuple):
        value = list(value)
    evidence = {"quote": fact.quote, "item": fact.item, "confidence": fact.confidence}
    said = {name: part for name, part in evidence.items() if part is not None}
    return {"value": value, "source": fact.source, **said}


def load(data: Mapping[str, Mapping[str, Any]]) -> dict[str, Fact]:
    """Facts from what `dump` gave. Raises ValueError naming the fact that does not fit the catalogue."""
    facts = {name: _load_fact(name, entry) for name, entry in data.items()}
    check_facts(facts)
    return facts


def _load_fact(name: str, entry: Mapping[str, Any]) -> Fact:
    kind = CATALOGUE.get(name)
    try:
        value = entry["value"]
        if kind is not None and kind.type == "timestamp":
            value = datetime.fromisoformat(value)
        elif kind is not None and kind.type == "double" and _is_int(value):
            value = float(value)  # some JSON stores write 5.0 as 5
        elif isinstance(value, list):
            value = tuple(value)
        return Fact(**{**entry, "value": value})
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"fact {name!r} can't be read: {error}") from error
