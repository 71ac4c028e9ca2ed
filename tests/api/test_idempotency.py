"""The same POST under the same key happens once, and is answered the same."""

import asyncio
import hashlib
import json

import pytest
from sqlalchemy import select

from app.core.idempotency import IdempotencyKey
from app.domains.identity.rules import Scope
from tests.api.client import TASKS, Api, Document, database_of, mbox, message, ok, problem
from tests.api.conftest import key_of
from tests.api.identified import bearer
from tests.api.people import ANOTHER, PASSWORD, add_user, browser
from tests.conftest import START, SettableClock

POSTS: list[tuple[str, Document | None]] = [
    ("/tasks", {"title": "new"}),
    ("/tasks/claim", {"user": "ana"}),
    ("/tasks/bulk", {"ids": [1], "action": {"verb": "complete"}}),
    ("/tasks/1/complete", None),
    ("/tasks/1/snooze", {"until": "2026-03-09T09:00:00Z"}),
    ("/tasks/1/decline", {"reason": "no"}),
    ("/tasks/1/assign", {"user": "ana"}),
    ("/tasks/1/merge", {"into": 2}),
    ("/integrations", {"kind": "mbox", "name": "new"}),
]


@pytest.mark.parametrize(("path", "body"), POSTS, ids=[path for path, _ in POSTS])
async def test_a_repeated_post_happens_once(api: Api, path: str, body: Document | None) -> None:
    await api.create(), await api.create()
    key = {"Idempotency-Key": "once"}

    first = await api.http.post(f"/api/v1{path}", json=body, headers=key)
    before = await state_of(api)
    again = await api.http.post(f"/api/v1{path}", json=body, headers=key)

    assert first.is_success, first.text
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert (again.status_code, again.content) == (first.status_code, first.content)
    for name in ("location", "etag", "content-type"):
        assert again.headers.get(name) == first.headers.get(name)
    assert again.headers.get_list("x-correlation-id") != first.headers.get_list("x-correlation-id")
    assert await state_of(api) == before


async def state_of(api: Api) -> list[Document]:
    tasks = (await api.get("/tasks", status=["open", "done", "snoozed", "declined"]))["items"]
    lines = [(await api.get(f"/tasks/{task['id']}/history")) for task in tasks]
    return [*tasks, *lines, await api.get("/integrations")]


async def test_an_undo_and_a_split_can_be_repeated(api: Api) -> None:
    await api.import_mail(message("a", id="a@x.example"), message("Re: a", id="b@x.example", reply_to="a@x.example"))
    task = (await api.get("/tasks"))["items"][0]["id"]
    item = (await api.get(f"/tasks/{task}/items"))["items"][1]["id"]

    split = [await api.post(f"/tasks/{task}/split", {"items": [item]}, Idempotency_Key="s") for _ in range(2)]
    undone = [await api.post(f"/undo/{split[0]['undo']['token']}", Idempotency_Key="u") for _ in range(2)]

    assert split[0] == split[1]
    assert undone[0] == undone[1] == {"undone": [task]}


async def test_an_upload_under_a_key_makes_one_run(api: Api) -> None:
    content = mbox(message("a"))
    answers = [
        await api.http.post(
            "/api/v1/integrations/import",
            files={"file": ("a.mbox", content)},
            headers={"Idempotency-Key": "upload"},
        )
        for _ in range(2)
    ]
    while await api.jobs.import_next():
        pass

    assert answers[0].json() == answers[1].json()
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert len((await api.get("/sync/runs"))["items"]) == 1


async def test_a_key_belongs_to_one_request(api: Api) -> None:
    await api.post("/tasks", {"title": "a"}, Idempotency_Key="k")

    for path, body in [("/tasks", {"title": "b"}), ("/tasks?x=1", {"title": "a"}), ("/tasks/claim", {"user": "ana"})]:
        response = await api.http.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": "k"})
        assert "another request" in problem(response, 422)["detail"]
    assert await api.titles() == ["a"]


async def test_at_the_same_moment_it_happens_once_too(api: Api) -> None:
    async def create() -> tuple[int, str]:
        response = await api.http.post(TASKS, json={"title": "a"}, headers={"Idempotency-Key": "k"})
        return response.status_code, response.text

    await asyncio.gather(*(api.get("/tasks") for _ in range(8)))  # connections, so that all run at the same time
    answers = await asyncio.gather(*(create() for _ in range(8)))

    made = {body for status, body in answers if status == 201}
    assert len(made) == 1
    assert {status for status, _ in answers} <= {201, 409}
    assert await api.titles() == ["a"]


async def test_what_failed_may_be_tried_again_under_its_key(api: Api) -> None:
    task = (await api.create())["id"]
    key = {"Idempotency-Key": "k"}
    problem(await api.http.post(f"{TASKS}/{task}/reopen", headers=key), 409)
    problem(await api.http.post(f"{TASKS}/{task}/snooze", json={}, headers={"Idempotency-Key": "s"}), 422)
    await api.verb(task, "complete")

    reopened = await api.http.post(f"{TASKS}/{task}/reopen", headers=key)
    snoozed = await api.http.post(
        f"{TASKS}/{task}/snooze", json={"until": "2026-03-09T09:00:00Z"}, headers={"Idempotency-Key": "s"}
    )

    assert ok(reopened)["task"]["status"] == "open"
    assert ok(snoozed)["task"]["status"] == "snoozed"


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_a_key_has_1_to_255_characters(sqlite_api: Api, key: str) -> None:
    problem(await sqlite_api.http.post(TASKS, json={"title": "a"}, headers={"Idempotency-Key": key}), 400)

    assert await sqlite_api.titles() == []


