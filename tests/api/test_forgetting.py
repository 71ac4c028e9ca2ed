"""Deleting an integration: what came from it goes, what people made of it stays and is as true as before."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.database import Database
from app.settings import Settings
from tests.api.client import TASKS, Api, Document, message, ok, problem
from tests.api.conftest import serving, settings_on
from tests.conftest import SettableClock
from tests.core.test_time_limits import SHORT, WITHIN_S

QUESTION = message("The offer", id="q@x.example")
ANSWER = message(
    "Re: The offer",
    "Here it is.",
    id="a@x.example",
    reply_to="q@x.example",
    sender="support@example.com",
    to="ben@example.org",
    date="Mon, 02 Mar 2026 08:30:00 +0000",
)


async def forget(api: Api, name: str = "old") -> Document:
    place = next(place for place in (await api.get("/integrations"))["items"] if place["name"] == name)
    answer = ok(await api.http.delete(f"/api/v1/integrations/{place['id']}"))
    while await api.jobs.keep_scores():
        pass
    return answer


async def mailed(api: Api) -> int:
    await api.import_mail(QUESTION, into="old")
    return int((await api.get("/tasks"))["items"][0]["id"])


async def test_a_task_written_by_hand_survives_the_mail_merged_into_it(api: Api) -> None:
    own = await api.create("My own task", notes="precious")
    await api.import_mail(QUESTION, into="old")
    source = next(task["id"] for task in (await api.get("/tasks"))["items"] if task["id"] != own["id"])
    await api.verb(source, "merge", into=own["id"])

    assert (await forget(api))["tasks"] == 0

    left = await api.task(own["id"])
    assert (left["title"], left["notes"]) == ("My own task", "precious")
    for name in ("turn", "since", "last_item_at", "opened_at", "points"):
        assert left.get(name) == own.get(name), name
    assert (await api.get(f"/tasks/{own['id']}/items"))["items"] == []


async def test_mail_that_comes_again_goes_where_a_person_put_it(api: Api) -> None:
    own = await api.create("My own task")
    await api.import_mail(QUESTION, into="old")
    source = next(task["id"] for task in (await api.get("/tasks"))["items"] if task["id"] != own["id"])
    await api.verb(source, "merge", into=own["id"])
    await forget(api)

    await api.import_mail(QUESTION, into="new")

    assert await api.titles() == ["My own task"]
    assert [item["subject"] for item in (await api.get(f"/tasks/{own['id']}/items"))["items"]] == ["The offer"]


@pytest.mark.parametrize("fields", [{"notes": "mine"}, {"labels": ["mine"]}, {"dependencies": []}, {"due_at": None}])
async def test_whatever_a_person_set_keeps_a_task(api: Api, fields: Document) -> None:
    task = await mailed(api)
    if "dependencies" in fields:
        fields = {"dependencies": [(await api.create("needed"))["id"]]}
    await api.patch(task, **fields)

    assert (await forget(api))["tasks"] == 0

    assert (await api.task(task))["title"] == "The offer"


async def test_a_task_nobody_touched_goes_and_who_waited_for_it_waits_no_longer(api: Api) -> None:
    needed = await mailed(api)
    free = await api.create("waiting")
    await api.patch(free["id"], dependencies=[needed])

    assert (await forget(api))["tasks"] == 1

    problem(await api.http.get(f"{TASKS}/{needed}"), 404)
    left = await api.task(free["id"])
    assert (left["dependencies"], left["points"]) == ([], free["points"])


async def test_an_answer_that_is_gone_leaves_nothing_behind(api: Api) -> None:
    await api.import_mail(QUESTION, into="kept")
    (before,) = (await api.get("/tasks"))["items"]
    await api.import_mail(ANSWER, into="old")
    assert (await api.task(before["id"]))["turn"] == "theirs"

    await forget(api)

    left = await api.task(before["id"])
    for name in ("turn", "since", "last_item_at", "points", "tier"):
        assert left.get(name) == before.get(name), name


@pytest.fixture
async def hurried(database: Database, settings: Settings, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Api]:
    """A request's statement is ended soon."""
    of = settings_on(settings, database).model_copy(update={"query_timeout_s": WITHIN_S})
    async with serving(of, clock, tmp_path / "uploads") as api:
        yield api


MADE = {
    "sqlite": ["CREATE TRIGGER slowly AFTER {of} BEGIN SELECT ({work}); END"],
    "postgresql": [
        "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM ({work}); RETURN NULL; END $$",
        "CREATE TRIGGER slowly AFTER {of} FOR EACH STATEMENT EXECUTE FUNCTION slowly()",
    ],
}
REMOVED = {"sqlite": "DROP TRIGGER slowly", "postgresql": "DROP FUNCTION slowly CASCADE"}


@asynccontextmanager
async def slow(database: Database, of: str) -> AsyncIterator[None]:
    """As if there were a million rows."""
    kind = database.url.get_backend_name()
    async with database.writing() as session:
        for statement in MADE[kind]:
            await session.execute(text(statement.format(of=of, work=SHORT[kind])))
    yield
    async with database.writing() as session:
        await session.execute(text(REMOVED[kind]))


async def test_a_mailbox_may_be_as_large_as_it_likes_and_is_removed(hurried: Api, database: Database) -> None:
    await hurried.import_mail(QUESTION, into="old")
    async with slow(database, "DELETE ON items"):
        assert (await forget(hurried))["items"] == 1


async def test_and_renamed(hurried: Api, database: Database) -> None:
    await hurried.import_mail(QUESTION, into="old")
    [place] = (await hurried.get("/integrations"))["items"]

    async with slow(database, "UPDATE OF score_revision ON tasks"):
        renamed = await hurried.http.patch(f"/api/v1/integrations/{place['id']}", json={"name": "new"})

    assert ok(renamed)["name"] == "new"
