"""A statement of a request that takes too long is ended and said so; what is no request takes its time."""

import time
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.core import time_limits, web
from app.core.database import Database
from app.core.errors import TookTooLong
from app.core.problems import unexpected
from tests.core.test_middleware import nobody

WITHIN_S = 0.3
COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT max(i) FROM n"
SLOW = {
    "sqlite": COUNT.format(300_000_000),
    "postgresql": "SELECT pg_sleep(20)",
}
"""Half a minute's work, or sleep."""
FIRST_ROWS_ARE_QUICK = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000000)"
    " SELECT i FROM n WHERE i < 3000 OR i > 299999999"
)
SHORT = {
    "sqlite": COUNT.format(9_000_000),
    "postgresql": "SELECT pg_sleep(0.6)",
}
"""Longer than a request's may take."""


@pytest.fixture
async def bounded(database: Database) -> AsyncIterator[Database]:
    made = Database(database.url.render_as_string(hide_password=False), within_s=WITHIN_S, pool_size=1)
    yield made
    await made.close()


def kind_of(database: Database) -> str:
    return database.url.get_backend_name()


async def test_a_requests_statement_is_ended_and_its_connection_goes_on(bounded: Database) -> None:
    began = time.monotonic()
    with time_limits.answering(), pytest.raises(OperationalError) as ended:
        async with bounded.reading() as session:
            await session.execute(text(SLOW[kind_of(bounded)]))
    took = time.monotonic() - began

    problem = unexpected(ended.value)
    assert isinstance(problem, TookTooLong)
    assert (problem.status, problem.retry_after) == (503, 30)
    assert took < 5
    with time_limits.answering():
        async with bounded.writing() as session:
            assert await session.scalar(text("SELECT 1")) == 1
    assert bounded.pool()["in_use"] == 0


async def test_rows_that_come_later_are_bounded_too(sqlite_database: Database) -> None:
    bounded = Database(sqlite_database.url.render_as_string(), within_s=WITHIN_S)
    with time_limits.answering(), pytest.raises(OperationalError):
        async with bounded.reading() as session:
            (await session.execute(text(FIRST_ROWS_ARE_QUICK))).all()
    await bounded.close()


async def test_what_is_no_request_takes_its_time(bounded: Database) -> None:
    async with bounded.reading() as session:
        await session.execute(text(SHORT[kind_of(bounded)]))
    with time_limits.answering(), time_limits.unhurried():
        async with bounded.writing() as session:
            await session.execute(text(SHORT[kind_of(bounded)]))


async def test_on_one_connection_requests_and_other_work_keep_their_own_bounds(postgres_database: Database) -> None:
    bounded = Database(postgres_database.url.render_as_string(hide_password=False), within_s=WITHIN_S, pool_size=1)
    said = []
    for answering in (True, False, True):
        with time_limits.answering() if answering else time_limits.unhurried():
            async with bounded.reading() as session:
                said.append(await session.scalar(text("SHOW statement_timeout")))

    await bounded.close()

    assert said == ["300ms", "0", "300ms"]


async def test_over_http_it_is_a_problem_that_says_what_to_do(bounded: Database) -> None:
    app = FastAPI()
    app.state.database = bounded
    web.install(app, body_max_bytes=1000, origins=(), hosts=(), recognise=nobody)

    @app.get("/slow")
    async def slow(session: web.Reading) -> None:
        await session.execute(text(SLOW[kind_of(bounded)]))

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        answer = await http.get("/slow")

    assert answer.status_code == 503
    assert answer.json()["code"] == "took_too_long"
    assert answer.json()["category"] == "timeout"
    assert "Ask for less" in answer.json()["detail"]
    assert answer.headers["retry-after"] == "30"
