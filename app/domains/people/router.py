"""People over HTTP: who is known, who may be one, and what people say of it."""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.core import gate, paging, problems
from app.core.web import Cursor, Limit, Reading, Repeatable, Writing, next_link
from app.domains.identity.access import TASKS_READ, TASKS_WRITE
from app.domains.people import service, suggestions, views
from app.domains.people.schemas import (
    Dismissed,
    DismissIn,
    JoinIn,
    PersonOut,
    PersonPage,
    PersonPatch,
    Separated,
    SeparateIn,
    SuggestionPage,
)

router = gate.router(prefix="/api/v1/people", tags=["people"], responses=problems.responses(422))

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
OneOf = Annotated[int, Query(ge=1, le=2**31 - 1, description="One of the two.")]
Words = Annotated[
    str | None,
    Query(max_length=200, pattern=r"^[^\x00]*$", description="Words that the name or an address holds."),
]


@router.get("", operation_id="list_people", dependencies=TASKS_READ)
async def list_people(
    request: Request, response: Response, session: Reading, limit: Limit, q: Words = None, cursor: Cursor = None
) -> PersonPage:
    """Everybody who wrote, was written to or has work, in the order they were met."""
    name = f"people {q or ''}"
    after = paging.decode_id(cursor, name) if cursor else 0
    found = await service.page(session, words=q, after=after, limit=limit + 1)
    shown, following = paging.cut(found, limit, name, key=lambda last: last.id)
    next_link(request, response, following)
    return PersonPage(items=await views.people_out(session, shown), next_cursor=following)


@router.get("/suggestions", operation_id="list_people_suggestions", dependencies=TASKS_READ)
async def list_people_suggestions(
    request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None
) -> SuggestionPage:
    """Pairs of people who may be one, each with what speaks for it. A page may be short and still go on."""
    name = "people suggestions"
    after = paging.decode_id(cursor, name) if cursor else 0
    found = await suggestions.find(session, after=after, limit=limit)
    following = paging.encode(name, [found.following]) if found.following is not None else None
    next_link(request, response, following)
    return SuggestionPage(
        items=await views.suggestions_out(session, found.suggestions),
        next_cursor=following,
    )


@router.post(
    "/suggestions/dismiss",
    operation_id="dismiss_people_suggestion",
    dependencies=TASKS_WRITE,
    responses=problems.responses(404, 409),
)
async def dismiss_people_suggestion(
    body: DismissIn, request: Request, session: Writing, _key: Repeatable = None
) -> Dismissed:
    """These two are not one: they are not proposed again. DELETE takes it back."""
    await service.dismiss(session, body.a, body.b, now=request.app.state.clock())
    return Dismissed(dismissed=sorted((body.a, body.b)))


@router.delete(
    "/suggestions/dismiss",
    operation_id="take_back_dismissal_of_people_suggestion",
    dependencies=TASKS_WRITE,
    status_code=204,
    responses=problems.responses(404),
)
async def take_back_dismissal_of_people_suggestion(a: OneOf, b: OneOf, session: Writing) -> None:
    """Propose these two as one again, as far as something speaks for it. The same again changes nothing."""
    await service.take_back_dismissal(session, a, b)


@router.get("/{person_id}", operation_id="get_person", dependencies=TASKS_READ, responses=problems.responses(404))
async def get_person(person_id: Id, session: Reading) -> PersonOut:
    """One person with all addresses."""
    return await views.person_out(session, await service.get(session, person_id))


@router.patch("/{person_id}", operation_id="edit_person", dependencies=TASKS_WRITE, responses=problems.responses(404))
async def edit_person(person_id: Id, body: PersonPatch, request: Request, session: Writing) -> PersonOut:
    """Name them, or say whether they are one of us: then all of their addresses are ours."""
    person = await service.get(session, person_id, lock=True)
    now = request.app.state.clock()
    await service.edit(session, person, name=body.name, is_us=body.is_us, now=now)
    return await views.person_out(session, person)


@router.post(
    "/{person_id}/merge", operation_id="merge_person", dependencies=TASKS_WRITE, responses=problems.responses(404, 409)
)
async def merge_person(
    person_id: Id, body: JoinIn, request: Request, session: Writing, _key: Repeatable = None
) -> PersonOut:
    """Two are one: every address moves to the person who stays. Tasks follow within moments; separate takes it back."""
    person = await service.merge(session, person_id, body.into, now=request.app.state.clock())
    return await views.person_out(session, person)


@router.post(
    "/{person_id}/separate",
    operation_id="separate_person",
    dependencies=TASKS_WRITE,
    responses=problems.responses(404, 409),
)
async def separate_person(
    person_id: Id, body: SeparateIn, request: Request, session: Writing, _key: Repeatable = None
) -> Separated:
    """Take one address out into a person of its own."""
    own, stays = await service.separate(session, person_id, body.address, now=request.app.state.clock())
    return Separated(person=await views.person_out(session, stays), separated=await views.person_out(session, own))
