"""What a row that is a task at its source says of itself, between records, columns and tasks. Pure."""

from datetime import datetime
from typing import Any

from app.records import Person, Work

TAKEN_OVER = ("assignee", "priority", "project", "scheduled_at", "started_at")
"""Columns of `tasks` that a row fills, unless a person set them."""


def to_json(work: Work) -> dict[str, Any]:
    """What is said; what is empty is left out."""
    values: dict[str, Any] = {
        "status": work.status,
        "status_name": work.status_name,
        "due_at": _written(work.due_at),
        "priority": work.priority,
        "assignees": [[person.name, person.address] for person in work.assignees],
        "project": work.project,
        "labels": list(work.labels),
        "scheduled_at": _written(work.scheduled_at),
        "wait_until": _written(work.wait_until),
        "started_at": _written(work.started_at),
        "notes": work.notes,
        "own_ids": list(work.own_ids),
        "depends_on": list(work.depends_on),
        "fields": [list(pair) for pair in work.fields],
        "attributes": [list(pair) for pair in work.attributes],
    }
    return {name: value for name, value in values.items() if value}


def from_json(stored: dict[str, Any]) -> Work:
    """The reverse of `to_json`."""
    return Work(
        status=stored["status"],
        status_name=stored.get("status_name", ""),
        due_at=_read(stored.get("due_at")),
        priority=stored.get("priority", ""),
        assignees=tuple(Person(name, address) for name, address in stored.get("assignees", ())),
        project=stored.get("project", ""),
        labels=tuple(stored.get("labels", ())),
        scheduled_at=_read(stored.get("scheduled_at")),
        wait_until=_read(stored.get("wait_until")),
        started_at=_read(stored.get("started_at")),
        notes=stored.get("notes", 0),
        own_ids=tuple(stored.get("own_ids", ())),
        depends_on=tuple(stored.get("depends_on", ())),
        fields=tuple((name, value) for name, value in stored.get("fields", ())),
        attributes=tuple((name, value) for name, value in stored.get("attributes", ())),
    )


def columns_of(work: Work) -> dict[str, Any]:
    """What a row gives its task, by TAKEN_OVER: its column's width is kept."""
    first = next((str(person) for person in work.assignees), None)
    return {
        "assignee": first[:320] if first else None,
        "priority": work.priority[:40] or None,
        "project": work.project[:200] or None,
        "scheduled_at": work.scheduled_at,
        "started_at": work.started_at,
    }


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _read(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
