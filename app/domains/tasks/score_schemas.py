"""Scores as the API speaks of them: every line, and what it rests on."""

from datetime import datetime
from typing import Literal

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
    quote: str | None
    item: int | None


class CheckedOut(BaseModel):
    rule: str
    title: str
    outcome: Literal["no", "unknown", "error"]
    because: str
    facts: list[str]


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
