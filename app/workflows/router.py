"""Integrations over HTTP: configuring them, importing files, and following the runs."""

from typing import Annotated

from fastapi import Path as PathParameter
from fastapi import Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import gate, paging, problems
from app.core.database import one_at_a_time, unhurried
from app.core.errors import Conflict
from app.core.identifying import FORGETS
from app.core.web import Cursor, Limit, Reading, Repeatable, Writing, next_link
from app.domains import connections
from app.domains.connections import audited, connecting, privacy, pulls, revoking, views
from app.domains.connections.models import Integration
from app.domains.connections.run_schemas import RunOut, RunPage, WarningOut, WarningPage
from app.domains.connections.schemas import (
    IntegrationDeleted,
    IntegrationIn,
    IntegrationOut,
    IntegrationPage,
    IntegrationPatch,
    KindList,
)
from app.domains.identity.access import INTEGRATIONS_WRITE, RUNS_READ, TASKS_READ
from app.domains.monitoring import standing
from app.domains.people import sightings
from app.domains.tasks import forgetting, renaming
from app.integrations import registry
from app.workflows.imports.router import router as imports_router
from app.workflows.manifests import manifest_of
from app.workflows.sync import demo
from app.workflows.sync.configuring import change, switch_writing
from app.workflows.sync.connecting.linking import service_of
from app.workflows.sync.demo import create
from app.workflows.sync.router import syncing_of
from app.workflows.sync.showing import integrations_out, kind_out
from app.workflows.telling import tell_gone, tell_of

router = gate.router(prefix="/api/v1", responses=problems.responses(422))

Id = Annotated[int, PathParameter(ge=1, le=2**31 - 1, description="Its id.")]


@router.get("/integrations", operation_id="list_integrations", dependencies=TASKS_READ, tags=["integrations"])
async def list_integrations(
    request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None
) -> IntegrationPage:
    """Where work comes from, and whether it can be believed."""
    after = paging.decode_id(cursor, "integrations") if cursor else 0
    found = await connections.service.every(session, limit=limit + 1, after=after)
    shown, following = paging.cut(found, limit, "integrations", key=lambda last: last.id)
    next_link(request, response, following)
    now = request.app.state.clock()
    return IntegrationPage(
        items=await integrations_out(session, shown, syncing_of(request), now=now), next_cursor=following
    )


@router.post(
    "/integrations",
    operation_id="create_integration",
    dependencies=[*INTEGRATIONS_WRITE, FORGETS],
    tags=["integrations"],
    status_code=201,
    responses=problems.responses(403, 409),
)
async def create_integration(
    body: IntegrationIn, request: Request, session: Writing, response: Response, _key: Repeatable = None
) -> IntegrationOut:
    """A new integration: pulled from now on where it has a gateway. Files are imported at /integrations/import.

    It is yours, where you are a user or use the key of one; else it is everybody's. 403 where demo data is asked for
    and may not be used here.
    """
    manifest, now = manifest_of(body.kind, "body.kind"), request.app.state.clock()
    gateway = body.gateway.model_dump() if body.gateway else None
    integration = await create(session, syncing_of(request), manifest, body.name, body.settings, gateway, now=now)
    if body.write_back:
        await switch_writing(session, integration, manifest, on=True, now=now)
    await privacy.share(session, integration, private=body.private, viewers=body.viewers or None)
    await tell_of(session, integration, now=now)
    response.headers["Location"] = f"/api/v1/integrations/{integration.id}"
    return await _shown(request, session, integration)


@router.get("/integrations/kinds", operation_id="list_kinds", dependencies=TASKS_READ, tags=["integrations"])
async def list_kinds(request: Request) -> KindList:
    """Which kinds of integration there are, and what each takes."""
    syncing = syncing_of(request)
    return KindList(items=[kind_out(each, syncing) for each in registry.KINDS.values()])


router.include_router(imports_router)


@router.get(
    "/integrations/{integration_id}",
    operation_id="get_integration",
    dependencies=TASKS_READ,
    tags=["integrations"],
    responses=problems.responses(404),
)
async def get_integration(integration_id: Id, request: Request, session: Reading) -> IntegrationOut:
    """One integration and its state."""
    return await _shown(request, session, await connections.service.get(session, integration_id))


async def _shown(request: Request, session: AsyncSession, integration: Integration) -> IntegrationOut:
    now = request.app.state.clock()
    [shown] = await integrations_out(session, [integration], syncing_of(request), now=now)
    return shown


