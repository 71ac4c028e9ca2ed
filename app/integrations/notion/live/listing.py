"""The full listing: every row of every table in the order of creation, to find what was deleted or passed over.

Notion tells nothing of deleted rows; they stop being listed. An item's id names no table, and an export may have been
imported into the same integration, so that nothing can be said of one table by itself. Therefore:

* All tables are listed at once, merged by the time of creation: behind the slowest of them, everything is listed.
* Of such a range of whole minutes, the items that are stored and were not listed are candidates, and no more than that.
* Each candidate is asked for by itself. It is gone where Notion says that it lies in the trash. Where Notion does not
  find it, it is gone if every table could be read; else it may belong to one that is not shared any more. Where it is
  found, it lives elsewhere (a page, a table that is not pulled) and nothing is said of it.

At most MOST_LOOKED candidates are asked for in a listing, others each time. In memory are ids only: of the minute in
which the slowest table stands, and of one page of each other table.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

from app.core.errors import NotThere, Rejected, Unreachable, Unreadable
from app.integrations.exports.links import hex_id
from app.integrations.notion.live.asking import Asking, Lane, Rows
from app.integrations.notion.live.increments import CREATED, between
from app.integrations.notion.live.rows import Reading, Row, at_once, checked
from app.integrations.notion.live.standing import Listing
from app.integrations.notion.pages import Table
from app.integrations.notion.survey import GONE
from app.integrations.pulling import Pull, Pulled
from app.records import Read

MOST_LOOKED = 500


@dataclass(slots=True)
class Listed:
    """One table, as far as it is listed."""

    lane: Lane
    table: Table
    ids: list[tuple[datetime, str]] = field(default_factory=list)
    """What was listed and is not yet compared."""
    reached: datetime | None = None
    """Every row created before it is in `ids`."""
    start: str | None = None
    asked_from: datetime | None = None
    renewed: bool = False
    ended: bool = False


@dataclass(slots=True)
class FullListing:
    """One run of it. `sure`: every table that is to be pulled can be read."""

    asking: Asking
    reading: Reading
    pull: Pull
    listing: Listing
    tables: list[Listed]
    sure: bool

    async def pages(self) -> AsyncIterator[Pulled]:
        """Rows that were passed over, and what is gone; the listing moves with them. Their cursors are empty."""
        for each in self.tables:
            each.reached = each.asked_from = self.listing.at
        while slowest := self.slowest():
            reads = await self.on(slowest)
            gone = await self.compared()
            yield Pulled(reads=tuple(reads), gone=tuple(gone), cursor={}, note=f"All of «{slowest.table.name}»")
        yield Pulled(gone=tuple(await self.compared()), cursor={}, note="What was deleted")

    def slowest(self) -> Listed | None:
        going = [each for each in self.tables if not each.ended]
        return min(going, key=lambda each: each.reached.timestamp() if each.reached else 0, default=None)

    async def on(self, listed: Listed) -> list[Read]:
        """The next page of a table: what of it has to be read."""
        page = await self.next_page(listed)
        rows, refused = checked(page)
        within = [row for row in rows if row.created <= self.listing.began]
        listed.ids += [(row.created, row.own) for row in within]
        listed.reached = max((row.created for row in rows), default=listed.reached)
        listed.start = page.next
        listed.ended = page.next is None or len(within) < len(rows)
        refusals = [Read(each, f"«{listed.table.name}»") for each in refused]
        return [*await self.reading.reads(await self.passed_over(within), listed.table), *refusals]

    async def next_page(self, listed: Listed) -> Rows:
        if listed.start:
            within = between(CREATED, listed.asked_from, None)
            try:
                return await self.asking.rows(listed.lane, within=within, by=CREATED, start=listed.start)
            except Rejected:  # its cursor has expired: on from the minute that was reached
                if listed.renewed and listed.asked_from == listed.reached:
                    raise
                listed.asked_from, listed.start, listed.renewed = listed.reached, None, True
        return await self.asking.rows(listed.lane, within=between(CREATED, listed.asked_from, None), by=CREATED)

    async def passed_over(self, rows: Sequence[Row]) -> list[Row]:
        """Rows that are wanted and unknown, and those edited lately: Notion's search may have been behind."""
        if not rows:
            return []
        created = [row.created for row in rows]
        known = await self.pull.known.ids("", since=min(created), until=max(created))
        wanted = [row for row in rows if self.pull.since <= row.edited <= self.listing.began]
        return [row for row in wanted if row.edited >= self.listing.floor or row.own not in known]

    async def compared(self) -> list[str]:
        """Ids of what is gone among the items created since the last comparison, as far as all tables are listed."""
        going = [each.reached for each in self.tables if not each.ended]
        if None in going:
            return []
        end = min([at for at in going if at], default=self.listing.began)
        end = end.replace(second=0, microsecond=0)
        if self.listing.at and end <= self.listing.at:
            return []
        stored = await self.pull.known.ids("", since=self.listing.at, until=end - timedelta(microseconds=1))
        listed = {own for each in self.tables for at, own in each.ids}
        for each in self.tables:
            each.ids = [(at, own) for at, own in each.ids if at >= end]
        self.listing.at = end
        return await self.looked_at(stored - listed)

    async def looked_at(self, candidates: frozenset[str]) -> list[str]:
        turn = self.listing.began.isoformat()
        pages = filter(hex_id, candidates)  # rows of an imported CSV have no id that Notion knows
        order = sorted(pages, key=lambda own: blake2b(f"{turn} {own}".encode(), digest_size=8).digest())
        order = order[: max(0, MOST_LOOKED - self.listing.looked)]
        self.listing.looked += len(order)
        gone = await at_once(order, self.is_gone)
        return [own for own, is_gone in zip(order, gone, strict=True) if is_gone]

    async def is_gone(self, own: str) -> bool:
        try:
            said = await self.asking.row(own)
        except NotThere:
            return self.sure
        except (Rejected, Unreadable):  # it is there, and something else than a page
            return False
        except Unreachable:  # asked again at the next listing: one row must not keep this one from its end
            return False
        return any(said.get(name) is True for name in GONE)


def due(listed: datetime, until: datetime, hours: int) -> bool:
    return until - listed >= timedelta(hours=hours)
