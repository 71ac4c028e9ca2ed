"""How many tasks there are of what: for every filter its values, each with the number of tasks that choosing it shows.

Of a filter that takes any of its values, the own choice is left aside: beside `band=now` stands how many `next` would
show. Labels must all be there, so each is counted among the tasks that are shown already.

Where no words are looked for, all but labels comes from one pass over an index that holds just these columns, in groups
of tasks that are alike in all of them: some thousand groups at 50,000 tasks, which are added up here for every filter.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from sqlalchemy import Label, Text, cast, func, null, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.rows import AnyRow
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
    counts = Counts()
    if filters.searches:
        # What a search finds is found once, for all statuses and with its labels.
        await search.look_up(session, sqlite=sqlite)
        _add_up(counts, await _groups(session, filters, (), sqlite=sqlite), filters)
        return counts
    _add_up(counts, await _groups(session, filters, filters.status, sqlite=sqlite), filters)
    if 0 < len(filters.status) < len(_STATUSES):
        counts.facets["status"].update(await _beside(session, filters, sqlite=sqlite))
    counts.labels.update(await _labels(session, filters, counts.total, sqlite=sqlite))
    return counts


async def _groups(
    session: AsyncSession, filters: Filters, statuses: Collection[str], *, sqlite: bool
) -> Sequence[AnyRow]:
    """The values of all facets and, as JSON, the labels that were searched; and of how many tasks they are."""
    columns: list[Any] = [*FACETS.values(), _labels_of_each(sqlite=sqlite) if filters.searches else null()]
    query = select(*columns, func.count()).where(_LIVING, *beyond_facets(filters, sqlite=sqlite))
    if statuses:
        query = query.where(Task.status.in_(statuses))
    grouped = columns if filters.searches else columns[:-1]
    return (await session.execute(query.group_by(*grouped))).all()


def _labels_of_each(*, sqlite: bool) -> Label[str | None]:
    gather = func.json_group_array if sqlite else func.json_agg
    found = select(cast(gather(TaskLabel.label), Text)).where(TaskLabel.task_id == Task.id).correlate(Task)
    return found.scalar_subquery().label("labels")


def _add_up(counts: Counts, groups: Iterable[AnyRow], filters: Filters) -> None:
    """A group counts for every facet whose own filter is the only one, if any, that it does not meet."""
    wanted = [(place, among) for place, name in enumerate(FACETS) if (among := filters.chosen(name)) is not None]
    into = list(counts.facets.values())
    for *values, labels, tasks in groups:
        missed = [place for place, among in wanted if values[place] not in among]
        if not missed:
            counts.total += tasks
            for value, facet in zip(values, into, strict=True):
                facet[value] += tasks
            for label in json.loads(labels or "[]"):
                counts.labels[label] += tasks
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
