"""What people set of a Gmail integration."""

from datetime import UTC, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from app.integrations.mail.gmail.labels import SYSTEM
from app.integrations.pulling import LiveSettings

Act = Literal["archive", "label", "archive and label", "nothing"]
_SYSTEM = frozenset(known.casefold() for each, (name, _) in SYSTEM.items() for known in (each, name))


def _each_once(given: list[str]) -> list[str]:
    names = (" ".join(name.split()) for name in given)
    return list({name.casefold(): name for name in names if name}.values())


def _a_name(given: str) -> str:
    """A label that may be made. Raises ValueError with a sentence for people."""
    name = "/".join(" ".join(part.split()) for part in given.split("/"))
    if not all(name.split("/")) or name.casefold() in _SYSTEM:
        raise ValueError(f"«{given[:100]}» can't be a label of your own in Gmail. Name one like Watchfloor/Done.")
    return name


LabelName = Annotated[str, Field(max_length=200), AfterValidator(_a_name)]


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
    when_done: Act = Field(
        "archive", title="Done or declined", description="What happens in Gmail to a conversation that is dealt with."
    )
    done_label: LabelName = Field(
        "Watchfloor/Done", title="Label of what is done", description="Made in Gmail where it is not there yet."
    )
    when_snoozed: Act = Field(
        "archive and label",
        title="Snoozed",
        description="What happens in Gmail to a snoozed conversation. It comes back when it is open again.",
    )
    snoozed_label: LabelName = Field(
        "Watchfloor/Snoozed", title="Label of what is snoozed", description="Made in Gmail where it is not there yet."
    )
    when_waiting: Act = Field(
        "nothing", title="Waiting", description="What happens in Gmail to a conversation that you answered."
    )
    waiting_label: LabelName = Field(
        "Watchfloor/Waiting", title="Label of what waits", description="Made in Gmail where it is not there yet."
    )

    def end(self) -> datetime | None:
        """The last instant that is wanted, None where there is no end."""
        if self.until is None:
            return None
        try:
            zone = ZoneInfo(self.zone) if self.zone else UTC
        except (KeyError, ValueError, OSError, ZoneInfoNotFoundError):
            zone = UTC
        return datetime.combine(self.until, time.max, zone)
