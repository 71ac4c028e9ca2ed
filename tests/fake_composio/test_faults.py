"""Each fault does on the wire what it promises, and strikes when it should."""

import json
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
import pytest

from scripts.fake_composio import faults
from scripts.fake_composio.server import FakeComposio
from tests.fake_composio.conftest import Execute


@pytest.mark.parametrize("code", [401, 403, 404, 410, 500, 503])
async def test_an_http_error_has_composios_body(fake: FakeComposio, execute: Execute, code: int) -> None:
    fake.faults.add(faults.status(code))

    response = await execute("NOTES_ADD", id=1)

    assert (response.status_code, response.json()["error"]["status"]) == (code, code)
    assert not fake.calls[0].ran


async def test_a_gateways_error_is_a_page(fake: FakeComposio, execute: Execute) -> None:
    fake.faults.add(faults.status(502))

    response = await execute()

    assert (response.status_code, response.headers["content-type"]) == (502, "text/html; charset=utf-8")


async def test_too_many_requests_say_when_to_come_back(fake: FakeComposio, execute: Execute) -> None:
    fake.faults.add(faults.status(429, retry_after=37), times=1)
    fake.faults.add(faults.status(429, retry_after=60, as_date=True), times=1)

    seconds, date = await execute(), await execute()

    assert seconds.json() == {"message": "Rate limit exceeded."}
    assert (seconds.headers["retry-after"], seconds.headers["x-ratelimit-remaining"]) == ("37", "0")
    assert 55 < (parsedate_to_datetime(date.headers["retry-after"]) - datetime.now(UTC)).total_seconds() <= 60


async def test_a_service_can_fail_inside_a_200(fake: FakeComposio, execute: Execute) -> None:
    fake.faults.add(faults.tool_failed(), times=1)
    fake.faults.add(faults.tool_failed("Unauthorized", 401), times=1)

    limited, refused = (await execute()).json(), (await execute()).json()

    assert (limited["successful"], limited["error"], limited["data"]) == (False, "ratelimited", {})
    assert refused["data"]["status_code"] == 401


async def test_html_and_nothing_come_with_200(fake: FakeComposio, execute: Execute) -> None:
    fake.faults.add(faults.html(), times=1)
    fake.faults.add(faults.empty(), times=1)

    page, nothing = await execute(), await execute()

    assert (page.status_code, page.headers["content-type"][:9]) == (200, "text/html")
    assert (nothing.status_code, nothing.content) == (200, b"")


async def test_truncated_json_is_a_whole_answer_that_cannot_be_read(fake: FakeComposio, execute: Execute) -> None:
    fake.faults.add(faults.truncated())

    response = await execute("NOTES_ADD", id=1)

    assert response.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        response.json()
    assert fake.calls[0].ran


async def test_slow_headers_and_slow_bodies_outlast_patience(fake: FakeComposio, client: httpx.AsyncClient) -> None:
    fake.faults.add(faults.slow_headers(5), times=1)

    with pytest.raises(httpx.ReadTimeout):
        await client.get("/api/v3.1/tools")


async def test_a_slow_body_drips_and_is_whole(fake: FakeComposio, execute: Execute) -> None:
    fake.faults.add(faults.slow_body(0.4))

    begun = time.perf_counter()
    response = await execute()

    assert time.perf_counter() - begun >= 0.4
    assert response.json()["successful"]


@pytest.mark.parametrize(("where", "ran"), [("before", False), ("after", True), ("in the body", True)])
async def test_a_connection_is_dropped(fake: FakeComposio, execute: Execute, where: str, ran: bool) -> None:
    fake.faults.add(faults.from_json({"kind": "drop", "where": where})[0], times=1)

    with pytest.raises(httpx.RemoteProtocolError):
        await execute("NOTES_ADD", id=1)

    assert fake.calls[0].ran is ran
    assert (await execute()).status_code == 200


async def test_faults_strike_where_when_and_as_often_as_asked(fake: FakeComposio, execute: Execute) -> None:
    fake.faults.add(faults.status(500), on="NOTES_L*", after=1, times=1)
    fake.faults.add(faults.status(503), account="ca_other")

    codes = [(await execute(slug)).status_code for slug in ("NOTES_LIST", "NOTES_FAIL", "NOTES_LIST", "NOTES_LIST")]

    assert codes == [200, 200, 500, 200]


async def test_a_route_without_a_tool_is_named_by_its_path(fake: FakeComposio, client: httpx.AsyncClient) -> None:
    fake.faults.add(faults.status(500), on="/api/*/auth_configs")

    assert (await client.get("/api/v3.1/auth_configs")).status_code == 500
    assert (await client.get("/api/v3.1/tools")).status_code == 200


def test_a_mix_holds_about_its_share_and_is_the_same_by_seed() -> None:
    def drawn(seed: int) -> list[str]:
        mixed = faults.Faults()
        mixed.mix(chance=0.3, seed=seed)
        return ["".join(fault.kind for fault in mixed.drawn("NOTES_LIST")) for _ in range(2000)]

    first = drawn(1)

    assert 0.27 < sum(map(bool, first)) / 2000 < 0.33
    assert first == drawn(1) != drawn(2)
    assert set(first) - {""} == {fault.kind for fault in faults.transient()}


def test_a_mix_ends_no_account() -> None:
    assert not {fault.status for fault in faults.transient()} & {401, 403, 404, 410}


def test_an_unknown_fault_is_refused_with_what_there_is() -> None:
    with pytest.raises(ValueError, match="truncated_json"):
        faults.from_json({"kind": "locusts"})
