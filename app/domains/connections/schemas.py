"""Integrations and their kinds as the API speaks of them."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from app.core.page_schema import Page, WholeList
from app.domains.connections import examples
from app.domains.connections.privacy import MOST_VIEWERS

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

    category: str = Field(examples=["network"], description="One of the twelve categories of errors.")
    detail: str = Field(
        examples=["Slack does not answer. It is tried again by itself."], description="A sentence for people."
    )
    at: datetime = Field(description="When.")
    cause: str | None = Field(
        None,
        description="Of a pull: outage, throttled, access, refused, unreadable or defect; says what to do about it.",
    )


class GatewayIn(BaseModel):
    """Whose access to the service is used, as the gateway knows it. `"demo"` is short for `{"name": "demo"}`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"connected_account_id": "ca_1a2b3c4d5e6f", "user_id": "ops"}, {"name": "demo"}]
        },
    )

    name: Literal["composio", "demo"] = Field(
        "composio", description="demo: invented data instead of an account's, for looking around in development."
    )
    connected_account_id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] | None = Field(
        None, max_length=200, description="Empty: the only account that this user has connected to the service."
    )
    user_id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] | None = Field(
        None, max_length=200, description="Empty: COMPOSIO_USER_ID."
    )

    @model_validator(mode="before")
    @classmethod
    def _in_short(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _demo_has_no_accounts(self) -> "GatewayIn":
        if self.name == "demo" and (self.connected_account_id or self.user_id):
            raise ValueError("demo data has no accounts: leave connected_account_id and user_id out")
        return self


class BreakerOut(BaseModel):
    """The circuit breaker of its service: of all processes the one that stands worst."""

    state: Literal["closed", "open", "half_open"] = Field(description="open: the service is left alone for now.")
    failures: int = Field(description="In a row.")
    retry_at: datetime | None = Field(description="When an open one lets a probe through.")


class UserRef(BaseModel):
    """A user, as others are told of them."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(description="Under which admins find them.")
    email: str = Field(description="Their e-mail address.")


Viewer = Annotated[
    Annotated[int, Field(ge=1, le=2**31 - 1)]
    | Annotated[str, StringConstraints(strip_whitespace=True, max_length=320)],
    Field(description="A user's id or e-mail address."),
]
Viewers = Annotated[list[Viewer], Field(max_length=MOST_VIEWERS)]


class IntegrationOut(BaseModel):
    """One configured place where work comes from."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.INTEGRATION]})

    id: int = Field(description="Under which it is found at /integrations/{id}.")
    kind: str = Field(examples=["gmail"], description="One of GET /integrations/kinds.")
    name: str = Field(description="As people call it; no two are called the same.")
    settings: dict[str, Any] = Field(description="As its kind understands them.")
    gateway: dict[str, Any] | None = Field(description="Whose access is used; null where nothing is pulled.")
    live: bool = Field(description="It is pulled from its service; else files are imported into it.")
    state: StateName = Field(
        examples=["ok"],
        description="needs_reconnect asks a person to connect the account again; everything else goes on by itself.",
    )
    level: Level = Field(description="How far it can be believed.")
    paused: bool = Field(description="A person stopped it.")
    items: int = Field(description="Items stored, without those deleted at their source.")
    cursor_age_s: int | None = Field(
        description="For so many seconds nothing is known of the source; null before the first success."
    )
    last_started_at: datetime | None = Field(description="When a pull began last.")
    last_finished_at: datetime | None = Field(description="When one ended last, well or not.")
    last_success_at: datetime | None = Field(description="When one, or an import, ended well last.")
    last_failed_at: datetime | None = Field(description="When one failed last.")
    first_failed_at: datetime | None = Field(description="Since when every pull has failed.")
    failures: int = Field(description="Pulls that failed in a row.")
    last_error: LastError | None = Field(description="null once it works again.")
    next_sync_at: datetime | None = Field(
        description="null while a pull waits or goes on, and for what is not pulled by itself."
    )
    run: int | None = Field(description="The pull that waits or goes on.")
    breaker: BreakerOut | None = Field(description="null where its service has not been called yet.")
    write_back: bool = Field(description="It is told what people do with its tasks, as its kind's `writes` says.")
    private: bool = Field(description="Only its owner and its viewers see it, and what comes from it.")
    owner: UserRef | None = Field(description="Whose it is; null where that is nobody who is known here.")
    viewers: list[UserRef] = Field(description="Who sees a private one beside its owner.")
    sample: bool = Field(description="It holds invented data: the sample company's, or the demo gateway's.")
    created_at: datetime = Field(description="When it was made.")


class IntegrationPage(Page):
    """Integrations, in the order in which they were made."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.INTEGRATIONS]})

    items: list[IntegrationOut] = Field(description="Each with its state.")


class IntegrationIn(BaseModel):
    """A new integration."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"kind": "mbox", "name": "support archive"}]}
    )

    kind: str = Field(max_length=40, description="One of GET /integrations/kinds.")
    name: Name = Field(description="As people will call it.")
    settings: Stored = Field(
        default_factory=dict, description="As the kind's `settings_schema` of GET /integrations/kinds says."
    )
    gateway: GatewayIn | None = Field(None, description="With it the integration is pulled, from now on.")
    write_back: bool = Field(False, description="Tell it what people do with its tasks, as its kind's `writes` says.")
    private: bool = Field(False, description="Only you, and the viewers you name, see it and what comes from it.")
    viewers: Viewers = Field(default_factory=list, description="Who sees a private one beside you.")


