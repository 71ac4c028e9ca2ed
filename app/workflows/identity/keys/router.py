"""API keys over HTTP, and the tokens that they are exchanged for."""

from datetime import timedelta
from typing import Annotated

from fastapi import Body, Path, Query, Request, Response

from app.core import acting, gate, paging, problems
from app.core.errors import FieldError, Forbidden, Invalid
from app.core.identifying import FORGETS
from app.core.web import Count, Cursor, Limit, Reading, Repeatable, Writing, next_link
from app.domains.identity import keys
from app.domains.identity.access import KEYS_END, KEYS_WRITE, SIGNED_IN
from app.domains.identity.rules import Permission, Scope, beyond, of_key
from app.workflows.identity.keys import examples, leave, views
from app.workflows.identity.keys.schemas import (
    KeyIn,
    KeyMade,
    KeyOut,
    KeyPage,
    KeyPatch,
    RotateIn,
    TokenIn,
    TokenOut,
)

router = gate.router(prefix="/api/v1", tags=["keys"], dependencies=[FORGETS], responses=problems.responses(422))
tokens = gate.router(prefix="/api/v1/auth", tags=["keys"], responses=problems.responses(422))

Id = Annotated[int, Path(ge=1, le=2**31 - 1, description="The key's number.")]
Rotation = Annotated[RotateIn | None, Body(examples=[{"keep_hours": 24}])]
Wanted = Annotated[TokenIn | None, Body(examples=[examples.TOKEN_BODY])]
Everything = Annotated[bool, Query(alias="all", description="Also those that expired or were revoked.")]


@router.get("/api-keys", operation_id="list_keys", dependencies=KEYS_END)
async def list_keys(
    request: Request,
    response: Response,
    session: Reading,
    limit: Limit,
    everything: Everything = False,
    cursor: Cursor = None,
    count: Count = False,
) -> KeyPage:
    """Your own keys that are good; for admins, everybody's. The keys themselves are never shown again."""
    name, now = f"keys {everything}", request.app.state.clock()
    after = paging.decode_id(cursor, name) if cursor else 0
    found = await keys.page(session, now=now, own=leave.whose(), everything=everything, after=after, limit=limit + 1)
    shown, following = paging.cut(found, limit, name, key=lambda last: last[0].id)
    next_link(request, response, following)
    total = await keys.count(session, now=now, own=leave.whose(), everything=everything) if count else None
    items = [views.key_out(key, owner, now) for key, owner in shown]
    return KeyPage(items=items, next_cursor=following, total=total)


@router.post(
    "/api-keys", operation_id="create_key", dependencies=KEYS_WRITE, status_code=201, responses=problems.responses(403)
)
async def create_key(
    body: KeyIn, request: Request, response: Response, session: Writing, _key: Repeatable = None
) -> KeyMade:
    """A new key. It is shown in this answer alone.

    403 where it would be given more than you have. Under an Idempotency-Key a repeat is told only that it happened.
    """
    now, who = request.app.state.clock(), acting.caller()
    leave.check_scopes(body.scopes)
    leave.check_expiry(body.expires_at, now)
    leave.check_bounds(await leave.key_that_asks(session), {"expires_at": body.expires_at, "networks": body.networks})
    if not body.owned and Permission.ADMIN not in who.permissions:
        raise Forbidden("A key that belongs to nobody is an admin's to make: leave out «owned».")
    row, key = await keys.create(
        session,
        body.name,
        body.scopes,
        now=now,
        created_by=who.name,
        user_id=who.user_id if body.owned else None,
        expires_at=body.expires_at,
        networks=body.networks,
    )
    response.headers["Location"] = f"/api/v1/api-keys/{row.id}"
    response.headers["Cache-Control"] = "no-store"
    return await views.made_out(session, row, key, now)


@router.get("/api-keys/{key_id}", operation_id="get_key", dependencies=KEYS_END, responses=problems.responses(404))
async def get_key(key_id: Id, request: Request, session: Reading) -> KeyOut:
    """One key, without the key itself."""
    return await views.one_out(session, await keys.get(session, key_id, own=leave.whose()), request.app.state.clock())


