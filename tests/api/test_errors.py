"""Errors: one document for all, findable by its id, and nothing of the inside in it."""

import re
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, DBAPIError
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.web import Reading
from app.domains.monitoring.schemas import StatusOut
from tests.api.client import TASKS, Api, database_of, ok, problem

MEMBERS = {
    "type", "title", "status", "detail", "code", "category", "severity", "correlation_id", "errors", "retry_after",
}  # fmt: skip
CANARY = "canary-4711"
"""What an exception says that must never leave the process."""


STREAMS = {"/api/v1/events"}


def operations(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path of everything the API does, but the stream: that never ends here."""
    paths = app.openapi()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods if path not in STREAMS]


async def test_every_error_is_the_same_document(sqlite_api: Api) -> None:
    """Each route is asked wrongly in several ways; whatever fails must fail in the same shape."""
    seen: set[int] = set()
    for method, path in operations(sqlite_api.app):
        for value in ("999", "0", "x"):
            address = re.sub(r"\{\w+\}", value, path.replace("{token}", "unknown"))
            for body in (None, b"{", b"{}"):
                headers = {"Content-Type": "application/json"} if body else {}
                response = await sqlite_api.http.request(method, address, content=body, headers=headers)
                if response.status_code >= 400:
                    found = problem(response, response.status_code)
                    assert found.keys() >= MEMBERS, address
                    assert found["detail"].endswith("."), found["detail"]
                    seen.add(response.status_code)
    assert seen - {429} == {400, 403, 404, 409, 422}  # 403: no secret is set by which webhooks could be believed
    assert 429 in seen  # nobody signs in so often


async def test_what_is_sent_without_measure_is_refused_in_few_words(sqlite_api: Api) -> None:
    many = {f"field {number}": 1 for number in range(10_000)}

    for wrong in (many, {"x" * 100_000: 1}):
        refused = await sqlite_api.http.post(TASKS, json={"title": "A task", **wrong})

        assert problem(refused, 422)["errors"]
        assert len(refused.content) < 10_000


@pytest.mark.parametrize(
    "path", ["/nothing", "/api/v1", "/api/v1/tasks/1/nothing", "/assets/nothing.js", "/assets/../x"]
)
async def test_an_address_that_is_none_is_not_found(sqlite_api: Api, path: str) -> None:
    found = problem(await sqlite_api.http.get(path), 404)

    assert (found["code"], found["category"]) == ("not_found", "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/tasks/1", "GET"),
        ("DELETE", "/tasks", "GET"),
        ("GET", "/tasks/1/complete", "POST"),
        ("POST", "/sync/runs", "GET"),
        ("GET", "/integrations/import", "POST"),
        ("GET", "/tasks/claim", "POST"),
        ("DELETE", "/tasks/bulk", "POST"),
    ],
)
async def test_what_an_address_does_not_do_is_told_with_what_it_does(
    sqlite_api: Api, method: str, path: str, allowed: str
) -> None:
    response = await sqlite_api.http.request(method, f"/api/v1{path}")

    found = problem(response, 405)
    assert found["code"] == "method_not_allowed"
    assert allowed in response.headers["allow"]


async def test_head_is_get_without_the_body(sqlite_api: Api) -> None:
    await sqlite_api.create()
    for path in (TASKS, f"{TASKS}/1", f"{TASKS}/9", "/health", "/", "/docs", "/openapi.json", "/icon.svg"):
        whole, head = await sqlite_api.http.get(path), await sqlite_api.http.head(path)

        assert (head.status_code, head.content) == (whole.status_code, b""), path
        for name in ("content-type", "etag", "content-length"):
            if name != "content-length" or whole.is_success:
                assert head.headers.get(name) == whole.headers.get(name), path


@pytest.mark.parametrize("given", ["abc-123", "A.b:c_d", "x" * 128])
async def test_a_correlation_id_is_taken_over(sqlite_api: Api, given: str) -> None:
    for path in ("/health/live", "/nothing"):
        response = await sqlite_api.http.get(path, headers={"X-Correlation-ID": given})
        assert response.headers["x-correlation-id"] == given


@pytest.mark.parametrize("given", [None, "", "a b", "x" * 129, "<script>", "a\tb", "ä"])
async def test_without_a_harmless_correlation_id_one_is_made(sqlite_api: Api, given: str | None) -> None:
    headers = [] if given is None else [(b"X-Correlation-ID", given.encode())]
    first, second = [await sqlite_api.http.get("/nothing", headers=headers) for _ in range(2)]

    assert problem(first, 404)["correlation_id"] != given
    assert len(first.headers["x-correlation-id"]) == 32
    assert first.headers["x-correlation-id"] != second.headers["x-correlation-id"]


async def test_only_configured_origins_may_read_answers(sqlite_api: Api) -> None:
    ours, theirs = "http://localhost:3000", "https://evil.example"
    for origin, allowed in ((ours, ours), (theirs, None)):
        for path in (TASKS, f"{TASKS}/9"):
            response = await sqlite_api.http.get(path, headers={"Origin": origin})
            assert response.headers.get("access-control-allow-origin") == allowed
        wish = {
            "Origin": origin,
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "If-Match",
        }
        asked = await sqlite_api.http.options(f"{TASKS}/1", headers=wish)
        assert asked.headers.get("access-control-allow-origin") == allowed
        assert asked.is_success == (allowed is not None)


def _in_a_dependency(api: Api) -> None:
    def broken() -> None:
        raise RuntimeError(CANARY)

    vars(database_of(api))["reading"] = broken


def _in_the_service(api: Api) -> None:
    class Broken:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError(CANARY)

    @asynccontextmanager
    async def broken() -> AsyncIterator[Any]:
        yield Broken()

    vars(database_of(api))["reading"] = broken


def _in_the_driver(api: Api) -> None:
    def broken(*_given: Any) -> None:
        raise DBAPIError(f"SELECT '{CANARY}'", {"password": CANARY}, RuntimeError(CANARY))

    event.listen(database_of(api).engine.sync_engine, "before_cursor_execute", broken)


def _in_the_sql(api: Api) -> None:
    def broken(_connection: Any, _cursor: Any, _statement: str, parameters: Any, *_rest: Any) -> tuple[str, Any]:
        return f"SELECT {CANARY.replace('-', '_')}", ()

    event.listen(database_of(api).engine.sync_engine, "before_cursor_execute", broken, retval=True)


def _in_the_clock(api: Api) -> None:
    def broken() -> None:
        raise ValueError(CANARY)

    api.app.state.clock = broken


def _in_middleware(api: Api) -> None:
    class Broken:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                raise RuntimeError(CANARY)
            await self.app(scope, receive, send)

    api.app.user_middleware.append(Middleware(Broken))
    api.app.middleware_stack = api.app.build_middleware_stack()


def _in_serialisation(api: Api) -> None:
    class Answer:
        status = CANARY

        def __getattr__(self, name: str) -> Any:
            raise RuntimeError(CANARY)

    async def wrong(_session: Reading) -> Any:
        return Answer()

    api.app.add_api_route("/broken", wrong, response_model=StatusOut)


def _while_connecting(api: Api) -> None:
    def broken(*_given: Any) -> None:
        raise OSError(f"no route to {CANARY}")

    event.listen(database_of(api).engine.sync_engine, "do_connect", broken)


@pytest.mark.parametrize(
    "breakage",
    [
        _in_a_dependency,
        _in_the_service,
        _in_the_driver,
        _in_the_sql,
        _in_the_clock,
        _in_middleware,
        _in_serialisation,
        _while_connecting,
    ],
)
async def test_nothing_of_the_inside_leaves_it(api: Api, breakage: Callable[[Api], None]) -> None:
    await database_of(api).engine.dispose()  # a start has asked the database something already
    breakage(api)
    key = {"Idempotency-Key": "k"}
    responses = [
        await api.http.get(TASKS),
        await api.http.get("/api/v1/integrations"),
        await api.http.get(f"{TASKS}/1/score"),
        await api.http.get("/status"),
        await api.http.get("/health"),
        await api.http.post(TASKS, json={"title": "a"}),
        await api.http.post(TASKS, json={"title": "a"}, headers=key),
        await api.http.get("/broken"),
    ]

    failed = [response for response in responses if response.status_code >= 500]
    assert failed
    for response in responses:
        shown = (response.text + str(response.headers)).lower()
        assert CANARY not in shown
        assert CANARY.replace("-", "_") not in shown
        assert not any(word in shown for word in ("traceback", "sqlalchemy", "psycopg", "select ", "/app/", ".py"))
        if response.status_code >= 400:
            problem(response, response.status_code)


async def test_what_went_wrong_is_in_the_log_once(sqlite_api: Api, logged: list[MutableMapping[str, Any]]) -> None:
    _in_a_dependency(sqlite_api)

    response: httpx.Response = await sqlite_api.http.get(f"{TASKS}/1")

    found = problem(response, 500)
    errors = [line for line in logged if line["log_level"] == "error"]
    assert len(errors) == 1
    assert CANARY in str(errors[0]["exc_info"])
    assert found["correlation_id"] in found["detail"]


async def test_a_file_that_is_no_database_is_an_unusable_one(sqlite_api: Api) -> None:
    """As SQLite says it: with the bare class of all database errors."""

    def broken(*_given: Any) -> None:
        raise DatabaseError("PRAGMA", None, RuntimeError("file is not a database"))

    event.listen(database_of(sqlite_api).engine.sync_engine, "before_cursor_execute", broken)

    assert problem(await sqlite_api.http.get(TASKS), 503)["retry_after"]


async def test_a_failed_request_keeps_nothing(api: Api) -> None:
    """An exception after the action, before the commit: neither the task nor its key is kept."""
    engine = database_of(api).engine.sync_engine

    def broken(_connection: Any) -> None:
        raise RuntimeError(CANARY)

    event.listen(engine, "commit", broken)
    failed = await api.http.post(TASKS, json={"title": "a"}, headers={"Idempotency-Key": "k"})
    event.remove(engine, "commit", broken)

    problem(failed, 500)
    assert await api.titles() == []
    assert ok(await api.http.post(TASKS, json={"title": "a"}, headers={"Idempotency-Key": "k"}))["title"] == "a"
