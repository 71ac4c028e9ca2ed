"""Who asks: looked up once a second, asked anew once rights change, and never a way to fill anything."""

import asyncio
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from app.core.database import Database
from app.core.identifying import FORGETS
from app.domains.identity import keys, users
from app.domains.identity.models import ApiKey, User, UserSession
from app.domains.identity.rules import Role, Scope
from app.settings import Settings
from app.workflows.identity.keys.router import router as keys_router
from app.workflows.identity.signing_in.router import router as sign_in_router
from app.workflows.identity.totp.router import router as totp_router
from app.workflows.identity.users.router import router as users_router
from app.workflows.identity.ways.router import router as ways_router
from app.workflows.router import router as workflows_router
from tests.api.client import Api, database_of, ok, problem
from tests.api.conftest import key_of, serving, settings_on
from tests.api.identified import as_role, bearer, cookie, signed_in, user
from tests.conftest import SettableClock

TASKS = "/api/v1/tasks"


@contextmanager
def statements(api: Api) -> Iterator[list[str]]:
    """What the database is asked that has to do with who asks."""
    found: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "api_keys" in statement or "user_sessions" in statement or "signing_keys" in statement:
            found.append(statement)

    engine = database_of(api).engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


async def asks(api: Api, headers: dict[str, str], path: str = TASKS) -> httpx.Response:
    return await api.http.get(path, headers=headers)


async def test_a_busy_caller_is_looked_up_once(api: Api) -> None:
    for headers in (bearer(await key_of(api.app, Scope.TASKS_READ)), await as_role(api, Role.VIEWER)):
        begun = time.monotonic()
        with statements(api) as found:
            for _ in range(5):
                ok(await asks(api, headers))
            await api.app.state.recogniser.uses.settled()
        most = 1 + int(time.monotonic() - begun)  # where the machine is so busy that a second passed
        assert 1 <= len([each for each in found if each.startswith("SELECT")]) <= most


async def test_a_second_later_it_is_looked_up_again(api: Api, clock: SettableClock) -> None:
    key = bearer(await key_of(api.app, Scope.TASKS_READ))
    ok(await asks(api, key))
    async with database_of(api).writing() as session:  # as another process does it
        row = (await session.execute(select(ApiKey).order_by(ApiKey.id.desc()).limit(1))).scalar_one()
        await keys.revoke(session, row, now=clock())

    clock.advance(seconds=1.001)
    problem(await asks(api, key), 401)


async def test_what_is_unknown_costs_one_query_and_is_kept_nowhere(api: Api) -> None:
    memory = api.app.state.recogniser._memory
    ok(await api.http.get(TASKS))
    before = len(memory)
    with statements(api) as found:
        for _ in range(20):
            shown = f"wf_{secrets.token_hex(6)}_{secrets.token_urlsafe(30)}"
            problem(await asks(api, bearer(shown)), 401)
    assert len(found) == 20
    assert len(memory) == before


async def test_what_is_no_key_and_no_token_costs_no_query(api: Api) -> None:
    with statements(api) as found:
        for shown in ("x", "wf_1", "Bearer", "eyJ.x.y", "é" * 100):
            raw = [(b"authorization", f"Bearer {shown}".encode())]
            problem(await api.http.get(TASKS, headers=raw), 401)
    assert found == []


async def test_many_forged_tokens_cost_one_query_a_second(api: Api) -> None:
    given = ok(await api.http.post("/api/v1/auth/token", json={"scopes": ["tasks:read"]}))["token"]
    head, body, sign = given.split(".")
    with statements(api) as found:
        for n in range(10):
            problem(await asks(api, bearer(f"{head}.{body}.{sign[:-4]}{n:04}")), 401)
    assert len(found) <= 2


@pytest.mark.parametrize("how", ["disabled", "role", "removed"])
async def test_a_change_of_a_user_counts_from_the_next_request_on(api: Api, how: str) -> None:
    ann = await user(api, Role.ADMIN, email="ann@example.org")
    await user(api, Role.ADMIN, email="stays@example.org")
    key = bearer(await key_of(api.app, Scope.ADMIN, user_id=ann.id))
    page = cookie(api, await signed_in(api, ann))
    for headers in (key, page):
        ok(await asks(api, headers, "/api/v1/users"))

    address = f"/api/v1/users/{ann.id}"
    if how == "removed":
        ok_or_empty(await api.http.delete(address))
    else:
        change = {"disabled": True} if how == "disabled" else {"role": "viewer"}
        ok(await api.http.patch(address, json=change))

    problem(await asks(api, page, "/api/v1/users"), 401)  # their sessions have ended
    problem(await asks(api, key, "/api/v1/users"), 403 if how == "role" else 401)


