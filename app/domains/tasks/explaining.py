"""The score of one task with all its lines: now, or as of another time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.ranking import Facts, Ruleset, Score
from app.domains.ranking.network import Network
from app.domains.rulesets.replaying import in_force
from app.domains.tasks import earlier
from app.domains.tasks.earlier import Moment
from app.domains.tasks.models import Task
from app.domains.tasks.networks import add_waiting, network_of
from app.domains.tasks.policy import Policy
from app.domains.tasks.unseen import told, without_names

Basis = Literal["present", "recorded", "reconstructed"]
"""Of a score: the facts of now, those recorded at that time, or what the task's items said until then."""


@dataclass(frozen=True, slots=True)
class Explained:
    score: Score
    basis: Basis
    facts: Facts
    """What it was made of."""


async def explain(
    session: AsyncSession,
    task: Task,
    policy: Policy,
    *,
    now: datetime,
    integrations: Mapping[int, str],
    at: datetime | None = None,
    remembered_for: timedelta = timedelta(days=90),
    ruleset: Ruleset | None = None,
) -> Explained:
    """The score now, or at `at`: byte for byte what it was then, where that is remembered.

    Without `ruleset`, the one that was in force counts. What is not remembered is made again from what the task's items
    said until then: archives have no other past.
    """
    moment = Moment(at or now, now, remembered_for)
    if at is None or (at >= now and moment.is_settled(task)):
        network = await network_of(session, [task.id], ruleset or policy.ruleset)
        score, facts = await told(session, network.score(task.id, moment.at), network.facts(task.id))
        return Explained(score, "present", facts)
    rules = ruleset or await in_force(session, at, policy.ruleset)
    found = (await earlier.then(session, [task], policy, moment, integrations))[task.id]
    known: dict[int, Facts] = {task.id: found.facts}
    if found.remembered and rules.inherit is not None:
        await add_waiting(session, known, at)
    network = Network(await without_names(session, known), rules)
    score, facts = await told(session, network.score(task.id, at), network.facts(task.id))
    return Explained(score, "recorded" if found.remembered else "reconstructed", facts)
