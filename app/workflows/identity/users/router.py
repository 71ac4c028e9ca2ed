"""Users over HTTP, for admins."""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.core import gate, paging, problems
from app.core.identifying import FORGETS
from app.core.web import Count, Cursor, Limit, Reading, Repeatable, next_link, writing
from app.domains.identity import keys, sessions, totp, users
from app.domains.identity.access import USERS_MANAGE
from app.workflows.identity import new_passwords, own, removing, views
from app.workflows.identity.schemas import PasswordReset, Revoked, UserIn, UserOut, UserPage, UserPatch, UserWithKeys

router = gate.router(
    prefix="/api/v1/users", tags=["users"], dependencies=[FORGETS, *USERS_MANAGE], responses=problems.responses(422)
)

Id = Annotated[int, Path(ge=1, le=2**31 - 1, description="The user's id.")]
RevokeKeys = Annotated[bool, Query(description="Also end the keys that they made for nobody.")]


@router.get("", operation_id="list_users")
async def list_users(
    request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None, count: Count = False
) -> UserPage:
    """Everybody who may sign in, in the order they were added."""
    after = paging.decode_id(cursor, "users") if cursor else 0
    found = await users.page(session, after=after, limit=limit + 1)
    shown, following = paging.cut(found, limit, "users", key=lambda last: last.id)
    next_link(request, response, following)
    total = await users.count(session) if count else None
    return UserPage(items=[views.user_out(each) for each in shown], next_cursor=following, total=total)


@router.post("", operation_id="create_user", status_code=201, responses=problems.responses(409, 503))
async def create_user(body: UserIn, request: Request, response: Response, _key: Repeatable = None) -> UserOut:
    """Add somebody. Without a password they come by a link, or by single sign-on."""
    state, stored = request.app.state, None
    if body.password is not None:
        stored = await new_passwords.hashed(state.settings, body.password, email=body.email)
    async with writing(request) as session:
        user = await users.create(
            session, body.email, body.role, name=body.name, password_hash=stored, now=state.clock()
        )
    response.headers["Location"] = f"/api/v1/users/{user.id}"
    return views.user_out(user)


@router.get("/{user_id}", operation_id="get_user", responses=problems.responses(404))
async def get_user(user_id: Id, request: Request, session: Reading) -> UserWithKeys:
    """One of them, with the keys that they made for nobody."""
    user = await users.get(session, user_id)
    return views.user_with_keys(user, await keys.left_by(session, user_id, now=request.app.state.clock()))


@router.patch("/{user_id}", operation_id="edit_user", responses=problems.responses(404, 409))
async def edit_user(user_id: Id, body: UserPatch, request: Request) -> UserWithKeys:
    """Change a name or a role, or keep somebody from signing in. Some admin who can sign in always remains.

    Keys that they made for nobody stay good, and stand in the answer; with `revoke_keys` they end.
    """
    async with writing(request) as session:
        user = await users.get(session, user_id, lock=True)
        now = request.app.state.clock()
        await users.edit(session, user, name=body.name, role=body.role, disabled=body.disabled, now=now)
        if body.revoke_keys:
            await removing.revoke_keys(session, user_id, now=now)
        left = await keys.left_by(session, user_id, now=now)
    return views.user_with_keys(user, left)


@router.delete("/{user_id}", operation_id="remove_user", status_code=204, responses=problems.responses(404, 409))
async def remove_user(user_id: Id, request: Request, revoke_keys: RevokeKeys = False) -> None:
    """Remove somebody with their sessions and keys. Their integrations stay, and are nobody's.

    So do keys that they made for nobody, unless `revoke_keys` is given: `GET /api/v1/users/{user_id}` lists them.
    """
    async with writing(request) as session:
        if revoke_keys:
            await users.get(session, user_id, lock=True)  # before their keys, as everywhere
            await removing.revoke_keys(session, user_id, now=request.app.state.clock())
        await removing.remove(session, user_id)


@router.post("/{user_id}/password", operation_id="reset_password", responses=problems.responses(403, 404, 503))
async def reset_password(user_id: Id, body: PasswordReset, request: Request, _key: Repeatable = None) -> UserOut:
    """Set somebody's password: they forgot it. Their sessions end. 403 for oneself."""
    own.not_of_oneself(user_id, "POST /api/v1/auth/password")
    state = request.app.state
    async with state.database.reading() as session:
        email = (await users.get(session, user_id)).email
    stored = await new_passwords.hashed(state.settings, body.password, email=email)
    async with writing(request) as session:
        user = await users.get(session, user_id, lock=True)
        await users.set_password(session, user, stored, now=state.clock())
    return views.user_out(user)


@router.delete("/{user_id}/sessions", operation_id="revoke_sessions", responses=problems.responses(404))
async def revoke_sessions(user_id: Id, request: Request) -> Revoked:
    """Sign somebody out everywhere."""
    async with writing(request) as session:
        await users.get(session, user_id, lock=True)
        revoked = await sessions.end_all(session, user_id)
    return Revoked(revoked=revoked)


@router.delete("/{user_id}/totp", operation_id="reset_totp", status_code=204, responses=problems.responses(403, 404))
async def reset_totp(user_id: Id, request: Request) -> None:
    """Ask somebody for no code any more: they lost their app and their recovery codes. 403 for oneself."""
    own.not_of_oneself(user_id, "POST /api/v1/auth/totp/switch-off")
    async with writing(request) as session:
        user = await users.get(session, user_id, lock=True)
        totp.switch_off(session, user, now=request.app.state.clock())
