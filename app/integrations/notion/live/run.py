"""One pull of a Notion integration: what changed in each table, then, when it is due, the full listing.

A row counts by when it was last edited: all that was edited within what is wanted is pulled, however old the row is.
A database that can't be read is named and passed over; only where none can be read does the pull fail.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import cast, get_args

from app.core.errors import NotThere, Rejected, Unreachable, Unreadable
from app.integrations.contract import Field, Options, Said
from app.integrations.exports.rows import zone_of
from app.integrations.notion.live import listing
from app.integrations.notion.live.asking import SERVICE, Asking, Lane
from app.integrations.notion.live.increments import changed
from app.integrations.notion.live.listing import FullListing, Listed
from app.integrations.notion.live.meanings import Asked, meanings
from app.integrations.notion.live.rows import Reading, missing_in, row_of
from app.integrations.notion.live.settings import MOST_DATABASES, NotionSettings
from app.integrations.notion.live.standing import Listing, Standing, TableStanding, standing_of
from app.integrations.notion.pages import Table
from app.integrations.notion.survey import table_of
from app.integrations.pulling import Pull, Pulled
from app.records import Read, Refusal

HEALED = timedelta(hours=1)
"""A full listing reads again what was edited since the last one, and so long before."""
SHARE = (
    "Notion does not show it to this integration. Share it: open the database in Notion, ••• → Connections, and add "
    "the integration. The link must be that of the database itself, not of a page that shows it."
)
REFUSED = "Notion refuses to list its rows. The next pull tries again."
TOO_MANY = (
    f"One integration pulls at most {MOST_DATABASES}. Name those that matter in the settings, and make another "
    "integration for the others."
)
NOTHING = (
    "Notion shows no database to this integration. Share one: open it in Notion, ••• → Connections, and add the "
    "integration."
)


@dataclass(slots=True)
class Known:
    """A table that can be read, with what its columns mean."""

    lane: Lane
    table: Table
    standing: TableStanding


@dataclass(slots=True)
class Run:
    """What one pull holds while it goes on."""

    pull: Pull
    asking: Asking = field(init=False)
    standing: Standing = field(init=False)
    reading: Reading = field(init=False)
    refused: list[Read] = field(default_factory=list)
    failure: Rejected | None = None

    def __post_init__(self) -> None:
        self.asking = Asking(self.pull.tools)
        self.standing = standing_of(self.pull.cursor, self.pull.until)
        self.reading = Reading(self.asking, asked_of(self.settings), self.standing)

    @property
    def settings(self) -> NotionSettings:
        found = self.pull.settings
        return found if isinstance(found, NotionSettings) else NotionSettings.model_validate(found)

    async def pages(self) -> AsyncIterator[Pulled]:
        lanes = await self.lanes()
        known: list[Known] = []
        for place, lane in enumerate(lanes):
            try:
                table = await self.opened(lane)
                known.append(table)
                async for page in changed(
                    self.asking, lane, table.table, table.standing, self.reading, self.pull.until
                ):
                    yield self.placed(page, part=(place + (page.part or 0)) / len(lanes))
            except Rejected as error:
                known = [each for each in known if each.lane is not lane]
                self.refuse(lane.name or lane.database, error, SHARE if isinstance(error, NotThere) else REFUSED)
        if not known:
            raise Rejected(NOTHING, service=SERVICE) from self.failure
        if self.refused:
            yield self.placed(Pulled(reads=tuple(self.refused), cursor={}))
        async for page in self.once_more(known):
            yield page
        async for page in self.full_listing(known):
            yield page
        yield Pulled(cursor=self.standing.to_json(), done=True, part=1.0)

    def placed(self, page: Pulled, part: float | None = None) -> Pulled:
        return replace(page, cursor=self.standing.to_json(), part=part)

    def refuse(self, name: str, error: Rejected, why: str) -> None:
        self.failure = error
        self.refused.append(Read(Refusal(f"the database «{name}»", why), SERVICE))

    def leave_out(self, databases: list[str]) -> None:
        if databases:
            what = f"{len(databases)} of the databases that are shared"
            self.refused.append(Read(Refusal(what, TOO_MANY), SERVICE))

    async def lanes(self) -> list[Lane]:
        """The tables of all databases that are wanted and can be read."""
        wanted = self.settings.databases
        if not wanted:
            # Those known come first: which are pulled must not depend on the order in which Notion finds them.
            wanted = list(dict.fromkeys([*self.standing.databases, *await self.asking.shared()]))
            self.leave_out(wanted[MOST_DATABASES:])
            wanted = wanted[:MOST_DATABASES]
        found: dict[str, Lane] = {}
        readable: list[str] = []
        for database in wanted:
            try:
                lanes = await self.asking.lanes(database)
            except Rejected as error:
                if self.settings.databases:
                    self.refuse(database, error, SHARE)
                continue  # nobody named it: it is no longer shared
            readable.append(database)
            found |= {lane.key: lane for lane in lanes}
        if not self.settings.databases:
            once = dict.fromkeys([*self.standing.lost, *self.standing.databases])
            self.standing.lost = [each for each in once if each not in readable][-MOST_DATABASES:]
        self.standing.databases = readable
        named = self.settings.databases
        kept = {key: each for key, each in self.standing.tables.items() if key in found or key in named}
        self.standing.tables = kept
        return list(found.values())

    async def opened(self, lane: Lane) -> Known:
        standing = self.standing.tables.setdefault(lane.key, TableStanding(since=self.pull.since))
        if self.pull.since < standing.since:
            standing.again(self.pull.since)
        table = await meanings(
            self.asking, lane, standing, self.reading.asked, self.pull.since, anew=self.is_due and not standing.range
        )
        return Known(lane, table, standing)

    @property
    def is_due(self) -> bool:
        hours = self.settings.full_listing_hours
        return self.standing.listing is None and listing.due(self.standing.listed, self.pull.until, hours)

    async def once_more(self, known: list[Known]) -> AsyncIterator[Pulled]:
        """Rows whose content was out of reach at the last pull."""
        by_table = {key: each for each in known for key in (each.lane.key, each.lane.source, each.lane.database)}
        for own in list(self.standing.again) if self.pull.cursor else []:
            try:
                said = await self.asking.row(own)
            except Unreachable:  # one row that Notion never gives must not keep all others from coming
                self.standing.missed(own)
                continue
            except (Rejected, Unreadable):
                self.standing.again.pop(own, None)
                continue
            table = by_table.get(table_of(said))
            reads: list[Read] = []
            tries = self.standing.again.get(own)
            if table and not missing_in(said):
                reads = await self.reading.reads([row_of(said)], table.table)
            if self.standing.again.get(own) == tries:
                self.standing.again.pop(own, None)
            yield self.placed(Pulled(reads=tuple(reads), cursor={}))

    async def full_listing(self, known: list[Known]) -> AsyncIterator[Pulled]:
        if self.is_due:
            floor = max(self.pull.since, self.standing.listed - HEALED)
            self.standing.listing = Listing(self.pull.until, floor)
        if self.standing.listing is None:
            return
        tables = [Listed(each.lane, each.table) for each in known]
        under_way = self.standing.listing
        sure = not self.refused and not self.standing.lost
        full = FullListing(self.asking, self.reading, self.pull, under_way, tables, sure=sure)
        async for page in full.pages():
            yield self.placed(page)
        self.standing.listed, self.standing.listing = under_way.began, None


def asked_of(settings: NotionSettings) -> Asked:
    known = (None, "keep", *get_args(Field))
    columns = {name: cast(Said, said) for name, said in settings.columns.items() if said in known}
    options = Options(columns=columns, day_first=settings.day_first, zone=settings.zone)
    return Asked(options, zone_of(settings.zone), settings.page_content)
