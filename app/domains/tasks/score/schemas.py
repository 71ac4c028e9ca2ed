"""Scores as the API speaks of them: every line, and what it rests on; and the facts that rules look at."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.core.outside import outside
from app.domains.ranking.catalogue import FactType
from app.domains.tasks.schemas import Band, Number, Tier

Source = Literal["item", "person", "integration", "derived", "llm"]
_BASIS = (
    "The facts it rests on: those of now, those recorded at that time (then the score is, to the byte, the one of "
    "then), or what the task's items said until then, where nothing was recorded."
)


class RulesetRef(BaseModel):
    """The ruleset that a score was made by."""

    name: str = Field(description="Its name.", examples=["default"])
    version: int = Field(description="Its version, from 1.", examples=[1])


class ContributionOut(BaseModel):
    """One line of the sum."""

    rule: str = Field(
        description="The id of the rule or override; of other lines, `group:` and what the group's bounds cut, "
        "`waits:` or `above:` and the task that gives it.",
        examples=["urgent", "group:wording", "waits:42"],
    )
    title: str = Field(description="What people call that rule.", examples=["Says urgent"])
    points: Number = Field(description="What the line adds; below zero what it takes away.", examples=[30])
    because: str = outside("Why, as a sentence without relative times.", examples=["Says it is urgent"])
    fact: str | None = Field(description="The fact it rests on, where one fact does.", examples=["says_urgent"])
    value: Any = outside("Of that fact, as it was; a moment is written as in JSON.", default=None, examples=[True])
    source: Source | None = Field(None, description="Where that fact comes from.")
    quote: str | None = outside("The words that say so, verbatim.", examples=["this is urgent"])
    item: int | None = Field(description="The id of the item that holds those words.", examples=[317])
    link: str | None = outside(
        "Where to look: the item's own address at its source, or else that of the task's items here; of a "
        "line that another task gives, that task.",
        default=None,
        examples=["https://mail.example/1a2b", "/api/v1/tasks/42/items"],
    )


class RuleWithoutPointsOut(BaseModel):
    """A rule that gave nothing, and why."""

    rule: str = Field(description="Its id.", examples=["starred"])
    title: str = Field(description="What people call it.", examples=["Starred"])
    outcome: Literal["no", "unknown", "error"] = Field(
        description="Its condition does not hold, a fact it needs is not known, or it could not be applied."
    )
    because: str = outside("Why, as a sentence.", examples=["Not known: starred"])
    facts: list[str] = Field(description="The facts that decided it, or that are missing.", examples=[["starred"]])


class MarkOut(BaseModel):
    """A share of a target, and when the clock reaches it."""

    percent: int = Field(description="Of the time that the target gives.", examples=[75])
    at: datetime | None = Field(description="When the clock reaches this share, or did; null: it stands still before.")


class ClockOut(BaseModel):
    """A clock that has a target. Seconds are working seconds where the target has a calendar."""

    clock: str = Field(description="The fact that is the clock.", examples=["first_response"])
    target: str = Field(description="The id of the target in the ruleset.", examples=["first-answer"])
    title: str = Field(description="What people call the target.", examples=["First answer"])
    within_s: int = Field(description="How many seconds it may run.", examples=[28800])
    elapsed_s: int = Field(description="How many seconds it has run.", examples=[18000])
    running: bool = Field(description="Also outside of working hours, when it stands still without being stopped.")
    state: Literal["on_track", "at_risk", "breached"] = Field(
        description="Of a clock that was stopped, how it stood then: it is met unless it is breached."
    )
    marks: list[MarkOut] = Field(description="The shares from which on it is at risk, and 100: breached.")
    calendar: str | None = Field(description="The calendar whose hours count; null: all hours.", examples=["support"])


class StaleOut(BaseModel):
    """The integration that a task comes from can't be trusted now: what is said of it may be out of date."""

    integration: str = Field(description="Its name.", examples=["support mail"])
    since: datetime | None = Field(
        description="Nothing is known of it after that; null: it was never heard.", examples=["2026-03-02T08:11:00Z"]
    )
    reason: str = Field(
        description="Why, as a sentence.", examples=["Not heard since 2026-03-02 08:11 UTC: it waits for Composio."]
    )


