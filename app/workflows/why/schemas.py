"""Comparisons, what-ifs and forecasts as the API speaks of them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.core.outside import outside
from app.domains.tasks.schemas import Band, Number, Tier


class StandsOut(BaseModel):
    """One of two tasks, and where it stands."""

    task: int = Field(description="Its id.")
    title: str = Field(description="What people call it.")
    points: Number = Field(description="What the order uses.")
    band: Band = Field(description="What the points are called.")
    tier: Tier = Field(description="Pinned tasks stand before all normal ones, held ones behind them.")


class DifferenceOut(BaseModel):
    """One rule, and what it gives to each of the two; null where it gives nothing."""

    rule: str = Field(description="Its id.", examples=["urgent"])
    title: str = Field(description="What people call it.", examples=["Says urgent"])
    points: Number = Field(description="What it gives to this task.")
    other_points: Number = Field(description="What it gives to the other.")
    difference: Number = Field(description="This task's less the other's.")
    because: str | None = outside("Why it gives that to this task.")
    other_because: str | None = outside("Why it gives that to the other.")


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
                        },
                        {
                            "rule": "deadline-near",
                            "title": "Deadline",
                            "points": 0,
                            "other_points": 18,
                            "difference": -18,
                            "because": None,
                            "other_because": "Due Fri 6 Mar 2026 09:00 UTC",
                        },
                    ],
                    "sentence": "“Broken pump” stands above “Offer” by 12 points: +30 Says urgent, -18 Deadline.",
                }
            ]
        }
    )

    at: datetime = Field(description="As of when both were judged.")
    task: StandsOut = Field(description="The task that was asked about.")
    other: StandsOut = Field(description="The one it is compared with.")
    above: int = Field(description="The id of the task that stands above.")
    by: Literal["tier", "points", "due", "age", "id"] = Field(description="What decides: the first that differs.")
    difference: Number = Field(description="This task's points less the other's.")
    lines: list[DifferenceOut] = Field(description="The largest differences first, whichever side they are on.")
    sentence: str = outside(
        "The same in short: what speaks for the task that stands above, then what speaks against it. Where "
        "a group's bounds cut something, all of the group is one item of it, called by the group's title."
    )


class ComparedOut(BaseModel):
    """With how many of the other open tasks it was compared: those that stand highest, and those due soon."""

    tasks: int = Field(description="With so many it was compared.")
    of: int = Field(description="So many other tasks are open.")


class NowOut(BaseModel):
    """Where the task stands now."""

    points: Number = Field(description="What the order uses.")
    band: Band = Field(description="What the points are called.")
    rank: int | None = Field(description="Its place in the queue.")


class GoalOut(BaseModel):
    """What the task is to reach."""

    kind: Literal["first", "top10", "above", "band", "points"] = Field(description="What sort of goal it is.")
    needs: Number | None = Field(
        description="So many points are enough; null where no points are: a task of a higher tier stands in the way."
    )
    above: int | None = Field(description="The task it has to stand above, where there is one.")
    holds: bool = Field(description="It is reached already: nothing has to change.")
    sentence: str = outside("The goal in words.")


class DoOut(BaseModel):
    """The request that makes the change."""

    method: Literal["PATCH", "POST"] = Field(description="Its method.")
    path: str = Field(description="Where it goes.", examples=["/api/v1/tasks/7"])
    body: dict[str, Any] | None = Field(description="What it says; null: nothing.")


class SuppositionOut(BaseModel):
    """One thing changed, and where the task would stand. Scored again, not estimated."""

    fact: str = Field(description="The fact that changes.", examples=["priority"])
    from_: Any = Field(serialization_alias="from", description="Its value now; null: none.")
    to: Any = Field(description="A moment is the least change: one second beyond it is not enough.")
    widely: bool = Field(
        description="Of a moment: any earlier one is enough too, from now on; where it had to be made later, any later"
    )
    points_after: Number = Field(description="Its points then.")
    band_after: Band = Field(description="Its band then.")
    rank_after: int | None = Field(description="Among the tasks compared; null beyond them.")
    beyond: Number = Field(
        description="Its points then, less those of the goal: of the task to stand above, or the least asked for."
    )
    cost: Literal["mark", "due", "assign", "plan", "work"] = Field(
        description="From the cheapest: a mark on the task, its due date, who has it, its plan, work to be done before."
    )
    sentence: str = outside("What to do, in a few words.", examples=["priority high"])
    do: DoOut | None = Field(description="The request that makes it so; null where no single one does.")


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
                        "sentence": "In the band now: at least 70 points.",
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

    task: int = Field(description="The task's id.")
    now: NowOut = Field(description="Where it stands now.")
    goal: GoalOut = Field(description="What it is to reach.")
    changes: list[SuppositionOut] = Field(description="Each is enough alone; the cheapest first.")
    closest: SuppositionOut | None = Field(description="Where nothing alone is enough: what comes closest.")
    compared: ComparedOut = Field(description="With how many other tasks it was compared.")


class ForecastLine(BaseModel):
    """From this moment on, if nothing changes but the time."""

    at: datetime = Field(description="From when on.")
    points: Number = Field(description="Its points from then on.")
    band: Band = Field(description="Its band from then on.")
    tier: Tier = Field(description="Its tier, which time alone never changes.")
    rank: int | None = Field(description="Its place, where that is among those that stand highest now.")
    because: str | None = outside("The line that changes most, or what other tasks do; null for the present.")


class BandChange(BaseModel):
    """Another band."""

    at: datetime = Field(description="From when on.")
    band: Band = Field(description="The band from then on.")


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
                    "sentence": "First at Tue 3 Mar 2026 14:00 UTC if nothing changes.",
                    "compared": {"tasks": 731, "of": 9204},
                }
            ]
        }
    )

    task: int = Field(description="The task's id.")
    until: datetime = Field(description="The horizon, or before it where a task changes too often to look so far.")
    changes: list[ForecastLine] = Field(
        description="The present first; then each change of points or band, and of the first place or the first ten."
    )
    left_out: int = Field(description="Further changes up to `until`, beyond the first 200.")
    first_at: datetime | None = Field(description="When it stands first for the first time; null: not before `until`.")
    top_ten_at: datetime | None = Field(
        description="When it stands among the first ten for the first time; null: not before `until`."
    )
    bands: list[BandChange] = Field(description="Each later change of its band.")
    sentence: str = outside("When it will be first, and among the first ten.")
    compared: ComparedOut = Field(description="With how many other tasks it was compared.")
