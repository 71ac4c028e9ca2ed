"""What every answer tells browsers and caches, whatever kind of answer it is."""

import httpx
import pytest
import structlog

from tests.core.edge.serving import KEY, application, client

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "private, no-cache",
}
ANSWERS = [
    ("GET", "/thing", 200),
    ("HEAD", "/thing", 200),
    ("GET", "/unchanged", 304),
    ("GET", "/nothing", 404),
    ("DELETE", "/thing", 405),
    ("GET", "/broken", 500),
    ("POST", "/thing", 403),
    ("OPTIONS", "/thing", 400),
]


async def answer(method: str, path: str, url: str = "http://localhost:8000") -> httpx.Response:
    headers = {"Origin": "https://foreign.example", "Access-Control-Request-Method": "POST"}
    with structlog.testing.capture_logs():
        async with client(application(), url=url) as http:
            return await http.request(method, path, headers=headers if method in ("POST", "OPTIONS") else {})


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
async def test_every_answer_carries_them(method: str, path: str, status: int) -> None:
    found = await answer(method, path)

    assert found.status_code == status
    assert {name: found.headers.get(name) for name in ALWAYS} == ALWAYS
    assert "camera=()" in found.headers["permissions-policy"]
    assert "strict-transport-security" not in found.headers


async def test_over_https_browsers_are_to_come_by_it_only() -> None:
    found = await answer("GET", "/thing", "https://localhost")

    assert found.headers["strict-transport-security"] == "max-age=31536000"


async def test_what_an_answer_says_itself_stands_and_comes_once() -> None:
    found = await answer("GET", "/kept")

    assert found.headers.get_list("cache-control") == ["public, max-age=60"]
    assert found.headers.get_list("x-frame-options") == ["SAMEORIGIN"]
    assert "authorization" not in found.headers.get("vary", "").lower()


@pytest.mark.parametrize(
    "headers", [{}, KEY, {"Origin": "https://team.example"}, {"Origin": "https://foreign.example"}]
)
async def test_what_is_kept_is_kept_by_who_asked_and_from_which_page(headers: dict[str, str]) -> None:
    async with client(application(origins=["https://team.example"])) as http:
        found = await http.get("/thing", headers=headers)

    assert found.headers.get_list("vary") == ["Authorization, Cookie, Accept-Encoding, Origin"]


async def test_a_listed_origin_may_send_cookies_and_another_is_told_nothing() -> None:
    async with client(application(origins=["https://team.example"])) as http:
        ours = await http.get("/thing", headers={"Origin": "https://team.example"})
        foreign = await http.get("/thing", headers={"Origin": "https://foreign.example"})
        none = await http.get("/thing")

    assert ours.headers["access-control-allow-origin"] == "https://team.example"
    assert ours.headers["access-control-allow-credentials"] == "true"
    assert "RateLimit-Remaining" in ours.headers["access-control-expose-headers"]
    assert [name for each in (foreign, none) for name in each.headers if name.startswith("access-control")] == []


@pytest.mark.parametrize(
    "origin", ["https://team.example.evil.example", "https://eviltEam.example", "http://team.example"]
)
async def test_origins_are_compared_exactly(origin: str) -> None:
    async with client(application(origins=["https://team.example"])) as http:
        found = await http.get("/thing", headers={"Origin": origin})

    assert "access-control-allow-origin" not in found.headers


async def test_with_a_wildcard_nobody_may_send_cookies() -> None:
    async with client(application(origins=["*"])) as http:
        read = await http.get("/thing", headers={"Origin": "https://any.example"})
        acted = await http.post("/thing", headers={"Origin": "https://any.example", "Cookie": "watchfloor_session=x"})
        programs = await http.post("/thing", headers={"Origin": "https://any.example"})

    assert read.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in read.headers
    assert (acted.status_code, programs.status_code) == (403, 200)


async def test_a_page_may_ask_for_leave_to_send_its_proof() -> None:
    asks = {
        "Origin": "https://team.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-csrf-token,content-type,idempotency-key",
    }
    async with client(application(origins=["https://team.example"])) as http:
        leave = await http.options("/thing", headers=asks)

    assert leave.status_code == 200
    assert "X-CSRF-Token" in leave.headers["access-control-allow-headers"]
