"""Signing in while somebody ends all sessions: whatever comes first, nobody stays signed in, and nobody is told that
the database collided. Only Postgres has several writers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.acting import Caller
from app.core.database import Database
from app.core.errors import Conflict, Unauthenticated
from app.core.openid import Person
from app.domains.identity import external, one_time, sessions, users
from app.domains.identity.external import NotLetIn, Terms
from app.domains.identity.models import User, UserSession
from app.domains.identity.one_time import Purpose
from app.domains.identity.rules import Role
from app.settings import Settings
from app.workflows.identity import own
from app.workflows.identity.entering import Browser, caller_of, doorkeeper, enter
from app.workflows.identity.ways import links
from tests.api.client import Api, database_of, ok
from tests.api.conftest import serving, settings_on
from tests.api.people import ANOTHER, EMAIL, PASSWORD, add_user, browser
from tests.conftest import SettableClock

ENDINGS = ["password", "disabled", "role", "removed"]
ISSUER = "https://id.example"
HERE = Browser(address="127.0.0.1")


@pytest.fixture
async def api(
    postgres_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> AsyncIterator[Api]:
    async with serving(settings_on(settings, postgres_database), clock, tmp_path) as found:
        await asyncio.gather(*(found.get("/tasks") for _ in range(6)))  # connections, so that all run at once
        yield found


@pytest.fixture
async def ana(api: Api) -> User:
    user = await add_user(api)
    async with database_of(api).reading() as session:
        return await users.get(session, user["id"])


@asynccontextmanager
async def ending(api: Api, user: User, how: str) -> AsyncIterator[None]:
    """A transaction that has ended all sessions of a user, and commits half a second after the block has begun."""
    reached, now = asyncio.Event(), api.app.state.clock()

    async def end() -> None:
        async with database_of(api).writing() as session:
            found = await users.get(session, user.id, lock=True)
            if how == "password":
                await users.set_password(session, found, "another", now=now)
            elif how == "disabled":
                await users.edit(session, found, disabled=True, now=now)
            elif how == "role":
                await users.edit(session, found, role=Role.VIEWER, now=now)
            else:
                await users.remove(session, found)
            reached.set()
            await asyncio.sleep(0.5)

    task = asyncio.create_task(end())
    await reached.wait()
    try:
        yield
    finally:
        await task


async def count_of_sessions(api: Api) -> int:
    async with database_of(api).reading() as session:
        return (await session.execute(select(func.count()).select_from(UserSession))).scalar_one()


@pytest.mark.parametrize("how", ENDINGS)
@pytest.mark.parametrize("purpose", [Purpose.SIGN_IN, Purpose.PASSWORD])
async def test_a_link_that_is_followed_meanwhile_is_good_for_nothing(
    api: Api, ana: User, how: str, purpose: Purpose
) -> None:
    now, lasts = api.app.state.clock(), timedelta(minutes=5)
    async with database_of(api).writing() as session:
        token = await one_time.issue(session, purpose, now=now, good_for=lasts, user_id=ana.id)
    door = doorkeeper(api.app.state)

    async def follow() -> None:
        if purpose is Purpose.SIGN_IN:
            await links.sign_in(door, token, HERE, from_here=True)
        else:
            await links.set_password(door, token, ANOTHER, HERE)

    async with ending(api, ana, how):
        with pytest.raises(Unauthenticated):
            await follow()

    assert await count_of_sessions(api) == 0


@pytest.mark.parametrize("joined", [True, False])
async def test_single_sign_on_waits_and_looks_again_whether_the_user_is_disabled(
    api: Api, ana: User, joined: bool
) -> None:
    person, terms = Person(ISSUER, "ana", EMAIL, True, "Ana"), Terms((), Role.VIEWER)
    if joined:
        async with database_of(api).writing() as session:
            await external.user_of(session, person, terms, now=api.app.state.clock())

    async with ending(api, ana, "disabled"):
        with pytest.raises(NotLetIn):
            await came_from_elsewhere(api, person, terms)

    assert await count_of_sessions(api) == 0


async def came_from_elsewhere(api: Api, person: Person, terms: Terms, pause_s: float = 0) -> None:
    state = api.app.state
    async with state.database.writing() as session:
        user = await external.user_of(session, person, terms, now=state.clock())
        await asyncio.sleep(pause_s)
        how: dict[str, Any] = {"settings": state.settings, "vault": state.vault, "now": state.clock()}
        await enter(session, user, HERE, method="oidc", **how)


@pytest.mark.parametrize("how", ENDINGS)
async def test_single_sign_on_and_an_admin_never_wait_for_each_other(api: Api, ana: User, how: str) -> None:
    person, terms = Person(ISSUER, "ana", EMAIL, True, "Ana"), Terms((), Role.VIEWER)

    async def admin() -> None:
        await asyncio.sleep(0.1)
        async with ending(api, ana, how):
            pass

    await asyncio.gather(came_from_elsewhere(api, person, terms, pause_s=0.4), admin())

    assert await count_of_sessions(api) == 0


async def test_whoever_is_signed_out_everywhere_does_not_change_the_password_after_it(api: Api, ana: User) -> None:
    async with browser(api.app) as hers:
        session_id = ok(await hers.sign_in())["session_id"]
    who: Caller = caller_of(ana, session_id=session_id, address="")
    door = doorkeeper(api.app.state)
    ready, go = asyncio.Event(), asyncio.Event()

    async def change() -> None:
        ready.set()
        await go.wait()
        await own.change_password(door, who, HERE, door.database.writing, old=PASSWORD, new=ANOTHER)

    task = asyncio.create_task(change())
    await ready.wait()
    async with database_of(api).writing() as session:
        await users.get(session, ana.id, lock=True)
        await sessions.end_all(session, ana.id)
        go.set()
        await asyncio.sleep(1.5)  # by now the password was compared, and it waits for the user
    with pytest.raises(Conflict):
        await task

    assert await count_of_sessions(api) == 0


async def at_once(api: Api, *works: Callable[[AsyncSession], Awaitable[Any]], rounds: int = 15) -> None:
    """Each in transactions of its own, all at the same time, again and again. Fails where two of them collide."""

    async def again(work: Callable[[AsyncSession], Awaitable[Any]]) -> None:
        for _ in range(rounds):
            async with database_of(api).writing() as session:
                await work(session)

    await asyncio.wait_for(asyncio.gather(*map(again, works)), 60)


async def test_links_being_made_and_swept_away_and_forgotten_do_not_collide(api: Api, ana: User) -> None:
    now = api.app.state.clock()

    async def made(session: AsyncSession) -> None:
        for lasts in (timedelta(0), timedelta(0), timedelta(minutes=1)):
            await one_time.issue(session, Purpose.PASSWORD, now=now, good_for=lasts, user_id=ana.id)

    async def forgotten(session: AsyncSession) -> None:
        await users.set_password(session, await users.get(session, ana.id, lock=True), "another", now=now)

    await at_once(api, made, made, forgotten)


async def test_sessions_being_used_and_ended_and_swept_away_do_not_collide(api: Api, ana: User) -> None:
    state, later = api.app.state, api.app.state.clock() + timedelta(hours=1)

    async def begun(session: AsyncSession) -> None:
        user = await users.get(session, ana.id, lock=True)
        for lasts in (timedelta(hours=2), timedelta(0)):
            await sessions.begin(session, user, method="link", now=state.clock(), lasts=lasts)

    async def used(session: AsyncSession) -> None:
        for number in (await session.execute(select(UserSession.id).order_by(UserSession.id.desc()))).scalars():
            await sessions.seen(session, number, now=later)

    async def ended(session: AsyncSession) -> None:
        await users.get(session, ana.id, lock=True)
        await sessions.end_all(session, ana.id)

    async def swept(session: AsyncSession) -> None:
        await sessions.forget_old(session, now=state.clock())

    await at_once(api, begun, used, ended, swept)
