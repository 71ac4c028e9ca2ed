"""What people can set of a Slack workspace that is pulled."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from app.integrations.pulling import LiveSettings

_NAME = re.compile(r"[\w+-]{1,100}", re.UNICODE)


def _a_reaction(given: str) -> str:
    """The name of an emoji without its colons, "" for none. Raises ValueError with a sentence for people."""
    name = given.strip().strip(":").lower()
    if name and not _NAME.fullmatch(name):
        raise ValueError(f"«{given[:50]}» is no name of a reaction. Write it as Slack does: white_check_mark.")
    return name


Reaction = Annotated[str, AfterValidator(_a_reaction)]


class SlackSettings(LiveSettings):
    channels: list[str] = Field(
        default_factory=list,
        title="Channels",
        description="Names or ids of the channels to read. Empty: all that the account is a member of.",
    )
    direct_messages: bool = Field(
        True, title="Direct messages", description="Read direct messages too, those of groups included."
    )
    exclude: list[str] = Field(
        default_factory=list,
        title="Leave out",
        description="Names or ids of channels that are not read, and names of people for direct messages with them.",
    )
    window_days: int = Field(
        7,
        ge=1,
        le=90,
        title="Window",
        description="How many days back late replies, edits and deletions are still noticed.",
    )
    reread_minutes: int = Field(
        60, ge=0, le=10_080, title="Re-reading", description="How often the whole window is read again, in minutes."
    )
    page_size: int = Field(
        200, ge=1, le=999, title="Page", description="Messages asked for at once. Slack advises at most 200."
    )
    done_reaction: Reaction = Field(
        "white_check_mark",
        title="Reaction for done",
        description="Set on the message that opened the conversation. Empty: none.",
    )
    declined_reaction: Reaction = Field(
        "",
        title="Reaction for declined",
        description="Everybody in the conversation sees it, as no_entry_sign. Empty: none.",
    )
    snoozed_reaction: Reaction = Field(
        "", title="Reaction for snoozed", description="Everybody in the conversation sees it, as zzz. Empty: none."
    )
    waiting_reaction: Reaction = Field(
        "", title="Reaction for waiting", description="For conversations that you answered. Empty: none."
    )
