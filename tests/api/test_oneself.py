"""What an admin's browser that was left open, or their key, may not do to the admin; and what a new password leaves."""

from collections.abc import AsyncIterator

import pytest

from app.domains.identity.rules import Scope
from tests.api.client import Api, Document, ok, problem
from tests.api.conftest import key_of
from tests.api.identified import bearer
from tests.api.people import ANOTHER, PASSWORD, Browser, add_user, browser


@pytest.fixture
async def boss(api: Api) -> Document:
    return await add_user(api, role="admin")


@pytest.fixture
async def left_open(api: Api, boss: Document) -> AsyncIterator[Browser]:
    async with browser(api.app) as found:
        ok(await found.sign_in())
        yield found


async def test_admins_do_to_themselves_nothing_that_would_ask_for_their_password_elsewhere(
    api: Api, boss: Document, left_open: Browser
) -> None:
    own = f"/users/{boss['id']}"
    key = bearer(await key_of(api.app, Scope.ADMIN, user_id=boss["id"]))

    refused = [
        await left_open.post(f"{own}/password", {"password": ANOTHER}),
        await left_open.post(f"{own}/password-link"),
        await left_open.delete(f"{own}/totp"),
        await api.http.post(f"/api/v1{own}/password", json={"password": ANOTHER}, headers=key),
        await api.http.post(f"/api/v1{own}/password-link", headers=key),
        await api.http.delete(f"/api/v1{own}/totp", headers=key),
    ]

    details = [problem(each, 403)["detail"] for each in refused]
    assert all("For yourself use" in each and "/api/v1/auth/" in each for each in details)
    assert await left_open.is_in()


async def test_they_do_it_to_others(api: Api, left_open: Browser) -> None:
    other = f"/users/{(await add_user(api, 'ben@example.org'))['id']}"

    ok(await left_open.post(f"{other}/password", {"password": ANOTHER}))
    ok(await left_open.post(f"{other}/password-link"))
    assert (await left_open.delete(f"{other}/totp")).status_code == 204


@pytest.mark.parametrize("revoke", [False, True])
async def test_a_new_password_tells_which_keys_it_leaves_and_ends_them_where_that_is_wanted(
    api: Api, boss: Document, left_open: Browser, revoke: bool
) -> None:
    made = [
        ok(await left_open.post("/api-keys", {"name": "a", "scopes": ["tasks:read"]})),
        ok(await left_open.post("/api-keys", {"name": "b", "scopes": ["tasks:read"], "owned": False})),
    ]
    another = await key_of(api.app, Scope.TASKS_READ, user_id=(await add_user(api, "ben@example.org"))["id"])
    body = {"old": PASSWORD, "new": ANOTHER} | ({"revoke_keys": True} if revoke else {})

    changed = ok(await left_open.post("/auth/password", body))

    assert changed["keys"] == (0 if revoke else 2)
    keys = [*(each["key"] for each in made), another]
    answers = [(await api.http.get("/api/v1/tasks", headers=bearer(each))).status_code for each in keys]
    assert answers == ([401, 401, 200] if revoke else [200, 200, 200])
    assert await left_open.is_in()
