"""Every route × every sort of credentials: let in, refused as unknown, or refused as not allowed.

What is right comes from the tables of app/domains/identity/rules.py and from nothing else. A request that is let in
may fail afterwards: it names what isn't there and brings no body. Only the gate's own refusals count, told apart by
what they say. A route that declares nothing, or that is no gated route, fails the test.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.core.database import Database
from app.core.gate import DECLARED, GatedRoute
from app.core.pages import CLIENT_PAGES
from app.domains.identity import keys
from app.domains.identity.rules import OF_ROLE, Permission, Role, Scope, of_key
from app.main import create_app
from app.settings import Settings
from app.workflows.identity import recognising
from scripts.permissions_page import SORTS_TRIED
from tests.api.client import Api
from tests.api.conftest import key_of, serving, settings_on
from tests.api.identified import Headers, bearer, cookie, leave_idle, signed_in, user
from tests.conftest import SettableClock

PAGES = {*CLIENT_PAGES, "/docs", "/docs/assets", "/openapi.json", "/assets", "/icon.svg"}
"""Open to everybody, and no part of the API: they hold nobody's data."""
ONLY_POSTED = {
    "/api/v1/tasks/claim",
    "/api/v1/tasks/bulk",
    "/api/v1/integrations/import",
    "/api/v1/rulesets/check",
    "/api/v1/rulesets/preview",
    "/api/v1/rulesets/rollback",
}
"""Say 405 to every method but POST, whoever asks."""
OPEN = {
    "live",
    "ready",
    "health",
    "take_composio_webhook",
    "login",
    "get_ways",
    "sign_in_by_link",
    "forgot_password",
    "set_password_by_link",
    "begin_single_sign_on",
    "finish_single_sign_on",
}
"""Operations that ask for no sign-in, each for a reason of its own. A new one is added here by hand."""
REFUSALS = ("Sign in, or send an API key", "A page of another origin may not", "The header X-CSRF-Token is missing")
REFUSED = (recognising.NO_KEY, recognising.NOT_GOOD, recognising.NO_SESSION, recognising.NO_BEARER)
EVERYTHING = frozenset(Permission)

Issue = Callable[[Api], Awaitable[Headers]]


@dataclass(frozen=True)
class Sort:
    """A sort of credentials: how to come by them, and what they allow. None: nobody is recognised by them."""

    name: str
    issue: Issue
    allows: frozenset[Permission] | None = None
    only_changes: bool = False
    """Refused only where a request changes something: else they allow what `allows` says."""

    def recognised(self, method: str) -> bool:
        return self.allows is not None and not (self.only_changes and method not in ("GET", "HEAD"))


async def _nothing(_api: Api) -> Headers:
    return {}


def _fixed(authorization: str) -> Issue:
    async def issue(_api: Api) -> Headers:
        return {"Authorization": authorization}

    return issue


def _key(*scopes: Scope) -> Issue:
    async def issue(api: Api) -> Headers:
        return bearer(await key_of(api.app, *scopes))

    return issue


async def _expired_key(api: Api) -> Headers:
    return bearer(await key_of(api.app, Scope.ADMIN, expires_at=api.app.state.clock()))


async def _revoked_key(api: Api) -> Headers:
    shown = await key_of(api.app, Scope.ADMIN)
    await _revoke(api, shown)
    return bearer(shown)


async def _revoke(api: Api, shown: str) -> None:
    database: Database = api.app.state.database
    async with database.writing() as session:
        found = await keys.found(session, shown)
        assert found is not None
        await keys.revoke(session, found[0], now=api.app.state.clock())


async def _key_from_elsewhere(api: Api) -> Headers:
    return bearer(await key_of(api.app, Scope.ADMIN, networks=["192.0.2.0/24"]))


async def _key_of_a_disabled_user(api: Api) -> Headers:
    gone = await user(api, Role.ADMIN, email="gone@example.org", disabled=True)
    return bearer(await key_of(api.app, Scope.ADMIN, user_id=gone.id))


