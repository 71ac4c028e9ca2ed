"""The audit trail as the API speaks of it."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.core.audit.verifying import What
from app.core.page_schema import CountedPage

_HASH = "5f1d7a84db00d2fce00b31a7fc73224f9c62a1c1e5e3b0b1a0f1b9a1b0c2d3e4"
_BEFORE = "0b1cc4b5c2f2a3b7b6d3a0e9d8c7b6a5948372615f4e3d2c1b0a998877665544"
_ENTRY: dict[str, Any] = {
    "id": 1042,
    "at": "2026-03-02T09:00:00Z",
    "actor": "user:7",
    "actor_name": "ana@example.com",
    "address": "192.0.2.7",
    "action": "complete_task",
    "target": "task:12",
    "changes": [{"target": "task:12", "field": "status", "before": "open", "after": "done"}],
    "omitted": 0,
    "correlation_id": "5b7c6b0d5a4f4b6c8f2f3c7a3c0f9b1e",
    "previous": _BEFORE,
    "hash": _HASH,
}


class AuditChangeOut(BaseModel):
    """One field of something, before and after."""

    target: str = Field(description="What was changed, as «task:12».", examples=["task:12"])
    field: str = Field(
        description="Which field; `exists` tells that it was made or removed. Of some only that they changed is kept.",
        examples=["status"],
    )
    before: Any = Field(description="Its value before; null for none.", examples=["open"])
    after: Any = Field(description="Its value afterwards; null for none.", examples=["done"])


class AuditEntryOut(BaseModel):
    """One action of one caller, with what it changed."""

    id: int = Field(description="Its place in the chain; without a gap.", examples=[1042])
    at: datetime = Field(description="When it was entered.", examples=["2026-03-02T09:00:00Z"])
    actor: str = Field(
        description="Who: «user:7», «key:3», «cli» at the terminal, «program» by itself, «anyone» not signed in.",
        examples=["user:7"],
    )
    actor_name: str = Field(description="Their name at that time.", examples=["ana@example.com"])
    address: str = Field(description="Where the request came from; empty for none.", examples=["192.0.2.7"])
    action: str = Field(
        description="The operation of this API, «cli …» for a command, or what happened.", examples=["complete_task"]
    )
    target: str = Field(description="What it was done to; empty where it is the whole.", examples=["task:12"])
    changes: list[AuditChangeOut] = Field(description="At most 100, their texts cut at 500 characters.")
    omitted: int = Field(description="How many changes more there were.")
    correlation_id: str = Field(description="That of the request: find it in the logs. Empty outside of one.")
    previous: str = Field(description="The hash of the entry before.")
    hash: str = Field(description="SHA-256 over `previous` and this entry; docs/audit.md says how exactly.")


class AuditPage(CountedPage):
    """A page of entries."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [_ENTRY], "next_cursor": None, "has_more": False, "total": None}]}
    )

    items: list[AuditEntryOut] = Field(description="The newest first.")


class AuditHeadOut(BaseModel):
    """The end of the chain. Kept elsewhere, it is a witness for all before it."""

    id: int = Field(description="The last entry's id; 0 where there is none.", examples=[1042])
    hash: str = Field(description="Its hash.", examples=[_HASH])


class AuditBreakOut(BaseModel):
    """Where the chain does not hold."""

    id: int = Field(description="The first entry that is wrong, or isn't there.", examples=[17])
    what: What = Field(
        description="`changed`, `missing` or `reordered`; `rewritten` from here on or before, as the witness shows; "
        "`cut` off at an end; `forgotten`: the witness is older than what is kept."
    )
    detail: str = Field(description="The same for people.", examples=["Entry 17 is not as it was written."])


class AuditVerified(BaseModel):
    """What verifying found."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"ok": True, "entries": 1042, "first_id": 1, "head": {"id": 1042, "hash": _HASH}, "broken": None}
            ]
        }
    )

    ok: bool = Field(description="Whether every entry is as it was written.")
    entries: int = Field(description="How many hold, up to the head.", examples=[1042])
    first_id: int = Field(description="The first that was looked at.", examples=[1])
    head: AuditHeadOut = Field(description="The last that holds.")
    broken: AuditBreakOut | None = Field(description="The first break; null for a sound chain.")
