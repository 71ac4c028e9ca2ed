"""Signing in by an OpenID Connect provider: from the button to the page, against a provider that speaks HTTP."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from app.core.database import Database
from app.domains.identity.models import ExternalIdentity, OneTimeToken, User
from app.settings import Settings
from app.workflows.identity.ways.single_sign_on import safe_next
from scripts.fake_composio.wire import Reply
from tests.api.client import Api, database_of, ok, problem
from tests.api.conftest import serving, settings_on
from tests.api.people import Browser, add_user, browser
from tests.conftest import START, SettableClock
from tests.core.openid import provider as forged
from tests.core.openid.provider import CLIENT, SECRET, FakeProvider, callback, fake_provider

ANA = "ana@example.com"
BEGIN = "/auth/oidc"


@pytest.fixture
async def fake(clock: SettableClock) -> AsyncIterator[FakeProvider]:
    async with fake_provider(clock=clock) as found:
        yield found


@asynccontextmanager
async def signing_on(
    database: Database, settings: Settings, clock: SettableClock, fake: FakeProvider, uploads: Path, **how: Any
) -> AsyncIterator[Api]:
    given = {
        "oidc_issuer": fake.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SecretStr(SECRET),
        "oidc_name": "Example ID",
        "oidc_domains": ("example.com",),
        "interactive_budget_s": 1.0,
        "interactive_retries": 0,
    }
    async with serving(settings_on(settings, database).model_copy(update=given | how), clock, uploads) as api:
        yield api


@pytest.fixture
async def api(
    database: Database, settings: Settings, clock: SettableClock, fake: FakeProvider, tmp_path: Path
) -> AsyncIterator[Api]:
    async with signing_on(database, settings, clock, fake, tmp_path) as found:
        yield found


@pytest.fixture
async def who(api: Api) -> AsyncIterator[Browser]:
    async with browser(api.app) as found:
        yield found


async def begin(who: Browser, go_on: str = "") -> str:
    """Presses the button. Returns where the browser is sent."""
    answer = await who.get(f"{BEGIN}?next={go_on}" if go_on else BEGIN)
    assert answer.status_code == 302
    assert answer.headers["cache-control"] == "no-store"
    return answer.headers["location"]


async def come_back(who: Browser, parameters: dict[str, str]) -> str:
    """Returns where the browser is sent on to."""
    answer = await who.http.get(callback(parameters))
    assert answer.status_code == 302
    assert answer.headers["referrer-policy"] == "no-referrer"
    taken_back = [each for each in answer.headers.get_list("set-cookie") if each.startswith("watchfloor_oidc=")]
    assert "Max-Age=0" in taken_back[-1]
    return str(answer.headers["location"])


async def sign_on(who: Browser, fake: FakeProvider, go_on: str = "", **changed: str) -> str:
    return await come_back(who, fake.browse(await begin(who, go_on), **changed))


async def test_who_is_known_by_their_address_is_joined_and_signed_in(
    api: Api, who: Browser, fake: FakeProvider
) -> None:
    await add_user(api, ANA, "operator")

    assert await sign_on(who, fake) == "/"

    me = await who.me()
    assert (me["name"], me["user"]["role"]) == (ANA, "operator")
    [session] = ok(await who.get("/auth/sessions"))["items"]
    assert session["method"] == "oidc"


async def test_later_the_providers_own_name_counts_and_not_the_address(
    api: Api, who: Browser, fake: FakeProvider
) -> None:
    await add_user(api, ANA, "operator")
    await sign_on(who, fake)
    fake.person |= {"email": "married@example.com", "email_verified": False}

    async with browser(api.app) as again:
        assert await sign_on(again, fake) == "/"
        assert (await again.me())["name"] == ANA


async def test_who_has_an_address_of_ours_becomes_a_user(api: Api, who: Browser, fake: FakeProvider) -> None:
    assert await sign_on(who, fake) == "/"

    user = (await who.me())["user"]
    assert (user["email"], user["name"], user["role"], user["has_password"]) == (ANA, "Ana Torres", "viewer", False)


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ({"email": "eve@evil.example"}, "unknown"),
        ({"email": "eve@example.com.evil.example"}, "unknown"),
        ({"email": "eve@sub.example.com"}, "unknown"),
        ({"email": "eve@evil.example@example.com"}, "unknown"),
        ({"email": "öve@example.com"}, "unknown"),
        ({"email": "eve@example.com\n"}, "unknown"),
        ({"email_verified": False}, "unverified"),
        ({"email": ""}, "unverified"),
        ({"email": ["ana@example.com"]}, "unverified"),
    ],
    ids=str,
)
async def test_who_is_not_let_in(api: Api, who: Browser, fake: FakeProvider, person: dict[str, Any], code: str) -> None:
    fake.person |= person

    assert await sign_on(who, fake) == f"/sign-in?error={code}"
    assert not await who.is_in()
    assert (await api.get("/users"))["items"] == []
    [refused] = [each for each in (await api.get("/audit"))["items"] if each["action"] == "sign_in_refused"]
    assert code in str(refused["changes"])


async def test_an_address_that_is_not_made_sure_of_takes_over_nobody(
    api: Api, who: Browser, fake: FakeProvider
) -> None:
    await add_user(api, ANA, "admin")
    fake.person |= {"email_verified": False}

    assert await sign_on(who, fake) == "/sign-in?error=unverified"


async def test_an_address_that_was_given_to_another_person_does_not_inherit_the_account(
    api: Api, who: Browser, fake: FakeProvider
) -> None:
    await add_user(api, ANA, "admin")
    await sign_on(who, fake)
    fake.person |= {"sub": "somebody else"}

    async with browser(api.app) as other:
        assert await sign_on(other, fake) == "/sign-in?error=another"
        assert not await other.is_in()


@pytest.mark.parametrize(
    "address",
    [
        "\u017fam.k@example.com",
        "sam.\u212a@example.com",
        "\u00a0sam.k@example.com",
        "sam.k@example.com ",
        "sam.k@exam\uff50le.com",
    ],
    ids=ascii,
)
async def test_an_address_that_only_looks_like_somebodys_takes_over_nobody(
    api: Api, who: Browser, fake: FakeProvider, address: str
) -> None:
    await add_user(api, "sam.k@example.com", "admin")
    fake.person |= {"email": address}

    assert await sign_on(who, fake) == "/sign-in?error=unknown"
    assert not await who.is_in()


@pytest.mark.parametrize("joined", [False, True])
async def test_a_disabled_user_stays_out(api: Api, who: Browser, fake: FakeProvider, joined: bool) -> None:
    user = await add_user(api, ANA)
    if joined:
        await sign_on(who, fake)
    ok(await api.http.patch(f"/api/v1/users/{user['id']}", json={"disabled": True}))

    async with browser(api.app) as again:
        assert await sign_on(again, fake) == "/sign-in?error=disabled"
        assert not await again.is_in()


async def test_no_code_of_ours_is_asked_for(api: Api, who: Browser, fake: FakeProvider) -> None:
    user = await add_user(api, ANA)
    async with database_of(api).writing() as session:
        row = await session.get(User, user["id"])
        assert row is not None
        row.totp_secret = api.app.state.vault.encrypt("JBSWY3DPEHPK3PXP", "totp")
        row.totp_since = START

    assert await sign_on(who, fake) == "/"


class TestOneTryInOneBrowser:
    async def test_a_state_is_good_once(self, api: Api, who: Browser, fake: FakeProvider) -> None:
        url = await begin(who)
        secret = who.http.cookies["watchfloor_oidc"]
        first = fake.browse(url)
        assert await come_back(who, first) == "/"

        who.http.cookies.clear()
        who.http.cookies.set("watchfloor_oidc", secret)
        assert await come_back(who, fake.browse(url)) == "/sign-in?error=expired"
        assert not await who.is_in()

    async def test_in_another_browser_it_is_good_for_nothing(self, api: Api, who: Browser, fake: FakeProvider) -> None:
        back = fake.browse(await begin(who))
        async with browser(api.app) as victim:
            assert await come_back(victim, back) == "/sign-in?error=expired"
            await begin(victim)  # also where it has begun one of its own
            assert await come_back(victim, back) == "/sign-in?error=expired"
            assert not await victim.is_in()
        assert fake.count("/token") == 0

    async def test_after_ten_minutes_it_is_over(
        self, api: Api, who: Browser, fake: FakeProvider, clock: SettableClock
    ) -> None:
        back = fake.browse(await begin(who))
        clock.advance(timedelta(minutes=10))

        assert await come_back(who, back) == "/sign-in?error=expired"

    async def test_what_is_stored_signs_nobody_in(self, api: Api, who: Browser, fake: FakeProvider) -> None:
        url = await begin(who)
        async with database_of(api).reading() as session:
            row = (await session.execute(select(OneTimeToken))).scalar_one()
        sent = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}

        stored = str([row.token_hash, row.data])
        assert sent["state"] not in stored
        assert sent["nonce"] not in stored
        assert who.http.cookies["watchfloor_oidc"] not in stored

    async def test_each_try_has_its_own(self, api: Api, who: Browser, fake: FakeProvider) -> None:
        one, other = [parse_qs(urlsplit(await begin(who)).query) for _ in range(2)]

        assert all(one[name] != other[name] for name in ("state", "nonce", "code_challenge"))

    async def test_its_cookie_is_out_of_reach_and_short_lived(self, api: Api, who: Browser) -> None:
        cookie = (await who.get(BEGIN)).headers["set-cookie"]

        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Max-Age=600" in cookie

    @pytest.mark.parametrize("parameters", [{}, {"state": ""}, {"state": "x", "code": "y"}, {"state": "x" * 9000}])
    async def test_what_was_never_begun(self, api: Api, who: Browser, parameters: dict[str, str]) -> None:
        assert (await come_back(who, parameters)).startswith("/sign-in?error=")


class TestAnswersThatAreNotBelieved:
    @pytest.mark.parametrize(
        ("how", "code"),
        [
            ({"claims": {"nonce": "another"}}, "provider"),
            ({"claims": {"aud": "another"}}, "provider"),
            ({"claims": {"iss": "https://evil.example"}}, "provider"),
            ({"claims": {"exp": int(START.timestamp()) - 3600}}, "provider"),
            ({"forge": forged.unsigned}, "provider"),
            ({"forge": forged.signed_with_our_secret}, "provider"),
            ({"forge": forged.signed_with_what_is_public}, "provider"),
            ({"forge": forged.changed_afterwards}, "provider"),
            ({"instead": {"/token": Reply(500)}}, "away"),
            ({"instead": {"/token": Reply(200, b"{}", head_after=5)}}, "away"),
            ({"instead": {"/token": Reply(400, b'{"error": "invalid_grant"}')}}, "provider"),
            ({"instead": {"/keys": Reply(200, b'{"keys": []}')}}, "provider"),
        ],
        ids=lambda each: each if isinstance(each, str) else next(iter(each)),
    )
    async def test_nobody_is_signed_in(
        self, api: Api, who: Browser, fake: FakeProvider, how: dict[str, Any], code: str
    ) -> None:
        await add_user(api, ANA, "admin")
        for name, value in how.items():
            setattr(fake, name, value)

        assert await sign_on(who, fake) == f"/sign-in?error={code}"
        assert not await who.is_in()

    async def test_another_providers_answer_is_not_even_exchanged(
        self, api: Api, who: Browser, fake: FakeProvider
    ) -> None:
        await add_user(api, ANA, "admin")

        assert await sign_on(who, fake, iss="https://evil.example") == "/sign-in?error=provider"
        assert fake.count("/token") == 0

    async def test_keys_that_were_changed_are_fetched(
        self, api: Api, who: Browser, fake: FakeProvider, clock: SettableClock
    ) -> None:
        await sign_on(who, fake)
        fake.rotate()
        clock.advance(seconds=30)

        async with browser(api.app) as again:
            assert await sign_on(again, fake) == "/"

    @pytest.mark.parametrize(("error", "code"), [("access_denied", "refused"), ("server_error", "provider")])
    async def test_the_provider_says_no(
        self, api: Api, who: Browser, fake: FakeProvider, error: str, code: str
    ) -> None:
        state = fake.browse(await begin(who))["state"]

        assert await come_back(who, {"state": state, "error": error}) == f"/sign-in?error={code}"

    async def test_a_provider_that_is_away_leads_back(self, api: Api, who: Browser, fake: FakeProvider) -> None:
        await fake.wire.away()

        assert await begin(who) == "/sign-in?error=away"

    @pytest.mark.parametrize("status", [400, 401, 403, 429])
    async def test_made_up_codes_that_it_refuses_keep_nobody_else_out(
        self, api: Api, who: Browser, fake: FakeProvider, status: int
    ) -> None:
        refused = Reply(status, headers={"Retry-After": "600"}) if status == 429 else Reply(status)
        fake.instead["/token"] = refused
        for _ in range(6):
            state = parse_qs(urlsplit(await begin(who)).query)["state"][0]
            await come_back(who, {"state": state, "code": "made up"})
        del fake.instead["/token"]

        async with browser(api.app) as other:
            assert await sign_on(other, fake) == "/"

    async def test_what_is_logged_holds_no_secret(
        self, api: Api, who: Browser, fake: FakeProvider, logged: list[MutableMapping[str, Any]]
    ) -> None:
        fake.claims = {"nonce": "another"}
        back = fake.browse(await begin(who))
        secret = who.http.cookies["watchfloor_oidc"]
        await come_back(who, back)

        assert any("nonce" in str(entry) for entry in logged)  # why nobody was signed in
        for each in (SECRET, back["code"], back["state"], secret):
            assert each not in str(logged)


class TestWhereToGoOn:
    async def test_to_where_they_wanted_to_be(self, api: Api, who: Browser, fake: FakeProvider) -> None:
        assert await sign_on(who, fake, "/%3Ftask%3D7") == "/?task=7"

    @pytest.mark.parametrize(
        "path",
        [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example/",
            "\\\\evil.example/",
            "javascript:alert(1)",
            "/x\r\nSet-Cookie: a=b",
            "/\t/evil.example",
            "",
            "evil",
            "/ü",
            "/" + "x" * 600,
        ],
    )
    async def test_nowhere_else(self, path: str) -> None:
        assert safe_next(path) == "/"

    async def test_a_foreign_address_is_not_gone_to(self, api: Api, who: Browser, fake: FakeProvider) -> None:
        assert await sign_on(who, fake, "https://evil.example/") == "/"


async def test_two_who_come_for_the_first_time_at_once_are_one_user(api: Api, who: Browser, fake: FakeProvider) -> None:
    async with browser(api.app) as other:
        urls = [await begin(each) for each in (who, other)]
        backs = [fake.browse(url) for url in urls]
        ends = list(await asyncio.gather(come_back(who, backs[0]), come_back(other, backs[1])))

    assert ends == ["/", "/"]
    assert len((await api.get("/users"))["items"]) == 1
    async with database_of(api).reading() as session:
        assert len((await session.execute(select(ExternalIdentity))).all()) == 1


async def test_the_page_is_told_of_it(api: Api, who: Browser) -> None:
    ways = ok(await who.get("/auth/ways"))

    assert ways["provider"] == {"name": "Example ID", "url": "/api/v1/auth/oidc"}
    assert ways["errors"]["refused"] == "The sign-in was cancelled at Example ID."


async def test_in_production_only_https_is_spoken(
    sqlite_database: Database, settings: Settings, clock: SettableClock, fake: FakeProvider, tmp_path: Path
) -> None:
    how = {"environment": "production", "public_url": "https://watchfloor.example"}
    async with (
        signing_on(sqlite_database, settings, clock, fake, tmp_path, **how) as api,
        browser(api.app, scheme="https") as who,
    ):
        answer: httpx.Response = await who.get(BEGIN)

    assert answer.headers["location"] == "/sign-in?error=provider"


async def test_where_it_is_not_set_up(sqlite_api: Api) -> None:
    async with browser(sqlite_api.app) as who:
        assert await begin(who) == "/sign-in?error=off"
        assert await come_back(who, {"state": "x", "code": "y"}) == "/sign-in?error=off"
        problem(await who.http.post("/api/v1/auth/oidc"), 405)
