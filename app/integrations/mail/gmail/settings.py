"""What people set of a Gmail integration."""

from datetime import UTC, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from app.integrations.pulling import LiveSettings


def _each_once(given: list[str]) -> list[str]:
    names = (" ".join(name.split()) for name in given)
    return list({name.casefold(): name for name in names if name}.values())


class GmailSettings(LiveSettings):
    query: str = Field(
        "",
        max_length=1000,
        title="Search",
        description="Only what this Gmail search finds: «-category:promotions», «to:support@example.org».",
    )
    labels: Annotated[list[str], AfterValidator(_each_once)] = Field(
        default_factory=list,
        max_length=50,
        title="Labels",
        description="Only messages that bear one of these labels, named as in Gmail. Empty: all.",
    )
    include_sent: bool = Field(
        True, title="Sent mail", description="Also what you sent: it tells whether you or they have to answer."
    )
    include_spam_trash: bool = Field(
        False, title="Spam and trash", description="Also spam and trash, which ask for no work."
    )
    page_size: int = Field(100, ge=1, le=500, title="Messages a call", description="Fewer where messages are large.")

    def end(self) -> datetime | None:
        """The last instant that is wanted, None where there is no end."""
        if self.until is None:
            return None
        try:
            zone = ZoneInfo(self.zone) if self.zone else UTC
        except (KeyError, ValueError, OSError, ZoneInfoNotFoundError):
            zone = UTC
        return datetime.combine(self.until, time.max, zone)
