"""What people do with tasks: in which state, with what effect, and told in the history."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from tests.api.client import TASKS, Api, Document, locations, message, problem
from tests.conftest import START, SettableClock

LATER = (START + timedelta(days=2)).isoformat()
NEWSLETTER = message("Our spring offers", "Buy now.", List_Unsubscribe="<mailto:leave@example.org>", Precedence="bulk")
BODIES: Mapping[str, Mapping[str, Any]] = {
    "complete": {},
    "reopen": {},
    "snooze": {"until": LATER},
    "decline": {"reason": "Not our matter."},
    "assign": {"user": "ana"},
}
RESULTS = {
    ("open", "complete"): "done",
    ("open", "snooze"): "snoozed",
    ("open", "decline"): "declined",
    ("open", "assign"): "open",
    ("snoozed", "complete"): "done",
    ("snoozed", "snooze"): "snoozed",
    ("snoozed", "decline"): "declined",
    ("snoozed", "assign"): "snoozed",
    ("snoozed", "reopen"): "open",
    ("done", "reopen"): "open",
    ("declined", "reopen"): "open",
    ("not_for_us", "reopen"): "open",
}
"""Status and verb to the status after it; what is not here is a conflict."""
INTO = {"snoozed": "snooze", "done": "complete", "declined": "decline"}
"""The verb that brings an open task into a status."""


async def task_that_is(api: Api, status: str) -> int:
    if status == "not_for_us":
        await api.import_mail(NEWSLETTER)
        (task,) = (await api.get("/tasks", status=status))["items"]
        return int(task["id"])
    task_id = int((await api.create())["id"])
    if verb := INTO.get(status):
        await api.verb(task_id, verb, **BODIES[verb])
    return task_id


async def history(api: Api, task_id: int) -> list[Document]:
    lines: list[Document] = (await api.get(f"/tasks/{task_id}/history"))["items"]
    return lines


@pytest.mark.parametrize("verb", BODIES)
@pytest.mark.parametrize("status", ["open", "snoozed", "done", "declined", "not_for_us"])
async def test_a_verb_works_in_its_states_and_is_a_conflict_in_all_others(
    sqlite_api: Api, status: str, verb: str
) -> None:
    task = await task_that_is(sqlite_api, status)
    before = await sqlite_api.task(task)

    response = await sqlite_api.http.post(f"{TASKS}/{task}/{verb}", json=BODIES[verb])

    if (status, verb) in RESULTS:
        assert response.json()["task"]["status"] == RESULTS[status, verb]
        assert response.json()["undo"]["token"]
        assert (await history(sqlite_api, task))[0]["verb"] == verb
    else:
        conflict = problem(response, 409)
        assert f"Task {task} is {status.replace('_', ' ')}; you can {verb}" in conflict["detail"]
        assert conflict["status_now"] == status
        assert await sqlite_api.task(task) == before


@pytest.mark.parametrize("verb", [*BODIES, "merge", "split"])
async def test_a_verb_on_a_task_that_is_not_there_says_so(sqlite_api: Api, verb: str) -> None:
    body = {"merge": {"into": 1}, "split": {"items": [1]}, **BODIES}[verb]

    assert problem(await sqlite_api.http.post(f"{TASKS}/7/{verb}", json=body), 404)["detail"] == "There is no task 7."


@pytest.mark.parametrize(
    ("verb", "body", "location"),
    [
        ("snooze", {"until": START.isoformat()}, "body.until"),
        ("snooze", {"until": (START - timedelta(days=1)).isoformat()}, "body.until"),
        ("snooze", {}, "body.until"),
        ("decline", {}, "body.reason"),
        ("decline", {"reason": "  "}, "body.reason"),
        ("decline", {"reason": "x" * 1001}, "body.reason"),
        ("assign", {}, "body.user"),
        ("assign", {"user": ""}, "body.user"),
        ("assign", {"user": "ana", "why": "x"}, "body.why"),
    ],
)
async def test_a_verb_without_what_it_needs_is_refused_by_field(
    sqlite_api: Api, verb: str, body: Document, location: str
) -> None:
    task = (await sqlite_api.create())["id"]

    assert locations(problem(await sqlite_api.http.post(f"{TASKS}/{task}/{verb}", json=body), 422)) == [location]


async def test_a_declined_task_says_why_until_it_is_reopened(api: Api) -> None:
    task = (await api.create())["id"]

    declined = (await api.verb(task, "decline", reason=" Not ours. "))["task"]
    reopened = (await api.verb(task, "reopen"))["task"]

    assert declined["status_reason"] == "Not ours."
    assert reopened["status_reason"] is None


async def test_a_snoozed_task_comes_back_by_itself(api: Api, clock: SettableClock) -> None:
    task = (await api.create())["id"]
    snoozed = (await api.verb(task, "snooze", until=LATER))["task"]

    clock.advance(days=2, seconds=-1)
    await api.jobs.keep_scores()
    assert await api.titles() == []

    clock.advance(seconds=1)
    await api.jobs.keep_scores()

    assert snoozed["snoozed_until"].startswith("2026-03-04T09:00:00")
    assert (await api.task(task))["snoozed_until"] is None
    assert await api.titles() == ["A task"]
    assert (await history(api, task))[0]["verb"] == "woke"


async def test_what_was_set_aside_becomes_a_task_and_stays_one(api: Api) -> None:
    task = await task_that_is(api, "not_for_us")
    assert (await api.task(task))["status_reason"]

    await api.verb(task, "reopen")
    await api.import_mail(NEWSLETTER)

    assert (await api.task(task))["status"] == "open"
    assert (await history(api, task))[0]["detail"] == "Made a task of it."


async def test_a_task_is_given_to_somebody_and_taken_from_them(api: Api) -> None:
    task = (await api.create())["id"]

    assert (await api.verb(task, "assign", user=" ana "))["task"]["assignee"] == "ana"
    assert (await api.verb(task, "assign", user=None))["task"]["assignee"] is None
    assert [line["changes"] for line in (await history(api, task))[:2]] == [
        {"assignee": ["ana", None]},
        {"assignee": [None, "ana"]},
    ]


async def test_a_deleted_task_is_gone_and_no_import_brings_it_back(api: Api) -> None:
    await api.import_mail(message("Topic", id="a@x.example"))
    task = (await api.get("/tasks"))["items"][0]["id"]

    assert (await api.delete(task))["deleted"] == task
    run = await api.import_mail(
        message("Topic", id="a@x.example"), message("Re: Topic", "And?", id="b@x.example", reply_to="a@x.example")
    )

    assert (run["unchanged"], run["new"]) == (1, 1)
    assert await api.titles() == []
    for method, path in [("GET", ""), ("DELETE", ""), ("PATCH", ""), ("POST", "/complete"), ("GET", "/history")]:
        response = await api.http.request(method, f"{TASKS}/{task}{path}", json={} if method == "PATCH" else None)
        assert problem(response, 404)["detail"] == f"Task {task} was deleted."
