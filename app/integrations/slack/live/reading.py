"""What a walk through a conversation reads with: its place, who is there, and how a message becomes an item."""

from dataclasses import dataclass
from datetime import datetime

from app.integrations.slack import message as messages
from app.integrations.slack.directory import Channel, Directory
from app.integrations.slack.live import stamps
from app.integrations.slack.live.calls import Calls, Page
from app.integrations.slack.live.found import Message, opened, sources
from app.integrations.slack.live.people import People
from app.integrations.slack.read import PAUSE, before_it
from app.records import Item, Refusal


@dataclass(frozen=True, slots=True)
class Reading:
    """One conversation during one pull."""

    calls: Calls
    people: People
    channel: Channel
    now: datetime

    async def opened(self, page: Page) -> tuple[list[Message], list[Refusal], Directory]:
        """The messages of a page from the earliest on, what is none, and the directory that knows their people."""
        found, refused = opened(page, self.people.title(self.channel))
        return found, refused, await self.people.knowing(sources(found), self.calls, self.now)

    def item(self, message: Message, names: Directory, before: str = "") -> Item:
        return messages.to_item(message.source, self.channel, names, before)

    async def before(self, message: Message, earlier: list[Message], names: Directory, *, is_all: bool) -> str:
        """What a person said just before `message` in a direct talk; "" elsewhere, and where that is too long ago.

        `earlier` goes from the earliest to the latest. Where it ends too soon and is not `all` there is, Slack is
        asked: nobody answers in threads there, so that this alone says what belongs together.
        """
        if not self.channel.is_direct or not message.is_said(names):
            return ""
        first = stamps.moved(message.ts, seconds=-PAUSE)
        near = [each for each in earlier if stamps.order(each.ts) >= stamps.order(first)]
        said = next((each.ts for each in reversed(near) if each.is_said(names)), "")
        if not said and len(near) == len(earlier) and not is_all:
            until = earlier[0].ts if earlier else message.ts
            said = await self._said_last(first, stamps.moved(until, micros=-1))
        return before_it({self.channel.id: said}, self.channel, message.ts) if said else ""

    async def _said_last(self, first: str, until: str) -> str:
        async for page in self.calls.history(self.channel.id, first, until):
            found, _, names = await self.opened(page)
            if said := [each.ts for each in found if each.is_said(names)]:
                return said[-1]
        return ""
