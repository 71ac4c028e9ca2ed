"""Trello: boards pulled live; a card is a task.

settings.py says what can be set, asking.py how Trello is asked, cards.py makes items, run.py puts a pull together,
board.py lists one board, missing.py finds what is gone, standing.py is the cursor, writer.py writes back.
What a pull does and can't do: docs/integrations/trello.md.
"""

import re
from datetime import timedelta

from app.integrations.contract import Linked, Manifest
from app.integrations.pulling import Live
from app.integrations.trello.asking import SERVICE, TOOLS, UPDATE
from app.integrations.trello.cards import card_key
from app.integrations.trello.settings import TrelloSettings
from app.integrations.trello.source import TrelloSource
from app.integrations.trello.writer import TrelloWriter
from app.integrations.writing import Writing

MANIFEST = Manifest(
    kind="trello",
    title="Trello",
    description="Cards of Trello's boards, kept up to date.",
    links=(
        Linked(
            re.compile(r"https?://(?:www\.)?trello\.com/c/(?P<card>[A-Za-z0-9]{8})(?![A-Za-z0-9])", re.ASCII),
            lambda found: card_key(found["card"]),
        ),
    ),
    live=Live(
        service=SERVICE,
        toolkit="trello",
        settings=TrelloSettings,
        source=TrelloSource,
        tools=TOOLS,
        version="20260812_00",
        scopes={"read": "boards, lists, cards and who is on them"},
        poll_every=timedelta(minutes=5),
        # Trello allows a token 100 calls in ten seconds; of those that ask for a member's boards, 100 in 15 minutes.
        calls_per_minute=300,
        known_limits=(
            "Deleted cards are found at the next full listing, once a day unless it is set otherwise.",
            "A label that is added or taken away counts as no activity at Trello: it is seen when something else "
            "happens on the card, or at the next full listing.",
            "Comments are counted, their words are not read.",
            "Trello tells nobody's address: people are known by the names they have there.",
        ),
    ),
    writing=Writing(
        writer=TrelloWriter,
        tools=(UPDATE,),
        says=(
            "The card of a task that is done is marked complete, or moved to the list that is set for it.",
            "When the task is opened again, the card is put back as it was.",
            "Nothing is written for a task that is declined, snoozed or waiting.",
        ),
        scopes={"write": "to mark cards complete or to move them"},
    ),
)
