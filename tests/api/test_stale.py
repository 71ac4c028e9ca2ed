"""While an integration can't be trusted, its tasks and their explanation say so; the score stays what it is."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from app.core.events import Event
from app.domains.connections.models import Integration
from app.domains.monitoring import standing
from app.domains.tasks.models import Task, TaskFacts
from app.workflows import rescoring
from app.workflows.watch import marking
from app.workflows.watch.watching import Watch
from tests.api.client import Api, Document, database_of, message, ok, without
from tests.conftest import SettableClock

Look = Callable[[], Awaitable[None]]
ERROR = {
    "category": "network",
    "detail": "Slack does not answer.",
    "at": "2026-03-02T09:00:00+00:00",
    "cause": "refused",
}
RULES = """
name = "stale-last"
description = "What may be out of date sinks."

[[rules]]
id = "stale"
title = "May be out of date"
when = "stale"
points = -7
say = "It may be out of date"

[bands]
now = 100
next = 50
later = 10
"""
BLIND = RULES.replace("stale-last", "blind").replace('when = "stale"', "when = \"priority == 'low'\"")
"""Rules that don't look at it."""


@pytest.fixture
def look(api: Api, clock: SettableClock) -> Look:
    """A worker looks for as long as a level takes to settle, and marks all there is to mark."""
    watch = Watch(api.app.state.syncing, role="worker", settles_s=10)

    async def look() -> None:
        for _ in range(3):
            while await watch.look():
                pass
            clock.advance(seconds=5)

    return look


async def set_integration(api: Api, **values: Any) -> None:
    async with database_of(api).writing() as session:
        await session.execute(update(Integration).values(values))


async def fails(api: Api, clock: SettableClock) -> None:
    """From now on every pull fails; nothing is known since 09:00."""
    now = clock()
    given = {"first_failed_at": now, "last_failed_at": now, "cursor_at": now, "gateway": {"user_id": "u"}}
    await set_integration(api, kind="slack", state="failing", last_error=ERROR, **given)


async def works_again(api: Api, clock: SettableClock) -> None:
    await set_integration(api, state="ok", last_error=None, first_failed_at=None, cursor_at=clock())


async def explained(api: Api, **query: Any) -> Document:
    return await api.get("/tasks/1/score", **query)


async def test_tasks_and_their_explanation_say_since_when_nothing_was_heard(
    api: Api, clock: SettableClock, look: Look
) -> None:
    await api.import_mail(message("One"), message("Two"), into="Slack")
    await look()
    before = [await api.task(1), await explained(api)]
    await fails(api, clock)
    await look()
    during = [await api.task(1), await explained(api)]
    await works_again(api, clock)
    await look()
    after = [await api.task(1), await explained(api)]

    assert [each[0]["stale"] for each in (before, during, after)] == [False, True, False]
    assert [each["stale"] for each in (await api.get("/tasks"))["items"]] == [False, False]
    assert (before[1]["stale"], after[1]["stale"]) == (None, None)
    assert during[1]["stale"] == {
        "integration": "Slack",
        "since": "2026-03-02T09:00:15Z",
        "reason": "Not heard since 2026-03-02 09:00 UTC: Slack does not answer.",
    }


async def test_the_note_gives_no_points_and_the_past_stays_to_the_byte(
    api: Api, clock: SettableClock, look: Look
) -> None:
    await _activate(api, BLIND)
    await api.import_mail(message("One"), into="Slack")
    await look()
    at, then = clock().isoformat(), await explained(api)
    await fails(api, clock)
    await look()
    await api.jobs.keep_scores()
    now = await explained(api)

    assert without(await explained(api, at=at), "basis", "rank") == without(then, "basis", "rank")
    assert now["stale"]
    assert without(now, "stale", "at") == without(then, "stale", "at")


async def test_what_shows_another_word_has_another_etag_and_is_announced_once(
    api: Api, clock: SettableClock, look: Look
) -> None:
    await api.import_mail(message("One"), message("Two"), into="Slack")
    await look()
    first = (await api.http.get("/api/v1/tasks/1")).headers["etag"]
    version = (await api.task(1))["version"]
    await fails(api, clock)
    await look()
    await look()
    second = (await api.http.get("/api/v1/tasks/1")).headers["etag"]

    assert first != second
    assert (await api.task(1))["version"] == version
    async with database_of(api).reading() as session:
        query = select(Event.data).where(Event.type == "queue.changed")
        announced = [each["changed"] for each in (await session.execute(query)).scalars() if "run" not in each]
    assert announced[-1:] == [2]


async def test_many_tasks_are_marked_some_at_a_time(
    api: Api, clock: SettableClock, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "_AT_ONCE", 2)
    await api.import_mail(
        *(message(f"Number {n}", text=f"Could you look at number {n}?") for n in range(5)), into="Slack"
    )
    await fails(api, clock)
    await look()

    assert [each["stale"] for each in (await api.get("/tasks"))["items"]] == [True] * 5


async def test_what_is_back_before_all_were_marked_takes_back_what_was(
    api: Api, clock: SettableClock, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "_AT_ONCE", 2)
    await api.import_mail(
        *(message(f"Number {n}", text=f"Could you look at number {n}?") for n in range(5)), into="Slack"
    )
    await look()
    await fails(api, clock)
    watch = Watch(api.app.state.syncing, role="worker", settles_s=10)
    for _ in range(3):
        await watch.look()  # the third tells it, and marks the first two
        clock.advance(seconds=5)
    halfway = [each["stale"] for each in (await api.get("/tasks"))["items"]]
    await works_again(api, clock)
    await look()

    assert sorted(halfway) == [False] * 3 + [True] * 2
    assert [each["stale"] for each in (await api.get("/tasks"))["items"]] == [False] * 5


