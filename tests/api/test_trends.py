"""The queue day by day, told from tasks and their history, and how each integration's runs went."""

import random
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import or_, select

from app.domains.connections.models import Integration, SyncRun
from app.domains.tasks import statuses
from app.domains.tasks.models import Task
from app.workflows.trends.days import beginning
from tests.api.client import TASKS, Api, Document, database_of, locations, message, ok, problem
from tests.conftest import START, SettableClock

NEWSLETTER = message("Our spring offers", "Buy now.", List_Unsubscribe="<mailto:leave@example.org>", Precedence="bulk")


async def days(api: Api, **query: object) -> list[tuple[object, ...]]:
    """Of each day (open, came, closed)."""
    found = (await api.get("/trends", **query))["days"]
    return [(day["open"], day["came"], day["closed"]) for day in found]


async def test_what_came_and_what_left_is_told_by_day(api: Api, clock: SettableClock) -> None:
    one, two = [(await api.create())["id"] for _ in range(2)]
    clock.advance(days=1)
    await api.verb(one, "complete")
    await api.create()
    clock.advance(days=1)
    await api.verb(one, "reopen")
    await api.delete(two)

    assert await days(api, days=3) == [(2, 2, 0), (2, 1, 1), (2, 1, 1)]


async def test_what_an_import_sets_aside_never_came(api: Api) -> None:
    await api.import_mail(message("one"), NEWSLETTER)

    assert await days(api, days=1) == [(1, 1, 0)]


async def test_a_snooze_leaves_and_comes_back(api: Api, clock: SettableClock) -> None:
    task = (await api.create())["id"]
    clock.advance(minutes=1)
    await api.verb(task, "snooze", until=(START + timedelta(days=1)).isoformat())
    clock.advance(days=1)
    await api.jobs.keep_scores()

    assert await days(api, days=2) == [(0, 1, 1), (1, 1, 0)]


async def test_what_was_merged_left_and_its_undo_brings_it_back(api: Api) -> None:
    one, two = [(await api.create())["id"] for _ in range(2)]
    merged = await api.verb(one, "merge", into=two)
    assert await days(api, days=1) == [(1, 2, 1)]

    await api.post(f"/undo/{merged['undo']['token']}")
    assert await days(api, days=1) == [(2, 2, 0)]


async def test_before_the_first_task_nothing_is_known(api: Api, clock: SettableClock) -> None:
    await api.create()
    clock.advance(days=1)

    found = await api.get("/trends", days=4)
    assert [day["open"] for day in found["days"]] == [None, None, 1, 1]
    assert found["known_from"] == "2026-03-02T09:00:00Z"
    assert [day["so_far"] for day in found["days"]] == [False, False, False, True]


async def test_of_an_empty_queue_nothing_is_known(sqlite_api: Api) -> None:
    assert await days(sqlite_api, days=2) == [(None, None, None)] * 2


async def test_a_day_is_that_of_the_time_zone(api: Api, clock: SettableClock) -> None:
    clock.advance(hours=14, minutes=31)  # 23:31 UTC
    await api.create()

    for zone, day in (("UTC", "2026-03-02"), ("Europe/Berlin", "2026-03-03"), ("Asia/Kathmandu", "2026-03-03")):
        [today] = (await api.get("/trends", days=1, tz=zone))["days"]
        assert (today["day"], today["came"]) == (day, 1)


@pytest.mark.parametrize("query", [{"tz": "Mars/Olympus"}, {"tz": "../etc/passwd"}, {"days": 0}, {"days": 91}])
async def test_what_is_no_zone_or_no_number_of_days_is_refused(sqlite_api: Api, query: dict[str, Any]) -> None:
    for path in ("/api/v1/trends", "/api/v1/trends/integrations"):
        found = problem(await sqlite_api.http.get(path, params=query), 422)
        assert locations(found) == [f"query.{name}" for name in query]


def test_a_day_whose_midnight_is_left_out_begins_with_its_first_moment() -> None:
    beirut = ZoneInfo("Asia/Beirut")
    assert beginning(date(2026, 3, 29), beirut).isoformat() == "2026-03-28T22:00:00+00:00"
    assert beginning(date(2026, 3, 30), beirut).isoformat() == "2026-03-29T21:00:00+00:00"


async def open_at(api: Api, at: datetime) -> int:
    """As the history of each task by itself tells it."""
    query = select(Task.id).where(Task.created_at <= at, or_(Task.deleted_at.is_(None), Task.deleted_at > at))
    async with database_of(api).reading() as session:
        return len((await session.execute(statuses.open_at(query, at))).all())


