"""One pull: the conversations one after another, what they give gathered into pages, and the cursor behind each.

A conversation is read in one of three ways. A new one from `since` on. Once in `reread_minutes` the whole window, so
that late replies, edits and deletions are met. In between only what came since, and what goes on in lively threads.
"""

import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.core.errors import Rejected, Unauthorised
from app.integrations.pulling import Pull, Pulled
from app.integrations.slack.directory import Channel
from app.integrations.slack.live import failures, stamps
from app.integrations.slack.live.calls import Calls
from app.integrations.slack.live.missing import missing
from app.integrations.slack.live.people import People
from app.integrations.slack.live.reading import Reading
from app.integrations.slack.live.settings import SlackSettings
from app.integrations.slack.live.standing import Reached, Run, Standing, next_channel
from app.integrations.slack.live.walk import ACTIVE, OVERLAP, Step, Stretch, Walk
from app.records import Item, Read, Refusal

MOST_ASKED = 100
"""Conversations that are asked at every pull: those with the latest messages. The others wait for their re-reading."""
MOST_ACTIVE = 5
"""Threads of one conversation that are asked for more at every pull."""


@dataclass(slots=True)
class Course:
    pull: Pull
    settings: SlackSettings
    calls: Calls
    people: People
    channels: list[Channel]
    """In the order of their ids."""
    standing: Standing
    reads: dict[str, Read] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    note: str = ""
    part: float = 0.0

    async def pages(self) -> AsyncIterator[Pulled]:
        """All pages. A pull that was interrupted is ended first, then followed by one up to its own `until`."""
        while True:
            run = self.standing.run or Run(self.pull.until)
            async for page in self._run(run):
                yield page
            self.standing.run = None
            if run.until >= self.pull.until:
                break
        self.part = 1.0
        yield self._page(done=True)

    async def _run(self, run: Run) -> AsyncIterator[Pulled]:
        refused: Rejected | Unauthorised | None = None
        for channel in self._due(run):
            self.note = self.people.title(channel)
            walk = self._walk(channel, run)
            known_before = walk.newest
            try:
                async for step in self._steps(walk):
                    self._take(step, channel)
                    self.standing.run = replace(run, channel=channel.id, spot=walk.spot, newest=walk.newest)
                    if len(self.reads) + len(self.gone) >= self.settings.page_size:
                        self.part = self._part(channel, walk)
                        yield self._page()
            except (Rejected, Unauthorised) as error:
                if isinstance(error, Unauthorised):
                    await self.calls.check_access()
                word = failures.of_one_channel(error)
                if word is None:
                    raise
                refused = error
                self.warn(channel.id, self.note, word, failures.OF_ONE_CHANNEL[word])
            else:
                run = replace(run, any_read=True)
                self.standing.warned.pop(channel.id, None)
                self.standing.reached[channel.id] = self._reached(channel, walk, run.until)
            run = self.standing.run = next_channel(run, channel.id)
            if walk.stretch.followed or walk.newest != known_before:
                self.part = self._part(channel, None)
                if self.reads or self.gone:
                    yield self._page()
        if refused is not None and not run.any_read:
            raise refused

    async def _steps(self, walk: Walk) -> AsyncIterator[Step]:
        if stamps.order(walk.stretch.lower) > stamps.order(walk.stretch.upper):
            return
        async for step in walk.steps():
            yield step
        if walk.stretch.followed:
            async for step in missing(walk, self.pull.known):
                yield step

    def warn(self, key: str, what: str, word: str, why: str) -> None:
        """Tell people of what is not read, once and not at every pull."""
        if self.standing.warned.get(key) != word:
            self.standing.warned[key] = word
            self.reads[f"warning {key}"] = Read(Refusal(what, why), what)

    def _due(self, run: Run) -> list[Channel]:
        """What is left of a run."""
        lively = sorted(self.channels, key=lambda each: stamps.order(self._known(each).ts), reverse=True)[:MOST_ASKED]
        asked = {each.id for each in lively}
        return [
            each
            for each in self.channels
            if each.id > run.after and (each.id in asked or self._is_to_reread(each, run.until))
        ]

    def _known(self, channel: Channel) -> Reached:
        return self.standing.reached.get(channel.id, Reached())

    def _is_to_reread(self, channel: Channel, until: datetime) -> bool:
        """Also where it was never read at all."""
        last = self._known(channel).reread
        return last is None or until - last >= timedelta(minutes=self.settings.reread_minutes)

    def _walk(self, channel: Channel, run: Run) -> Walk:
        reading = Reading(self.calls, self.people, channel, self.pull.until)
        stretch, newest = self._stretch(channel, run.until), self._known(channel).ts
        if channel.id == run.channel:
            return Walk(reading, stretch, run.spot, stamps.latest(newest, run.newest))
        return Walk(reading, stretch, Run(run.until).spot, newest)

    def _stretch(self, channel: Channel, until: datetime) -> Stretch:
        upper, since = stamps.of(until), stamps.of(self.pull.since)
        known = self.standing.reached.get(channel.id)
        if known is None:
            return Stretch(since, upper, since)
        back = stamps.moved(known.ts, seconds=-OVERLAP.total_seconds()) if known.ts else since
        if self._is_to_reread(channel, until):
            window = stamps.of(until - timedelta(days=self.settings.window_days))
            return Stretch(stamps.latest(since, stamps.earliest(back, window)), upper, since, followed=True)
        lower, lively = stamps.latest(since, back), stamps.of(until - ACTIVE)
        active = [
            (ts, root)
            for root, ts in known.threads.items()
            if stamps.order(root) < stamps.order(lower) and stamps.order(ts) >= stamps.order(lively)
        ]
        chosen = sorted(active, key=lambda each: stamps.order(each[0]), reverse=True)[:MOST_ACTIVE]
        return Stretch(lower, upper, since, threads=known.threads, active=tuple(root for _, root in chosen))

    def _reached(self, channel: Channel, walk: Walk, until: datetime) -> Reached:
        known = self.standing.reached.get(channel.id)
        if known is None:
            # So that not all conversations are read again at the same time, each begins at another minute.
            minutes = zlib.crc32(channel.id.encode()) % max(1, self.settings.reread_minutes)
            return Reached(walk.newest, until - timedelta(minutes=minutes), walk.threads)
        return Reached(walk.newest, until if walk.stretch.followed else known.reread, walk.threads)

    def _take(self, step: Step, channel: Channel) -> None:
        if isinstance(step, str):
            self.gone.append(step)
        elif isinstance(step, Item):
            self.reads[step.external_id] = Read(step, f"{self.note}, {step.external_id.rpartition('/')[2]}")
        else:
            self.reads[f"refused {len(self.reads)} {channel.id}"] = Read(step, step.what)

    def _part(self, channel: Channel, walk: Walk | None) -> float:
        at = self.channels.index(channel)
        top = walk.spot.top if walk and not walk.stretch.followed else ""
        within = 1 - stamps.share(top, walk.stretch.lower, walk.stretch.upper) if walk and top else float(walk is None)
        return (at + within) / len(self.channels)

    def _page(self, *, done: bool = False) -> Pulled:
        page = Pulled(
            reads=tuple(self.reads.values()),
            gone=tuple(self.gone),
            cursor=self.standing.as_json(),
            done=done,
            part=self.part,
            note="" if done else self.note,
        )
        self.reads, self.gone = {}, []
        return page
