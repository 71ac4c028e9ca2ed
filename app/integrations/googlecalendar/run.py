"""One pull: the window of each calendar is listed anew, and what asked something and is out of sight is asked for.

What a series asks is known from its whole window alone. So a calendar is read to its end before anything of it is
stored; a killed pull lists it again, which costs a call or two.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

from app.core.errors import NotThere, Rejected, Unreachable, Unreadable
from app.integrations.exports.rows import zone_of
from app.integrations.googlecalendar import series
from app.integrations.googlecalendar.asking import MOST_EVENTS, SERVICE, Asking, Window, missing_in, text
from app.integrations.googlecalendar.events import Reading
from app.integrations.googlecalendar.settings import CalendarSettings
from app.integrations.googlecalendar.standing import Place
from app.integrations.pulling import Json, Pull, Pulled
from app.records import Item, Read, Refusal

BACK = timedelta(days=1)
"""How long after its end an event is still listed."""
CHUNK = 100
MOST_LOOKED = 100
"""Asked for by themselves in one pull; others in the next."""
MOST_ADOPTED = 500
"""Taken for open at a time where the cursor was lost: they are in the cursor, which is written with every page."""
NO_CALENDAR = (
    "Google shows no such calendar to this account. Share it with the account, or correct its id: it stands in Google "
    "Calendar under Settings, Integrate calendar."
)
TOO_MANY = (
    f"More than {MOST_EVENTS:,} events lie within the days that are looked at; only the first of them are read. Set "
    "fewer days ahead."
)
NOTHING = "None of the calendars can be read. Share them with the account, or correct their ids in the settings."


@dataclass(slots=True)
class Run:
    """What one pull holds while it goes on."""

    pull: Pull
    asking: Asking = field(init=False)
    place: Place = field(init=False)
    settings: CalendarSettings = field(init=False)
    refused: list[Read] = field(default_factory=list)
    listed: dict[str, tuple[Reading, str]] = field(default_factory=dict)
    """The calendars that this pull could list: how their events are read, and what they are called."""

    def __post_init__(self) -> None:
        self.asking = Asking(self.pull.tools)
        found = self.pull.settings
        self.settings = found if isinstance(found, CalendarSettings) else CalendarSettings.model_validate(found)

    async def pages(self) -> AsyncIterator[Pulled]:
        self.place = Place.of(self.pull.cursor) or Place(adopted="")
        await self.adopt()
        if dropped := [own for own, calendar in self.place.open.items() if calendar and calendar not in self.calendars]:
            for own in dropped:
                del self.place.open[own]
            yield self.placed(gone=dropped, note="calendars that are no longer wanted")
        failure: Rejected | None = None
        for number, calendar in enumerate(self.calendars):
            try:
                async for page in self.calendar(calendar, part=number / len(self.calendars)):
                    yield page
            except Rejected as error:
                failure = error
                why = NO_CALENDAR if isinstance(error, NotThere) else "Google refuses to list it."
                self.refused.append(Read(Refusal(f"the calendar «{calendar}»", why), SERVICE))
        if failure and not self.listed:
            raise Rejected(NOTHING, service=SERVICE) from failure
        if not failure:  # what nobody knows the calendar of may lie in the one that can't be read
            async for page in self.out_of_sight("", frozenset()):
                yield page
        yield Pulled(reads=tuple(self.refused), cursor=self.place.cursor(), done=True, part=1.0)

    async def adopt(self) -> None:
        """Where no cursor told what was open, all that is stored may be; the next come as those before are told."""
        if self.place.adopted is None:
            return
        waiting = sorted(own for own in await self.pull.known.ids("") if own > (self.place.adopted or ""))
        room = max(0, MOST_ADOPTED - sum(not calendar for calendar in self.place.open.values()))
        for own in waiting[:room]:
            self.place.open.setdefault(own, "")
            self.place.adopted = own
        if len(waiting) <= room:
            self.place.adopted = None

    @property
    def calendars(self) -> list[str]:
        """The one that was read longest ago first: a pull that is killed each time comes round to all of them."""
        never = datetime.min.replace(tzinfo=UTC)
        return sorted(self.settings.calendars, key=lambda each: self.place.read.get(each, never))

    def placed(
        self, *, reads: Iterable[Read] = (), gone: Iterable[str] = (), note: str = "", part: float | None = None
    ) -> Pulled:
        return Pulled(reads=tuple(reads), gone=tuple(gone), cursor=self.place.cursor(), note=note, part=part)

    async def calendar(self, calendar: str, *, part: float) -> AsyncIterator[Pulled]:
        first = max(self.pull.since, self.pull.until - BACK)
        last = self.pull.until + timedelta(days=self.settings.days_ahead)
        last = min(last, self.settings.end() or last)
        window = await self.asking.window(calendar, first, last) if first < last else Window()
        reading = self.reading(window)
        found = series.standing(window.events, reading)
        note = window.name or calendar
        self.listed[calendar] = reading, note
        for some in chunks(self.concerned(found.values(), calendar)):
            items = [each.item(reading) for each in some if each.status != "gone"]
            gone = [each.own for each in some if each.status == "gone"]
            for each in some:
                self.keep(each.own, calendar, asks=each.status == "open")
            yield self.placed(reads=[Read(item, note) for item in items], gone=gone, note=note, part=part)
        self.refused += [Read(each, note) for each in window.refused]
        if window.whole:
            async for page in self.out_of_sight(calendar, frozenset(found)):
                yield page
        else:
            self.refused.append(Read(Refusal(f"the calendar «{note}»", TOO_MANY), SERVICE))
        self.place.read = {each: at for each, at in self.place.read.items() if each in self.settings.calendars}
        self.place.read[calendar] = self.pull.until

    def reading(self, window: Window) -> Reading:
        zone = zone_of(window.zone, zone_of(self.settings.zone))
        return Reading(self.settings, self.pull.until, zone, "" if "@" in window.name else window.name)

    def concerned(self, found: Iterable[series.Standing], calendar: str) -> list[series.Standing]:
        """What asks something, or did; what another calendar of ours holds too counts there."""
        mine = ((each, self.place.open.get(each.own)) for each in found)
        return [
            each
            for each, owner in mine
            if (owner is None and each.status == "open") or (owner is not None and owner in ("", calendar))
        ]

    def keep(self, own: str, calendar: str, *, asks: bool) -> None:
        self.place.open.pop(own, None)
        if asks:
            self.place.open[own] = calendar

    async def out_of_sight(self, owner: str, listed: frozenset[str]) -> AsyncIterator[Pulled]:
        """What asked something and was not listed: moved out of the window, over for long, or deleted for good."""
        wanted = [own for own, whose in self.place.open.items() if whose == owner and own not in listed]
        for own in wanted[:MOST_LOOKED]:
            try:
                where, event = await self.looked_up(own, owner)
            except (Rejected, Unreadable, Unreachable):  # asked again by the next pull: one must not stop all others
                continue
            reads = [] if event is None else [self.seen(event, own, where)]
            asks = any(
                isinstance(each.what, Item) and each.what.work and each.what.work.status == "open" for each in reads
            )
            self.keep(own, where, asks=asks)
            yield self.placed(reads=reads, gone=() if reads else (own,), note="what is out of sight")

    async def looked_up(self, own: str, owner: str) -> tuple[str, Json | None]:
        """The event and its calendar, or whichever has it; None where none has, or it is cancelled."""
        for calendar in [owner] if owner else self.settings.calendars:
            try:
                event = await self.asking.event(calendar, own)
            except NotThere:
                continue
            if text(event, "status") == "cancelled":
                continue
            if missing := missing_in(event):
                raise Unreadable(f"The event can't be read: {missing}.", path=f"data{missing}", service=SERVICE)
            return calendar, event
        return owner, None

    def seen(self, event: Json, own: str, calendar: str) -> Read:
        """A series of which no occurrence is in sight asks nothing for now."""
        (reading, note), repeats = self.listed[calendar], isinstance(event.get("recurrence"), list)
        return Read(reading.item(event, own, repeats=repeats, ended=repeats), note)


def chunks(found: Sequence[series.Standing]) -> Iterator[list[series.Standing]]:
    remaining = iter(found)
    while some := list(islice(remaining, CHUNK)):
        yield some
