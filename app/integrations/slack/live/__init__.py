"""Slack, pulled live through Composio. What is asked when, and what is not seen: docs/integrations/slack.md."""

from datetime import timedelta

from app.integrations.pulling import Live
from app.integrations.slack.live import calls, failures
from app.integrations.slack.live.settings import SlackSettings
from app.integrations.slack.live.source import Slack

LIVE = Live(
    service=failures.SERVICE,
    toolkit="slack",
    settings=SlackSettings,
    source=Slack,
    tools=calls.ALL,
    version="20260721_00",
    scopes={
        "channels:read": "which public channels there are",
        "channels:history": "messages of public channels",
        "groups:read": "which private channels the account is in",
        "groups:history": "messages of private channels",
        "im:read": "with whom the account exchanges direct messages",
        "im:history": "direct messages",
        "mpim:read": "which groups the account talks with directly",
        "mpim:history": "direct messages of groups",
        "users:read": "names and time zones of people",
        "users:read.email": "addresses of people, by which mail and Slack meet in one person",
    },
    poll_every=timedelta(minutes=2),
    # Slack counts by method: about 50 a minute for messages and 50 for threads, with short bursts let through. Both
    # together are 100; where more of one sort is asked than Slack allows, it says how long to wait, and we do.
    calls_per_minute=100,
    known_limits=(
        "Slack apps made since May 2025 outside its Marketplace may ask for messages once a minute, 15 at a time. "
        "Composio's own app is not known to be limited so; an app of your own may be.",
        "Private channels and direct messages are read where the connected account is a member of them.",
        "A reply to a thread that began before the window, and has no known reply within it, is not seen.",
        "Replies to older messages arrive at once in lively threads, in others when the window is next read again.",
        "Of more than a hundred conversations the hundred with the latest messages are asked at every pull; the others "
        "when their window is read again.",
        "Deletions and edits from before the window are not noticed.",
        "Names of user groups are those that messages give them.",
    ),
)