async def _key_of_a_viewer(api: Api) -> Headers:
    return bearer(await key_of(api.app, Scope.ADMIN, user_id=(await user(api, Role.VIEWER)).id))


async def _token(api: Api, *scopes: Scope) -> Headers:
    shown = await key_of(api.app, Scope.ADMIN)
    database: Database = api.app.state.database
    async with database.reading() as session:
        found = await keys.found(session, shown)
    assert found is not None
    now, keyring = api.app.state.clock(), api.app.state.recogniser.keyring
    text, _ = await keyring.issue(found[0].id, scopes or (Scope.ADMIN,), now=now, lasts=timedelta(minutes=15))
    return bearer(text)


async def _lesser_token(api: Api) -> Headers:
    return await _token(api, Scope.SYNC_RUN)


async def _forged_token(api: Api) -> Headers:
    head, body, sign = (await _token(api))["Authorization"].removeprefix("Bearer ").split(".")
    return bearer(f"{head}.{body}.{sign[::-1]}")


def _session(role: Role, **proof: str) -> Issue:
    async def issue(api: Api) -> Headers:
        return cookie(api, await signed_in(api, await user(api, role)), **proof)

    return issue


async def _ended_session(api: Api) -> Headers:
    whose = await user(api, Role.ADMIN, email="late@example.org")
    return cookie(api, await signed_in(api, whose, lasts=timedelta(0)))


async def _idle_session(api: Api) -> Headers:
    whose = await user(api, Role.ADMIN, email="idle@example.org")
    headers = cookie(api, await signed_in(api, whose))
    await leave_idle(api, whose, api.app.state.settings.session_idle_hours * 3600)
    return headers


async def _session_of_a_disabled_user(api: Api) -> Headers:
    whose = await user(api, Role.ADMIN, email="disabled@example.org")
    headers = cookie(api, await signed_in(api, whose))
    await user(api, Role.ADMIN, email="disabled@example.org", disabled=True)
    return headers


async def _foreign_session(api: Api) -> Headers:
    return cookie(api, "x" * 43)


SORTS = [
    Sort("nothing", _nothing),
    Sort("an unknown key", _fixed(f"Bearer wf_000000000000_{'x' * 40}")),
    Sort("no key at all", _fixed("Bearer let-me-in")),
    Sort("another scheme", _fixed("Basic YWRtaW46YWRtaW4=")),
    Sort("an expired key", _expired_key),
    Sort("a revoked key", _revoked_key),
    Sort("a key from elsewhere", _key_from_elsewhere),
    Sort("a key of a disabled user", _key_of_a_disabled_user),
    Sort("an unknown session", _foreign_session),
    Sort("an ended session", _ended_session),
    Sort("an idle session", _idle_session),
    Sort("a session of a disabled user", _session_of_a_disabled_user),
    Sort("a forged token", _forged_token),
    Sort("a session with a wrong proof", _session(Role.ADMIN, proof="0" * 64), EVERYTHING, only_changes=True),
    Sort("a session without proof", _session(Role.ADMIN, proof=""), EVERYTHING, only_changes=True),
    *(Sort(f"a session of a {role}", _session(role), OF_ROLE[role]) for role in Role),
    *(Sort(f"a key with {scope}", _key(scope), of_key([scope], None)) for scope in Scope),
    Sort("an admin's key of a viewer", _key_of_a_viewer, OF_ROLE[Role.VIEWER]),
    Sort("a token", _token, EVERYTHING - {Permission.KEYS_WRITE, Permission.USERS_MANAGE}),
    Sort("a lesser token", _lesser_token, of_key([Scope.SYNC_RUN], None)),
]


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str
    permission: str

    def allowed(self, sort: Sort) -> str:
        """let in, unknown, or not allowed: as the tables say."""
        if self.permission == "":
            return "let in"
        if not sort.recognised(self.method):
            return "unknown"
        assert sort.allows is not None
        return "let in" if self.permission == "*" or Permission(self.permission) in sort.allows else "not allowed"


