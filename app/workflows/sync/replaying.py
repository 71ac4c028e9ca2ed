"""Reading again what a service gave and nobody could read, after a mend: what is readable now is stored."""

from dataclasses import dataclass

from app.core import audit, errors, seeing
from app.core.database import one_at_a_time
from app.core.errors import Conflict
from app.core.guard import Mode
from app.domains import connections
from app.domains.connections import audited, privacy
from app.domains.connections import kept as kept_answers
from app.domains.connections.models import Integration, KeptAnswer
from app.domains.tasks import ingest
from app.domains.tasks.copies import RunMemory
from app.domains.tasks.ingest import PageCounts
from app.domains.tasks.placing import Origin
from app.integrations.pulling import Pull, Source
from app.records import Item, Kept, Read, Refusal, within_bounds
from app.workflows.runs import with_words
from app.workflows.sync.syncing import NotReady, Syncing, pull_of


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of it."""

    why: str | None
    """Why it still can't be read; None where it can."""
    read: int = 0
    refused: int = 0
    counts: PageCounts | None = None


async def replay(syncing: Syncing, integration_id: int, kept_id: int) -> Replayed:
    """Raises NotFound, Conflict."""
    database, now = syncing.work.database, syncing.work.clock()
    async with database.reading() as session:
        integration = await connections.service.get(session, integration_id)
        privacy.must_be_theirs(integration)
        kept = await kept_answers.get(session, integration_id, kept_id)
    try:
        _, pull = pull_of(syncing, integration, now=now, mode=Mode.INTERACTIVE)
    except NotReady as error:
        raise Conflict(str(error)) from error
    try:
        reads = await _read(syncing.source(integration.kind), pull, kept)
    except errors.Upstream as error:
        return Replayed(error.detail)
    items = [within_bounds(step.what) for step in reads if isinstance(step.what, Item)]
    refused = [step.what.why for step in reads if isinstance(step.what, Refusal)]
    if not items:
        return Replayed(refused[0] if refused else "It holds nothing.", len(reads), len(refused))
    if kept.shortened:
        detail = (
            "It is readable now. It was not kept whole (too large, or a secret in it): the next pull has to bring it."
        )
        raise Conflict(detail)
    counts = await _store(syncing, integration, kept, items)
    return Replayed(None, len(reads), len(refused), counts)


async def _read(source: Source, pull: Pull, kept: KeptAnswer) -> tuple[Read, ...]:
    given = Kept(kept.tool, kept.arguments, kept.path, kept.value, whole=kept.whole)
    return await source.replay(pull, given)


async def _store(syncing: Syncing, integration: Integration, kept: KeptAnswer, items: list[Item]) -> PageCounts:
    work, now = syncing.work, syncing.work.clock()
    async with work.database.reading() as session:
        with seeing.unrestricted(session):  # the conversations that are derived anew may hold more than may be seen
            names = await connections.service.names(session)
    origin = Origin(integration.id, integration.kind, kept.run_id, names)
    readable = await with_words(work.database, work.judge, items, origin)
    async with work.database.writing() as session:
        await one_at_a_time(session, "ingest")
        policy = await work.judge.policy(session)
        # What is stored is newer than any answer that was kept, also where it was deleted since.
        there = await ingest.stored_ids(session, integration.id, items)
        fresh = [each for each in readable if each[0].external_id not in there]
        counts = await ingest.store_page(session, fresh, origin, policy, RunMemory(), now=now)
        counts.unchanged += len(readable) - len(fresh)
        (await kept_answers.get(session, integration.id, kept.id)).replayed_at = now
        facts = {"replayed": kept.id, "new": counts.new, "updated": counts.updated}
        audit.changed(session, audited.target(integration.id), {}, facts)
    return counts
