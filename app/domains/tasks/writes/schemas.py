"""What sources are told, as the API speaks of it."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.core.fields import Body, Flag
from app.core.page_schema import Page

Mark = Literal["open", "waiting", "snoozed", "done", "declined"]
WriteState = Literal["pending", "sending", "done", "refused", "conflict", "cancelled"]

EXAMPLE: dict[str, Any] = {
    "id": 31,
    "task": 17,
    "integration": "support mail",
    "mark": "done",
    "before": "open",
    "actor": "person",
    "state": "done",
    "why": "Archived in Gmail.",
    "attempts": 1,
    "due_at": None,
    "created_at": "2026-03-02T09:14:00Z",
    "ended_at": "2026-03-02T09:14:06Z",
}


class WriteOut(BaseModel):
    """That a source is to be told how a task stands, and what came of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: int = Field(description="Under which it is found at /writes/{id}.")
    task: int = Field(description="The task's id.")
    integration: str | None = Field(description="The name of the integration that is told.")
    mark: Mark = Field(description="What it is told: waiting means that we answered and wait.")
    before: Mark = Field(description="What it was told before.")
    actor: str = Field(description="Who changed the task: person, import or clock.")
    state: WriteState = Field(
        description="pending and sending end by themselves. refused and conflict wait for a person: try again, or "
        "leave it out. A conflict is what somebody changed at the source meanwhile; nothing was overwritten."
    )
    why: str = Field(description="What was done, what it waits for, or why it was not done. Empty: not tried yet.")
    attempts: int = Field(description="How often it was tried.")
    due_at: datetime | None = Field(description="When it is sent or tried next, at the earliest; null once it ended.")
    created_at: datetime = Field(description="When the task was changed.")
    ended_at: datetime | None = Field(description="When it was done, refused, cancelled, or met a conflict.")


class WritePage(Page):
    """Writes, the newest first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [EXAMPLE], "next_cursor": None, "has_more": False}]}
    )

    items: list[WriteOut] = Field(description="Each with what came of it.")


class RetryIn(Body):
    """Trying again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"overwrite": False}]})

    overwrite: Flag = Field(
        False, description="true writes over what somebody changed at the source meanwhile: say so after a conflict."
    )


class Retried(BaseModel):
    """What is tried again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"retried": 3}]})

    retried: int = Field(description="How many; what its task has overtaken meanwhile is left out.")
