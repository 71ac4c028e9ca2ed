"""Trends, as the API speaks of them."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.core.page_schema import WholeList

_DAY: dict[str, Any] = {"day": "2026-03-02", "open": 640, "came": 57, "closed": 49, "so_far": False}
_TRENDS: dict[str, Any] = {"tz": "Europe/Berlin", "known_from": "2026-01-12T08:30:00Z", "days": [_DAY]}
_PACE: dict[str, Any] = {
    "integration": 3,
    "name": "support mail",
    "kind": "gmail",
    "runs": 288,
    "failed": 2,
    "read": 412,
    "refused": 1,
    "median_s": 1.4,
    "worst_s": 21.0,
    "worst_age_s": 940.0,
}


class DayOut(BaseModel):
    """One day of the queue. open = the day before's open + came - closed."""

    model_config = ConfigDict(json_schema_extra={"examples": [_DAY]})

    day: date = Field(description="The day in the zone that was asked for.")
    open: int | None = Field(
        description="Open tasks at the day's end; of today, now. Null: the day was over before anything was known."
    )
    came: int | None = Field(description="Tasks that came into the queue: made, reopened, woken, put back.")
    closed: int | None = Field(
        description="Tasks that left it: done, declined, snoozed, set aside, deleted, merged into others."
    )
    so_far: bool = Field(description="Today: it is not over.")


class TrendsOut(BaseModel):
    """The queue day by day, the earliest first, today last. It counts tasks that are still there, as far as you may see
    them: what was deleted with its integration is in no day."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TRENDS]})

    tz: str = Field(description="The time zone of the days.")
    known_from: datetime | None = Field(
        description="When the first task was made here. Days before it say null. Null: there is none."
    )
    days: list[DayOut] = Field(description="As many as were asked for.")


class PaceOut(BaseModel):
    """How an integration's pulls and imports went, of those that ended in that time."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PACE]})

    integration: int = Field(description="Its id.")
    name: str = Field(description="Its name.")
    kind: str = Field(description="Its kind.")
    runs: int = Field(description="Runs that ended, well or not.")
    failed: int = Field(description="Of those, how many failed.")
    read: int = Field(description="Items that they read.")
    refused: int = Field(description="Of those, how many could not be read.")
    median_s: float | None = Field(description="Seconds that half of the runs took at most. Null: none ended.")
    worst_s: float | None = Field(description="Seconds that the longest run took.")
    worst_age_s: float | None = Field(
        description="How old what is known of its source was at most, in seconds, until now; null where it is not "
        "pulled, or was never pulled to its end. Known from runs that are kept, 30 days at most."
    )


class PaceList(WholeList):
    """By integration, in the order they were made; at most 200."""

    items: list[PaceOut]
