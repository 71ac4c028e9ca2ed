"""Gmail, pulled live through the gateway.

Facts of the API that the modules here rely on: a message's id and words never change (an edited draft is another
message), labels do; `historyId` grows with every change, and its records are kept for about a week; searches by time
look at the arrival; sizes of pages default to one, and a page may be empty and still have a next one.
Sources: Gmail API, users.messages and users.history; Composio's tools GMAIL_*.
"""

from datetime import timedelta

from app.integrations.contract import Manifest
from app.integrations.mail.gmail.settings import GmailSettings
from app.integrations.mail.gmail.source import Gmail
from app.integrations.mail.gmail.tools import ALL
from app.integrations.mail.gmail.writing import WRITING
from app.integrations.pulling import Live

MANIFEST = Manifest(
    kind="gmail",
    title="Gmail",
    description="A Gmail or Google Workspace mailbox, kept up to date.",
    live=Live(
        service="Gmail",
        toolkit="gmail",
        settings=GmailSettings,
        source=Gmail,
        tools=ALL,
        version="20260702_01",
        scopes={
            "https://www.googleapis.com/auth/gmail.readonly": "to read messages, labels and what changed",
        },
        poll_every=timedelta(minutes=2),
        # Google allows 15,000 units a minute and user: 3,000 single messages, or 29 pages of a hundred, which take
        # longer than that to come.
        calls_per_minute=250,
        known_limits=(
            "With labels set, an answer of yours is pulled where it bears one of them too: Gmail labels messages, not "
            "conversations.",
            "A label that is renamed keeps its old name on messages that are not touched afterwards.",
            "What was changed while no pull ran for more than about a week is found by reading the whole range again.",
            "Attachments are known by name, type and size; their content is not read.",
        ),
    ),
    writing=WRITING,
)
