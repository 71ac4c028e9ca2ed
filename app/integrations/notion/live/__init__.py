"""Notion pulled from its API: the tables people name, or all that are shared with the integration.

settings.py says what can be set, asking.py how Notion is asked, meanings.py what columns mean, rows.py makes items,
increments.py finds what changed, listing.py what was deleted, run.py puts them in order, standing.py is the cursor.
What a pull does and can't do: docs/integrations/notion.md.
"""

from datetime import timedelta

from app.integrations.notion.live.asking import SERVICE, TOOLS
from app.integrations.notion.live.settings import NotionSettings
from app.integrations.notion.live.source import NotionSource
from app.integrations.pulling import Live

LIVE = Live(
    service=SERVICE,
    toolkit="notion",
    settings=NotionSettings,
    source=NotionSource,
    tools=TOOLS,
    version="20260730_00",
    scopes={
        "Read content": "rows, their properties and pages of the databases that are shared with the integration",
        "Read user information including email addresses": "who made a row and who has to do it; without it, ids",
    },
    poll_every=timedelta(minutes=5),
    calls_per_minute=150,
    known_limits=(
        "Notion gives its times in whole minutes: of two edits within a minute only the last one is seen.",
        "Deleted rows are found at the next full listing, once a day unless it is set otherwise.",
        "A relation of more than 25 rows is cut off; the task says so.",
        "Of a database with several data sources Notion tells no status groups: there the word decides what is done.",
        "Comments and pages outside databases are not pulled.",
    ),
)
