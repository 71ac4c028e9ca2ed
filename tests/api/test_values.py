"""What careless or hostile values do: refused with the field's name, on both databases alike, and never a 500."""

from typing import Any
from urllib.parse import quote

import pytest

from app.core import paging
from app.domains.tasks.filters import Filters
from tests.api.client import TASKS, Api, locations, message, ok, problem

BEYOND = 10**30
"""More than any column holds."""
JSON = {"Content-Type": "application/json"}


async def test_only_whole_numbers_of_a_tables_range_are_ids(api: Api) -> None:
    task = (await api.create())["id"]
    numbers: list[Any] = [BEYOND, 2**31, 0, -1, 1.0, True, "1", None]
    for number in numbers:
        wrong = [
            await api.http.patch(f"{TASKS}/{task}", json={"dependencies": [number]}),
            await api.http.post(f"{TASKS}/{task}/merge", json={"into": number}),
            await api.http.post(f"{TASKS}/{task}/split", json={"items": [number]}),
            await api.http.post(f"{TASKS}/bulk", json={"ids": [number], "action": {"verb": "complete"}}),
        ]
        found = [locations(problem(response, 422)) for response in wrong]
        assert found == [["body.dependencies.0"], ["body.into"], ["body.items.0"], ["body.ids.0"]], number


async def test_an_address_with_an_impossible_id_is_refused(api: Api) -> None:
    for path in ("/tasks/{}", "/tasks/{}/items", "/integrations/{}", "/sync/runs/{}"):
        for number in (0, -1, 2**31, BEYOND, "one", "1.5"):
            problem(await api.http.get("/api/v1" + path.format(number)), 422)


@pytest.mark.parametrize("spelled", ["+{}", "0{}", " {}", "{} ", "{}.0", "{}_0", "-{}", "\u0661", "\uff11"], ids=ascii)
async def test_an_id_is_spelled_in_one_way(sqlite_api: Api, spelled: str) -> None:
    task = (await sqlite_api.create())["id"]
    path = f"{TASKS}/{quote(spelled.format(task))}"

    refused = [
        await sqlite_api.http.get(path),
        await sqlite_api.http.get(f"{path}/score/what-if"),
        await sqlite_api.http.post(f"{path}/complete"),
        await sqlite_api.http.patch(path, json={"notes": "a"}),
    ]

    for each in refused:
        assert locations(problem(each, 422)) == ["path.task_id"]
    assert ok(await sqlite_api.http.get(f"{TASKS}/{task}"))["status"] == "open"
    targets = {each["target"] for each in (await sqlite_api.get("/audit"))["items"]}
    assert {each for each in targets if each.startswith("task:")} == {f"task:{task}"}


UNUSABLE_TIMES: list[Any] = [
    "2026-03-05T10:00:00",
    "2026-03-05",
    "tomorrow",
    "",
    1772445600,
    "1772445600",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "1899-12-31T23:59:59Z",
]


async def test_a_time_without_zone_or_beyond_reach_is_refused_everywhere(api: Api) -> None:
    task = f"{TASKS}/{(await api.create())['id']}"
    for time in UNUSABLE_TIMES:
        wrong = [
            await api.http.patch(task, json={"due_at": time}),
            await api.http.post(f"{task}/snooze", json={"until": time}),
            await api.http.get(TASKS, params={"due_before": time}),
            await api.http.get(f"{task}/score", params={"at": time}),
        ]
        found = [locations(problem(response, 422)) for response in wrong]
        assert found == [["body.due_at"], ["body.until"], ["query.due_before"], ["query.at"]], time


async def test_a_time_of_any_zone_within_reach_is_kept_as_that_instant(api: Api) -> None:
    for given, kept in (
        ("1900-01-01T00:00:00Z", "1900-01-01T00:00:00Z"),
        ("8999-12-31T23:59:59Z", "8999-12-31T23:59:59Z"),
        ("2026-03-05T10:00:00+05:30", "2026-03-05T04:30:00Z"),
    ):
        task = await api.create(given, due_at=given)
        assert task["due_at"] == kept
        assert given in await api.titles(sort="due_at")
        assert (await api.get(f"/tasks/{task['id']}/score", at=given))["at"]


async def test_a_filter_with_a_character_no_database_stores_is_refused(api: Api) -> None:
    for name in ("q", "label", "assignee", "kind", "integration"):
        refused = problem(await api.http.get(TASKS, params={name: "a\0b"}), 422)
        assert locations(refused)[0].startswith(f"query.{name}")


