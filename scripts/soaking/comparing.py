"""What two databases hold of the same world, and where they differ, in sentences.

Times and row ids say nothing; what is gone at its source is compared by what is left of it.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import create_engine, func, select
from sqlalchemy.engine import URL, Connection

from app.domains.connections.models import Integration, SyncRun
from app.domains.tasks.models import StoredItem, Task
from scripts.soaking.watching import sync_url

MOST_TOLD = 5
Key = tuple[str, str]
"""Name of the integration, and the item's external id."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a database holds."""

    items: Mapping[Key, tuple[Any, ...]]
    """Those that are not gone: content, labels, flags, words."""
    gone: frozenset[Key]
    tasks: Mapping[frozenset[Key], tuple[Any, ...]]
    """By the items they consist of, gone ones left out: title, status, whose turn."""
    shrunk: frozenset[Key]
    """What stands in one task with something that is gone."""
    around: Mapping[Key, tuple[Any, ...]]
    """What an item said when it was read of what stands around it: what it refers to, and whether it was answered."""
    troubles: tuple[str, ...]
    """What contradicts itself."""


def held(url: URL) -> Held:
    engine = create_engine(sync_url(url))
    with engine.connect() as connection:
        items, gone, of_tasks, twice = _items(connection)
        around = _around(connection)
        tasks, empty = _tasks(connection, of_tasks)
        troubles = (*twice, *empty, *_runs(connection))
        lost = set(connection.execute(select(StoredItem.task_id).where(StoredItem.gone_at.is_not(None))).scalars())
    engine.dispose()
    shrunk = frozenset(key for task in lost if task is not None for key in of_tasks.get(task, ()))
    return Held(items, gone, tasks, shrunk, around, troubles)


def differences(killed: Held, whole: Held, unheard: Collection[str] = ()) -> list[str]:
    """`unheard`: external ids of what was deleted and need not be known to be."""
    there = {key for key in killed.items if key[1] not in unheard or key in whole.items}
    found = list(killed.troubles)
    found += _told("lost", whole.items.keys() - killed.items.keys())
    found += _told("kept though it is gone", there - whole.items.keys())
    found += _told("gone though it is there", killed.gone & whole.items.keys())
    both = there & whole.items.keys()
    found += _told("different", {key: (killed.items[key], whole.items[key]) for key in both}, only_unequal=True)
    return found if unheard else [*found, *_differences_of_tasks(killed, whole)]


def _differences_of_tasks(killed: Held, whole: Held) -> list[str]:
    """A conversation that lost a message remembers it: who never saw the message may find no conversation there.

    So does what was read while a message stood beside it that was deleted before it could be read itself.
    """
    otherwise = {key for key in killed.around.keys() & whole.around.keys() if killed.around[key] != whole.around[key]}
    remembering = killed.shrunk | otherwise
    for each in (killed, whole):
        remembering |= {key for items in each.tasks if items & (killed.shrunk | otherwise) for key in items}
    before, after = (
        {items: said for items, said in each.tasks.items() if not items & remembering} for each in (killed, whole)
    )
    found = _told("a task that only the interrupted pulls made", before.keys() - after.keys())
    found += _told("a task that only the whole pull made", after.keys() - before.keys())
    pairs = {key: (before[key], after[key]) for key in before.keys() & after.keys()}
    return found + _told("a task that stands differently", pairs, only_unequal=True)


def _told(what: str, found: Any, *, only_unequal: bool = False) -> list[str]:
    named = (
        [(each, *pair) for each, pair in found.items() if pair[0] != pair[1]]
        if only_unequal
        else sorted(map(_text, found))
    )
    return [f"{len(named)} × {what}: {'; '.join(map(_text, named[:MOST_TOLD]))}"] if named else []


def _text(found: Any) -> str:
    return str(sorted(found)[:4] if isinstance(found, frozenset) else found)


def _items(
    connection: Connection,
) -> tuple[dict[Key, tuple[Any, ...]], frozenset[Key], dict[int, set[Key]], list[str]]:
    marks = (StoredItem.labels, StoredItem.unread, StoredItem.starred, StoredItem.important)
    words = (StoredItem.content_hash, StoredItem.subject, StoredItem.text, StoredItem.sent_at)
    query = select(Integration.name, StoredItem.external_id, StoredItem.task_id, StoredItem.gone_at, *words, *marks)
    items: dict[Key, tuple[Any, ...]] = {}
    gone: set[Key] = set()
    of_tasks: dict[int, set[Key]] = {}
    seen: Counter[Key] = Counter()
    for name, own, task, gone_at, *said in connection.execute(query.join(Integration)):
        key = (name, own)
        seen[key] += 1
        if gone_at is not None:
            gone.add(key)
            continue
        items[key] = tuple(map(str, said))
        if task is not None:
            of_tasks.setdefault(task, set()).add(key)
    return items, frozenset(gone), of_tasks, [f"{key} is stored {n} times" for key, n in seen.items() if n > 1]


def _around(connection: Connection) -> dict[Key, tuple[Any, ...]]:
    query = select(Integration.name, StoredItem.external_id, StoredItem.loose, StoredItem.keys).join(Integration)
    return {(name, own): (loose, *keys) for name, own, loose, keys in connection.execute(query)}


def _tasks(
    connection: Connection, of_tasks: Mapping[int, set[Key]]
) -> tuple[dict[frozenset[Key], tuple[Any, ...]], list[str]]:
    query = select(Task.id, Task.title, Task.status, Task.turn, Task.deleted_at)
    tasks: dict[frozenset[Key], tuple[Any, ...]] = {}
    wrong = []
    for own, *said, deleted_at in connection.execute(query):
        if own in of_tasks and deleted_at is None:
            tasks[frozenset(of_tasks[own])] = tuple(said)
        elif own in of_tasks:
            wrong.append(f"task {own} was merged away and still has items")
    return tasks, wrong


def _runs(connection: Connection) -> Iterator[str]:
    """Every new item is counted by one run, once; what was read adds up."""
    parts = SyncRun.new + SyncRun.updated + SyncRun.unchanged + SyncRun.refused
    for own, name, read, sum_ in connection.execute(
        select(SyncRun.id, Integration.name, SyncRun.read, parts).join(Integration).where(SyncRun.read != parts)
    ):
        yield f"run {own} of {name} read {read}, and its parts add up to {sum_}"
    counted = select(func.coalesce(func.sum(SyncRun.new), 0)).where(SyncRun.integration_id == Integration.id)
    stored = select(func.count()).where(StoredItem.integration_id == Integration.id)
    query = select(Integration.name, counted.scalar_subquery(), stored.scalar_subquery())
    for name, new, items in connection.execute(query):
        if new != items:
            yield f"runs of {name} counted {new} new items, and {items} are stored"
    unfinished = select(func.count()).where(SyncRun.state.in_(("queued", "running")))
    if left := connection.execute(unfinished).scalar_one():
        yield f"{left} runs have not ended"
