"""The listing of one board: its cards page by page, the latest made first, and of them those that are to be read.

A card that changes while pages are read is seen by the next pull: it begins where this listing began, not where it
ended. A killed listing goes on behind its last page; it begins anew where lists or members changed meanwhile, and so
does the full listing of all boards: what is missing can be told only by a pull that saw every card itself.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.integrations.pulling import Answer, Pull, Pulled
from app.integrations.trello.asking import PAGE_SIZE, Asking
from app.integrations.trello.cards import Card, Place, checked, to_item
from app.integrations.trello.standing import BoardStanding
from app.records import Read

OVERLAP = timedelta(minutes=5)
"""Trello's clock and ours, and a moment until what happened is shown."""


@dataclass(slots=True)
class Listing:
    """A board under way. `whole`: every card is wanted, not only those that changed."""

    asking: Asking
    pull: Pull
    place: Place
    standing: BoardStanding
    listed: set[str]
    """Ids of all cards that were listed are added to it."""

    async def pages(self, *, whole: bool) -> AsyncIterator[Pulled]:
        """The cursors of these pages are empty: they are to be filled with the whole standing."""
        self._begin(whole=whole)
        note = f"«{self.place.board.name}»"
        while True:
            answer = await self.asking.cards(self.place.board.id, self.standing.before or None)
            cards, refused = checked(answer)
            older = [card for card in cards if not self.standing.before or card.id < self.standing.before]
            if not older:
                self._end(answer, cards)
                yield Pulled(reads=tuple(Read(each, note) for each in refused), cursor={}, note=note)
                return
            self.listed |= {card.id for card in older}
            self.standing.before = min(card.id for card in older)
            reads = [Read(to_item(card, self.place), note) for card in await self._wanted(older)]
            yield Pulled(reads=(*reads, *(Read(each, note) for each in refused)), cursor={}, note=note)

    def _begin(self, *, whole: bool) -> None:
        mine, shape = self.standing, shape_of(self.place)
        if mine.began is None or whole or mine.going != shape:
            mine.whole = whole or mine.reached is None or mine.shape != shape or mine.whole
            mine.began, mine.before, mine.going = self.pull.until, "", shape
        mine.closed = self.place.board.closed

    def _end(self, answer: Answer, cards: Sequence[Card]) -> None:
        if len(cards) >= PAGE_SIZE:
            raise answer.unreadable("data.details", "repeats cards that were read already, instead of older ones")
        self.standing.ended()

    async def _wanted(self, cards: Sequence[Card]) -> list[Card]:
        """Open cards whatever their age, others by when something last happened; and all that is stored."""
        floor = self.standing.reached - OVERLAP if self.standing.reached and not self.standing.whole else None
        changed = [card for card in cards if floor is None or card.active >= floor]
        if not changed:
            return []
        made = [card.made for card in changed]
        known = await self.pull.known.ids("", since=min(made), until=max(made))
        return [
            card
            for card in changed
            if card.active >= self.pull.since or card.id in known or self.place.status(card.said)[0] == "open"
        ]


def shape_of(place: Place) -> str:
    """Of all that decides how a card is read and is no part of it."""
    lists = sorted((each.id, each.name, each.closed) for each in place.columns.values())
    said = repr((place.board.name, place.board.closed, lists, sorted(place.members.items()), place.naming))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]
