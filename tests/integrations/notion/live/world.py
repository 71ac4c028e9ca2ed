"""A workspace, the tools that ask it without a network, and a store that keeps what is pulled."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.core.errors import NotThere, Rejected, Throttled, Unauthorised, Upstream
from app.integrations.notion import MANIFEST
from app.integrations.notion.live import LIVE
from app.integrations.notion.live.settings import NotionSettings
from app.integrations.pulling import Answer, Pull, Pulled
from app.records import Item, Read, Refusal, Work
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.toolkit import ToolFailed
from tests.integrations.pulled import SINCE, Clock, Twist

ERRORS: dict[int | None, type[Upstream]] = {401: Unauthorised, 404: NotThere, 429: Throttled}

assert MANIFEST.live is LIVE


@dataclass
class DirectTools:
    """Calls the workspace, counts, and lets the test twist answers."""

    space: NotionSpace
    twist: Twist = lambda _tool, _arguments, data: data
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    page_size: int | None = None

    async def __call__(self, tool: str, /, **arguments: Any) -> Answer:
        self.calls.append((tool, arguments))
        asked = dict(arguments)
        if self.page_size and "page_size" in asked:
            asked["page_size"] = min(self.page_size, asked["page_size"])
        try:
            data = self.twist(tool, arguments, self.space.tools[tool](asked))
        except ToolFailed as error:
            raise ERRORS.get(error.status_code, Rejected)("Notion refuses.", service="Notion") from error
        return Answer(tool, arguments, data, "Notion")

    def counted(self) -> Counter[str]:
        return Counter(tool for tool, _ in self.calls)


@dataclass
class Store:
    """What is stored of the integration, and its cursor."""

    items: dict[str, Item] = field(default_factory=dict)
    cursor: dict[str, Any] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)

    async def ids(self, prefix: str, *, since: datetime | None = None, until: datetime | None = None) -> frozenset[str]:
        return frozenset(
            own
            for own, item in self.items.items()
            if own.startswith(prefix)
            and item.sent_at
            and (since is None or item.sent_at >= since)
            and (until is None or item.sent_at <= until)
        )

    def put(self, page: Pulled) -> None:
        for read in page.reads:
            self.take(read)
        for own in page.gone:
            self.items.pop(own, None)
            self.gone.append(own)
        self.cursor = dict(page.cursor)

    def take(self, read: Read) -> None:
        if isinstance(read.what, Refusal):
            self.refusals.append(read.what)
            return
        before = self.items.get(read.what.external_id)
        if before is not None and before.content_hash != read.what.content_hash:
            self.updated.append(read.what.external_id)
        self.items[read.what.external_id] = read.what

    def by_subject(self) -> dict[str, Item]:
        return {item.subject: item for item in self.items.values()}

    def work(self, subject: str) -> Work:
        work = self.by_subject()[subject].work
        assert work is not None
        return work


@dataclass
class World:
    """One integration over one workspace."""

    clock: Clock = field(default_factory=Clock)
    store: Store = field(default_factory=Store)
    settings: dict[str, Any] = field(default_factory=dict)
    since: datetime = SINCE

    def __post_init__(self) -> None:
        self.space = NotionSpace(now=self.clock)
        self.tools = DirectTools(self.space)

    def pull_of(self, cursor: dict[str, Any] | None = None) -> Pull:
        return Pull(
            tools=self.tools,
            settings=NotionSettings.model_validate(self.settings),
            cursor=self.store.cursor if cursor is None else cursor,
            since=self.since,
            until=self.clock.now,
            known=self.store,
        )

    async def pull(self, pages: int | None = None) -> list[Pulled]:
        """Pulls to the end, or is interrupted after so many pages."""
        self.tools.calls.clear()
        self.store.updated.clear()
        done: list[Pulled] = []
        async for page in LIVE.source().pull(self.pull_of()):
            self.store.put(page)
            done.append(page)
            if pages is not None and len(done) >= pages:
                return done
        assert done[-1].done
        return done

    def truth(self) -> dict[str, str]:
        """Id and title of every row that is there."""
        return {
            row.id.replace("-", ""): "".join(piece["plain_text"] for piece in row.properties["Name"]["title"])
            for row in self.space.rows.values()
            if not row.trashed
        }

    def stored(self) -> dict[str, str]:
        return {own: item.subject for own, item in self.store.items.items()}


def key(own: str) -> str:
    return own.replace("-", "")
