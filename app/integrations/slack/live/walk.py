"""The walk through one conversation: its messages from the latest to the earliest, each followed by its thread.

Every step says the spot behind it, where another process may go on. A walk that looks for deletions has to have met
everything: going on, it reads again what is stored already, and gives only the rest.
"""

import math
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from app.core.errors import Rejected
from app.integrations.slack.live import failures, stamps
from app.integrations.slack.live.found import Message
from app.integrations.slack.live.reading import Reading
from app.integrations.slack.live.standing import Spot
from app.integrations.slack.read import PAUSE
from app.records import Item, Refusal

OVERLAP = timedelta(minutes=10)
"""How far behind the latest known message reading begins: what became visible late, and early edits, are met so."""
ACTIVE = timedelta(hours=1)
"""For so long after its latest reply a thread is asked for more, however long ago it began."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What of a conversation is read, both ends included."""

    lower: str
    upper: str
    since: str
    """Nothing earlier is wanted, also of threads."""
    followed: bool = False
    """Threads are read as a whole, and deletions looked for."""
    threads: Mapping[str, str] = field(default_factory=dict)
    """The latest known reply by the first messages of threads: those without a later one are not asked for."""
    active: tuple[str, ...] = ()
    """Threads that began before `lower` and are asked for more."""


Step = Item | Refusal | str
"""What was found; a text is the id of an item that is gone."""


@dataclass(slots=True)
class Walk:
    reading: Reading
    stretch: Stretch
    start: Spot
    """Up to here a walk before this one had stored everything."""
    newest: str = ""
    """The latest message outside threads."""
    spot: Spot = field(init=False)
    """Everything up to here was given."""
    threads: dict[str, str] = field(default_factory=dict)
    """The latest reply of threads that may go on."""
    seen: set[str] = field(default_factory=set)
    """All that was met, where deletions are looked for."""

    def __post_init__(self) -> None:
        self.spot = self.start

    async def steps(self) -> AsyncIterator[Step]:
        """All but what is missing."""
        async for step in self._messages():
            yield step
        for root in sorted(self.stretch.active, key=stamps.order, reverse=True):
            async for step in self.thread(root, Spot(root), self.stretch.threads.get(root, "")):
                yield step

    async def _messages(self) -> AsyncIterator[Step]:
        reading, stretch = self.reading, self.stretch
        oldest = stamps.moved(stretch.lower, seconds=-PAUSE) if reading.channel.is_direct else stretch.lower
        latest = stretch.upper if stretch.followed else self.start.top or stretch.upper
        if stamps.order(latest) < stamps.order(stretch.lower):
            return
        async for page in reading.calls.history(reading.channel.id, oldest, latest):
            found, refused, names = await reading.opened(page)
            for refusal in refused:
                yield refusal
            is_all = not page.cursor and not page.more
            for at, message in reversed(list(enumerate(found))):
                if not stamps.is_within(stretch.lower, message.ts, stretch.upper):
                    continue
                self.newest = stamps.latest(self.newest, message.ts)
                if self._goes_to(Spot(message.ts)):
                    before = await reading.before(message, found[:at], names, is_all=is_all)
                    yield reading.item(message, names, before)
                async for step in self._answers(message):
                    yield step

    async def _answers(self, message: Message) -> AsyncIterator[Step]:
        self._meet(message.ts)
        if not message.is_answered:
            return
        known = "" if self.stretch.followed else self.stretch.threads.get(message.ts, "")
        if known and known == message.latest_reply:
            self._note(message.ts, known)
            return
        if not self.stretch.followed and message.ts == self.start.top:
            known = stamps.latest(known, self.start.reply)
        async for step in self.thread(message.ts, Spot(message.ts), known, message.latest_reply):
            yield step

    async def thread(self, root: str, spot: Spot, known: str = "", told: str = "") -> AsyncIterator[Step]:
        """The replies of one thread behind `known`. `told` is the latest of which its first message tells.

        A thread that is not there, because all of it was just deleted, has none.
        """
        reading, last = self.reading, known or root
        try:
            async for page in reading.calls.thread(reading.channel.id, root, last, self.stretch.upper):
                found, refused, names = await reading.opened(page)
                for refusal in refused:
                    yield refusal
                for message in found:
                    if message.ts in (root, last) or not stamps.is_within(last, message.ts, self.stretch.upper):
                        continue
                    last = message.ts
                    self._meet(last)
                    is_wanted = stamps.order(last) >= stamps.order(self.stretch.since)
                    if is_wanted and self._goes_to(Spot(spot.top, last, spot.checked)):
                        yield reading.item(message, names)
        except Rejected as error:
            if not failures.is_one_of(error, failures.GONE):
                raise
        self._note(root, told if told and stamps.order(told) <= stamps.order(self.stretch.upper) else last)

    def _meet(self, ts: str) -> None:
        if self.stretch.followed:
            self.seen.add(ts)

    def _note(self, root: str, latest: str) -> None:
        """Remember a thread where the next pull meets its first message, or asks for more of it."""
        met_again = stamps.moved(self.newest, seconds=-OVERLAP.total_seconds()) if self.newest else ""
        lively = stamps.moved(self.stretch.upper, seconds=-ACTIVE.total_seconds())
        if stamps.order(root) >= stamps.order(met_again) or stamps.order(latest) >= stamps.order(lively):
            self.threads[root] = latest

    def _goes_to(self, spot: Spot) -> bool:
        """Whether `spot` lies behind the start: only then what is there has to be given."""
        if _rank(spot) <= _rank(self.start):
            return False
        self.spot = spot
        return True


def _rank(spot: Spot) -> tuple[tuple[int, str], float, tuple[int, str]]:
    """Spots in the order of a walk: what was checked comes last, and within the messages the latest first."""
    top = -stamps.microseconds(spot.top) if spot.top else -math.inf
    return stamps.order(spot.checked), top, stamps.order(spot.reply)