async def act_at_random(api: Api, chance: random.Random, clock: SettableClock) -> None:
    """Something that somebody may do; what the task's state forbids is refused, and that is all right."""
    tasks = [task["id"] for task in (await api.get("/tasks", limit=200, status=["open", "snoozed", "done"]))["items"]]
    undo = ""
    for _ in range(chance.randrange(1, 6)):
        task = chance.choice(tasks) if tasks else 0
        verb = chance.choice(["create", "complete", "reopen", "decline", "snooze", "delete", "undo", "mail"])
        later = (clock() + timedelta(hours=chance.randrange(1, 40))).isoformat()
        if verb == "create":
            await api.create()
        elif verb == "mail":
            await api.import_mail(message(f"Mail {chance.random()}"), NEWSLETTER)
        elif verb == "undo" and undo:
            await api.http.post(f"/api/v1/undo/{undo}")
        elif verb == "delete":
            await api.http.delete(f"{TASKS}/{task}")
        else:
            body = {"snooze": {"until": later}, "decline": {"reason": "No."}}.get(verb)
            answer = await api.http.post(f"{TASKS}/{task}/{verb}", json=body)
            undo = answer.json().get("undo", {}).get("token", "") if answer.is_success else undo


@pytest.mark.parametrize("seed", range(4))
async def test_each_day_follows_from_the_one_before_and_says_what_histories_say(
    api: Api, clock: SettableClock, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - nothing secret depends on it
    for _ in range(12):
        await act_at_random(api, chance, clock)
        clock.advance(hours=chance.randrange(1, 20))
        await api.jobs.keep_scores()

    zone = ZoneInfo(chance.choice(["UTC", "Asia/Kathmandu", "America/St_Johns"]))
    found = [day for day in (await api.get("/trends", days=14, tz=zone.key))["days"] if day["open"] is not None]

    for before, day in pairwise(found):
        assert day["open"] == before["open"] + day["came"] - day["closed"]
    for day in found[:-1]:
        end = beginning(date.fromisoformat(day["day"]) + timedelta(days=1), zone) - timedelta(microseconds=1)
        assert day["open"] == await open_at(api, end), day
    assert found[-1]["open"] == len(await api.titles(limit=200))


async def ran(api: Api, *runs: Document) -> int:
    """An integration with runs that ended: minutes ago, seconds that they took."""
    async with database_of(api).writing() as session:
        place = Integration(
            kind="gmail", name="mailbox", settings={}, state="ok", created_at=START, updated_at=START, cursor_at=START
        )
        session.add(place)
        await session.flush()
        for run in runs:
            ended = START - timedelta(minutes=run["ago"])
            took = {"started_at": ended - timedelta(seconds=run["took"]), "finished_at": ended, "created_at": ended}
            counts = {"read": run.get("read", 0), "refused": run.get("refused", 0)}
            state = run.get("state", "succeeded")
            session.add(SyncRun(integration_id=place.id, what="", reason="schedule", state=state, **took, **counts))
        return place.id


async def test_the_runs_of_an_integration_are_summed_up(api: Api) -> None:
    place = await ran(
        api,
        {"ago": 60 * 24 * 40, "took": 500},
        {"ago": 60, "took": 4, "read": 5, "refused": 1},
        {"ago": 30, "took": 90, "state": "failed"},
        {"ago": 10, "took": 2, "read": 2},
        {"ago": 5, "took": 3, "state": "cancelled"},
    )

    [found] = (await api.get("/trends/integrations", days=1))["items"]

    assert (found["integration"], found["runs"], found["failed"]) == (place, 3, 1)
    assert (found["read"], found["refused"]) == (7, 1)
    assert (found["median_s"], found["worst_s"]) == (pytest.approx(4, abs=0.01), pytest.approx(90, abs=0.01))


async def test_the_median_of_two_lies_between_them(api: Api) -> None:
    await ran(api, {"ago": 9, "took": 2}, {"ago": 4, "took": 6})

    [found] = (await api.get("/trends/integrations", days=1))["items"]
    assert found["median_s"] == pytest.approx(4, abs=0.01)


async def test_the_worst_age_is_that_before_the_pull_that_ended_a_silence_or_that_of_now(
    api: Api, clock: SettableClock
) -> None:
    await ran(api, {"ago": 180, "took": 0}, {"ago": 170, "took": 0, "state": "failed"}, {"ago": 60, "took": 0})

    [found] = (await api.get("/trends/integrations", days=1))["items"]
    assert found["worst_age_s"] == pytest.approx(7200, abs=0.1)
    clock.advance(hours=5)
    [found] = (await api.get("/trends/integrations", days=1))["items"]
    assert found["worst_age_s"] == pytest.approx(5 * 3600, abs=0.1)


async def test_an_integration_that_never_ran_says_so(sqlite_api: Api) -> None:
    ok(await sqlite_api.http.post("/api/v1/integrations", json={"kind": "mbox", "name": "files"}))

    [found] = (await sqlite_api.get("/trends/integrations"))["items"]
    assert (found["runs"], found["median_s"], found["worst_s"], found["worst_age_s"]) == (0, None, None, None)


async def test_days_are_those_of_the_zone_asked_for_whatever_zone_the_database_lives_in(
    api: Api, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of Postgres: a client's PGTZ, or the server's own setting."""
    monkeypatch.setenv("PGTZ", "Asia/Kolkata")
    await database_of(api).close()  # connections that are open already keep their zone
    clock.advance(hours=15, minutes=10)  # 00:10 UTC of the next day
    await api.create()

    assert await days(api, days=2) == [(None, None, None), (1, 1, 0)]
