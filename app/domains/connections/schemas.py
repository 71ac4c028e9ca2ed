"""Integrations and runs as the API speaks of them."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from app.core.page_schema import Page, WholeList

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


def _storable(value: Any) -> Any:
    """Raises ValueError for what one of the databases, or JSON itself, can't hold."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (TypeError, ValueError) as error:
        raise ValueError("holds a number or text that can't be stored") from error
    if "\\u0000" in text:
        raise ValueError("holds a NUL character, which can't be stored")
    return value


Stored = Annotated[dict[str, Any], BeforeValidator(_storable)]
"""An object of the integration's own."""

Level = Literal["NORMAL", "DEGRADED", "CRITICAL", "OFFLINE"]


class LastError(BaseModel):
    category: str
    detail: str
    at: datetime


class IntegrationOut(BaseModel):
    """One configured place where work comes from."""

    id: int
    kind: str = Field(examples=["mbox"])
    name: str
    settings: dict[str, Any]
    gateway: dict[str, Any] | None
    state: str = Field(examples=["ready"], description="ready, syncing or failing.")
    level: Level
    items: int = Field(description="Items stored.")
    cursor_age_s: int | None = Field(description="Seconds since the last success; null before the first.")
    last_success_at: datetime | None
    last_error: LastError | None
    next_sync_at: datetime | None = Field(description="null for what is imported by hand.")
    breaker: dict[str, Any] | None = Field(description="null where nothing is called.")
    write_back: bool
    sample: bool = Field(description="It holds the sample data: an invented company.")
    created_at: datetime


class IntegrationPage(Page):
    items: list[IntegrationOut]


class IntegrationIn(BaseModel):
    """A new integration."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"kind": "mbox", "name": "support archive"}]}
    )

    kind: str = Field(max_length=40, description="One of GET /integrations/kinds.")
    name: Name
    settings: Stored = Field(default_factory=dict)
    gateway: Stored | None = None


class IntegrationPatch(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "support archive 2025"}]})

    name: Name | None = None
    settings: Stored | None = None


class IntegrationDeleted(BaseModel):
    deleted: int
    items: int = Field(description="Items that went with it.")
    tasks: int = Field(description="Tasks that had no items from elsewhere, and went too.")


class KindOut(BaseModel):
    kind: str
    title: str
    description: str
    file_hint: str = Field(description="What to give it.")


class KindList(WholeList):
    items: list[KindOut]


class WarningOut(BaseModel):
    what: str = Field(examples=["inbox.mbox, message 12"])
    why: str = Field(examples=["The date could not be read: «yesterday»."])


class RunTasks(BaseModel):
    new: int
    updated: int
    not_for_us: int = Field(description="Of the new ones: newsletters and the like, set aside with their reason.")


class RunOut(BaseModel):
    """One pull from an integration, or the import of one file. read = new + updated + unchanged + refused."""

    id: int
    integration: str
    what: str = Field(description="The file's name.")
    state: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    read: int
    new: int
    updated: int
    unchanged: int
    refused: int
    context: int = Field(
        description="Of the new items, those of no task: lines and pages that ask for no work, kept to be found."
    )
    warnings: list[WarningOut] = Field(description="The first thousand; all of them under /sync/runs/{id}/warnings.")
    warnings_total: int
    tasks: RunTasks
    progress: float | None = Field(description="0 to 1 while it runs, where the size is known.")
    error: LastError | None
    hint: str | None = Field(description="One thing you could do for better results.")


class RunPage(Page):
    items: list[RunOut]


class WarningPage(Page):
    items: list[WarningOut]


class RunStarted(BaseModel):
    """Accepted: look at the run for how it goes."""

    run: RunOut
