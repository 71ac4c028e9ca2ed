"""Ranking by hand over HTTP: drags are noted, changes of the rules are proposed, and people decide."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domains import learning
from app.domains.learning.models import RankPair
from tests.api.client import TASKS, Api, Document, database_of, locations, ok, problem
from tests.conftest import SettableClock

OWN = """
# Rules of our own.
name = "own"
bands = { now = 70, next = 40, later = 15 }

[[rules]]
id = "urgent"   # as they put it
title = "Priority urgent"
when = "priority == 'urgent'"
points = 20   # strong
say = "Its priority is urgent"

# Ours before all others.
[[rules]]
id = "project"
title = "Our project"
when = "project == 'Home'"
points = 18
say = "Belongs to Home"

[[rules]]
id = "due"
title = "Deadline near"
say = "Due {due_at}"
curve.hours_to = "due_at"
curve.points = [
  { at = "7d", points = 0 },    # a week ahead
  { at = "24h", points = 10 },
]

[[rules]]
id = "later"
title = "Later"
when = "priority == 'low'"
points = -5
say = "Its priority is low"
"""
HOME: Document = {"project": "Home"}
URGENT: Document = {"priority": "urgent"}


async def rules(api: Api, text: str = OWN) -> None:
    response = await api.http.post(
        "/api/v1/rulesets/own?activate=true", content=text, headers={"Content-Type": "application/toml"}
    )
    ok(response)
    await settled(api)


async def settled(api: Api) -> None:
    while await api.jobs.keep_scores():
        pass


async def rank(api: Api, above: int, below: int) -> Document:
    return await api.post(f"/tasks/{above}/rank-above/{below}")


async def drag(api: Api, number: int = 0, above: Document = HOME, below: Document = URGENT) -> Document:
    """Two new tasks, and that the one should stand above the other."""
    tasks = [(await api.create(f"{name} {number}", **fields))["id"] for name, fields in (("A", above), ("B", below))]
    return await rank(api, *tasks)


async def asked(api: Api, clock: SettableClock, count: int = 3) -> Document:
    """So many drags on two days; the last answer."""
    await rules(api)
    for number in range(count - 1):
        await drag(api, number)
    clock.advance(days=1)
    return await drag(api, count - 1)


async def active(api: Api) -> Document:
    return await api.get("/rulesets/own")


def numbers(proposal: Document) -> dict[str, tuple[list[float], list[float]]]:
    return {change["rule"]: (change["before"], change["after"]) for change in proposal["changes"]}


# A drag


async def test_a_drag_is_noted_and_moves_nothing(api: Api) -> None:
    await rules(api)
    above, below = await api.create("A", **HOME), await api.create("B", **URGENT)
    before = await api.titles()

    noted = await api.post(f"/tasks/{above['id']}/rank-above", {"other": below["id"]})

    assert await api.titles() == before == ["B", "A"]
    assert noted["pair"] | {"id": 0, "at": ""} == {
        "id": 0,
        "above": above["id"],
        "below": below["id"],
        "at": "",
        "agreed": False,
    }
    assert noted["sentence"] == (
        "Noted. 2 more such drags, at least one of them on another day, and a change of the rules is proposed. "
        "The queue stays as it is."
    )
    assert noted["evidence"] == {"pairs": 1, "days": 1, "needed": {"pairs": 3, "days": 2}}
    assert noted["proposal"] is None


async def test_what_is_still_missing_is_said(api: Api, clock: SettableClock) -> None:
    await rules(api)
    said = [(await drag(api, number))["sentence"] for number in range(3)]

    assert "1 more such drag on another day and" in said[1]
    assert "1 more such drag on another day and" in said[2]
    clock.advance(days=1)
    assert "Proposal 1, a change of 2 rules, waits for your decision." in (await drag(api, 3))["sentence"]


async def test_both_ways_to_say_it_do_the_same(sqlite_api: Api) -> None:
    await rules(sqlite_api)
    one, other = await sqlite_api.create("A", **HOME), await sqlite_api.create("B", **URGENT)

    first = await sqlite_api.post(f"/tasks/{one['id']}/rank-above/{other['id']}")
    second = await sqlite_api.post(f"/tasks/{one['id']}/rank-above", {"other": other["id"]})

    assert first["evidence"] == second["evidence"]  # one pair counts once a day
    assert second["pair"]["id"] == first["pair"]["id"] + 1


async def test_an_order_that_is_right_already_teaches_nothing(sqlite_api: Api) -> None:
    await rules(sqlite_api)

    noted = await drag(sqlite_api, above=URGENT, below=HOME)

    assert noted["pair"]["agreed"]
    assert "The rules already put task 1 above task 2." in noted["sentence"]
    assert noted["evidence"]["pairs"] == 0


async def test_a_pinned_task_teaches_nothing(sqlite_api: Api) -> None:
    pin = '\n[[overrides]]\nid = "pin"\ntitle = "Pin"\nwhen = "\'top\' in labels"\ntier = "pinned"\nsay = "Pinned"\n'
    await rules(sqlite_api, OWN + pin)

    noted = await drag(sqlite_api, below=URGENT | {"labels": ["top"]})

    assert "One of the two is pinned or held" in noted["sentence"]


async def test_two_tasks_that_no_rule_tells_apart_teach_nothing(sqlite_api: Api) -> None:
    await rules(sqlite_api)

    noted = await drag(sqlite_api, above={"priority": "low"}, below={})

    assert "No rule that may be learned tells the two apart" in noted["sentence"]


async def test_a_task_does_not_stand_above_itself(sqlite_api: Api) -> None:
    task = (await sqlite_api.create())["id"]

    found = problem(await sqlite_api.http.post(f"{TASKS}/{task}/rank-above", json={"other": task}), 422)

    assert locations(found) == ["other"]
    problem(await sqlite_api.http.post(f"{TASKS}/{task}/rank-above/{task}"), 422)


async def test_tasks_that_are_missing_or_not_open_are_refused(sqlite_api: Api) -> None:
    one, other = [(await sqlite_api.create())["id"] for _ in range(2)]

    problem(await sqlite_api.http.post(f"{TASKS}/{one}/rank-above/999"), 404)
    problem(await sqlite_api.http.post(f"{TASKS}/999/rank-above/{one}"), 404)
    await sqlite_api.verb(other, "complete")
    found = problem(await sqlite_api.http.post(f"{TASKS}/{one}/rank-above/{other}"), 409)
    assert found["detail"] == f"Task {other} is done: only open tasks are ranked."
    problem(await sqlite_api.http.post(f"{TASKS}/{other}/rank-above/{one}"), 409)


@pytest.mark.parametrize("body", [{}, {"other": "2"}, {"other": 0}, {"other": 2**31}, {"other": 2, "why": ""}, None])
async def test_a_body_that_names_no_task_is_refused(sqlite_api: Api, body: Any) -> None:
    task = (await sqlite_api.create())["id"]

    problem(await sqlite_api.http.post(f"{TASKS}/{task}/rank-above", json=body), 422)


async def test_a_repeated_drag_under_its_key_is_noted_once(api: Api) -> None:
    await rules(api)
    one, other = await api.create("A", **HOME), await api.create("B", **URGENT)

    answers = [await api.post(f"/tasks/{one['id']}/rank-above/{other['id']}", Idempotency_Key="d") for _ in range(2)]

    assert answers[0] == answers[1]
    assert await count(api) == 1


async def count(api: Api) -> int:
    async with database_of(api).reading() as session:
        return int((await session.execute(select(func.count()).select_from(RankPair))).scalar_one())


async def test_drags_go_with_their_tasks_and_after_ninety_days(api: Api, clock: SettableClock) -> None:
    await drag(api)
    clock.advance(days=1)
    await drag(api)

    async def forgotten(after: timedelta) -> int:
        async with database_of(api).writing() as session:
            return await learning.service.forget_old(session, clock.now + after)

    assert await forgotten(timedelta(days=89)) == 0
    assert await forgotten(timedelta(days=89, seconds=1)) == 1
    assert await count(api) == 1


async def test_no_drag_gets_the_number_of_one_that_is_gone(api: Api, clock: SettableClock) -> None:
    first = await drag(api)
    async with database_of(api).writing() as session:
        assert await learning.service.forget_old(session, clock.now + timedelta(days=91)) == 1

    assert (await drag(api))["pair"]["id"] > first["pair"]["id"]


async def test_how_often_people_ranked_against_a_rule_is_counted(api: Api) -> None:
    await rules(api)
    await drag(api)
    await drag(api, above=HOME, below=URGENT | {"project": "Home"})
    await drag(api, above=URGENT, below=HOME)  # as it is

    async with database_of(api).reading() as session:
        assert await learning.service.against_counts(session) == {"urgent": 2}


# A proposal


async def test_three_drags_on_two_days_propose_a_change(api: Api, clock: SettableClock) -> None:
    noted = await asked(api, clock)

    (listed,) = (await api.get("/proposals"))["items"]
    shown = await api.get(f"/proposals/{noted['proposal']['id']}")

    assert (listed["state"], listed["ruleset"]) == ("open", {"name": "own", "version": 1})
    assert listed["sentence"] == "2 rules change: 3 of 3 drags then stand as wished, instead of 0."
    found = numbers(listed)
    assert found == {"urgent": ([20], [18]), "project": ([18], [20])}
    assert [change["evidence"] for change in listed["changes"]] == [3, 3]
    drags = shown["changes"][0]["evidence"]
    assert [(each["above"]["title"], each["below"]["title"]) for each in drags] == [
        (f"A {n}", f"B {n}") for n in range(3)
    ]
    assert [each["at"][:10] for each in drags] == ["2026-03-02", "2026-03-02", "2026-03-03"]
    assert shown["changes"][0]["against"] == []
    assert shown["changes"][0]["forgotten"] == 0


async def test_what_it_would_move_is_shown_beside_it(api: Api, clock: SettableClock) -> None:
    noted = await asked(api, clock)

    shown = await api.get(f"/proposals/{noted['proposal']['id']}")

    assert (shown["preview"]["tasks"], shown["preview"]["of"], shown["preview"]["moved"]) == (6, 6, 6)
    assert [each["title"][0] for each in shown["preview"]["top_before"]] == list("BBBAAA")
    assert [each["title"][0] for each in shown["preview"]["top_after"]] == list("AAABBB")
    assert "# learned: " in shown["text"]
    assert await api.titles() == ["B 0", "B 1", "B 2", "A 0", "A 1", "A 2"]


async def test_a_newer_proposal_takes_the_place_of_the_open_one(api: Api, clock: SettableClock) -> None:
    first = await asked(api, clock)
    same = await drag(api, 3)
    far = await drag(api, 4, below=URGENT | {"due_at": "2026-03-10T00:00:00Z"})

    states = {each["id"]: each["state"] for each in (await api.get("/proposals"))["items"]}

    assert same["proposal"] == first["proposal"]
    assert list(states.values()).count("open") == 1
    assert states[far["proposal"]["id"]] == "open"


async def test_drags_at_the_same_moment_leave_one_open_proposal(api: Api, clock: SettableClock) -> None:
    await asked(api, clock)
    tasks = [(await api.create(f"{n}", **(HOME if n % 2 else URGENT)))["id"] for n in range(6)]

    await asyncio.gather(*(rank(api, tasks[n + 1], tasks[n]) for n in (0, 2, 4)))

    assert len((await api.get("/proposals", state="open"))["items"]) == 1


async def test_proposals_come_in_pages_and_by_state(api: Api, clock: SettableClock) -> None:
    for round_ in range(3):
        noted = await asked(api, clock, count=4)
        if round_ < 2:
            await api.post(f"/proposals/{noted['proposal']['id']}/reject")

    page = await api.get("/proposals", limit=2)
    rest = await api.get("/proposals", limit=2, cursor=page["next_cursor"])

    found = [each["id"] for each in (*page["items"], *rest["items"])]
    assert found == sorted(found, reverse=True)
    assert not rest["has_more"]
    rejected = (await api.get("/proposals", state="rejected"))["items"]
    assert [each["state"] for each in rejected] == ["rejected", "rejected"]
    problem(await api.http.get("/api/v1/proposals", params={"state": "pending"}), 422)
    problem(await api.http.get("/api/v1/proposals", params={"cursor": page["next_cursor"], "state": "open"}), 422)


async def test_there_are_no_others(sqlite_api: Api) -> None:
    problem(await sqlite_api.http.get("/api/v1/proposals/1"), 404)
    for verb in ("accept", "reject", "revert"):
        problem(await sqlite_api.http.post(f"/api/v1/proposals/1/{verb}"), 404)


# Deciding


async def test_an_accepted_proposal_is_the_next_version_and_ranks(api: Api, clock: SettableClock) -> None:
    noted = await asked(api, clock)
    proposal = noted["proposal"]["id"]
    wanted = {rule: after[0] for rule, (_, after) in numbers(await api.get(f"/proposals/{proposal}")).items()}

    done = await api.post(f"/proposals/{proposal}/accept", {"note": "As agreed", "author": "ana"})
    await settled(api)

    assert done["ruleset"] == {"name": "own", "version": 2}
    assert (done["proposal"]["state"], done["proposal"]["accepted_version"]) == ("accepted", 2)
    assert (done["proposal"]["decided_by"], done["proposal"]["note"]) == ("ana", "As agreed")
    assert await api.titles() == ["A 0", "A 1", "A 2", "B 0", "B 1", "B 2"]
    version = await active(api)
    assert (version["version"], version["author"]) == (2, "ana")
    assert version["note"].startswith(f"Learned, proposal {proposal}: urgent 20 → ")
    assert version["note"].endswith("As agreed")
    expected = OWN.replace("points = 20   #", f"points = {wanted['urgent']}   #")
    expected = expected.replace("points = 18\nsay", f"points = {wanted['project']}\nsay")
    assert "".join(line for line in version["text"].splitlines(True) if "# learned" not in line) == expected
    learned = [line for line in version["text"].splitlines() if "# learned" in line]
    assert learned == [
        f"# learned: {wanted['urgent'] - 20} from 3 drags (proposal {proposal})",
        f"# learned: +{wanted['project'] - 18} from 3 drags (proposal {proposal})",
    ]


async def test_what_was_learned_counts_as_evidence_no_more_once_the_order_is_right(
    api: Api, clock: SettableClock
) -> None:
    noted = await asked(api, clock)
    await api.post(f"/proposals/{noted['proposal']['id']}/accept")
    await settled(api)

    again = await drag(api, 9, above=URGENT, below=HOME)

    assert again["proposal"] is None
    assert again["evidence"]["pairs"] == 1


async def test_a_proposal_for_rules_that_changed_since_is_outdated(api: Api, clock: SettableClock) -> None:
    noted = await asked(api, clock)
    proposal = noted["proposal"]["id"]
    await rules(api, OWN.replace("points = -5", "points = -6"))

    found = problem(await api.http.post(f"/api/v1/proposals/{proposal}/accept"), 409)

    assert found["state"] == "outdated"
    assert "own version 2 ranks now" in found["detail"]
    shown = await api.get(f"/proposals/{proposal}")
    assert (shown["state"], shown["preview"], shown["text"]) == ("outdated", None, None)
    assert (await api.get("/proposals", state="open"))["items"] == []
    assert [each["id"] for each in (await api.get("/proposals", state="outdated"))["items"]] == [proposal]
    assert (await drag(api, 8))["proposal"]["id"] > proposal  # numbers alone changed: the drags still speak


async def test_rules_written_differently_begin_anew(api: Api, clock: SettableClock) -> None:
    await asked(api, clock)
    await rules(api, OWN.replace("priority == 'urgent'", "priority == 'urgent' || priority == 'high'"))

    noted = await drag(api, 8)

    assert noted["proposal"] is None
    assert noted["evidence"]["pairs"] == 1


async def test_a_rejected_change_is_not_proposed_by_the_same_drags_again(api: Api, clock: SettableClock) -> None:
    noted = await asked(api, clock)
    done = await api.post(f"/proposals/{noted['proposal']['id']}/reject", {"note": "No"})

    assert (done["proposal"]["state"], done["ruleset"]) == ("rejected", {"name": "own", "version": 1})
    assert (await active(api))["version"] == 1
    after = [await drag(api, 10), await drag(api, 11)]
    clock.advance(days=1)
    after.append(await drag(api, 12))
    assert [each["evidence"]["pairs"] for each in after] == [1, 2, 3]
    assert [bool(each["proposal"]) for each in after] == [False, False, True]
    fresh = await api.get(f"/proposals/{after[2]['proposal']['id']}")
    assert [each["above"]["title"] for each in fresh["changes"][0]["evidence"]] == ["A 10", "A 11", "A 12"]


async def test_a_decision_is_taken_once(api: Api, clock: SettableClock) -> None:
    proposal = (await asked(api, clock))["proposal"]["id"]
    problem(await api.http.post(f"/api/v1/proposals/{proposal}/revert"), 409)
    await api.post(f"/proposals/{proposal}/accept", Idempotency_Key="a")
    await api.post(f"/proposals/{proposal}/accept", Idempotency_Key="a")

    for verb in ("accept", "reject"):
        found = problem(await api.http.post(f"/api/v1/proposals/{proposal}/{verb}"), 409)
        assert found["state"] == "accepted"
    assert (await active(api))["version"] == 2


# Taking back


async def test_one_action_takes_it_back(api: Api, clock: SettableClock) -> None:
    proposal = (await asked(api, clock))["proposal"]["id"]
    await api.post(f"/proposals/{proposal}/accept")

    done = await api.post(f"/proposals/{proposal}/revert", {"note": "Too much"})
    await settled(api)

    assert (done["proposal"]["state"], done["ruleset"]) == ("reverted", {"name": "own", "version": 1})
    assert (await active(api))["text"] == OWN
    assert await api.titles() == ["B 0", "B 1", "B 2", "A 0", "A 1", "A 2"]
    assert (await drag(api, 7))["proposal"] is None  # the same drags ask for it no more


async def test_what_came_after_stays_when_it_is_taken_back(api: Api, clock: SettableClock) -> None:
    proposal = (await asked(api, clock))["proposal"]["id"]
    await api.post(f"/proposals/{proposal}/accept")
    learned = (await active(api))["text"]
    await rules(api, learned.replace("points = -5", "points = -6"))

    done = await api.post(f"/proposals/{proposal}/revert")

    assert done["ruleset"] == {"name": "own", "version": 4}
    assert (await active(api))["text"] == OWN.replace("points = -5", "points = -6")


async def test_a_number_that_somebody_wrote_since_stays(api: Api, clock: SettableClock) -> None:
    proposal = (await asked(api, clock))["proposal"]["id"]
    await api.post(f"/proposals/{proposal}/accept")
    text = (await active(api))["text"]
    points = next(rule["points"] for rule in (await active(api))["document"]["rules"] if rule["id"] == "urgent")
    await rules(api, text.replace(f"points = {points}   # strong", "points = 40   # strong"))

    done = await api.post(f"/proposals/{proposal}/revert")

    assert "left as it is: urgent" in done["sentence"]
    written = {rule["id"]: rule.get("points") for rule in (await active(api))["document"]["rules"]}
    assert (written["urgent"], written["project"]) == (40, 18)


async def test_where_another_ruleset_ranks_it_goes_on_ranking(api: Api, clock: SettableClock) -> None:
    proposal = (await asked(api, clock))["proposal"]["id"]
    await api.post(f"/proposals/{proposal}/accept")
    await api.post("/rulesets/default/activate")

    done = await api.post(f"/proposals/{proposal}/revert")

    assert done["ruleset"]["name"] == "default"
    assert "own version 3 was saved; default version 1 goes on ranking" in done["sentence"]
    assert (await api.get("/rulesets/own", version=3))["text"] == OWN


async def test_what_was_rolled_back_already_is_only_noted(api: Api, clock: SettableClock) -> None:
    proposal = (await asked(api, clock))["proposal"]["id"]
    await api.post(f"/proposals/{proposal}/accept")
    await api.post("/rulesets/rollback")

    done = await api.post(f"/proposals/{proposal}/revert")

    assert (done["proposal"]["state"], done["ruleset"]["version"]) == ("reverted", 1)
    assert "Nothing that ranks says what it had changed" in done["sentence"]


async def test_learned_points_stay_within_half_and_one_and_a_half_of_what_people_wrote(
    sqlite_api: Api, clock: SettableClock
) -> None:
    """Somebody never has enough: each time the order is right, the next task to be beaten stands two points higher."""
    steps = "".join(
        f'[[rules]]\nid = "{n}"\ntitle = "{n}"\nwhen = "\'{n}\' in labels"\npoints = 2\nsay = "{n}"\n'
        for n in range(12)
    )
    await rules(sqlite_api, OWN + steps)
    higher = accepted = 0
    for number in range(60):
        below = URGENT | {"labels": [str(n) for n in range(higher)]}
        noted = await drag(sqlite_api, number, below=below)
        clock.advance(hours=12)
        higher += noted["pair"]["agreed"] and higher < 12
        if noted["proposal"]:
            accepted += 1
            await sqlite_api.post(f"/proposals/{noted['proposal']['id']}/accept")
            await settled(sqlite_api)

    written = {rule["id"]: rule.get("points") for rule in (await active(sqlite_api))["document"]["rules"]}
    assert accepted > 3
    assert 10 <= written["urgent"] <= 13
    assert 25 <= written["project"] <= 27
    assert {written[str(n)] for n in range(12)} <= {1, 2}
    assert written["later"] == -5
