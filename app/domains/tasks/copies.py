"""What a page of items brings: which are new, which say something else now, which only changed their labels or flags,
and which bring nothing. Pure.

A file may hold the same message twice, with different labels. The first copy that says anything about labels or flags
speaks for the whole file: whatever the pages, and however often it is imported, the end is the same. So it is with
what is written, where the source lets people revise it: the newest copy by its own time counts, the first of equals.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from app.core.rows import AnyRow
from app.domains.reading import Reading
from app.domains.tasks.reading import mutable
from app.records import Item

Readable: TypeAlias = tuple[Item, Reading | None]
"""An item and what it says, or None where that was not read yet: most of what is imported again is stored already."""


@dataclass(slots=True)
class RunMemory:
    """What one run remembers between its pages: about 100 bytes for each labelled item and each task."""

    flagged: set[int] = field(default_factory=set)
    """Hashes of external id and content hash of the items whose labels or flags this run has heard. They have 64 bits,
    salted by the process: two of a million items share one in one run of many millions."""
    written: set[int] = field(default_factory=set)
    """Hashes of the external ids of the revisable items that this run has heard."""
    updated_tasks: set[int] = field(default_factory=set)
    live: bool = False
    """It comes from the source itself and not from an export of some other day: what is there, is not gone."""

    def hear_words(self, item: Item) -> bool:
        """Note that a revisable item was read. Returns whether it is the first copy of this run."""
        identity = hash(item.external_id)
        if identity in self.written:
            return False
        self.written.add(identity)
        return True

    def hear(self, item: Item) -> bool:
        """Note what the item says about its labels and flags. Returns whether it is the first copy to say anything."""
        identity = hash((item.external_id, item.content_hash))
        # A row may lose its last label, and a line its last reaction: there an empty list says something too.
        says = item.revisable or item.labels or item.unread is not None or item.starred is not None
        if identity in self.flagged or not says:
            return False
        self.flagged.add(identity)
        return True


@dataclass(slots=True)
class Sorted:
    """A page's items by what has to be done with them."""

    new: list[Readable] = field(default_factory=list)
    changed: list[tuple[int, int | None, Item]] = field(default_factory=list)
    """Stored id, task id, item: other labels or flags."""
    revised: list[tuple[int, int | None, Readable]] = field(default_factory=list)
    """Stored id, task id, item: other words."""
    updated: int = 0
    unchanged: int = 0


def other_id(item: Item) -> str:
    """The id of a different message that bears the same Message-ID: mailers and people do reuse them."""
    return f"{item.external_id}#{item.content_hash[:12]}"


def ids_of(page: Collection[Readable]) -> set[str]:
    """Every external id under which an item of the page may be stored."""
    return {name for item, _ in page for name in (item.external_id, other_id(item))}


def sort(page: Sequence[Readable], known: Mapping[str, AnyRow], memory: RunMemory) -> Sorted:
    """`known` are the stored rows of `ids_of(page)`, by external id."""
    todo = Sorted()
    fresh: dict[str, int] = {}
    """External id of each item this page brings, to its place in `todo.new`."""
    revised: dict[int, int] = {}
    """Stored id to its place in `todo.revised`."""
    for given, words in page:
        heard = memory.hear(given)
        if memory.live and _came_back((given, words), known, revised, todo):
            continue
        if given.revisable and _revise((given, words), known, fresh, revised, todo, first=memory.hear_words(given)):
            continue
        item = _under_its_id(given, known, fresh, todo)
        row, place = known.get(item.external_id), fresh.get(item.external_id)
        if row is not None and heard and _flags_differ(row, item):
            todo.changed.append((row.id, row.task_id, item))
            todo.updated += 1
        elif place is not None and heard and mutable(item) != mutable(todo.new[place][0]):
            todo.new[place] = (item, words)
            todo.updated += 1
        elif row is not None or place is not None:
            todo.unchanged += 1
        else:
            fresh[item.external_id] = len(todo.new)
            todo.new.append((item, words))
    return todo


def _came_back(readable: Readable, known: Mapping[str, AnyRow], revised: dict[int, int], todo: Sorted) -> bool:
    """Deal with an item that was found deleted at its source, and is there again. Returns whether it was one."""
    row = known.get(readable[0].external_id)
    if row is None or row.gone_at is None or row.id in revised:
        return False
    revised[row.id] = len(todo.revised)
    todo.revised.append((row.id, row.task_id, readable))
    todo.updated += 1
    return True


def _revise(
    readable: Readable,
    known: Mapping[str, AnyRow],
    fresh: Mapping[str, int],
    revised: dict[int, int],
    todo: Sorted,
    *,
    first: bool,
) -> bool:
    """Deal with another wording of an item that is stored, or on this page already. Returns whether it was one."""
    item = readable[0]
    row, place = known.get(item.external_id), fresh.get(item.external_id)
    if place is not None:
        before = todo.new[place][0]
        if before.content_hash == item.content_hash:
            return False
        if _newer(item, before, first=False):
            todo.new[place] = readable
            todo.updated += 1
        else:
            todo.unchanged += 1
        return True
    if row is None:
        return False
    if (again := revised.get(row.id)) is not None:
        if _newer(item, todo.revised[again][2][0], first=False):
            todo.revised[again] = (row.id, row.task_id, readable)
        todo.unchanged += 1  # the row counted as updated when its first new wording came
        return True
    if row.content_hash == item.content_hash:
        return False
    if _newer(item, row, first=first):
        revised[row.id] = len(todo.revised)
        todo.revised.append((row.id, row.task_id, readable))
        todo.updated += 1
    else:
        todo.unchanged += 1
    return True


def _newer(item: Item, before: Item | AnyRow, *, first: bool) -> bool:
    """Whether `item` is the later wording. Where the times do not tell, the first copy that a run reads counts."""
    if (gone := _is_deleted(item)) != _is_deleted(before):
        return gone  # what was taken back stays so, whichever export is read last
    mine, theirs = item.revised_at or item.sent_at, before.revised_at or before.sent_at
    if mine is None or theirs is None or mine == theirs:
        return first
    return mine > theirs


def _is_deleted(item: Item | AnyRow) -> bool:
    if isinstance(item, Item):
        return item.automation is not None and item.automation.category == "deleted"
    return bool(item.automation_category == "deleted")


def _under_its_id(item: Item, known: Mapping[str, AnyRow], fresh: Mapping[str, int], todo: Sorted) -> Item:
    if row := known.get(item.external_id):
        holder = row.content_hash
    elif item.external_id in fresh:
        holder = todo.new[fresh[item.external_id]][0].content_hash
    else:
        return item
    return item if holder == item.content_hash else replace(item, external_id=other_id(item))


def _flags_differ(row: AnyRow, item: Item) -> bool:
    return any(getattr(row, name) != value for name, value in mutable(item).items())
