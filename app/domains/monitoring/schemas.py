"""Health as the API speaks of it."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.domains.monitoring.rules import Level


class Alive(BaseModel):
    status: str = Field(examples=["alive"])


class Ready(BaseModel):
    status: str = Field(examples=["ready"])


class Health(BaseModel):
    """For anyone: no detail."""

    level: Level
    since: datetime


class Dependency(BaseModel):
    name: str
    kind: str = Field(examples=["database"])
    level: Level
    reason: str
    since: datetime | None
    breaker: dict[str, Any] | None


class JobsStatus(BaseModel):
    runs_here: bool = Field(description="Whether this process carries out imports and keeps scores.")
    queued: int
    running: int


class StatusOut(BaseModel):
    level: Level
    reason: str
    dependencies: list[Dependency]
    jobs: JobsStatus
    version: str
