"""Signing in by password, signing out, and who asks."""

from collections.abc import AsyncIterator
from statistics import median
from time import perf_counter

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from app.domains.identity import passwords
from app.domains.identity.hashes import hashed
from app.domains.identity.models import User, UserSession
from app.domains.identity.rules import Scope
from tests.api.client import Api, database_of, ok, problem
from tests.api.conftest import key_of
from tests.api.people import ANOTHER, AUTH, EMAIL, PASSWORD, Browser, add_user, browser
from tests.conftest import SettableClock


@pytest.fixture
async def ana(api: Api) -> AsyncIterator[Browser]:
    """The browser of somebody who may sign in."""
    await add_user(api)
    async with browser(api.app) as found:
        yield found


async def test_whoever_signs_in_is_told_who_they_are_and_what_they_may_do(ana: Browser) -> None:
    me = ok(await ana.sign_in())

    assert (me["kind"], me["name"], me["user"]["role"]) == ("user", EMAIL, "operator")
    assert "tasks:write" in me["permissions"]
    assert "users:manage" not in me["permissions"]
    assert (await ana.me()) == me | {"user": (await ana.me())["user"]}


async def test_the_address_is_taken_in_any_case_and_with_spaces_around_it(ana: Browser) -> None:
    assert (await ana.sign_in(" Ana@Example.ORG ")).status_code == 200


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(ana: Browser) -> None:
    answer = await ana.sign_in()

    session, device = answer.headers.get_list("set-cookie")
    for cookie in (session, device):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/;" in cookie
    assert session.startswith("watchfloor_session=")
    assert device.startswith("watchfloor_device=")
    assert answer.headers["cache-control"] == "no-store"


async def test_over_https_the_cookies_stay_on_https_and_on_this_host(ana: Browser, api: Api) -> None:
    api.app.state.settings.public_url = "https://watchfloor.test"

    async with browser(api.app, scheme="https") as secure:
        answer = await secure.sign_in()

        for cookie in answer.headers.get_list("set-cookie"):
            assert cookie.startswith("__Host-watchfloor_")
            assert "; Secure" in cookie
            assert "Domain" not in cookie
        assert await secure.is_in()


async def test_a_wrong_password_and_an_unknown_address_are_answered_alike(ana: Browser) -> None:
    wrong = problem(await ana.sign_in(password="not the one 1234"), 401)
    unknown = problem(await ana.sign_in("nobody@example.org"), 401)

    assert without_id(wrong) == without_id(unknown)
    assert ana.session == ""


async def test_so_are_who_is_disabled_and_who_has_no_password(ana: Browser, api: Api) -> None:
    wrong = problem(await ana.sign_in(password="not the one 1234"), 401)
    await add_user(api, "ben@example.org", password=None)
    away = await add_user(api, "cleo@example.org")
    ok(await api.http.patch(f"/api/v1/users/{away['id']}", json={"disabled": True}))

    for email in ("ben@example.org", "cleo@example.org"):
        assert without_id(problem(await ana.sign_in(email), 401)) == without_id(wrong)


def without_id(found: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in found.items() if name != "correlation_id"}


async def test_an_unknown_address_takes_as_long_as_a_wrong_password(ana: Browser, api: Api) -> None:
    api.app.state.settings.sign_in_free_failures = 1000
    took: dict[str, list[float]] = {EMAIL: [], "nobody@example.org": []}
    for _ in range(7):
        for email, times in took.items():
            begun = perf_counter()
            await ana.sign_in(email, "not the one 1234")
            times.append(perf_counter() - begun)

    known, unknown = (median(times) for times in took.values())
    assert unknown > known / 2  # without a hash to be compared with it would be a tenth


@pytest.mark.parametrize("email", ["not an address", "ana@example.org\u0000", "ánà@example.org", "a" * 300])
async def test_what_can_be_nobodys_address_is_refused_alike(ana: Browser, email: str) -> None:
    assert "don't belong together" in problem(await ana.sign_in(email), 401)["detail"]


async def test_a_password_is_known_again_however_its_letters_were_composed(ana: Browser, api: Api) -> None:
    await add_user(api, "jose@example.org", password="cafe\u0301 lantern basin 42")

    assert (await ana.sign_in("jose@example.org", "caf\u00e9 lantern basin 42")).status_code == 200


async def test_a_sign_in_is_taken_as_json_only(ana: Browser) -> None:
    form = {"email": EMAIL, "password": PASSWORD}

    assert (await ana.http.post(f"{AUTH}/login", data=form)).status_code == 422
    plain = await ana.http.post(
        f"{AUTH}/login",
        content=f'{{"email":"{EMAIL}","password":"{PASSWORD}"}}',
        headers={"content-type": "text/plain"},
    )
    assert plain.status_code == 422
    foreign = await ana.http.post(f"{AUTH}/login", json=form, headers={"origin": "https://elsewhere.example"})
    assert foreign.status_code == 403
    assert ana.session == ""


async def test_signing_in_ends_the_session_that_the_browser_had(ana: Browser) -> None:
    ok(await ana.sign_in())
    first = ana.session
    ok(await ana.sign_in())

    assert first != ana.session
    assert [each["current"] for each in ok(await ana.get("/auth/sessions"))["items"]] == [True]
    ana.http.cookies.set("watchfloor_session", first, domain="watchfloor.test")
    assert not await ana.is_in()


