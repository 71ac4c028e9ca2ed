"""When a task was open, from the lines of its history. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domains.ranking.review.retrospect import Span

OPEN = "open"


@dataclass(frozen=True, slots=True)
class StatusChange:
    at: datetime
    before: str
    after: str


def open_spans(begin: datetime, status: str, changes: Sequence[StatusChange]) -> tuple[Span, ...]:
    """The times in which a task was open, from `begin` on: `changes` in their order, `status` what it is now."""
    found: list[Span] = []
    start = begin if (changes[0].before if changes else status) == OPEN else None
    for change in changes:
        if start is not None and change.after != OPEN:
            if change.at > start:
                found.append(Span(start, change.at))
            start = None
        elif start is None and change.after == OPEN:
            start = max(begin, change.at)
    return (*found, Span(start)) if start is not None else tuple(found)


def was_late(spans: Sequence[Span], due_at: datetime, now: datetime) -> bool:
    """Whether the deadline passed while the task was open, or it is open and the deadline has passed."""
    if due_at > now:
        return False
    return any(span.holds(due_at) or span.end is None for span in spans)
