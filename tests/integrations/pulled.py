"""A kind that is pulled from its world in the stand-in without a network, into a store that keeps what comes.

    office = Office("trello")
    office.world.add_board("Work")
    await office.pull()

Tests of a kind say what is true of its world, and compare it with `office.store`.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.core.errors import NotThere, Rejected, Throttled, Unauthorised, Upstream
from app.integrations.pulling import Answer, Json, Live, Pull, Pulled
from app.integrations.registry import KINDS
from app.integrations.writing import Mark, Target, Write, Written
from app.records import Item, Read, Refusal, Work
from scripts.fake_composio import worlds
from scripts.fake_composio.toolkit import ToolFailed

START = datetime(2026, 3, 20, 9, 0, 30, tzinfo=UTC)
SINCE = START - timedelta(days=30)
ERRORS: dict[int | None, type[Upstream]] = {401: Unauthorised, 403: Unauthorised, 404: NotThere, 410: NotThere}
ERRORS |= {429: Throttled}
Twist = Callable[[str, dict[str, Any], Any], Any]
"""What a test makes of an answer: given the tool, its arguments and `data`; it may raise."""


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass
class DirectTools:
    """Calls the world, counts, and lets the test twist answers."""

    world: Any
    twist: Twist = lambda _tool, _arguments, data: data
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def __call__(self, tool: str, /, **arguments: Any) -> Answer:
        self.calls.append((tool, arguments))
        try:
            data = self.twist(tool, arguments, self.world.tools[tool](arguments))
        except ToolFailed as error:
            raise ERRORS.get(error.status_code, Rejected)(f"Refused: {error.message}") from error
        return Answer(tool, arguments, data)

    def counted(self) -> Counter[str]:
        return Counter(tool for tool, _ in self.calls)


@dataclass
class Store:
    """What is stored of the integration, and its cursor."""

    items: dict[str, Item] = field(default_factory=dict)
    cursor: Json = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    """Of the last pull: what came again and says something else."""

    async def ids(self, prefix: str, *, since: datetime | None = None, until: datetime | None = None) -> frozenset[str]:
        return frozenset(
            own
            for own, item in self.items.items()
            if own.startswith(prefix)
            and (since is None or (item.sent_at and item.sent_at >= since))
            and (until is None or (item.sent_at and item.sent_at <= until))
        )

    def put(self, page: Pulled) -> None:
        for read in page.reads:
            self._take(read)
        for own in page.gone:
            self.items.pop(own, None)
            self.gone.append(own)
        self.cursor = dict(page.cursor)

    def _take(self, read: Read) -> None:
        if isinstance(read.what, Refusal):
            self.refusals.append(read.what)
            return
        before = self.items.get(read.what.external_id)
        if before is not None and before.content_hash != read.what.content_hash:
            self.updated.append(read.what.external_id)
        self.items[read.what.external_id] = read.what

    def item(self, subject: str) -> Item:
        [found] = [item for item in self.items.values() if item.subject == subject]
        return found

    def work(self, subject: str) -> Work:
        work = self.item(subject).work
        assert work is not None
        return work

    def statuses(self) -> dict[str, str]:
        return {own: item.work.status for own, item in self.items.items() if item.work}


@dataclass
class Office:
    """One integration of a kind, over the world of its toolkit."""

    kind: str
    clock: Clock = field(default_factory=Clock)
    store: Store = field(default_factory=Store)
    settings: dict[str, Any] = field(default_factory=dict)
    since: datetime = SINCE
    plans: list[Json] = field(default_factory=list)
    """What a writer planned, the latest last."""

    def __post_init__(self) -> None:
        self.world: Any = worlds.world(self.live.toolkit)(now=self.clock)
        self.tools = DirectTools(self.world)

    @property
    def live(self) -> Live:
        live = KINDS[self.kind].live
        assert live is not None
        return live

    def pull_of(self) -> Pull:
        return Pull(
            tools=self.tools,
            settings=self.live.settings.model_validate(self.settings),
            cursor=self.store.cursor,
            since=self.since,
            until=self.clock.now,
            known=self.store,
        )

    async def pull(self, pages: int | None = None) -> list[Pulled]:
        """Pulls to the end, or is killed after so many pages."""
        self.tools.calls.clear()
        self.store.updated.clear()
        done: list[Pulled] = []
        async for page in self.live.source().pull(self.pull_of()):
            self.store.put(page)
            done.append(page)
            if pages is not None and len(done) >= pages:
                return done
        assert done[-1].done
        return done

    async def write(
        self, mark: Mark, *own: str, before: Mark = "open", effect: Json | None = None, **more: Any
    ) -> Written:
        """Tells the source how the task of these stored items stands."""
        writing = KINDS[self.kind].writing
        assert writing is not None
        told = {each: self.store.items[each].work for each in own}
        statuses = {each: work.status_name if work else "" for each, work in told.items()}

        async def plan(planned: Json) -> None:
            self.plans.append(dict(planned))

        write = Write(
            tools=self.tools,
            settings=self.live.settings.model_validate(self.settings),
            mark=mark,
            before=before,
            targets=tuple(Target(external_id=each, status=statuses[each]) for each in own),
            expected=statuses,
            effect=effect or {},
            plan=plan,
            **more,
        )
        return await writing.writer().write(write)
