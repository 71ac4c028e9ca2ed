"""Which task a new item belongs to: by the ids it carries, then by subject and people.

The ids are those of References and In-Reply-To (RFC 5322 3.6.4). An id that was only referred to counts too, so that
two answers meet although the question was never imported, and a parent that arrives late finds its answers. Mailing
lists and gateways rewrite ids, and answers name parents nobody has: then the subject decides, within narrow bounds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.core.rows import AnyRow
from app.domains.tasks.models import ConversationKey, StoredItem, Task
from app.records import Item

SUBJECT_WINDOW = timedelta(days=30)
"""How far from a conversation's first and last message an answer without usable ids still joins it by its subject."""
_WRONG_CLOCKS = timedelta(hours=12)
"""An answer may bear a time this much before its question: clocks and time zones are set wrong."""
_LAST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(slots=True, eq=False)
class Thread:
    """A task as threading sees it; `id` is None until it is stored."""

    id: int | None
    subject_key: str
    people: set[str] = field(default_factory=set)
    first_at: datetime | None = None
    last_at: datetime | None = None
    rooted: bool = False
    """It holds the message that opened it: one without a reply mark."""
    separated: bool = False
    deleted: bool = False
    first: Item | None = None
    """The item that made it, for a thread of this page."""

    def take(self, item: Item) -> None:
        self.people.update(people_of(item))
        self.rooted = self.rooted or not item.is_reply
        if item.sent_at:
            self.first_at = min(self.first_at or item.sent_at, item.sent_at)
            self.last_at = max(self.last_at or item.sent_at, item.sent_at)

    def absorb(self, other: "Thread") -> None:
        self.people |= other.people
        self.rooted = self.rooted or other.rooted
        self.first_at = min((at for at in (self.first_at, other.first_at) if at), default=None)
        self.last_at = max((at for at in (self.last_at, other.last_at) if at), default=None)

    def continued_by(self, item: Item, people: set[str]) -> bool:
        """Whether an item of the same subject, with no id in common, is part of it all the same.

        An answer is, within the window and not before the question; so is the question of answers that came first.
        Both orders of arrival give the same, and a subject that recurs every week stays a conversation a week.
        """
        at, first_at, last_at = item.sent_at, self.first_at, self.last_at
        if at is None or first_at is None or last_at is None or not self.people & people:
            return False
        if not item.is_reply:
            return not self.rooted and first_at - SUBJECT_WINDOW <= at <= first_at + _WRONG_CLOCKS
        earliest = first_at - (_WRONG_CLOCKS if self.rooted else SUBJECT_WINDOW)
        return earliest <= at <= last_at + SUBJECT_WINDOW


@dataclass(slots=True)
class Threads:
    """What is known of the threads that a page of items may join."""

    by_key: dict[str, Thread] = field(default_factory=dict)
    by_subject: dict[str, list[Thread]] = field(default_factory=dict)
    merged: dict[Thread, Thread] = field(default_factory=dict)
    """Threads that a later item showed to be part of another one."""

    def place_all(self, items: Sequence[Item]) -> list[Thread]:
        """The thread of each item, in the order given. They are placed by age: questions before their answers."""
        places: dict[int, Thread] = {}
        for index in sorted(range(len(items)), key=lambda i: items[i].sent_at or _LAST):
            places[index] = self._place(items[index])
        return [self.final(places[index]) for index in range(len(items))]

    def final(self, thread: Thread) -> Thread:
        while thread in self.merged:
            thread = self.merged[thread]
        return thread

    def _place(self, item: Item) -> Thread:
        """The thread of `item`, made where there is none. Remembers the item's keys for the items after it."""
        thread = self._by_ids(item) or self._by_subject(item) or self._start(item)
        thread.take(item)
        for key in item.keys:
            self.by_key.setdefault(key, thread)
        return thread

    def _by_ids(self, item: Item) -> Thread | None:
        found = list(dict.fromkeys(self.by_key[key] for key in item.keys if key in self.by_key))
        if not found:
            return None
        # The nearest relative comes first in `keys`: with several it is the one to stay with, where a person took
        # the conversations apart or deleted one. Else they are one: the oldest task keeps its id.
        nearest, *others = found
        for other in others:
            if not (nearest.separated or other.separated or nearest.deleted or other.deleted):
                older, newer = sorted((nearest, other), key=lambda t: (t.id is None, t.id or 0))
                self._merge(newer, older)
                nearest = older
        return nearest

    def _merge(self, source: Thread, target: Thread) -> None:
        self.merged[source] = target
        target.absorb(source)
        for key, thread in self.by_key.items():
            if thread is source:
                self.by_key[key] = target
        for threads in self.by_subject.values():
            threads[:] = dict.fromkeys(target if thread is source else thread for thread in threads)

    def _by_subject(self, item: Item) -> Thread | None:
        if not item.subject_key:
            return None
        people = set(people_of(item))
        fitting = [t for t in self.by_subject.get(item.subject_key, ()) if t.continued_by(item, people)]
        return max(fitting, key=lambda t: t.first_at or _LAST, default=None)

    def _start(self, item: Item) -> Thread:
        thread = Thread(None, item.subject_key, first=item)
        if item.subject_key:
            self.by_subject.setdefault(item.subject_key, []).append(thread)
        return thread


