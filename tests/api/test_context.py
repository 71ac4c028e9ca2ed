"""Items that can be found over HTTP, and making tasks of those that belong to none."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.api.client import Api, Document, database_of, ok, problem
from tests.conftest import START, SettableClock
from tests.workflows.given import ASKING, BEN, PLAIN, line, take
from tests.workflows.pipeline import Pipeline

ITEMS = "/api/v1/items"


@pytest.fixture
async def pipeline(api: Api, clock: SettableClock, tmp_path: Path) -> Pipeline:
    return Pipeline(database_of(api), clock, tmp_path)


async def texts(api: Api, **query: Any) -> list[str]:
    return [item["text"] for item in (await api.get("/items", **query))["items"]]


async def context_item(api: Api, pipeline: Pipeline, **given: Any) -> Document:
    await take(pipeline, line(1, **given))
    (item,) = (await api.get("/items", context=True))["items"]
    found: Document = item
    return found


async def test_items_are_found_newest_first_with_their_task_and_place(api: Api, pipeline: Pipeline) -> None:
    undated = replace(line(9, "Nobody knows when"), sent_at=None)
    await take(pipeline, undated, line(1), line(2, ASKING))
    task = await pipeline.task()

    items = (await api.get("/items"))["items"]

    assert [(item["text"], item["task"]) for item in items] == [
        (ASKING, task.id),
        (PLAIN, None),
        ("Nobody knows when", None),
    ]
    assert {item["place"] for item in items} == {"#general"}


async def test_conditions_hold_together(api: Api, pipeline: Pipeline) -> None:
    await take(pipeline, line(1), line(2, ASKING), line(3, "The printer is great", BEN))
    await take(pipeline, line(4, "A great page", keys=("w",)), kind="wiki")

    assert await texts(api, q="great machines") == [PLAIN]
    assert await texts(api, q="great", integration="slack") == ["The printer is great", PLAIN]
    assert await texts(api, context=False) == [ASKING]
    assert await texts(api, context=True, integration="wiki") == ["A great page"]
    minute = START.isoformat().replace("09:00", "09:02").replace("+00:00", "Z")
    assert await texts(api, since=minute, integration="slack") == ["The printer is great", ASKING]
    assert await texts(api, until=minute) == [PLAIN]
    assert await texts(api, q="the") == await texts(api, integration="nobody") == []


async def test_pages_show_every_item_once(api: Api, pipeline: Pipeline) -> None:
    undated = [replace(line(number, f"Line {number}"), sent_at=None) for number in (7, 8, 9)]
    same_time = [replace(line(number, f"Line {number}"), sent_at=START) for number in (4, 5, 6)]
    await take(pipeline, *undated, *same_time, *(line(number, f"Line {number}") for number in (1, 2, 3)))
    expected = [f"Line {number}" for number in (3, 2, 1, 6, 5, 4, 9, 8, 7)]

    for size in (1, 2, 3, 6, 9):
        found: list[str] = []
        query: dict[str, Any] = {"limit": size}
        while True:
            page = await api.get("/items", **query)
            found += [item["text"] for item in page["items"]]
            if not page["has_more"]:
                break
            query["cursor"] = page["next_cursor"]
        assert found == expected


async def test_what_stands_in_a_deleted_task_is_not_found(api: Api, pipeline: Pipeline) -> None:
    await take(pipeline, line(2, ASKING))
    (item,) = (await api.get("/items"))["items"]
    await api.delete(item["task"])

    assert await texts(api) == []
    problem(await api.http.get(f"{ITEMS}/{item['id']}"), 404)


async def test_a_line_can_be_made_a_task(api: Api, pipeline: Pipeline) -> None:
    item = await context_item(api, pipeline)

    answer = await api.http.post(f"{ITEMS}/{item['id']}/task")

    task = ok(answer)["task"]
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/api/v1/tasks/{task['id']}")
    assert (task["title"], task["status"], task["source"]["kind"]) == (PLAIN, "open", "slack")
    assert task["source"]["url"] == item["url"]
    assert (await api.get(f"/items/{item['id']}"))["task"] == task["id"]
    history = (await api.get(f"/tasks/{task['id']}/history"))["items"]
    assert [(line["verb"], line["detail"]) for line in history] == [("created", "Made a task of it.")]
    assert await api.titles() == [PLAIN]


async def test_no_later_import_sets_it_aside_and_answers_join_it(api: Api, pipeline: Pipeline) -> None:
    item = await context_item(api, pipeline)
    task = (await api.post(f"/items/{item['id']}/task"))["task"]

    await take(pipeline, line(1), line(2, "It is", BEN, after=1))

    assert [found.id for found in await pipeline.tasks()] == [task["id"]]
    assert (await api.task(task["id"]))["status"] == "open"
    assert await texts(api, context=False) == ["It is", PLAIN]


async def test_a_talk_comes_along_with_the_line(api: Api, pipeline: Pipeline) -> None:
    await take(pipeline, line(1, "hello there"), line(2, "a fine day", after=1, loose=True))
    newest = (await api.get("/items"))["items"][0]

    task = (await api.post(f"/items/{newest['id']}/task"))["task"]

    assert len((await api.get(f"/tasks/{task['id']}/items"))["items"]) == 2


async def test_it_can_be_taken_back_and_made_again(api: Api, pipeline: Pipeline) -> None:
    item = await context_item(api, pipeline)
    made = await api.post(f"/items/{item['id']}/task")

    await api.post(f"/undo/{made['undo']['token']}")

    assert (await api.get(f"/items/{item['id']}"))["task"] is None
    assert await pipeline.tasks() == []
    again = await api.post(f"/items/{item['id']}/task")
    assert again["task"]["id"] != made["task"]["id"]
    await take(pipeline, line(1))
    assert [task.id for task in await pipeline.tasks()] == [again["task"]["id"]]


async def test_what_belongs_to_a_task_is_none_again(api: Api, pipeline: Pipeline) -> None:
    item = await context_item(api, pipeline)
    task = (await api.post(f"/items/{item['id']}/task"))["task"]

    assert problem(await api.http.post(f"{ITEMS}/{item['id']}/task"), 409)["task"] == task["id"]
    problem(await api.http.post(f"{ITEMS}/999/task"), 404)
    problem(await api.http.get(f"{ITEMS}/999"), 404)