@router.patch(
    "/api-keys/{key_id}", operation_id="edit_key", dependencies=KEYS_WRITE, responses=problems.responses(403, 404, 409)
)
async def edit_key(key_id: Id, body: KeyPatch, request: Request, session: Writing) -> KeyOut:
    """Another name, expiry or networks. 409 for a key that is no longer good.

    403 for a key that would make one good for longer than itself, or from elsewhere, itself among them.
    """
    now = request.app.state.clock()
    key = await keys.get(session, key_id, own=leave.whose(), lock=True)
    leave.check_expiry(body.expires_at, now)
    changes = body.model_dump(exclude_unset=True)
    leave.check_bounds(await leave.key_that_asks(session), changes)
    await keys.edit(session, key, changes, now=now)
    return await views.one_out(session, key, now)


@router.delete(
    "/api-keys/{key_id}",
    operation_id="revoke_key",
    dependencies=KEYS_END,
    status_code=204,
    responses=problems.responses(404),
)
async def revoke_key(key_id: Id, request: Request, session: Writing) -> None:
    """It lets nobody in any more, nor do its tokens. The same again changes nothing."""
    key = await keys.get(session, key_id, own=leave.whose(), lock=True)
    await keys.revoke(session, key, now=request.app.state.clock())


@router.post(
    "/api-keys/{key_id}/rotate",
    operation_id="rotate_key",
    dependencies=KEYS_WRITE,
    status_code=201,
    responses=problems.responses(403, 404, 409),
)
async def rotate_key(
    key_id: Id,
    request: Request,
    response: Response,
    session: Writing,
    body: Rotation = None,
    _key: Repeatable = None,
) -> KeyMade:
    """A new key with the same rights, to put into the old one's place. The old one is good for a while beside it.

    Where the old one was made to expire, the new one lives as long as that was given; where a key asks that expires, no
    longer than that one. 403 for somebody else's key, 409
    for one that is no longer good.
    """
    now = request.app.state.clock()
    old = await keys.get(session, key_id, own=leave.whose(), lock=True)
    leave.check_own(old.user_id)
    leave.check_scopes(Scope(each) for each in old.scopes)
    keep = timedelta(hours=(body or RotateIn()).keep_hours)
    asking = await leave.key_that_asks(session)
    leave.check_bounds(asking, {"networks": old.networks})
    latest = asking.expires_at if asking is not None else None
    row, key = await keys.rotate(session, old, keep=keep, now=now, created_by=acting.caller().name, latest=latest)
    response.headers["Location"] = f"/api/v1/api-keys/{row.id}"
    response.headers["Cache-Control"] = "no-store"
    return await views.made_out(session, row, key, now)


@tokens.post("/token", operation_id="create_token", dependencies=SIGNED_IN, responses=problems.responses(403))
async def create_token(request: Request, response: Response, session: Reading, body: Wanted = None) -> TokenOut:
    """A token that is good for some minutes, for the API key that this is asked with: for a service that must not hold
    the key itself. It may do what the key may or less, and ends with it.

    403 for whoever shows no API key, and for scopes beyond the key's.
    """
    who, wanted = acting.caller(), body or TokenIn()
    found = await keys.with_owner(session, who.id) if who.by == "key" and who.id is not None else None
    if found is None:
        raise Forbidden("A token is given for an API key: Authorization: Bearer KEY.")
    has = [Scope(each) for each in found[0].scopes]
    scopes = has if wanted.scopes is None else list(dict.fromkeys(wanted.scopes))
    if more := beyond(scopes, of_key(has, None)):
        raise Forbidden(f"A token may do what its key may, and no more. This key was not given: {', '.join(more)}.")
    most: float = request.app.state.settings.token_minutes
    if wanted.minutes is not None and wanted.minutes > most:
        errors = [FieldError("body.minutes", f"at most {most:g}")]
        raise Invalid(f"A token is good for at most {most:g} minutes here (TOKEN_MINUTES).", errors=errors)
    lasts = timedelta(minutes=wanted.minutes or most)
    keyring = request.app.state.recogniser.keyring
    text, said = await keyring.issue(found[0].id, scopes, now=request.app.state.clock(), lasts=lasts)
    response.headers["Cache-Control"] = "no-store"
    return TokenOut(token=text, expires_at=said.expires_at, scopes=list(said.scopes))
