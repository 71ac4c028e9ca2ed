"""Whoever guesses waits longer and longer; who is known here does not wait for others' guesses."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select

from app.core.database import Database
from app.domains.identity import users
from app.domains.identity.models import SignInFailures
from app.domains.identity.rules import Scope
from app.settings import Settings
from tests.api.client import Api, database_of, ok, problem
from tests.api.conftest import key_of, serving, settings_on
from tests.api.people import ANOTHER, EMAIL, PASSWORD, Browser, add_user, browser
from tests.conftest import SettableClock

WRONG = "not the one 1234"


@pytest.fixture
async def ana(api: Api) -> AsyncIterator[Browser]:
    """Few wrong passwords are free, so that tests are quick."""
    api.app.state.settings.sign_in_free_failures = 2
    await add_user(api)
    async with browser(api.app) as found:
        yield found


async def fail(at: Browser, times: int, email: str = EMAIL) -> list[int]:
    return [(await at.sign_in(email, WRONG)).status_code for _ in range(times)]


def waits(answer: httpx.Response) -> int:
    found = problem(answer, 429)
    assert (found["category"], found["code"]) == ("rate_limit", "too_many")
    assert answer.headers["retry-after"] == str(found["retry_after"])
    return int(found["retry_after"])


async def test_a_few_wrong_passwords_cost_no_waiting_and_each_further_one_doubles_it(
    ana: Browser, clock: SettableClock
) -> None:
    assert await fail(ana, 3) == [401, 401, 401]
    waited = []
    for _ in range(4):
        waited.append(waits(await ana.sign_in(password=WRONG)))
        clock.advance(seconds=waited[-1])
        assert await fail(ana, 1) == [401]

    assert waited == [1, 2, 4, 8]


async def test_the_wait_does_not_grow_without_end(ana: Browser, api: Api, clock: SettableClock) -> None:
    api.app.state.settings.sign_in_delay_most_s = 4
    for _ in range(7):
        await fail(ana, 1)
        clock.advance(seconds=4)
    await fail(ana, 1)

    assert waits(await ana.sign_in()) == 4


async def test_while_waiting_the_right_password_is_not_looked_at_either(ana: Browser, clock: SettableClock) -> None:
    await fail(ana, 3)

    assert waits(await ana.sign_in()) == 1
    clock.advance(seconds=1)
    assert (await ana.sign_in()).status_code == 200


async def test_an_account_that_is_not_there_makes_wait_alike(ana: Browser, api: Api) -> None:
    for email in (EMAIL, "nobody@example.org"):
        async with browser(api.app) as guessing:
            assert await fail(guessing, 4, email) == [401, 401, 401, 429]


async def test_guesses_from_many_addresses_count_together(ana: Browser, api: Api) -> None:
    statuses = []
    for number in range(4):
        async with browser(api.app, address=f"198.51.100.{number}") as guessing:
            statuses += await fail(guessing, 1)

    assert statuses == [401, 401, 401, 429]


async def test_a_browser_that_signed_in_before_does_not_wait_for_guesses_from_elsewhere(ana: Browser, api: Api) -> None:
    ok(await ana.sign_in())
    async with browser(api.app, address="198.51.100.1") as guessing:
        await fail(guessing, 4)
        waits(await guessing.sign_in())

        assert (await ana.sign_in()).status_code == 200
        waits(await guessing.sign_in())  # that the owner signed in lets nobody else in


async def test_its_own_failures_count_and_for_it_alone(ana: Browser, api: Api) -> None:
    ok(await ana.sign_in())

    assert await fail(ana, 4) == [401, 401, 401, 429]
    async with browser(api.app) as elsewhere:
        assert (await elsewhere.sign_in()).status_code == 200


async def test_copies_of_its_cookies_give_no_more_guesses_than_a_few_browsers_have(ana: Browser, api: Api) -> None:
    devices = []
    for _ in range(5):
        async with browser(api.app) as one:
            ok(await one.sign_in())
            devices.append(one.device)
    statuses = []
    for shown in devices:
        async with browser(api.app, address="198.51.100.1") as guessing:
            guessing.http.cookies.set("watchfloor_device", shown, domain="watchfloor.test")
            statuses += await fail(guessing, 3)

    assert statuses == [401] * 5 + [429] * 10


async def test_with_a_new_password_no_device_is_known_any_more(ana: Browser, api: Api) -> None:
    ok(await ana.sign_in())
    old = ana.device
    ok(await ana.post("/auth/password", {"old": PASSWORD, "new": ANOTHER}))
    async with browser(api.app, address="198.51.100.1") as guessing:
        guessing.http.cookies.set("watchfloor_device", old, domain="watchfloor.test")
        await fail(guessing, 4)
        waits(await guessing.sign_in(password=ANOTHER))

    assert (await ana.sign_in(password=ANOTHER)).status_code == 200  # this browser was given another one


async def test_a_right_password_does_not_count_where_we_fail_afterwards(ana: Browser, api: Api) -> None:
    async with database_of(api).writing() as session:
        user = await users.by_email(session, EMAIL)
        assert user is not None
        user.totp_secret, user.totp_since = "of another key", api.app.state.clock()

    for _ in range(5):
        assert (await ana.sign_in(code="123456")).status_code == 500
    async with database_of(api).writing() as session:
        (await users.get(session, user.id)).totp_since = None
    assert (await ana.sign_in()).status_code == 200


async def test_tries_of_strangers_at_the_same_address_do_not_use_up_a_known_browsers(
    settings: Settings, database: Database, clock: SettableClock, tmp_path: Path
) -> None:
    few = settings_on(settings, database).model_copy(update={"rate_sign_in_per_minute": 3})
    async with serving(few, clock, tmp_path) as api, browser(api.app) as known, browser(api.app) as stranger:
        await add_user(api)
        ok(await known.sign_in())
        key = {"Authorization": f"Bearer {await key_of(api.app, Scope.TASKS_READ)}"}
        for _ in range(4):
            refused = await stranger.sign_in("nobody@example.org", WRONG)

        assert problem(refused, 429)["limit"] == "sign_in"
        for _ in range(3):
            ok(await known.sign_in())
        assert problem(await known.sign_in(), 429)["limit"] == "sign_in"
        for _ in range(3):
            ok(await stranger.http.post("/api/v1/auth/token", headers=key))
        assert (await stranger.http.post("/api/v1/auth/token", headers=key)).status_code == 429


async def test_a_device_cookie_is_good_for_its_account_alone_and_can_not_be_made_up(ana: Browser, api: Api) -> None:
    await add_user(api, "ben@example.org", password=ANOTHER)
    ok(await ana.sign_in())
    device = ana.device
    async with browser(api.app, address="198.51.100.1") as guessing:
        for shown in (device, device[:-1] + ("0" if device[-1] != "0" else "1"), "a.b.c", "0.1.2"):
            guessing.http.cookies.set("watchfloor_device", shown, domain="watchfloor.test")
            await fail(guessing, 1, "ben@example.org")

    async with browser(api.app) as another:
        waits(await another.sign_in("ben@example.org", ANOTHER))


async def test_guessing_many_accounts_from_one_address_makes_that_address_wait(
    ana: Browser, api: Api, clock: SettableClock
) -> None:
    statuses = [(await ana.sign_in(f"user{number}@example.org", WRONG)).status_code for number in range(12)]

    assert statuses == [401] * 11 + [429]
    async with browser(api.app, address="198.51.100.1") as elsewhere:
        assert (await elsewhere.sign_in()).status_code == 200


async def test_whoever_has_an_account_can_not_use_it_to_guess_on(ana: Browser, api: Api) -> None:
    # Known as a way around limits: a right sign-in between two guesses forgave the address.
    await add_user(api, "eve@example.org", password=ANOTHER)
    statuses = []
    for number in range(12):
        statuses += await fail(ana, 1, f"user{number}@example.org")
        async with browser(api.app) as own:
            await own.sign_in("eve@example.org", ANOTHER)

    assert statuses[-1] == 429


async def test_many_guesses_at_once_get_no_further_than_one_after_the_other(ana: Browser, api: Api) -> None:
    answers = await asyncio.gather(*(ana.sign_in(password=WRONG) for _ in range(12)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [401] * 3 + [429] * 9


async def test_signing_in_forgives_the_account_what_went_wrong_before(ana: Browser) -> None:
    await fail(ana, 2)
    ok(await ana.sign_in())
    ana.http.cookies.clear()

    assert await fail(ana, 2) == [401, 401]
    assert (await ana.sign_in()).status_code == 200


async def test_after_a_quiet_day_all_is_forgotten(ana: Browser, api: Api, clock: SettableClock) -> None:
    await fail(ana, 3)
    clock.advance(days=1, seconds=1)

    assert await fail(ana, 3) == [401, 401, 401]
    clock.advance(days=1, seconds=1)
    await api.jobs.tidy()
    async with database_of(api).reading() as session:
        assert (await session.execute(select(SignInFailures))).all() == []


async def test_the_table_tells_nobody_who_tried(ana: Browser, api: Api) -> None:
    await fail(ana, 1)

    async with database_of(api).reading() as session:
        rows = (await session.execute(select(SignInFailures))).scalars().all()
    assert len(rows) == 2
    assert all(len(row.bucket) == 64 and "ana" not in row.bucket for row in rows)


async def test_wrong_passwords_shown_again_by_who_is_signed_in_count_too(ana: Browser, clock: SettableClock) -> None:
    ok(await ana.sign_in())
    statuses = [(await ana.post("/auth/password", {"old": WRONG, "new": ANOTHER})).status_code for _ in range(4)]

    assert statuses == [422, 422, 422, 429]
    clock.advance(seconds=1)
    assert ok(await ana.post("/auth/password", {"old": PASSWORD, "new": ANOTHER}))


async def test_a_wrong_password_shown_again_is_in_the_audit_trail(ana: Browser, api: Api) -> None:
    user = ok(await ana.sign_in())["user"]["id"]
    await ana.post("/auth/password", {"old": WRONG, "new": ANOTHER})

    [entry] = ok(await api.http.get("/api/v1/audit?action=proof_failed"))["items"]
    assert (entry["target"], entry["actor"]) == (f"user:{user}", f"user:{user}")


async def test_the_audit_trail_says_which_session_was_ended_and_no_later_one_has_its_id(ana: Browser, api: Api) -> None:
    first = ok(await ana.sign_in())["session_id"]
    assert (await ana.post("/auth/logout")).status_code == 204

    assert ok(await ana.sign_in())["session_id"] > first
    [entry] = ok(await api.http.get("/api/v1/audit?action=logout"))["items"]
    assert entry["target"] == f"session:{first}"


async def test_how_sign_ins_end_is_counted(ana: Browser, api: Api) -> None:
    def counts() -> dict[str, float]:
        outcomes = ("in", "wrong_password", "too_many")
        return {
            each: REGISTRY.get_sample_value("watchfloor_sign_ins_total", {"outcome": each}) or 0 for each in outcomes
        }

    before = counts()
    await fail(ana, 4)
    async with browser(api.app, address="198.51.100.1") as other:
        await add_user(api, "ben@example.org")
        ok(await other.sign_in("ben@example.org"))

    after = counts()
    assert {each: after[each] - before[each] for each in after} == {"in": 1, "wrong_password": 3, "too_many": 1}
