"""Signing in and out over HTTP, and one's own account."""

from datetime import timedelta
from functools import partial
from typing import Annotated

from fastapi import Path, Request, Response

from app.core import acting, gate, problems
from app.core.identifying import FORGETS
from app.core.web import Reading, Repeatable, writing
from app.domains.identity import sessions, users
from app.domains.identity.access import ANYONE, SIGNED_IN
from app.domains.identity.models import User
from app.workflows.identity import cookies, csrf, own, views
from app.workflows.identity.entering import browser_of, doorkeeper
from app.workflows.identity.schemas import (
    LoginIn,
    MeOut,
    MePatch,
    PasswordChange,
    PasswordChanged,
    Revoked,
    SessionList,
)
from app.workflows.identity.signing_in import by_password
from app.workflows.identity.signing_in.by_password import Shown
from app.workflows.identity.welcoming import welcome

router = gate.router(dependencies=[FORGETS], prefix="/api/v1/auth", tags=["sign-in"], responses=problems.responses(422))

Id = Annotated[int, Path(ge=1, le=2**31 - 1, description="The session's id.")]


@router.post("/login", operation_id="login", dependencies=ANYONE, responses=problems.responses(401, 429, 503))
async def login(body: LoginIn, request: Request, response: Response) -> MeOut:
    """Sign in: the answer sets the session's cookie. 401 with code `code_needed` asks for the code as well."""
    settings = request.app.state.settings
    shown = Shown(body.email, body.password, body.code or "")
    entered = await by_password.sign_in(doorkeeper(request.app.state), shown, browser_of(request, settings))
    return welcome(request.app.state, response, entered)


@router.post("/logout", operation_id="logout", dependencies=SIGNED_IN, status_code=204)
async def logout(request: Request, response: Response, _key: Repeatable = None) -> None:
    """Sign this browser out."""
    user_id, session_id = own.person(acting.caller())
    with acting.doing("logout", f"session:{session_id}"):
        async with writing(request) as session:
            await sessions.end(session, user_id, session_id)
    cookies.sign_out(response, request.app.state.settings)


@router.get("/me", operation_id="get_me", dependencies=SIGNED_IN)
async def get_me(request: Request, response: Response, session: Reading) -> MeOut:
    """Who asks, and what they may do; for a browser also the token that goes with its changes."""
    who = acting.caller()
    user = await session.get(User, who.user_id) if who.user_id is not None else None
    token = cookies.session_of(request.cookies, request.app.state.settings) if who.session_id else ""
    response.headers["Cache-Control"] = "no-store"
    return views.me_out(who, user, csrf.token_for(request.app.state.vault, token) if token else None)


@router.patch("/me", operation_id="edit_me", dependencies=SIGNED_IN)
async def edit_me(body: MePatch, request: Request, response: Response) -> MeOut:
    """Change one's own name."""
    who = acting.caller()
    user_id, _ = own.person(who)
    async with writing(request) as session:
        user = await users.get(session, user_id, lock=True)
        await users.edit(session, user, name=body.name, now=request.app.state.clock())
    token = cookies.session_of(request.cookies, request.app.state.settings)
    response.headers["Cache-Control"] = "no-store"
    return views.me_out(who, user, csrf.token_for(request.app.state.vault, token))


@router.post(
    "/password",
    operation_id="change_password",
    dependencies=SIGNED_IN,
    responses=problems.responses(403, 409, 429, 503),
)
async def change_password(
    body: PasswordChange, request: Request, response: Response, _key: Repeatable = None
) -> PasswordChanged:
    """Set one's own password. All other sessions end; this browser is given a new one, with a new token.

    API keys stay good, unless `revoke_keys` is given; the answer tells how many do.
    """
    door, browser = doorkeeper(request.app.state), browser_of(request, request.app.state.settings)
    who = acting.caller()
    entered, held = await own.change_password(
        door, who, browser, partial(writing, request), old=body.old, new=body.new, revoke_keys=body.revoke_keys
    )
    return PasswordChanged(**welcome(request.app.state, response, entered).model_dump(), keys=held)


@router.get("/sessions", operation_id="list_sessions", dependencies=SIGNED_IN)
async def list_sessions(request: Request, session: Reading) -> SessionList:
    """Where one is signed in. A program has none."""
    who, state = acting.caller(), request.app.state
    if who.session_id is None or who.user_id is None:
        return SessionList(items=[])
    idle = timedelta(hours=state.settings.session_idle_hours)
    found = await sessions.of_user(session, who.user_id, now=state.clock(), idle=idle)
    return SessionList(items=[views.session_out(row, current=who.session_id) for row in found])


@router.delete(
    "/sessions/{session_id}",
    operation_id="end_session",
    dependencies=SIGNED_IN,
    status_code=204,
    responses=problems.responses(404),
)
async def end_session(session_id: Id, request: Request) -> None:
    """Sign one of one's own browsers out."""
    user_id, _ = own.person(acting.caller())
    async with writing(request) as session:
        await sessions.end(session, user_id, session_id)


@router.delete("/sessions", operation_id="end_other_sessions", dependencies=SIGNED_IN)
async def end_other_sessions(request: Request) -> Revoked:
    """Sign all of one's own browsers out but this one."""
    user_id, current = own.person(acting.caller())
    async with writing(request) as session:
        await users.get(session, user_id, lock=True)
        revoked = await sessions.end_all(session, user_id, but=current)
    return Revoked(revoked=revoked)
