"""Links that work once: to sign in, and to set a password; what they refuse, and what they leave as it was."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from app.domains.identity import users
from app.domains.identity.models import User
from app.workflows.identity.ways import links
from tests.api.client import Api, Document, database_of, ok, problem
from tests.api.people import ANOTHER, EMAIL, PASSWORD, Browser, add_user, browser
from tests.conftest import SettableClock

HERE, ELSEWHERE = "127.0.0.1", "192.0.2.7"


@pytest.fixture
async def ana(api: Api) -> Document:
    return await add_user(api)


@pytest.fixture
async def here(api: Api) -> AsyncIterator[Browser]:
    """A browser on this machine."""
    async with browser(api.app, address=HERE) as found:
        yield found


async def link(api: Api, user: Document, *, from_anywhere: bool = False) -> str:
    async with database_of(api).writing() as session:
        return await links.to_sign_in(
            session,
            await users.get(session, user["id"]),
            api.app.state.settings,
            now=api.app.state.clock(),
            from_anywhere=from_anywhere,
        )


def token(url: str) -> str:
    return url.partition("=")[2]


async def follow(who: Browser, url: str, **headers: str) -> httpx.Response:
    who.http.headers.update(headers)
    return await who.post("/auth/link", {"token": token(url)})


async def disable(api: Api, user: Document) -> None:
    ok(await api.http.patch(f"/api/v1/users/{user['id']}", json={"disabled": True}))


class TestSigningIn:
    async def test_a_link_signs_in_once(self, api: Api, ana: Document, here: Browser) -> None:
        url = await link(api, ana)

        me = ok(await follow(here, url))
        assert (me["kind"], me["name"]) == ("user", EMAIL)
        assert await here.is_in()
        async with browser(api.app, address=HERE) as other:
            problem(await follow(other, url), 401)
            assert not await other.is_in()

    async def test_its_token_stands_where_no_server_hears_of_it(self, api: Api, ana: Document) -> None:
        assert (await link(api, ana)).startswith("http://localhost:8000/sign-in#token=")

    async def test_what_it_gives_changes_things_as_any_sign_in_does(
        self, api: Api, ana: Document, here: Browser
    ) -> None:
        answer = await follow(here, await link(api, ana))

        assert answer.headers["cache-control"] == "no-store"
        assert "HttpOnly" in answer.headers["set-cookie"]
        assert ok(await here.patch("/auth/me", {"name": "Ana"}))["user"]["name"] == "Ana"
        [session] = ok(await here.get("/auth/sessions"))["items"]
        assert session["method"] == "link"

    async def test_after_a_quarter_of_an_hour_it_is_over(
        self, api: Api, ana: Document, here: Browser, clock: SettableClock
    ) -> None:
        url = await link(api, ana)
        clock.advance(timedelta(minutes=15))

        problem(await follow(here, url), 401)

    async def test_from_elsewhere_it_is_refused_and_stays_good(self, api: Api, ana: Document, here: Browser) -> None:
        url = await link(api, ana)
        async with browser(api.app, address=ELSEWHERE) as far:
            detail = problem(await follow(far, url), 403)["detail"]
            assert "watchfloor users link EMAIL --from-anywhere" in detail
            assert "PUBLIC_URL" in detail
            assert not await far.is_in()

        ok(await follow(here, url))

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
    async def test_behind_a_proxy_nobody_told_us_of_nobody_is_here(
        self, api: Api, ana: Document, here: Browser, header: str
    ) -> None:
        problem(await follow(here, await link(api, ana), **{header: "for=127.0.0.1"}), 403)

    async def test_one_for_anywhere_works_anywhere(self, api: Api, ana: Document) -> None:
        api.app.state.settings.public_url = "https://watchfloor.example"
        url = await link(api, ana, from_anywhere=True)

        assert url.startswith("https://watchfloor.example/sign-in#token=")
        async with browser(api.app, address=ELSEWHERE, scheme="https") as far:
            ok(await follow(far, url))

    async def test_a_disabled_user_stays_out(self, api: Api, ana: Document, here: Browser) -> None:
        url = await link(api, ana)
        await disable(api, ana)

        over = problem(await follow(here, url), 401)
        unknown = problem(await here.post("/auth/link", {"token": "x"}), 401)
        assert over["detail"] == unknown["detail"]

    async def test_one_to_set_a_password_signs_nobody_in(self, api: Api, ana: Document, here: Browser) -> None:
        made = await api.post(f"/users/{ana['id']}/password-link")

        problem(await follow(here, made["link"]), 401)

    async def test_the_earlier_session_of_the_browser_ends(self, api: Api, ana: Document, here: Browser) -> None:
        ok(await here.sign_in())
        before = here.session
        ok(await follow(here, await link(api, ana)))

        assert here.session not in ("", before)
        here.http.cookies.clear()
        here.http.cookies.set("watchfloor_session", before)
        assert not await here.is_in()

    async def test_it_is_in_the_audit_trail_without_the_token(self, api: Api, ana: Document, here: Browser) -> None:
        url = await link(api, ana)
        ok(await follow(here, url))

        entries = (await api.get("/audit"))["items"]
        assert token(url) not in str(entries)
        made = [each for each in entries if each["action"] == "sign_in_link"]
        assert [each["target"] for each in made] == [f"user:{ana['id']}"]
        assert any(each["actor"] == f"user:{ana['id']}" for each in entries)

    async def test_what_is_no_token_is_refused(self, here: Browser) -> None:
        problem(await here.post("/auth/link", {"token": ""}), 422)
        problem(await here.post("/auth/link", {"token": "x" * 201}), 422)
        problem(await here.post("/auth/link", {}), 422)


class TestSettingAPassword:
    async def made(self, api: Api, user: Document) -> str:
        response = await api.http.post(f"/api/v1/users/{user['id']}/password-link")
        assert response.status_code == 201
        assert response.headers["cache-control"] == "no-store"
        found = response.json()
        assert found["expires_at"].startswith("2026-03-02T10:00:00")
        assert found["link"].startswith("http://localhost:8000/sign-in#reset=")
        return token(found["link"])

    async def set(self, who: Browser, shown: str, password: str = ANOTHER) -> httpx.Response:
        return await who.post("/auth/password/reset", {"token": shown, "password": password})

    async def test_it_is_set_and_all_sessions_end(self, api: Api, ana: Document, here: Browser) -> None:
        ok(await here.sign_in())
        shown = await self.made(api, ana)
        async with browser(api.app) as other:
            assert (await self.set(other, shown)).status_code == 204
            assert not await other.is_in()

        assert not await here.is_in()
        problem(await here.sign_in(password=PASSWORD), 401)
        ok(await here.sign_in(password=ANOTHER))

    async def test_whoever_set_one_does_not_wait_for_what_others_guessed(
        self, api: Api, ana: Document, here: Browser
    ) -> None:
        async with browser(api.app, address=ELSEWHERE) as guesser:
            for _ in range(6):
                await guesser.sign_in(password="a guess that is wrong")
        problem(await here.sign_in(password=PASSWORD), 429)

        assert (await self.set(here, await self.made(api, ana))).status_code == 204
        ok(await here.sign_in(password=ANOTHER))

    async def test_a_link_is_good_once_and_ends_the_others(self, api: Api, ana: Document, here: Browser) -> None:
        first, second, to_sign_in = await self.made(api, ana), await self.made(api, ana), await link(api, ana)

        assert (await self.set(here, first)).status_code == 204
        for shown in (first, second):
            problem(await self.set(here, shown), 401)
        problem(await follow(here, to_sign_in), 401)

    async def test_a_password_that_was_set_otherwise_ends_it_as_well(
        self, api: Api, ana: Document, here: Browser
    ) -> None:
        shown = await self.made(api, ana)
        ok(await here.sign_in())
        ok(await here.post("/auth/password", {"old": PASSWORD, "new": ANOTHER}))

        problem(await self.set(here, shown, "a third password 77"), 401)

    async def test_a_password_that_can_not_be_one_leaves_it_good(self, api: Api, ana: Document, here: Browser) -> None:
        shown = await self.made(api, ana)

        for password in ("short", EMAIL, "passwordpassword"):
            problem(await self.set(here, shown, password), 422)
        assert (await self.set(here, shown)).status_code == 204

    async def test_after_an_hour_it_is_over(self, api: Api, ana: Document, here: Browser, clock: SettableClock) -> None:
        shown = await self.made(api, ana)
        clock.advance(timedelta(hours=1))

        problem(await self.set(here, shown), 401)

    async def test_a_second_factor_stays(self, api: Api, ana: Document, here: Browser) -> None:
        async with database_of(api).writing() as session:
            user = await session.get(User, ana["id"])
            assert user is not None
            user.totp_secret = api.app.state.vault.encrypt("JBSWY3DPEHPK3PXP", "totp")
            user.totp_since = api.app.state.clock()
        assert (await self.set(here, await self.made(api, ana))).status_code == 204

        assert problem(await here.sign_in(password=ANOTHER), 401)["code"] == "code_needed"

    async def test_for_a_disabled_user_none_is_made_and_none_is_good(
        self, api: Api, ana: Document, here: Browser
    ) -> None:
        shown = await self.made(api, ana)
        await disable(api, ana)

        problem(await self.set(here, shown), 401)
        problem(await api.http.post(f"/api/v1/users/{ana['id']}/password-link"), 409)
        problem(await api.http.post("/api/v1/users/999/password-link"), 404)

    async def test_only_an_admin_makes_one(self, api: Api, ana: Document, here: Browser) -> None:
        path = f"/users/{ana['id']}/password-link"
        problem(await here.post(path), 401)
        ok(await here.sign_in())

        problem(await here.post(path), 403)

    async def test_the_audit_trail_says_who_set_it(self, api: Api, ana: Document, here: Browser) -> None:
        shown = await self.made(api, ana)
        await self.set(here, shown)

        entries = (await api.get("/audit"))["items"]
        assert shown not in str(entries)
        assert any(each["actor"] == f"user:{ana['id']}" and "password" in str(each["changes"]) for each in entries)


async def test_the_page_is_told_the_ways(sqlite_api: Api) -> None:
    async with browser(sqlite_api.app) as anybody:
        ways = ok(await anybody.get("/auth/ways"))

    assert ways.pop("errors")["unknown"].startswith("There is no user")
    assert ways == {"password": True, "password_shortest": 12, "provider": None, "mail": False, "first_link": True}


@pytest.mark.parametrize(("changed", "shown"), [({}, True), ({"listen_host": "0.0.0.0"}, False)])  # noqa: S104
async def test_a_link_in_the_terminal_is_promised_only_where_one_is_printed(
    sqlite_api: Api, changed: Document, shown: bool
) -> None:
    for name, value in changed.items():
        setattr(sqlite_api.app.state.settings, name, value)
    async with browser(sqlite_api.app) as anybody:
        assert ok(await anybody.get("/auth/ways"))["first_link"] is shown


@pytest.mark.parametrize(
    ("address", "forwarded", "here"),
    [
        ("127.0.0.1", False, True),
        ("127.8.8.8", False, True),
        ("::1", False, True),
        ("::ffff:127.0.0.1", False, True),
        ("::ffff:192.0.2.7", False, False),
        ("127.0.0.1", True, False),
        ("10.0.0.1", False, False),
        ("0.0.0.0", False, False),  # noqa: S104
        ("", False, False),
        ("localhost", False, False),
    ],
)
def test_where_a_request_is_from(address: str, forwarded: bool, here: bool) -> None:
    assert links.is_here(address, forwarded) is here


class TestAtTheStart:
    async def start(self, api: Api) -> str | None:
        state = api.app.state
        async with state.database.writing() as session:
            owner = await links.owner(session, now=state.clock())
            return await links.to_sign_in(session, owner, state.settings, now=state.clock()) if owner else None

    async def test_the_first_link_makes_the_owner(self, api: Api, here: Browser) -> None:
        url = await self.start(api)
        assert url is not None

        me = ok(await follow(here, url))
        assert (me["name"], me["user"]["role"], me["user"]["has_password"]) == ("owner@localhost", "admin", False)

    async def test_later_ones_are_for_the_first_admin_who_may_sign_in(self, api: Api, here: Browser) -> None:
        await add_user(api, "viewer@example.org", "viewer")
        gone = await add_user(api, "gone@example.org", "admin")
        await add_user(api, "left@example.org", "admin")
        await disable(api, gone)

        url = await self.start(api)
        assert url is not None
        assert ok(await follow(here, url))["name"] == "left@example.org"

    async def test_where_there_are_users_and_no_admin_none_is_made(self, api: Api, ana: Document) -> None:
        assert ana["role"] == "operator"
        assert await self.start(api) is None

    async def test_two_starts_at_once_make_one_owner(self, api: Api) -> None:
        await asyncio.gather(*(self.start(api) for _ in range(4)))

        assert len((await api.get("/users"))["items"]) == 1
