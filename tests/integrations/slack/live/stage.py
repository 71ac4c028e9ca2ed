"""A workspace, its tools without HTTP, and a store that does what a sync does with pages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.core.errors import Rejected
from app.integrations.pulling import Answer, Pull, Pulled
from app.integrations.slack.live.settings import SlackSettings
from app.integrations.slack.live.source import Slack
from app.records import Item, Kept, Read, Refusal
from scripts.fake_composio.slack import Workspace
from scripts.fake_composio.toolkit import ToolFailed

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ADA, BEN, CLEO, BOT = "U0ADA0001", "U0BEN0001", "U0CLEO001", "U0BOT0001"
GENERAL, OPS, DIRECT, GROUP = "C0GENERAL", "G0OPS0001", "D0ADABEN1", "G0GROUP01"

Run = Callable[[dict[str, Any]], Any]
"""A tool of the workspace, of its arguments."""
Alter = Callable[[str, dict[str, Any], Run], Any]
"""Given a tool's name, its arguments and the tool: what is answered. May raise."""


def unaltered(_tool: str, arguments: dict[str, Any], run: Run) -> Any:
    return run(arguments)


@dataclass
class Stage:
    """Ada's account in a workspace of three people and an app."""

    now: datetime = START
    settings: dict[str, Any] = field(default_factory=dict)
    since: datetime = START - timedelta(days=30)
    cursor: dict[str, Any] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    pages: list[Pulled] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    alter: Alter = unaltered
    source: Slack = field(default_factory=Slack)
    world: Workspace = field(default_factory=lambda: Workspace(lambda: START))

    def __post_init__(self) -> None:
        if self.world.users:
            return
        self.world = world = Workspace(lambda: self.now)
        world.user(ADA, "Ada", "Ada@Engine.example", tz="Europe/London", tz_offset=0)
        world.user(BEN, "Ben Bold", "ben@office.example", tz="America/New_York", tz_offset=-18000)
        world.user(CLEO, "Cleo")
        world.user(BOT, "Beacon", is_bot=True)
        world.channel(GENERAL, "general")

    def say(self, text: str, thread: str | None = None, *, ago: float = 0, channel: str = GENERAL, **more: Any) -> str:
        """Ben says something so many minutes ago."""
        return self.world.post(
            channel, more.pop("user", BEN), text, thread, at=self.now - timedelta(minutes=ago), **more
        )

    async def __call__(self, tool: str, /, **arguments: Any) -> Answer:
        self.calls.append((tool, arguments))
        try:
            data = self.alter(tool, arguments, self.world.tools[tool])
        except ToolFailed as error:
            raise Rejected(f"Slack refuses {tool}: «{error.message}».", service="Slack") from error
        return Answer(tool, arguments, data, "Slack")

    async def ids(self, prefix: str, *, since: datetime | None = None, until: datetime | None = None) -> frozenset[str]:
        return frozenset(
            name
            for name, item in self.items.items()
            if name.startswith(prefix)
            and item.sent_at is not None
            and (since is None or since <= item.sent_at)
            and (until is None or item.sent_at <= until)
        )

    def asked(self) -> Pull:
        return Pull(
            tools=self,
            settings=SlackSettings(**self.settings),
            cursor=self.cursor,
            since=self.since,
            until=self.now,
            known=self,
        )

    def store(self, page: Pulled) -> None:
        self.pages.append(page)
        for read in page.reads:
            if isinstance(read.what, Item):
                self.items[read.what.external_id] = read.what
            else:
                self.refusals.append(read.what)
        for name in page.gone:
            self.items.pop(name, None)
        self.cursor = dict(page.cursor)

    async def pull(self, pages: int | None = None) -> bool:
        """One pull, ended as if killed behind so many pages. Whether it came to its end."""
        self.calls.clear()
        given = 0
        async for page in self.source.pull(self.asked()):
            self.store(page)
            given += 1
            if page.done:
                return True
            if given == pages:
                self.source = Slack()
                return False
        raise AssertionError("the last page is not done")

    async def later(self, *, pages: int | None = None, **passed: float) -> bool:
        self.now += timedelta(**passed)
        return await self.pull(pages)

    async def replay(self, kept: Kept) -> tuple[Read, ...]:
        return await self.source.replay(self.asked(), kept)

    def texts(self) -> list[str]:
        """What is stored, in the order of time."""
        return [item.text for item in sorted(self.items.values(), key=lambda each: each.sent_at or START)]

    def truth(self) -> set[tuple[str, str]]:
        """Ids and texts of all that the account can read since `since`, in threads that began since then."""
        first = f"{self.since.timestamp():.6f}"
        return {
            (f"{channel.id}/{ts}", "" if message.get("subtype") == "tombstone" else message["text"])
            for channel in self.world.channels.values()
            if self.world.me in channel.members and not channel.archived
            for ts, message in channel.messages.items()
            if ts >= first and message.get("thread_ts", ts) >= first
        }

    def stored(self) -> set[tuple[str, str]]:
        return {(name, item.text) for name, item in self.items.items()}

    def called(self, tool: str = "") -> int:
        return sum(not tool or each == tool for each, _ in self.calls)
