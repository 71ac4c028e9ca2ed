"""What people set of a Google calendar that is pulled."""

from datetime import UTC, datetime, time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from app.integrations.exports.rows import zone_of
from app.integrations.pulling import LiveSettings

Asks = Literal["invitations", "organized", "all"]


def _each_once(given: list[str]) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in given if name.strip()))
    if any(any(c.isspace() or c == "/" for c in name) for name in names):
        raise ValueError(
            "must be ids of calendars, which stand in Google Calendar under Settings, Integrate calendar: "
            "«primary», «team@example.org», «…@group.calendar.google.com»"
        )
    return names or ["primary"]


class CalendarSettings(LiveSettings):
    calendars: Annotated[list[str], AfterValidator(_each_once)] = Field(
        default_factory=lambda: ["primary"],
        max_length=20,
        title="Calendars",
        description="Ids of the calendars to pull. Empty: the account's own, «primary».",
    )
    asks: Asks = Field(
        "invitations",
        title="What becomes a task",
        description="«invitations»: those that wait for our answer. «organized»: also meetings with others that we "
        "organize. «all»: also every other event that we did not decline.",
    )
    maybe_is_open: bool = Field(
        False, title="Maybe is no answer", description="Invitations that we answered with «maybe» wait for an answer."
    )
    days_ahead: int = Field(
        30, ge=1, le=365, title="Days ahead", description="How many days from now on are looked at, at every pull."
    )

    def end(self) -> datetime | None:
        """The last instant that is wanted, None where there is no end."""
        return datetime.combine(self.until, time.max, zone_of(self.zone, UTC)) if self.until else None
