"""The dashboard as it travels, over real HTTP: a build made for this, and none at all."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.core import pages
from tests.core.edge.serving import application, served

SCRIPT = "/assets/index-CdxP02w8.js"
TEXT = "console.log('a script');\n" * 100
INDEX = '<meta name="csp-nonce" content="__CSP_NONCE__"><script type="module" src="/assets/index-CdxP02w8.js"></script>'
ADDRESSES = [
    *("/", "/sign-in", "/people", "/tasks/42", "/integrations", "/integrations/7"),
    *("/rules", "/rules/history", "/watch", "/watch/fleet", "/settings", "/settings/keys"),
]


@pytest.fixture
def dashboard(tmp_path: Path) -> Path:
    """Sources without a build."""
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "secret.ts").write_text("not served")
    return tmp_path


@pytest.fixture
def built(dashboard: Path) -> Path:
    """What Vite and its compression make, in small; the compressed forms say which they are."""
    assets = dashboard / "dist" / "assets"
    assets.mkdir(parents=True)
    (dashboard / "dist" / "index.html").write_text(INDEX)
    (dashboard / "dist" / ".made-from").write_text("123 456")
    (assets / "index-CdxP02w8.js").write_text(TEXT)
    (assets / "index-CdxP02w8.js.gz").write_bytes(gzip.compress(TEXT.encode()))
    (assets / "index-CdxP02w8.js.br").write_bytes(b"as brotli would be")
    (assets / "people-CQZu4gB_.js").write_text("small")
    (assets / "unnamed.txt").write_text("without a hash")
    return dashboard


@pytest.fixture
async def http(dashboard: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client that says nothing of codings, for the server behind its whole edge."""
    app = application()
    pages.install(app, dashboard)
    async with served(app, lifespan="off") as port:
        address = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=address, headers={"Accept-Encoding": "identity"}) as client:
            yield client


def nonce_of(page: httpx.Response) -> str:
    """The one of the page, which is the one of its policy."""
    [said] = re.findall(r'content="([^"]+)"', page.text)
    assert f"style-src 'self' 'nonce-{said}';" in page.headers["content-security-policy"]
    return str(said)


@pytest.mark.usefixtures("built")
async def test_an_address_that_is_none_is_a_page_for_people_and_a_problem_for_programs(http: httpx.AsyncClient) -> None:
    page = await http.get("/nonsense", headers={"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"})
    assert page.status_code == 404
    assert nonce_of(page)

    problem = await http.get("/nonsense")
    assert (problem.status_code, problem.headers["content-type"]) == (404, "application/problem+json")
    sent = await http.post("/nonsense", headers={"Accept": "text/html"})
    assert sent.headers["content-type"] == "application/problem+json"


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("address", ADDRESSES)
async def test_every_page_of_the_dashboard_is_answered_with_it(http: httpx.AsyncClient, address: str) -> None:
    page = await http.get(address)

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert SCRIPT in page.text


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    "address",
    ["/index.html", "/tasks", "/tasks/x", "/integrations/new", "/peoples", "/signin", "/.made-from", "/dist/"],
)
async def test_nothing_else_is(http: httpx.AsyncClient, address: str) -> None:
    answer = await http.get(address)

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.usefixtures("built")
async def test_each_answer_has_a_nonce_of_its_own_and_is_not_kept(http: httpx.AsyncClient) -> None:
    found = [await http.get("/") for _ in range(3)]

    assert len({nonce_of(page) for page in found}) == 3
    assert all(len(nonce_of(page)) >= 22 for page in found)
    assert {page.headers["cache-control"] for page in found} == {"no-store"}


@pytest.mark.usefixtures("built")
async def test_the_policy_lets_only_our_own_scripts_run_and_nobody_frame_it(http: httpx.AsyncClient) -> None:
    policy = (await http.get("/")).headers["content-security-policy"]

    assert "default-src 'self'; script-src 'self';" in policy
    assert "frame-ancestors 'none'; object-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.usefixtures("built")
