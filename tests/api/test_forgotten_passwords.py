"""Whoever forgot their password is mailed a link; nobody learns from it who has an account."""

import asyncio
import re
from collections.abc import AsyncIterator, MutableMapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.core.database import Database
from app.core.errors import Unavailable
from app.domains.identity import users
from app.settings import Settings
from app.workflows.identity.ways import forgotten
from app.workflows.identity.ways.outside import Ways
from tests.api.client import Api, database_of, ok, problem
from tests.api.conftest import serving, settings_on
from tests.api.people import ANOTHER, EMAIL, Browser, add_user, browser
from tests.conftest import SettableClock
from tests.core.mail_server import Taken, mail_server, odd_server

LINK = re.compile(r"https://watchfloor\.example/sign-in#reset=([\w-]{43})")


@pytest.fixture
async def post() -> AsyncIterator[Taken]:
    async with mail_server() as taken:
        yield taken


def mailing(settings: Settings, port: int) -> Settings:
    how: dict[str, Any] = {
        "mail_host": "127.0.0.1",
        "mail_port": port,
        "mail_security": "none",
        "mail_from": "Watchfloor <watchfloor@example.org>",
        "public_url": "https://watchfloor.example",
        "background_budget_s": 10.0,
        "background_retries": 1,
        "retry_first_s": 0.01,
    }
    return settings.model_copy(update=how)


@pytest.fixture
async def mailed(
    database: Database, settings: Settings, clock: SettableClock, tmp_path: Path, post: Taken
) -> AsyncIterator[Api]:
    async with serving(mailing(settings_on(settings, database), post.port), clock, tmp_path) as api:
        await add_user(api)
        yield api


@pytest.fixture
async def anybody(mailed: Api) -> AsyncIterator[Browser]:
    async with browser(mailed.app) as found:
        yield found


def queue(api: Api) -> forgotten.Forgotten:
    ways: Ways = api.app.state.ways
    assert ways.forgotten is not None
    return ways.forgotten


async def forget(api: Api, who: Browser, email: str = EMAIL) -> httpx.Response:
    answer = await who.post("/auth/password/forgot", {"email": email})
    await queue(api).settled()
    return answer


async def test_a_link_comes_by_mail_and_sets_the_password(mailed: Api, anybody: Browser, post: Taken) -> None:
    assert (await forget(mailed, anybody, " Ana@Example.org ")).status_code == 202

    [mail] = post.mails
    assert mail["to"] == EMAIL
    found = LINK.search(mail.get_content())
    assert found, mail.get_content()
    body = {"token": found[1], "password": ANOTHER}
    assert (await anybody.post("/auth/password/reset", body)).status_code == 204
    async with browser(mailed.app, scheme="https") as secure:
        ok(await secure.sign_in(password=ANOTHER))


async def test_a_link_that_is_mailed_is_entered_in_the_trail_as_the_programs_deed(
    mailed: Api, anybody: Browser, post: Taken
) -> None:
    await forget(mailed, anybody)

    [entry] = (await mailed.get("/audit", action="password_link"))["items"]
    assert (entry["actor"], entry["target"]) == ("program", "user:1")
    found = LINK.search(post.mails[0].get_content())
    assert found
    assert found[1] not in str(entry)


async def test_whoever_asks_for_very_many_mails_is_told_so(mailed: Api, anybody: Browser) -> None:
    for _ in range(11):
        assert (await forget(mailed, anybody, "nobody@example.org")).status_code == 202

    told = problem(await forget(mailed, anybody, "nobody@example.org"), 429)["detail"]
    assert told == "You asked for many mails. Try again in 60 seconds."


async def test_the_link_leads_to_us_whatever_host_a_request_names(mailed: Api, anybody: Browser, post: Taken) -> None:
    anybody.http.headers["Host"] = "evil.example"
    anybody.http.headers["X-Forwarded-Host"] = "evil.example"
    await forget(mailed, anybody)

    assert "evil" not in post.mails[0].as_string()
    assert LINK.search(post.mails[0].get_content())


async def test_everybody_is_answered_alike(mailed: Api, anybody: Browser, post: Taken) -> None:
    away = await add_user(mailed, "away@example.org")
    ok(await mailed.http.patch(f"/api/v1/users/{away['id']}", json={"disabled": True}))

    answers = [await forget(mailed, anybody, each) for each in (EMAIL, "nobody@example.org", "away@example.org", "x")]

    assert {(answer.status_code, answer.text) for answer in answers} == {(202, answers[0].text)}
    assert [mail["to"] for mail in post.mails] == [EMAIL]


