"""What the audit trail is told of tasks: how they stand, and never what is in them.

The whole change is in the task's own history, which only those see who may see the task.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.domains.tasks.models import Task

_PLAIN = frozenset(
    {
        "status",
        "due_at",
        "snoozed_until",
        "scheduled_at",
        "started_at",
        "priority",
        "dependencies",
        "merged_into",
        "split_from",
        "item",
    }
)
"""What says nothing of a task but how it stands."""
_NAMED = frozenset({"assignee", "labels", "project"})
"""Names that people gave; not told of tasks that only some may see."""
_OWN = frozenset({"person_set", "updated_at", "version"})
"""The program's bookkeeping."""


def target(task_id: int) -> str:
    return f"task:{task_id}"


def note(
    session: AsyncSession, task: Task, changes: Mapping[str, Sequence[Any]], integrations: Mapping[int, str]
) -> None:
    """Note what was changed of a task, each field [before, after]. That it is gone, or is there again, is noted too."""
    told = {name: both for name, both in changes.items() if name not in _OWN}
    was_there, is_there = not (gone := told.pop("deleted_at", (None, None)))[0], not gone[1]
    shown = _NAMED | _PLAIN if not may_be_private(task, integrations) else _PLAIN
    before = {name: old if name in shown else audit.Unsaid(old) for name, (old, _) in told.items()}
    after = {name: new if name in shown else audit.Unsaid(new) for name, (_, new) in told.items()}
    if was_there != is_there:
        before, after = {"exists": was_there, **before}, {"exists": is_there, **after}
    audit.changed(session, target(task.id), before, after)


def note_made(session: AsyncSession, task_id: int, values: Mapping[str, Any]) -> None:
    """Note that somebody made a task, with what they set of it."""
    told = {name: value for name, value in values.items() if value not in (None, "", [])}
    shown = _NAMED | _PLAIN
    audit.changed(
        session,
        target(task_id),
        None,
        {name: value if name in shown else audit.Unsaid(value) for name, value in told.items()},
    )


def may_be_private(task: Task, integrations: Mapping[int, str]) -> bool:
    """Whether only some may see it. One that people joined or took apart may hold items of any integration."""
    private: frozenset[int] = getattr(integrations, "private", frozenset())
    return bool(private) and (task.integration_id in private or task.separated)
