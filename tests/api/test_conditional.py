"""Asking only for what changed, and changing only what nobody else changed."""

import asyncio
from datetime import timedelta

import pytest

from tests.api.client import TASKS, Api, ok, problem
from tests.conftest import START, SettableClock


async def test_what_did_not_change_is_not_sent_again(api: Api) -> None:
    task = (await api.create())["id"]
    for path in (TASKS, f"{TASKS}?q=task&count=true", f"{TASKS}/{task}"):
        first = await api.http.get(path)
        tag = first.headers["etag"]

        for known in (tag, f'"other", {tag}', f"W/{tag.removeprefix('W/')}", "*"):
            again = await api.http.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert (await api.http.get(path, headers={"If-None-Match": '"other"'})).json() == first.json()


async def test_every_change_gives_a_new_tag(api: Api, clock: SettableClock) -> None:
    task = (await api.create(due_at=(START + timedelta(days=2)).isoformat()))["id"]
    seen = set()

    async def look() -> None:
        for path in (TASKS, f"{TASKS}/{task}"):
            seen.add((path, (await api.http.get(path)).headers["etag"]))

    await look()
    await api.patch(task, notes="x")
    await look()
    clock.advance(days=1, hours=12)
    await api.jobs.keep_scores()
    await look()

    assert len(seen) == 6


async def test_the_clock_changes_the_score_and_not_the_version(api: Api, clock: SettableClock) -> None:
    task = await api.create(due_at=(START + timedelta(days=2)).isoformat())

    clock.advance(days=1, hours=12)
    await api.jobs.keep_scores()

    response = await api.http.get(f"{TASKS}/{task['id']}")
    assert response.json()["points"] != task["points"]
    assert response.json()["version"] == task["version"] == 1
    assert response.headers["etag"].startswith('"1.')


@pytest.mark.parametrize("header", ['"1.1"', '"1"', '"1.999"', 'W/"1.1"', "*", ' "7.1" , "1.4"', None])
async def test_a_change_of_the_version_that_was_seen_happens(sqlite_api: Api, header: str | None) -> None:
    for method, path in [("PATCH", ""), ("POST", "/complete"), ("DELETE", "")]:
        task = (await sqlite_api.create())["id"]
        response = await sqlite_api.http.request(
            method,
            f"{TASKS}/{task}{path}",
            json={"notes": "x"} if method == "PATCH" else None,
            headers={} if header is None else {"If-Match": header},
        )
        assert response.is_success, response.text


@pytest.mark.parametrize("header", ['"1.1"', '"3.1"', 'W/"1.1"', '"0"', '"1.1", "3.1"', '"999999999999999999"'])
async def test_a_change_of_another_version_does_not_happen(sqlite_api: Api, header: str) -> None:
    task = (await sqlite_api.create())["id"]
    await sqlite_api.patch(task, notes="mine")

    for method, path in [("PATCH", ""), ("POST", "/complete"), ("DELETE", ""), ("POST", "/split")]:
        body = {"PATCH": {"notes": "theirs"}, "POST": {"items": [1]} if path == "/split" else None}.get(method)
        response = await sqlite_api.http.request(
            method, f"{TASKS}/{task}{path}", json=body, headers={"If-Match": header}
        )
        assert problem(response, 412)["version"] == 2
    assert ((await sqlite_api.task(task))["notes"], (await sqlite_api.task(task))["status"]) == ("mine", "open")


@pytest.mark.parametrize("header", ["", "1.1", '"', '"x"', '"1.1', "'1.1'", f'"{"9" * 5000}"', '"1.1.1"', "null"])
async def test_a_tag_that_is_none_is_malformed(sqlite_api: Api, header: str) -> None:
    task = (await sqlite_api.create())["id"]

    response = await sqlite_api.http.patch(f"{TASKS}/{task}", json={"notes": "x"}, headers={"If-Match": header})

    assert "If-Match" in problem(response, 400)["detail"]


async def warmed_up(api: Api) -> None:
    """As many open connections as there will be requests, so that these really run at the same time."""
    await asyncio.gather(*(api.get("/tasks") for _ in range(8)))


async def test_of_two_who_saw_the_same_version_one_may_change_it(api: Api) -> None:
    task = (await api.create())["id"]

    async def edit(notes: str) -> int:
        response = await api.http.patch(f"{TASKS}/{task}", json={"notes": notes}, headers={"If-Match": '"1.1"'})
        return response.status_code

    await warmed_up(api)
    answers = await asyncio.gather(*(edit(str(n)) for n in range(6)))

    assert sorted(answers) == [200, 412, 412, 412, 412, 412]
    assert (await api.task(task))["version"] == 2


async def test_a_task_is_completed_once_however_many_try(api: Api) -> None:
    task = (await api.create())["id"]

    await warmed_up(api)
    answers = await asyncio.gather(*(api.http.post(f"{TASKS}/{task}/complete") for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
    assert len(ok(await api.http.get(f"{TASKS}/{task}/history"))["items"]) == 2
