"""Trello as a source: pulls (run.py), and what could not be read, read again."""

from collections.abc import AsyncIterator, Sequence

from app.core.errors import Rejected, Unreadable
from app.integrations.pulling import Answer, Pull, Pulled
from app.integrations.trello.asking import BOARDS, CARDS, LISTS, MEMBERS, SERVICE, objects
from app.integrations.trello.cards import Card, card_of, checked, missing_in, to_item
from app.integrations.trello.run import NOT_OURS, Run
from app.records import Kept, Read


class TrelloSource:
    """How Trello is pulled (app.integrations.pulling.Source)."""

    async def pull(self, pull: Pull, /) -> AsyncIterator[Pulled]:
        async for page in Run(pull).pages():
            yield page

    async def replay(self, pull: Pull, kept: Kept, /) -> tuple[Read, ...]:
        """Cards of a kept answer, or one of them. Raises Unreadable where it still can't be read."""
        answer = Answer(kept.tool, kept.arguments, kept.value, SERVICE)
        if kept.tool in (BOARDS, LISTS, MEMBERS):
            objects(answer)
        if kept.tool != CARDS:
            return ()  # it held no cards; the next pull asks again
        cards, refused = checked(answer) if kept.whole else ([one(kept)], [])
        return (*await read_again(Run(pull), cards, kept), *(Read(each, SERVICE) for each in refused))


def one(kept: Kept) -> Card:
    """The card that was kept by itself. Raises Unreadable where it still can't be read."""
    if missing := missing_in(kept.value):
        detail = f"The card still can't be read: {missing.lstrip('.')} is missing or of another form."
        raise Unreadable(detail, path=kept.path, service=SERVICE, kept=kept)
    return card_of(kept.value)


async def read_again(run: Run, cards: Sequence[Card], kept: Kept) -> list[Read]:
    """The cards, as cards of the board that was asked. Raises Rejected where that can't be read any more."""
    asked = str(kept.arguments.get("idBoard", ""))
    for board in await run.boards():
        if asked in (board.id, board.short):
            place = await run.place(board)
            return [Read(to_item(card, place), f"«{board.name}»") for card in cards]
    raise Rejected(NOT_OURS, service=SERVICE)
