"""Undo: everything exactly as before, once, while it lasts, and only where nothing changed since."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domains.tasks.models import Undo
from tests.api.client import TASKS, Api, Document, content, database_of, message, problem
from tests.conftest import START, SettableClock

THREAD = (
    message("Broken pump", "It is urgent. Could you send a new one by Friday?", id="a@x.example"),
    message("Re: Broken pump", "Any news? This costs us $4,000.", id="b@x.example", reply_to="a@x.example"),
)
VERBS: Mapping[str, Mapping[str, Any]] = {
    "complete": {},
    "snooze": {"until": (START + timedelta(days=2)).isoformat()},
    "decline": {"reason": "Not our matter."},
    "assign": {"user": "ana"},
}
EDITS: list[Document] = [
    {"title": "Another title"},
    {"notes": "Called them."},
    {"due_at": "2026-04-01T12:00:00Z"},
    {"due_at": None},
    {"labels": ["a", "b"]},
    {"priority": "high", "project": "pumps", "assignee": "ben"},
    {"scheduled_at": "2026-04-01T12:00:00Z", "started_at": "2026-03-01T12:00:00Z"},
]

CHANGED_BY_COMPLETING = {"status", "status_reason", "snoozed_until", "person_set"}
SET = ["labels", "notes"]
"""What `mailed_task` set."""


async def everything(api: Api) -> dict[int, Document]:
    """All tasks there are, whatever their status, with their items."""
    found = {}
    status = ["open", "snoozed", "done", "declined", "not_for_us"]
    for task in (await api.get("/tasks", status=status, limit=200))["items"]:
        items = (await api.get(f"/tasks/{task['id']}/items"))["items"]
        found[task["id"]] = content(task) | {"items": items}
    return found


async def mailed_task(api: Api) -> int:
    await api.import_mail(*THREAD)
    (task,) = (await api.get("/tasks"))["items"]
    await api.patch(task["id"], labels=["old"], notes="Old notes.")
    return int(task["id"])


async def undo(api: Api, answer: Mapping[str, Any]) -> list[int]:
    undone: list[int] = (await api.post(f"/undo/{answer['undo']['token']}"))["undone"]
    return undone


@pytest.mark.parametrize("verb", VERBS)
async def test_a_verb_is_undone(api: Api, verb: str) -> None:
    task = await mailed_task(api)
    before = await everything(api)

    answer = await api.verb(task, verb, **VERBS[verb])
    assert await everything(api) != before

    assert await undo(api, answer) == [task]
    assert await everything(api) == before


@pytest.mark.parametrize("verb", ["complete", "decline", "snooze"])
async def test_a_reopening_is_undone(api: Api, verb: str) -> None:
    task = await mailed_task(api)
    await api.verb(task, verb, **VERBS[verb])
    before = await everything(api)

    await undo(api, await api.verb(task, "reopen"))

    assert await everything(api) == before


async def test_an_edit_is_undone(api: Api) -> None:
    task = await mailed_task(api)
    before = await everything(api)

    for fields in EDITS:
        await undo(api, await api.patch(task, **fields))
        assert await everything(api) == before, fields


async def test_after_an_undone_edit_the_items_decide_again(api: Api) -> None:
    task = await mailed_task(api)
    await undo(api, await api.patch(task, title="Mine", due_at=None))

    await api.import_mail(
        message("Re: Broken pump", "We need it by 20 March 2026.", id="c@x.example", reply_to="b@x.example")
    )

    assert (await api.task(task))["title"] == "Broken pump"
    assert (await api.task(task))["due_at"].startswith("2026-03-20")


async def test_a_deletion_is_undone(api: Api) -> None:
    task = await mailed_task(api)
    before = await everything(api)

    answer = await api.delete(task)
    assert await everything(api) == {}
    await undo(api, answer)

    assert await everything(api) == before


async def test_a_merge_is_undone(api: Api) -> None:
    source = await mailed_task(api)
    target = (await api.create("By hand", notes="Mine.", labels=["new"]))["id"]
    needed, waiting = (await api.create("needed"))["id"], (await api.create("waiting"))["id"]
    await api.patch(source, dependencies=[needed])
    await api.patch(waiting, dependencies=[source])
    before = await everything(api)

    answer = await api.verb(source, "merge", into=target)
    assert source not in await everything(api)
    await undo(api, answer)

    assert await everything(api) == before


async def test_a_merge_into_a_conversation_is_undone(api: Api) -> None:
    target = await mailed_task(api)
    await api.import_mail(message("Older matter", id="old@x.example", date="Mon, 02 Feb 2026 08:00:00 +0000"))
    source = next(task["id"] for task in (await api.get("/tasks"))["items"] if task["title"] == "Older matter")
    before = await everything(api)

    await undo(api, await api.verb(source, "merge", into=target))

    assert await everything(api) == before


async def test_a_split_is_undone_and_later_replies_meet_again(api: Api) -> None:
    task = await mailed_task(api)
    before = await everything(api)
    item = before[task]["items"][1]["id"]

    await undo(api, await api.verb(task, "split", items=[item]))
    assert await everything(api) == before

    await api.import_mail(message("Re: Broken pump", "And now?", id="c@x.example", reply_to="b@x.example"))
    assert len((await everything(api))[task]["items"]) == 3


async def test_a_claim_is_undone(api: Api) -> None:
    await mailed_task(api)
    before = await everything(api)

    answer = await api.post("/tasks/claim", {"user": "ana"})
    assert answer["task"]["assignee"] == "ana"
    await undo(api, answer)

    assert await everything(api) == before


@pytest.mark.parametrize(
    "action",
    [
        {"verb": "complete"},
        {"verb": "decline", "reason": "no"},
        {"verb": "assign", "user": "ana"},
        {"verb": "label", "add": ["x"], "remove": ["old"]},
        {"verb": "delete"},
    ],
)
async def test_a_bulk_is_undone_as_one(api: Api, action: Document) -> None:
    tasks = [await mailed_task(api), *[(await api.create(str(n), labels=["old"]))["id"] for n in range(3)]]
    await api.patch(tasks[1], dependencies=[tasks[2]])
    before = await everything(api)

    answer = await api.post("/tasks/bulk", {"ids": tasks, "action": action})
    assert answer["changed"] == 4
    assert await everything(api) != before

    assert sorted(await undo(api, answer)) == sorted(tasks)
    assert await everything(api) == before


async def test_what_is_kept_for_an_undo_is_no_more_than_what_the_action_changed(api: Api) -> None:
    task = await mailed_task(api)
    await api.verb(task, "complete")

    async with database_of(api).reading() as session:
        kept = (await session.execute(select(Undo.before).order_by(Undo.created_at))).scalars().all()

    assert [before for before in kept if set(before["tasks"][str(task)]) == CHANGED_BY_COMPLETING] == [
        {
            "tasks": {str(task): dict.fromkeys(CHANGED_BY_COMPLETING) | {"status": "open", "person_set": SET}},
            "labels": {},
            "dependencies": {},
            "versions": {str(task): 3},
        }
    ]


async def test_an_undo_is_told_in_the_history(api: Api) -> None:
    task = await mailed_task(api)
    await undo(api, await api.verb(task, "complete"))

    line = (await api.get(f"/tasks/{task}/history"))["items"][0]

    assert (line["verb"], line["detail"]) == ("undone", "Took back: complete.")


async def test_a_token_works_once(api: Api) -> None:
    task = (await api.create())["id"]
    answer = await api.verb(task, "complete")
    await undo(api, answer)

    problem(await api.http.post(f"/api/v1/undo/{answer['undo']['token']}"), 404)


async def test_a_token_lasts_as_long_as_it_says(api: Api, clock: SettableClock) -> None:
    first, second = await api.create(), await api.create()
    early, late = await api.verb(first["id"], "complete"), await api.verb(second["id"], "complete")
    assert early["undo"]["expires_at"] == "2026-03-02T09:10:00Z"

    clock.advance(seconds=599)
    await undo(api, early)
    clock.advance(seconds=1)

    problem(await api.http.post(f"/api/v1/undo/{late['undo']['token']}"), 404)
    assert (await api.task(second["id"]))["status"] == "done"


async def test_what_changed_since_is_not_undone(api: Api) -> None:
    task, other = (await api.create())["id"], (await api.create())["id"]
    bulk = await api.post("/tasks/bulk", {"ids": [task, other], "action": {"verb": "complete"}})
    await api.patch(other, notes="changed")
    before = await everything(api)

    conflict = problem(await api.http.post(f"/api/v1/undo/{bulk['undo']['token']}"), 409)

    assert conflict["task"] == other
    assert await everything(api) == before


async def test_the_clock_is_no_change_that_forbids_an_undo(api: Api, clock: SettableClock) -> None:
    task = (await api.create(due_at=(START + timedelta(days=1, minutes=5)).isoformat()))["id"]
    answer = await api.verb(task, "assign", user="ana")
    before = (await api.task(task))["points"]

    clock.advance(minutes=9)
    await api.jobs.keep_scores()
    assert (await api.task(task))["points"] != before

    assert await undo(api, answer) == [task]


async def test_a_split_is_not_undone_once_the_new_task_was_worked_on(api: Api) -> None:
    task = await mailed_task(api)
    item = (await api.get(f"/tasks/{task}/items"))["items"][1]["id"]
    answer = await api.verb(task, "split", items=[item])
    await api.import_mail(message("Re: Broken pump", "And now?", id="c@x.example", reply_to="b@x.example"))

    problem(await api.http.post(f"/api/v1/undo/{answer['undo']['token']}"), 409)

    assert len((await everything(api))[answer["new_task"]["id"]]["items"]) == 2


async def test_an_undo_never_closes_a_circle(api: Api) -> None:
    first, second = (await api.create())["id"], (await api.create())["id"]
    await api.patch(first, dependencies=[second])
    answer = await api.patch(first, dependencies=[])
    await api.patch(second, dependencies=[first])

    problem(await api.http.post(f"/api/v1/undo/{answer['undo']['token']}"), 409)

    assert (await api.task(first))["dependencies"] == []


async def test_what_was_waited_for_may_be_gone_for_good(api: Api) -> None:
    run = await api.import_mail(message("needed"))
    needed = (await api.get("/tasks"))["items"][0]["id"]
    task = (await api.create())["id"]
    await api.patch(task, dependencies=[needed])
    answer = await api.patch(task, dependencies=[])
    (place,) = (await api.get("/integrations"))["items"]
    assert place["name"] == run["integration"]
    assert (await api.http.delete(f"/api/v1/integrations/{place['id']}")).is_success

    await undo(api, answer)

    assert (await api.http.get(f"{TASKS}/{task}")).json()["dependencies"] == []
