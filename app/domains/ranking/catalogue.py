"""The catalogue of facts: every fact a rule may look at, with its type and its meaning.

No fact depends on the clock: "due in 3 hours" is not a fact, `due_at` is. Time enters a score only
through curves, which is why the moment of its next change can be computed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from app.domains.ranking.facts import FactValue

FactType: TypeAlias = Literal["bool", "int", "double", "string", "timestamp", "list(string)", "clock"]


@dataclass(frozen=True, slots=True)
class FactKind:
    """One entry of the catalogue. `type` is the name of its type in CEL, where a clock is a list of timestamps."""

    name: str
    type: FactType
    meaning: str
    example: FactValue
    words: tuple[str, ...] = ()
    """Of a string: all the values that it can have; empty: any."""
    most: int | None = None
    """Of a whole number: no value is above it. None is below 0."""


_MOMENT = datetime(2025, 9, 26, 17, 0, tzinfo=UTC)

_KINDS = (
    FactKind("title", "string", "The task's title", "Invoice 4711 is missing"),
    FactKind("kind", "string", "The kind of integration it came through", "gmail"),
    FactKind("integration", "string", "The integration's name", "support-mailbox"),
    FactKind("due_at", "timestamp", "The deadline, set by a person or the source, or said in words", _MOMENT),
    FactKind("due_from", "string", "Who set that deadline", "words", words=("person", "source", "words")),
    FactKind("opened_at", "timestamp", "When the first item was sent", _MOMENT),
    FactKind("last_item_at", "timestamp", "When the newest item was sent", _MOMENT),
    FactKind("last_inbound_at", "timestamp", "When the newest item from somebody else was sent", _MOMENT),
    FactKind("turn", "string", "Whose turn it is to answer", "ours", words=("ours", "theirs", "nobody")),
    FactKind("turn_since", "timestamp", "Since when it is their or our turn", _MOMENT),
    FactKind("scheduled_at", "timestamp", "When somebody planned to work on it", _MOMENT),
    FactKind("started_at", "timestamp", "When somebody started to work on it", _MOMENT),
    FactKind("wait_until", "timestamp", "Until when it is hidden at its source", _MOMENT),
    FactKind("first_response", "clock", "Runs from the first message to us until we first answered", (_MOMENT,)),
    FactKind("next_response", "clock", "After that: runs while it is ours to answer", (_MOMENT,)),
    FactKind("resolution", "clock", "Runs from the first item on, but not while we wait for them", (_MOMENT,)),
    FactKind("asks", "int", "How clearly the newest text asks the reader to act, 0 to 100", 70, most=100),
    FactKind("severity", "int", "How severe the described trouble is, 0 to 100", 40, most=100),
    FactKind("says_urgent", "bool", "The word “urgent” stands in it, not negated", True),
    FactKind("urgency", "list(string)", "Words of urgency, as they are written", ("ASAP",)),
    FactKind("no_rush", "bool", "It says that there is no hurry", False),
    FactKind("escalation", "bool", "It threatens, or speaks of, escalation", False),
    FactKind("question", "bool", "The newest text asks a question", True),
    FactKind("money", "double", "The largest amount of money it names", 1200.5),
    FactKind("currency", "string", "The currency of that amount", "EUR"),
    FactKind("mentions_us", "bool", "The text names one of us", True),
    FactKind("addressed", "string", "How it reached us", "direct", words=("direct", "copied", "list")),
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
    FactKind("labels", "list(string)", "The task's labels, where it has any", ("billing",)),
    FactKind("label_count", "int", "How many labels it has", 1),
    FactKind("source_labels", "list(string)", "Labels its messages carry at the source", ("INBOX",)),
    FactKind("attributes", "list(string)", "Attributes of users' own at the source, as name=value", ("estimate=4h",)),
    FactKind(
        "priority", "string", "Its priority, where somebody set one", "high", words=("low", "normal", "high", "urgent")
    ),
    FactKind("project", "string", "The project it belongs to", "migration"),
    FactKind("assignee", "string", "Who has it", "ben"),
    FactKind("assigned_to_us", "bool", "One of us has it", True),
    FactKind("blocked", "int", "Open tasks that it waits for", 0),
    FactKind("waits_for", "list(string)", "The ids of those tasks", ("12",)),
    FactKind("blocking", "int", "Open tasks that wait for it", 2),
    FactKind("blocks", "list(string)", "The ids of those tasks", ("41", "57")),
    FactKind("notes", "int", "Notes that people added, here and at the source", 1),
    FactKind("stale", "bool", "Its integration can't be trusted now: this may be out of date", False),
)

CATALOGUE: Mapping[str, FactKind] = {kind.name: kind for kind in _KINDS}
