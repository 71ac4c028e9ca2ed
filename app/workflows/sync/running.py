"""Pulling one integration: pages from its service, each stored in one transaction together with the cursor behind it.

What comes from the network is read first, and no transaction waits for it; while a page is stored, the next is read.
A pull may end anywhere, also by a kill: what is stored is stored with the cursor that belongs to it, and the next pull,
in whatever process, goes on from there. The same page twice changes nothing.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core import errors, log
from app.core.errors import Category
from app.domains import connections
from app.domains.connections import pulls
from app.domains.connections.models import SyncRun
from app.domains.connections.rules import Cause, Failure
from app.domains.tasks import ingest
from app.domains.tasks.placing import Origin
from app.integrations.pulling import Pull, Pulled
from app.workflows.runs import OnPage, TakenOver, held, ours
from app.workflows.sync.ending import fail, failure_by, succeed
from app.workflows.sync.storing import Going, store
from app.workflows.sync.syncing import NotReady, Syncing, pull_of
from app.workflows.telling import tell

_log = log.get(__name__)


async def carry_out(syncing: Syncing, run_id: int, owner: str, on_page: OnPage | None = None) -> SyncRun | None:
    """Pull in the name of a claimed run. Returns the run: ended, or as it stands where another process took it over;
    None where it was deleted meanwhile."""
    work = syncing.work
    try:
        async with held(work.database, work.clock, run_id, owner, lease=work.lease):
            return await _carry_out(syncing, run_id, owner, on_page)
    except TakenOver:
        async with work.database.reading() as session:
            return await session.get(SyncRun, run_id)


async def _carry_out(syncing: Syncing, run_id: int, owner: str, on_page: OnPage | None) -> SyncRun:
    try:
        going, pull = await _begin(syncing, run_id, owner)
    except NotReady as error:
        return await fail(syncing, run_id, owner, Failure(Cause.REFUSED, Category.VALIDATION, str(error)))
    try:
        await _store_all(syncing, going, pull, on_page)
    except errors.Upstream as error:
        said = {"error": type(error).__name__, "detail": error.detail}
        _log.warning("a pull failed", run=run_id, kind=going.origin.kind, **said)
        return await fail(syncing, run_id, owner, failure_by(error), updated=frozenset(going.updated))
    except (OperationalError, InterfaceError, PoolTimeout, OSError, TakenOver):
        raise  # nothing could be noted now: who takes the run up goes on behind the last page
    except Exception:  # noqa: BLE001 - a defect in one kind must show on its integration, and stop nothing else
        _log.exception("a pull met a defect", run=run_id, kind=going.origin.kind)
        detail = "Reading it met a defect of ours. What was read until then is kept; see the log."
        failure = Failure(Cause.DEFECT, Category.INTERNAL, detail)
        return await fail(syncing, run_id, owner, failure, updated=frozenset(going.updated))
    return await succeed(syncing, going, pull.until)


async def _begin(syncing: Syncing, run_id: int, owner: str) -> tuple[Going, Pull]:
    """Raises NotReady, and TakenOver where it was paused at the last moment."""
    work, now = syncing.work, syncing.work.clock()
    async with work.database.writing() as session:
        run = await ours(session, run_id, owner)
        integration = await pulls.locked(session, run.integration_id)
        pulls.begun(integration, run, now=now)
        await tell(session, integration, run, now)
        origin = Origin(integration.id, integration.kind, run_id, await connections.service.names(session))
        updated = await ingest.tasks_with_items_of(session, run_id) if run.pages else set()
        if paused := integration.paused:
            pulls.cancel(run, now=now)
    if paused:
        raise TakenOver
    live, pull = pull_of(syncing, integration, now=now)
    return Going(run_id, owner, live, origin, updated, integration.generation), pull


async def _store_all(syncing: Syncing, going: Going, pull: Pull, on_page: OnPage | None) -> None:
    async with aclosing(_ahead(syncing.source(going.origin.kind).pull(pull))) as pages:
        async for page in pages:
            run = await store(syncing.work, going, page)
            if on_page:
                on_page(run)
            if page.done:
                return
    raise RuntimeError("the pull ended without a page that says so")


async def _ahead(pages: AsyncIterator[Pulled]) -> AsyncGenerator[Pulled, None]:
    """The pages; the next one is read while the caller stores the one before."""

    async def step() -> Pulled | None:
        return await anext(pages, None)

    following = asyncio.create_task(step())
    try:
        while (page := await following) is not None:
            if page.done:
                yield page
                return
            following = asyncio.create_task(step())
            yield page
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)  # nothing may still call out when the caller goes on
        if isinstance(pages, AsyncGenerator):
            await pages.aclose()
