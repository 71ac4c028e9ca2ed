"""The audit trail over HTTP: found by who, what, when and words; in pages; verified; for those who may read it."""

from datetime import timedelta
from typing import Any

import pytest

from app.domains.identity.rules import Scope
from tests.api.client import Api, Document, database_of, locations, mbox, message, ok, problem
from tests.api.conftest import key_of
from tests.api.people import add_user, browser
from tests.conftest import SettableClock
from tests.core.audit.trail import exported, tamper, verified_by_hand

AUDIT = "/api/v1/audit"


async def trail(api: Api, **query: Any) -> list[Document]:
    found: list[Document] = (await api.get("/audit", limit=200, **query))["items"]
    return found


async def actions(api: Api, **query: Any) -> list[str]:
    return [each["action"] for each in await trail(api, **query)]


async def test_an_entry_says_who_did_what_from_where_and_in_which_request(api: Api) -> None:
    task = await api.create("Sign the contract")
    answer = await api.http.post(f"/api/v1/tasks/{task['id']}/complete", headers={"X-Correlation-ID": "from-cron-7"})
    assert answer.is_success

    entry = (await trail(api))[0]
    assert entry | {"hash": "", "previous": "", "id": 0} == {
        "id": 0,
        "at": "2026-03-02T09:00:00Z",
        "actor": "key:1",
        "actor_name": "test",
        "address": "127.0.0.1",
        "action": "complete_task",
        "target": f"task:{task['id']}",
        "changes": [{"target": f"task:{task['id']}", "field": "status", "before": "open", "after": "done"}],
        "omitted": 0,
        "correlation_id": "from-cron-7",
        "previous": "",
        "hash": "",
    }


async def test_a_refused_request_leaves_none(api: Api) -> None:
    before = await trail(api)

    problem(await api.http.post("/api/v1/tasks/99/complete"), 404)
    problem(await api.http.post("/api/v1/tasks", json={}), 422)

    assert await trail(api) == before


async def test_a_repeat_under_an_idempotency_key_leaves_no_second_one(api: Api) -> None:
    for _ in range(2):
        await api.post("/tasks", {"title": "A"}, idempotency_key="k")

    assert await actions(api, action="create_task") == ["create_task"]


async def test_a_bulk_is_one_entry_and_a_dry_run_none(api: Api) -> None:
    ids = [(await api.create(f"Task {number}"))["id"] for number in range(120)]
    body = {"ids": ids, "action": {"verb": "complete"}}

    await api.post("/tasks/bulk", body | {"dry_run": True})
    assert await actions(api, action="bulk_tasks") == []
    await api.post("/tasks/bulk", body)

    [entry] = await trail(api, action="bulk_tasks")
    assert (len(entry["changes"]), entry["omitted"]) == (100, 20)


async def test_words_of_people_and_mails_are_not_in_it(api: Api) -> None:
    await api.import_mail(message("Walnut merger", "Could you sign the walnut papers?"))
    [task] = (await api.get("/tasks"))["items"]
    await api.patch(task["id"], title="Walnut: the merger", notes="walnut, walnut")
    await api.verb(task["id"], "decline", reason="walnut again")
    other = await api.create("Another walnut", notes="walnut")
    await api.verb(task["id"], "merge", into=other["id"])

    found = await trail(api)
    assert "walnut" not in str(found).lower()
    [edit] = [each for each in found if each["action"] == "edit_task"]
    assert [(each["field"], each["before"], each["after"]) for each in edit["changes"]] == [
        ("title", "…", "…"),
        ("notes", None, "…"),
    ]


async def test_of_a_private_integration_no_name_and_no_label_is_told(api: Api) -> None:
    async with browser(api.app) as ana:
        await add_user(api, role="admin")
        ok(await ana.sign_in())
        made = ok(await ana.post("/integrations", {"kind": "mbox", "name": "Walnut mail", "private": True}))
        answer = await ana.http.post(
            "/api/v1/integrations/import",
            files={"file": ("walnut.mbox", mbox(message("Hello", "Could you sign it?")))},
            data={"into": "Walnut mail"},
        )
        assert answer.is_success, answer.text
        while await api.jobs.import_next():
            pass
        [task] = ok(await ana.get("/tasks"))["items"]
        edit = {"labels": ["walnut"], "project": "walnut", "assignee": "walnut", "priority": "high"}
        ok(await ana.patch(f"/tasks/{task['id']}", edit))
        ok(await ana.patch(f"/integrations/{made['id']}", {"name": "More walnuts"}))

    found = await trail(api)
    assert "walnut" not in str(found).lower()
    [edited] = [each for each in found if each["action"] == "edit_task"]
    assert {each["field"]: each["after"] for each in edited["changes"]} == {
        "labels": "…",
        "project": "…",
        "assignee": "…",
        "priority": "high",
    }


async def test_accounts_and_secrets_in_settings_are_not_in_it(api: Api) -> None:
    body = {"kind": "notion", "name": "wiki", "gateway": {"connected_account_id": "ca_walnut123"}}
    made = await api.post("/integrations", body)
    await api.http.patch(f"/api/v1/integrations/{made['id']}", json={"gateway": {"connected_account_id": "ca_walnut4"}})

    found = await trail(api)
    assert "walnut" not in str(found)
    assert ("account", "…", "…") in [(c["field"], c["before"], c["after"]) for c in found[0]["changes"]]


