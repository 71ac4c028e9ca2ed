"""A task beside others over HTTP: why it stands above, what would have to change, and when it will be first."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from app.domains.ranking.reasons import moment_words
from tests.api.client import TASKS, Api, Document, locations, message, ok, problem
from tests.conftest import START, SettableClock

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def due(after: timedelta) -> str:
    return (START + after).isoformat()


async def versus(api: Api, task: int, other: int, **query: Any) -> Document:
    return await api.get(f"/tasks/{task}/score/versus/{other}", **query)


async def what_if(api: Api, task: int, **query: Any) -> Document:
    return await api.get(f"/tasks/{task}/score/what-if", **query)


async def forecast(api: Api, task: int, **query: Any) -> Document:
    return await api.get(f"/tasks/{task}/score/forecast", **query)


# ---- Above another


async def test_it_says_which_stands_above_and_by_which_rules(api: Api) -> None:
    pump = (await api.create("Broken pump", due_at=due(10 * HOUR)))["id"]
    offer = (await api.create("Offer", priority="high"))["id"]

    found = await versus(api, pump, offer)

    assert (found["above"], found["by"]) == (pump, "points")
    assert found["task"]["title"] == "Broken pump"
    assert found["difference"] == found["task"]["points"] - found["other"]["points"]
    assert sum(Fraction(str(line["difference"])) for line in found["lines"]) == Fraction(str(found["difference"]))
    assert found["sentence"].startswith(f"“Broken pump” stands above “Offer” by {found['difference']} points: +50 ")
    assert {line["rule"]: line["other_because"] for line in found["lines"]}["priority-high"] == "Its priority is high"


async def test_the_same_the_other_way_round_says_the_same(api: Api) -> None:
    one, other = (await api.create("One", priority="high"))["id"], (await api.create("Other"))["id"]

    found = await versus(api, other, one)

    assert found["above"] == one
    assert found["difference"] == -12
    assert found["sentence"] == (await versus(api, one, other))["sentence"]


async def test_another_time_gives_another_answer(api: Api) -> None:
    later = (await api.create("Later", due_at=due(5 * DAY)))["id"]
    marked = (await api.create("Marked", priority="high"))["id"]

    assert (await versus(api, later, marked))["above"] == marked
    assert (await versus(api, later, marked, at=due(5 * DAY)))["above"] == later


async def test_a_task_is_not_compared_with_itself_nor_with_none(sqlite_api: Api) -> None:
    task = (await sqlite_api.create())["id"]

    same = problem(await sqlite_api.http.get(f"{TASKS}/{task}/score/versus/{task}"), 422)
    missing = problem(await sqlite_api.http.get(f"{TASKS}/{task}/score/versus/99"), 404)

    assert locations(same) == ["path.other"]
    assert missing["detail"] == "There is no task 99."


# ---- What if


async def test_each_change_that_is_enough_does_what_it_says_when_it_is_made(api: Api) -> None:
    await api.create("Urgent and due", due_at=due(3 * HOUR), priority="urgent")
    task = (await api.create("Plain", due_at=due(3 * DAY)))["id"]

    found = await what_if(api, task, goal="band:next")

    assert [change["fact"] for change in found["changes"]] == ["priority", "due_at"]
    assert found["goal"]["needs"] == 40
    change = found["changes"][1]
    assert change["widely"]
    done = await do(api, change)
    assert done["points"] == change["points_after"] == 50
    assert done["due_at"] == change["to"] == "2026-03-03T09:00:00Z"
    assert change["sentence"] == "due by Tue 3 Mar 2026 09:00 UTC or earlier"
    later = await api.patch(task, due_at=due(DAY + timedelta(seconds=1)))
    assert later["task"]["points"] < 40


async def do(api: Api, change: Document) -> Document:
    """The task after the request that the change names."""
    call = change["do"]
    answer = ok(await api.http.request(call["method"], call["path"], json=call["body"]))
    task: Document = answer["task"]
    return task


async def test_to_be_first_is_the_goal_unless_it_is_first(api: Api) -> None:
    first = (await api.create("First", priority="high", due_at=due(20 * HOUR)))["id"]
    second = (await api.create("Second", due_at=due(20 * HOUR)))["id"]

    assert (await what_if(api, second))["goal"]["kind"] == "first"
    assert (await what_if(api, first))["goal"]["kind"] == "band"


async def test_what_it_names_for_the_first_place_brings_it_there(api: Api) -> None:
    first = (await api.create("First", priority="high"))["id"]
    second = (await api.create("Second"))["id"]

    found = await what_if(api, second)

    assert found["now"]["rank"] == 2
    assert (found["goal"]["above"], found["goal"]["needs"]) == (first, 13)
    assert found["goal"]["sentence"] == "First: above “First”, which stands at 12 points."
    assert (found["changes"][0]["sentence"], found["changes"][0]["rank_after"]) == ("priority urgent", 1)
    await do(api, found["changes"][0])
    assert (await api.titles())[0] == "Second"
    assert found["compared"] == {"tasks": 1, "of": 1}


async def test_changes_come_cheapest_first(api: Api) -> None:
    await api.create("First", priority="high")
    blocker = (await api.create("Blocker"))["id"]
    task = (await api.create("Second", dependencies=[blocker], scheduled_at=due(DAY)))["id"]

    found = await what_if(api, task, goal="points:-20")

    costs = [change["cost"] for change in found["changes"]]
    assert costs == sorted(costs, key=["mark", "due", "assign", "plan", "work"].index)
    assert {change["fact"] for change in found["changes"]} >= {"priority", "due_at", "scheduled_at", "blocked"}
    assert found["changes"][-1]["do"] == {"method": "POST", "path": f"{TASKS}/{blocker}/complete", "body": None}
    await api.post(f"/tasks/{blocker}/complete")
    assert (await api.task(task))["points"] == found["changes"][-1]["points_after"]


async def test_where_nothing_alone_is_enough_the_closest_is_named(api: Api) -> None:
    task = (await api.create("Plain"))["id"]

    found = await what_if(api, task, goal="points:500")

    assert found["changes"] == []
    assert found["closest"]["fact"] == "due_at"
    assert found["closest"]["points_after"] - 500 == found["closest"]["beyond"] < 0


async def test_a_task_to_stand_above_can_be_named(api: Api) -> None:
    await api.create("First", priority="urgent")
    other = (await api.create("Other", priority="high"))["id"]
    task = (await api.create("Plain"))["id"]

    found = await what_if(api, task, goal=f"above:{other}")

    assert found["goal"]["above"] == other
    await do(api, found["changes"][0])
    assert (await versus(api, task, other))["above"] == task


async def test_assigning_it_to_us_is_named_by_the_request_that_does_it(api: Api) -> None:
    await api.create("Other", assignee="support@example.com")
    task = (await api.create("Plain"))["id"]

    found = await what_if(api, task, goal="points:10")

    change = next(change for change in found["changes"] if change["fact"] == "assignee")
    assert change["do"]["body"] == {"user": "support@example.com"}
    assert (await do(api, change))["points"] == change["points_after"] == 10


async def test_what_it_waits_for_rises_with_it_and_is_no_rival(api: Api) -> None:
    blocker = (await api.create("Blocker"))["id"]
    other = (await api.create("Other", priority="high"))["id"]
    task = (await api.create("Plain", dependencies=[blocker]))["id"]

    found = await what_if(api, task, goal="first")

    assert found["goal"]["above"] == other
    above = await what_if(api, task, goal=f"above:{blocker}")
    for change in above["changes"]:
        if change["fact"] in ("due_at", "priority"):
            await do(api, change)
            assert (await versus(api, task, blocker))["above"] == task


async def test_alone_in_the_queue_there_is_nobody_to_pass(api: Api) -> None:
    task = (await api.create("Plain"))["id"]

    found = await what_if(api, task, goal="top10")

    assert (found["goal"]["holds"], found["goal"]["needs"]) == (True, None)
    assert (found["changes"], found["closest"]) == ([], None)


async def test_only_an_open_task_has_a_place(sqlite_api: Api) -> None:
    task = (await sqlite_api.create())["id"]
    await sqlite_api.verb(task, "complete")

    for path in ("what-if", "forecast"):
        assert problem(await sqlite_api.http.get(f"{TASKS}/{task}/score/{path}"), 409)["status_now"] == "done"
        problem(await sqlite_api.http.get(f"{TASKS}/99/score/{path}"), 404)


@pytest.mark.parametrize("goal", ["second", "top11", "above:x", "band:someday", "points:", "above:"])
async def test_a_goal_that_is_none_is_refused(sqlite_api: Api, goal: str) -> None:
    task = (await sqlite_api.create())["id"]

    refused = problem(await sqlite_api.http.get(f"{TASKS}/{task}/score/what-if", params={"goal": goal}), 422)

    assert locations(refused) == ["query.goal"]
    assert refused["errors"][0]["message"] == ("must be first, top10, above:ID, band:now (or next, later) or points:N")


async def test_a_task_can_not_be_asked_to_stand_above_itself_or_what_is_done(sqlite_api: Api) -> None:
    task, done = (await sqlite_api.create())["id"], (await sqlite_api.create())["id"]
    await sqlite_api.verb(done, "complete")

    for other, status in ((task, 422), (done, 409), (99, 404)):
        problem(await sqlite_api.http.get(f"{TASKS}/{task}/score/what-if", params={"goal": f"above:{other}"}), status)


# ---- Forecast


async def test_it_tells_when_a_task_will_be_first_and_then_it_is(api: Api, clock: SettableClock) -> None:
    await api.create("Marked", priority="urgent")
    task = (await api.create("Report", due_at=due(5 * DAY)))["id"]

    found = await forecast(api, task)

    assert found["sentence"] == "First at Wed 4 Mar 2026 06:36 UTC if nothing changes."
    first = found["first_at"]
    assert first == "2026-03-04T06:36:00Z"
    clock.advance(hours=45, minutes=35, seconds=59)
    assert await place(api, clock, task) == 2
    clock.advance(seconds=1)
    assert await place(api, clock, task) == 1


async def place(api: Api, clock: SettableClock, task: int) -> int:
    while await api.jobs.keep_scores():
        pass
    return [each["id"] for each in (await api.get("/tasks"))["items"]].index(task) + 1


async def test_every_change_is_what_the_score_will_be_then(api: Api) -> None:
    await api.import_mail(message("Broken pump", "It is urgent. Please send another by Friday.", id="a@x.example"))
    task = (await api.get("/tasks"))["items"][0]["id"]

    found = await forecast(api, task, hours=72)

    assert len(found["changes"]) > 5
    for change in found["changes"][::4]:
        then = await api.get(f"/tasks/{task}/score", at=change["at"])
        assert (then["points"], then["band"], then["tier"]) == (change["points"], change["band"], change["tier"])
    assert found["changes"][0]["because"] is None
    assert all(change["because"] for change in found["changes"][1:])
    assert [change["at"] for change in found["changes"]] == sorted(change["at"] for change in found["changes"])


async def test_the_bands_to_come_are_told(api: Api) -> None:
    task = (await api.create("Report", due_at=due(3 * DAY), priority="urgent"))["id"]

    found = await forecast(api, task)

    assert [change["band"] for change in found["bands"]] == ["later", "next", "now"][-len(found["bands"]) :]
    assert found["bands"][-1]["at"] == "2026-03-04T09:00:00Z"


async def test_a_task_that_is_first_is_told_until_when(api: Api) -> None:
    first = (await api.create("Marked", priority="urgent"))["id"]
    await api.create("Report", due_at=due(5 * DAY))

    assert (await forecast(api, first))["sentence"].startswith("First now, until Wed 4 Mar 2026 06:36 UTC")
    assert (await forecast(api, first, hours=24))["sentence"] == (
        "First now, and still first Tue 3 Mar 2026 09:00 UTC if nothing changes."
    )


async def test_one_that_will_not_be_first_in_time_is_told_so(api: Api) -> None:
    await api.create("Marked", priority="urgent")
    task = (await api.create("Plain"))["id"]

    found = await forecast(api, task, hours=24)

    assert (found["first_at"], found["top_ten_at"]) == (None, "2026-03-02T09:00:00Z")
    assert (
        found["sentence"] == "Among the first 10 now, and not first before Tue 3 Mar 2026 09:00 UTC if nothing changes."
    )
    assert found["compared"] == {"tasks": 1, "of": 1}


async def test_a_task_among_the_first_ten_is_told_when_it_leaves_them(api: Api, clock: SettableClock) -> None:
    marked = (await api.create("Marked", priority="high"))["id"]
    for number in range(10):
        await api.create(f"Report {number}", due_at=due(5 * DAY + number * HOUR))

    found = await forecast(api, marked)

    assert found["sentence"].startswith("First now, until Mon 2 Mar 2026 16:12 UTC, and leaves ")
    left = next(change for change in found["changes"] if change["rank"] > 10)
    assert left["because"] == "Another task passes it"
    assert f", and leaves the first 10 at {said(left['at'])} if nothing changes." in found["sentence"]
    lost = next(change for change in found["changes"] if change["rank"] > 1)
    assert f"until {said(lost['at'])}," in found["sentence"]
    clock.advance(seconds=(datetime.fromisoformat(left["at"]) - START).total_seconds() - 1)
    assert await place(api, clock, marked) == 10
    clock.advance(seconds=1)
    assert await place(api, clock, marked) == 11


def said(at: str) -> str:
    return moment_words(datetime.fromisoformat(at))


async def test_one_that_never_is_first_is_told_when_it_leaves_the_first_ten(api: Api) -> None:
    await api.create("First", priority="urgent", due_at=due(-HOUR))
    marked = (await api.create("Marked", priority="high"))["id"]
    for number in range(9):
        await api.create(f"Report {number}", due_at=due(5 * DAY + number * HOUR))

    found = await forecast(api, marked)

    left = next(change["at"] for change in found["changes"] if change["rank"] > 10)
    assert found["sentence"] == (
        f"Among the first 10 now, until {said(left)}, and not first before Mon 9 Mar 2026 09:00 UTC if nothing changes."
    )


async def test_asking_changes_nothing(api: Api) -> None:
    await api.create("Marked", priority="urgent")
    task = await api.create("Report", due_at=due(3 * DAY))

    await what_if(api, task["id"])
    await forecast(api, task["id"])

    assert await api.task(task["id"]) == task
