"""Pulling over HTTP: asking for it, following it, stopping it, and what could not be read."""

from typing import Annotated

from fastapi import Path as PathParameter
from fastapi import Query, Request, Response

from app.core import gate, paging, problems
from app.core.errors import Conflict, NotFound
from app.core.web import Cursor, Limit, Reading, Repeatable, Writing, database_of, next_link, writing
from app.domains import connections
from app.domains.connections import audited, privacy, pulls, views
from app.domains.connections import kept as kept_answers
from app.domains.connections.models import SyncRun
from app.domains.connections.rules import State
from app.domains.connections.run_schemas import (
    KeptDetail,
    KeptPage,
    ReplayOut,
    RunOut,
    RunStarted,
    SyncStarted,
)
from app.domains.identity.access import INTEGRATIONS_WRITE, SYNC_RUN
from app.domains.tasks.ingest import PageCounts
from app.workflows.sync import asking, replaying
from app.workflows.sync.syncing import Syncing
from app.workflows.telling import tell

router = gate.router(prefix="/api/v1", tags=["integrations"], responses=problems.responses(422))

Id = Annotated[int, PathParameter(ge=1, le=2**31 - 1, description="Its id.")]
Wait = Annotated[bool, Query(description="Answer when it has ended, or after a minute.")]


def syncing_of(request: Request) -> Syncing:
    syncing: Syncing = request.app.state.syncing
    return syncing


@router.post(
    "/sync", operation_id="sync_due", dependencies=SYNC_RUN, status_code=202, responses=problems.responses(409)
)
async def sync_due(request: Request, wait: Wait = False, _key: Repeatable = None) -> SyncStarted:
    """Pull every integration that is due, for a cron job. Nothing due is fine, and so is what is being pulled already.

    409 only where something is due and nothing here can pull it.
    """
    async with writing(request) as session:
        started, going = await asking.ask_for_due(session, syncing_of(request))
        ids, before = [run.id for run in started], [run.id for run in going]
    request.app.state.jobs.nudge()
    if wait:
        await asking.ended(database_of(request), [*ids, *before])
    return SyncStarted(runs=await _runs(request, ids), already_running=await _runs(request, before))


async def _runs(request: Request, ids: list[int]) -> list[RunOut]:
    async with database_of(request).reading() as session:
        names = await connections.service.names(session)
        found = [run for run_id in ids if (run := await session.get(SyncRun, run_id)) is not None]  # as may be seen
        return [await views.run_out(session, run, names, warnings=0) for run in found]


@router.post(
    "/integrations/{integration_id}/sync",
    operation_id="sync_integration",
    dependencies=SYNC_RUN,
    status_code=202,
    responses=problems.responses(403, 404, 409),
)
async def sync_integration(
    integration_id: Id, request: Request, response: Response, wait: Wait = False, _key: Repeatable = None
) -> RunStarted:
    """Pull one integration now, due or not. 409 with the run where it is being pulled already."""
    async with writing(request) as session:
        run_id = (await asking.ask_for(session, syncing_of(request), integration_id)).id
    request.app.state.jobs.nudge()
    response.headers["Location"] = f"/api/v1/sync/runs/{run_id}"
    if wait:
        await asking.ended(database_of(request), [run_id])
    if not (shown := await _runs(request, [run_id])):
        raise NotFound("The integration was deleted meanwhile.")
    return RunStarted(run=shown[0])


@router.post(
    "/sync/runs/{run_id}/cancel",
    operation_id="cancel_run",
    dependencies=SYNC_RUN,
    responses=problems.responses(404, 409),
)
async def cancel_run(run_id: Id, request: Request, session: Writing, _key: Repeatable = None) -> RunOut:
    """Stop a pull. What it stored stays, and the next one goes on behind it."""
    run = await connections.service.get_run(session, run_id, lock=True)
    now = request.app.state.clock()
    if run.reason == "import":
        raise Conflict("An import can't be stopped: delete its integration instead, once it has ended.")
    if run.state not in connections.service.UNFINISHED:
        raise Conflict(f"It has ended already: {run.state}.")
    before = run.state
    pulls.cancel(run, now=now)
    audited.run_changed(session, run, before)
    integration = await pulls.locked(session, run.integration_id)
    live = syncing_of(request).live.get(integration.kind)
    if not integration.paused and integration.state != State.NEEDS_RECONNECT:
        integration.next_sync_at = now + (live.poll_every if live else syncing_of(request).backoff.most)
    await session.flush()
    await tell(session, integration, run, now)
    return await views.run_out(session, run, await connections.service.names(session))


@router.get(
    "/integrations/{integration_id}/unreadable",
    operation_id="list_unreadable",
    dependencies=INTEGRATIONS_WRITE,
    responses=problems.responses(403, 404),
)
async def list_unreadable(
    integration_id: Id, request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None
) -> KeptPage:
    """What the service gave and could not be read, newest first: at most 100 answers, for 30 days."""
    privacy.must_be_theirs(await connections.service.get(session, integration_id))
    name = f"unreadable {integration_id}"
    before = paging.decode_id(cursor, name) if cursor else None
    found = await kept_answers.every(session, integration_id, limit=limit + 1, before=before)
    shown, following = paging.cut(found, limit, name, key=lambda last: last.id)
    next_link(request, response, following)
    return KeptPage(items=[views.kept_out(each) for each in shown], next_cursor=following)


@router.get(
    "/integrations/{integration_id}/unreadable/{kept_id}",
    operation_id="get_unreadable",
    dependencies=INTEGRATIONS_WRITE,
    responses=problems.responses(403, 404),
)
async def get_unreadable(integration_id: Id, kept_id: Id, session: Reading) -> KeptDetail:
    """One of them, with what the service gave."""
    privacy.must_be_theirs(await connections.service.get(session, integration_id))
    return views.kept_detail(await kept_answers.get(session, integration_id, kept_id))


@router.post(
    "/integrations/{integration_id}/unreadable/{kept_id}/replay",
    operation_id="replay_unreadable",
    dependencies=INTEGRATIONS_WRITE,
    responses=problems.responses(403, 404, 409),
)
async def replay_unreadable(integration_id: Id, kept_id: Id, request: Request) -> ReplayOut:
    """Read it again, after a mend. What is readable now is stored; the same again changes nothing."""
    found = await replaying.replay(syncing_of(request), integration_id, kept_id)
    counts = found.counts or PageCounts()
    return ReplayOut(
        readable=found.why is None,
        why=found.why,
        read=found.read,
        new=counts.new,
        updated=counts.updated,
        unchanged=counts.unchanged,
        refused=found.refused,
    )