async def test_a_request_does_the_same_for_everybody(mailed: Api, anybody: Browser, post: Taken) -> None:
    await anybody.post("/auth/password/forgot", {"email": EMAIL})

    assert post.mails == []  # the account was not even looked up yet
    await queue(mailed).settled()
    assert len(post.mails) == 1


async def test_who_asks_again_and_again_is_mailed_three_times_an_hour(
    mailed: Api, anybody: Browser, post: Taken, clock: SettableClock
) -> None:
    for _ in range(5):
        assert (await forget(mailed, anybody)).status_code == 202
    assert len(post.mails) == 3

    clock.advance(timedelta(hours=1))
    await forget(mailed, anybody)
    assert len(post.mails) == 4


async def test_an_address_that_asks_for_very_many_has_to_wait(
    mailed: Api, anybody: Browser, clock: SettableClock
) -> None:
    for number in range(11):
        assert (await forget(mailed, anybody, f"{number}@example.org")).status_code == 202

    assert problem(await forget(mailed, anybody, "more@example.org"), 429)["retry_after"] <= 60
    async with browser(mailed.app, address="198.51.100.9") as other:
        assert (await forget(mailed, other)).status_code == 202
    clock.advance(timedelta(minutes=1))
    assert (await forget(mailed, anybody, "more@example.org")).status_code == 202


async def test_what_is_stored_and_logged_tells_nobody_the_link(
    mailed: Api, anybody: Browser, post: Taken, logged: list[MutableMapping[str, Any]]
) -> None:
    await forget(mailed, anybody)
    found = LINK.search(post.mails[0].get_content())
    assert found

    assert found[1] not in str(logged)
    assert found[1] not in str(await mailed.get("/audit"))


async def test_a_mail_that_can_not_be_sent_is_told_in_the_log_and_does_not_count(
    mailed: Api, anybody: Browser, post: Taken, logged: list[MutableMapping[str, Any]]
) -> None:
    post.says_to_address = "550 no such person"
    for _ in range(4):
        assert (await forget(mailed, anybody)).status_code == 202
    post.says_to_address = "250 OK"
    await forget(mailed, anybody)

    assert len(post.mails) == 1
    told = [entry for entry in logged if entry["event"] == "a link to set a password was not mailed"]
    assert [entry["detail"] for entry in told] == ["The mail server does not take the address (550)."] * 4
    assert EMAIL not in str(told)


async def test_an_address_that_no_mail_can_be_sent_to_strands_nobody_behind_it(mailed: Api, post: Taken) -> None:
    odd = await add_user(mailed, "odd@example.org")
    async with database_of(mailed).writing() as session:  # stored before such addresses were refused
        (await users.get(session, odd["id"])).email = "a..b@example.org"

    queue(mailed).ask("a..b@example.org")
    queue(mailed).ask(EMAIL)
    await queue(mailed).settled()

    assert [mail["to"] for mail in post.mails] == [EMAIL]


async def test_a_mail_server_that_hangs_holds_up_nobody(
    sqlite_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> None:
    async def silent(*_: Any) -> None:
        await asyncio.sleep(60)

    async with (
        odd_server(silent) as port,
        serving(mailing(settings_on(settings, sqlite_database), port), clock, tmp_path) as api,
        browser(api.app) as anybody,
    ):
        await add_user(api)
        for _ in range(3):
            assert (await anybody.post("/auth/password/forgot", {"email": EMAIL})).status_code == 202
    # and the server has stopped


async def test_a_flood_is_bounded(mailed: Api, anybody: Browser) -> None:
    waiting = queue(mailed)
    for _ in range(forgotten.MOST_WAITING):
        waiting.ask("nobody@example.org")
    with pytest.raises(Unavailable) as caught:
        waiting.ask("nobody@example.org")
    assert caught.value.retry_after == 60

    await waiting.settled()
    assert (await forget(mailed, anybody)).status_code == 202


async def test_without_a_mail_server_it_is_said_what_helps(sqlite_api: Api) -> None:
    async with browser(sqlite_api.app) as anybody:
        assert "Ask an admin" in problem(await anybody.post("/auth/password/forgot", {"email": EMAIL}), 409)["detail"]
        assert ok(await anybody.get("/auth/ways"))["mail"] is False


async def test_the_page_is_told_that_mail_is_sent(mailed: Api, anybody: Browser) -> None:
    assert ok(await anybody.get("/auth/ways"))["mail"] is True
