"""Comparisons, what-ifs and forecasts as the API speaks of them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.domains.tasks.schemas import Band, Number, Tier


class StandsOut(BaseModel):
    """One of two tasks, and where it stands."""

    task: int
    title: str
    points: Number
    band: Band
    tier: Tier


class DifferenceOut(BaseModel):
    """One rule, and what it gives to each of the two; null where it gives nothing."""

    rule: str
    title: str
    points: Number = Field(description="What it gives to this task.")
    other_points: Number
    difference: Number = Field(description="This task's less the other's.")
    because: str | None
    other_because: str | None


class VersusOut(BaseModel):
    """Why one task stands above another. The differences add up to the difference of the points, always."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "at": "2026-03-02T09:00:00Z",
                    "task": {"task": 7, "title": "Broken pump", "points": 66, "band": "next", "tier": "normal"},
                    "other": {"task": 9, "title": "Offer", "points": 54, "band": "next", "tier": "normal"},
                    "above": 7,
                    "by": "points",
                    "difference": 12,
                    "lines": [
                        {
                            "rule": "urgent",
                            "title": "Says urgent",
                            "points": 30,
                            "other_points": 0,
                            "difference": 30,
                            "because": "Says it is urgent: “urgent”",
                            "other_because": None,
                        }
                    ],
                    "sentence": "“Broken pump” stands above “Offer” by 12 points: +30 Says urgent, -18 Deadline",
                }
            ]
        }
    )

    at: datetime
    task: StandsOut
    other: StandsOut
    above: int = Field(description="The id of the task that stands above.")
    by: Literal["tier", "points", "due", "age", "id"] = Field(description="What decides: the first that differs.")
    difference: Number = Field(description="This task's points less the other's.")
    lines: list[DifferenceOut] = Field(description="The largest differences first, whichever side they are on.")
    sentence: str


class ComparedOut(BaseModel):
    """With how many of the other open tasks it was compared: those that stand highest, and those due soon."""

    tasks: int
    of: int


class NowOut(BaseModel):
    points: Number
    band: Band
    rank: int | None = Field(description="Its place in the queue.")


class GoalOut(BaseModel):
    kind: Literal["first", "top10", "above", "band", "points"]
    needs: Number | None = Field(
        description="So many points are enough; null where no points are: a task of a higher tier stands in the way."
    )
    above: int | None = Field(description="The task it has to stand above, where there is one.")
    holds: bool = Field(description="It is reached already: nothing has to change.")
    sentence: str


class DoOut(BaseModel):
    """The request that makes the change."""

    method: Literal["PATCH", "POST"]
    path: str
    body: dict[str, Any] | None


class SuppositionOut(BaseModel):
    """One thing changed, and where the task would stand. Scored again, not estimated."""

    fact: str
    from_: Any = Field(serialization_alias="from", description="Its value now; null: none.")
    to: Any = Field(description="A moment is the least change: one second beyond it is not enough.")
    widely: bool = Field(
        description="Of a moment: any earlier one is enough too, from now on; where it had to be made later, any later"
    )
    points_after: Number
    band_after: Band
    rank_after: int | None = Field(description="Among the tasks compared; null beyond them.")
    beyond: Number = Field(
        description="Its points then, less those of the goal: of the task to stand above, or the least asked for."
    )
    cost: Literal["mark", "due", "assign", "plan", "work"] = Field(
        description="From the cheapest: a mark on the task, its due date, who has it, its plan, work to be done before."
    )
    sentence: str
    do: DoOut | None


class WhatIfOut(BaseModel):
    """What would have to change, one thing at a time, for a task to reach a goal."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "task": 7,
                    "now": {"points": 66, "band": "next", "rank": 4},
                    "goal": {
                        "kind": "band",
                        "needs": 70,
                        "above": None,
                        "holds": False,
                        "sentence": "In the band now: at least 70 points",
                    },
                    "changes": [
                        {
                            "fact": "priority",
                            "from": None,
                            "to": "high",
                            "widely": False,
                            "points_after": 78,
                            "band_after": "now",
                            "rank_after": 2,
                            "beyond": 8,
                            "cost": "mark",
                            "sentence": "priority high",
                            "do": {"method": "PATCH", "path": "/api/v1/tasks/7", "body": {"priority": "high"}},
                        }
                    ],
                    "closest": None,
                    "compared": {"tasks": 500, "of": 9204},
                }
            ]
        }
    )

    task: int
    now: NowOut
    goal: GoalOut
    changes: list[SuppositionOut] = Field(description="Each is enough alone; the cheapest first.")
    closest: SuppositionOut | None = Field(description="Where nothing alone is enough: what comes closest.")
    compared: ComparedOut


class ForecastLine(BaseModel):
    """From this moment on, if nothing changes but the time."""

    at: datetime
    points: Number
    band: Band
    tier: Tier
    rank: int | None = Field(description="Its place, where that is among those that stand highest now.")
    because: str | None = Field(description="The line that changes most; null for the present.")


class BandChange(BaseModel):
    at: datetime
    band: Band


class ForecastOut(BaseModel):
    """How a task will stand if nothing changes but the time."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "task": 7,
                    "until": "2026-03-09T09:00:00Z",
                    "changes": [
                        {
                            "at": "2026-03-02T09:00:00Z",
                            "points": 66,
                            "band": "next",
                            "tier": "normal",
                            "rank": 4,
                            "because": None,
                        },
                        {
                            "at": "2026-03-03T14:00:00Z",
                            "points": 86,
                            "band": "now",
                            "tier": "normal",
                            "rank": 1,
                            "because": "Due within 24 hours: Wed 4 Mar 2026 14:00 UTC",
                        },
                    ],
                    "left_out": 0,
                    "first_at": "2026-03-03T14:00:00Z",
                    "top_ten_at": "2026-03-02T09:00:00Z",
                    "bands": [{"at": "2026-03-03T14:00:00Z", "band": "now"}],
                    "sentence": "First at Tue 3 Mar 2026 14:00 UTC if nothing changes",
                    "compared": {"tasks": 731, "of": 9204},
                }
            ]
        }
    )

    task: int
    until: datetime = Field(description="The horizon, or before it where a task changes too often to look so far.")
    changes: list[ForecastLine] = Field(description="The present first.")
    left_out: int = Field(description="Further changes up to `until`, beyond the first 200.")
    first_at: datetime | None = Field(description="When it stands first for the first time; null: not before `until`.")
    top_ten_at: datetime | None
    bands: list[BandChange] = Field(description="Each later change of its band.")
    sentence: str
    compared: ComparedOut
