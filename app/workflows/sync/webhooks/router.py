"""Where Composio delivers its webhooks. Nothing of a delivery is believed, or even parsed, before its signature."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Header, Request

from app.core import audit, gate, log, problems
from app.core.acting import Caller, acting_as, caller
from app.core.errors import Forbidden, Malformed, Unauthenticated
from app.core.web import writing
from app.domains.connections.deliveries import LONGEST_ID
from app.domains.identity.access import ANYONE
from app.settings import Settings
from app.workflows.sync.router import syncing_of
from app.workflows.sync.webhooks.receiving import receive
from app.workflows.sync.webhooks.schemas import DELIVERY, WebhookTaken, taken_out
from app.workflows.sync.webhooks.signing import Signed, secrets_in, trouble

router = gate.router(prefix="/api/v1", tags=["integrations"], responses=problems.responses(422))

COMPOSIO = Caller("program", name="composio")
"""Whoever can sign so. It may do nothing but this."""
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The event as Composio signed it, of its webhooks' version V3 or V2.",
        "content": {
            "application/json": {
                "schema": {"type": "object", "additionalProperties": True, "examples": [DELIVERY]},
            }
        },
    }
}
_NOT_SET = (
    "No webhook is taken here: set COMPOSIO_WEBHOOK_SECRET to the secret that Composio showed when the webhook was set"
    " up, and start Watchfloor again."
)
_NOT_BELIEVED = (
    "This delivery is not signed as Composio signs, with the secret that is set here, at this time. Check"
    " COMPOSIO_WEBHOOK_SECRET and this server's clock."
)
_log = log.get(__name__)

Id = Annotated[str, Header(alias="webhook-id", description="The delivery's id: the same when it is repeated.")]
Timestamp = Annotated[str, Header(alias="webhook-timestamp", description="When it was signed, in seconds since 1970.")]
Signatures = Annotated[
    str,
    Header(
        alias="webhook-signature",
        description="v1, a comma, and the HMAC-SHA256 of «id.timestamp.body» in base64; several with spaces.",
    ),
]


@router.post(
    "/webhooks/composio",
    operation_id="take_composio_webhook",
    dependencies=ANYONE,
    responses=problems.responses(400, 401, 403, 413),
    openapi_extra=_BODY,
)
async def take_composio_webhook(
    request: Request, webhook_id: Id = "", webhook_timestamp: Timestamp = "", webhook_signature: Signatures = ""
) -> WebhookTaken:
    """A signed event of Composio: something is new for an account, which is pulled now, or an account lost its access.
    A repeat is answered like the first and does nothing."""
    body = await request.body()
    _must_be_composios(request, Signed(webhook_id, webhook_timestamp, webhook_signature, body))
    told = _read(body)
    if len(webhook_id) > LONGEST_ID:
        raise Malformed(f"A webhook-id has at most {LONGEST_ID} characters.")
    with acting_as(replace(COMPOSIO, address=caller().address)):
        async with writing(request) as session:
            found = await receive(session, syncing_of(request), webhook_id, told)
            if not found.integrations:
                audit.only_looked(session)  # nothing was done
    if found.pulls:
        request.app.state.jobs.nudge()
    return taken_out(found)


def _must_be_composios(request: Request, delivery: Signed) -> None:
    """Raises Forbidden where none is taken, Unauthenticated for whatever may be forged or too late."""
    settings: Settings = request.app.state.settings
    secrets = secrets_in(settings.composio_webhook_secret.get_secret_value())
    if not secrets:
        raise Forbidden(_NOT_SET)
    tolerance = timedelta(seconds=settings.webhook_tolerance_s)
    why = trouble(delivery, secrets, now=request.app.state.clock(), tolerance=tolerance)
    if why is not None:
        _log.warning("a webhook was refused", why=why)
        raise Unauthenticated(_NOT_BELIEVED)


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is no valid JSON.") from error
    if not isinstance(told, Mapping):
        raise Malformed("The body is no JSON object.")
    return told
