"""How the rules of the active ruleset fare over the open queue, and which of them never did anything of late."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.rows import AnyRow
from app.domains.learning import service as learning
from app.domains.ranking import Facts, Ruleset, StoredFacts
from app.domains.ranking.measures import epoch_seconds
from app.domains.ranking.network import Network, waiting_ids
from app.domains.ranking.review.fitness import Fitness
from app.domains.ranking.sheet import Sheet
from app.domains.rulesets.schemas import RulesetVersion
from app.domains.tasks import pasts
from app.domains.tasks.models import Task
from app.domains.tasks.networks import add_waiting
from app.workflows.rules import views
from app.workflows.rules.schemas import RulesHealthOut
from app.workflows.rules.standings import MOST_SECONDS, count_open, open_facts, so_many

LIMIT = 10_000
"""Open tasks that are looked at."""
EARLIER = 2_000
"""Tasks that changed of late and are looked at for rules that fire on no open task."""
DAYS = 30
MOST_DAYS = 90


async def health(session: AsyncSession, ruleset: Ruleset, *, days: int = DAYS, now: datetime) -> RulesHealthOut:
    """Every rule over the first 10,000 open tasks. One that fires on none is looked for in what was known of the 2,000
    tasks that changed last, in the last `days` days."""
    fitness = Fitness(ruleset)
    networked: dict[int, StoredFacts] = {}
    begun = time.monotonic()
    async with aclosing(open_facts(session, limit=LIMIT)) as slices:
        async for some in slices:
            await asyncio.to_thread(_add, fitness, some, networked, ruleset, now)
            if time.monotonic() - begun > MOST_SECONDS:
                break
    if networked:
        facts: dict[int, Facts] = {**networked}
        await add_waiting(session, facts)
        await asyncio.to_thread(_add_network, fitness, networked, facts, ruleset, now)
    fired = fitness.fired
    silent = len(fired) < len(ruleset.rules) + len(ruleset.overrides)
    earlier = await _fired_earlier(session, ruleset, now - timedelta(days=days), now) if silent else set[str]()
    overridden = await learning.against_counts(session)
    report = await asyncio.to_thread(fitness.report, fired_before=earlier, overridden=overridden)
    of = await count_open(session)
    return RulesHealthOut(
        ruleset=RulesetVersion(name=ruleset.name, version=ruleset.version),
        at=now,
        days=days,
        tasks=fitness.tasks,
        of=of,
        rules=[views.health_out(each) for each in report],
        notes=_notes(fitness.tasks, of),
    )


def _add(
    fitness: Fitness, rows: Sequence[AnyRow], networked: dict[int, StoredFacts], ruleset: Ruleset, now: datetime
) -> None:
    second = epoch_seconds(now)
    for row in rows:
        stored = StoredFacts(json.loads(row.facts))
        if ruleset.inherit is not None and waiting_ids(stored):
            networked[row.id] = stored
        else:
            fitness.add(row.id, Sheet(stored.values_by_name(), ruleset, second))


def _add_network(
    fitness: Fitness, tasks: Mapping[int, StoredFacts], facts: Mapping[int, Facts], ruleset: Ruleset, now: datetime
) -> None:
    sheets = Network(facts, ruleset).sheets(tasks, now)
    for task in tasks:
        fitness.add(task, sheets[task])


async def _fired_earlier(session: AsyncSession, ruleset: Ruleset, since: datetime, now: datetime) -> set[str]:
    """The rules that fired on what was known since then: of each version of the facts, when it came and when it
    went."""
    changed = select(Task.id).where(Task.deleted_at.is_(None), Task.updated_at >= since)
    ids = (
        (await session.execute(changed.order_by(Task.updated_at.desc(), Task.id).limit(so_many(EARLIER, ruleset))))
        .scalars()
        .all()
    )
    versions = await pasts.timelines(session, ids, since=since)
    return await asyncio.to_thread(_fired, list(versions.values()), ruleset, since, now)


def _fired(
    tasks: Sequence[Sequence[tuple[datetime | None, pasts.Stored]]], ruleset: Ruleset, since: datetime, now: datetime
) -> set[str]:
    fitness = Fitness(ruleset)
    for versions in tasks:
        ends = [start or since for start, _ in versions[1:]]
        for (start, facts), end in zip(versions, [*ends, now], strict=True):
            known = StoredFacts(facts).values_by_name()
            for at in (max(start or since, since), end):
                fitness.add(0, Sheet(known, ruleset, epoch_seconds(at)))
    return fitness.fired


def _notes(tasks: int, of: int) -> list[str]:
    if tasks == of:
        return []
    return [f"Of {of:,} open tasks the first {tasks:,} were looked at."]
