"""Executing tools and asking what there is: envelopes and errors have the shapes of v3.1."""

from typing import Any

import httpx
import pytest

from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import serving
from tests.fake_composio.conftest import Execute
from tests.fake_composio.notes import Notes


async def test_a_tool_answers_in_the_envelope(execute: Execute) -> None:
    answer = (await execute(limit=2)).json()

    assert answer["data"]["notes"] == [{"id": "1"}, {"id": "2"}]
    assert (answer["successful"], answer["error"]) == (True, None)
    assert set(answer) == {"data", "error", "successful", "log_id", "session_info"}


async def test_a_failure_of_the_service_comes_inside_a_200(execute: Execute) -> None:
    response = await execute("NOTES_FAIL")

    assert response.status_code == 200
    answer = response.json()
    assert (answer["successful"], answer["error"]) == (False, "401 Client Error: Unauthorized")
    assert answer["data"] == {"status_code": 401, "message": "401 Client Error: Unauthorized"}


REFUSED: list[tuple[str, dict[str, Any], int, int, str]] = [
    ("NOTES_REFUSE", {}, 400, 1234, "Notes_BadCursor"),
    ("NOTES_UNKNOWN", {}, 404, 2301, "Tool_ToolNotFound"),
    ("NOTES_LIST", {"user_id": "bob"}, 400, 1812, "ActionExecute_ConnectedAccountEntityIdMismatch"),
    ("NOTES_LIST", {"user_id": ""}, 400, 1811, "ActionExecute_ConnectedAccountEntityIdRequired"),
    ("NOTES_LIST", {"connected_account_id": "ca_no"}, 400, 1803, "ActionExecute_ConnectedAccountNotFound"),
    (
        "NOTES_LIST",
        {"user_id": "bob", "connected_account_id": ""},
        404,
        1810,
        "ActionExecute_ConnectedAccountNotFound",
    ),
    ("NOTES_LIST", {"version": "newest"}, 404, 2302, "Tool_ToolVersionNotFound"),
]


@pytest.mark.parametrize(("slug", "body", "status", "code", "name"), REFUSED, ids=[str(case[1:4]) for case in REFUSED])
async def test_what_composio_refuses_has_its_status_and_code(
    execute: Execute, slug: str, body: dict[str, Any], status: int, code: int, name: str
) -> None:
    response = await execute(slug, body=body)

    error = response.json()["error"]
    assert response.status_code == status
    assert set(error) == {"message", "code", "slug", "status", "request_id", "suggested_fix"}
    assert (error["status"], error["code"], error["slug"]) == (status, code, name)


async def test_a_tool_can_refuse_with_headers_of_its_own(execute: Execute) -> None:
    assert (await execute("NOTES_REFUSE")).headers["x-told"] == "yes"


@pytest.mark.parametrize(("state", "status", "code"), [("EXPIRED", 410, 1820), ("REVOKED", 400, 1821)])
async def test_an_account_that_ended_is_refused(
    fake: FakeComposio, execute: Execute, state: str, status: int, code: int
) -> None:
    fake.set_status("ca_notes", state, "OAuth refresh token expired")

    response = await execute()

    assert response.status_code == status
    assert response.json()["error"]["code"] == code
    assert state in response.json()["error"]["message"]


@pytest.mark.parametrize(("key", "code"), [("wrong-key", 801), (None, 906)])
async def test_a_wrong_key_is_refused_and_not_repeated(url: str, key: str | None, code: int) -> None:
    async with httpx.AsyncClient(base_url=url, headers={"x-api-key": key} if key else {}, trust_env=False) as client:
        response = await client.get("/api/v3.1/tools")

    assert response.status_code == 401
    assert response.json()["error"]["code"] == code
    assert "wrong-key" not in response.text


async def test_without_an_account_the_users_newest_active_one_is_used(fake: FakeComposio, execute: Execute) -> None:
    fake.connect("ca_new", Notes(1), user_id="ada")
    fake.connect("ca_dead", Notes(9), user_id="ada", status="EXPIRED")

    answer = (await execute(body={"connected_account_id": ""}, limit=9)).json()

    assert len(answer["data"]["notes"]) == 1


async def test_calls_are_written_down(fake: FakeComposio, execute: Execute) -> None:
    await execute("NOTES_ADD", id=7)
    await execute("NOTES_FAIL")

    added, failed = fake.calls
    assert (added.slug, added.arguments, added.account, added.version) == (
        "NOTES_ADD",
        {"id": 7},
        "ca_notes",
        "20260817_00",
    )
    assert (added.ran, added.successful, added.status) == (True, True, 200)
    assert (failed.ran, failed.successful, failed.status) == (False, False, 200)


async def test_the_log_is_bounded_and_the_total_is_not() -> None:
    fake = FakeComposio(calls_kept=2)
    fake.connect("ca_notes", Notes())

    async with serving(fake) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        for number in range(5):
            await client.get(f"/api/v3.1/tools/{number}")

    assert [call.path for call in fake.calls] == ["/api/v3.1/tools/3", "/api/v3.1/tools/4"]
    assert fake.calls.total == 5


async def test_a_tool_is_described_in_the_version_asked_for(fake: FakeComposio, client: httpx.AsyncClient) -> None:
    fake.versions["notes"] = ["20260101_00", "20260817_00"]

    newest = await client.get("/api/v3.1/tools/NOTES_LIST", params={"toolkit_versions": "latest"})
    older = await client.get("/api/v3.1/tools/NOTES_LIST", params={"toolkit_versions[notes]": "20260101_00"})
    gone = await client.get("/api/v3.1/tools/NOTES_LIST", params={"toolkit_versions": "20250101_00"})

    assert (newest.json()["version"], older.json()["version"]) == ("20260817_00", "20260101_00")
    assert gone.status_code == 404


async def test_tools_are_listed_by_toolkit(client: httpx.AsyncClient) -> None:
    notes = (await client.get("/api/v3.1/tools", params={"toolkit_slug": "notes", "limit": "3"})).json()
    others = (await client.get("/api/v3.1/tools", params={"toolkit_slug": "gmail"})).json()

    assert [tool["slug"] for tool in notes["items"]] == ["NOTES_LIST", "NOTES_ADD", "NOTES_FAIL"]
    assert (notes["total_items"], notes["next_cursor"]) == (4, "3")
    assert others["items"] == []
