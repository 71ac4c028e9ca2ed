"""How many tasks there are of what, for the filters of the queue."""

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.api.client import TASKS, Api, Document, message, problem
from tests.conftest import SettableClock

FACETS = ("status", "band", "tier", "turn", "integration", "kind", "assignee")


def of(counts: Document, facet: str) -> dict[str, int]:
    """The values that there are, with how many tasks each has."""
    return {each["value"]: each["count"] for each in counts[facet]["values"] if each["count"]}


async def test_every_filter_s_values_are_counted(api: Api) -> None:
    await api.import_mail(message("mailed"), into="team mail")
    await api.create("hers", assignee="ana", labels=["legal", "money"])
    await api.create("also hers", assignee="ana", labels=["legal"])

    counts = await api.get("/tasks/counts")

    assert counts["total"] == 3
    assert of(counts, "status") == {"open": 3}
    assert of(counts, "integration") == {"team mail": 1, "none": 2}
    assert of(counts, "kind") == {"mbox": 1, "task": 2}
    assert of(counts, "assignee") == {"ana": 2, "none": 1}
    assert of(counts, "turn") == {"ours": 1, "none": 2}
    assert of(counts, "label") == {"legal": 2, "money": 1}
    assert [each["value"] for each in counts["band"]["values"]] == ["now", "next", "later", "someday"]


async def test_a_filter_s_own_choice_is_left_aside_and_the_others_are_not(api: Api) -> None:
    await api.create("a", assignee="ana")
    await api.create("b", assignee="ben")
    done = await api.create("c", assignee="ben")
    await api.verb(done["id"], "complete")

    counts = await api.get("/tasks/counts", assignee="ana")

    assert counts["total"] == 1
    assert of(counts, "assignee") == {"ana": 1, "ben": 1}
    assert of(counts, "status") == {"open": 1}
    assert of(await api.get("/tasks/counts", assignee="ben"), "status") == {"open": 1, "done": 1}


async def test_labels_are_counted_among_what_is_shown(api: Api) -> None:
    await api.create("both", labels=["legal", "money"])
    await api.create("one", labels=["money"])
    await api.create("other", labels=["travel"])

    counts = await api.get("/tasks/counts", label="legal")

    assert counts["total"] == 1
    assert of(counts, "label") == {"legal": 1, "money": 1}


async def test_what_is_deleted_is_not_counted(api: Api) -> None:
    await api.delete((await api.create("gone", labels=["legal"]))["id"])

    counts = await api.get("/tasks/counts")

    assert counts["total"] == 0
    assert [of(counts, facet) for facet in (*FACETS, "label")] == [{}] * 8


async def test_a_count_is_what_the_queue_shows_once_its_value_is_chosen(api: Api, clock: SettableClock) -> None:
    chance = random.Random(5)  # noqa: S311 - the same each time
    await _some_tasks(api, clock, chance)

    for query in _queries(clock, chance):
        counts = await api.get("/tasks/counts", **query)
        assert counts["total"] == (await api.get("/tasks", count=True, limit=1, **query))["total"], query
        for facet in FACETS:
            for value, count in of(counts, facet).items():
                there = await api.get("/tasks", count=True, limit=1, **{**query, facet: value})
                assert there["total"] == count, (query, facet, value)
        for label, count in of(counts, "label").items():
            both = [*query.get("label", []), label]
            there = await api.get("/tasks", count=True, limit=1, **{**query, "label": both})
            assert there["total"] == count, (query, label)


async def _some_tasks(api: Api, clock: SettableClock, chance: random.Random) -> None:
    await api.import_mail(*(message(f"mail {n}", id=f"{n}@example.org") for n in range(4)), into="team mail")
    for n in range(16):
        due = (clock.now + timedelta(hours=chance.choice([-30, 3, 60, 400]))).isoformat()
        labels = sorted({chance.choice("abc") for _ in range(chance.choice([0, 1, 2]))})
        made = await api.create(
            chance.choice(["invoice", "contract"]) + f" {n}",
            assignee=chance.choice(["ana", "ben", None]),
            labels=labels,
            due_at=chance.choice([due, None]),
        )
        if n % 4 == 0:
            await api.verb(made["id"], "complete")


def _queries(clock: SettableClock, chance: random.Random) -> list[dict[str, Any]]:
    every: dict[str, list[Any]] = {
        "status": [["open", "done"], ["done"]],
        "assignee": ["ana", ["ana", "none"]],
        "band": ["now", ["later", "someday"]],
        "label": [["a"], ["a", "b"]],
        "due": ["overdue", ["day", "none"]],
        "integration": ["team mail", "none"],
        "q": ["invoice", "mail"],
        "due_before": [(clock.now + timedelta(days=2)).isoformat()],
    }
    alone: list[dict[str, Any]] = [{name: chance.choice(values)} for name, values in every.items()]
    pairs = [chance.sample(sorted(every), 2) for _ in range(5)]
    return [{}, *alone, *({name: chance.choice(every[name]) for name in pair} for pair in pairs)]


async def test_of_many_values_the_most_frequent_are_told_and_those_that_were_asked_for(sqlite_api: Api) -> None:
    for n in range(52):
        await sqlite_api.create(f"{n}", assignee=f"Person {n:02}")
    await sqlite_api.create("again", assignee="Person 30")

    counts = await sqlite_api.get("/tasks/counts")
    asked = await sqlite_api.get("/tasks/counts", assignee="Person 51")

    assert counts["assignee"]["values"][0] == {"value": "Person 30", "count": 2}
    assert len(counts["assignee"]["values"]) == 50
    assert counts["assignee"]["more"] is True
    assert asked["assignee"]["values"][-1] == {"value": "Person 51", "count": 1}
    assert counts["label"] == {"values": [], "more": False}


async def test_counts_that_did_not_change_are_not_sent_again(sqlite_api: Api) -> None:
    first = await sqlite_api.http.get(f"{TASKS}/counts")
    again = await sqlite_api.http.get(f"{TASKS}/counts", headers={"If-None-Match": first.headers["ETag"]})
    await sqlite_api.create("one more")
    changed = await sqlite_api.http.get(f"{TASKS}/counts", headers={"If-None-Match": first.headers["ETag"]})

    assert [first.status_code, again.status_code, changed.status_code] == [200, 304, 200]


@pytest.mark.parametrize("query", [{"status": "broken"}, {"sort": "rank"}, {"limit": "5"}, {"due_after": "soon"}])
async def test_counts_take_the_filters_of_the_queue_alone(sqlite_api: Api, query: dict[str, str]) -> None:
    problem(await sqlite_api.http.get(f"{TASKS}/counts", params=query), 422)
