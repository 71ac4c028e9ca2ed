"""Pages: of the queue while it moves, and of every other list."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.client import TASKS, Api, Document, locations, message, ok, problem
from tests.conftest import SettableClock

_numbers = count()


async def pages(api: Api, path: str, **query: object) -> AsyncIterator[list[Document]]:
    """Every page of a list, by its cursors."""
    cursor: dict[str, object] = {}
    while True:
        page = await api.get(path, **query, **cursor)
        assert page["has_more"] == (page["next_cursor"] is not None)
        yield page["items"]
        if not page["has_more"]:
            return
        cursor = {"cursor": page["next_cursor"]}


async def make(api: Api, number: int, **fields: object) -> list[int]:
    return [
        (await api.create(f"task {n}", priority=["low", "high", None][n % 3], **fields))["id"] for n in range(number)
    ]


@pytest.mark.parametrize("sort", ["rank", "due_at", "created_at", "-created_at", "updated_at", "-updated_at"])
async def test_every_task_comes_once_whatever_the_order(api: Api, clock: SettableClock, sort: str) -> None:
    made = []
    for n in range(7):
        due = f"2026-03-0{3 + n % 3}T09:00:00Z" if n % 2 else None
        made.append((await api.create(f"task {n}", due_at=due))["id"])
        clock.advance(minutes=n % 2)
    whole = [task["id"] for task in (await api.get("/tasks", sort=sort))["items"]]

    paged = [[task["id"] for task in page] async for page in pages(api, "/tasks", sort=sort, limit=3)]

    assert [len(page) for page in paged] == [3, 3, 1]
    assert [task for page in paged for task in page] == whole
    assert sorted(whole) == made


async def test_a_last_page_that_is_full_promises_no_other(sqlite_api: Api) -> None:
    await make(sqlite_api, 4)

    paged = [len(page) async for page in pages(sqlite_api, "/tasks", limit=2)]

    assert paged == [2, 2]


async def test_a_page_holds_50_unless_asked_and_200_at_most(sqlite_api: Api) -> None:
    for _ in range(51):
        await sqlite_api.create()

    assert len((await sqlite_api.get("/tasks"))["items"]) == 50
    assert len((await sqlite_api.get("/tasks", limit=200))["items"]) == 51
    for path in ("/tasks", "/integrations", "/sync/runs", "/tasks/1/history", "/tasks/1/items"):
        for limit in (0, 201):
            response = await sqlite_api.http.get(f"/api/v1{path}", params={"limit": limit})
            assert locations(problem(response, 422)) == ["query.limit"]


async def test_the_link_to_the_next_page_works_as_it_is(sqlite_api: Api) -> None:
    labels = ["a b", "ümlaut&c"]
    made = await make(sqlite_api, 5, labels=labels)
    found = []

    response = await sqlite_api.http.get(TASKS, params={"label": labels, "limit": 2, "count": True})
    while True:
        found += [task["id"] for task in ok(response)["items"]]
        assert ok(response)["total"] == 5
        if "next" not in response.links:
            break
        response = await sqlite_api.http.get(response.links["next"]["url"])

    assert sorted(found) == made
    assert ok(response)["next_cursor"] is None


async def test_a_total_is_counted_on_request_only(sqlite_api: Api) -> None:
    await make(sqlite_api, 3)

    assert (await sqlite_api.get("/tasks", limit=1))["total"] is None
    assert (await sqlite_api.get("/tasks", limit=1, count=True))["total"] == 3
    assert (await sqlite_api.get("/tasks", q="task 1", count=True))["total"] == 1


async def test_a_cursor_belongs_to_its_query(sqlite_api: Api) -> None:
    task = (await make(sqlite_api, 3, labels=["a"]))[0]
    await sqlite_api.patch(task, notes="x")
    cursor = (await sqlite_api.get("/tasks", limit=1))["next_cursor"]
    of_history = (await sqlite_api.get(f"/tasks/{task}/history", limit=1))["next_cursor"]

    for other in ({"sort": "due_at"}, {"label": "a"}, {"status": "done"}, {"q": "task"}):
        response = await sqlite_api.http.get(TASKS, params={**other, "cursor": cursor})
        assert locations(problem(response, 422)) == ["query.cursor"]
    problem(await sqlite_api.http.get(f"{TASKS}/{task}/history", params={"cursor": cursor}), 422)
    problem(await sqlite_api.http.get(f"{TASKS}/{task + 1}/history", params={"cursor": of_history}), 422)


moves = st.lists(
    st.tuples(st.sampled_from(["raise", "lower", "delete", "complete", "add", "clock"]), st.integers(0, 11)),
    max_size=12,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=moves, limit=st.integers(1, 4))
async def test_no_task_that_stands_still_is_skipped_or_repeated(
    sqlite_api: Api, clock: SettableClock, changes: list[tuple[str, int]], limit: int
) -> None:
    label = f"example {next(_numbers)}"
    made = await make(sqlite_api, 12, labels=[label])
    moved: set[int] = set()
    found: list[int] = []

    async for page in pages(sqlite_api, "/tasks", label=label, limit=limit):
        found += [task["id"] for task in page]
        for change, which in changes[:2]:
            moved |= await change_something(sqlite_api, clock, change, made[which], label)
        changes = changes[2:]

    still = [task for task in found if task not in moved]
    assert sorted(still) == [task for task in made if task not in moved]


async def change_something(api: Api, clock: SettableClock, change: str, task: int, label: str) -> set[int]:
    """One change to the queue; returns the tasks that it may have moved."""
    match change:
        case "add":
            return {(await api.create("came later", labels=[label], due_at=clock.now.isoformat()))["id"]}
        case "clock":
            clock.advance(minutes=5)
            await api.jobs.keep_scores()
        case "delete":
            await api.http.delete(f"{TASKS}/{task}")
        case "complete":
            await api.http.post(f"{TASKS}/{task}/complete")
        case _:
            due = clock.now.isoformat() if change == "raise" else None
            await api.http.patch(f"{TASKS}/{task}", json={"due_at": due})
    return {task}


async def test_items_come_oldest_first_undated_before(api: Api) -> None:
    thread = [
        message("Topic", f"Number {n}?", id=f"{n}@x.example", reply_to="0@x.example" if n else "") for n in range(5)
    ]
    undated = message("Topic", "Number 3?", id="3@x.example", reply_to="0@x.example", date="")
    thread[1] = message(
        "Topic", "Number 1?", id="1@x.example", reply_to="0@x.example", date="Tue, 03 Mar 2026 08:00:00 +0000"
    )
    await api.import_mail(*thread[:3], thread[4])
    await api.upload(undated, "single.eml")  # a mailbox would give it the date of its envelope
    await api.jobs.import_next()
    ((task,),) = [page async for page in pages(api, "/tasks")]

    path = f"/tasks/{task['id']}/items"
    paged = [[item["text"] for item in page] async for page in pages(api, path, limit=2)]

    assert paged == [["Number 3?", "Number 0?"], ["Number 2?", "Number 4?"], ["Number 1?"]]


async def test_history_comes_newest_first(api: Api) -> None:
    task = (await api.create())["id"]
    for notes in ("a", "b", "c", "d"):
        await api.patch(task, notes=notes)

    paged = [[line["verb"] for line in page] async for page in pages(api, f"/tasks/{task}/history", limit=2)]

    assert paged == [["edit", "edit"], ["edit", "edit"], ["created"]]


async def test_integrations_and_runs_come_in_pages(api: Api) -> None:
    for name in ("a", "b", "c"):
        await api.import_mail(message(name), into=name)

    places = [[place["name"] for place in page] async for page in pages(api, "/integrations", limit=2)]
    runs = [[run["integration"] for run in page] async for page in pages(api, "/sync/runs", limit=2)]

    assert places == [["a", "b"], ["c"]]
    assert runs == [["c", "b"], ["a"]]


async def test_every_page_promises_its_cursor_and_whether_it_goes_on(api: Api) -> None:
    schemas = ok(await api.http.get("/openapi.json"))["components"]["schemas"]

    pages = {name: each for name, each in schemas.items() if "next_cursor" in each.get("properties", {})}

    assert len(pages) > 10
    assert {
        name for name, each in pages.items() if not {"items", "next_cursor", "has_more"} <= {*each["required"]}
    } == set()
