"""Where a calendar integration stands between pulls: its cursor, some forty bytes for each task that is open."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.integrations.pulling import Json


class Place(BaseModel):
    model_config = ConfigDict(extra="ignore")

    open: dict[str, str] = Field(default_factory=dict)
    """Events and series that asked something when they were last read, and in which calendar; "" where nobody knows."""
    adopted: str | None = None
    """Up to which id all that is stored was taken into `open` since a cursor was lost. None: all of it was."""
    read: dict[str, datetime] = Field(default_factory=dict)
    """When each calendar was last read to its end: the one read longest ago comes first."""

    @classmethod
    def of(cls, cursor: Json) -> "Place | None":
        """The place a cursor names; None at the first pull, and where it can't be read any more."""
        try:
            return cls.model_validate(cursor) if cursor else None
        except ValidationError:
            return None

    def cursor(self) -> Json:
        return self.model_dump(mode="json")
