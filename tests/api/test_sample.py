"""The sample data over HTTP: labelled wherever it is seen, cleared in one action, and never in production."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from app.core.database import Database
from app.domains.connections.models import SyncRun
from app.domains.identity.rules import Scope
from app.main import create_app
from app.settings import Settings
from app.workflows.sample import loading
from tests.api.client import TASKS, Api, database_of, message, problem
from tests.api.conftest import key_of, serving, settings_on
from tests.conftest import SettableClock
from tests.workflows.pipeline import eventually

SAMPLE = "/api/v1/sample"


async def loaded(api: Api) -> None:
    """Load the sample and carry its imports out."""
    answer = await api.http.post(SAMPLE)
    assert answer.status_code == 202, answer.text
    while await api.jobs.import_next():
        pass


async def sources(api: Api) -> list[tuple[str, bool]]:
    """Name of each integration, and whether it is said to hold sample data."""
    return [(each["name"], each["sample"]) for each in (await api.get("/integrations"))["items"]]


async def test_loading_it_makes_three_integrations_that_say_what_they_are(sqlite_api: Api) -> None:
    await loaded(sqlite_api)

    assert await sources(sqlite_api) == [(name, True) for name in loading.NAMES.values()]
    assert await sqlite_api.get("/sample") == {"loaded": True, "may_load": True}
    runs = (await sqlite_api.get("/sync/runs"))["items"]
    assert {run["state"] for run in runs} == {"succeeded"}
    for run in runs:
        assert run["read"] == run["new"] + run["updated"] + run["unchanged"] + run["refused"]
        assert (run["refused"], run["warnings_total"]) == (0, 0)


async def test_every_task_of_it_says_so_and_no_other_does(sqlite_api: Api) -> None:
    mine = await sqlite_api.create("Water the plants")
    await loaded(sqlite_api)

    tasks = (await sqlite_api.get("/tasks", limit=200))["items"]

    assert [task["id"] for task in tasks if not task["source"]["sample"]] == [mine["id"]]
    assert len(tasks) > 40


async def test_clearing_it_leaves_nothing_of_it(api: Api) -> None:
    before = await dump(api)
    await loaded(api)
    task = (await api.get("/tasks"))["items"][0]
    await api.verb(task["id"], "complete")  # what was done to it goes with it
    note = (await api.get("/tasks"))["items"][1]
    await api.patch(note["id"], notes="Remember this", labels=["mine"])

    answer = await api.http.delete(SAMPLE)

    assert answer.status_code == 204
    assert await api.get("/sample") == {"loaded": False, "may_load": True}
    assert await dump(api) == before


async def test_clearing_it_keeps_what_people_brought_in_themselves(sqlite_api: Api) -> None:
    mine = await sqlite_api.create("Water the plants")
    await loaded(sqlite_api)
    await sqlite_api.upload(message(subject="A real mail"), "real.eml")
    while await sqlite_api.jobs.import_next():
        pass
    of_the_sample = next(task for task in (await sqlite_api.get("/tasks"))["items"] if task["source"]["sample"])
    await sqlite_api.verb(of_the_sample["id"], "merge", into=mine["id"])

    await sqlite_api.http.delete(SAMPLE)

    assert sorted(await sqlite_api.titles()) == ["A real mail", "Water the plants"]
    assert (await sqlite_api.get(f"/tasks/{mine['id']}/items"))["items"] == []


async def test_loaded_again_it_brings_nothing_to_what_it_was_merged_into_before(sqlite_api: Api) -> None:
    mine = await sqlite_api.create("Water the plants")
    await loaded(sqlite_api)
    for task in (await sqlite_api.get("/tasks"))["items"]:
        if task["source"]["sample"]:
            # Of the rows only the first is taken in.
            await sqlite_api.http.post(f"{TASKS}/{task['id']}/merge", json={"into": mine["id"]})

    await sqlite_api.http.delete(SAMPLE)
    await loaded(sqlite_api)

    assert (await sqlite_api.get(f"/tasks/{mine['id']}/items"))["items"] == []


async def test_clearing_it_twice_is_as_clearing_it_once(sqlite_api: Api) -> None:
    await loaded(sqlite_api)

    assert [(await sqlite_api.http.delete(SAMPLE)).status_code for _ in range(2)] == [204, 204]


async def test_it_can_be_loaded_again_when_somebody_asks_for_it(sqlite_api: Api) -> None:
    await loaded(sqlite_api)
    await sqlite_api.http.delete(SAMPLE)

    await loaded(sqlite_api)

    assert len(await sources(sqlite_api)) == 3


async def test_it_is_not_loaded_over_itself(sqlite_api: Api) -> None:
    await loaded(sqlite_api)

    again = await sqlite_api.http.post(SAMPLE)

    assert problem(again, 409)["detail"] == "The sample data is here already. Clear it first."
    assert list(sqlite_api.app.state.upload_folder.glob("*")) == []


async def test_what_waits_for_its_import_can_be_cleared_and_its_files_go_too(sqlite_api: Api) -> None:
    await sqlite_api.http.post(SAMPLE)

    assert (await sqlite_api.http.delete(SAMPLE)).status_code == 204
    assert await sources(sqlite_api) == []
    assert list(sqlite_api.app.state.upload_folder.glob("*")) == []
    assert not await sqlite_api.jobs.import_next()


async def test_two_requests_at_once_load_it_once(api: Api) -> None:
    answers = await asyncio.gather(*(api.http.post(SAMPLE) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]
    assert len(await sources(api)) == 3


async def test_while_it_is_being_imported_it_can_not_be_cleared(api: Api) -> None:
    await api.http.post(SAMPLE)
    async with database_of(api).writing() as session:
        await session.execute(update(SyncRun).where(SyncRun.id == 1).values(state="running"))

    refused = await api.http.delete(SAMPLE)

    assert problem(refused, 409)["detail"] == "The sample data is just being imported. Try again in a few seconds."
    assert len(await sources(api)) == 3


async def test_a_first_start_brings_it_in_the_background_and_a_second_does_not(
    sqlite_database: Database,
    settings: Settings,
    clock: SettableClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.composition.UPLOADS", tmp_path / "uploads")
    given = settings_on(settings, sqlite_database)
    assert given.begins_with_sample

    for _ in range(2):
        app = create_app(given, sample=given.begins_with_sample, clock=clock)
        transport = httpx.ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://watchfloor.test") as http,
        ):
            http.headers["Authorization"] = f"Bearer {await key_of(app, Scope.ADMIN)}"
            api = Api(app, http)

            async def is_there(api: Api = api) -> bool:
                runs = (await api.get("/sync/runs"))["items"]
                return [run["state"] for run in runs] == ["succeeded"] * 3

            await eventually(is_there)


@pytest.fixture
async def production(
    sqlite_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> AsyncIterator[Api]:
    given = settings_on(settings, sqlite_database).model_copy(update={"environment": "production"})
    async with serving(given, clock, tmp_path / "uploads") as api:
        yield api


async def test_production_refuses_it(production: Api) -> None:
    answer = await production.http.post(SAMPLE)

    assert problem(answer, 403)["detail"] == "Sample data is for development: this is production."
    assert await production.get("/sample") == {"loaded": False, "may_load": False}
    assert await sources(production) == []


async def dump(api: Api) -> dict[str, int]:
    """How many of everything there are that people see, tombstones of tasks and people among them."""
    statuses = ("open", "snoozed", "done", "declined", "not_for_us")
    counts = {status: (await api.get("/tasks", status=status, limit=1, count="true"))["total"] for status in statuses}
    return counts | {"integrations": len(await sources(api)), "runs": len((await api.get("/sync/runs"))["items"])}