def ok_or_empty(answer: httpx.Response) -> None:
    assert answer.status_code == 204, answer.text


async def test_signing_out_counts_from_the_next_request_on(api: Api) -> None:
    page = await as_role(api, Role.OPERATOR)
    ok(await asks(api, page))

    ok_or_empty(await api.http.post("/api/v1/auth/logout", headers=page))

    assert problem(await asks(api, page), 401)["detail"] == "Your sign-in has ended. Sign in again."


async def test_who_asks_while_rights_change_is_not_believed_afterwards(api: Api) -> None:
    """A request between the change and its commit sees the state before, which must not be kept."""
    ann = await user(api, Role.OPERATOR, email="ann@example.org")
    key = bearer(await key_of(api.app, Scope.TASKS_READ, user_id=ann.id))
    stop = asyncio.Event()

    async def keeps_asking() -> None:
        while not stop.is_set():
            await asks(api, key)

    busy = asyncio.create_task(keeps_asking())
    ok(await api.http.patch(f"/api/v1/users/{ann.id}", json={"disabled": True}))
    answer = await asks(api, key)
    stop.set()
    await busy
    problem(answer, 401)


async def test_a_session_is_written_down_as_used_once_a_minute(api: Api, clock: SettableClock) -> None:
    page = await as_role(api, Role.VIEWER)

    async def seen() -> Any:
        await api.app.state.recogniser.uses.settled()
        async with database_of(api).reading() as session:
            return (await session.execute(select(UserSession.seen_at))).scalar_one()

    began = clock()
    clock.advance(seconds=59)
    ok(await asks(api, page))
    assert await seen() == began
    clock.advance(seconds=1)
    ok(await asks(api, page))
    assert await seen() == clock()


async def test_a_session_goes_on_as_long_as_it_is_used(api: Api, clock: SettableClock) -> None:
    page = await as_role(api, Role.VIEWER)
    idle = timedelta(hours=api.app.state.settings.session_idle_hours)

    for _ in range(3):
        clock.advance(idle - timedelta(minutes=1))
        ok(await asks(api, page))
        await api.app.state.recogniser.uses.settled()
    clock.advance(idle)
    problem(await asks(api, page), 401)


async def test_writing_down_a_use_is_nobodys_deed(api: Api) -> None:
    ok(await asks(api, bearer(await key_of(api.app, Scope.TASKS_READ))))
    await api.app.state.recogniser.uses.settled()

    entries = (await api.get("/audit"))["items"]
    assert [entry for entry in entries if "last_used" in str(entry)] == []


class Away(Database):
    """A database that is gone, for whoever looks up who asks."""

    def reading(self) -> Any:
        raise OperationalError("", None, Exception())


@contextmanager
def away(api: Api) -> Iterator[None]:
    recogniser = api.app.state.recogniser
    there, recogniser._database = recogniser._database, Away("sqlite+aiosqlite:///nowhere")
    yield
    recogniser._database = there


async def test_while_the_database_is_away_who_was_known_may_read_how_it_stands_and_nothing_else(
    api: Api, clock: SettableClock
) -> None:
    scrapes, stranger = bearer(await key_of(api.app, Scope.ADMIN)), bearer(await key_of(api.app, Scope.ADMIN))
    ok(await asks(api, scrapes, "/status"))
    clock.advance(minutes=5)
    with away(api):
        assert (await asks(api, scrapes, "/metrics")).status_code == 200
        assert (await asks(api, scrapes, "/health/live")).status_code == 200
        for refused in (await asks(api, scrapes), await asks(api, stranger), await asks(api, stranger, "/metrics")):
            assert problem(refused, 503)["retry_after"] == 5
        assert (await asks(api, stranger, "/health/live")).status_code == 200
        assert problem(await asks(api, {"Authorization": ""}, "/metrics"), 401)
    ok(await asks(api, scrapes))


async def test_while_the_database_is_away_what_was_revoked_here_stays_revoked(api: Api, clock: SettableClock) -> None:
    made = await api.post("/api-keys", {"name": "a", "scopes": ["metrics:read"]})
    assert (await asks(api, bearer(made["key"]), "/metrics")).status_code == 200
    await api.http.delete(f"/api/v1/api-keys/{made['id']}")
    with away(api):
        problem(await asks(api, bearer(made["key"]), "/metrics"), 503)