async def test_what_carries_a_hash_is_kept_for_a_year_and_never_asked_about(http: httpx.AsyncClient) -> None:
    for address in (SCRIPT, "/assets/people-CQZu4gB_.js"):
        asset = await http.get(address)

        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert asset.headers["x-content-type-options"] == "nosniff"
        assert asset.headers["content-type"] == "text/javascript; charset=utf-8"

    assert (await http.get("/assets/unnamed.txt")).headers["cache-control"] == "no-cache"
    assert (await http.get("/icon.svg")).headers["cache-control"] == "no-cache"


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", "br"),
        ("gzip", "gzip"),
        ("GZIP, br;q=0", "gzip"),
        ("gzip; q=0.5", "gzip"),
        ("gzip;q=0, br;q=0.000", None),
        ("identity", None),
        ("xbr, gzipped", None),
        ("", None),
    ],
)
async def test_the_smallest_form_that_a_client_takes_is_sent(
    http: httpx.AsyncClient, accepted: str, coding: str | None
) -> None:
    async with http.stream("GET", SCRIPT, headers={"Accept-Encoding": accepted}) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])

    assert answer.headers.get("content-encoding") == coding
    assert {"br": b"as brotli would be", "gzip": gzip.compress(TEXT.encode())[:3], None: TEXT.encode()}[coding] in body
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert answer.headers["content-length"] == str(len(body))
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("accepted", ["br", "gzip", "identity"])
async def test_a_form_that_the_client_has_is_not_sent_again(http: httpx.AsyncClient, accepted: str) -> None:
    headers = {"Accept-Encoding": accepted}
    async with http.stream("GET", SCRIPT, headers=headers) as first:
        tag = first.headers["etag"]

    again = await http.get(SCRIPT, headers=headers | {"If-None-Match": tag})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = await http.get(
        SCRIPT, headers={"Accept-Encoding": "gzip" if accepted != "gzip" else "", "If-None-Match": tag}
    )
    assert other.status_code == 200


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("address", ["/", "/tasks/42", SCRIPT, "/icon.svg"])
async def test_head_tells_what_get_would(http: httpx.AsyncClient, address: str) -> None:
    whole, head = await http.get(address), await http.head(address)

    assert (head.status_code, head.content) == (whole.status_code, b"")
    for name in ("content-type", "content-length", "cache-control", "etag"):
        assert head.headers.get(name) == whole.headers.get(name), name


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    "address",
    [
        "/assets/../secret.ts",
        "/assets/%2e%2e/%2e%2e/secret.ts",
        "/assets/..%2f..%2fsecret.ts",
        "/assets/%2e%2e/.made-from",
        "/assets//etc/passwd",
        "/assets/%00",
        "/assets/" + "x" * 300,
        "/assets/",
        SCRIPT + ".br",
        SCRIPT + ".gz",
        "/docs/assets/..%2f..%2fmain.py",
        "/docs/assets/../../pages.py",
    ],
)
async def test_no_way_leads_out_of_the_assets(http: httpx.AsyncClient, address: str) -> None:
    # As it is written: the client would otherwise go up by itself.
    answer = await http.send(httpx.Request("GET", http.base_url.copy_with(raw_path=address.encode())))

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_link_leads_out_of_the_assets_neither(built: Path, http: httpx.AsyncClient) -> None:
    (built / "dist" / "assets" / "link.ts").symlink_to(built / "secret.ts")

    assert (await http.get("/assets/link.ts")).status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
async def test_without_a_build_a_page_says_how_to_make_one(http: httpx.AsyncClient, address: str) -> None:
    page = await http.get(address)

    assert page.status_code == 503
    assert "scripts/build" in page.text
    assert 'href="/docs"' in page.text
    assert page.headers["cache-control"] == "no-store"
    for style in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert (await http.get(style)).status_code == 200, style


async def test_without_a_build_the_documentation_is_there_and_no_asset(http: httpx.AsyncClient) -> None:
    assert (await http.get("/docs")).status_code == 200
    assert (await http.get(SCRIPT)).status_code == 404


async def test_a_build_made_meanwhile_is_served_at_once(
    http: httpx.AsyncClient, request: pytest.FixtureRequest
) -> None:
    assert (await http.get("/")).status_code == 503
    assert (await http.get(SCRIPT)).status_code == 404

    request.getfixturevalue("built")

    assert (await http.get("/")).status_code == 200
    assert (await http.get(SCRIPT)).status_code == 200


def test_the_pages_are_no_part_of_the_description(dashboard: Path) -> None:
    app = FastAPI()
    pages.install(app, dashboard)

    assert app.openapi()["paths"] == {}