class ScoreOut(BaseModel):
    """Why a task stands where it stands. The contributions add up to the points, always."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "task": 7,
                    "at": "2026-03-02T09:00:00Z",
                    "basis": "present",
                    "ruleset": {"name": "default", "version": 1},
                    "tier": "normal",
                    "score": 42,
                    "points": 42,
                    "band": "next",
                    "valid_until": "2026-03-02T15:00:00Z",
                    "reasons": ["Says it is urgent: “urgent”", "Its priority is high"],
                    "contributions": [
                        {
                            "rule": "urgent",
                            "title": "Says urgent",
                            "points": 30,
                            "because": "Says it is urgent: “urgent”",
                            "fact": "says_urgent",
                            "value": True,
                            "source": "item",
                            "quote": "urgent",
                            "item": 317,
                            "link": "https://mail.example/1a2b",
                        },
                        {
                            "rule": "priority-high",
                            "title": "Priority high",
                            "points": 12,
                            "because": "Its priority is high",
                            "fact": "priority",
                            "value": "high",
                            "source": "person",
                            "quote": None,
                            "item": None,
                            "link": None,
                        },
                    ],
                    "also_checked": [
                        {
                            "rule": "starred",
                            "title": "Starred",
                            "outcome": "unknown",
                            "because": "Not known: starred",
                            "facts": ["starred"],
                        }
                    ],
                    "clocks": [],
                    "rank": 4,
                    "stale": None,
                }
            ]
        }
    )

    task: int = Field(description="The task's id.")
    at: datetime = Field(description="As of when.")
    basis: Literal["present", "recorded", "reconstructed"] = Field(default="present", description=_BASIS)
    ruleset: RulesetRef = Field(description="By which it was made.")
    tier: Tier = Field(description="Pinned tasks stand before all normal ones, held ones behind them.")
    score: Number = Field(description="Points held to 0-100, for showing.")
    points: Number = Field(description="What the order uses: the exact sum of the contributions.")
    band: Band = Field(description="What the points are called.")
    valid_until: datetime | None = Field(description="When time alone may change the score next; null: never.")
    reasons: list[str] = outside("The sentences of the two strongest lines above zero.")
    contributions: list[ContributionOut] = Field(description="All lines of the sum, in the order of the ruleset.")
    also_checked: list[RuleWithoutPointsOut] = Field(description="Rules that gave nothing, and why.")
    clocks: list[ClockOut] = Field(default_factory=list, description="How its clocks stand to their targets.")
    rank: int | None = Field(
        None,
        description="Its place in the queue now; null where it is not open, at another time, and by another ruleset.",
    )
    stale: StaleOut | None = Field(
        None,
        description="Why it may be out of date now, beside the score: no points come of it. null where its integration "
        "can be trusted, and at another time.",
    )


class KnownFactOut(BaseModel):
    """One thing that is known of a task."""

    name: str = Field(description="As rules name it.", examples=["says_urgent"])
    type: FactType = Field(description="Of the value, as the catalogue of facts has it.", examples=["bool"])
    value: Any = outside("A moment is written as in JSON; a clock is a list of moments.", examples=[True])
    source: Source = Field(description="Where it comes from.")
    quote: str | None = outside("The words that say so, verbatim.", examples=["urgent"])
    item: int | None = Field(description="The id of the item that says so, where one does.", examples=[317])
    confidence: float | None = Field(description="0 to 1, of what a language model proposed; else null.")


class KnownFactsOut(BaseModel):
    """All that rules can look at in a task. What is not known is not in it: unknown is never zero."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "task": 7,
                    "at": "2026-03-02T09:00:00Z",
                    "basis": "present",
                    "facts": [
                        {
                            "name": "says_urgent",
                            "type": "bool",
                            "value": True,
                            "source": "item",
                            "quote": "urgent",
                            "item": 317,
                            "confidence": None,
                        }
                    ],
                }
            ]
        }
    )

    task: int = Field(description="The task's id.")
    at: datetime = Field(description="As of when.")
    basis: Literal["present", "recorded", "reconstructed"] = Field(description=_BASIS)
    facts: list[KnownFactOut] = Field(description="In the order of the catalogue, each at most once.")
