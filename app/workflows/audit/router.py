"""The audit trail over HTTP: looking entries up, and verifying the chain."""

import hashlib
import json
from dataclasses import astuple
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from pydantic import AwareDatetime

from app.core import gate, paging, problems
from app.core.audit import Head, listing
from app.core.audit.listing import Wanted
from app.core.errors import FieldError, Invalid
from app.core.web import Count, Cursor, Limit, Reading, database_of, next_link
from app.domains.identity.access import AUDIT_READ
from app.workflows.audit import views, witnessing
from app.workflows.audit.schemas import AuditPage, AuditVerified

router = gate.router(prefix="/api/v1/audit", tags=["audit"], responses=problems.responses(422), dependencies=AUDIT_READ)

Text = Annotated[str | None, Query(max_length=320, pattern=r"^[^\x00]*$")]


def _wanted(
    actor: Annotated[Text, Query(description="Who: «user:7», or a name as it was then.")] = None,
    action: Annotated[Text, Query(description="What was done, as «complete_task».")] = None,
    target: Annotated[Text, Query(description="What it was done to, as «task:12».")] = None,
    since: Annotated[AwareDatetime | None, Query(description="Not before this time.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before this time.")] = None,
    correlation_id: Annotated[Text, Query(description="That of a request.")] = None,
    q: Annotated[
        Text, Query(description="Words of a name, an action, a target or a value; in any case of A to Z.")
    ] = None,
) -> Wanted:
    return Wanted(actor, action, target, since, until, correlation_id, q)


@router.get("", operation_id="list_audit")
async def list_audit(
    request: Request,
    response: Response,
    session: Reading,
    limit: Limit,
    wanted: Annotated[Wanted, Depends(_wanted)],
    cursor: Cursor = None,
    count: Count = False,
) -> AuditPage:
    """Who changed what, the newest first."""
    name = _name_of(wanted)
    before = paging.decode_id(cursor, name) if cursor else None
    found = await listing.page(session, wanted, before=before, limit=limit + 1)
    shown, following = paging.cut(found, limit, name, key=lambda last: last.id)
    next_link(request, response, following)
    total = await listing.count(session, wanted) if count else None
    return AuditPage(items=[views.entry_out(each) for each in shown], next_cursor=following, total=total)


@router.get("/verify", operation_id="verify_audit")
async def verify_audit(
    request: Request,
    since_id: Annotated[
        int | None, Query(ge=1, le=paging.LARGEST_ID, description="Begin with this entry, trusting the one before.")
    ] = None,
    head_id: Annotated[
        int | None, Query(ge=1, le=paging.LARGEST_ID, description="The id of a head that was seen earlier.")
    ] = None,
    head: Annotated[
        str | None, Query(pattern=r"^[0-9a-f]{64}$", description="Its hash: the witness that nothing was made anew.")
    ] = None,
) -> AuditVerified:
    """Go over the whole trail. It takes about a second for 50,000 entries."""
    if (head_id is None) != (head is None):
        raise Invalid("A head is an id and a hash: give both.", errors=[FieldError("query.head", "needs head_id")])
    witness = Head(head_id, head) if head_id is not None and head is not None else None
    return views.verified_out(await witnessing.verify(database_of(request), since=since_id, witness=witness))


def _name_of(wanted: Wanted) -> str:
    """What a cursor belongs to; hashed, as a cursor is short."""
    text = json.dumps(astuple(wanted), default=str)
    return f"audit {hashlib.sha256(text.encode()).hexdigest()[:16]}"
