"""Rulesets and calendars over HTTP: looking, checking, saving, activating, going back, comparing."""

import asyncio
from typing import Annotated, Any

from fastapi import Body, Depends, Path, Query, Request, Response

from app.core import gate, paging, problems
from app.core.errors import FieldError, Invalid
from app.core.web import Cursor, Limit, Reading, Repeatable, Writing, database_of, next_link, writing
from app.domains.identity.access import RULES_WRITE, TASKS_READ
from app.domains.ranking.rules import RulesetInvalid
from app.domains.rulesets import calendars, openapi, service, views
from app.domains.rulesets.bodies import Draft, draft_of
from app.domains.rulesets.compiling import refusal, without_lines
from app.domains.rulesets.naming import LATEST, LONGEST_AUTHOR, LONGEST_NOTE, NAME
from app.domains.rulesets.schemas import (
    ActivatedOut,
    ActivateIn,
    ActivationPage,
    CalendarOut,
    CalendarPage,
    CalendarPut,
    CheckedOut,
    DiffOut,
    FactList,
    RollBackIn,
    RulesetOut,
    RulesetPage,
    SavedOut,
    VersionPage,
)

router = gate.router(prefix="/api/v1", tags=["rules"], responses=problems.responses(422), dependencies=TASKS_READ)

_STORABLE = r"^[^\x00]*$"
Name = Annotated[str, Path(pattern=f"^{NAME}$", description="a-z, 0-9 and -.", examples=["default"])]
OfName = Annotated[str | None, Query(pattern=f"^{NAME}$", description="Only those of this ruleset.")]
Version = Annotated[
    int | None, Query(ge=1, le=LATEST, description="Default: the active one, or the newest where another one ranks.")
]
CalendarName = Annotated[str, Path(pattern=f"^{NAME}$", description="a-z, 0-9 and -.", examples=["office"])]
CalendarVersion = Annotated[
    int | None, Query(ge=0, le=LATEST, description="Default: the newest; 0 is what is built in.", examples=[1])
]
NoteQuery = Annotated[str, Query(max_length=LONGEST_NOTE, pattern=_STORABLE, description="Why; kept with it.")]
AuthorQuery = Annotated[str, Query(max_length=LONGEST_AUTHOR, pattern=_STORABLE, description="Who you are.")]


ActivateBody = Annotated[ActivateIn | None, Body(examples=[{"version": 2, "note": "As agreed"}])]
RollBackBody = Annotated[RollBackIn | None, Body(examples=[{"note": "Too many tasks in «now»"}])]


