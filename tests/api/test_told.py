"""What those who watch are told of what people do: in the same transaction, of every change, and no word of a task."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.core import events
from app.domains.tasks import announcing
from tests.api.client import Api, Document, database_of, message, ok
from tests.conftest import START

LATER = "2026-03-09T09:00:00Z"
SECRET = "Zanzibar"


class Told:
    """The events since the last look, as a stream would tell them."""

    def __init__(self, api: Api) -> None:
        self._reader = events.Reader(events.log_of(database_of(api)), 0)

    async def __call__(self, *types: str) -> list[tuple[str, Document]]:
        rows = await self._reader.next(START)
        return [(row.type, row.data) for row in rows if not types or row.type in types]


@pytest.fixture
def told(api: Api) -> Told:
    return Told(api)


Act = Callable[[Api, int, int], Awaitable[Any]]
ACTS: dict[str, Act] = {
    "complete": lambda api, one, _: api.verb(one, "complete"),
    "snooze": lambda api, one, _: api.verb(one, "snooze", until=LATER),
    "decline": lambda api, one, _: api.verb(one, "decline", reason="No."),
    "assign": lambda api, one, _: api.verb(one, "assign", user="ana"),
    "edit": lambda api, one, _: api.patch(one, labels=["a"]),
    "delete": lambda api, one, _: api.delete(one),
    "claim": lambda api, _one, _: api.post("/tasks/claim", {"user": "ana"}),
    "rank-above": lambda api, one, other: api.post(f"/tasks/{one}/rank-above/{other}"),
}


@pytest.mark.parametrize("verb", ACTS)
async def test_every_change_is_told_with_the_version_it_made(api: Api, told: Told, verb: str) -> None:
    one, other = (await api.create(SECRET))["id"], (await api.create("Another"))["id"]
    await told()

    await ACTS[verb](api, one, other)

    [(type_, data)] = await told()
    assert type_ == "task.changed"
    assert (data["task"], data["verb"], data["actor"]) == (one, verb, "test")
    if verb != "delete":
        assert data["version"] == (await api.task(one))["version"]


async def test_what_is_made_and_reopened_is_told(api: Api, told: Told) -> None:
    task = (await api.create())["id"]
    await api.verb(task, "complete")
    await api.verb(task, "reopen")

    assert [data["verb"] for _, data in await told()] == ["create", "complete", "reopen"]


async def test_what_is_dismissed_is_told_of_both(api: Api, told: Told) -> None:
    one, other = (await api.create())["id"], (await api.create())["id"]
    await told()

    for method in ("POST", "DELETE"):
        answer = await api.http.request(method, f"/api/v1/tasks/{one}/related/{other}/dismiss")
        assert answer.status_code == 204

    said = [(data["task"], data["verb"]) for _, data in await told()]
    assert said == [(one, "unrelate"), (other, "unrelate"), (one, "relate"), (other, "relate")]


async def test_a_merge_a_split_and_what_takes_them_back_are_told_of_all_that_they_touch(api: Api, told: Told) -> None:
    await api.import_mail(message("one", id="1@x.example"), message("two", id="2@x.example"))
    one, two = sorted(task["id"] for task in (await api.get("/tasks"))["items"])
    await told()

    merged = await api.verb(one, "merge", into=two)
    assert {data["task"] for _, data in await told("task.changed")} == {one, two}

    await api.post(f"/undo/{merged['undo']['token']}")
    assert {(data["task"], data["verb"]) for _, data in await told("task.changed")} == {(one, "undo"), (two, "undo")}

    await api.verb(one, "merge", into=two)
    items = [each["id"] for each in (await api.get(f"/tasks/{two}/items"))["items"]]
    await told()
    made = await api.verb(two, "split", items=items[:1])
    assert {data["task"] for _, data in await told("task.changed")} == {two, made["new_task"]["id"]}

    await api.post(f"/undo/{made['undo']['token']}")
    assert made["new_task"]["id"] in {data["task"] for _, data in await told("task.changed")}


async def test_what_waits_for_a_finished_task_is_told_to_have_moved(api: Api, told: Told) -> None:
    needed = (await api.create("First"))["id"]
    waiting = (await api.create("Then", dependencies=[needed]))["id"]
    await told()

    await api.verb(needed, "complete")

    [(_, task), (_, queue)] = await told()
    assert task["task"] == needed
    assert (queue["changed"], queue["ids"], queue["verb"]) == (1, [waiting], "complete")


async def test_a_bulk_of_many_is_one_event_and_its_undo_is_another(api: Api, told: Told) -> None:
    ids = [(await api.create(f"{SECRET} {n}"))["id"] for n in range(announcing.SINGLY + 1)]
    await told()

    done = await api.post("/tasks/bulk", {"ids": ids, "action": {"verb": "complete"}})
    await api.post(f"/undo/{done['undo']['token']}")

    said = await told()
    assert said == [
        ("queue.changed", {"changed": len(ids), "ids": ids, "verb": verb, "actor": "test"})
        for verb in ("complete", "undo")
    ]


async def test_a_bulk_beyond_what_can_be_named_tells_its_number(
    api: Api, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "MOST_IDS", 11)
    ids = [(await api.create())["id"] for _ in range(12)]
    await told()

    await api.post("/tasks/bulk", {"ids": ids, "action": {"verb": "complete"}})

    assert await told() == [("queue.changed", {"changed": 12, "verb": "complete", "actor": "test"})]


async def test_what_is_refused_or_only_looked_at_is_not_told(api: Api, told: Told) -> None:
    task = (await api.create())["id"]
    await told()

    assert (await api.http.post(f"/api/v1/tasks/{task}/reopen")).status_code == 409
    await api.post("/tasks/bulk", {"ids": [task], "action": {"verb": "complete"}, "dry_run": True})

    assert await told() == []


async def test_no_word_of_a_task_is_told(api: Api, told: Told) -> None:
    await api.import_mail(message(SECRET, f"The {SECRET} matter, please?"), name="mail.mbox")
    task = (await api.get("/tasks"))["items"][0]["id"]
    await api.patch(task, notes=SECRET, labels=[SECRET], assignee=SECRET)

    assert SECRET not in str(await told())


async def test_an_import_tells_how_it_goes(api: Api, told: Told) -> None:
    await api.import_mail(message("one"), message("two"))

    said = await told()
    runs = [data["state"] for type_, data in said if type_ == "sync.progress"]
    assert (runs[0], runs[-1]) == ("queued", "succeeded")
    assert [data["changed"] for type_, data in said if type_ == "queue.changed"] == [2]
    assert [data for type_, data in said if type_ == "sync.progress"][-1]["new"] == 2


async def test_an_integration_that_is_deleted_is_told_of_without_its_name_and_what_was_told_before_is_forgotten(
    api: Api, told: Told
) -> None:
    run = await api.import_mail(message("one"))
    [integration] = (await api.get("/integrations"))["items"]
    [task] = (await api.get("/tasks"))["items"]
    ok(await api.http.delete(f"/api/v1/integrations/{integration['id']}"))

    async with database_of(api).reading() as session:
        kept = [(row.type, row.data) for row in await session.execute(select(events.Event.type, events.Event.data))]
    assert run["state"] == "succeeded"
    assert ("integration.changed", {"integration": integration["id"], "state": "deleted"}) in kept
    assert integration["name"] not in str(kept)
    assert task["id"] not in {data.get("task") for _, data in kept}
