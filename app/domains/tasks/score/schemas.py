"""Scores as the API speaks of them: every line, and what it rests on."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.domains.tasks.schemas import Band, Number, Tier


class RulesetRef(BaseModel):
    name: str
    version: int


class ContributionOut(BaseModel):
    rule: str
    title: str
    points: Number
    because: str
    fact: str | None
    value: Any = Field(None, description="Of that fact, as it was; a moment is written as in JSON.")
    source: Literal["item", "person", "integration", "derived", "llm"] | None = Field(
        None, description="Where that fact comes from."
    )
    quote: str | None
    item: int | None
    link: str | None = Field(
        None,
        description="Where to look: the item's own address at its source, or else that of the task's items here; of a "
        "line that another task gives, that task.",
        examples=["https://mail.example/1a2b", "/api/v1/tasks/42/items"],
    )


class CheckedOut(BaseModel):
    rule: str
    title: str
    outcome: Literal["no", "unknown", "error"]
    because: str
    facts: list[str]


class MarkOut(BaseModel):
    percent: int
    at: datetime | None = Field(description="When the clock reaches this share, or did; null: it stands still before.")


class ClockOut(BaseModel):
    """A clock that has a target. Seconds are working seconds where the target has a calendar."""

    clock: str = Field(examples=["first_response"])
    target: str
    title: str
    within_s: int
    elapsed_s: int
    running: bool = Field(description="Also outside of working hours, when it stands still without being stopped.")
    state: Literal["on_track", "at_risk", "breached"]
    marks: list[MarkOut] = Field(description="The shares from which on it is at risk, and 100: breached.")
    calendar: str | None


class ScoreOut(BaseModel):
    """Why a task stands where it stands. The contributions add up to the points, always."""

    task: int
    at: datetime
    basis: Literal["present", "recorded", "reconstructed"] = Field(
        default="present",
        description="The facts it rests on: those of now, those recorded at that time (then the score is, to the byte, "
        "the one of then), or what the task's items said until then, where nothing was recorded.",
    )
    ruleset: RulesetRef
    tier: Tier
    score: Number
    points: Number
    band: Band
    valid_until: datetime | None
    reasons: list[str]
    contributions: list[ContributionOut]
    also_checked: list[CheckedOut] = Field(description="Rules that gave nothing, and why.")
    clocks: list[ClockOut] = Field(default_factory=list, description="How its clocks stand to their targets.")
    rank: int | None = Field(
        None, description="Its place in the queue now; null where it is not open, and at another time."
    )
