"""Connecting accounts over HTTP: asking for a link, and looking how it fares."""

from typing import Annotated

from fastapi import Body, Request, Response

from app.core import acting, gate, problems
from app.core.web import Reading, Repeatable, writing
from app.domains import connections
from app.domains.connections import connecting
from app.domains.connections.connecting_schemas import (
    ConnectIn,
    ConnectionOut,
    ConnectStarted,
    connection_out,
    started_out,
)
from app.domains.identity.access import INTEGRATIONS_WRITE, TASKS_READ
from app.domains.identity.rules import Permission
from app.workflows.sync.connecting import linking
from app.workflows.sync.router import Id, syncing_of

router = gate.router(prefix="/api/v1", tags=["integrations"], responses=problems.responses(422))

_EXAMPLES = [{"callback_url": "https://watchfloor.example/integrations/1"}]
"""Of a body that may be left out, which hides the schema's own from the description."""


@router.post(
    "/integrations/{integration_id}/connect",
    operation_id="connect_integration",
    dependencies=INTEGRATIONS_WRITE,
    status_code=201,
    responses=problems.responses(403, 404, 409, 502, 503, 504),
)
async def connect_integration(
    integration_id: Id,
    request: Request,
    response: Response,
    body: Annotated[ConnectIn | None, Body(examples=_EXAMPLES)] = None,
    _key: Repeatable = None,
) -> ConnectStarted:
    """A link by which a person gives access to their account, for the first time or again. Once it was followed, the
    integration is pulled through that account. A link asked for before is forgotten."""
    public_url = request.app.state.settings.public_url
    callback = (body and body.callback_url) or linking.callback_of(public_url, integration_id)
    link = await linking.asked(syncing_of(request), integration_id, callback)
    async with writing(request) as session:
        connection = await linking.keep(
            session, syncing_of(request), integration_id, link, vault=request.app.state.vault
        )
    response.headers["Location"] = f"/api/v1/integrations/{integration_id}/connection"
    response.headers["Cache-Control"] = "no-store"  # nor is it kept to be given again: the connection tells it
    return started_out(connection, link.redirect_url)


@router.get(
    "/integrations/{integration_id}/connection",
    operation_id="get_connection",
    dependencies=TASKS_READ,
    responses=problems.responses(404),
)
async def get_connection(integration_id: Id, request: Request, session: Reading) -> ConnectionOut:
    """How connecting its account goes, or went. What is shown was asked for in the background."""
    integration = await connections.service.get(session, integration_id)
    vault = request.app.state.vault if Permission.INTEGRATIONS_WRITE in acting.caller().permissions else None
    return connection_out(connecting.read(integration.connection), vault, now=request.app.state.clock())
