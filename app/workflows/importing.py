"""Importing a file or folder: read in a thread, stored a page at a time, each page one transaction.

A page's items, tasks, facts, scores and the run's own counts commit together. So a run can be killed anywhere: it
goes on behind its last page, and importing the same thing again changes nothing.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
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
from app.domains.connections.models import Integration, SyncRun
from app.domains.tasks import ingest
from app.domains.tasks.copies import Readable, RunMemory
from app.domains.tasks.placing import Origin
from app.domains.tasks.policy import Policy
from app.domains.tasks.reading import read_item
from app.integrations.contract import Manifest
from app.records import Item, Progress, Read, Refusal, within_bounds
from app.workflows import judging
from app.workflows.judging import Judge
from app.workflows.options import options_from

_log = log.get(__name__)

OnProgress = Callable[[SyncRun], None]

_SIGN_OF_LIFE_EVERY = timedelta(seconds=30)
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
    judge: Judge = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "judge", Judge(self.policy))


class _TakenOver(Exception):
    """Another process goes on with this run: we were silent for so long that we were taken for dead."""


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
) -> SyncRun:
    """Make a run, queued where `path` says where an upload waits, and running where the caller goes on itself.

    Raises Invalid where `into` names an integration of another kind, or one of the sample's.
    """
    await one_at_a_time(session, "integrations")
    integration = await connections.service.for_import(session, kind=manifest.kind, name=into, now=now)
    state = "queued" if path else "running"
    run = await connections.service.start_run(
        session, integration, what=what, path=str(path) if path else None, state=state, now=now
    )
    run.seen_at = now
    await session.flush()
    return run


def new_owner() -> str:
    """A claim on a run that nobody else has."""
    return secrets.token_hex(16)


async def carry_out(
    importing: Importing,
    run_id: int,
    manifest: Manifest,
    path: Path,
    on_page: OnProgress | None = None,
    *,
    owner: str | None = None,
) -> SyncRun:
    """Import `path` in the name of a run, from its beginning or from where it stopped. Returns the run: finished, or as
    it stands where another process took it over.

    `owner` is the claim under which the caller got the run; without one, the run is claimed here. What goes wrong with
    the file as a whole ends the run as failed, with a sentence; nothing stored is lost.
    """
    try:
        return await _carry_out(importing, run_id, manifest, path, on_page, owner)
    except _TakenOver:
        async with importing.database.reading() as session:
            return await connections.service.get_run(session, run_id)


async def _carry_out(
    importing: Importing, run_id: int, manifest: Manifest, path: Path, on_page: OnProgress | None, owner: str | None
) -> SyncRun:
    async with importing.database.writing() as session:
        run = await _ours(session, run_id, owner) if owner else await connections.service.get_run(session, run_id)
        run.owner = owner = owner or new_owner()
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
        await _pass_over(importing, islice(reads, skip), memory, delivered, run_id=run_id, owner=owner)
        async with aclosing(_pages(reads, importing.page_size)) as pages:
            async for page in pages:
                page.warnings = [(what.replace(path.name, name, 1), why) for what, why in page.warnings]
                run = await _store(importing, page, origin, memory, owner)
                delivered.update(address for item in page.items for address in item.delivered_to)
                if on_page:
                    on_page(run)
    except OSError as error:
        _log.warning("import failed", run=run_id, error=type(error).__name__)
        return await _finish(importing, origin, memory, owner, failed=_could_not_read(error, name))
    async with importing.database.reading() as session:
        us = (await importing.judge.policy(session)).us
    return await _finish(importing, origin, memory, owner, hint=judging.who_we_are(delivered, us))


async def _ours(session: AsyncSession, run_id: int, owner: str) -> SyncRun:
    """The run, locked. Raises _TakenOver where somebody else has claimed it since."""
    run = await connections.service.get_run(session, run_id, lock=True)
    if run.owner != owner:
        raise _TakenOver
    return run


async def give_back(importing: Importing, run_id: int, owner: str) -> None:
    """Queue a run again that this process can't finish: the next one goes on behind its last page."""
    async with importing.database.writing() as session:
        run = await connections.service.get_run(session, run_id, lock=True)
        if run.owner == owner and run.state == "running" and run.path:
            run.state, run.attempts = "queued", max(0, run.attempts - 1)  # that we were stopped is no defect of it


