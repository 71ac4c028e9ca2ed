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


StateName = Literal["new", "ok", "syncing", "retrying", "failing", "needs_reconnect", "paused", "rate_limited"]


class LastError(BaseModel):
    """Why it failed last."""

    category: str = Field(examples=["network"])
    detail: str = Field(examples=["Slack does not answer. It is tried again by itself."])
    at: datetime
    cause: str | None = Field(
        None,
        description="Of a pull: outage, throttled, access, refused, unreadable or defect; says what to do about it.",
    )


class GatewayIn(BaseModel):
    """Whose access to the service is used, as the gateway knows it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"connected_account_id": "ca_1a2b3c4d5e6f", "user_id": "ops"}]}
    )

    connected_account_id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] | None = Field(
        None, max_length=200, description="Empty: the only account that this user has connected to the service."
    )
    user_id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] | None = Field(
        None, max_length=200, description="Empty: COMPOSIO_USER_ID."
    )


class BreakerOut(BaseModel):
    """The circuit breaker of its service, as this process sees it."""

    state: Literal["closed", "open", "half_open"]
    failures: int = Field(description="In a row.")
    retry_at: datetime | None = Field(description="When an open one lets a probe through.")


class IntegrationOut(BaseModel):
    """One configured place where work comes from."""

    id: int
    kind: str = Field(examples=["mbox"])
    name: str
    settings: dict[str, Any]
    gateway: dict[str, Any] | None
    live: bool = Field(description="It is pulled from its service; else files are imported into it.")
    state: StateName = Field(
        examples=["ok"],
        description="needs_reconnect asks a person to connect the account again; everything else goes on by itself.",
    )
    level: Level
    paused: bool
    items: int = Field(description="Items stored, without those deleted at their source.")
    cursor_age_s: int | None = Field(
        description="For so many seconds nothing is known of the source; null before the first success."
    )
    last_started_at: datetime | None
    last_finished_at: datetime | None
    last_success_at: datetime | None
    last_failed_at: datetime | None
    first_failed_at: datetime | None = Field(description="Since when every pull has failed.")
    failures: int = Field(description="Pulls that failed in a row.")
    last_error: LastError | None
    next_sync_at: datetime | None = Field(
        description="null while a pull waits or goes on, and for what is not pulled by itself."
    )
    run: int | None = Field(description="The pull that waits or goes on.")
    breaker: BreakerOut | None = Field(description="null where its service has not been called yet.")
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
    settings: Stored = Field(
        default_factory=dict, description="As the kind's `settings_schema` of GET /integrations/kinds says."
    )
    gateway: GatewayIn | None = Field(None, description="With it the integration is pulled, from now on.")


class IntegrationPatch(BaseModel):
    """Other settings or another account begin the pull anew; what is stored stays, and nothing comes twice."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "support archive 2025"}, {"paused": True}]}
    )

    name: Name | None = None
    settings: Stored | None = None
    gateway: GatewayIn | None = None
    paused: bool | None = Field(None, description="true stops pulling, false goes on at once.")


class IntegrationDeleted(BaseModel):
    deleted: int
    items: int = Field(description="Items that went with it.")
    tasks: int = Field(description="Tasks that had no items from elsewhere, and went too.")


class LiveKind(BaseModel):
    """How a kind is pulled from its service."""

    service: str = Field(examples=["Gmail"])
    settings_schema: dict[str, Any] = Field(description="JSON Schema of the integration's settings.")
    scopes: dict[str, str] = Field(description="What access it needs, and what for.")
    poll_every_s: int = Field(description="So often it is pulled.")
    calls_per_minute: int = Field(description="So many calls go to the service at most, over all its integrations.")
    tools: list[str] = Field(description="The gateway's tools that it calls.")
    writes: list[str] = Field(description="What it could write back.")
    known_limits: list[str] = Field(description="What it can't do.")
    ready: bool = Field(description="A gateway is configured: it can be pulled here.")
    troubles: list[str] = Field(
        description="What was found at start to keep it from being pulled: a refused key, tools that are gone."
    )


class KindOut(BaseModel):
    kind: str
    title: str
    description: str
    file_hint: str = Field(description="What to import into it; empty where it is only pulled.")
    live: LiveKind | None = Field(description="null where it is only imported.")


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
    what: str = Field(description="The file's name; of a pull, what was read last.")
    reason: Literal["import", "schedule", "request"] = Field(
        description="Why: a file was imported, a pull was due, or somebody asked for it."
    )
    state: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    read: int
    new: int
    updated: int
    unchanged: int
    refused: int
    gone: int = Field(description="Items that were deleted at their source.")
    pages: int = Field(description="Pages stored, each with the cursor behind it.")
    cursor_before: dict[str, Any] | None = Field(description="Where a pull began, in its kind's own words.")
    cursor_after: dict[str, Any] | None = Field(description="Where it ended.")
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


class SyncStarted(BaseModel):
    """What a call for all that is due set going. Both lists may be empty: then nothing was due."""

    runs: list[RunOut]
    already_running: list[RunOut] = Field(description="Those that were being pulled before anybody asked.")


class KeptOut(BaseModel):
    """An answer of a service, or one thing in it, that could not be read."""

    id: int
    at: datetime
    run: int | None
    tool: str = Field(examples=["GMAIL_FETCH_EMAILS"])
    path: str = Field(examples=["data.messages[0].messageId"], description="Where reading failed.")
    why: str
    whole: bool = Field(description="The whole answer; false: one element of it, the others were stored.")
    shortened: bool = Field(description="It was too large to be kept whole: it can be looked at, not stored.")
    replayed_at: datetime | None = Field(description="When it could be read after all.")


class KeptDetail(KeptOut):
    arguments: dict[str, Any] = Field(description="Of the call.")
    value: Any = Field(description="What the service gave, without what looks like a secret.")


class KeptPage(Page):
    items: list[KeptOut]


class ReplayOut(BaseModel):
    """What became of it when it was read again."""

    readable: bool
    why: str | None = Field(description="Why not; null where it is readable now.")
    read: int
    new: int
    updated: int
    unchanged: int
    refused: int


class RunStarted(BaseModel):
    """Accepted: look at the run for how it goes."""

    run: RunOut
