"""Users, as admins manage them."""

import asyncio

import httpx
import pytest
from sqlalchemy import select

from app.domains.connections.models import Integration
from app.domains.identity.models import ApiKey
from app.domains.identity.rules import Scope
from tests.api.client import Api, Document, database_of, locations, ok, problem
from tests.api.conftest import key_of
from tests.api.people import ANOTHER, EMAIL, PASSWORD, USERS, Browser, add_user, browser


async def patch(api: Api, user: Document, **fields: object) -> httpx.Response:
    return await api.http.patch(f"{USERS}/{user['id']}", json=fields)


async def remove(api: Api, user: Document) -> httpx.Response:
    return await api.http.delete(f"{USERS}/{user['id']}")


async def test_somebody_is_added_and_found(api: Api) -> None:
    answer = await api.http.post(USERS, json={"email": " Ana@Example.org", "role": "operator", "name": "Ana Ruiz"})

    made = ok(answer)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{USERS}/{made['id']}"
    assert (made["email"], made["name"], made["has_password"], made["disabled"]) == (EMAIL, "Ana Ruiz", False, False)
    assert await api.get(f"/users/{made['id']}") == {**made, "keys_left": []}


async def test_no_password_and_no_hash_is_ever_shown(api: Api) -> None:
    made = await add_user(api)

    assert "password" not in set(made) - {"has_password"}
    assert "argon2" not in str(await api.get("/users"))


async def test_nobody_is_added_twice(api: Api) -> None:
    await add_user(api, password=None)

    assert (
        EMAIL in problem(await api.http.post(USERS, json={"email": "ANA@example.org", "role": "viewer"}), 409)["detail"]
    )


