"""Scores as they are stored with tasks: their columns, and scoring again what did not change but stands otherwise."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import log
from app.core.database import chunks
from app.core.rows import AnyRow, update_rows
from app.domains import ranking
from app.domains.ranking import Facts, Ruleset, StoredFacts
from app.domains.ranking.explanation import Standing
from app.domains.ranking.network import Network, waiting_ids
from app.domains.tasks.belongings import reachable_dependencies
from app.domains.tasks.models import NO_DUE, Task, TaskFacts
from app.domains.tasks.networks import add_waiting
from app.domains.tasks.sources import ACTIVE

_log = log.get(__name__)

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_SCORED = (
    select(Task.id, Task.due_at, Task.score_revision, TaskFacts.facts)
    .join(TaskFacts, TaskFacts.task_id == Task.id)
    .where(Task.id.in_(_IDS))
    .order_by(Task.id)  # all who write many tasks do so in one order
)


def run_out(now: datetime) -> ColumnElement[bool]:
    """Which tasks have a score that time alone has changed. One index finds them, however many are over."""
    return and_(Task.status.in_(ACTIVE), Task.valid_until <= now, Task.deleted_at.is_(None))


@dataclass(slots=True)
class Rescored:
    """What became of scoring again."""

    written: int = 0
    failed: set[int] = field(default_factory=set)
    """Tasks that could not be scored; what is the matter with them is in the log."""


def score_columns(score: Standing, due_at: datetime | None, ruleset: Ruleset) -> dict[str, Any]:
    """The columns of `tasks` that a score fills."""
    return {
        "tier": score.tier,
        "points_milli": score.milli,
        "score_milli": int(score.score * 1000),
        "band": score.band,
        "reasons": list(score.reasons),
        "valid_until": score.valid_until,
        "scored_at": score.at,
        "scored_with": ruleset.stamp,
        "rank_tier": ranking.TIER_ORDER[score.tier],
        "rank_points": -score.milli,
        "rank_due": int(due_at.timestamp()) if due_at else NO_DUE,
    }


async def network_around(session: AsyncSession, facts: Mapping[int, Facts], ruleset: Ruleset) -> Network:
    """Tasks with these facts, and the stored ones of all that wait for them."""
    known = dict(facts)
    if ruleset.inherit is not None and any(waiting_ids(of) for of in facts.values()):
        await add_waiting(session, known)
    return Network(known, ruleset)


async def rescore(session: AsyncSession, ids: Collection[int], ruleset: Ruleset, *, now: datetime) -> Rescored:
    """Score tasks again from their stored facts, which did not change.

    Compare-and-set: a score that a person's action renewed meanwhile is newer than ours, and stays.
    """
    done = Rescored()
    for some in chunks(ids):
        rows = (await session.execute(_SCORED, {"ids": some})).all()
        facts = {row.id: StoredFacts(row.facts) for row in rows}
        network = await network_around(session, facts, ruleset)
        writes = await asyncio.to_thread(_written, rows, network, ruleset, now)
        await update_rows(session, Task, writes, unless_changed="score_revision")
        done.written += len(writes)
        done.failed |= set(some) - {write["id"] for write in writes}
    return done


def _written(rows: Sequence[AnyRow], network: Network, ruleset: Ruleset, now: datetime) -> list[dict[str, Any]]:
    writes = []
    for row in rows:
        write = {"id": row.id, "b_score_revision": row.score_revision, "score_revision": row.score_revision + 1}
        try:
            score = network.standing(row.id, now)
        except Exception:  # noqa: BLE001 - one task must never stop the ranking of all others; it is logged, and tried again later
            _log.exception("a task could not be scored", task=row.id)
            continue
        writes.append(write | score_columns(score, row.due_at, ruleset))
    return writes


async def lift(session: AsyncSession, waiting: Iterable[int], ruleset: Ruleset, *, now: datetime) -> None:
    """Score again what tasks wait for, directly or through others: how they stand decides what these get."""
    if ruleset.inherit is None or not (waiting := set(waiting)):
        return
    edges = await reachable_dependencies(session, waiting)
    needed = {each for some in edges.values() for each in some}  # of the same change too: they may have come first
    active = select(Task.id).where(Task.id.in_(_IDS), Task.status.in_(ACTIVE), Task.deleted_at.is_(None))
    for some in chunks(sorted(needed)):
        ids = (await session.execute(active, {"ids": some})).scalars().all()
        await rescore(session, ids, ruleset, now=now)