async def test_tasks_of_others_and_those_that_are_done_are_left_alone(
    api: Api, clock: SettableClock, look: Look
) -> None:
    await api.import_mail(message("One"), message("Two"), into="Slack")
    await api.create("By hand")
    await api.verb(2, "complete")
    await fails(api, clock)
    await look()

    assert [(await api.task(number))["stale"] for number in (1, 2, 3)] == [True, False, False]


async def test_what_was_done_meanwhile_and_is_reopened_after_is_not_stale(
    api: Api, clock: SettableClock, look: Look
) -> None:
    await api.import_mail(message("One"), into="Slack")
    await fails(api, clock)
    await look()
    await api.verb(1, "complete")
    done = await api.task(1)
    await works_again(api, clock)
    await look()
    await api.verb(1, "reopen")

    assert (done["stale"], (await api.task(1))["stale"]) == (False, False)


async def test_what_is_reopened_or_arrives_meanwhile_is_stale(api: Api, clock: SettableClock, look: Look) -> None:
    await api.import_mail(message("One"), into="Slack")
    await api.verb(1, "complete")
    await fails(api, clock)
    await look()
    await api.verb(1, "reopen")
    await set_integration(api, kind="mbox")  # a file that a person imports into it
    await api.import_mail(message("Two", text="Could you look at the second?"), into="Slack")

    assert [each["stale"] for each in (await api.get("/tasks"))["items"]] == [True, True]
    assert await _fact(api)


async def test_what_a_person_changed_before_anything_was_marked_is_unmarked_too(
    api: Api, clock: SettableClock, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api.import_mail(message("One"), into="Slack")
    await fails(api, clock)
    with monkeypatch.context() as only_tells:
        only_tells.setattr(marking, "mark", _nothing)
        await look()
    await api.patch(1, priority="high")
    during = await api.task(1)
    await works_again(api, clock)
    await look()

    assert (during["stale"], (await api.task(1))["stale"]) == (True, False)


async def test_where_no_rule_looks_at_it_nothing_is_derived_again(api: Api, clock: SettableClock, look: Look) -> None:
    await _activate(api, BLIND)
    await api.import_mail(message("One"), into="Slack")
    await fails(api, clock)
    await look()

    assert (await api.task(1))["stale"]
    assert await _derived_with(api) != ""


async def test_a_rule_may_look_at_it(api: Api, clock: SettableClock, look: Look) -> None:
    """Also one that became active while the tasks were marked already."""
    await _activate(api, BLIND)
    await api.import_mail(message("One"), into="Slack")
    await fails(api, clock)
    await look()
    await _activate(api, RULES)
    await look()
    await api.jobs.keep_scores()
    during = await explained(api)
    await works_again(api, clock)
    await look()
    await api.jobs.keep_scores()

    assert [(line["rule"], line["points"]) for line in during["contributions"]] == [("stale", -7)]
    assert (await explained(api))["contributions"] == []


@pytest.mark.parametrize("facts", [{}, {"stale": {"value": None}}])
async def test_facts_that_say_nothing_of_it_are_no_reason_to_go_on_for_ever(
    api: Api, clock: SettableClock, facts: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "_AT_ONCE", 1)
    await _activate(api, RULES)
    await api.import_mail(message("One"), into="Slack")
    async with database_of(api).writing() as session:
        await session.execute(update(TaskFacts).values(facts=facts))
    await fails(api, clock)
    watch = Watch(api.app.state.syncing, role="worker", settles_s=10)
    more = 0
    for _ in range(3):
        while await watch.look() and more < 10:
            more += 1
        clock.advance(seconds=5)

    assert more < 10
    assert (await api.task(1))["stale"]


async def test_what_was_put_off_stays_put_off(api: Api, clock: SettableClock, look: Look) -> None:
    """Marking it is no reason to try at once what could not be derived."""
    await _activate(api, RULES)
    await api.import_mail(message("One"), into="Slack")
    async with database_of(api).writing() as session:
        await session.execute(update(Task).values(derived_with=rescoring.PUT_OFF))
    await fails(api, clock)
    await look()

    assert (await api.task(1))["stale"]
    assert await _derived_with(api) == rescoring.PUT_OFF


async def test_a_fact_that_was_derived_meanwhile_does_not_stay_when_all_is_well(
    api: Api, clock: SettableClock, look: Look
) -> None:
    await api.import_mail(message("One"), into="Slack")
    await fails(api, clock)
    await look()
    await api.patch(1, priority="high")  # a person's change derives its facts again
    stale = await _fact(api)
    await works_again(api, clock)
    await look()
    await api.jobs.keep_scores()

    assert (stale, await _fact(api)) == (True, False)


async def _nothing(*_given: Any, **_more: Any) -> bool:
    return False


async def _fact(api: Api) -> Any:
    async with database_of(api).reading() as session:
        return (await session.get_one(TaskFacts, 1)).facts["stale"]["value"]


async def _derived_with(api: Api) -> str:
    async with database_of(api).reading() as session:
        return (await session.get_one(Task, 1)).derived_with


async def _activate(api: Api, document: str) -> None:
    name = document.split('"')[1]
    headers = {"content-type": "application/toml"}
    ok(await api.http.post(f"/api/v1/rulesets/{name}", content=document, headers=headers))
    await api.post(f"/rulesets/{name}/activate", {"version": 1})


async def test_what_takes_the_id_of_a_deleted_integration_inherits_nothing(api: Api, look: Look) -> None:
    first = await api.post("/integrations", {"kind": "mbox", "name": "first"})
    await look()
    await api.http.delete(f"/api/v1/integrations/{first['id']}")

    async with database_of(api).reading() as session:
        left = await standing.levels(session, [standing.name_of(first["id"])])

    assert left == {}
