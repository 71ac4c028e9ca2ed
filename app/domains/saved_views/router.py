"""Saved views over HTTP."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Header, Path, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import gate, paging, problems, seeing
from app.core.web import (
    Count,
    Cursor,
    Limit,
    Reading,
    Repeatable,
    Writing,
    check_version,
    conditional,
    next_link,
    versioned_tag,
)
from app.domains import connections
from app.domains.identity.access import TASKS_READ, VIEWS_WRITE
from app.domains.saved_views import filters, service, views
from app.domains.saved_views.schemas import ViewIn, ViewOut, ViewPage, ViewPatch

router = gate.router(
    prefix="/api/v1/views", tags=["views"], responses=problems.responses(422), dependencies=VIEWS_WRITE
)

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="An ETag: the change happens only if nobody changed the view since."),
]
Id = Annotated[int, Path(ge=1, le=2**31 - 1, description="The view's number.")]


async def _seen(session: AsyncSession) -> Mapping[int, str]:
    """The integrations that whoever asks may see, by id."""
    with seeing.restricted(session):
        return await connections.service.names(session)


@router.get("", operation_id="list_views", dependencies=TASKS_READ)
async def list_views(
    request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None, count: Count = False
) -> ViewPage:
    """Your own views, and those that are shared."""
    after = paging.decode_id(cursor, "views") if cursor else 0
    found = await service.page(session, after=after, limit=limit + 1)
    rows, following = paging.cut(found, limit, "views", key=lambda last: last[0].id)
    next_link(request, response, following)
    names = await _seen(session)
    total = await service.count(session) if count else None
    items = [views.view_out(view, owner, names) for view, owner in rows]
    return ViewPage(items=items, next_cursor=following, total=total)


@router.post("", operation_id="create_view", status_code=201, responses=problems.responses(403, 409))
async def create_view(
    body: ViewIn, request: Request, response: Response, session: Writing, _key: Repeatable = None
) -> ViewOut:
    """Save a view. You own it; a key saves it for its user.

    403 where you may not share it, 409 where you have one by this name already, or a hundred views.
    """
    names = await _seen(session)
    values = body.model_dump(exclude={"filter"}) | {"filter": filters.stored(body.filter, names)}
    view = await service.create(session, values, now=request.app.state.clock())
    response.headers["Location"] = f"/api/v1/views/{view.id}"
    return await views.one_out(session, view, names)


@router.get(
    "/{view_id}",
    operation_id="get_view",
    dependencies=TASKS_READ,
    response_model=ViewOut,
    responses=problems.responses(404),
)
async def get_view(view_id: Id, request: Request, session: Reading) -> Response:
    """One view, with its ETag. Somebody else's private one is answered as one that there is not."""
    view = await service.get(session, view_id)
    shown = await views.one_out(session, view, await _seen(session))
    return conditional(request, shown, versioned_tag(shown, shown.version))


@router.patch("/{view_id}", operation_id="edit_view", responses=problems.responses(403, 404, 409, 412))
async def edit_view(
    view_id: Id, body: ViewPatch, request: Request, response: Response, session: Writing, if_match: IfMatch = None
) -> ViewOut:
    """Change what is given. For its owner, and for admins where it is shared; only its owner makes it private.

    412 where somebody changed it since whoever sends `If-Match` looked."""
    view, names = await service.get(session, view_id, to_change=True), await _seen(session)
    check_version(if_match, view.version)
    changes = body.model_dump(exclude_unset=True, exclude={"filter"})
    if body.filter is not None:
        changes["filter"] = filters.stored(body.filter, names)
    await service.edit(session, view, changes, now=request.app.state.clock())
    shown = await views.one_out(session, view, names)
    response.headers["ETag"] = versioned_tag(shown, shown.version)
    return shown


@router.delete("/{view_id}", operation_id="delete_view", status_code=204, responses=problems.responses(403, 404))
async def delete_view(view_id: Id, session: Writing) -> None:
    """Delete a view, for all who saw it. For its owner, and for admins where it is shared."""
    await service.remove(session, await service.get(session, view_id, to_change=True))
