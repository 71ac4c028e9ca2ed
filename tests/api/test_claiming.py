"""Taking the next task: in rank order, one for each, and only what is nobody's yet."""

import asyncio
from datetime import timedelta

from sqlalchemy import update

from app.domains.tasks.models import Task
from tests.api.client import Api, database_of, locations, message, problem
from tests.conftest import START


async def test_the_first_task_of_the_queue_is_taken(api: Api) -> None:
    await api.create("later")
    await api.create("soon", due_at=(START + timedelta(hours=1)).isoformat())

    first = await api.post("/tasks/claim", {"user": "ana"})
    second = await api.post("/tasks/claim", {"user": "ben"})
    third = await api.post("/tasks/claim", {"user": "ben"})

    assert (first["task"]["title"], first["task"]["assignee"], first["reason"]) == ("soon", "ana", "claimed")
    assert (second["task"]["title"], second["task"]["assignee"]) == ("later", "ben")
    assert third == {"task": None, "undo": None, "reason": "nothing_to_claim"}


async def test_what_is_not_to_be_done_now_is_not_taken(api: Api) -> None:
    later = (START + timedelta(days=3)).isoformat()
    await api.create("has somebody", assignee="ben")
    held = (await api.create("held by a rule"))["id"]
    async with database_of(api).writing() as session:  # no rule of the default ruleset holds a task
        await session.execute(update(Task).where(Task.id == held).values(tier="held"))
    for verb, body in [("complete", {}), ("decline", {"reason": "no"}), ("snooze", {"until": later})]:
        await api.verb((await api.create(verb))["id"], verb, **body)
    await api.import_mail(
        message("answered", id="b@example.org"),
        message("Re: answered", "Done.", sender="support@example.com", to="ben@example.org", reply_to="b@example.org"),
    )

    assert (await api.post("/tasks/claim", {"user": "ana"}))["task"] is None


async def test_a_claim_needs_somebody(sqlite_api: Api) -> None:
    for body in ({}, {"user": None}, {"user": " "}):
        refused = problem(await sqlite_api.http.post("/api/v1/tasks/claim", json=body), 422)
        assert locations(refused) == ["body.user"]


async def test_who_claim_at_once_get_different_tasks(api: Api) -> None:
    made = [(await api.create())["id"] for _ in range(5)]

    await asyncio.gather(*(api.get("/tasks") for _ in range(8)))  # connections, so that all run at the same time
    claims = await asyncio.gather(*(api.post("/tasks/claim", {"user": f"user {n}"}) for n in range(7)))

    taken = [claim["task"]["id"] for claim in claims if claim["task"]]
    assert sorted(taken) == made
