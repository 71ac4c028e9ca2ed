"""Strange pages: whoever reads until there is no token reads everything, whatever strikes."""

from typing import Any

import pytest

from scripts.fake_composio import faults, pages
from scripts.fake_composio.server import FakeComposio
from tests.fake_composio.conftest import Execute

ALL = ["1", "2", "3", "4", "5"]


async def read_all(execute: Execute) -> list[list[str]]:
    found: list[list[str]] = []
    cursor: dict[str, str] = {}
    while len(found) < 20:
        data = (await execute(limit=2, **cursor)).json()["data"]
        data = next((data[name] for name in ("data", "response_data", "details") if name in data), data)
        found.append([note["id"] for note in data["notes"]])
        if not data["response_metadata"]["next_cursor"]:
            return found
        cursor = {"cursor": data["response_metadata"]["next_cursor"]}
    raise AssertionError("the pages have no end")


async def test_an_empty_page_leads_to_what_was_asked_for(fake: FakeComposio, execute: Execute) -> None:
    fake.faults.add(faults.empty_page(), times=1)
    fake.faults.add(faults.empty_page(), after=2, times=1)

    assert await read_all(execute) == [[], ["1", "2"], [], ["3", "4"], ["5"]]


async def test_a_page_comes_twice(fake: FakeComposio, execute: Execute) -> None:
    fake.faults.add(faults.duplicate_page())

    assert await read_all(execute) == [["1", "2"], ["1", "2"], ["3", "4"], ["3", "4"], ["5"], ["5"]]


async def test_a_page_comes_in_another_order(fake: FakeComposio, execute: Execute) -> None:
    fake.faults.add(faults.reordered_page())

    data = [(await execute(limit=5)).json()["data"]["notes"] for _ in range(4)]

    assert all(sorted(note["id"] for note in notes) == ALL for notes in data)
    assert any([note["id"] for note in notes] != ALL for notes in data)


@pytest.mark.parametrize("wrapper", ["data", "response_data", "details"])
async def test_data_is_nested_deeper(fake: FakeComposio, execute: Execute, wrapper: str) -> None:
    fake.faults.add(faults.nested(wrapper))

    assert list((await execute()).json()["data"]) == [wrapper]


async def test_a_key_has_another_name(fake: FakeComposio, execute: Execute) -> None:
    fake.faults.add(faults.renamed_key("id", "noteId"))

    assert (await execute()).json()["data"]["notes"] == [{"noteId": "1"}]


async def test_the_world_changes_between_pages(fake: FakeComposio, execute: Execute) -> None:
    fake.faults.add(faults.change_between_pages({"do": "remove", "id": "1"}), times=1)

    assert await read_all(execute) == [["1", "2"], ["4", "5"]]


async def test_everything_is_read_through_any_mixture(fake: FakeComposio, execute: Execute) -> None:
    fake.faults.mix(chance=0.0, oddities=0.8, seed=3)

    found = await read_all(execute)

    assert sorted({each for page in found for each in page}) == ALL


@pytest.mark.parametrize(
    ("toolkit", "data", "expected"),
    [
        ("gmail", {"messages": [1]}, {"messages": [], "nextPageToken": "skip_"}),
        (
            "slack",
            {"channels": [1], "ok": True},
            {"channels": [], "ok": True, "response_metadata": {"next_cursor": "skip_"}},
        ),
        ("gmail", {"threads": [1], "next_page_token": None}, {"threads": [], "next_page_token": "skip_"}),
        ("gmail", {"messageId": "1", "attachmentList": [{}]}, {"messageId": "1", "attachmentList": [{}]}),
        ("notion", {"results": [1], "has_more": False}, {"results": [], "has_more": True, "next_cursor": "skip_"}),
        ("notion", {"title": "no page"}, {"title": "no page"}),
    ],
)
def test_each_service_has_its_token_in_its_place(toolkit: str, data: dict[str, Any], expected: dict[str, Any]) -> None:
    altered, _ = pages.altered(faults.empty_page(), data, {}, toolkit, faults.Faults().chance)

    assert altered == expected
