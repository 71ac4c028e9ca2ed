"""Who may act here from a browser: our own page, the origins that settings name, and nobody under a foreign name."""

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection

from app.core import web
from app.core.identifying import Recognised, anyone

OURS = "http://localhost:8000"


async def nobody(connection: HTTPConnection) -> Recognised:
    return Recognised(anyone(connection))


def client(*, hosts: tuple[str, ...] = (), origins: tuple[str, ...] = ()) -> httpx.AsyncClient:
    app = FastAPI()
    web.install(app, body_max_bytes=1000, origins=origins, hosts=hosts, recognise=nobody)

    @app.get("/thing")
    @app.post("/thing")
    async def thing() -> dict[str, bool]:
        return {"done": True}

    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=OURS)


@pytest.mark.parametrize("origin", [None, OURS])
async def test_our_own_page_and_programs_may_act(origin: str | None) -> None:
    async with client() as browser:
        answer = await browser.post("/thing", headers={"Origin": origin} if origin else {})

    assert answer.status_code == 200


@pytest.mark.parametrize("origin", ["https://foreign.example", "null", "http://localhost:9999"])
async def test_a_page_of_another_origin_may_not_act(origin: str) -> None:
    async with client() as browser:
        answer = await browser.post("/thing", headers={"Origin": origin})

    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert "CORS_ORIGINS" in answer.json()["detail"]


async def test_our_own_page_behind_a_proxy_that_nobody_named_is_told_what_to_set() -> None:
    async with client() as browser:
        answer = await browser.post("/thing", headers={"Origin": OURS.replace("http:", "https:")})

    assert answer.status_code == 403
    assert "CORS_ORIGINS" not in answer.json()["detail"]
    assert "Set PUBLIC_URL=https://…, or name the proxy in TRUSTED_PROXIES." in answer.json()["detail"]


async def test_an_origin_that_settings_name_may_act() -> None:
    async with client(origins=("https://team.example",)) as browser:
        answer = await browser.post("/thing", headers={"Origin": "https://team.example"})

    assert answer.status_code == 200


async def test_reading_needs_no_known_origin() -> None:
    async with client() as browser:
        answer = await browser.get("/thing", headers={"Origin": "https://foreign.example"})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:8000", 200), ("localhost", 200), ("[::1]:8000", 200), ("bent.example:8000", 403), ("", 403)],
)
async def test_with_hosts_given_it_answers_under_those_names_only(host: str, status: int) -> None:
    async with client(hosts=("localhost", "[::1]")) as browser:
        answer = await browser.get("/thing", headers={"Host": host})

    assert answer.status_code == status


async def test_a_refusal_carries_the_correlation_id_it_was_given() -> None:
    async with client() as browser:
        headers = {"Origin": "https://foreign.example", "X-Correlation-ID": "try-7"}
        answer = await browser.post("/thing", headers=headers)

    assert answer.headers["x-correlation-id"] == answer.json()["correlation_id"] == "try-7"


async def test_a_page_that_may_not_act_is_told_so_with_a_correlation_id_already_when_it_asks() -> None:
    asks = {"Origin": "https://foreign.example", "Access-Control-Request-Method": "POST"}
    async with client(origins=("https://team.example",)) as browser:
        refused = await browser.options("/thing", headers=asks)
        allowed = await browser.options("/thing", headers=asks | {"Origin": "https://team.example"})

    assert "access-control-allow-origin" not in refused.headers
    assert refused.headers["x-correlation-id"]
    assert allowed.headers["access-control-allow-origin"] == "https://team.example"


async def test_every_origin_may_act_where_settings_say_so() -> None:
    async with client(origins=("*",)) as browser:
        answer = await browser.post("/thing", headers={"Origin": "https://foreign.example"})

    assert answer.status_code == 200


async def test_names_are_compared_without_regard_to_case_or_port() -> None:
    async with client(hosts=("localhost", "[::1]")) as browser:
        answers = [await browser.get("/thing", headers={"Host": host}) for host in ("LocalHost:1", "[::1]", "[::1]:9")]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