async def test_a_token_that_somebody_was_given_beforehand_signs_nobody_in(ana: Browser) -> None:
    ana.http.cookies.set("watchfloor_session", "chosen by somebody else", domain="watchfloor.test")

    ok(await ana.sign_in())

    assert ana.session != "chosen by somebody else"


async def test_only_a_hash_of_the_token_and_of_the_password_is_stored(ana: Browser, api: Api) -> None:
    me = ok(await ana.sign_in())

    async with database_of(api).reading() as session:
        row = await session.get(UserSession, me["session_id"])
        user = await session.get(User, me["user"]["id"])
    assert row is not None
    assert user is not None
    assert row.token_hash == hashed(ana.session)
    assert (user.password or "").startswith("$argon2id$")


async def test_signing_out_ends_the_session_and_takes_the_cookie_back(ana: Browser) -> None:
    ok(await ana.sign_in())
    token = ana.session

    assert (await ana.post("/auth/logout")).status_code == 204

    assert ana.session == ""
    ana.http.cookies.set("watchfloor_session", token, domain="watchfloor.test")
    assert not await ana.is_in()


async def test_whoever_is_not_signed_in_is_told_to(ana: Browser) -> None:
    assert problem(await ana.get("/auth/me"), 401)["code"] == "unauthenticated"
    assert (await ana.post("/auth/logout")).status_code == 401


async def test_a_key_is_told_who_it_is_too(api: Api) -> None:
    me = await api.get("/auth/me")

    assert (me["kind"], me["name"], me["user"], me["csrf_token"]) == ("key", "test", None, None)


async def test_a_key_of_somebody_is_told_whose_it_is(api: Api) -> None:
    user = await add_user(api)
    key = await key_of(api.app, Scope.TASKS_READ, user_id=user["id"])

    me = ok(await api.http.get(f"{AUTH}/me", headers={"Authorization": f"Bearer {key}"}))

    assert me["user"]["email"] == EMAIL


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/auth/logout", None),
        ("PATCH", "/auth/me", {"name": "A key"}),
        ("POST", "/auth/password", {"old": PASSWORD, "new": ANOTHER}),
        ("POST", "/auth/totp", {"password": PASSWORD}),
        ("DELETE", "/auth/sessions", None),
    ],
)
async def test_a_key_can_not_do_what_is_a_persons_own(
    api: Api, method: str, path: str, body: dict[str, str] | None
) -> None:
    assert "A key can't" in problem(await api.http.request(method, f"/api/v1{path}", json=body), 403)["detail"]


async def test_people_change_their_own_name(ana: Browser) -> None:
    ok(await ana.sign_in())

    assert ok(await ana.patch("/auth/me", {"name": "Ana Ruiz"}))["user"]["name"] == "Ana Ruiz"


async def test_people_set_their_own_password_and_all_else_is_signed_out(ana: Browser, api: Api) -> None:
    async with browser(api.app) as other:
        ok(await other.sign_in())
        ok(await ana.sign_in())
        before = ana.session

        ok(await ana.post("/auth/password", {"old": PASSWORD, "new": ANOTHER}))

        assert before != ana.session
        assert await ana.is_in()
        assert ok(await ana.patch("/auth/me", {"name": "still me"}))
        assert not await other.is_in()
        assert (await other.sign_in()).status_code == 401
        assert (await other.sign_in(password=ANOTHER)).status_code == 200


async def test_a_new_password_needs_the_old_one(ana: Browser) -> None:
    ok(await ana.sign_in())

    wrong = problem(await ana.post("/auth/password", {"old": "not the one 1234", "new": ANOTHER}), 422)
    without = problem(await ana.post("/auth/password", {"new": ANOTHER}), 422)

    assert [each["errors"][0]["location"] for each in (wrong, without)] == ["body.old", "body.old"]
    assert (await ana.sign_in()).status_code == 200


@pytest.mark.parametrize("new", ["short", "password1234!", EMAIL, "aaaaaaaaaaaaaaaa", "x1" * 600])
async def test_a_new_password_must_be_good_enough(ana: Browser, new: str) -> None:
    ok(await ana.sign_in())

    assert (await ana.post("/auth/password", {"old": PASSWORD, "new": new})).status_code == 422


async def test_who_has_no_password_sets_the_first_one_only_right_after_signing_in(
    ana: Browser, api: Api, clock: SettableClock
) -> None:
    ok(await ana.sign_in())
    async with database_of(api).writing() as session:
        user = await session.get(User, (await ana.me())["user"]["id"])
        assert user is not None
        user.password = None
    clock.advance(minutes=16)
    late = problem(await ana.post("/auth/password", {"new": ANOTHER}), 403)
    clock.advance(minutes=-2)

    assert "Sign out and in again" in late["detail"]
    assert ok(await ana.post("/auth/password", {"new": ANOTHER}))["user"]["has_password"]


async def test_an_older_hash_is_made_anew_at_the_next_sign_in(ana: Browser, api: Api) -> None:
    weaker = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    async with database_of(api).writing() as session:
        user = await session.get(User, 1)
        assert user is not None
        user.password = weaker

    ok(await ana.sign_in())

    async with database_of(api).reading() as session:
        user = await session.get(User, 1)
    assert user is not None
    assert user.password is not None
    assert user.password != weaker
    assert not passwords.is_outdated(user.password)
    assert (await ana.sign_in()).status_code == 200
