"""What people may do with a task in which state, and what follows from it. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from app.core.errors import Conflict, FieldError, Invalid

PERSONAL = ("title", "due_at", "assignee", "notes", "priority", "project", "scheduled_at", "started_at")
"""Fields that people own besides status, labels and dependencies."""
SETTABLE = (*PERSONAL, "status", "labels", "dependencies")
"""What no import or sync writes again once a person set it."""


class Standing(Protocol):
    """What a plan looks at: a task's id and status."""

    id: Any
    status: Any


@dataclass(slots=True)
class Change:
    """What an action does to one task. `detail` is the sentence for its history."""

    values: dict[str, Any] = field(default_factory=dict)
    detail: str = ""
    labels: list[str] | None = None
    depends_on: list[int] | None = None


Plan = Callable[[Standing], Change]
"""What an action would do to a task. Raises Conflict where the task's state forbids it."""


def complete(task: Standing) -> Change:
    _require(task, "complete", "open", "snoozed")
    return Change({"status": "done", "status_reason": None, "snoozed_until": None}, "Completed.")


def reopen(task: Standing) -> Change:
    _require(task, "reopen", "done", "declined", "not_for_us", "snoozed")
    detail = "Made a task of it." if task.status == "not_for_us" else "Reopened."
    return Change({"status": "open", "status_reason": None, "snoozed_until": None}, detail)


def snooze(until: datetime, now: datetime) -> Plan:
    """Raises Invalid for a time that has passed."""
    if until <= now:
        raise Invalid("That time has passed.", errors=[FieldError("body.until", "must lie in the future")])

    def plan(task: Standing) -> Change:
        _require(task, "snooze", "open", "snoozed")
        return Change({"status": "snoozed", "snoozed_until": until}, f"Snoozed until {until:%Y-%m-%d %H:%M} UTC.")

    return plan


def decline(reason: str) -> Plan:
    def plan(task: Standing) -> Change:
        _require(task, "decline", "open", "snoozed")
        values = {"status": "declined", "status_reason": reason, "snoozed_until": None}
        return Change(values, f"Declined: {reason}")

    return plan


def assign(user: str | None) -> Plan:
    def plan(task: Standing) -> Change:
        _require(task, "assign", "open", "snoozed")
        return Change({"assignee": user}, f"Assigned to {user}." if user else "Assigned to nobody.")

    return plan


def edit(
    values: Mapping[str, Any], labels: Sequence[str] | None = None, depends_on: Sequence[int] | None = None
) -> Plan:
    """Set fields that people own. Names in `values` are those of PERSONAL."""

    def plan(_task: Standing) -> Change:
        return Change(
            dict(values),
            "Edited.",
            labels=sorted(set(labels)) if labels is not None else None,
            depends_on=sorted(set(depends_on)) if depends_on is not None else None,
        )

    return plan


def relabel(add: Sequence[str], remove: Sequence[str], present: Mapping[int, Sequence[str]]) -> Plan:
    """`present` holds the labels that the tasks have now."""

    def plan(task: Standing) -> Change:
        labels = (set(present.get(task.id, ())) | set(add)) - set(remove)
        return Change(detail="Relabelled.", labels=sorted(labels))

    return plan


def remove(task: Standing) -> Change:
    """The row stays as a tombstone, so that no sync brings the task back."""
    return Change({}, f"Deleted while it was {task.status}.")


def _require(task: Standing, verb: str, *statuses: str) -> None:
    if task.status not in statuses:
        state = task.status.replace("_", " ")
        allowed = " or ".join(status.replace("_", " ") for status in statuses)
        raise Conflict(f"Task {task.id} is {state}; you can {verb} a task that is {allowed}.", status_now=task.status)
