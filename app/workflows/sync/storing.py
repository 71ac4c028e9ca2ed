"""One page of a pull into the database: items, tasks, facts, scores, what is gone and the cursor, together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import one_at_a_time
from app.domains import connections, people
from app.domains.connections import kept as kept_answers
from app.domains.connections import pulls
from app.domains.connections.models import Integration, SyncRun
from app.domains.tasks import ingest
from app.domains.tasks.copies import RunMemory
from app.domains.tasks.ingest import PageCounts
from app.domains.tasks.placing import Origin
from app.integrations.pulling import Live, Pulled
from app.records import Item, Read, Refusal, within_bounds
from app.workflows.importing import Importing
from app.workflows.runs import TakenOver, ours, with_words
from app.workflows.telling import tell


@dataclass(slots=True)
class Going:
    """One pull that goes on."""

    run_id: int
    owner: str
    live: Live
    origin: Origin
    updated: set[int] = field(default_factory=set)
    """Tasks that it touched."""
    generation: int = 0
    """Of the integration when it began."""
    delivered: Counter[str] = field(default_factory=Counter)
    """How many items were delivered to which address: evidence for who "we" are."""


async def store(work: Importing, going: Going, page: Pulled) -> SyncRun:
    """Raises TakenOver, and stores nothing, where the run is no longer ours, or the integration is set otherwise."""
    now = work.clock()
    items = [within_bounds(step.what) for step in page.reads if isinstance(step.what, Item)]
    readable = await with_words(work.database, work.judge, items, going.origin)
    memory = RunMemory(updated_tasks=going.updated, live=True)
    async with work.database.writing() as session:
        await one_at_a_time(session, "ingest")
        await ours(session, going.run_id, going.owner, lock=False)  # before items name an integration that is gone
        policy = await work.judge.policy(session)
        counts = await ingest.store_page(session, readable, going.origin, policy, memory, now=now)
        gone = await ingest.take_away(session, page.gone, going.origin, policy, memory, now=now)
        met = people.service.people_of(items)
        await people.service.meet(session, met, going.origin.kind, now=now, integration_id=going.origin.integration_id)
        run, integration = await still_ours(session, going)
        integration.cursor = dict(page.cursor)
        _count(run, page, counts, gone, now)
        await _keep_refused(session, run, page.reads, now)
        await tell(session, integration, run, now, changed=counts.new + counts.updated + gone)
    going.delivered.update(address for item in items for address in item.delivered_to)
    return run


async def still_ours(session: AsyncSession, going: Going) -> tuple[SyncRun, Integration]:
    """The run and its integration, locked in this order. Raises TakenOver."""
    run = await ours(session, going.run_id, going.owner)
    integration = await pulls.locked(session, run.integration_id)
    if integration.generation != going.generation:
        raise TakenOver
    return run, integration


def _count(run: SyncRun, page: Pulled, counts: PageCounts, gone: int, now: datetime) -> None:
    run.attempts = run.defects = 0
    run.pages, run.seen_at = run.pages + 1, now
    run.read += len(page.reads)
    run.new += counts.new
    run.updated += counts.updated
    run.unchanged += counts.unchanged
    run.refused += sum(isinstance(step.what, Refusal) for step in page.reads)
    run.gone += gone
    run.part = page.part
    run.what = page.note or run.what


async def _keep_refused(session: AsyncSession, run: SyncRun, reads: Sequence[Read], now: datetime) -> None:
    refused = [step.what for step in reads if isinstance(step.what, Refusal)]
    problems = [(step.place, each) for step in reads if isinstance(step.what, Item) for each in step.what.problems]
    await connections.service.add_warnings(session, run, [(each.what, each.why) for each in refused] + problems)
    found = [(each.kept, each.why) for each in refused if each.kept is not None]
    await kept_answers.keep(session, found, integration_id=run.integration_id, run_id=run.id, now=now)
