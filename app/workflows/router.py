"""Integrations over HTTP: configuring them, importing files, and following the runs."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as PathParameter
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import paging, problems
from app.core.errors import Conflict
from app.core.web import Cursor, Limit, Reading, Repeatable, Writing, next_link
from app.domains import connections
from app.domains.connections import views
from app.domains.connections.models import Integration
from app.domains.connections.schemas import (
    IntegrationDeleted,
    IntegrationIn,
    IntegrationOut,
    IntegrationPage,
    IntegrationPatch,
    KindList,
    KindOut,
    RunOut,
    RunPage,
    WarningOut,
    WarningPage,
)
from app.domains.tasks import forgetting, ingest, renaming
from app.integrations import registry
from app.workflows.imports.router import router as imports_router
from app.workflows.manifests import manifest_of

router = APIRouter(prefix="/api/v1", responses=problems.responses(422))

Id = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]


@router.get("/integrations", operation_id="list_integrations", tags=["integrations"])
async def list_integrations(
    request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None
) -> IntegrationPage:
    """Where work comes from, and whether it can be believed."""
    after = paging.decode_id(cursor, "integrations") if cursor else 0
    found = await connections.service.every(session, limit=limit + 1, after=after)
    shown, following = paging.cut(found, limit, "integrations", key=lambda last: last.id)
    ids = [integration.id for integration in shown]
    counts = await ingest.item_counts(session, ids)
    states = await connections.service.last_run_states(session, ids)
    now = request.app.state.clock()
    next_link(request, response, following)
    return IntegrationPage(
        items=[views.integration_out(i, items=counts.get(i.id, 0), last_run=states.get(i.id), now=now) for i in shown],
        next_cursor=following,
    )


@router.post(
    "/integrations",
    operation_id="create_integration",
    tags=["integrations"],
    status_code=201,
    responses=problems.responses(409),
)
async def create_integration(
    body: IntegrationIn, request: Request, session: Writing, response: Response, _key: Repeatable = None
) -> IntegrationOut:
    """A new integration. Kinds that are imported by hand take their files at /integrations/import."""
    manifest_of(body.kind, "body.kind")
    integration = await connections.service.create(
        session,
        kind=body.kind,
        name=body.name,
        now=request.app.state.clock(),
        settings=body.settings,
        gateway=body.gateway,
    )
    response.headers["Location"] = f"/api/v1/integrations/{integration.id}"
    return views.integration_out(integration, items=0, last_run=None, now=request.app.state.clock())


@router.get("/integrations/kinds", operation_id="list_kinds", tags=["integrations"])
async def list_kinds() -> KindList:
    """Which kinds of integration there are."""
    return KindList(
        items=[
            KindOut(kind=m.kind, title=m.title, description=m.description, file_hint=m.file_hint)
            for m in registry.KINDS.values()
        ]
    )


router.include_router(imports_router)


@router.get(
    "/integrations/{integration_id}",
    operation_id="get_integration",
    tags=["integrations"],
    responses=problems.responses(404),
)
async def get_integration(integration_id: Id, request: Request, session: Reading) -> IntegrationOut:
    """One integration and its state."""
    integration = await connections.service.get(session, integration_id)
    return await _shown(session, integration, request.app.state.clock())


async def _shown(session: AsyncSession, integration: Integration, now: datetime) -> IntegrationOut:
    counts = await ingest.item_counts(session, [integration.id])
    states = await connections.service.last_run_states(session, [integration.id])
    return views.integration_out(
        integration, items=counts.get(integration.id, 0), last_run=states.get(integration.id), now=now
    )


@router.patch(
    "/integrations/{integration_id}",
    operation_id="edit_integration",
    tags=["integrations"],
    responses=problems.responses(404, 409),
)
async def edit_integration(
    integration_id: Id, body: IntegrationPatch, request: Request, session: Writing
) -> IntegrationOut:
    """Rename it, or change its settings."""
    integration = await connections.service.get(session, integration_id)
    now = request.app.state.clock()
    if body.name not in (None, integration.name):
        await renaming.integration_renamed(session, integration_id)
    await connections.service.edit(session, integration, name=body.name, settings=body.settings, now=now)
    return await _shown(session, integration, now)


@router.delete(
    "/integrations/{integration_id}",
    operation_id="delete_integration",
    tags=["integrations"],
    responses=problems.responses(404, 409),
)
async def delete_integration(integration_id: Id, session: Writing) -> IntegrationDeleted:
    """Delete an integration with its items and runs, and the tasks it made, unless they hold anything else."""
    integration = await connections.service.get(session, integration_id)
    states = await connections.service.last_run_states(session, [integration_id])
    if states.get(integration_id) in connections.service.UNFINISHED:
        raise Conflict(f"{integration.name} is being imported into: wait for the run to end.")
    items, tasks = await forgetting.forget_integration(session, integration_id)
    await session.delete(integration)
    await session.flush()
    return IntegrationDeleted(deleted=integration_id, items=items, tasks=tasks)


@router.get("/sync/runs", operation_id="list_runs", tags=["integrations"])
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


@router.get("/sync/runs/{run_id}", operation_id="get_run", tags=["integrations"], responses=problems.responses(404))
async def get_run(run_id: Id, session: Reading) -> RunOut:
    """How an import goes, and what came of it."""
    run = await connections.service.get_run(session, run_id)
    return await views.run_out(session, run, await connections.service.names(session))


@router.get(
    "/sync/runs/{run_id}/warnings",
    operation_id="list_run_warnings",
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
