"""From rows of the outbox to what the API and the command line show."""

from collections.abc import Mapping
from typing import Any

from app.domains.tasks.writes.models import TaskWrite
from app.domains.tasks.writes.schemas import WriteOut


def write_out(write: TaskWrite, integrations: Mapping[int, str], held_back: Mapping[int, str]) -> WriteOut:
    """`held_back`: why nothing is told to an integration at present, by its id."""
    mark: Any = write.mark
    before: Any = write.before
    state: Any = write.state
    return WriteOut(
        id=write.id,
        task=write.task_id,
        integration=integrations.get(write.integration_id),
        mark=mark,
        before=before,
        actor=write.actor,
        state=state,
        why=(held_back.get(write.integration_id) if write.state == "pending" else None) or write.why,
        attempts=write.attempts,
        due_at=write.due_at,
        created_at=write.created_at,
        ended_at=write.ended_at,
    )
