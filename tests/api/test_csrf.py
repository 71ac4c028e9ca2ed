"""A request that a cookie vouches for changes something only where our own page made it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core.database import Database
from app.settings import Settings
from tests.api.client import Api, ok, problem
from tests.api.conftest import serving, settings_on
from tests.api.people import Browser, add_user, browser
from tests.conftest import SettableClock


@pytest.fixture
async def ana(sqlite_api: Api) -> AsyncIterator[Browser]:
    await add_user(sqlite_api)
    async with browser(sqlite_api.app) as found:
        ok(await found.sign_in())
        yield found


async def test_reading_needs_no_token(ana: Browser) -> None:
    del ana.http.headers["X-CSRF-Token"]

    assert (await ana.get("/tasks")).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
async def test_changing_does(ana: Browser, method: str) -> None:
    del ana.http.headers["X-CSRF-Token"]

    answer = await ana.http.request(method, "/api/v1/auth/sessions/1", json={})

    assert answer.status_code in (401, 405)
    assert await ana.is_in()
    assert "X-CSRF-Token" in problem(await ana.post("/tasks", {"title": "A task"}), 401)["detail"]


async def test_the_token_is_of_this_sign_in_alone(ana: Browser, sqlite_api: Api) -> None:
    async with browser(sqlite_api.app) as other:
        ok(await other.sign_in())
        ana.http.headers["X-CSRF-Token"] = other.http.headers["X-CSRF-Token"]

    assert problem(await ana.post("/tasks", {"title": "A task"}), 401)


async def test_with_it_people_act(ana: Browser) -> None:
    assert (await ana.post("/tasks", {"title": "A task"})).status_code == 201


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"origin": "http://watchfloor.test", "sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": "http://localhost:5173", "sec-fetch-site": "cross-site"}, True),  # CORS_ORIGINS names it
        ({"origin": "https://elsewhere.example"}, False),
        ({"origin": "null"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
    ],
)
async def test_even_with_it_only_from_our_page(ana: Browser, headers: dict[str, str], taken: bool) -> None:
    answer = await ana.http.post("/api/v1/tasks", json={"title": "A task"}, headers=headers)

    assert answer.is_success is taken
    assert taken or answer.status_code in (401, 403)


async def test_a_key_needs_none(sqlite_api: Api) -> None:
    headers = {"sec-fetch-site": "cross-site", "cookie": "watchfloor_session=whatever"}

    assert (await sqlite_api.http.post("/api/v1/tasks", json={"title": "A task"}, headers=headers)).status_code == 201


async def test_our_address_may_be_written_in_every_way_that_it_can_be(
    sqlite_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> None:
    """A browser writes it in lower case, and without the usual port."""
    of = settings_on(settings, sqlite_database).model_copy(update={"public_url": "http://Board.example:80"})
    async with serving(of, clock, tmp_path) as api:
        await add_user(api)
        async with browser(api.app) as found:
            ok(await found.sign_in())
            found.http.headers["origin"] = "http://board.example"

            assert (await found.post("/tasks", {"title": "A task"})).status_code == 201
