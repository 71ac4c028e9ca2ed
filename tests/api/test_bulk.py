"""One action on many tasks: counted first if wished, told which were skipped, and undone as one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from app.workflows.identity import remembering
from tests.api.client import TASKS, Api, Document, database_of, locations, message, problem

BULK = f"{TASKS}/bulk"
COMPLETE = {"verb": "complete"}


@contextmanager
def counting(api: Api) -> Iterator[list[str]]:
    """The SQL statements that the application sends meanwhile."""
    statements: list[str] = []

    def remember(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engine = database_of(api).engine.sync_engine
    event.listen(engine, "before_cursor_execute", remember)
    yield statements
    event.remove(engine, "before_cursor_execute", remember)


async def make(api: Api, number: int, **fields: Any) -> list[int]:
    return [(await api.create(f"task {n}", **fields))["id"] for n in range(number)]


async def test_ids_say_which_tasks(api: Api) -> None:
    tasks = await make(api, 3)

    answer = await api.post("/tasks/bulk", {"ids": [tasks[0], tasks[2], tasks[0]], "action": COMPLETE})

    assert (answer["matched"], answer["changed"], answer["skipped"], answer["skipped_why"]) == (2, 2, 0, [])
    assert await api.titles() == ["task 1"]


async def test_a_filter_says_which_tasks(api: Api) -> None:
    await make(api, 3, labels=["old"])
    await api.create("new")

    answer = await api.post("/tasks/bulk", {"filter": {"label": ["old"], "q": "task"}, "action": COMPLETE})

    assert (answer["matched"], answer["changed"]) == (3, 3)
    assert await api.titles() == ["new"]


async def test_a_deadline_is_set_and_taken_away_for_many_and_undone_as_one(api: Api) -> None:
    tasks = await make(api, 2)
    due = "2026-03-05T09:00:00Z"

    answer = await api.post("/tasks/bulk", {"ids": tasks, "action": {"verb": "due", "due_at": due}})
    assert [(await api.task(i))["due_at"] for i in tasks] == [due, due]

    cleared = await api.post("/tasks/bulk", {"ids": tasks[:1], "action": {"verb": "due", "due_at": None}})
    assert [(await api.task(i))["due_at"] for i in tasks] == [None, due]

    await api.post(f"/undo/{cleared['undo']['token']}")
    assert [(await api.task(i))["due_at"] for i in tasks] == [due, due]
    assert answer["changed"] == 2


async def test_an_empty_filter_means_all_open_tasks(api: Api) -> None:
    done = (await make(api, 3))[0]
    await api.verb(done, "complete")

    answer = await api.post("/tasks/bulk", {"filter": {}, "action": {"verb": "assign", "user": "ana"}})

    assert answer["matched"] == 2
    assert (await api.task(done))["assignee"] is None


async def test_a_dry_run_counts_and_changes_nothing(api: Api) -> None:
    tasks = await make(api, 3)
    await api.verb(tasks[0], "complete")
    before = await api.get("/tasks", status=["open", "done"])

    answer = await api.post("/tasks/bulk", {"ids": [*tasks, 99], "action": COMPLETE, "dry_run": True})

    assert (answer["matched"], answer["changed"], answer["skipped"], answer["undo"]) == (4, 2, 2, None)
    assert await api.get("/tasks", status=["open", "done"]) == before
    assert len((await api.get(f"/tasks/{tasks[1]}/history"))["items"]) == 1


async def test_what_is_skipped_is_named_with_the_reason(api: Api) -> None:
    tasks = await make(api, 3)
    await api.verb(tasks[0], "complete")
    await api.delete(tasks[1])

    answer = await api.post("/tasks/bulk", {"ids": [*tasks, 99], "action": COMPLETE})

    assert answer["changed"] == 1
    assert {skipped["id"]: skipped["why"] for skipped in answer["skipped_why"]} == {
        tasks[0]: f"Task {tasks[0]} is done; you can complete a task that is open or snoozed.",
        tasks[1]: "There is no such task.",
        99: "There is no such task.",
    }


async def test_labels_are_added_and_removed(api: Api) -> None:
    tasks = await make(api, 2, labels=["old", "kept"])

    await api.post("/tasks/bulk", {"ids": tasks, "action": {"verb": "label", "add": ["new"], "remove": ["old", "x"]}})

    assert [(await api.task(task))["labels"] for task in tasks] == [["kept", "new"]] * 2


@pytest.mark.parametrize(
    ("body", "location"),
    [
        ({"action": COMPLETE}, "body.ids"),
        ({"ids": [1], "filter": {}, "action": COMPLETE}, "body.ids"),
        ({"ids": [], "action": COMPLETE}, "body.ids"),
        ({"ids": [1]}, "body.action"),
        ({"ids": [1], "action": {"verb": "explode"}}, "body.action"),
        ({"ids": [1], "action": {"verb": "merge", "into": 2}}, "body.action"),
        ({"ids": [1], "action": {"verb": "decline"}}, "body.action.decline.reason"),
        ({"ids": [1], "action": {"verb": "snooze", "until": "2020-01-01T00:00:00Z"}}, "body.until"),
        ({"filter": {"colour": "red"}, "action": COMPLETE}, "body.filter.colour"),
        ({"filter": {"status": "open"}, "action": COMPLETE}, "body.filter.status"),
        ({"ids": [1], "action": COMPLETE, "dry_run": "no"}, "body.dry_run"),
        ({"ids": list(range(1, 10_002)), "action": COMPLETE}, "body.ids"),
    ],
)
async def test_a_bulk_that_can_not_be_meant_is_refused(sqlite_api: Api, body: Document, location: str) -> None:
    task = await sqlite_api.create()

    assert locations(problem(await sqlite_api.http.post(BULK, json=body), 422)) == [location]
    assert await sqlite_api.task(task["id"]) == task


async def test_many_tasks_cost_hardly_more_statements_than_few(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "FRESH_S", 60.0)  # else whose key it is may be asked in between
    tasks = await make(api, 20)
    with counting(api) as for_few:
        few = await api.post("/tasks/bulk", {"ids": tasks[:2], "action": COMPLETE})
    with counting(api) as for_many:
        many = await api.post("/tasks/bulk", {"ids": tasks[2:], "action": COMPLETE})
    with counting(api) as for_undo:
        await api.post(f"/undo/{many['undo']['token']}")

    assert (few["changed"], many["changed"]) == (2, 18)
    assert len(for_many) == len(for_few)
    assert len(for_undo) < 30


async def test_2000_tasks_are_changed_and_changed_back_at_once(sqlite_api: Api) -> None:
    await sqlite_api.import_mail(*(message(f"Matter {n}", "Yes?") for n in range(2000)))

    with counting(sqlite_api) as statements:
        answer = await sqlite_api.post("/tasks/bulk", {"filter": {}, "action": {"verb": "assign", "user": "ana"}})
        await sqlite_api.post(f"/undo/{answer['undo']['token']}")

    assert answer["changed"] == 2000
    assert len(statements) < 150
    assert (await sqlite_api.get("/tasks", assignee="none", count=True, limit=1))["total"] == 2000