async def _pass_over(
    importing: Importing,
    reads: Iterator[Read],
    memory: RunMemory,
    delivered: Counter[str],
    *,
    run_id: int,
    owner: str,
) -> None:
    """Read again what an interrupted run has stored already, for what it would remember of it."""
    seen_at = importing.clock()
    while (page := await asyncio.to_thread(_take, reads, importing.page_size)).read:
        for item in page.items:
            memory.hear(item)
            if item.revisable:
                memory.hear_words(item)
            delivered.update(item.delivered_to)
        if importing.clock() - seen_at >= _SIGN_OF_LIFE_EVERY:
            seen_at = importing.clock()
            async with importing.database.writing() as session:
                (await _ours(session, run_id, owner)).seen_at = seen_at


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


async def _with_words(importing: Importing, items: Sequence[Item], origin: Origin) -> list[Readable]:
    """The items, and what those say that are not stored yet: the same file again is not read for its words again."""
    async with importing.database.reading() as session:
        stored = await ingest.stored_hashes(session, origin.integration_id, items)
        us = (await importing.judge.policy(session)).us

    def read() -> list[Readable]:
        return [(item, None if item.content_hash in stored else read_item(item, us)) for item in items]

    return await asyncio.to_thread(read)


async def _store(importing: Importing, page: _Page, origin: Origin, memory: RunMemory, owner: str) -> SyncRun:
    """Raises _TakenOver, and stores nothing, where the run is somebody else's by now."""
    now = importing.clock()
    items = await _with_words(importing, page.items, origin)
    async with importing.database.writing() as session:
        policy = await importing.judge.policy(session)
        counts = await ingest.store_page(session, items, origin, policy, memory, now=now)
        await people.service.meet(session, people.service.people_of(page.items), origin.kind, now=now)
        run = await _ours(session, origin.run_id, owner)
        run.state, run.finished_at, run.error = "running", None, None  # we may have been taken for dead
        run.attempts = 0
        run.read += page.read
        run.new += counts.new
        run.updated += counts.updated
        run.unchanged += counts.unchanged
        run.refused += page.refused
        run.bytes_done, run.bytes_total, run.seen_at = page.progress.done, page.progress.total, now
        await connections.service.add_warnings(session, run, page.warnings)
    return run


async def _finish(
    importing: Importing,
    origin: Origin,
    memory: RunMemory,
    owner: str,
    *,
    failed: str | None = None,
    hint: str | None = None,
) -> SyncRun:
    now = importing.clock()
    async with importing.database.writing() as session:
        run = await _ours(session, origin.run_id, owner)
        run.context = await ingest.context_of(session, run.id)
        made = await ingest.tasks_made_by(session, run.id)
        run.tasks_new, run.tasks_not_for_us = sum(made.values()), made.get("not_for_us", 0)
        run.tasks_updated = len(memory.updated_tasks - await ingest.made_by(session, run.id, memory.updated_tasks))
        run.state, run.finished_at, run.hint = "failed" if failed else "succeeded", now, hint
        integration = await connections.service.get(session, run.integration_id)
        _note_outcome(integration, run, failed, now)
    return run


def _note_outcome(integration: Integration, run: SyncRun, failed: str | None, now: datetime) -> None:
    if failed:
        error = {"category": Category.VALIDATION, "detail": failed, "at": now.isoformat()}
        run.error = integration.last_error = error
        integration.state = "failing"
    else:
        integration.last_success_at, integration.last_error, integration.state = now, None, "ready"
    integration.updated_at = now


def _could_not_read(error: OSError, name: str) -> str:
    why = {
        PermissionError: "there is no permission to read it",
        FileNotFoundError: "it is not there any more",
        IsADirectoryError: "it is a folder",
        NotADirectoryError: "it is no folder",
    }.get(type(error), "reading it failed")
    return f"{name} could not be read: {why}. What was read until then is kept; import it again to go on."
