"""A drag: noted with what both tasks stand at, then whether the drags so far ask for a change of the rules.

The order of the queue does not change by it: only rules rank, and rules change only where a person accepts that.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import acting, audit
from app.core.database import one_at_a_time
from app.core.errors import Conflict, FieldError, Invalid, NotFound
from app.domains import learning, rulesets
from app.domains.learning.models import RankPair
from app.domains.learning.schemas import EvidenceOut, NeededOut, PairOut, ProposalRef, Ranked
from app.domains.ranking import Ruleset
from app.domains.ranking.engine import order_key
from app.domains.ranking.explanation import OrderKey, Score
from app.domains.ranking.learning.drags import Drag, Lines, carried, lines_of
from app.domains.ranking.learning.learnable import learnable
from app.domains.ranking.learning.learning import propose, support_of
from app.domains.ranking.learning.pulls import NEEDED_DAYS, NEEDED_DRAGS, NOBODY, Support
from app.domains.ranking.rules import RulesetInvalid
from app.domains.tasks import actions, announcing
from app.domains.tasks.models import Task
from app.domains.tasks.networks import network_of
from app.workflows.learning import sentences, unseen

UNDISPUTED = 80
"""So many tasks from the top of the queue show what nobody disputes."""
_OTHER_VERSIONS = 20
"""Drags under so many earlier versions of a ruleset are carried over; those under older ones are passed over."""


async def rank_above(
    session: AsyncSession, ruleset: Ruleset, above_id: int, below_id: int, *, actor: str = "", now: datetime
) -> Ranked:
    """Note that `above_id` should stand above `below_id`; both must be open. `ruleset` is the active one.

    Raises Invalid for one and the same task, NotFound, and Conflict for a task that is not open.
    """
    if above_id == below_id:
        message = "must be another task"
        raise Invalid("A task can't stand above itself.", errors=[FieldError("other", message)])
    above, below = await _open(session, above_id), await _open(session, below_id)
    network = await network_of(session, [above_id, below_id], ruleset)
    try:
        scores = network.score(above_id, now), network.score(below_id, now)
    except KeyError as error:
        raise Conflict(f"Task {error.args[0]} is not ranked yet. Try again in a moment.") from error
    await one_at_a_time(session, "learning")
    pair = RankPair(
        above_id=above_id,
        below_id=below_id,
        at=now,
        actor=actor or acting.written_by(),
        ruleset=ruleset.name,
        version=ruleset.version,
        above_lines=lines_of(scores[0]),
        below_lines=lines_of(scores[1]),
        agreed=_key(scores[0], above) < _key(scores[1], below),
        comparable=scores[0].tier == scores[1].tier,
    )
    session.add(pair)
    await session.flush()
    audit.changed(session, f"task:{above_id}", {}, {"ranked_above": below_id})
    await announcing.announce(session, "rank-above", {above_id: above.version}, actor=pair.actor, now=now)
    return await _answered(session, ruleset, pair, now)


async def _open(session: AsyncSession, task_id: int) -> Task:
    task = await actions.get(session, task_id)
    if task.status != "open":
        raise Conflict(f"Task {task_id} is {task.status.replace('_', ' ')}: only open tasks are ranked.")
    return task


def _key(score: Score, task: Task) -> OrderKey:
    return order_key(score, task.due_at, task.opened_at, task.id)


async def _answered(session: AsyncSession, ruleset: Ruleset, pair: RankPair, now: datetime) -> Ranked:
    support, proposal_id, changed = NOBODY, None, 0
    active = await rulesets.service.active(session)
    if active is not None and (active.name, active.version) == (ruleset.name, ruleset.version):
        drags = await drags_of(session, ruleset)
        decisions = await learning.service.decided(session, ruleset.name)
        spent = learning.service.spent(decisions)
        written = {rule: known.now for rule, known in learnable(ruleset, {}).items()}
        made = await asyncio.to_thread(
            propose,
            ruleset,
            drags,
            undisputed=await _undisputed(session, ruleset, now),
            origins=learning.service.origins(decisions, written),
            spent=spent,
        )
        support = support_of(ruleset, drags, pair.id, spent)
        row = await learning.service.offer(session, made, (ruleset.name, ruleset.version), now=now)
        proposal_id, changed = (row.id, len(row.changes)) if row else (None, 0)
        if row is not None and not await unseen.shown(session, [row]):
            return _ranked(pair, sentences.noted_only(), NOBODY, None)
        hidden = await unseen.unseen_drags(session, support.drags)
        support = replace(support, drags=tuple(each for each in support.drags if each not in hidden))
    return _ranked(pair, sentences.noted(pair, support, proposal_id, changed), support, proposal_id)


def _ranked(pair: RankPair, sentence: str, support: Support, proposal_id: int | None) -> Ranked:
    return Ranked(
        pair=PairOut(id=pair.id, above=pair.above_id, below=pair.below_id, at=pair.at, agreed=pair.agreed),
        sentence=sentence,
        evidence=_evidence(support),
        proposal=ProposalRef(id=proposal_id) if proposal_id else None,
    )


def _evidence(support: Support) -> EvidenceOut:
    needed = NeededOut(pairs=NEEDED_DRAGS, days=NEEDED_DAYS)
    return EvidenceOut(pairs=len(support.drags), days=support.days, needed=needed)


async def drags_of(session: AsyncSession, ruleset: Ruleset) -> list[Drag]:
    """What people dragged under this ruleset, and under earlier versions of it that differ in numbers only."""
    rows = await learning.service.pairs(session, ruleset.name)
    earlier = {ruleset.version: ruleset}
    for version in sorted({row.version for row in rows} - {ruleset.version}, reverse=True)[:_OTHER_VERSIONS]:
        if (found := await _version(session, ruleset.name, version)) is not None:
            earlier[version] = found
    return await asyncio.to_thread(_drags, rows, earlier, ruleset)


def _drags(rows: Sequence[RankPair], earlier: Mapping[int, Ruleset], now: Ruleset) -> list[Drag]:
    return [drag for row in rows if (drag := _drag(row, earlier.get(row.version), now)) is not None]


async def _version(session: AsyncSession, name: str, version: int) -> Ruleset | None:
    try:
        return await rulesets.service.compiled(session, await rulesets.service.version_of(session, name, version))
    except (NotFound, RulesetInvalid):
        return None


def _drag(row: RankPair, then: Ruleset | None, now: Ruleset) -> Drag | None:
    day = row.at.astimezone(UTC).date()
    drag = Drag(row.id, day, row.above_id, row.below_id, row.above_lines, row.below_lines, row.agreed)
    if then is now:
        return drag
    return carried(drag, then, now) if then is not None else None


async def _undisputed(session: AsyncSession, ruleset: Ruleset, now: datetime) -> dict[int, Lines]:
    """The lines of the tasks at the top of the queue, by id."""
    rank = (Task.rank_points, Task.rank_due, Task.opened_at, Task.id)
    normal = (Task.status == "open", Task.deleted_at.is_(None), Task.rank_tier == 1)
    ids = (await session.execute(select(Task.id).where(*normal).order_by(*rank).limit(UNDISPUTED))).scalars().all()
    network = await network_of(session, ids, ruleset)
    return await asyncio.to_thread(
        lambda: {each: lines_of(network.score(each, now)) for each in ids if network.has(each)}
    )
