"""Health as the API speaks of it."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.domains.connections.schemas import BreakerOut
from app.domains.monitoring.levels import Level

_SINCE = "2026-03-02T08:12:04Z"
_DOWN = "Composio does not answer. It is tried again by itself."
_BREAKER = {"state": "open", "failures": 4, "retry_at": "2026-03-02T09:00:17Z"}
_WORKER = {
    "id": "5f0c6e1d9b7a4f3e8c2d1a0b9e8f7d6c",
    "role": "worker",
    "host": "web-2",
    "pid": 4711,
    "version": "0.1.0",
    "seen_at": "2026-03-02T08:59:58Z",
}
STATUS: dict[str, Any] = {
    "level": "CRITICAL",
    "reason": _DOWN,
    "since": _SINCE,
    "dependencies": [
        {
            "name": "Database",
            "kind": "database",
            "level": "NORMAL",
            "reason": "It answers.",
            "since": "2026-02-27T16:12:40Z",
            "breaker": None,
        },
        {
            "name": "Composio",
            "kind": "gateway",
            "level": "OFFLINE",
            "reason": _DOWN,
            "since": _SINCE,
            "breaker": _BREAKER,
        },
        {
            "name": "support mail",
            "kind": "gmail",
            "level": "DEGRADED",
            "reason": "Not heard since 2026-03-02 08:11 UTC: it waits for Composio.",
            "since": "2026-03-02T08:21:09Z",
            "breaker": _BREAKER,
        },
    ],
    "more": 0,
    "jobs": {
        "runs_here": False,
        "queued": 1,
        "running": 0,
        "oldest_due_s": 95,
        "workers": [_WORKER],
        "warning": None,
    },
    "demo": False,
    "version": "0.1.0",
}


class Alive(BaseModel):
    """The process answers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "alive"}]})

    status: str = Field(description="Always alive.", examples=["alive"])


class Ready(BaseModel):
    """It can serve."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ready"}]})

    status: str = Field(description="Always ready: else the answer is a problem.", examples=["ready"])


class Health(BaseModel):
    """The level of the whole, for anyone: no detail."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"level": "NORMAL", "since": _SINCE}]})

    level: Level = Field(description="NORMAL, DEGRADED, CRITICAL or OFFLINE.")
    since: datetime = Field(description="Since when it is so.")


class Dependency(BaseModel):
    """One part that the whole depends on."""

    name: str = Field(description="As people call it.", examples=["support mail"])
    kind: str = Field(
        description="database, network, gateway, jobs, or the kind of an integration.", examples=["database"]
    )
    level: Level = Field(description="Of this part alone.")
    reason: str = Field(description="Why, as a sentence that names the cause.")
    since: datetime = Field(description="Since when it has this level.")
    breaker: BreakerOut | None = Field(
        description="The circuit breaker of its service, of all processes the worst; null where none was called."
    )


class WorkerOut(BaseModel):
    """A process that carries out jobs, as it said of itself last."""

    id: str = Field(description="Its own, anew at each start.")
    role: str = Field(description="serve or worker.")
    host: str = Field(description="The name of its machine.")
    pid: int = Field(description="Its process id there.")
    version: str = Field(description="Of the program that it runs.")
    seen_at: datetime = Field(description="Its last sign of life.")


class JobsStatus(BaseModel):
    """The work beside answering."""

    runs_here: bool = Field(description="Whether the process that answers carries out imports and keeps scores.")
    queued: int = Field(description="Imports and pulls that wait.")
    running: int = Field(description="Imports and pulls that go on.")
    oldest_due_s: int | None = Field(
        description="For so many seconds the oldest import, pull, write or score that is due has waited; null: none is."
    )
    workers: list[WorkerOut] = Field(description="Processes that live and carry out jobs, at most 100.")
    warning: str | None = Field(description="What to do where none does.")


class StatusOut(BaseModel):
    """How everything stands."""

    model_config = ConfigDict(json_schema_extra={"examples": [STATUS]})

    level: Level = Field(description="Of the whole.")
    reason: str = Field(description="The one reason for it, as a sentence.")
    since: datetime = Field(description="Since when it is so.")
    dependencies: list[Dependency] = Field(
        description="What others depend on first, then integrations, those that can't be trusted before the others."
    )
    more: int = Field(description="Integrations beyond the first 200, which are left out.")
    jobs: JobsStatus = Field(description="The work beside answering, and who does it.")
    demo: bool = Field(
        False, description="Invented data may be pulled here (INTEGRATIONS_STUB_MODE); it is labelled as sample data."
    )
    version: str = Field(description="Of the program that answers.")
