"""The queue: its order and its filters."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.client import TASKS, Api, locations, message, problem
from tests.conftest import SettableClock

NEWSLETTER = message("Our spring offers", "Buy now.", List_Unsubscribe="<mailto:leave@example.org>", Precedence="bulk")


async def test_open_tasks_come_in_rank_order(api: Api, clock: SettableClock) -> None:
    await api.create("no deadline")
    await api.create("due next week", due_at=(clock.now + timedelta(days=8)).isoformat())
    await api.create("due in an hour", due_at=(clock.now + timedelta(hours=1)).isoformat())
    await api.create("overdue", due_at=(clock.now - timedelta(days=2)).isoformat())
    done = await api.create("done")
    await api.verb(done["id"], "complete")

    page = await api.get("/tasks")

    titles = [task["title"] for task in page["items"]]
    assert titles == ["overdue", "due in an hour", "due next week", "no deadline"]
    assert [t["points"] for t in page["items"]] == sorted((t["points"] for t in page["items"]), reverse=True)


async def test_equal_tasks_stand_in_the_order_they_came(api: Api) -> None:
    made = [await api.create(f"task {n}") for n in range(4)]

    page = await api.get("/tasks")

    assert [task["id"] for task in page["items"]] == [task["id"] for task in made]


async def test_status_chooses_among_all_tasks(api: Api, clock: SettableClock) -> None:
    await api.create("open")
    for status, verb, body in [
        ("done", "complete", {}),
        ("declined", "decline", {"reason": "no"}),
        ("snoozed", "snooze", {"until": (clock.now + timedelta(hours=1)).isoformat()}),
    ]:
        await api.verb((await api.create(status))["id"], verb, **body)
    await api.import_mail(NEWSLETTER)

    assert await api.titles() == ["open"]
    assert await api.titles(status="done") == ["done"]
    assert await api.titles(status="declined") == ["declined"]
    assert await api.titles(status="snoozed") == ["snoozed"]
    assert await api.titles(status="not_for_us") == ["Our spring offers"]
    assert sorted(await api.titles(status=["open", "done"])) == ["done", "open"]


async def test_an_integration_is_chosen_by_its_name_or_id(api: Api) -> None:
    run = await api.import_mail(message("from sales"), into="sales")
    await api.import_mail(message("from support"), into="support")
    await api.create("by hand")
    places = {place["name"]: place["id"] for place in (await api.get("/integrations"))["items"]}

    assert run["integration"] == "sales"
    assert await api.titles(integration="sales") == ["from sales"]
    assert await api.titles(integration=str(places["support"])) == ["from support"]
    assert sorted(await api.titles(integration=["sales", "support"])) == ["from sales", "from support"]
    assert await api.titles(integration="nobody knows it") == []


async def test_a_kind_is_chosen_by_its_name(api: Api) -> None:
    await api.import_mail(message("mailed"))
    await api.create("by hand")

    assert await api.titles(kind="mbox") == ["mailed"]
    assert await api.titles(kind="task") == ["by hand"]
    assert await api.titles(kind="slack") == []


async def test_tasks_are_chosen_by_whose_they_are(api: Api) -> None:
    await api.create("ana's", assignee="ana")
    await api.create("ben's", assignee="ben")
    await api.create("nobody's")

    assert await api.titles(assignee="ana") == ["ana's"]
    assert await api.titles(assignee="none") == ["nobody's"]
    assert sorted(await api.titles(assignee=["ben", "none"])) == ["ben's", "nobody's"]


async def test_all_labels_asked_for_must_be_there(api: Api) -> None:
    await api.create("both", labels=["legal", "billing"])
    await api.create("one", labels=["legal"])

    assert sorted(await api.titles(label="legal")) == ["both", "one"]
    assert await api.titles(label=["legal", "billing"]) == ["both"]
    assert await api.titles(label=["legal", "legal", "none"]) == []


async def test_bands_tiers_and_turns_narrow_the_queue(api: Api, clock: SettableClock) -> None:
    await api.create("by hand")
    await api.create("waits", scheduled_at=(clock.now + timedelta(days=9)).isoformat())
    await api.import_mail(
        message("asked", id="a@example.org"),
        message("answered", id="b@example.org"),
        message("Re: answered", "Done.", sender="support@example.com", to="ben@example.org", reply_to="b@example.org"),
    )
    everything = (await api.get("/tasks"))["items"]

    for name in ("band", "tier"):
        for value in {task[name] for task in everything}:
            expected = [task["title"] for task in everything if task[name] == value]
            assert await api.titles(**{name: value}) == expected
    assert await api.titles(turn="ours") == ["asked"]
    assert await api.titles(turn="theirs") == ["answered"]
    assert sorted(await api.titles(turn="none")) == ["by hand", "waits"]
    assert "asked" in await api.titles(turn=["ours", "none"])


async def test_due_before_leaves_out_what_is_due_then_or_never(api: Api) -> None:
    await api.create("tomorrow", due_at="2026-03-03T09:00:00Z")
    await api.create("later", due_at="2026-03-10T09:00:00Z")
    await api.create("never")

    assert await api.titles(due_before="2026-03-03T09:00:01Z") == ["tomorrow"]
    assert await api.titles(due_before="2026-03-03T09:00:00Z") == []
    assert await api.titles(due_before="2026-03-10T12:00:00+02:00") == ["tomorrow", "later"]


async def test_conditions_hold_together(api: Api) -> None:
    await api.create("wanted", assignee="ana", labels=["legal"], due_at="2026-03-03T09:00:00Z")
    await api.create("not hers", assignee="ben", labels=["legal"], due_at="2026-03-03T09:00:00Z")
    await api.create("no label", assignee="ana", due_at="2026-03-03T09:00:00Z")

    found = await api.titles(assignee="ana", label="legal", due_before="2026-04-01T00:00:00Z", q="wanted")

    assert found == ["wanted"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("due_at", ["first", "second", "third"]),
        ("created_at", ["third", "first", "second"]),
        ("-created_at", ["second", "first", "third"]),
        ("updated_at", ["first", "second", "third"]),
        ("-updated_at", ["third", "second", "first"]),
    ],
)
async def test_the_queue_can_be_sorted_otherwise(api: Api, clock: SettableClock, sort: str, order: list[str]) -> None:
    third = await api.create("third")
    clock.advance(minutes=1)
    await api.create("first", due_at="2026-03-03T09:00:00Z")
    clock.advance(minutes=1)
    await api.create("second", due_at="2026-03-10T09:00:00Z")
    clock.advance(minutes=1)
    await api.patch(third["id"], notes="looked at")

    assert await api.titles(sort=sort) == order


@pytest.mark.parametrize(
    "query",
    [
        {"colour": "red"},
        {"status": "broken"},
        {"status": ""},
        {"band": "soon"},
        {"tier": "low"},
        {"turn": "mine"},
        {"sort": "colour"},
        {"sort": "-rank"},
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "201"},
        {"limit": "many"},
        {"count": "perhaps"},
        {"due_before": "soon"},
        {"cursor": "nonsense"},
    ],
)
async def test_a_query_that_can_not_be_meant_is_refused_by_field(sqlite_api: Api, query: dict[str, Any]) -> None:
    (name,) = query

    refused = problem(await sqlite_api.http.get(TASKS, params=query), 422)

    assert locations(refused)[0].removesuffix(".0") == f"query.{name}"
    assert refused["errors"][0]["message"]
