"""Open tasks that are called the same and may be one, over the whole queue.

The groups come from an index of the open tasks' titles alone, so a million tasks cost one pass over it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import paging
from app.core.database import chunks
from app.core.rows import AnyRow
from app.domains.tasks.models import OPEN_TITLES, Task, Unrelated
from app.domains.tasks.relating import RECURRING, borne_by_few, called_the_same, may_be_one, rows_among

_NAME = "duplicates"
_GROUPS = 500
"""So many titles are looked at for one page: where most are no duplicates after all, the page is shorter."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two open tasks that may be one, the later one first."""

    later: int
    earlier: int
    because: str
    newest: int
    """The newest task of that title: pairs are sorted by it."""
    may_merge: bool = True
    """Not where both are rows at their source."""

    @property
    def place(self) -> tuple[int, int, int]:
        """Where it stands: larger ones come first."""
        return self.newest, self.later, self.earlier


async def page(session: AsyncSession, *, limit: int, cursor: str | None) -> tuple[Sequence[Pair], str | None]:
    """The pairs whose later task came last stand first; and the cursor of the next page."""
    after = paging.decode_ids(cursor, _NAME, 3) if cursor is not None else None
    newest = func.max(Task.id).label("newest")
    groups = select(Task.title_key, newest).where(text(OPEN_TITLES)).group_by(Task.title_key)
    groups = groups.having(func.count().between(2, RECURRING - 1)).order_by(newest.desc()).limit(_GROUPS)
    if after is not None:
        groups = groups.having(newest <= after[0])
    titles = {row.title_key: row.newest for row in await session.execute(groups)}
    few = await borne_by_few(session, titles)
    found = [pair for pair in await _pairs(session, titles, few) if after is None or pair.place < after]
    if len(found) > limit:
        return found[:limit], paging.encode(_NAME, found[limit - 1].place)
    more = len(titles) == _GROUPS
    return found, paging.encode(_NAME, (min(titles.values()), 0, 0)) if more else None


async def _pairs(session: AsyncSession, newest: dict[str, int], titles: Sequence[str]) -> list[Pair]:
    by_title: dict[str, list[AnyRow]] = {}
    columns = (Task.id, Task.title, Task.title_key, Task.status, Task.opened_at, Task.separated)
    for some in chunks(titles):
        query = select(*columns).where(text(OPEN_TITLES), Task.title_key.in_(some)).order_by(Task.id.desc())
        for row in await session.execute(query):
            by_title.setdefault(row.title_key, []).append(row)
    apart = await _told_apart(session, [row.id for rows in by_title.values() for row in rows])
    at_source = await rows_among(session, [row.id for rows in by_title.values() for row in rows])
    pairs = (
        Pair(
            later.id,
            earlier.id,
            called_the_same(later, earlier),
            newest[key],
            may_merge=not {later.id, earlier.id} <= at_source,
        )
        for key, rows in by_title.items()
        for later, earlier in _alike(rows)
        if (earlier.id, later.id) not in apart
    )
    return sorted(pairs, key=lambda pair: pair.place, reverse=True)


def _alike(rows: Sequence[AnyRow]) -> Iterator[tuple[AnyRow, AnyRow]]:
    return ((later, earlier) for later, earlier in combinations(rows, 2) if may_be_one(later, earlier))


async def _told_apart(session: AsyncSession, task_ids: Sequence[int]) -> set[tuple[int, int]]:
    """The pairs, smaller id first, that a person said have nothing to do with each other."""
    found: set[tuple[int, int]] = set()
    for some in chunks(task_ids):
        query = select(Unrelated.task_id, Unrelated.other_id)
        rows = await session.execute(query.where(or_(Unrelated.task_id.in_(some), Unrelated.other_id.in_(some))))
        found |= {(row.task_id, row.other_id) for row in rows}
    return found