class IntegrationPatch(BaseModel):
    """Other settings or another account begin the pull anew; what is stored stays, and nothing comes twice."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "support archive 2025"}, {"paused": True}]}
    )

    name: Name | None = Field(None, description="Another name.")
    settings: Stored | None = Field(None, description="All settings anew, as the kind's `settings_schema` says.")
    gateway: GatewayIn | None = Field(None, description="Another account.")
    paused: bool | None = Field(None, description="true stops pulling, false goes on at once.")
    write_back: bool | None = Field(
        None, description="true tells it what people do with its tasks from now on; false leaves out what waits, too."
    )
    private: bool | None = Field(
        None, description="true hides it, and what comes from it, from all but its owner and its viewers."
    )
    viewers: Viewers | None = Field(None, description="Who sees a private one beside its owner: all of them anew.")


class IntegrationDeleted(BaseModel):
    """What went."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DELETED]})

    deleted: int = Field(description="The integration's id.")
    items: int = Field(description="Items that went with it.")
    tasks: int = Field(description="Tasks that had no items from elsewhere, and went too.")
    revoked: bool = Field(
        description="The access that was given through a link from here will be given back, in the background."
    )


class LiveKind(BaseModel):
    """How a kind is pulled from its service."""

    service: str = Field(examples=["Gmail"], description="As people call it.")
    settings_schema: dict[str, Any] = Field(description="JSON Schema of the integration's settings.")
    scopes: dict[str, str] = Field(description="What access it needs, and what for.")
    poll_every_s: int = Field(description="So often it is pulled.")
    calls_per_minute: int = Field(description="So many calls go to the service at most, over all its integrations.")
    tools: list[str] = Field(description="The gateway's tools that it calls.")
    writes: list[str] = Field(description="What it writes back where that is switched on; empty: it is only read.")
    write_scopes: dict[str, str] = Field(description="What access that needs besides, and what for.")
    known_limits: list[str] = Field(description="What it can't do.")
    ready: bool = Field(description="A gateway is configured: it can be pulled here.")
    gateways: list[str] = Field(
        description="By which it can be: composio, and demo where invented data may be used (INTEGRATIONS_STUB_MODE)."
    )
    troubles: list[str] = Field(
        description="What was found at start to keep it from being pulled: a refused key, tools that are gone."
    )


class KindOut(BaseModel):
    """A kind of integration, and what it takes."""

    kind: str = Field(description="What integrations of this kind are made with.")
    title: str = Field(description="As people call it.")
    description: str = Field(description="What it brings.")
    file_hint: str = Field(description="What to import into it; empty where it is only pulled.")
    live: LiveKind | None = Field(description="null where it is only imported.")


class KindList(WholeList):
    """All kinds."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.KINDS]})

    items: list[KindOut] = Field(description="In the order in which files are recognised.")
