"""Which task a new item belongs to: by the ids it carries, then by subject and people.

The ids are those of References and In-Reply-To (RFC 5322 3.6.4). An id that was only referred to counts too, so that
two answers meet although the question was never imported, and a parent that arrives late finds its answers. Mailing
lists and gateways rewrite ids, and answers name parents nobody has: then the subject decides, within narrow bounds.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.core.rows import AnyRow
from app.domains.tasks.models import ConversationKey, StoredItem, Task
from app.records import Item

SUBJECT_WINDOW = timedelta(days=30)
"""How far from a conversation's first and last message an answer without usable ids still joins it by its subject."""
MOST_OF_A_SUBJECT = 200
"""So many threads of one subject are looked at, the newest: with forms and alerts there are thousands."""
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
        if at is None or first_at is None or last_at is None or (self.rooted and not item.is_reply):
            return False
        earliest = first_at - (_WRONG_CLOCKS if self.rooted else SUBJECT_WINDOW)
        latest = last_at + SUBJECT_WINDOW if item.is_reply else first_at + _WRONG_CLOCKS
        return earliest <= at <= latest and not self.people.isdisjoint(people)


@dataclass(slots=True)
class Threads:
    """What is known of the threads that a page of items may join."""

    by_key: dict[str, Thread] = field(default_factory=dict)
    by_subject: dict[str, list[Thread]] = field(default_factory=dict)
    merged: dict[Thread, Thread] = field(default_factory=dict)
    """Threads that a later item showed to be part of another one."""

    def place_all(self, items: Sequence[Item], waiting: Collection[int] = ()) -> list[Thread | None]:
        """The thread of each item, in the order given. They are placed by age: questions before their answers.

        The items at the places in `waiting` begin no thread: None where none claims them.
        """
        places: dict[int, Thread] = {}
        by_age = sorted(range(len(items)), key=lambda i: _age(items[i]))
        for index in by_age:
            if index not in waiting:
                places[index] = self._place(items[index])
        # One that is claimed may claim the one before it or after it in turn.
        left = [index for index in by_age if index in waiting]
        while claimed := [i for i in left if not self.by_key.keys().isdisjoint(items[i].keys)]:
            for index in claimed:
                places[index] = self._place(items[index])
            left = [index for index in left if index not in places]
        return [self.final(places[index]) if index in places else None for index in range(len(items))]

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
    owners: dict[str, int] = {}
    for some in chunks({key for item in items for key in item.keys}):
        query = select(ConversationKey.key, ConversationKey.task_id).where(ConversationKey.key.in_(some))
        owners.update({row.key: row.task_id for row in await session.execute(query)})
    by_id: dict[int, Thread] = {}
    for ids in chunks(set(owners.values())):
        for row in await session.execute(select(*_COLUMNS).where(Task.id.in_(ids))):
            by_id[row.id] = _thread(row)
    threads = Threads({key: by_id[task_id] for key, task_id in owners.items() if task_id in by_id})
    for row in await _of_their_subjects(session, _strangers(items, owners)):
        threads.by_subject.setdefault(row.subject_key, []).append(by_id.get(row.id) or _thread(row))
    return threads


def _strangers(items: Sequence[Item], known: Iterable[str]) -> list[Item]:
    """The items whose subjects decide: those that none of their ids leads to a thread, stored or of this page."""
    seen = set(known)
    strangers = []
    for item in sorted(items, key=_age):
        if seen.isdisjoint(item.keys) and item.subject_key and item.sent_at:
            strangers.append(item)
        seen.update(item.keys)
    return strangers


async def _of_their_subjects(session: AsyncSession, strangers: Sequence[Item]) -> list[AnyRow]:
    """The threads that `continued_by` may accept the strangers for, and as few others as can be."""
    found: dict[int, AnyRow] = {}
    for are_replies in (False, True):
        items = [item for item in strangers if item.is_reply is are_replies]
        dates = [item.sent_at for item in items if item.sent_at]
        for some in chunks({item.subject_key for item in items}):
            bounds = (_for_answers if are_replies else _for_openers)(min(dates), max(dates))
            rows = await session.execute(_newest(Task.subject_key.in_(some), Task.merged_into.is_(None), *bounds))
            found.update({row.id: row for row in rows})
    return [found[task_id] for task_id in sorted(found)]


_ROOTED = exists().where(StoredItem.task_id == Task.id, StoredItem.is_reply.is_(False))


def _for_openers(earliest: datetime, latest: datetime) -> tuple[ColumnElement[bool], ...]:
    """Answers that came before their question. Where nobody answers, as with forms, there are none."""
    since = earliest - _WRONG_CLOCKS
    # The first bound follows from the second, and has an index.
    return Task.last_item_at >= since, Task.opened_at >= since, Task.opened_at <= latest + SUBJECT_WINDOW, ~_ROOTED


def _for_answers(earliest: datetime, latest: datetime) -> tuple[ColumnElement[bool], ...]:
    opened_before = or_(
        Task.opened_at <= latest + _WRONG_CLOCKS, and_(Task.opened_at <= latest + SUBJECT_WINDOW, ~_ROOTED)
    )
    return Task.last_item_at >= earliest - SUBJECT_WINDOW, opened_before


_COLUMNS: tuple[Any, ...] = (
    Task.id,
    Task.subject_key,
    Task.people,
    Task.opened_at,
    Task.last_item_at,
    Task.separated,
    Task.deleted_at,
    _ROOTED.label("rooted"),
)


def _newest(*conditions: ColumnElement[bool]) -> Select[Any]:
    """The newest tasks of each subject: an answer goes to the newest that fits."""
    place = func.row_number().over(partition_by=Task.subject_key, order_by=(Task.opened_at.desc(), Task.id.desc()))
    ranked = select(Task.id, place.label("place")).where(*conditions).subquery()
    return select(*_COLUMNS).join(ranked, ranked.c.id == Task.id).where(ranked.c.place <= MOST_OF_A_SUBJECT)


def _thread(row: AnyRow) -> Thread:
    return Thread(
        row.id,
        row.subject_key,
        set(row.people),
        first_at=row.opened_at if row.last_item_at else None,
        last_at=row.last_item_at,
        rooted=row.rooted,
        separated=row.separated,
        deleted=row.deleted_at is not None,
    )


def _age(item: Item) -> datetime:
    return item.sent_at or _LAST


def people_of(item: Item) -> Iterable[str]:
    """Every address the item names: sender, recipients, copied."""
    return (p.address for p in (item.sender, *item.recipients, *item.copied) if p.address)
