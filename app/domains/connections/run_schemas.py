"""Runs, their warnings, and answers that could not be read, as the API speaks of them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.core.page_schema import Page
from app.domains.connections import examples
from app.domains.connections.schemas import LastError


class WarningOut(BaseModel):
    """One thing that could not be read as it should."""

    what: str = Field(examples=["inbox.mbox, message 12"], description="Where it stands.")
    why: str = Field(examples=["The date could not be read: «yesterday»."], description="A sentence for people.")


class RunTasks(BaseModel):
    """What became of tasks."""

    new: int = Field(description="Tasks that the run made.")
    updated: int = Field(description="Others that it brought something to.")
    not_for_us: int = Field(description="Of the new ones: newsletters and the like, set aside with their reason.")


class RunOut(BaseModel):
    """One pull from an integration, or the import of one file. read = new + updated + unchanged + refused."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RUN]})

    id: int = Field(description="Under which it is found at /sync/runs/{id}.")
    integration: str = Field(description="The name of the integration.")
    what: str = Field(description="The file's name; of a pull, what was read last.")
    reason: Literal["import", "schedule", "request"] = Field(
        description="Why: a file was imported, a pull was due, or somebody asked for it."
    )
    state: Literal["queued", "running", "succeeded", "failed", "cancelled"] = Field(description="How far it is.")
    created_at: datetime = Field(description="When it was asked for, or found to be due.")
    started_at: datetime | None = Field(description="When a process began with it.")
    finished_at: datetime | None = Field(description="When it ended, well or not.")
    read: int = Field(description="Items that were read, whatever became of them.")
    new: int = Field(description="Of those, how many were not here before.")
    updated: int = Field(description="How many say something else now.")
    unchanged: int = Field(description="How many were here just so.")
    refused: int = Field(description="How many could not be read at all.")
    gone: int = Field(description="Items that were deleted at their source.")
    pages: int = Field(description="Pages stored, each with the cursor behind it.")
    cursor_before: dict[str, Any] | None = Field(description="Where a pull began, in its kind's own words.")
    cursor_after: dict[str, Any] | None = Field(description="Where it ended.")
    context: int = Field(
        description="Of the new items, those of no task: lines and pages that ask for no work, kept to be found."
    )
    warnings: list[WarningOut] = Field(description="The first thousand; all of them under /sync/runs/{id}/warnings.")
    warnings_total: int = Field(description="How many warnings there are in all.")
    tasks: RunTasks = Field(description="The tasks that it made or touched.")
    progress: float | None = Field(description="0 to 1 while it runs, where the size is known.")
    error: LastError | None = Field(description="Why it failed.")
    hint: str | None = Field(description="One thing you could do for better results.")


class RunPage(Page):
    """Runs, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RUNS]})

    items: list[RunOut] = Field(description="Without their warnings.")


class WarningPage(Page):
    """A run's warnings."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.WARNINGS]})

    items: list[WarningOut] = Field(description="In the order in which they were found.")


class SyncStarted(BaseModel):
    """What a call for all that is due set going. Both lists may be empty: then nothing was due."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SYNC]})

    runs: list[RunOut] = Field(description="The pulls that this call began.")
    already_running: list[RunOut] = Field(description="Those that were being pulled before anybody asked.")


class KeptOut(BaseModel):
    """An answer of a service, or one thing in it, that could not be read."""

    id: int = Field(description="Under which it can be looked at and read again.")
    at: datetime = Field(description="When it was met last.")
    run: int | None = Field(description="The pull that met it last.")
    tool: str = Field(examples=["GMAIL_FETCH_EMAILS"], description="The gateway's tool that answered so.")
    path: str = Field(examples=["data.messages[0].messageId"], description="Where reading failed.")
    why: str = Field(description="A sentence for people.")
    whole: bool = Field(description="The whole answer; false: one element of it, the others were stored.")
    shortened: bool = Field(
        description="It was too large, or held what looks like a secret: it can be looked at, not stored."
    )
    replayed_at: datetime | None = Field(description="When it could be read after all.")


class KeptDetail(KeptOut):
    """One of them, with what the service gave."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.KEPT_DETAIL]})

    arguments: dict[str, Any] = Field(description="Of the call.")
    value: Any = Field(description="What the service gave, without what looks like a secret.")


class KeptPage(Page):
    """What could not be read, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.KEPT]})

    items: list[KeptOut] = Field(description="At most a hundred in all.")


class ReplayOut(BaseModel):
    """What became of it when it was read again."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.REPLAY]})

    readable: bool = Field(description="Something in it could be read now.")
    why: str | None = Field(description="Why not; null where it is readable now.")
    read: int = Field(description="Items that were read.")
    new: int = Field(description="Of those, how many are stored now.")
    updated: int = Field(description="Always 0: what is stored is newer than what was kept.")
    unchanged: int = Field(description="How many were stored already.")
    refused: int = Field(description="How many still can't be read.")


class RunStarted(BaseModel):
    """Accepted: look at the run for how it goes."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.STARTED]})

    run: RunOut = Field(description="The run that was begun.")
