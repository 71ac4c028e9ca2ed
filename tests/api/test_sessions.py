"""Sessions: how long they last, where one is signed in, and signing out elsewhere."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from app.domains.identity.models import UserSession
from tests.api.client import Api, database_of, ok, problem
from tests.api.people import Browser, add_user, browser
from tests.conftest import SettableClock


@pytest.fixture
async def ana(api: Api) -> AsyncIterator[Browser]:
    await add_user(api)
    async with browser(api.app) as found:
        ok(await found.sign_in())
        yield found


async def test_a_session_that_is_not_used_ends(ana: Browser, clock: SettableClock) -> None:
    clock.advance(hours=71)
    assert await ana.is_in()
    clock.advance(hours=73)
    assert not await ana.is_in()


async def test_one_that_is_used_ends_after_its_longest_time(ana: Browser, api: Api, clock: SettableClock) -> None:
    for _ in range(29):
        clock.advance(days=1)
        assert await ana.is_in()
        await api.app.state.recogniser.uses.stop()  # being used is written down in the background
    clock.advance(days=1)
    assert not await ana.is_in()

    await api.jobs.tidy()
    async with database_of(api).reading() as session:
        assert (await session.execute(select(UserSession))).all() == []


async def test_one_sees_where_one_is_signed_in(ana: Browser, api: Api, clock: SettableClock) -> None:
    clock.advance(minutes=5)
    async with browser(api.app, address="198.51.100.9") as other:
        other.http.headers["user-agent"] = "Another browser"
        ok(await other.sign_in())

        newest, oldest = ok(await other.get("/auth/sessions"))["items"]

        assert (newest["address"], newest["user_agent"], newest["current"]) == ("198.51.100.9", "Another browser", True)
        assert (oldest["current"], oldest["method"]) == (False, "password")
        assert not {"token", "token_hash"} & set(newest)


async def test_one_signs_another_browser_out(ana: Browser, api: Api) -> None:
    async with browser(api.app) as other:
        theirs = ok(await other.sign_in())["session_id"]

        assert (await ana.delete(f"/auth/sessions/{theirs}")).status_code == 204

        assert not await other.is_in()
        assert await ana.is_in()


async def test_or_all_others(ana: Browser, api: Api) -> None:
    async with browser(api.app) as second, browser(api.app) as third:
        ok(await second.sign_in())
        ok(await third.sign_in())

        assert ok(await ana.delete("/auth/sessions")) == {"revoked": 2}

        assert [await each.is_in() for each in (ana, second, third)] == [True, False, False]


async def test_somebody_elses_session_is_none_of_ones_own(ana: Browser, api: Api) -> None:
    await add_user(api, "ben@example.org")
    async with browser(api.app) as other:
        theirs = ok(await other.sign_in("ben@example.org"))["session_id"]

        assert problem(await ana.delete(f"/auth/sessions/{theirs}"), 404)
        assert await other.is_in()


async def test_an_admin_signs_somebody_out_everywhere(ana: Browser, api: Api) -> None:
    user = (await ana.me())["user"]

    assert ok(await api.http.delete(f"/api/v1/users/{user['id']}/sessions")) == {"revoked": 1}

    assert not await ana.is_in()


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"disabled": True}])
async def test_another_role_and_being_disabled_end_sessions(ana: Browser, api: Api, change: dict[str, object]) -> None:
    user = (await ana.me())["user"]

    ok(await api.http.patch(f"/api/v1/users/{user['id']}", json=change))

    assert not await ana.is_in()


async def test_a_new_name_does_not(ana: Browser, api: Api) -> None:
    user = (await ana.me())["user"]

    ok(await api.http.patch(f"/api/v1/users/{user['id']}", json={"name": "Ana", "role": "operator"}))

    assert await ana.is_in()


async def test_being_removed_ends_them(ana: Browser, api: Api) -> None:
    user = (await ana.me())["user"]

    assert (await api.http.delete(f"/api/v1/users/{user['id']}")).status_code == 204

    assert not await ana.is_in()


async def test_being_seen_is_written_down_at_most_once_a_minute(ana: Browser, api: Api, clock: SettableClock) -> None:
    async def seen() -> object:
        await api.app.state.recogniser.uses.stop()
        async with database_of(api).reading() as session:
            return (await session.execute(select(UserSession.seen_at))).scalar_one()

    first = clock()
    clock.advance(seconds=59)
    await ana.me()
    assert await seen() == first
    clock.advance(seconds=2)
    await ana.me()
    assert await seen() == clock()