@pytest.mark.parametrize("bad", [r"a\u0000b", r"a\ud800b"])
async def test_text_that_can_not_be_stored_is_refused(api: Api, bad: str) -> None:
    tasks = ['{"title": "%s"}', '{"title": "x", "notes": "%s"}', '{"title": "x", "labels": ["%s"]}', '{"%s": 1}']
    places = ['{"kind": "mbox", "name": "%s"}', '{"kind": "%s", "name": "x"}']
    places += ['{"kind": "mbox", "name": "x", "settings": {"a": "%s"}}']

    for body in tasks:
        problem(await api.http.post(TASKS, content=body % bad, headers=JSON), 422)
    for body in places:
        problem(await api.http.post("/api/v1/integrations", content=body % bad, headers=JSON), 422)

    assert await api.titles() == []
    assert (await api.get("/integrations"))["items"] == []


async def test_a_number_that_json_does_not_know_is_refused(api: Api) -> None:
    body = '{"kind": "mbox", "name": "x", "settings": {"a": NaN}}'

    problem(await api.http.post("/api/v1/integrations", content=body, headers=JSON), 422)


@pytest.mark.parametrize("body", ["", "{", "[" * 100_000, '{"title": ' + "9" * 5000 + "}", b"\xff\xfe", "nul"])
async def test_what_is_no_json_is_malformed(sqlite_api: Api, body: str | bytes) -> None:
    response = await sqlite_api.http.post(TASKS, content=body, headers=JSON)

    problem(response, 422 if body == "" else 400)


@pytest.mark.parametrize("body", ["null", "[]", "1", '"title"', "{}"])
async def test_json_of_another_shape_is_invalid(sqlite_api: Api, body: str) -> None:
    problem(await sqlite_api.http.post(TASKS, content=body, headers=JSON), 422)


async def test_a_huge_body_is_refused_whatever_it_claims_to_be(sqlite_api: Api) -> None:
    body = '{"title": "' + "x" * 1_000_001 + '"}'

    for media_type in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        response = await sqlite_api.http.post(TASKS, content=body, headers={"Content-Type": media_type})
        assert problem(response, 413)["detail"]


async def test_a_forged_cursor_is_refused(api: Api) -> None:
    task = (await api.create())["id"]
    lists = {
        "/tasks": f"rank {Filters().name}",
        f"/tasks/{task}/history": f"history {task}",
        f"/tasks/{task}/items": f"items {task}",
        "/integrations": "integrations",
    }

    keys: list[list[Any]] = [[BEYOND] * 5, ["a"] * 5, [None] * 5, [], [True] * 5, [float("inf")] * 5, [1, 1, 1]]
    for path, name in lists.items():
        for key in keys:
            response = await api.http.get(f"/api/v1{path}", params={"cursor": paging.encode(name, key)})
            assert locations(problem(response, 422)) == ["query.cursor"], (path, key)


async def test_a_cursor_of_nonsense_is_refused(sqlite_api: Api) -> None:
    for cursor in ("", "%", "é", "AAAA", "bnVsbA", "e30", "WzFd"):
        assert locations(problem(await sqlite_api.http.get(TASKS, params={"cursor": cursor}), 422)) == ["query.cursor"]


async def test_an_undo_token_may_be_anything_a_path_can_hold(api: Api) -> None:
    for token in ("unknown", "%00", "a%20b", "x" * 65, "%F0%9F%99%82"):
        response = await api.http.post(f"/api/v1/undo/{token}")
        problem(response, 404 if token == "unknown" else 422)


async def test_many_labels_are_found_fast_and_too_many_are_refused(api: Api) -> None:
    labels = [f"label {n}" for n in range(50)]
    await api.create("bears all", labels=labels)
    await api.create("bears one", labels=labels[:1])

    assert await api.titles(label=labels) == ["bears all"]
    assert locations(problem(await api.http.get(TASKS, params={"label": [*labels, "x"]}), 422)) == ["query.label"]


async def test_a_files_name_is_kept_as_far_as_it_can_be(api: Api) -> None:
    for name in ("a\x00b.mbox", "../../etc/passwd.mbox", "x" * 1000, " ", "🙂.mbox", "a\nb.mbox"):
        run = await api.import_mail(message(), name=name)
        assert run["state"] == "succeeded"
        assert run["what"].isprintable()
        assert 0 < len(run["what"]) <= 200


async def test_an_import_joins_no_integration_of_an_impossible_name(api: Api) -> None:
    for into in ("a\0b", "x" * 201, "   "):
        problem(await api.upload(message(), "a.eml", into=into), 422)

    assert ok(await api.http.get("/api/v1/integrations"))["items"] == []
