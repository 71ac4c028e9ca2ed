"""The filters of the queue that look at who asks and when, and how several values of one are written."""

from datetime import timedelta
from typing import Any

import pytest

from app.domains.identity.rules import Role, Scope
from tests.api.client import TASKS, Api, locations, message, problem
from tests.api.conftest import key_of
from tests.api.identified import Headers, as_role, bearer, cookie, signed_in, user
from tests.conftest import SettableClock


async def titles(api: Api, headers: Headers, **query: Any) -> list[str]:
    answer = await api.http.get(TASKS, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return sorted(task["title"] for task in answer.json()["items"])


async def named(api: Api, email: str, name: str) -> Headers:
    """Somebody with this address, who calls themselves so."""
    headers = cookie(api, await signed_in(api, await user(api, Role.OPERATOR, email=email)))
    assert (await api.http.patch("/api/v1/auth/me", json={"name": name}, headers=headers)).is_success
    return headers


async def test_me_are_the_address_and_the_name_of_whoever_asks(api: Api) -> None:
    ana = await named(api, "ana@example.org", "Ana Torres")
    for assignee in ("ana@example.org", "Ana Torres", "Ben", None):
        await api.create(f"{assignee}'s", assignee=assignee)

    assert await titles(api, ana, assignee="me") == ["Ana Torres's", "ana@example.org's"]
    assert await titles(api, ana, assignee=["me", "none"]) == ["Ana Torres's", "None's", "ana@example.org's"]
    assert await titles(api, ana, assignee=["me", "Ben"]) == ["Ana Torres's", "Ben's", "ana@example.org's"]


async def test_me_is_also_known_by_the_names_of_the_person_with_that_address(api: Api) -> None:
    ana = await named(api, "ana@example.org", "")
    await api.import_mail(message("by Ana", sender="Ana T. <ana@example.org>", id="1@example.org"))
    await api.create("hers", assignee="Ana T.")
    await api.create("not hers", assignee="Ana")

    assert await titles(api, ana, assignee="me") == ["hers"]


async def test_a_key_asks_for_its_user_and_one_of_nobody_for_itself(api: Api) -> None:
    whose = await user(api, Role.OPERATOR, email="ana@example.org")
    theirs, nobodys = await key_of(api.app, Scope.TASKS_READ, user_id=whose.id), await key_of(api.app, Scope.TASKS_READ)
    await api.create("hers", assignee="ana@example.org")
    await api.create("its own", assignee="test")

    assert await titles(api, bearer(theirs), assignee="me") == ["hers"]
    assert await titles(api, bearer(nobodys), assignee="me") == ["its own"]


async def test_a_bulk_action_takes_the_same_filter(api: Api, clock: SettableClock) -> None:
    ana = await named(api, "ana@example.org", "Ana")
    await api.create("hers and late", assignee="Ana", due_at=(clock.now - timedelta(hours=1)).isoformat())
    await api.create("hers", assignee="Ana")
    body = {"filter": {"assignee": ["me"], "due": ["overdue"]}, "action": {"verb": "complete"}}

    done = await api.http.post(f"{TASKS}/bulk", json=body, headers=ana)

    assert done.json()["changed"] == 1
    assert await api.titles(status="done") == ["hers and late"]


async def test_deadlines_are_seen_from_now(api: Api, clock: SettableClock) -> None:
    for name, hours in {"past": -1, "now": 0, "soon": 23, "tomorrow": 24, "this week": 167, "far": 168}.items():
        await api.create(name, due_at=(clock.now + timedelta(hours=hours)).isoformat())
    await api.create("never")

    async def due(*windows: str) -> set[str]:
        return set(await api.titles(due=windows))

    assert await due("overdue") == {"past"}
    assert await due("day") == {"now", "soon"}
    assert await due("week") == {"now", "soon", "tomorrow", "this week"}
    assert await due("later") == {"far"}
    assert await due("none") == {"never"}
    assert await due("overdue", "day") == {"past", "now", "soon"}
    assert await due("overdue", "week", "later", "none") == set(await api.titles())

    clock.advance(hours=1)

    assert await due("overdue") == {"past", "now"}


async def test_a_window_of_deadlines_has_two_ends(api: Api) -> None:
    for day in (2, 3, 4):
        await api.create(f"on the {day}.", due_at=f"2026-03-0{day}T09:00:00Z")

    assert await api.titles(due_after="2026-03-03T09:00:00Z") == ["on the 3.", "on the 4."]
    assert await api.titles(due_after="2026-03-03T00:00:00Z", due_before="2026-03-04T00:00:00Z") == ["on the 3."]


async def test_pages_of_a_moving_window_belong_together(api: Api, clock: SettableClock) -> None:
    for n in range(3):
        await api.create(f"{n}", due_at=(clock.now + timedelta(hours=n + 1)).isoformat())
    first = await api.get("/tasks", due="day", limit=2)
    clock.advance(minutes=1)

    second = await api.get("/tasks", due="day", limit=2, cursor=first["next_cursor"])

    assert [len(first["items"]), len(second["items"])] == [2, 1]


@pytest.mark.parametrize("together", ["open,done", ["open", "done"], ["open,done", "open"]])
async def test_values_that_hold_no_comma_may_stand_together(api: Api, together: Any) -> None:
    await api.create("open")
    await api.verb((await api.create("done"))["id"], "complete")
    await api.verb((await api.create("declined"))["id"], "decline", reason="no")

    assert sorted(await api.titles(status=together)) == ["done", "open"]


async def test_names_may_hold_commas(api: Api) -> None:
    await api.create("one", labels=["a, b"], assignee="Torres, Ana")
    await api.create("other", labels=["a", "b"], assignee="Ana")

    assert await api.titles(label="a, b") == ["one"]
    assert await api.titles(assignee="Torres, Ana") == ["one"]


async def test_tasks_of_no_integration_can_be_asked_for(api: Api) -> None:
    await api.import_mail(message("mailed"), into="team mail")
    await api.create("by hand")

    assert await api.titles(integration="none") == ["by hand"]
    assert sorted(await api.titles(integration=["none", "team mail"])) == ["by hand", "mailed"]


@pytest.mark.parametrize(("name", "value"), [("due", "soon"), ("band", "now,never"), ("turn", ","), ("status", "")])
async def test_what_no_filter_knows_is_refused(sqlite_api: Api, name: str, value: str) -> None:
    found = problem(await sqlite_api.http.get(TASKS, params={name: value}), 422)

    assert all(each.startswith(f"query.{name}") for each in locations(found))


async def test_a_viewer_asks_for_theirs_too(api: Api) -> None:
    await api.create("theirs", assignee="viewer@example.org")

    assert await titles(api, await as_role(api, Role.VIEWER), assignee="me") == ["theirs"]


async def test_what_is_beside_all_the_values_that_counts_name_can_be_asked_for(api: Api) -> None:
    """So that a list in parts, one for each of them, ends with a part that holds the rest."""
    headers = bearer(await key_of(api.app, Scope.TASKS_READ))
    for number in range(51):
        await api.create(f"of {number:02}", assignee=f"person {number:02}")
    await api.create("nobody's")

    assignees = (await api.get("/tasks/counts"))["assignee"]
    told = [each["value"] for each in assignees["values"]]

    assert assignees["more"]
    assert len(told) == 50
    beside = await titles(api, headers, not_assignee=told)
    assert len(beside) == 2
    assert await titles(api, headers, assignee=told, limit=200) == sorted(
        ({f"of {number:02}" for number in range(51)} | {"nobody's"}) - set(beside)
    )


async def test_those_that_are_somebody_else_s_and_nobody_s_are_told_apart(api: Api) -> None:
    ana = await named(api, "ana@example.org", "Ana")
    await api.import_mail(message("mailed"), into="team mail")
    for assignee in ("Ana", "Ben", None):
        await api.create(f"{assignee}'s", assignee=assignee)

    assert await titles(api, ana, not_assignee="me") == ["Ben's", "None's", "mailed"]
    assert await titles(api, ana, not_assignee=["Ben", "none"]) == ["Ana's"]
    assert await titles(api, ana, not_integration="team mail") == ["Ana's", "Ben's", "None's"]
    assert await titles(api, ana, not_integration="none") == ["mailed"]
    assert await titles(api, ana, not_integration=["team mail", "none"]) == []
