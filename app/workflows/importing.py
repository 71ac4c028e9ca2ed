"""Importing a file or folder: read in a thread, stored a page at a time, each page one transaction.

A page's items, tasks, facts, scores and the run's own counts commit together. So a run can be killed anywhere: it
goes on behind its last page, and importing the same thing again changes nothing.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import log
from app.core.clock import Clock
from app.core.database import Database, one_at_a_time
from app.core.errors import Category
from app.domains import connections, people
from app.domains.connections import audited
from app.domains.connections.joining import for_import
from app.domains.connections.models import Integration, SyncRun
from app.domains.connections.rules import State
from app.domains.identity.models import User
from app.domains.tasks import ingest
from app.domains.tasks.copies import RunMemory
from app.domains.tasks.placing import Origin
from app.domains.tasks.policy import Policy
from app.integrations.contract import Manifest
from app.records import Item, Progress, Read, Refusal, within_bounds
from app.workflows import judging
from app.workflows.judging import Judge
from app.workflows.metrics import counting
from app.workflows.options import options_from
from app.workflows.runs import LEASE, OnPage, TakenOver, held, new_owner, ours, with_words
from app.workflows.telling import tell

_log = log.get(__name__)

_PAGE_CHARACTERS = 4_000_000
"""A page ends here too: two are held in memory at a time."""


@dataclass(frozen=True, slots=True)
class Importing:
    """What every import needs. `policy` is that of the settings; what people said of who is who is added by the
    `judge`. `page_size` is in items, and the most."""

    database: Database
    policy: Policy
    clock: Clock
    page_size: int = 250
    lease: timedelta = LEASE
    judge: Judge = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "judge", Judge(self.policy))


@dataclass(slots=True)
class _Page:
    """What one page of reading brought."""

    items: list[Item] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    """Where, and what could not be read; an upload is stored under a name of ours, and told of under its own."""
    refused: int = 0
    read: int = 0
    progress: Progress = field(default_factory=lambda: Progress(0, None))


async def begin(
    session: AsyncSession,
    manifest: Manifest,
    *,
    what: str,
    into: str | None,
    now: datetime,
    path: Path | None = None,
    private: bool = False,
    owner: User | None = None,
) -> SyncRun:
    """Make a run, queued where `path` says where an upload waits, and running where the caller goes on itself.

    Raises Invalid where `into` names an integration of another kind, or one of the sample's; Conflict where it can't be
    imported into, or is to be `private`, or of the `owner`, and is there already as something else.
    """
    await one_at_a_time(session, "integrations")
    integration = await for_import(session, kind=manifest.kind, name=into, now=now, private=private, owner=owner)
    state = "queued" if path else "running"
    run = await connections.service.start_run(
        session, integration, what=what, path=str(path) if path else None, state=state, now=now
    )
    run.seen_at = now
    await session.flush()
    await tell(session, integration, run, now)
    return run


async def carry_out(
    importing: Importing,
    run_id: int,
    manifest: Manifest,
    path: Path,
    on_page: OnPage | None = None,
    *,
    owner: str | None = None,
) -> SyncRun:
    """Import `path` in the name of a run, from its beginning or from where it stopped. Returns the run: finished, or as
    it stands where another process took it over.

    `owner` is the claim under which the caller got the run; without one, the run is claimed here. What goes wrong with
    the file as a whole ends the run as failed, with a sentence; nothing stored is lost.
    """
    claim = owner or new_owner()
    async with importing.database.writing() as session:
        run = await ours(session, run_id, owner) if owner else await connections.service.get_run(session, run_id)
        run.owner, run.seen_at = claim, importing.clock()
    try:
        async with held(importing.database, importing.clock, run_id, claim, lease=importing.lease):
            return await _carry_out(importing, run_id, manifest, path, on_page, claim)
    except TakenOver:
        async with importing.database.reading() as session:
            return await connections.service.get_run(session, run_id)


async def _carry_out(
    importing: Importing, run_id: int, manifest: Manifest, path: Path, on_page: OnPage | None, owner: str
) -> SyncRun:
    async with importing.database.writing() as session:
        run = await ours(session, run_id, owner)
        run.state, run.started_at = "running", run.started_at or importing.clock()
        skip, name = run.read, run.what
        names = await connections.service.names(session)
        options = options_from((await connections.service.get(session, run.integration_id)).settings)
        origin = Origin(run.integration_id, manifest.kind, run_id, names)
        updated = await ingest.tasks_with_items_of(session, run_id) if skip else set()
    memory = RunMemory(updated_tasks=updated)
    delivered: Counter[str] = Counter()
    try:
        reads = manifest.reader.read(path, options)
        await _pass_over(importing, islice(reads, skip), memory, delivered)
        async with aclosing(_pages(reads, importing.page_size)) as pages:
            async for page in pages:
                page.warnings = [(what.replace(path.name, name, 1), why) for what, why in page.warnings]
                run = await _store(importing, run_id, page, origin, memory, owner)
                delivered.update(address for item in page.items for address in item.delivered_to)
                if on_page:
                    on_page(run)
    except OSError as error:
        _log.warning("import failed", run=run_id, error=type(error).__name__)
        return await _finish(importing, run_id, memory, owner, failed=_could_not_read(error, name))
    async with importing.database.reading() as session:
        us = (await importing.judge.policy(session)).us
    return await _finish(importing, run_id, memory, owner, hint=judging.who_we_are(delivered, us))


async def _pass_over(importing: Importing, reads: Iterator[Read], memory: RunMemory, delivered: Counter[str]) -> None:
    """Read again what an interrupted run has stored already, for what it would remember of it."""
    while (page := await asyncio.to_thread(_take, reads, importing.page_size)).read:
        for item in page.items:
            memory.hear(item)
            if item.revisable:
                memory.hear_words(item)
            delivered.update(item.delivered_to)


async def _pages(reads: Iterator[Read], size: int) -> AsyncGenerator[_Page, None]:
    """The reads in pages. The next page is read, in a thread, while its caller stores the one before."""
    following = asyncio.create_task(asyncio.to_thread(_take, reads, size))
    try:
        while (page := await asyncio.shield(following)).read:
            following = asyncio.create_task(asyncio.to_thread(_take, reads, size))
            yield page
    finally:
        await asyncio.gather(following, return_exceptions=True)  # nothing may still read when the caller goes on


def _take(reads: Iterator[Read], size: int) -> _Page:
    page = _Page()
    characters = 0
    while page.read < size and characters < _PAGE_CHARACTERS and (step := next(reads, None)):
        page.read += 1
        page.progress = step.progress
        if isinstance(step.what, Refusal):
            page.refused += 1
            page.warnings.append((step.what.what, step.what.why))
        else:
            page.items.append(within_bounds(step.what))
            characters += len(step.what.text) + len(step.what.quoted)
            page.warnings += [(step.place, problem) for problem in step.what.problems]
    return page


async def _store(
    importing: Importing, run_id: int, page: _Page, origin: Origin, memory: RunMemory, owner: str
) -> SyncRun:
    """Raises TakenOver, and stores nothing, where the run is somebody else's by now."""
    now = importing.clock()
    items = await with_words(importing.database, importing.judge, page.items, origin)
    async with importing.database.writing() as session:
        policy = await importing.judge.policy(session)
        counts = await ingest.store_page(session, items, origin, policy, memory, now=now)
        met = people.service.people_of(page.items)
        await people.service.meet(session, met, origin.kind, now=now, integration_id=origin.integration_id)
        run = await ours(session, run_id, owner)
        run.state, run.finished_at, run.error = "running", None, None  # we may have been taken for dead
        run.attempts = run.defects = 0
        run.read += page.read
        run.new += counts.new
        run.updated += counts.updated
        run.unchanged += counts.unchanged
        run.refused += page.refused
        run.bytes_done, run.bytes_total, run.seen_at = page.progress.done, page.progress.total, now
        await connections.service.add_warnings(session, run, page.warnings)
        integration = await connections.service.get(session, run.integration_id)
        await tell(session, integration, run, now, changed=counts.new + counts.updated)
    return run


