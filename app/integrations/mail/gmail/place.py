"""Where a pull stands: the cursor as it is kept between pages.

Small, because it is written with every page. No ids of messages stand in it.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from app.integrations.pulling import Json


class Span(BaseModel):
    """A stretch of time, both ends included."""

    since: datetime
    until: datetime


class Sweep(Span):
    """A stretch that is being read page by page."""

    scope: int = 0
    """Which of the listings: one for each label that is wanted."""
    token: str | None = None
    read: int = 0
    estimate: int = 0


class Place(BaseModel):
    model_config = ConfigDict(extra="ignore")

    history_id: str = ""
    """What changed up to here is stored, or lies in `sweep`."""
    until: datetime | None = None
    """Up to here everything is known."""
    sweep: Sweep | None = None
    compare: Span | None = None
    """What is stored of this is to be compared with what is there: its beginning moves on."""
    settled: Span | None = None
    """What was swept last, until history has told that the listing did not shrink meanwhile."""

    @classmethod
    def of(cls, cursor: Json) -> "Place":
        """The place a cursor names. One that can't be read any more is none: the pull begins again."""
        try:
            return cls.model_validate(cursor)
        except ValidationError:
            return cls()

    def cursor(self) -> Json:
        return self.model_dump(mode="json", exclude_none=True)
