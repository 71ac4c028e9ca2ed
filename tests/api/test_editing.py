"""One task: written by hand, edited, and what people set kept whatever comes in later."""

from typing import Any

import pytest

from tests.api.client import TASKS, Api, Document, content, locations, message, problem, without

FULL: Document = {
    "title": "Renew the certificate",
    "notes": "Ask Ana.",
    "due_at": "2026-04-01T12:00:00Z",
    "assignee": "ana",
    "labels": ["a", "b"],
    "priority": "high",
    "project": "web",
    "dependencies": [],
    "scheduled_at": "2026-03-20T12:00:00Z",
    "started_at": "2026-03-01T12:00:00Z",
}
EMPTY: Document = {"notes": "", "labels": [], "dependencies": []}
"""What is cleared reads so; everything else reads null."""


async def test_a_new_task_is_answered_with_its_address_and_tag(api: Api) -> None:
    response = await api.http.post(TASKS, json=FULL)

    task = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"{TASKS}/{task['id']}"
    assert response.headers["etag"] == '"1.1"'
    assert {name: task[name] for name in FULL} == FULL
    assert (task["status"], task["source"]["kind"], task["version"]) == ("open", "task", 1)
    assert (await api.http.get(response.headers["location"])).json() == task


@pytest.mark.parametrize("name", FULL)
async def test_a_patch_sets_what_it_names_and_nothing_else(sqlite_api: Api, name: str) -> None:
    task = await sqlite_api.create("x")

    edited = (await sqlite_api.patch(task["id"], **{name: FULL[name]}))["task"]

    assert edited[name] == FULL[name]
    judged = ("score", "points", "band", "tier", "reasons", "valid_until")
    assert without(content(edited), name, *judged) == without(content(task), name, *judged)


async def test_null_clears(sqlite_api: Api) -> None:
    task = await sqlite_api.post("/tasks", FULL)

    for name in set(FULL) - {"title"}:
        edited = (await sqlite_api.patch(task["id"], **{name: None}))["task"]
        assert edited[name] == EMPTY.get(name), name


@pytest.mark.parametrize(
    ("body", "location"),
    [
        ({"title": None}, "body.title"),
        ({"title": ""}, "body.title"),
        ({"title": "   "}, "body.title"),
        ({"title": "x" * 301}, "body.title"),
        ({"status": "done"}, "body.status"),
        ({"colour": "red"}, "body.colour"),
        ({"labels": "urgent"}, "body.labels"),
        ({"labels": [""]}, "body.labels.0"),
        ({"labels": ["x"] * 51}, "body.labels"),
        ({"due_at": "soon"}, "body.due_at"),
        ({"notes": "x" * 100_001}, "body.notes"),
        ({"dependencies": [999]}, "body.dependencies"),
    ],
)
async def test_a_patch_that_can_not_be_meant_is_refused_by_field(
    sqlite_api: Api, body: dict[str, Any], location: str
) -> None:
    task = await sqlite_api.create()

    refused = problem(await sqlite_api.http.patch(f"{TASKS}/{task['id']}", json=body), 422)

    assert locations(refused) == [location]
    assert await sqlite_api.task(task["id"]) == task


async def test_an_edit_is_told_field_by_field(api: Api) -> None:
    task = await api.create("before", labels=["a"])
    await api.patch(task["id"], title="after", labels=["b"], notes="")

    line = (await api.get(f"/tasks/{task['id']}/history"))["items"][0]

    assert line["changes"] == {"title": ["before", "after"], "labels": [["a"], ["b"]]}
    assert (line["actor"], line["verb"]) == ("test", "edit")


async def test_what_people_set_survives_every_later_message(api: Api) -> None:
    await api.import_mail(message("Topic", "Could you do it by Friday?", id="a@x.example"))
    task = (await api.get("/tasks"))["items"][0]["id"]
    person = without(FULL, "dependencies")
    await api.patch(task, **person)

    await api.import_mail(
        message("Topic", "Could you do it by Friday?", id="a@x.example"),
        message("Re: Topic", "Sorry, by 10 March 2026.", id="b@x.example", reply_to="a@x.example"),
    )

    now = await api.task(task)
    assert {name: now[name] for name in person} == person
    assert now["last_item_at"] == "2026-03-02T08:00:00Z"


async def test_a_due_date_that_a_person_cleared_stays_cleared(api: Api) -> None:
    await api.import_mail(message("Topic", "We need it by 10 March 2026.", id="a@x.example"))
    task = (await api.get("/tasks"))["items"][0]
    assert task["due_at"]
    await api.patch(task["id"], due_at=None)

    await api.import_mail(message("Re: Topic", "By 12 March 2026!", id="b@x.example", reply_to="a@x.example"))

    assert (await api.task(task["id"]))["due_at"] is None


async def test_tasks_that_wait_for_each_other_in_a_circle_are_refused(api: Api) -> None:
    first, second, third = [(await api.create(name))["id"] for name in ("1", "2", "3")]
    await api.patch(first, dependencies=[second])
    await api.patch(second, dependencies=[third])

    for needed in (first, second, third):
        problem(await api.http.patch(f"{TASKS}/{third}", json={"dependencies": [needed]}), 409)
    assert (await api.task(third))["dependencies"] == []


async def test_a_task_that_waits_moves_its_neighbours_without_touching_them(api: Api) -> None:
    needed, waiting = await api.create("needed"), await api.create("waiting")

    await api.patch(waiting["id"], dependencies=[needed["id"], needed["id"]])
    after = await api.task(needed["id"])
    assert after["points"] > needed["points"]
    assert (after["version"], after["updated_at"]) == (needed["version"], needed["updated_at"])
    blocked = await api.task(waiting["id"])
    assert blocked["dependencies"] == [needed["id"]]

    await api.verb(needed["id"], "complete")
    free = await api.task(waiting["id"])
    assert free["points"] > blocked["points"]
    assert free["version"] == blocked["version"]


async def test_a_deleted_task_is_waited_for_no_longer(api: Api) -> None:
    needed, waiting = await api.create("needed"), await api.create("waiting")
    await api.patch(waiting["id"], dependencies=[needed["id"]])

    deleted = await api.delete(needed["id"])
    free = await api.task(waiting["id"])
    assert (free["dependencies"], free["points"]) == ([], waiting["points"])

    await api.post(f"/undo/{deleted['undo']['token']}")
    assert (await api.task(waiting["id"]))["dependencies"] == [needed["id"]]
