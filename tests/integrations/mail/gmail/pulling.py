"""What tests of pulling need: tools that call a mailbox of the stand-in without HTTP or say what they are told to, and
what a store keeps of pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.core.errors import NotThere, Rejected, Throttled, Unauthorised, Unreachable
from app.integrations.mail.gmail import MANIFEST
from app.integrations.mail.gmail.settings import GmailSettings
from app.integrations.pulling import Answer, Pull, Pulled, Tools
from app.records import Item, Refusal
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.toolkit import ToolFailed
from tests.conftest import START

LATER = START + timedelta(minutes=5)
ERRORS = {400: Rejected, 401: Unauthorised, 404: NotThere, 429: Throttled, 503: Unreachable}
Change = Callable[[str, dict[str, Any], Any], Any]


@dataclass
class Direct:
    """Tools that answer from a mailbox; `change` may alter an answer, or raise, or change the mailbox."""

    mailbox: Mailbox
    change: Change = lambda _tool, _arguments, data: data
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def __call__(self, tool: str, /, **arguments: Any) -> Answer:
        self.calls.append((tool, arguments))
        try:
            data = self.mailbox.tools[tool](arguments)
        except ToolFailed as error:
            raise ERRORS[error.status_code or 400](error.message, service="Gmail") from error
        return Answer(tool, arguments, self.change(tool, arguments, data), "Gmail")

    def called(self, tool: str) -> int:
        return sum(name == tool for name, _ in self.calls)


@dataclass
class Scripted:
    """Tools that answer by a function; what it raises they raise."""

    answer: Callable[[str, dict[str, Any]], Any]
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def __call__(self, tool: str, /, **arguments: Any) -> Answer:
        self.calls.append((tool, arguments))
        return Answer(tool, arguments, self.answer(tool, arguments), "Gmail")


@dataclass
class Store:
    """What is kept of the pages of one integration."""

    items: dict[str, Item] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    cursor: Mapping[str, Any] = field(default_factory=dict)
    pages: int = 0

    async def ids(self, prefix: str, *, since: datetime | None = None, until: datetime | None = None) -> frozenset[str]:
        return frozenset(
            each
            for each, item in self.items.items()
            if each.startswith(prefix)
            and (since is None or (item.sent_at is not None and item.sent_at >= since))
            and (until is None or (item.sent_at is not None and item.sent_at <= until))
        )

    def take(self, page: Pulled) -> None:
        for read in page.reads:
            if isinstance(read.what, Item):
                self.items[read.what.external_id] = read.what
            else:
                self.refusals.append(read.what)
        for each in page.gone:
            self.items.pop(each, None)
        self.cursor, self.pages = page.cursor, self.pages + 1

    @property
    def flags(self) -> dict[str, tuple[bool | None, ...]]:
        return {each: (item.unread, item.starred, item.important) for each, item in self.items.items()}


def asked(
    tools: Tools, store: Store, settings: GmailSettings | None = None, *, now: datetime = START, days: float = 40
) -> Pull:
    wanted = settings or GmailSettings()
    end = wanted.end()
    return Pull(
        tools=tools,
        settings=wanted,
        cursor=store.cursor,
        since=START - timedelta(days=days),
        until=now if end is None else min(now, end),
        known=store,
    )


async def pull(
    tools: Tools,
    store: Store,
    settings: GmailSettings | None = None,
    *,
    now: datetime = START,
    stop_after: int | None = None,
) -> bool:
    """Pull to the end, or until so many pages are stored. Returns whether it came to its end."""
    assert MANIFEST.live
    source = MANIFEST.live.source()
    stored = 0
    async for page in source.pull(asked(tools, store, settings, now=now)):
        store.take(page)
        stored += 1
        if page.done:
            return True
        if stored == stop_after:
            return False
    raise AssertionError("the last page was not marked as done")


def truth(mailbox: Mailbox) -> dict[str, tuple[bool | None, ...]]:
    """Unread, starred and important of all that is not put away."""
    return {
        mail.id: tuple(label in mail.labels for label in ("UNREAD", "STARRED", "IMPORTANT"))
        for mail in mailbox.messages.values()
        if not mail.labels & {"SPAM", "TRASH"}
    }


def mailbox(size: int = 0, *, seed: int = 1, **options: Any) -> Mailbox:
    return Mailbox(now=lambda: START, **options).generate(size, seed)


async def pulled(box: Mailbox, wanted: GmailSettings | None = None) -> tuple[Direct, Store]:
    """The tools and the store after the first pull."""
    tools, store = Direct(box), Store()
    await pull(tools, store, wanted)
    return tools, store
