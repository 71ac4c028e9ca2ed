"""What another ruleset would have done in the last days: would the tasks that were late have been seen sooner?

From what is remembered: the status of tasks in their history, and what their facts were. A task that was imported with
all its messages behind it counts from the last of them on, for its facts were the same then as when it came.
Everything is bounded, and what a bound left out is told in `notes`.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.core.rows import AnyRow
from app.domains.ranking import StoredFacts
from app.domains.ranking.network import waiting_ids
from app.domains.ranking.review.lateness import Lateness, Seen, lateness
from app.domains.ranking.review.retrospect import Past, in_top_twenty, moments, moments_of_choice
from app.domains.tasks import pasts
from app.domains.tasks.models import Task, TaskEvent
from app.workflows.rules.spans import OPEN, StatusChange, open_spans, was_late
from app.workflows.rules.standings import Comparison, so_many

MOST_MOMENTS = 241
"""Of the grid: the last 30 days are looked at every three hours. A score holds until its next change, so that more
moments cost little; twice as many take a third longer."""
FINEST = timedelta(minutes=15)
MOST_CANDIDATES = 2_000
"""So many tasks are ranked at each moment, fewer where rules are many: the newest of those that were late, up to half,
then those that stand highest under the draft, then those that stand highest as they are ranked now."""

_RANK = (Task.rank_tier, Task.rank_points, Task.rank_due, Task.opened_at, Task.id)
_COLUMNS = (Task.id, Task.title, Task.status, Task.due_at, Task.opened_at, Task.last_item_at, Task.created_at)


@dataclass(frozen=True, slots=True)
class History:
    """What the days before tell. `lateness` holds one row for each late task."""

    days: int
    since: datetime
    grid: Sequence[datetime]
    tasks: int
    """How many were ranked against each other."""
    lateness: Lateness
    titles: dict[int, str]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Reach:
    """So many days are looked at, and so far back it is remembered what was known of tasks; None: for ever."""

    days: int
    remembered_for: timedelta | None = None


async def history(session: AsyncSession, compared: Comparison, reach: Reach, first: Sequence[int]) -> History:
    """The last days under both rulesets: at most 241 moments, at most 2,000 tasks. `first` are the ids of those that
    stand highest under the draft."""
    days = reach.days
    now, since = compared.now, compared.now - timedelta(days=days)
    most = so_many(MOST_CANDIDATES, compared.against, compared.draft)
    rows, complete = await _candidates(session, since, now, first, most)
    remembered = await _pasts(session, rows, since)
    late = {past.task for past in remembered if _was_late(past, rows[past.task].due_at, now)}
    grid = moments(since, now, MOST_MOMENTS, FINEST)
    before: dict[int, list[datetime]] = {}
    after: dict[int, list[datetime]] = {}
    notes: list[str] = []
    if late:
        before = await asyncio.to_thread(in_top_twenty, remembered, compared.against, grid)
        after = await asyncio.to_thread(in_top_twenty, remembered, compared.draft, grid)
        notes = await asyncio.to_thread(_notes, compared, remembered, grid, complete)
        if reach.remembered_for is not None and since < now - reach.remembered_for:
            kept = reach.remembered_for.days
            notes.append(
                f"What was known of tasks more than {kept} days ago is forgotten: what came next stands for it."
            )
    seen = [Seen(i, rows[i].due_at, before.get(i, []), after.get(i, [])) for i in sorted(late)]
    return History(
        days=days,
        since=since,
        grid=grid,
        tasks=len(remembered),
        lateness=lateness(seen),
        titles={i: rows[i].title for i in late},
        notes=notes,
    )


def _was_late(past: Past, due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and was_late(past.open, due_at, now)


async def _candidates(
    session: AsyncSession, since: datetime, now: datetime, first: Sequence[int], most_tasks: int
) -> tuple[dict[int, AnyRow], bool]:
    """Rows of tasks that may have been open in this time, by id, and whether those are all."""
    passed = and_(Task.due_at <= now, or_(Task.due_at >= since, Task.status == OPEN))
    about = or_(Task.status == OPEN, and_(Task.status != "not_for_us", Task.updated_at >= since))
    rows: dict[int, AnyRow] = {}
    complete = True
    for condition, order, most in (
        (passed, (Task.due_at.desc(), Task.id), most_tasks // 2),
        (Task.id.in_(first), (Task.id,), most_tasks),
        (about, _RANK, most_tasks),
    ):
        query = select(*_COLUMNS).where(Task.deleted_at.is_(None), condition).order_by(*order)
        for row in await session.execute(query.limit(most + 1)):
            if row.id not in rows and len(rows) == most:
                complete = False
                break
            rows.setdefault(row.id, row)
    return rows, complete


async def _pasts(session: AsyncSession, rows: Mapping[int, AnyRow], since: datetime) -> list[Past]:
    """Those of the tasks that were open at any time since then, and are remembered."""
    changes = await _status_changes(session, rows, since)
    spans = {i: open_spans(_begin(row), row.status, changes.get(i, ())) for i, row in rows.items()}
    open_then = {i: some for i, some in spans.items() if any(s.end is None or s.end > since for s in some)}
    versions = await pasts.timelines(session, open_then, since=since)
    return [
        Past(i, rows[i].opened_at, some, [(at, StoredFacts(facts)) for at, facts in versions[i]])
        for i, some in open_then.items()
        if i in versions
    ]


def _begin(row: AnyRow) -> datetime:
    """From when on the task is known as it was: since it came, or since its last message where that is longer ago."""
    created: datetime = row.created_at
    settled: datetime = max(row.opened_at, row.last_item_at or row.opened_at)
    return min(created, settled)


async def _status_changes(
    session: AsyncSession, ids: Collection[int], since: datetime
) -> dict[int, list[StatusChange]]:
    """What happened to the status of tasks since then, in order."""
    found: defaultdict[int, list[StatusChange]] = defaultdict(list)
    for some in chunks(ids):
        query = select(TaskEvent.task_id, TaskEvent.at, TaskEvent.changes).order_by(TaskEvent.id)
        for task, at, changes in await session.execute(query.where(TaskEvent.task_id.in_(some), TaskEvent.at >= since)):
            if isinstance(change := changes.get("status"), list) and len(change) == 2:
                found[task].append(StatusChange(at, str(change[0]), str(change[1])))
    return found


def _notes(compared: Comparison, remembered: Sequence[Past], grid: Sequence[datetime], complete: bool) -> list[str]:
    """What a reader has to know to judge the answer."""
    step = (grid[-1] - grid[0]) / max(1, len(grid) - 1)
    notes = [f"Looked at {len(grid)} moments, one every {_hours(step)}: no time is more exact than that."]
    if few := len(grid) - moments_of_choice(remembered, grid):
        notes.append(f"At {few} of them twenty tasks or fewer were open: all of these stood in the top twenty.")
    if not complete:
        told = "those that were due last, and those that stand highest"
        notes.append(f"Only {len(remembered):,} tasks were ranked: {told}. Others may have been late too.")
    if compared.inherits and any(waiting_ids(version) for past in remembered for _, version in past.versions):
        notes.append(
            "Points that a task gets because others wait for it are not counted for days past: such a task may have "
            "stood higher than is told here."
        )
    return notes


def _hours(step: timedelta) -> str:
    minutes = round(step / timedelta(minutes=1))
    return f"{minutes} minutes" if minutes < 120 else f"{minutes / 60:.1f} hours".replace(".0 ", " ")
