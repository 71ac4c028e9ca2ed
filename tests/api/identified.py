"""Credentials of every sort, for tests of who may do what."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.domains.identity import sessions, users
from app.domains.identity.models import User, UserSession
from app.domains.identity.rules import Role
from app.workflows.identity import cookies, csrf
from tests.api.client import Api, database_of

Headers = dict[str, str]


def bearer(shown: str) -> Headers:
    return {"Authorization": f"Bearer {shown}"}


async def user(api: Api, role: Role, *, email: str = "", disabled: bool = False) -> User:
    """A user of this role; the same one for the same address."""
    async with database_of(api).writing() as session:
        address = email or f"{role}@example.org"
        found = await users.by_email(session, address)
        found = found or await users.create(session, address, role, now=api.app.state.clock())
        if disabled:  # past the rule that an admin must remain
            found.disabled_at = api.app.state.clock()
        await session.flush()
        return found


async def signed_in(api: Api, whose: User, *, lasts: timedelta = timedelta(days=30)) -> str:
    """The token of a new session."""
    async with database_of(api).writing() as session:
        owner = await session.get_one(User, whose.id)
        _, token = await sessions.begin(session, owner, method="password", now=api.app.state.clock(), lasts=lasts)
        return token


def cookie(api: Api, token: str, *, proof: str | None = None) -> Headers:
    """What the page of a session sends; with `proof`, that instead of the right one."""
    name = cookies.session_name(api.app.state.settings)
    right = csrf.token_for(api.app.state.vault, token)
    # The tests' client sends a key by itself, and that would win.
    return {"Cookie": f"{name}={token}", csrf.HEADER: right if proof is None else proof, "Authorization": ""}


async def as_role(api: Api, role: Role, **how: Any) -> Headers:
    """A session of a user of this role."""
    return cookie(api, await signed_in(api, await user(api, role, **how)))


async def leave_idle(api: Api, token_of: User, for_s: float) -> None:
    """As if the user's sessions had not been used for so long."""
    async with database_of(api).writing() as session:
        for row in (await session.execute(select(UserSession).where(UserSession.user_id == token_of.id))).scalars():
            row.seen_at = api.app.state.clock() - timedelta(seconds=for_s)