async def test_a_key_sees_what_its_user_sees_of_private_integrations(api: Api) -> None:
    ann = await user(api, Role.OPERATOR, email="ann@example.org")
    async with database_of(api).writing() as session:
        found = await users.by_email(session, "ann@example.org")
        assert isinstance(found, User)
    await api.import_mail(b"From: a@b.example\nSubject: Private\nMessage-ID: <1@b>\nTo: support@example.com\n\nHi?\n")
    async with database_of(api).writing() as session:
        await session.execute(text("UPDATE integrations SET private = true, owner_id = :id"), {"id": ann.id})
    hers, nobodys = await key_of(api.app, Scope.TASKS_READ, user_id=ann.id), await key_of(api.app, Scope.TASKS_READ)

    assert len(ok(await asks(api, bearer(hers), "/api/v1/integrations"))["items"]) == 1
    assert ok(await asks(api, bearer(nobodys), "/api/v1/integrations"))["items"] == []


OPEN = {
    "/auth/login": {"email": "ann@example.org", "password": "not this one 1234"},
    "/auth/link": {"token": "x" * 43},
    "/auth/password/reset": {"token": "x" * 43, "password": "seven quiet harbours 19"},
    "/auth/password/forgot": {"email": "ann@example.org"},
}


@pytest.mark.parametrize("path", OPEN)
async def test_what_anybody_may_try_and_fails_forgets_nobody(api: Api, path: str) -> None:
    ok(await asks(api, await as_role(api, Role.OPERATOR)))

    answer = await api.http.post(f"/api/v1{path}", json=OPEN[path], headers={"Authorization": ""})
    assert answer.status_code in (401, 409)  # 409: no mail is sent from here

    assert len(api.app.state.recogniser._memory) == 1


async def test_a_refused_change_of_a_user_forgets_nobody(api: Api) -> None:
    page = await as_role(api, Role.ADMIN)
    ok(await asks(api, page))
    problem(await api.http.patch("/api/v1/users/999", json={"disabled": True}), 404)

    assert len(api.app.state.recogniser._memory) == 2


async def test_failed_sign_ins_do_not_end_what_may_be_read_while_the_database_is_away(
    api: Api, clock: SettableClock
) -> None:
    reads = bearer(await key_of(api.app, Scope.METRICS_READ))
    ok(await asks(api, reads, "/status"))
    clock.advance(seconds=2)
    with away(api):
        for path, body in OPEN.items():
            answer = await api.http.post(f"/api/v1{path}", json=body, headers={"Authorization": ""})
            assert answer.status_code >= 400
        ok(await asks(api, reads, "/status"))


def test_a_route_that_forgets_says_so_once() -> None:
    said = {
        str(route.operation_id): route.dependencies.count(FORGETS)
        for each in (sign_in_router, totp_router, users_router, keys_router, ways_router, workflows_router)
        for route in each.routes
        if isinstance(route, APIRoute)
    }
    assert set(said.values()) == {0, 1}
    assert said["forgot_password"] == 0
    assert said["login"] == said["set_password_by_link"] == said["edit_user"] == said["edit_integration"] == 1


async def test_what_nobody_knows_is_not_looked_for_once_its_address_has_asked_too_much(
    settings: Settings, sqlite_database: Database, clock: SettableClock, tmp_path: Path
) -> None:
    given = settings_on(settings, sqlite_database).model_copy(update={"rate_anyone_per_minute": 5})
    async with serving(given, clock, tmp_path) as api:
        known = bearer(await key_of(api.app, Scope.TASKS_READ))
        ok(await api.http.get(TASKS, headers=known))
        api.app.state.limiter._now = lambda: 1_000.0  # no minute ends meanwhile
        strange = [bearer(keys.new_key()[0]) for _ in range(20)]
        answers = [(await api.http.get(TASKS, headers=each)).status_code for each in strange[:10]]
        assert answers == [401] * 5 + [429] * 5

        stale = {"Cookie": "watchfloor_session=unknown", "Authorization": ""}
        with statements(api) as asked:
            refused = [await api.http.get(TASKS, headers=each) for each in (*strange[10:], stale)]
        assert {each.status_code for each in refused} == {429}
        assert "retry-after" in refused[0].headers
        assert asked == []

        # Whoever was recognised lately passes, also once everything has to be asked anew.
        api.app.state.recogniser.forget()
        ok(await api.http.get(TASKS, headers=known))
        # And so does whoever signs in.
        login = await api.http.post("/api/v1/auth/login", json={"email": "a@b.example", "password": "c"}, headers=stale)
        assert login.status_code == 401