async def load(session: AsyncSession, items: Sequence[Item]) -> Threads:
    """The stored threads that any of `items` could join."""
    threads = Threads()
    by_id: dict[int, Thread] = {}
    keys = {key for item in items for key in item.keys}
    for some in chunks(keys):
        query = select(ConversationKey.key, *_COLUMNS).join(Task, Task.id == ConversationKey.task_id)
        for row in await session.execute(query.where(ConversationKey.key.in_(some))):
            threads.by_key[row.key] = by_id.setdefault(row.id, _thread(row))
    await _load_by_subject(session, items, threads, by_id)
    return threads


async def _load_by_subject(
    session: AsyncSession, items: Sequence[Item], threads: Threads, by_id: dict[int, Thread]
) -> None:
    strangers = [item for item in items if not any(key in threads.by_key for key in item.keys)]
    subjects = {item.subject_key for item in strangers if item.subject_key}
    dates = [item.sent_at for item in strangers if item.sent_at]
    if not (subjects and dates):
        return
    found: list[Thread] = []
    for some in chunks(subjects):
        query = select(*_COLUMNS).where(
            Task.subject_key.in_(some),
            Task.last_item_at >= min(dates) - SUBJECT_WINDOW,
            Task.opened_at <= max(dates) + SUBJECT_WINDOW,
            Task.merged_into.is_(None),
        )
        for row in await session.execute(query.order_by(Task.id)):
            thread = by_id.setdefault(row.id, _thread(row))
            threads.by_subject.setdefault(row.subject_key, []).append(thread)
            found.append(thread)
    await _find_roots(session, found)


async def _find_roots(session: AsyncSession, threads: Sequence[Thread]) -> None:
    by_id = {thread.id: thread for thread in threads}
    for some in chunks(by_id):
        query = select(StoredItem.task_id).where(StoredItem.task_id.in_(some), StoredItem.is_reply.is_(False))
        for task_id in (await session.execute(query.distinct())).scalars():
            by_id[task_id].rooted = True


_COLUMNS: tuple[Any, ...] = (
    Task.id,
    Task.subject_key,
    Task.people,
    Task.opened_at,
    Task.last_item_at,
    Task.separated,
    Task.deleted_at,
)


def _thread(row: AnyRow) -> Thread:
    return Thread(
        row.id,
        row.subject_key,
        set(row.people),
        first_at=row.opened_at if row.last_item_at else None,
        last_at=row.last_item_at,
        separated=row.separated,
        deleted=row.deleted_at is not None,
    )


def people_of(item: Item) -> Iterable[str]:
    """Every address the item names: sender, recipients, copied."""
    return (p.address for p in (item.sender, *item.recipients, *item.copied) if p.address)
