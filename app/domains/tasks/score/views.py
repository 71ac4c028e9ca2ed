"""From a score to what the API and the command line show of it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domains import ranking
from app.domains.monitoring.staleness import stale_of
from app.domains.ranking import Facts, Score
from app.domains.ranking.catalogue import CATALOGUE
from app.domains.ranking.explanation import Contribution
from app.domains.tasks import queue
from app.domains.tasks.explaining import Basis, Explained
from app.domains.tasks.models import StoredItem, Task
from app.domains.tasks.score.schemas import (
    ClockOut,
    ContributionOut,
    KnownFactOut,
    KnownFactsOut,
    RulesetRef,
    RuleWithoutPointsOut,
    ScoreOut,
    StaleOut,
)
from app.domains.tasks.views import number

_OF_TASKS = ("waits", "above")
"""What stands before the colon in the name of a line that another task gives; its id follows."""


async def explained_out(
    session: AsyncSession,
    task: Task,
    why: Explained,
    *,
    at: datetime | None,
    now: datetime,
    by_another: bool = False,
) -> ScoreOut:
    """A score with what its lines rest on; the present one with its place in the queue. `by_another`: it was made by a
    ruleset that does not order the queue."""
    items = {line.item for line in why.score.contributions if line.item is not None}
    rows = await session.execute(select(StoredItem.id, StoredItem.url).where(StoredItem.id.in_(items))) if items else ()
    urls = {item: url for item, url in rows if url}
    shown = score_out(task.id, why.score, at or now, why.basis, facts=why.facts, urls=urls)
    if at in (None, now) and (stale := await stale_of(session, task.integration_id)) is not None:
        shown.stale = StaleOut(integration=stale.integration, since=stale.since, reason=stale.reason)
    shown.rank = await queue.place(session, task) if at in (None, now) and not by_another else None
    return shown


def facts_out(task_id: int, why: Explained, at: datetime) -> KnownFactsOut:
    """What was known of a task, in the order of the catalogue. What can't be read is left out: no rule can look at it,
    and those that do say so."""
    known = ((name, _stored(name, why.facts)) for name in CATALOGUE)
    facts = [_fact_out(name, stored) for name, stored in known if stored is not None]
    return KnownFactsOut(task=task_id, at=at, basis=why.basis, facts=facts)


def _fact_out(name: str, stored: Mapping[str, Any]) -> KnownFactOut:
    evidence = {part: stored.get(part) for part in ("quote", "item", "confidence")}
    return KnownFactOut(
        name=name, type=CATALOGUE[name].type, value=stored["value"], source=stored["source"], **evidence
    )


def score_out(
    task_id: int,
    score: Score,
    at: datetime,
    basis: Basis = "present",
    *,
    facts: Facts | None = None,
    urls: Mapping[int, str] | None = None,
) -> ScoreOut:
    """`facts` are those the score was made of, `urls` the items' own addresses, by id; without them the lines don't say
    what they rest on."""
    lines = [_line_out(task_id, line, facts or {}, urls or {}) for line in score.contributions]
    return ScoreOut(
        task=task_id,
        at=at,
        basis=basis,
        ruleset=RulesetRef(name=score.ruleset, version=score.version),
        tier=score.tier,
        score=number(int(score.score * 1000)),
        points=number(score.milli),
        band=score.band,
        valid_until=score.valid_until,
        reasons=list(score.reasons),
        contributions=lines,
        also_checked=[
            RuleWithoutPointsOut(
                rule=line.rule,
                title=line.title,
                outcome=line.outcome,
                because=line.because,
                facts=list(line.facts),
            )
            for line in score.also_checked
        ],
        clocks=[ClockOut.model_validate(asdict(clock)) for clock in score.clocks],
    )


def _line_out(task_id: int, line: Contribution, facts: Facts, urls: Mapping[int, str]) -> ContributionOut:
    link = None
    kind, _, other = line.rule.partition(":")
    if line.item is not None:
        link = urls.get(line.item) or f"/api/v1/tasks/{task_id}/items"
    elif kind in _OF_TASKS and other.isdigit():
        link = f"/api/v1/tasks/{other}"
    return ContributionOut(
        rule=line.rule,
        title=line.title,
        points=number(int(line.points * 1000)),
        because=line.because,
        fact=line.fact,
        quote=line.quote,
        item=line.item,
        link=link,
        **_rests_on(line.fact, facts),
    )


def _rests_on(name: str | None, facts: Facts) -> dict[str, Any]:
    """Value and source of the fact; of one that can't be read, nothing: its rule says so."""
    stored = None if name is None else _stored(name, facts)
    return {} if stored is None else {"value": stored["value"], "source": stored["source"]}


def _stored(name: str, facts: Facts) -> dict[str, Any] | None:
    """A fact as plain JSON values; None where it is not known or can't be read."""
    try:
        return ranking.dump({name: facts[name]})[name]
    except (KeyError, ValueError):
        return None
