"""How Gmail is pulled.

At first the range that is wanted is swept, page by page; where history stood is asked before, so that nothing that
changes meanwhile is lost. From then on history tells what changed. Where it no longer knows, or where too much changed,
a range is swept again and what is stored of it is compared with what is there.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from app.core.errors import Rejected
from app.integrations.mail.gmail import changes
from app.integrations.mail.gmail.changes import Changes
from app.integrations.mail.gmail.listing import OVERLAP, Listing, Page, arguments, read_page, search
from app.integrations.mail.gmail.message import NoMessageError, whole_message
from app.integrations.mail.gmail.place import Place, Span, Sweep
from app.integrations.mail.gmail.reader import Reader
from app.integrations.mail.gmail.tools import FETCH_EMAILS, FETCH_MESSAGE, LIST_HISTORY
from app.integrations.pulling import Answer, Pull, Pulled
from app.records import Kept, Read

MOST_SINGLE = 200
"""Changed messages that are fetched one by one; of more, pages are cheaper."""
CHUNK = 50
"""Of them, so many to a page that is stored."""
WINDOW = timedelta(days=30)
"""Compared at once, or longer where there are few: bounds how many ids are in memory."""
FEW = 5_000
MOST_RESTARTS = 3
"""Of one sweep in one pull, because Gmail no longer knew the page it had named."""


class Gmail:
    """One mailbox. Keeps nothing between pulls."""

    def pull(self, pull: Pull, /) -> AsyncIterator[Pulled]:
        return _Run(pull).pages()

    async def replay(self, pull: Pull, kept: Kept, /) -> tuple[Read, ...]:
        reader = Reader(pull)
        answer = Answer(kept.tool, kept.arguments, kept.value, "Gmail")
        if kept.tool == FETCH_MESSAGE:
            return tuple(await reader.page(answer, [_message_in(answer)]))
        if kept.tool == FETCH_EMAILS:
            elements = read_page(answer).messages if kept.whole else [kept.value]
            return tuple(await reader.page(answer, elements))
        if kept.tool == LIST_HISTORY:
            changes.read(answer, Changes("0"))
        return ()  # nothing else holds messages, and the next pull asks for it anew


def _message_in(answer: Answer) -> Any:
    try:
        return whole_message(answer)
    except NoMessageError as error:
        raise answer.unreadable(f"data{error.path}", f"holds a message that can't be read: {error}") from error


class _Run:
    """One pull."""

    def __init__(self, pull: Pull) -> None:
        self.asked = pull
        self.reader = Reader(pull)
        self.place = Place.of(pull.cursor)
        self.current = False
        """Whether all is known up to the end of this pull's range."""

    async def pages(self) -> AsyncIterator[Pulled]:
        if not self.place.history_id:
            history_id = await changes.current_history_id(self.asked.tools)
            self._begin(history_id, compare=await self._anything_stored())
        while True:
            if self.place.sweep:
                steps = self._sweep(self.place.sweep)
            elif self.place.compare:
                steps = self._compare(self.place.compare)
            elif self.current:
                yield Pulled(cursor=self.place.cursor(), done=True, part=1.0)
                return
            else:
                steps = self._follow()
            async for page in steps:
                yield page

    def _begin(self, history_id: str, since: datetime | None = None, *, compare: bool) -> None:
        """Read all that is wanted (again), or what came `since`; `history_id` was asked for before, or its changes are
        dealt with. All is compared then: mail that somebody brings over from elsewhere came long ago."""
        until = self.asked.until
        span = Span(since=min(since or self.asked.since, self.asked.since), until=until)
        sweep = Sweep(since=since or self.asked.since, until=until)
        self.place = Place(
            history_id=history_id, until=self.place.until, sweep=sweep, compare=span if compare else None
        )

    async def _anything_stored(self) -> bool:
        since, length = self.asked.since, WINDOW
        while since < self.asked.until:
            if await self.asked.known.ids("", since=since, until=since + length):
                return True
            since, length = since + length, length * 2
        return False

    async def _sweep(self, sweep: Sweep) -> AsyncIterator[Pulled]:
        scopes = await self._scopes()
        restarts = 0
        while sweep.scope < len(scopes):
            listing = self._listing(sweep, scopes[sweep.scope])
            while True:
                try:
                    page = await listing.next()
                except Rejected:
                    # A page of an interrupted pull may be known no longer: its listing begins again, and what is
                    # stored already changes nothing.
                    if listing.token is None or restarts >= MOST_RESTARTS:
                        raise
                    restarts, sweep.token, sweep.read = restarts + 1, None, 0
                    listing = self._listing(sweep, scopes[sweep.scope])
                    continue
                reads = await self.reader.page(page.answer, page.messages)
                self._advance(sweep, page)
                if page.token is None and sweep.scope >= len(scopes):
                    self._swept(sweep)
                yield Pulled(reads=tuple(reads), cursor=self.place.cursor(), part=_part(sweep), note="mail")
                if page.token is None:
                    break

    @staticmethod
    def _advance(sweep: Sweep, page: Page) -> None:
        sweep.read += len(page.messages)
        sweep.estimate = max(sweep.estimate, page.estimate)
        sweep.token = page.token
        if page.token is None:
            sweep.scope, sweep.read, sweep.estimate = sweep.scope + 1, 0, 0

    def _swept(self, sweep: Sweep) -> None:
        self.current = sweep.until >= self.asked.until
        self.place.sweep, self.place.until = None, sweep.until
        self.place.settled = None if self.place.compare else Span(since=sweep.since, until=sweep.until)

    def _listing(self, sweep: Sweep, label_id: str | None) -> Listing:
        # Beyond the end too: what arrived between it and the point of history stands in neither otherwise.
        query = search(self.reader.settings, sweep.since - OVERLAP, self._upper(sweep.until))
        return Listing(self.asked.tools, arguments(self.reader.settings, query, label_id), sweep.token)

    def _upper(self, until: datetime) -> datetime:
        end = self.reader.settings.end()
        return until + OVERLAP if end is None else min(until + OVERLAP, end)

    async def _scopes(self) -> Sequence[str | None]:
        labels = self.reader.settings.labels
        return await self.reader.directory.ids_of(labels) if labels else [None]

    async def _compare(self, span: Span) -> AsyncIterator[Pulled]:
        """Find what is stored and no longer there, and what a listing that shrank while it was read had skipped."""
        yield Pulled(cursor=self.place.cursor())  # the next page is read ahead: what was just swept has to be stored
        scopes = await self._scopes()
        length = WINDOW
        while span.since < span.until:
            end = min(span.since + length, span.until)
            stored = await self.asked.known.ids("", since=span.since, until=end)
            query = search(self.reader.settings, span.since, end)
            listed = {each for scope in scopes for each in await self.reader.listed(query, scope)}
            async for page in self._fetch(stored ^ listed, "what is missing"):
                yield page
            length = length * 2 if len(stored | listed) < FEW else WINDOW
            span.since = end
            if span.since >= span.until:
                self.place.compare = None
            yield Pulled(cursor=self.place.cursor())

    async def _follow(self) -> AsyncIterator[Pulled]:
        """What history says of the time since the last pull."""
        found = await changes.since(self.asked.tools, self.place.history_id)
        if found is None or len(found.older) > MOST_SINGLE:
            self._begin(await changes.current_history_id(self.asked.tools), compare=True)
            return
        for ids in _chunks(sorted(found.deleted), 1000):
            yield Pulled(gone=tuple(ids), cursor=self.place.cursor(), note="changes")
        many = len(found.alive) > MOST_SINGLE
        async for page in self._fetch(found.older if many else found.alive, "changes"):
            yield page
        settled = self.place.settled if found.shrunk else None
        if many:
            behind = (self.place.until or self.asked.since) - OVERLAP
            since = min(behind, settled.since) if settled else max(behind, self.asked.since)
            self._begin(found.history_id, since, compare=True)
        else:
            self.current = True
            self.place = Place(history_id=found.history_id, until=self.asked.until, compare=settled)

    async def _fetch(self, ids: Iterable[str], note: str) -> AsyncIterator[Pulled]:
        for some in _chunks(sorted(ids), CHUNK):
            fetched = await self.reader.fetch(some)
            yield Pulled(reads=fetched.reads, gone=fetched.gone, cursor=self.place.cursor(), note=note)


def _part(sweep: Sweep) -> float | None:
    """Gmail only estimates how many there are: beyond its estimate nothing can be told."""
    return sweep.read / sweep.estimate if sweep.read < sweep.estimate else None


def _chunks(ids: Sequence[str], size: int) -> Iterator[list[str]]:
    remaining = iter(ids)
    while some := list(islice(remaining, size)):
        yield some