async def test_not_even_at_the_same_moment(api: Api) -> None:
    given = {"email": EMAIL, "role": "viewer"}

    answers = await asyncio.gather(*(api.http.post(USERS, json=given) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


@pytest.mark.parametrize(
    "email",
    ["ana", "ana@", "@x.org", "ana@x y.org", "ana@x.org\u0000", "ánà@x.org", "a@b@c.org", "a..b@c.org", ".a@c.org"],
)
async def test_an_address_must_be_one(sqlite_api: Api, email: str) -> None:
    answer = await sqlite_api.http.post(USERS, json={"email": email, "role": "viewer"})

    assert locations(problem(answer, 422)) == ["body.email"]


async def test_everybody_is_listed_in_pages(api: Api) -> None:
    for number in range(5):
        await add_user(api, f"user{number}@example.org", password=None)

    first = await api.get("/users", limit=3)
    second = await api.get("/users", limit=3, cursor=first["next_cursor"])

    assert [each["email"][4] for page in (first, second) for each in page["items"]] == list("01234")
    assert (first["has_more"], second["has_more"]) == (True, False)


async def test_name_role_and_being_disabled_are_changed(api: Api) -> None:
    user = await add_user(api, password=None)

    changed = ok(await patch(api, user, name="Ana", role="viewer", disabled=True))

    assert (changed["name"], changed["role"], changed["disabled"]) == ("Ana", "viewer", True)
    assert not ok(await patch(api, user, disabled=False))["disabled"]
    assert locations(problem(await patch(api, user, role="owner"), 422)) == ["body.role"]
    assert problem(await patch(api, {"id": 999}, name="Nobody"), 404)


async def test_the_last_admin_can_not_be_removed_disabled_or_made_less(api: Api) -> None:
    admin = await add_user(api, role="admin", password=None)
    away = await add_user(api, "ben@example.org", role="admin", password=None)
    ok(await patch(api, away, disabled=True))

    for answer in (
        await remove(api, admin),
        await patch(api, admin, disabled=True),
        await patch(api, admin, role="viewer"),
    ):
        assert "the only admin" in problem(answer, 409)["detail"]
    assert (await remove(api, away)).status_code == 204
    assert ok(await patch(api, admin, name="Still here"))["role"] == "admin"


async def test_with_another_one_it_can(api: Api) -> None:
    admin = await add_user(api, role="admin", password=None)
    await add_user(api, "ben@example.org", role="admin", password=None)

    assert (await remove(api, admin)).status_code == 204


async def test_two_admins_can_not_remove_each_other_at_the_same_moment(api: Api) -> None:
    admins = [await add_user(api, f"admin{n}@example.org", role="admin", password=None) for n in range(3)]

    answers = await asyncio.gather(*(patch(api, each, role="viewer") for each in admins))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 409]


async def test_with_a_user_go_their_keys_and_their_integrations_stay_as_nobodys(api: Api) -> None:
    user = await add_user(api, password=None)
    await key_of(api.app, Scope.TASKS_READ, user_id=user["id"])
    made = await api.post("/integrations", {"kind": "mbox", "name": "Ana's mail"})
    async with database_of(api).writing() as session:
        integration = await session.get(Integration, made["id"])
        assert integration is not None
        integration.owner_id = user["id"]

    assert (await remove(api, user)).status_code == 204

    async with database_of(api).reading() as session:
        assert (await session.execute(select(ApiKey).where(ApiKey.user_id.is_not(None)))).all() == []
        integration = await session.get(Integration, made["id"])
    assert integration is not None
    assert integration.owner_id is None
    assert problem(await api.http.get(f"{USERS}/{user['id']}"), 404)


async def test_an_id_is_not_given_again(api: Api) -> None:
    user = await add_user(api, password=None)
    await remove(api, user)

    assert (await add_user(api, password=None))["id"] > user["id"]


async def test_an_admin_sets_a_forgotten_password(api: Api) -> None:
    user = await add_user(api)
    async with browser(api.app) as ana:
        ok(await ana.sign_in())

        ok(await api.http.post(f"{USERS}/{user['id']}/password", json={"password": ANOTHER}))

        assert not await ana.is_in()
        assert (await ana.sign_in(password=PASSWORD)).status_code == 401
        assert (await ana.sign_in(password=ANOTHER)).status_code == 200


async def test_a_poor_password_is_refused(sqlite_api: Api) -> None:
    user = await add_user(sqlite_api, password=None)

    for body in ({"password": EMAIL}, {"password": "short"}):
        answer = await sqlite_api.http.post(f"{USERS}/{user['id']}/password", json=body)
        assert locations(problem(answer, 422)) == ["body.password"]
    answer = await sqlite_api.http.post(
        USERS, json={"email": "b@example.org", "role": "viewer", "password": "password"}
    )
    assert locations(problem(answer, 422)) == ["body.password"]


async def test_only_admins_see_and_change_users(api: Api) -> None:
    await add_user(api, role="operator")
    async with browser(api.app) as ana:
        ok(await ana.sign_in())

        assert problem(await ana.get("/users"), 403)["permission"] == "users:manage"
        assert (await ana.post("/users", {"email": "b@example.org", "role": "admin"})).status_code == 403
        assert (await ana.patch("/users/1", {"role": "admin"})).status_code == 403


async def test_an_admin_who_is_signed_in_manages_users(api: Api) -> None:
    await add_user(api, role="admin")
    async with browser(api.app) as ana:
        ok(await ana.sign_in())

        assert ok(await added_by(ana))["email"] == "b@example.org"


async def added_by(admin: Browser) -> httpx.Response:
    return await admin.post("/users", {"email": "b@example.org", "role": "viewer"})


async def test_what_was_changed_is_in_the_audit_trail_without_a_secret(api: Api) -> None:
    user = await add_user(api)
    ok(await patch(api, user, role="viewer"))
    async with browser(api.app) as ana:
        await ana.sign_in(password="not the one 1234")
        ok(await ana.sign_in())

    entries = (await api.get("/audit", limit=50))["items"]

    told = str(entries)
    assert PASSWORD not in told
    assert "argon2" not in told
    assert {"before": "operator", "after": "viewer"}.items() <= next(
        change for entry in entries for change in entry["changes"] if change["field"] == "role" and change["before"]
    ).items()
    assert {"login", "sign_in_failed", "create_user"} <= {entry["action"] for entry in entries}