async def _finish(
    importing: Importing,
    run_id: int,
    memory: RunMemory,
    owner: str,
    *,
    failed: str | None = None,
    hint: str | None = None,
) -> SyncRun:
    now = importing.clock()
    async with importing.database.writing() as session:
        run = await ours(session, run_id, owner)
        run.context = await ingest.context_of(session, run.id)
        made = await ingest.tasks_made_by(session, run.id)
        run.tasks_new, run.tasks_not_for_us = sum(made.values()), made.get("not_for_us", 0)
        run.tasks_updated = len(memory.updated_tasks - await ingest.made_by(session, run.id, memory.updated_tasks))
        run.state, run.finished_at, run.hint = "failed" if failed else "succeeded", now, hint
        integration = await connections.service.get(session, run.integration_id)
        _note_outcome(integration, run, failed, now)
        counts = {"new": run.new, "updated": run.updated, "unchanged": run.unchanged, "refused": run.refused}
        audited.run_changed(session, run, "running", **counts, tasks=run.tasks_new)
        await tell(session, integration, run, now)
    counting.ended(integration.kind, run)
    return run


def _note_outcome(integration: Integration, run: SyncRun, failed: str | None, now: datetime) -> None:
    if failed:
        run.error = {"category": Category.VALIDATION, "detail": failed, "at": now.isoformat()}
        connections.service.note_import_failure(integration, run.error, now)
    elif integration.gateway is None:  # of one that is pulled as well, pulls say how it stands
        integration.last_success_at, integration.last_error, integration.state = now, None, State.OK
    integration.updated_at = now


def _could_not_read(error: OSError, name: str) -> str:
    why = {
        PermissionError: "there is no permission to read it",
        FileNotFoundError: "it is not there any more",
        IsADirectoryError: "it is a folder",
        NotADirectoryError: "it is no folder",
    }.get(type(error), "reading it failed")
    return f"{name} could not be read: {why}. What was read until then is kept; import it again to go on."