async def _draft(request: Request) -> Draft:
    """The body, whichever form it has. Raises RulesetInvalid."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = kind == "application/json" or kind.endswith("+json")
    return await asyncio.to_thread(draft_of, await request.body(), is_json=is_json)


async def sound_draft(request: Request) -> Draft:
    """The body, whichever form it has. Raises Invalid."""
    try:
        return await _draft(request)
    except RulesetInvalid as error:
        raise refusal(error) from error


@router.get("/rulesets", operation_id="list_rulesets")
async def list_rulesets(
    request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None
) -> RulesetPage:
    """All rulesets by name, each by its newest version, and which one ranks."""
    after = paging.decode_text(cursor, "rulesets") if cursor else ""
    found = await service.names(session, after=after, limit=limit + 1)
    shown, following = paging.cut(found, limit, "rulesets", key=lambda last: last.name)
    next_link(request, response, following)
    return RulesetPage(items=await views.items(session, list(shown)), next_cursor=following)


@router.post("/rulesets/check", operation_id="check_ruleset", openapi_extra=openapi.BODY)
async def check_ruleset(request: Request, session: Reading) -> CheckedOut:
    """Whether a ruleset could be saved, and everything that is wrong in it. Nothing is kept."""
    name, written = None, True
    try:
        draft = await _draft(request)
        written = draft.written
        name = views.name_in(draft.text)
        return views.sound_out(await service.checked(session, draft.text))
    except RulesetInvalid as error:
        return views.unsound_out(error if written else without_lines(error), name)


@router.post(
    "/rulesets/rollback", operation_id="roll_back_ruleset", dependencies=RULES_WRITE, responses=problems.responses(409)
)
async def roll_back_ruleset(
    request: Request, session: Writing, body: RollBackBody = None, _key: Repeatable = None
) -> ActivatedOut:
    """Go back to what ranked before. Again, and it goes further back; 409 where nothing was before."""
    given, now = body or RollBackIn(), request.app.state.clock()
    row, left = await service.roll_back(session, actor=given.author, note=given.note, now=now)
    return views.activated_out(row, left, changed=True)


@router.get("/rulesets/activations", operation_id="list_ruleset_activations")
async def list_ruleset_activations(
    request: Request,
    response: Response,
    session: Reading,
    limit: Limit,
    name: OfName = None,
    cursor: Cursor = None,
) -> ActivationPage:
    """What ranked when, the newest first."""
    query = f"ruleset activations {name or ''}"
    before = paging.decode_id(cursor, query) if cursor else LATEST
    found = await service.history(session, name=name, before=before, limit=limit + 1)
    shown, following = paging.cut(found, limit, query, key=lambda last: last.id)
    next_link(request, response, following)
    return ActivationPage(items=[views.activation_out(row) for row in shown], next_cursor=following)


@router.get("/rulesets/{name}", operation_id="get_ruleset", responses=problems.responses(404))
async def get_ruleset(name: Name, session: Reading, version: Version = None) -> RulesetOut:
    """One version as TOML and as JSON. Without a number the active one, or the newest where another one is active."""
    active = await service.active(session)
    if version is None and active is not None and active.name == name:
        return views.ruleset_out(active, active)
    return views.ruleset_out(await service.version_of(session, name, version), active)


@router.post(
    "/rulesets/{name}",
    operation_id="save_ruleset",
    dependencies=RULES_WRITE,
    status_code=201,
    responses={200: {"model": SavedOut, "description": "It was so already."}, **problems.responses(409)},
    openapi_extra=openapi.BODY,
)
async def save_ruleset(
    name: Name,
    request: Request,
    response: Response,
    draft: Annotated[Draft, Depends(sound_draft)],
    note: NoteQuery = "",
    author: AuthorQuery = "",
    activate: Annotated[bool, Query(description="Let it rank at once.")] = False,
    _key: Repeatable = None,
) -> SavedOut:
    """A new version, checked first: TOML as it is, or JSON (the document, or an envelope that says more).

    Its number is counted here, whatever the document says; its name must be that of the address.
    """
    note, author = draft.note or note, draft.author or author
    async with database_of(request).reading() as session:  # the largest takes a second, which nobody has to wait for
        await service.sound(session, draft.text, written=draft.written)
    now = request.app.state.clock()
    async with writing(request) as session:
        saved = await service.save(session, name, draft.text, author=author, note=note, now=now)
        if activate if draft.activate is None else draft.activate:
            await service.activate(session, saved.row, actor=author, note=note, now=now)
        active = await service.active(session)
    response.status_code = 201 if saved.fresh else 200
    response.headers["Location"] = f"/api/v1/rulesets/{name}?version={saved.row.version}"
    return SavedOut(**views.full(saved.row, active), changed=saved.fresh, previous=views.reference(saved.before))


@router.get(
    "/rulesets/{name}/versions",
    operation_id="list_ruleset_versions",
    responses=problems.responses(404),
)
async def list_ruleset_versions(
    name: Name, request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None
) -> VersionPage:
    """All versions with author and note, the newest first."""
    query = f"ruleset versions {name}"
    await service.version_of(session, name)
    before = paging.decode_id(cursor, query) if cursor else LATEST
    found = await service.versions(session, name, before=before, limit=limit + 1)
    shown, following = paging.cut(found, limit, query, key=lambda last: last.version)
    next_link(request, response, following)
    active = await service.active(session)
    return VersionPage(
        items=[views.version_out(row, active) for row in shown],
        next_cursor=following,
    )


@router.get(
    "/rulesets/{name}/diff",
    operation_id="compare_ruleset_versions",
    responses=problems.responses(404),
)
async def compare_ruleset_versions(
    name: Name,
    session: Reading,
    from_: Annotated[int | None, Query(alias="from", ge=1, le=LATEST, description="Default: the one before.")] = None,
    to: Annotated[int | None, Query(ge=1, le=LATEST, description="Default: the newest.")] = None,
) -> DiffOut:
    """What changed between two versions, as text and by rule and field."""
    before, after = await service.compared(session, name, from_, to)
    return await asyncio.to_thread(views.diff_out, before, after)


@router.post(
    "/rulesets/{name}/activate",
    operation_id="activate_ruleset",
    dependencies=RULES_WRITE,
    responses=problems.responses(404),
)
async def activate_ruleset(
    name: Name, request: Request, session: Writing, body: ActivateBody = None, _key: Repeatable = None
) -> ActivatedOut:
    """Let a version rank from now on. Tasks are ranked again within moments; roll back undoes it."""
    given, now = body or ActivateIn(), request.app.state.clock()
    row = await service.usable(session, name, given.version)
    before, changed = await service.activate(session, row, actor=given.author, note=given.note, now=now)
    return views.activated_out(row, before, changed=changed)


@router.get("/facts", operation_id="list_facts")
async def list_facts() -> FactList:
    """The catalogue: every fact that rules may look at, with its type, its meaning and an example."""
    return FactList(items=views.facts())


@router.get("/calendars", operation_id="list_calendars")
async def list_calendars(
    request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None
) -> CalendarPage:
    """When people work: all calendars by name, the two that are built in among them."""
    after = paging.decode_text(cursor, "calendars") if cursor else ""
    found = [each for each in await calendars.every(session) if each.name > after]
    shown, following = paging.cut(found, limit, "calendars", key=lambda last: last.name)
    next_link(request, response, following)
    return CalendarPage(
        items=[views.calendar_out(each) for each in shown],
        next_cursor=following,
    )


CalendarBody = Annotated[dict[str, Any], Body(json_schema_extra=openapi.CALENDAR)]


@router.put("/calendars", operation_id="put_calendar", dependencies=RULES_WRITE, responses=problems.responses(409))
async def put_calendar(body: CalendarBody, request: Request, session: Writing) -> CalendarPut:
    """A calendar from now on; the body has its `name`. The same again changes nothing."""
    name = body.get("name")
    if not isinstance(name, str):
        raise Invalid("A calendar needs a name.", errors=[FieldError("body.name", "is needed, and is a text")])
    return await _put(name, body, request, session)


@router.get("/calendars/{name}", operation_id="get_calendar", responses=problems.responses(404))
async def get_calendar(name: CalendarName, session: Reading, version: CalendarVersion = None) -> CalendarOut:
    """One version of a calendar; without a number the one that counts now."""
    return views.calendar_out(await calendars.get(session, name, version))


@router.get(
    "/calendars/{name}/versions",
    operation_id="list_calendar_versions",
    responses=problems.responses(404),
)
async def list_calendar_versions(
    name: CalendarName, request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None
) -> CalendarPage:
    """All versions of a calendar with author and note, the newest first, and last what is built in."""
    query = f"calendar versions {name}"
    before = paging.decode_id(cursor, query) if cursor else LATEST
    found = await calendars.versions(session, name, before=before, limit=limit + 1)
    shown, following = paging.cut(found, limit, query, key=lambda last: last.version)
    next_link(request, response, following)
    return CalendarPage(
        items=[views.calendar_out(each) for each in shown],
        next_cursor=following,
    )


@router.put(
    "/calendars/{name}", operation_id="put_named_calendar", dependencies=RULES_WRITE, responses=problems.responses(409)
)
async def put_named_calendar(name: CalendarName, body: CalendarBody, request: Request, session: Writing) -> CalendarPut:
    """The calendar of this name from now on. The same again changes nothing."""
    if body.get("name", name) != name:
        raise Invalid("The body names another calendar.", errors=[FieldError("body.name", f"must be {name!r}")])
    return await _put(name, body, request, session)


async def _put(name: str, body: dict[str, Any], request: Request, session: Writing) -> CalendarPut:
    said = {key: body.get(key, "") for key in ("author", "note")}
    for key, value in said.items():
        if not isinstance(value, str):
            raise Invalid(f"The {key} must be a text.", errors=[FieldError(f"body.{key}", "must be a text")])
    kept = ("name", "version", "created_at", "changed", *said)  # what GET answers may be sent back as it is
    document = {key: value for key, value in body.items() if key not in kept}
    standing, changed = await calendars.put(session, name, document, **said, now=request.app.state.clock())
    return CalendarPut(**views.calendar(standing), changed=changed)