async def test_it_is_found_by_who_what_and_which(api: Api) -> None:
    task = await api.create("A")
    await api.verb(task["id"], "complete")
    other = await key_of(api.app, Scope.TASKS_WRITE)
    ok(await api.http.post("/api/v1/tasks", json={"title": "B"}, headers={"Authorization": f"Bearer {other}"}))

    assert await actions(api, actor="key:2") == ["create_task"]
    assert await actions(api, actor="test", action="complete_task") == ["complete_task"]
    assert await actions(api, target=f"task:{task['id']}") == ["complete_task", "create_task"]
    assert await actions(api, target="task") == []
    sent = (await trail(api, action="complete_task"))[0]["correlation_id"]
    assert await actions(api, correlation_id=sent) == ["complete_task"]


async def test_it_is_found_by_when(api: Api, clock: SettableClock) -> None:
    await api.create("A")
    later = clock.advance(hours=1)
    await api.verb(1, "complete")

    assert await actions(api, since=later.isoformat()) == ["complete_task"]
    assert "complete_task" not in await actions(api, until=later.isoformat())
    assert await actions(api, since=(later + timedelta(seconds=1)).isoformat()) == []
    assert locations(problem(await api.http.get(AUDIT, params={"since": "2026-03-02T09:00:00"}), 422)) == [
        "query.since"
    ]


@pytest.mark.parametrize("words", ["grün", "create_t", "TEST"])
async def test_it_is_found_by_words(api: Api, words: str) -> None:
    await api.create("A", labels=["grün"])

    assert "create_task" in await actions(api, q=words)
    assert await actions(api, q="nothing says this") == []
    assert await actions(api, q="%") == []


async def test_it_is_read_in_pages_the_newest_first(api: Api) -> None:
    for number in range(5):
        await api.create(f"Task {number}")

    seen: list[int] = []
    page = await api.get("/audit", limit=2, action="create_task")
    while True:
        seen += [each["id"] for each in page["items"]]
        if not page["has_more"]:
            break
        await api.create("comes in between")
        page = await api.get("/audit", limit=2, action="create_task", cursor=page["next_cursor"])

    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)
    problem(await api.http.get(AUDIT, params={"cursor": page["next_cursor"] or "x"}), 422)


async def test_the_cursor_of_another_filter_is_refused(api: Api) -> None:
    for number in range(3):
        await api.create(f"Task {number}")
    cursor = (await api.get("/audit", limit=1, action="create_task"))["next_cursor"]

    problem(await api.http.get(AUDIT, params={"cursor": cursor, "limit": 1, "action": "edit_task"}), 422)


async def test_the_trail_is_verified_and_gives_its_head(api: Api) -> None:
    await api.create("A")

    found = await api.get("/audit/verify")

    newest = (await trail(api))[0]
    assert (found["ok"], found["broken"], found["first_id"]) == (True, None, 1)
    assert found["head"] == {"id": newest["id"], "hash": newest["hash"]}
    assert verified_by_hand(await exported(database_of(api))) == newest["hash"]


async def test_a_head_that_was_kept_is_compared(api: Api) -> None:
    await api.create("A")
    head = (await api.get("/audit/verify"))["head"]
    await api.create("B")

    assert (await api.get("/audit/verify", head_id=head["id"], head=head["hash"]))["ok"]
    other = await api.get("/audit/verify", head_id=head["id"], head="0" * 64)
    assert (other["ok"], other["broken"]["what"]) == (False, "rewritten")
    beyond = await api.get("/audit/verify", head_id=head["id"] + 100, head="0" * 64)
    assert beyond["broken"]["what"] == "cut"
    assert locations(problem(await api.http.get(f"{AUDIT}/verify", params={"head_id": 1}), 422)) == ["query.head"]
    problem(await api.http.get(f"{AUDIT}/verify", params={"since_id": 99}), 422)


async def test_what_was_tampered_with_is_told_and_logged(api: Api, logged: list[Any]) -> None:
    await api.create("A")
    await api.create("B")
    await tamper(database_of(api), "UPDATE audit_entries SET actor = 'user:1' WHERE id = 3")

    found = await api.get("/audit/verify")

    assert (found["ok"], found["broken"]["id"], found["broken"]["what"]) == (False, 3, "changed")
    assert "Entry 3 is not as it was written." in found["broken"]["detail"]
    assert [each["id"] for each in logged if each["event"] == "the audit trail is broken"] == [3]


async def test_only_who_may_read_it_does(api: Api) -> None:
    key = await key_of(api.app, Scope.TASKS_WRITE, Scope.SYNC_RUN)

    for path in (AUDIT, f"{AUDIT}/verify"):
        problem(await api.http.get(path, headers={"Authorization": f"Bearer {key}"}), 403)
        problem(await api.http.get(path, headers={"Authorization": ""}), 401)


async def test_looking_leaves_no_entry(api: Api) -> None:
    before = (await trail(api))[0]["id"]
    await api.get("/tasks")
    await api.get("/audit/verify")

    assert (await trail(api))[0]["id"] == before


async def test_histories_say_who_it_was(api: Api) -> None:
    task = await api.create("A")
    async with browser(api.app) as ana:
        await add_user(api)
        ok(await ana.sign_in())
        ok(await ana.post(f"/tasks/{task['id']}/complete"))

    history = (await api.get(f"/tasks/{task['id']}/history"))["items"]
    assert {(each["verb"], each["actor"]) for each in history} >= {("created", "test"), ("complete", "ana@example.org")}


async def test_retention_takes_what_is_too_old_and_tells_the_head_to_the_log(
    api: Api, clock: SettableClock, logged: list[Any]
) -> None:
    await api.create("A")
    clock.advance(days=api.app.state.settings.audit_kept_days + 2)
    await api.create("B")

    await api.jobs.tidy()

    assert await actions(api) == ["forget_audit", "create_task"]
    assert (await api.get("/audit/verify"))["ok"]
    newest = (await trail(api))[0]
    told = [(each["id"], each["hash"]) for each in logged if each["event"] == "head of the audit trail"]
    assert told == [(newest["id"], newest["hash"])]
