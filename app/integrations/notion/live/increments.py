"""What changed in a table since it was last read, by the time of last edit.

A range of times is closed at both ends, and rows come oldest edit first: a row edited meanwhile leaves the range and
belongs to the next, so that none is passed over. Notion rounds its times down to the minute and takes a moment to find
what was just edited: each range begins a little before the end of the one before it.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from app.core.errors import Rejected
from app.integrations.notion.cells import Json
from app.integrations.notion.live.asking import Asking, Lane, Rows
from app.integrations.notion.live.meanings import FEW
from app.integrations.notion.live.rows import Reading, checked
from app.integrations.notion.live.standing import Ranged, TableStanding
from app.integrations.notion.pages import Table
from app.integrations.pulling import Pulled
from app.records import Read

OVERLAP = timedelta(minutes=2)
EDITED, CREATED = "last_edited_time", "created_time"


async def changed(
    asking: Asking, lane: Lane, table: Table, standing: TableStanding, reading: Reading, until: datetime
) -> AsyncIterator[Pulled]:
    """The rows of `lane` edited up to `until`, page by page; the standing moves with them. `part` is of this table.

    The cursors of these pages are empty: they are to be filled with the whole standing.
    """
    while standing.range or standing.edited is None or standing.edited < until:
        if standing.range is None:
            first = standing.since if standing.edited is None else max(standing.since, standing.edited - OVERLAP)
            first = first.replace(second=0, microsecond=0)
            standing.range = Ranged(first, until, first)
        async for page in ranged(asking, lane, table, standing, reading, standing.range):
            yield page


async def ranged(
    asking: Asking, lane: Lane, table: Table, standing: TableStanding, reading: Reading, span: Ranged
) -> AsyncIterator[Pulled]:
    more = True
    while more:
        page = await next_page(asking, lane, span)
        rows, refused = checked(page)
        reads = await reading.reads(rows, table)
        span.reached = max([span.reached, *(row.edited for row in rows if row.edited <= span.last)])
        span.start, more = page.next, page.next is not None
        if rows and standing.sampled < FEW:
            standing.shape = ""  # there is more to guess the meanings from: next time they are found again
        if not more:
            standing.edited, standing.range = span.last, None
        part = (span.reached - span.first) / (span.last - span.first) if more and span.last > span.first else 1.0
        refusals = [Read(each, f"«{table.name}»") for each in refused]
        yield Pulled(reads=(*reads, *refusals), cursor={}, part=part, note=f"«{table.name}»")


async def next_page(asking: Asking, lane: Lane, span: Ranged) -> Rows:
    """The page behind the last one. Notion's cursors expire; then what was not reached is asked for anew."""
    if span.start:
        try:
            return await asking.rows(lane, within=between(EDITED, span.first, span.last), by=EDITED, start=span.start)
        except Rejected:
            if span.renewed == span.reached:
                raise  # it was renewed here before: it is something else that Notion refuses
            span.first, span.start, span.renewed = span.reached, None, span.reached
    return await asking.rows(lane, within=between(EDITED, span.first, span.last), by=EDITED)


def between(timestamp: str, first: datetime | None, last: datetime | None) -> Json | None:
    """A filter on a timestamp of the page itself; both ends belong to it."""
    bounds = [("on_or_after", first), ("on_or_before", last)]
    found = [{"timestamp": timestamp, timestamp: {name: at.isoformat()}} for name, at in bounds if at]
    return {"and": found} if len(found) > 1 else next(iter(found), None)
