"""What people can set of a Slack workspace that is pulled."""

from pydantic import Field

from app.integrations.pulling import LiveSettings


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
