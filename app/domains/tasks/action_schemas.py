"""What people ask to be done with tasks, and what they are told of it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.core.fields import Body, Clean, Flag, Identity, Instant
from app.domains.tasks.fields import Label, Who
from app.domains.tasks.filter_schemas import TaskFilter
from app.domains.tasks.schemas import TaskOut


class SnoozeIn(Body):
    until: Instant = Field(examples=["2026-03-05T09:00:00Z"])


class DeclineIn(Body):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), Clean] = Field(
        examples=["Belongs to the billing team."]
    )


class AssignIn(Body):
    user: Who | None = Field(description="null takes the task from whoever has it.", examples=["ana"])


class MergeIn(Body):
    into: Identity = Field(description="The task that stays.", examples=[17])


class SplitIn(Body):
    items: list[Identity] = Field(
        min_length=1, max_length=1000, description="Items that become a task of their own.", examples=[[3]]
    )


class ClaimIn(Body):
    user: Who = Field(description="Who takes the task.", examples=["ana"])


class UndoOut(BaseModel):
    token: str = Field(description="Give it to POST /undo/{token}.")
    expires_at: datetime


class Acted(BaseModel):
    """The task after an action, and how to take the action back."""

    task: TaskOut
    undo: UndoOut


class SplitOut(Acted):
    new_task: TaskOut


class Claimed(BaseModel):
    task: TaskOut | None = Field(description="null where there is nothing to claim.")
    undo: UndoOut | None
    reason: Literal["claimed", "nothing_to_claim"]


class Deleted(BaseModel):
    deleted: int
    undo: UndoOut


class Complete(Body):
    verb: Literal["complete"]


class Reopen(Body):
    verb: Literal["reopen"]


class Snooze(SnoozeIn):
    verb: Literal["snooze"]


class Decline(DeclineIn):
    verb: Literal["decline"]


class Assign(AssignIn):
    verb: Literal["assign"]


class SetDue(Body):
    verb: Literal["due"]
    due_at: Instant | None = Field(description="null takes the deadline away.", examples=["2026-03-05T09:00:00Z"])


class Relabel(Body):
    verb: Literal["label"]
    add: list[Label] = Field(default_factory=list, max_length=50)
    remove: list[Label] = Field(default_factory=list, max_length=50)


class Delete(Body):
    verb: Literal["delete"]


BulkAction = Annotated[
    Complete | Reopen | Snooze | Decline | Assign | SetDue | Relabel | Delete, Field(discriminator="verb")
]


class BulkIn(Body):
    """An action on many tasks: on `ids`, or on all that a `filter` matches."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"filter": {"q": "invoice", "turn": ["theirs"]}, "action": {"verb": "complete"}}]
        },
    )

    ids: list[Identity] | None = Field(None, min_length=1, max_length=10_000)
    filter: TaskFilter | None = None
    action: BulkAction
    dry_run: Flag = Field(False, description="Only count what would happen.")


class Skipped(BaseModel):
    id: int
    why: str


class BulkOut(BaseModel):
    matched: int
    changed: int = Field(description="With `dry_run`: how many would change.")
    skipped: int
    skipped_why: list[Skipped] = Field(description="The first hundred.")
    undo: UndoOut | None


class Undone(BaseModel):
    undone: list[int] = Field(description="Ids of the tasks that are as they were.")
