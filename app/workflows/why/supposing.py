"""What would have to change for a task to reach a goal, one thing at a time."""

import asyncio
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import FieldError, Invalid
from app.domains.ranking import Facts, Ruleset
from app.domains.ranking.explanation import OrderKey, Score
from app.domains.ranking.network import Network
from app.domains.ranking.why.changeable import Means
from app.domains.ranking.why.counterfactual import Answer, Goal, Reach, Subject, what_if
from app.domains.tasks import actions, networks, queue
from app.domains.tasks.belongings import dependencies_of, reachable_dependencies
from app.domains.tasks.models import Task
from app.domains.tasks.policy import Policy
from app.domains.tasks.sources import ACTIVE
from app.domains.tasks.us import Us
from app.domains.tasks.views import number
from app.workflows.why import wishing
from app.workflows.why.competing import Competition, competition, key_of, keys, require_open
from app.workflows.why.doing import supposition_out
from app.workflows.why.schemas import ComparedOut, GoalOut, NowOut, WhatIfOut
from app.workflows.why.wishing import Rival, Wish


@dataclass(frozen=True, slots=True)
class _Present:
    """A task among others, at one moment."""

    task: Task
    ruleset: Ruleset
    now: datetime
    network: Network
    score: Score
    among: Competition
    standing: dict[int, OrderKey]
    """The order keys of the others."""
    needed: frozenset[int]
    """What it waits for, where the rules let that rise with it: by its own points it can't pass them."""

    @property
    def own(self) -> OrderKey:
        return key_of(self.score, self.task)

    @property
    def order(self) -> list[OrderKey]:
        return sorted(self.standing.values())

    def rivals(self) -> list[Rival]:
        ids = [key[-1] for key in self.order if key[-1] not in self.needed]
        return [Rival(self.standing[each], self.among.others[each].title) for each in ids]


async def suppose(session: AsyncSession, task: Task, policy: Policy, wish: str | None, *, now: datetime) -> WhatIfOut:
    """What would bring an open task to its goal; without `wish`, to be first, and for one that is, into the band now.

    Raises Conflict for a task that is not open, and Invalid or NotFound for one to stand above that can't be.
    """
    require_open(task)
    present = await _present(session, task, policy.ruleset, now.replace(microsecond=0))
    wanted = await _wanted(session, present, wish)
    reach = None
    if wanted.rival is not None and wanted.goal is not None and wanted.rival.id in present.needed:
        reach = await _lifting(session, present, wanted.rival.id)
    answer = await asyncio.to_thread(_answer, present, policy.us, wanted.goal, reach)
    waits_for = await _open_dependencies(session, task.id)
    known_to = len(present.standing) + (len(present.standing) >= present.among.open)
    rank = bisect_left(present.order, present.own) + 1
    found = [
        supposition_out(task.id, each, present.order, reaches_to=known_to, waits_for=waits_for)
        for each in (*answer.changes, *([answer.closest] if answer.closest else []))
    ]
    return WhatIfOut(
        task=task.id,
        now=NowOut(
            points=number(present.score.milli),
            band=present.score.band,
            rank=rank if rank <= known_to else await queue.place(session, task),
        ),
        goal=_goal_out(wanted, answer, present),
        changes=found[: len(answer.changes)],
        closest=found[-1] if answer.closest else None,
        compared=ComparedOut(tasks=len(present.standing), of=present.among.open),
    )


async def _present(session: AsyncSession, task: Task, ruleset: Ruleset, now: datetime) -> _Present:
    network = await networks.network_of(session, [task.id], ruleset)
    among = await competition(session, task)
    standing = await keys(session, among.others.values(), ruleset, now)
    needed = frozenset[int]()
    if ruleset.inherit is not None:
        edges = await reachable_dependencies(session, [task.id])
        needed = frozenset(each for some in edges.values() for each in some)
    return _Present(task, ruleset, now, network, network.score(task.id, now), among, standing, needed)


async def _wanted(session: AsyncSession, present: _Present, wish: str | None) -> Wish:
    rivals = present.rivals()
    if wish is None:
        first = not rivals or present.own < rivals[0].key
        return wishing.read("band:now" if first else "first", rivals, None, present.ruleset)
    other = wishing.above_id(wish)
    return wishing.read(wish, rivals, await _named(session, present, other) if other else None, present.ruleset)


async def _named(session: AsyncSession, present: _Present, other_id: int) -> Rival:
    """The task that «above» names. Raises Invalid for the task itself, NotFound, and Conflict where it is not open."""
    if other_id == present.task.id:
        raise Invalid(
            f"Task {other_id} can't stand above itself.", errors=[FieldError("query.goal", "must name another task")]
        )
    other = await actions.get(session, other_id)
    require_open(other)
    key = present.standing.get(other_id) or (await keys(session, [other], present.ruleset, present.now))[other_id]
    return Rival(key, other.title)


def _answer(present: _Present, us: Us, goal: Goal | None, reach: Reach | None) -> Answer:
    if goal is None:
        return Answer(holds=True, changes=(), closest=None)
    name = next((each for each in (*us.names, *us.addresses) if not each.startswith("@")), None)
    task = present.task
    subject = Subject(
        id=task.id,
        facts=present.network.facts(task.id),
        opened_at=task.opened_at,
        means=Means(us=name, is_us=us.has),
        waiting=present.network.waiting(task.id, present.now),
    )
    return what_if(subject, present.ruleset, present.now, goal, reach=reach)


async def _lifting(session: AsyncSession, present: _Present, needed_id: int) -> Reach:
    """Whether the task would stand above one that it waits for, and that rises with it."""
    needed = await actions.get(session, needed_id)
    facts: dict[int, Facts] = {**await networks.facts_of(session, [needed_id, present.task.id])}
    await networks.add_waiting(session, facts)  # only the order is looked at: nobody is named

    def reach(changed: Facts) -> bool:
        network = Network({**facts, present.task.id: changed}, present.ruleset)
        own = key_of(network.standing(present.task.id, present.now), present.task)
        return own < key_of(network.standing(needed_id, present.now), needed)

    return reach


async def _open_dependencies(session: AsyncSession, task_id: int) -> Sequence[int]:
    needed = (await dependencies_of(session, [task_id], deleted_too=False)).get(task_id, [])
    query = select(Task.id).where(Task.id.in_(needed), Task.status.in_(ACTIVE)).order_by(Task.id)
    return (await session.execute(query)).scalars().all() if needed else []


def _goal_out(wanted: Wish, answer: Answer, present: _Present) -> GoalOut:
    needs = wanted.needs(present.own, present.ruleset)
    return GoalOut(
        kind=wanted.kind,
        needs=None if needs is None else number(needs),
        above=wanted.rival and wanted.rival.id,
        holds=answer.holds,
        sentence=wanted.sentence,
    )