@pytest.mark.parametrize("key", ["x" * 255, "schlüssel", "a b", '"quoted"', "'; --"])
async def test_any_other_key_will_do(api: Api, key: str) -> None:
    for _ in range(2):
        response = await api.http.post(TASKS, json={"title": "a"}, headers=[(b"Idempotency-Key", key.encode())])
        assert response.status_code == 201

    assert await api.titles() == ["a"]


async def test_a_key_is_forgotten_after_a_day(api: Api, clock: SettableClock) -> None:
    await api.post("/tasks", {"title": "a"}, Idempotency_Key="k")

    clock.advance(hours=24)
    await api.jobs.tidy()
    await api.post("/tasks", {"title": "a"}, Idempotency_Key="k")
    assert len(await api.titles()) == 1

    clock.advance(seconds=1)
    await api.jobs.tidy()
    await api.post("/tasks", {"title": "a"}, Idempotency_Key="k")
    assert len(await api.titles()) == 2
    assert clock.now > START


async def test_keys_matter_to_posts_only(sqlite_api: Api) -> None:
    task = (await sqlite_api.create())["id"]
    key = {"Idempotency-Key": "k"}

    await sqlite_api.http.get(f"{TASKS}/{task}", headers=key)
    await sqlite_api.http.patch(f"{TASKS}/{task}", json={"notes": "a"}, headers=key)
    again = await sqlite_api.http.patch(f"{TASKS}/{task}", json={"notes": "b"}, headers=key)

    assert again.json()["task"]["notes"] == "b"


async def test_what_is_kept_of_a_request_is_no_hash_that_can_be_tried(sqlite_api: Api) -> None:
    path = f"/api/v1/users/{(await add_user(sqlite_api))['id']}/password"
    body = json.dumps({"password": ANOTHER}).encode()
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}

    ok(await sqlite_api.http.post(path, content=body, headers=headers))

    async with database_of(sqlite_api).reading() as session:
        kept = (await session.execute(select(IdempotencyKey).where(IdempotencyKey.path == path))).scalar_one()
    assert kept.fingerprint != hashlib.sha256(f"POST {path}?\n".encode() + body).hexdigest()
    assert ok(await sqlite_api.http.post(path, content=body, headers=headers))  # and it still tells repeats


async def test_who_may_not_ask_any_more_is_not_given_the_answer_again(api: Api) -> None:
    user = await add_user(api)
    async with browser(api.app) as ana:
        ok(await ana.sign_in())
        key = {"Idempotency-Key": "k"}
        ok(await ana.http.post(TASKS, json={"title": "a"}, headers=key))
        ok(await api.http.patch(f"/api/v1/users/{user['id']}", json={"role": "viewer"}))
        ok(await ana.sign_in(password=PASSWORD))

        refused = await ana.http.post(TASKS, json={"title": "a"}, headers=key)
        assert problem(refused, 403)["permission"] == "tasks:write"

        ok(await api.http.patch(f"/api/v1/users/{user['id']}", json={"role": "operator"}))
        ok(await ana.sign_in(password=PASSWORD))
        again = await ana.http.post(TASKS, json={"title": "a"}, headers=key)
        assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")


async def test_a_token_that_was_given_less_than_its_key_is_not_given_its_answers(sqlite_api: Api) -> None:
    key = await key_of(sqlite_api.app, Scope.TASKS_WRITE, Scope.METRICS_READ)
    asked = {"scopes": ["metrics:read"]}
    token = ok(await sqlite_api.http.post("/api/v1/auth/token", headers=bearer(key), json=asked))["token"]
    ok(await sqlite_api.http.post(TASKS, json={"title": "a"}, headers=bearer(key) | {"Idempotency-Key": "k"}))

    repeat = await sqlite_api.http.post(TASKS, json={"title": "a"}, headers=bearer(token) | {"Idempotency-Key": "k"})

    assert problem(repeat, 403)["permission"] == "tasks:write"


async def test_every_post_of_somebody_who_is_known_takes_a_key(sqlite_api: Api) -> None:
    """But for what stores nothing, a token among it: each is a new one. What was read anew is not read again."""
    without = {
        operation["operationId"]
        for methods in sqlite_api.app.openapi()["paths"].values()
        for method, operation in methods.items()
        if method == "post" and operation["x-permission"]
        if "Idempotency-Key" not in [each["name"] for each in operation.get("parameters", ())]
    }
    nothing_stored = {"create_token", "check_ruleset", "preview_ruleset", "preview_import"}
    assert without == nothing_stored | {"replay_unreadable"}


@pytest.mark.parametrize(
    ("path", "body"),
    [("/auth/totp", {"password": PASSWORD}), ("/auth/password", {"old": PASSWORD, "new": ANOTHER})],
)
async def test_what_people_change_of_their_sign_in_happens_once(api: Api, path: str, body: Document) -> None:
    await add_user(api)
    async with browser(api.app) as ana:
        ok(await ana.sign_in())
        ana.http.headers["Idempotency-Key"] = "once"
        ok(await ana.post(path, body))
        users = await api.get("/users")

        told = problem(await ana.post(path, body), 409)["detail"]

    assert "Its answer held a secret" in told
    assert await api.get("/users") == users


async def test_a_wrong_code_uses_up_no_key(api: Api, clock: SettableClock) -> None:
    await add_user(api)
    async with browser(api.app) as ana:
        ok(await ana.sign_in())
        ok(await ana.post("/auth/totp", {"password": PASSWORD}))
        ana.http.headers["Idempotency-Key"] = "once"
        for _ in range(2):
            problem(await ana.post("/auth/totp/confirm", {"code": "abcdef"}), 422)
