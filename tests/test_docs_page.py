"""The API's documentation as it travels: from our own server, under a policy, kept as long as is right."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from app.core.pages import PLAIN
from app.main import create_app
from app.settings import Settings


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings, jobs=False)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client
    await app.state.database.close()


def referred(html: str) -> list[str]:
    return re.findall(r'(?:src|href)="([^"]+)"', html)


async def test_it_refers_to_nothing_outside_and_all_it_refers_to_is_there(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")

    assert page.status_code == 200
    addresses = [each for each in referred(page.text) if not each.startswith("#")]
    assert [each for each in addresses if not each.startswith("/")] == []
    files = [each for each in addresses if each.startswith("/docs/assets/")]
    assert len(files) == 4
    assert {(each, (await client.get(each)).status_code) for each in files} == {(each, 200) for each in files}


async def test_it_allows_only_scripts_of_its_own_server_and_has_none_inline(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    policy = page.headers["content-security-policy"]

    assert policy.startswith("default-src 'self'")
    assert "script-src" not in policy
    assert "unsafe-eval" not in policy
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page.text))
    assert "<style" not in page.text
    assert " style=" not in page.text


async def test_what_may_change_is_asked_about_each_time_and_travels_once(client: httpx.AsyncClient) -> None:
    first = await client.get("/docs/assets/docs.js")
    again = await client.get("/docs/assets/docs.js", headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


async def test_what_carries_its_version_in_its_address_is_kept(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    [bundle] = [each for each in referred(page.text) if each.endswith("swagger-ui-bundle.js")]
    asset = await client.get(bundle)

    assert re.search(r"-\d+\.\d+\.\d+/", bundle)
    assert "immutable" in asset.headers["cache-control"]
    assert asset.headers["x-content-type-options"] == "nosniff"


def test_what_is_vendored_brings_its_licence() -> None:
    for folder in (each for each in (PLAIN / "vendor").iterdir() if each.is_dir()):
        assert {"LICENSE", "NOTICE"} <= {file.name for file in folder.iterdir()}
