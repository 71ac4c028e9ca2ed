"""Which task a new item belongs to: by the ids it carries, then by subject and people.

The ids are those of References and In-Reply-To (RFC 5322 3.6.4). An id that was only referred to counts too, so that
two answers meet although the question was never imported, and a parent that arrives late finds its answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.domains.tasks.models import ConversationKey, Task
from app.records import Item

SUBJECT_WINDOW = timedelta(days=30)
"""How long after a conversation's last message a reply without usable ids still joins it by its subject."""


@dataclass(slots=True, eq=False)
class Thread:
    """A task as threading sees it; `id` is None until it is stored."""

    id: int | None
    subject_key: str
    people: set[str]
    last_item_at: datetime | None
    separated: bool = False
    deleted: bool = False
    first: Item | None = None
    """The item that made it, for a thread of this page."""


@dataclass(slots=True)
class Threads:
    """What is known of the threads that a page of items may join."""

    by_key: dict[str, Thread] = field(default_factory=dict)
    by_subject: dict[str, list[Thread]] = field(default_factory=dict)
    merges: list[tuple[Thread, Thread]] = field(default_factory=list)
    """Threads that a later item showed to be one: (from, into)."""

    def place(self, item: Item) -> Thread:
        """The thread of `item`, made where there is none. Remembers the item's keys for the items after it."""
        thread = self._by_ids(item) or self._by_subject(item) or self._start(item)
        thread.people.update(people_of(item))
        if item.sent_at and (thread.last_item_at is None or item.sent_at > thread.last_item_at):
            thread.last_item_at = item.sent_at
        for key in item.keys:
            self.by_key.setdefault(key, thread)
        return thread

    def _by_ids(self, item: Item) -> Thread | None:
        found = list(dict.fromkeys(self.by_key[key] for key in item.keys if key in self.by_key))
        if not found:
            return None
        # The nearest relative comes first in `keys`: with several it is the one to stay with, unless a person
        # took the conversations apart, in which case the others are left alone.
        nearest, *others = found
        for other in others:
            if not (nearest.separated or other.separated or nearest.deleted or other.deleted):
                self._merge(other, nearest)
        return nearest

    def _merge(self, source: Thread, target: Thread) -> None:
        self.merges.append((source, target))
        for key, thread in self.by_key.items():
            if thread is source:
                self.by_key[key] = target
        for threads in self.by_subject.values():
            threads[:] = [target if thread is source else thread for thread in threads]
        target.people |= source.people

    def _by_subject(self, item: Item) -> Thread | None:
        if not (item.is_reply and item.subject_key and item.sent_at):
            return None
        people = set(people_of(item))
        for thread in self.by_subject.get(item.subject_key, ()):
            if thread.deleted or thread.last_item_at is None:
                continue
            near = abs(item.sent_at - thread.last_item_at) <= SUBJECT_WINDOW
            if near and thread.people & people:
                return thread
        return None

    def _start(self, item: Item) -> Thread:
        thread = Thread(None, item.subject_key, set(), None, first=item)
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

    subjects = {item.subject_key for item in items if item.is_reply and item.subject_key}
    dates = [item.sent_at for item in items if item.sent_at]
    if subjects and dates:
        earliest, latest = min(dates) - SUBJECT_WINDOW, max(dates) + SUBJECT_WINDOW
        for some in chunks(subjects):
            by_subject = select(*_COLUMNS).where(
                Task.subject_key.in_(some), Task.last_item_at.between(earliest, latest)
            )
            for found in await session.execute(by_subject.order_by(Task.last_item_at.desc())):
                thread = by_id.setdefault(found.id, _thread(found))
                threads.by_subject.setdefault(found.subject_key, []).append(thread)
    return threads


_COLUMNS = (Task.id, Task.subject_key, Task.people, Task.last_item_at, Task.separated, Task.deleted_at)


def _thread(row: object) -> Thread:
    identity, subject_key, people, last_item_at, separated, deleted_at = (
        getattr(row, column.key) for column in _COLUMNS
    )
    return Thread(identity, subject_key, set(people), last_item_at, separated, deleted_at is not None)


def people_of(item: Item) -> Iterable[str]:
    """Every address the item names: sender, recipients, copied."""
    return (p.address for p in (item.sender, *item.recipients, *item.copied) if p.address)
