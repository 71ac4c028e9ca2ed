"""Which tasks are meant: conditions that hold together, and what they are in SQL."""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.selectable import Select

from app.core.clock import utc_now
from app.domains.tasks import search
from app.domains.tasks.models import Task, TaskLabel

NONE = "none"
"""Stands for nobody, for a turn that is nobody's or unknown, and for no deadline."""
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_DUE: Mapping[str, Callable[[datetime], ColumnElement[bool]]] = {
    "overdue": lambda now: Task.due_at < now,
    "day": lambda now: and_(Task.due_at >= now, Task.due_at < now + _DAY),
    "week": lambda now: and_(Task.due_at >= now, Task.due_at < now + _WEEK),
    "later": lambda now: Task.due_at >= now + _WEEK,
    NONE: lambda _now: Task.due_at.is_(None),
}
FACETS: Mapping[str, InstrumentedAttribute[Any]] = {
    "status": Task.status,
    "band": Task.band,
    "tier": Task.tier,
    "turn": Task.turn,
    "integration": Task.integration_id,
    "kind": Task.kind,
    "assignee": Task.assignee,
}
"""Filters that are one column's value, of which a task has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Conditions that hold together; several values of one are alternatives, but labels must all be there."""

    status: tuple[str, ...] = ("open",)
    integration_ids: tuple[int | None, ...] | None = None
    """None among them stands for tasks of no integration; none at all match nothing."""
    kind: tuple[str, ...] = ()
    assignee: tuple[str, ...] = ()
    """«none» stands for nobody."""
    label: tuple[str, ...] = ()
    band: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    turn: tuple[str, ...] = ()
    """«none» stands for nobody's or unknown."""
    not_assignee: tuple[str, ...] = ()
    not_integration_ids: tuple[int | None, ...] = ()
    due: tuple[str, ...] = ()
    """Windows that move along with the time."""
    due_after: datetime | None = None
    due_before: datetime | None = None
    q: str | None = None
    now: datetime = field(default_factory=utc_now, compare=False)
    """What the windows are seen from."""

    @property
    def name(self) -> str:
        """A short name of this combination, for cursors: the same on every page, however late that is asked for."""
        values = {name: str(getattr(self, name)) for name in self.__dataclass_fields__ if name != "now"}
        return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:10]

    def chosen(self, facet: str) -> Collection[Any] | None:
        """The values of the facet's column that are asked for, None for a missing one; None where any will do."""
        if facet == "integration":
            return self.integration_ids
        given: tuple[str, ...] = getattr(self, facet)
        if FACETS[facet].nullable:
            return [None if each == NONE else each for each in given] or None
        return given or None

    @property
    def searches(self) -> bool:
        """Whether words are looked for."""
        return self.q is not None and bool(self.q.strip())


def conditions(filters: Filters, *, sqlite: bool) -> list[ColumnElement[bool]]:
    """The filters as SQL. Deleted tasks are always left out."""
    return [Task.deleted_at.is_(None), *of_facets(filters), *beyond_facets(filters, sqlite=sqlite)]


def of_facets(filters: Filters, *, but: str = "") -> list[ColumnElement[bool]]:
    """Those of the filters that are a facet's, without that of one."""
    chosen = {column: filters.chosen(facet) for facet, column in FACETS.items() if facet != but}
    return [_one_of(column, values) for column, values in chosen.items() if values is not None]


def beyond_facets(filters: Filters, *, sqlite: bool) -> list[ColumnElement[bool]]:
    """Those of the filters that are no facet's."""
    where: list[ColumnElement[bool]] = []
    if filters.label:
        where.append(Task.id.in_(_bearing(set(filters.label))))
    if filters.not_assignee:
        where.append(_none_of(Task.assignee, [None if each == NONE else each for each in filters.not_assignee]))
    if filters.not_integration_ids:
        where.append(_none_of(Task.integration_id, filters.not_integration_ids))
    if filters.due:
        where.append(or_(*(_DUE[window](filters.now) for window in filters.due)))
    if filters.due_after:
        where.append(Task.due_at >= filters.due_after)
    if filters.due_before:
        where.append(Task.due_at < filters.due_before)
    if filters.q is not None and filters.searches:
        where.append(search.matching(filters.q, sqlite=sqlite))
    return where


def _bearing(labels: set[str]) -> Select[int]:
    """Ids of tasks that bear all of `labels`. One subquery: Postgres plans one for each label exponentially long."""
    found = select(TaskLabel.task_id).where(TaskLabel.label.in_(labels)).group_by(TaskLabel.task_id)
    return found.having(func.count() == len(labels))


def _one_of(column: InstrumentedAttribute[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """What is missing is not among values, as SQL sees it."""
    named = [value for value in values if value is not None]
    if None not in values:
        return column.in_(named)
    return or_(column.in_(named), column.is_(None)) if named else column.is_(None)


def _none_of(column: InstrumentedAttribute[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """As SQL sees it, what is missing is not outside of values either."""
    others = column.not_in([value for value in values if value is not None])
    return and_(others, column.is_not(None)) if None in values else or_(others, column.is_(None))
