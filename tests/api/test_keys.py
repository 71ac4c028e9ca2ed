"""API keys over HTTP: made, shown once, listed, edited, replaced, revoked; and what each lets in."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.domains.identity.models import ApiKey
from app.domains.identity.rules import Role, Scope
from tests.api.client import Api, Document, database_of, locations, ok, problem
from tests.api.conftest import key_of
from tests.api.identified import Headers, as_role, bearer, user
from tests.api.people import add_user, browser
from tests.conftest import SettableClock

KEYS = "/api/v1/api-keys"


@pytest.fixture
async def operator(api: Api) -> Headers:
    return await as_role(api, Role.OPERATOR)


async def make(api: Api, headers: Headers | None = None, **fields: Any) -> Document:
    body = {"name": "nightly", "scopes": ["tasks:read"]} | fields
    return ok(await api.http.post(KEYS, json=body, headers=headers))


async def asks(api: Api, headers: Headers, path: str = "/api/v1/tasks", **how: Any) -> httpx.Response:
    return await api.http.get(path, headers=headers, **how)


async def listed(api: Api, headers: Headers | None = None, **query: Any) -> list[str]:
    found = ok(await api.http.get(KEYS, headers=headers, params=query))
    return [each["name"] for each in found["items"]]


async def test_a_key_is_shown_once_and_never_again(api: Api) -> None:
    answer = await api.http.post(KEYS, json={"name": "nightly", "scopes": ["tasks:read"]})
    made = answer.json()

    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["location"] == f"{KEYS}/{made['id']}"
    assert made["key"].startswith(made["prefix"] + "_")
    again = await api.http.get(answer.headers["location"])
    assert again.json() == {name: value for name, value in made.items() if name != "key"}
    everything = again.text + (await api.http.get(KEYS)).text
    assert made["key"] not in everything
    async with database_of(api).reading() as session:
        row = await session.get_one(ApiKey, made["id"])
        assert made["key"] not in str(vars(row))
        assert row.key_hash not in everything


async def test_a_repeat_under_the_same_idempotency_key_makes_no_second_key_and_shows_none(api: Api) -> None:
    body = {"name": "nightly", "scopes": ["tasks:read"]}
    first = await api.http.post(KEYS, json=body, headers={"Idempotency-Key": "k"})
    second = await api.http.post(KEYS, json=body, headers={"Idempotency-Key": "k"})

    assert first.status_code == 201
    assert first.json()["key"] not in second.text
    assert await listed(api) == ["test", "nightly"]


async def test_a_key_does_what_its_scopes_say(api: Api) -> None:
    key = bearer((await make(api, scopes=["sync:run"]))["key"])

    assert (await asks(api, key, "/api/v1/sync/runs")).status_code == 200
    assert problem(await asks(api, key), 403)["permission"] == "tasks:read"


async def test_a_key_may_never_do_more_than_whoever_makes_it(api: Api, operator: Headers) -> None:
    refused = await api.http.post(KEYS, json={"name": "more", "scopes": ["tasks:read", "admin"]}, headers=operator)

    assert "You may not give it: admin." in problem(refused, 403)["detail"]
    assert "permission" not in refused.json()
    assert (await make(api, operator, scopes=["tasks:write", "metrics:read"]))["owner"][
        "email"
    ] == "operator@example.org"


async def test_a_viewer_has_no_keys(api: Api) -> None:
    viewer = await as_role(api, Role.VIEWER)

    problem(await api.http.post(KEYS, json={"name": "mine", "scopes": ["tasks:read"]}, headers=viewer), 403)
    assert await listed(api, viewer) == []


async def test_who_is_a_viewer_now_sees_and_revokes_the_keys_that_they_have_from_before(api: Api) -> None:
    ana = await add_user(api)
    async with browser(api.app) as at:
        ok(await at.sign_in())
        made = (await at.post("/api-keys", {"name": "mine", "scopes": ["tasks:write"]})).json()
        ok(await api.http.patch(f"/api/v1/users/{ana['id']}", json={"role": "viewer"}))
        ok(await at.sign_in())

        assert [each["name"] for each in ok(await at.get("/api-keys"))["items"]] == ["mine"]
        problem(await at.patch(f"/api-keys/{made['id']}", {"name": "other"}), 403)
        problem(await asks(api, bearer(made["key"]), KEYS), 403)  # the key itself sees and ends none
        assert (await at.delete(f"/api-keys/{made['id']}")).status_code == 204
    assert (await asks(api, bearer(made["key"]))).status_code == 401


async def test_users_see_and_change_their_own_keys_alone(api: Api, operator: Headers) -> None:
    other = await as_role(api, Role.OPERATOR, email="other@example.org")
    mine, theirs = await make(api, operator, name="mine"), await make(api, other, name="theirs")

    assert await listed(api, operator) == ["mine"]
    assert await listed(api) == ["test", "mine", "theirs"]
    address = f"{KEYS}/{theirs['id']}"
    for refused in (
        await api.http.get(address, headers=operator),
        await api.http.patch(address, json={"name": "taken"}, headers=operator),
        await api.http.delete(address, headers=operator),
        await api.http.post(f"{address}/rotate", headers=operator),
    ):
        assert problem(refused, 404)["detail"] == f"There is no key {theirs['id']}."
    assert (await api.http.delete(f"{KEYS}/{mine['id']}", headers=operator)).status_code == 204


async def test_only_an_admin_makes_keys_that_belong_to_nobody(api: Api, operator: Headers) -> None:
    body = {"name": "nobody's", "scopes": ["tasks:read"], "owned": False}

    problem(await api.http.post(KEYS, json=body, headers=operator), 403)
    assert ok(await api.http.post(KEYS, json=body, headers=await as_role(api, Role.ADMIN)))["owner"] is None


async def test_a_revoked_key_lets_nobody_in_from_the_next_request_on(api: Api) -> None:
    made = await make(api)
    assert (await asks(api, bearer(made["key"]))).status_code == 200

    assert (await api.http.delete(f"{KEYS}/{made['id']}")).status_code == 204

    problem(await asks(api, bearer(made["key"])), 401)
    assert (await api.http.delete(f"{KEYS}/{made['id']}")).status_code == 204
    assert await listed(api) == ["test"]
    assert await listed(api, all=True) == ["test", "nightly"]
    assert (await api.get(f"/api-keys/{made['id']}"))["state"] == "revoked"


async def test_an_expired_key_lets_nobody_in(api: Api, clock: SettableClock) -> None:
    end = clock() + timedelta(seconds=1)
    key = bearer((await make(api, expires_at=end.isoformat()))["key"])
    assert (await asks(api, key)).status_code == 200

    clock.advance(seconds=1)

    assert "has expired" in problem(await asks(api, key), 401)["detail"]
    assert await listed(api) == ["test"]


async def test_a_key_can_not_be_made_to_have_expired(api: Api, clock: SettableClock) -> None:
    body = {"name": "late", "scopes": ["tasks:read"], "expires_at": clock().isoformat()}

    assert locations(problem(await api.http.post(KEYS, json=body), 422)) == ["body.expires_at"]


async def test_a_key_of_a_disabled_user_is_void_and_good_again_with_them(api: Api, operator: Headers) -> None:
    key = bearer((await make(api, operator))["key"])
    assert (await asks(api, key)).status_code == 200
    async with database_of(api).writing() as session:
        owner = (await session.execute(select(ApiKey.user_id).where(ApiKey.name == "nightly"))).scalar_one()
    await user(api, Role.OPERATOR, disabled=True)
    api.app.state.recogniser.forget()

    problem(await asks(api, key), 401)
    assert owner is not None


async def test_keys_that_somebody_made_for_nobody_are_told_and_can_end_with_them(api: Api) -> None:
    await add_user(api, role="admin")
    eve = await add_user(api, "eve@example.org", "admin")
    where = f"/api/v1/users/{eve['id']}"
    async with browser(api.app) as at:
        ok(await at.sign_in("eve@example.org"))
        made = {"name": "backup", "scopes": ["admin"], "owned": False}
        backup = (await at.post("/api-keys", made)).json()
        own = (await at.post("/api-keys", {"name": "own", "scopes": ["admin"]})).json()
    by_key = await make(api, bearer(backup["key"]), name="of the backup", scopes=["admin"], owned=False)
    keys = [bearer(each["key"]) for each in (backup, by_key)]

    changed = ok(await api.http.patch(where, json={"disabled": True}))
    assert [each["name"] for each in changed["keys_left"]] == ["backup", "of the backup"]
    assert (await asks(api, bearer(own["key"]))).status_code == 401
    assert [(await asks(api, each)).status_code for each in keys] == [200, 200]
    assert ok(await api.http.get(where))["keys_left"] == changed["keys_left"]

    assert ok(await api.http.patch(where, json={"revoke_keys": True}))["keys_left"] == []
    assert [(await asks(api, each)).status_code for each in keys] == [401, 401]


async def test_keys_that_somebody_made_for_nobody_end_with_their_removal_where_that_is_asked_for(api: Api) -> None:
    await add_user(api, role="admin")
    eve = await add_user(api, "eve@example.org", "admin")
    async with browser(api.app) as at:
        ok(await at.sign_in("eve@example.org"))
        backup = (await at.post("/api-keys", {"name": "x", "scopes": ["admin"], "owned": False})).json()

    assert (await api.http.delete(f"/api/v1/users/{eve['id']}?revoke_keys=true")).status_code == 204
    assert (await asks(api, bearer(backup["key"]))).status_code == 401


async def test_a_key_shrinks_with_its_user(api: Api) -> None:
    boss = await as_role(api, Role.ADMIN)
    key = bearer((await make(api, boss, scopes=["admin"]))["key"])
    assert (await asks(api, key, "/api/v1/users")).status_code == 200
    async with database_of(api).writing() as session:
        (await session.merge(await user(api, Role.ADMIN))).role = Role.VIEWER
    api.app.state.recogniser.forget()

    problem(await asks(api, key, "/api/v1/users"), 403)
    assert (await asks(api, key)).status_code == 200


@pytest.mark.parametrize(
    ("networks", "address", "let_in"),
    [
        (["10.0.0.0/8"], "10.1.2.3", True),
        (["10.0.0.0/8"], "::ffff:10.1.2.3", True),
        (["10.0.0.0/8"], "11.1.2.3", False),
        (["::ffff:10.0.0.0/104"], "10.1.2.3", True),
        (["192.0.2.7", "2001:db8::/32"], "192.0.2.7", True),
        (["192.0.2.7", "2001:db8::/32"], "2001:db8::1", True),
        (["192.0.2.7", "2001:db8::/32"], "192.0.2.8", False),
        (["::/0"], "10.1.2.3", False),
        (["0.0.0.0/0"], "no address", False),
    ],
)
async def test_a_key_is_taken_from_its_networks_alone(
    sqlite_api: Api, networks: list[str], address: str, let_in: bool
) -> None:
    key = (await make(sqlite_api, networks=networks))["key"]
    transport = httpx.ASGITransport(app=sqlite_api.app, client=(address, 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://watchfloor.test") as there:
        for _ in range(2):  # looked up, and remembered
            answer = await there.get("/api/v1/tasks", headers=bearer(key))
            assert answer.status_code == (200 if let_in else 401)


@pytest.mark.parametrize("text", ["10.0.0.1/8", "10.0.0.0/33", "everywhere", "", "fe80::1%eth0/64"])
async def test_what_is_no_network_is_refused(sqlite_api: Api, text: str) -> None:
    body = {"name": "n", "scopes": ["tasks:read"], "networks": [text]}

    assert locations(problem(await sqlite_api.http.post(KEYS, json=body), 422)) == ["body.networks.0"]


async def test_name_expiry_and_networks_can_be_edited(api: Api, clock: SettableClock) -> None:
    later = (clock() + timedelta(days=9)).isoformat().replace("+00:00", "Z")
    made = await make(api, expires_at=later, networks=["10.0.0.0/8"])
    address = f"{KEYS}/{made['id']}"

    named = ok(await api.http.patch(address, json={"name": "weekly"}))
    opened = ok(await api.http.patch(address, json={"expires_at": None, "networks": []}))

    assert (named["name"], named["expires_at"], named["networks"]) == ("weekly", later, ["10.0.0.0/8"])
    assert (opened["name"], opened["expires_at"], opened["networks"]) == ("weekly", None, [])
    assert locations(problem(await api.http.patch(address, json={"scopes": ["admin"]}), 422)) == ["body.scopes"]
    await api.http.delete(address)
    problem(await api.http.patch(address, json={"name": "undead"}), 409)


async def test_a_key_is_replaced_by_one_with_the_same_rights(api: Api, clock: SettableClock) -> None:
    ends = clock() + timedelta(days=90)
    old = await make(api, scopes=["sync:run"], networks=["0.0.0.0/0"], expires_at=ends.isoformat())
    clock.advance(days=80)

    new = ok(await api.http.post(f"{KEYS}/{old['id']}/rotate", json={"keep_hours": 2}))

    same = ("name", "scopes", "networks", "owner")
    assert [new[name] for name in same] == [old[name] for name in same]
    assert new["key"] != old["key"]
    assert new["expires_at"] == (clock() + timedelta(days=90)).isoformat().replace("+00:00", "Z")
    clock.advance(hours=1)
    assert (await asks(api, bearer(old["key"]), "/api/v1/sync/runs")).status_code == 200
    clock.advance(hours=1)
    problem(await asks(api, bearer(old["key"]), "/api/v1/sync/runs"), 401)
    assert (await asks(api, bearer(new["key"]), "/api/v1/sync/runs")).status_code == 200
    problem(await api.http.post(f"{KEYS}/{old['id']}/rotate"), 409)


async def test_nobody_is_shown_a_key_that_sees_what_another_user_sees(api: Api, operator: Headers) -> None:
    theirs = await make(api, operator)

    for admin in (None, await as_role(api, Role.ADMIN)):
        refused = await api.http.post(f"{KEYS}/{theirs['id']}/rotate", headers=admin)
        assert "Only whose key it is may replace it." in problem(refused, 403)["detail"]
    assert (await asks(api, bearer(theirs["key"]))).status_code == 200
    assert (await api.http.delete(f"{KEYS}/{theirs['id']}")).status_code == 204


async def test_a_key_that_became_known_is_replaced_at_once(api: Api) -> None:
    old = await make(api)

    new = ok(await api.http.post(f"{KEYS}/{old['id']}/rotate", json={"keep_hours": 0}))

    problem(await asks(api, bearer(old["key"])), 401)
    assert (await asks(api, bearer(new["key"]))).status_code == 200


async def test_when_and_from_where_a_key_was_used_is_told_to_the_minute(api: Api, clock: SettableClock) -> None:
    made = await make(api)
    uses = api.app.state.recogniser.uses

    async def used() -> tuple[str | None, str]:
        await uses.settled()
        found = await api.get(f"/api-keys/{made['id']}")
        return found["last_used_at"], found["last_used_from"]

    assert await used() == (None, "")
    await asks(api, bearer(made["key"]))
    first = await used()
    clock.advance(seconds=59)
    await asks(api, bearer(made["key"]))
    assert await used() == first == ("2026-03-02T09:00:00Z", "127.0.0.1")
    clock.advance(seconds=1)
    await asks(api, bearer(made["key"]))
    assert await used() == ("2026-03-02T09:01:00Z", "127.0.0.1")


@pytest.mark.parametrize("shown", ["", "wf_", "wf_000000000000_" + "x" * 40, "x" * 9_000, "wf_é", "a.b.c"])
async def test_whatever_is_no_key_is_told_the_same(sqlite_api: Api, shown: str) -> None:
    for word in ("Bearer", "bearer", "BEARER"):
        raw = [(b"authorization", f"{word} {shown}".encode())]
        found = problem(await sqlite_api.http.get("/api/v1/tasks", headers=raw), 401)
        assert found["detail"] == "This key is not known, has expired, was revoked, or may not be used from here."


async def test_the_authorization_counts_where_a_cookie_is_there_too(api: Api, operator: Headers) -> None:
    key = await key_of(api.app, Scope.METRICS_READ)

    assert problem(await asks(api, operator | bearer(key)), 403)["permission"] == "tasks:read"
    problem(await asks(api, operator | bearer("wf_unknown")), 401)


async def test_what_a_proxy_before_us_asks_for_does_not_hide_the_cookie(api: Api, operator: Headers) -> None:
    assert (await asks(api, operator | {"Authorization": "Basic YTpi"})).status_code == 200
    refused = problem(await asks(api, {"Authorization": "Basic YTpi"}), 401)
    assert refused["detail"] == "Send an API key as: Authorization: Bearer KEY."


async def test_keys_come_in_pages(api: Api) -> None:
    for n in range(3):
        await make(api, name=f"n{n}")

    first = await api.get("/api-keys", limit=2)
    rest = await api.get("/api-keys", limit=2, cursor=first["next_cursor"])

    assert [each["name"] for each in (*first["items"], *rest["items"])] == ["test", "n0", "n1", "n2"]
    assert rest["next_cursor"] is None


async def test_a_repeat_is_told_that_a_key_was_made_and_why_it_is_not_shown_again(api: Api) -> None:
    body, once = {"name": "cron", "scopes": ["sync:run"], "owned": False}, {"Idempotency-Key": "once"}
    made = ok(await api.http.post(KEYS, json=body, headers=once))

    told = problem(await api.http.post(KEYS, json=body, headers=once), 409)["detail"]

    assert told == (
        "A request with this Idempotency-Key was carried out. Its answer held a secret, which is shown once. Look at "
        "/api/v1/api-keys for what came of it; where the secret is lost, make a new one with a new key."
    )
    assert made["key"] not in told
    assert [each["id"] for each in (await api.get("/api-keys"))["items"]] == [1, made["id"]]


async def test_a_key_makes_and_changes_keys_within_its_own_expiry_and_networks(api: Api, clock: SettableClock) -> None:
    ends = clock() + timedelta(hours=1)
    bound = bearer(await key_of(api.app, Scope.ADMIN, expires_at=ends, networks=["127.0.0.0/8"]))
    own = (await api.get("/api-keys"))["items"][-1]["id"]
    other = (await make(api))["id"]
    within = {"expires_at": ends.isoformat(), "networks": ["127.0.0.1/32"]}
    beyond: list[Document] = [
        {"expires_at": None, "networks": ["127.0.0.1"]},
        {"expires_at": (ends + timedelta(seconds=1)).isoformat(), "networks": ["127.0.0.1"]},
        {"expires_at": ends.isoformat(), "networks": []},
        {"expires_at": ends.isoformat(), "networks": ["127.0.0.1", "10.0.0.0/8"]},
        {"expires_at": ends.isoformat(), "networks": ["126.0.0.0/7"]},
        {"expires_at": ends.isoformat(), "networks": ["::/0"]},
    ]

    for wrong in beyond:
        problem(await api.http.post(KEYS, json={"name": "a", "scopes": ["admin"]} | wrong, headers=bound), 403)
        for key in (own, other):
            problem(await api.http.patch(f"{KEYS}/{key}", json=wrong, headers=bound), 403)
    problem(await api.http.post(KEYS, json={"name": "a", "scopes": ["admin"]}, headers=bound), 403)
    problem(await api.http.post(f"{KEYS}/{other}/rotate", headers=bound), 403)

    made = {"name": "a", "scopes": ["admin"], "owned": False} | within
    assert (await api.http.post(KEYS, json=made, headers=bound)).status_code == 201
    ok(await api.http.patch(f"{KEYS}/{own}", json={"name": "b"}, headers=bound))
    ok(await api.http.patch(f"{KEYS}/{own}", json=within, headers=bound))


async def test_a_key_that_replaces_itself_gets_no_longer_life_by_it(api: Api, clock: SettableClock) -> None:
    ends = clock() + timedelta(hours=1)
    shown = await key_of(api.app, Scope.ADMIN, expires_at=ends)
    own = (await api.get("/api-keys"))["items"][-1]["id"]
    clock.advance(minutes=30)

    new = ok(await api.http.post(f"{KEYS}/{own}/rotate", headers=bearer(shown)))

    assert new["expires_at"] == ends.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("path", ["/users", "/api-keys", "/audit"])
async def test_lists_of_people_keys_and_entries_are_counted_where_that_is_asked(api: Api, path: str) -> None:
    await user(api, Role.ADMIN, email="ann@example.org")
    await api.post("/api-keys", {"name": "a", "scopes": ["sync:run"], "owned": False})

    everything = await api.get(path, limit=200)
    counted = await api.get(path, limit=1, count="true")

    assert everything["total"] is None
    assert counted["total"] == len(everything["items"]) > 0
    assert len(counted["items"]) == 1


async def test_a_key_keeps_its_name_where_none_is_given_and_null_is_none(api: Api) -> None:
    made = await api.post("/api-keys", {"name": "a", "scopes": ["sync:run"], "owned": False})
    address = f"{KEYS}/{made['id']}"

    assert ok(await api.http.patch(address, json={"networks": []}))["name"] == "a"
    problem(await api.http.patch(address, json={"name": None}), 422)