@router.patch(
    "/integrations/{integration_id}",
    operation_id="edit_integration",
    dependencies=[*INTEGRATIONS_WRITE, FORGETS],
    tags=["integrations"],
    responses=problems.responses(403, 404, 409),
)
async def edit_integration(
    integration_id: Id, body: IntegrationPatch, request: Request, session: Writing
) -> IntegrationOut:
    """Rename it, change its settings or its account, pause it or let it go on; its owner also says who sees it. Access
    that was given for it through a link from here is given back where another account is named.

    403 for one that is somebody else's, unless you are an admin.
    """
    demo.must_be_allowed(syncing_of(request), body.gateway.name if body.gateway else None)
    await connecting.claimed(session, integration_id)  # a link that ends now gives it another account
    integration = await connections.service.get(session, integration_id)
    privacy.must_be_theirs(integration)
    await privacy.share(session, integration, private=body.private, viewers=body.viewers)
    manifest, now = manifest_of(integration.kind, "integration"), request.app.state.clock()
    if body.name not in (None, integration.name):
        async with unhurried(session):
            await renaming.integration_renamed(session, integration_id)
    await change(session, integration, manifest, body, now=now)
    if body.gateway is not None:
        await revoking.of_replaced(session, integration, service_of(syncing_of(request), integration), now=now)
    request.app.state.jobs.nudge()
    return await _shown(request, session, integration)


@router.delete(
    "/integrations/{integration_id}",
    operation_id="delete_integration",
    dependencies=[*INTEGRATIONS_WRITE, FORGETS],
    tags=["integrations"],
    responses=problems.responses(403, 404, 409),
)
async def delete_integration(integration_id: Id, request: Request, session: Writing) -> IntegrationDeleted:
    """Delete an integration with its items and runs, and the tasks it made, unless they hold anything else. Access that
    was given for it through a link from here is given back. 403 for one that is somebody else's, unless you are an
    admin."""
    now = request.app.state.clock()
    await connecting.claimed(session, integration_id)
    integration = await connections.service.get(session, integration_id)
    privacy.must_be_theirs(integration)
    if await connections.service.being_imported_into(session, [integration_id]):
        raise Conflict(f"{integration.name} is being imported into: wait for the run to end.")
    async with unhurried(session):
        await one_at_a_time(session, "ingest")  # before the locks of a pull that goes on, as that takes them too
        await pulls.stop(session, integration, now=now)
        revoked = await revoking.of_deleted(session, integration, service_of(syncing_of(request), integration), now=now)
        items, tasks = await forgetting.forget_integration(session, integration_id, wholly=integration.private)
        if integration.private:
            await sightings.forget(session, integration_id)
        await standing.drop(session, [standing.name_of(integration_id)])
        audited.removed(session, integration, items=items, tasks=tasks)
        private = await privacy.private_ones(session)
        await session.delete(integration)
        await session.flush()
        await tell_gone(session, [integration_id], private, tasks=tasks, now=now)
    return IntegrationDeleted(deleted=integration_id, items=items, tasks=tasks, revoked=revoked)


@router.get("/sync/runs", operation_id="list_runs", dependencies=RUNS_READ, tags=["integrations"])
async def list_runs(
    request: Request,
    response: Response,
    session: Reading,
    limit: Limit,
    cursor: Cursor = None,
    integration: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Only this integration's.")] = None,
) -> RunPage:
    """Runs, newest first. Their warnings are under /sync/runs/{id}."""
    found, following = await connections.service.runs(session, integration_id=integration, limit=limit, cursor=cursor)
    names = await connections.service.names(session)
    next_link(request, response, following)
    return RunPage(
        items=[await views.run_out(session, run, names, warnings=0) for run in found],
        next_cursor=following,
    )


@router.get(
    "/sync/runs/{run_id}",
    operation_id="get_run",
    dependencies=RUNS_READ,
    tags=["integrations"],
    responses=problems.responses(404),
)
async def get_run(run_id: Id, session: Reading) -> RunOut:
    """How an import goes, and what came of it."""
    run = await connections.service.get_run(session, run_id)
    return await views.run_out(session, run, await connections.service.names(session))


@router.get(
    "/sync/runs/{run_id}/warnings",
    operation_id="list_run_warnings",
    dependencies=RUNS_READ,
    tags=["integrations"],
    responses=problems.responses(404),
)
async def list_run_warnings(
    run_id: Id, request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None
) -> WarningPage:
    """Everything in a run that could not be read as it should."""
    await connections.service.get_run(session, run_id)
    name = f"warnings {run_id}"
    after = paging.decode_id(cursor, name) if cursor else 0
    found = await connections.service.warnings(session, run_id, limit=limit + 1, after=after)
    shown, following = paging.cut(found, limit, name, key=lambda last: last.id)
    next_link(request, response, following)
    return WarningPage(
        items=[WarningOut(what=warning.what, why=warning.why) for warning in shown],
        next_cursor=following,
    )