def operations(app: FastAPI) -> list[Operation]:
    """All of the API's description, each at an address of something that isn't there."""
    found = []
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            numbers = {
                each["name"]
                for each in operation.get("parameters", [])
                if each["in"] == "path" and each["schema"].get("type") == "integer"
            }
            words = re.findall(r"{(\w+)}", path)
            address = path.format(**{word: 2**31 - 1 if word in numbers else "nothing" for word in words})
            found.append(Operation(operation["operationId"], method.upper(), address, operation[DECLARED]))
    return found


def verdict(answer: httpx.Response) -> str:
    """What the gate said, told apart from what came behind it."""
    problem: dict[str, Any] = {}
    if answer.headers.get("content-type") == "application/problem+json":
        problem = answer.json()
    detail = problem.get("detail", "")
    if answer.status_code == 401 and (detail in REFUSED or detail.startswith(REFUSALS)):
        return "unknown"
    return "not allowed" if answer.status_code == 403 and "permission" in problem else "let in"


@pytest.fixture
async def asked(
    database: Database, settings: Settings, clock: SettableClock, tmp_path: Any
) -> AsyncIterator[tuple[Api, httpx.AsyncClient]]:
    """An application, and a client that shows nothing by itself."""
    on = settings_on(settings, database).model_copy(update={"rate_limits": False})
    async with serving(on, clock, tmp_path / "uploads") as api:
        api.app.state.streams.close()  # or the stream of events would go on
        transport = httpx.ASGITransport(app=api.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://watchfloor.test") as http:
            yield api, http


async def test_every_route_lets_in_whom_the_tables_say(asked: tuple[Api, httpx.AsyncClient]) -> None:
    """In one application for all: building one takes longer than asking all of its routes."""
    api, http = asked
    all_of_them = operations(api.app)
    wrong, size = [], 0
    for sort in SORTS:
        headers = await sort.issue(api)
        for operation in all_of_them:
            answer = await http.request(operation.method, operation.path, headers=headers)
            found, right, size = verdict(answer), operation.allowed(sort), size + 1
            if found != right or answer.status_code >= 500:
                wrong.append(f"{sort.name}, {operation.name}: {answer.status_code}, {found} instead of {right}")
            if operation.name == "logout":
                headers = await sort.issue(api)

    assert wrong == []
    assert size == SORTS_TRIED * len(all_of_them) > 3_000, (
        "docs/permissions.md tells the size: scripts/permissions_page.py"
    )


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(Settings(_env_file=None), jobs=False)


def routes(found: Sequence[Any]) -> Iterator[Any]:
    """All of them, also those of routers within routers."""
    for each in found:
        router = getattr(each, "original_router", None)
        if router is None:
            yield each
        else:
            yield from routes(router.routes)


def test_every_route_is_gated_and_described_or_one_of_the_listed_pages(app: FastAPI) -> None:
    described = {operation.name for operation in operations(app)}
    gated, others = [], set()
    for each in routes(app.routes):
        if isinstance(each, GatedRoute):
            gated.append(each.operation_id)
        else:
            others.add(getattr(each, "path", repr(each)))

    assert others == PAGES | ONLY_POSTED
    assert sorted(map(str, gated)) == sorted(described)


def test_whatever_is_named_in_an_address_is_an_id_that_is_spelled_in_one_way_or_a_name(app: FastAPI) -> None:
    for each in routes(app.routes):
        if isinstance(each, GatedRoute):
            assert set(each.numbers) == set(re.findall(r"{(\w+)}", each.path)) - {"name", "token"}, each.path


def test_what_is_open_to_anyone_is_listed_by_hand(app: FastAPI) -> None:
    assert {each.name for each in operations(app) if each.permission == ""} == OPEN


def test_only_known_permissions_are_asked_for(app: FastAPI) -> None:
    asked_for = {each.permission for each in operations(app)}

    assert asked_for - {"", "*"} <= set(Permission)


async def test_what_answers_to_post_alone_says_so_to_everybody(asked: tuple[Api, httpx.AsyncClient]) -> None:
    _, http = asked
    for path in ONLY_POSTED:
        assert (await http.get(path)).status_code == 405
