"""How many tasks there are of what: for every filter its values, each with the number of tasks that choosing it shows.

Of a filter that takes any of its values, the own choice is left aside: beside `band=now` stands how many `next` would
show. Labels must all be there, so each is counted among the tasks that are shown already.

All but labels comes from one pass over an index that holds just these columns, in groups of tasks that are alike in all
of them: some thousand groups at 50,000 tasks, which are then added up here for every filter.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.tasks import search
from app.domains.tasks.filters import FACETS, Filters, beyond_facets, of_facets
from app.domains.tasks.models import COUNTED, Task, TaskLabel
from app.domains.tasks.schemas import Status

_LIVING = text(COUNTED)
_STATUSES = get_args(Status)
_FEW = 4
"""Where a label stands on fewer than one task in so many, SQLite begins with the labels."""


@dataclass(slots=True)
class Counts:
    """By facet and value; None stands for a missing one."""

    total: int = 0
    facets: Mapping[str, Counter[Any]] = field(default_factory=lambda: {name: Counter() for name in FACETS})
    labels: Counter[str] = field(default_factory=Counter)


async def count(session: AsyncSession, filters: Filters, *, sqlite: bool) -> Counts:
    """The counts of what whoever acts may see."""
    if filters.searches:
        await search.look_up(session, sqlite=sqlite)
    # What a search finds is found once, for all statuses; else those that are not asked for need no groups.
    asked = () if filters.searches else filters.status
    counts = Counts()
    groups = await _groups(session, filters, asked, sqlite=sqlite)
    _add_up(counts, groups, filters)
    if asked and len(asked) < len(_STATUSES):
        counts.facets["status"].update(await _beside(session, filters, sqlite=sqlite))
    counts.labels.update(await _labels(session, filters, counts.total, sqlite=sqlite))
    return counts


async def _groups(
    session: AsyncSession, filters: Filters, statuses: Collection[str], *, sqlite: bool
) -> Iterable[tuple[Any, ...]]:
    """The values of all facets, and of how many tasks they are."""
    columns = FACETS.values()
    query = select(*columns, func.count()).where(_LIVING, *beyond_facets(filters, sqlite=sqlite))
    if statuses:
        query = query.where(Task.status.in_(statuses))
    query = query.group_by(*columns)
    return map(tuple, (await session.execute(query)).all())


def _add_up(counts: Counts, groups: Iterable[tuple[Any, ...]], filters: Filters) -> None:
    """A group counts for every facet whose own filter is the only one, if any, that it does not meet."""
    wanted = [filters.chosen(name) for name in FACETS]
    into = list(counts.facets.values())
    for *values, tasks in groups:
        missed = [place for place, among in enumerate(wanted) if among is not None and values[place] not in among]
        if not missed:
            counts.total += tasks
            for value, facet in zip(values, into, strict=True):
                facet[value] += tasks
        elif len(missed) == 1:
            into[missed[0]][values[missed[0]]] += tasks


async def _beside(session: AsyncSession, filters: Filters, *, sqlite: bool) -> Mapping[str, int]:
    """How many tasks there are of the statuses that are not asked for."""
    others = [each for each in _STATUSES if each not in filters.status]
    query = select(Task.status, func.count().label("tasks")).where(_LIVING, Task.status.in_(others))
    query = query.where(*of_facets(filters, but="status"), *beyond_facets(filters, sqlite=sqlite))
    return {row.status: row.tasks for row in await session.execute(query.group_by(Task.status))}


async def _labels(session: AsyncSession, filters: Filters, total: int, *, sqlite: bool) -> Mapping[str, int]:
    """How many of the tasks that are shown bear which label."""
    if not total:
        return {}
    one = TaskLabel.task_id == Task.id
    if sqlite:
        # It has no statistics to choose by. A sum is in no index, so whose it is is walked through first.
        labels = (await session.execute(select(func.count()).select_from(TaskLabel))).scalar_one()
        few = labels * _FEW < total
        one = TaskLabel.task_id + 0 == Task.id if few else TaskLabel.task_id == Task.id + 0
    query = select(TaskLabel.label, func.count().label("tasks")).join(Task, one)
    query = query.where(_LIVING, *of_facets(filters), *beyond_facets(filters, sqlite=sqlite))
    return {row.label: row.tasks for row in await session.execute(query.group_by(TaskLabel.label))}
