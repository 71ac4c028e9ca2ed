"""The pages and their assets as they travel: from our own server, under a policy, kept as long as is right."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from app.core.pages import FOLDER
from app.main import create_app
from app.settings import Settings

PAGES = ["/", "/sign-in", "/docs"]
OWN_SCRIPTS = "default-src 'self'"


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings, jobs=False)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client
    await app.state.database.close()


def referred(html: str) -> list[str]:
    return re.findall(r'(?:src|href)="([^"]+)"', html)


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_refers_to_nothing_outside_and_all_it_refers_to_is_there(
    client: httpx.AsyncClient, path: str
) -> None:
    page = await client.get(path)

    assert page.status_code == 200
    addresses = [each for each in referred(page.text) if not each.startswith("#")]
    assert [each for each in addresses if not each.startswith("/")] == []
    assets = [each for each in addresses if each.startswith("/assets/")]
    assert assets
    assert {(each, (await client.get(each)).status_code) for each in assets} == {(each, 200) for each in assets}


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_allows_only_scripts_of_its_own_server_and_has_none_inline(
    client: httpx.AsyncClient, path: str
) -> None:
    page = await client.get(path)
    policy = page.headers["content-security-policy"]

    assert policy.startswith(OWN_SCRIPTS)
    assert "script-src" not in policy
    assert "unsafe-eval" not in policy
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page.text))
    assert "<style" not in page.text
    assert " style=" not in page.text


@pytest.mark.parametrize("path", ["/", "/sign-in"])
async def test_our_own_pages_allow_no_inline_style_either(client: httpx.AsyncClient, path: str) -> None:
    assert "unsafe-inline" not in (await client.get(path)).headers["content-security-policy"]


async def test_an_unchanged_asset_travels_once(client: httpx.AsyncClient) -> None:
    first = await client.get("/assets/page.css")
    again = await client.get("/assets/page.css", headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


async def test_what_carries_its_version_in_its_address_is_kept(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    [bundle] = [each for each in referred(page.text) if each.endswith("swagger-ui-bundle.js")]
    asset = await client.get(bundle)

    assert re.search(r"-\d+\.\d+\.\d+/", bundle)
    assert "immutable" in asset.headers["cache-control"]
    assert asset.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/assets/nothing.js", "/assets/../pages.py", "/assets/%2e%2e/main.py", "/redoc"])
async def test_what_is_not_there_is_a_problem_document(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_pages_are_no_part_of_the_description(client: httpx.AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()["paths"]

    assert [path for path in described if path in PAGES or path.startswith("/assets")] == []


def test_what_is_vendored_brings_its_licence() -> None:
    for folder in (each for each in (FOLDER / "vendor").iterdir() if each.is_dir()):
        assert {"LICENSE", "NOTICE"} <= {file.name for file in folder.iterdir()}
