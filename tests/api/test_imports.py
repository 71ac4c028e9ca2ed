"""Importing files: accepted at once, carried out by whoever works, and reported to the last message."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app.composition import importing_from
from app.core.database import Database
from app.domains.connections.models import SyncRun
from app.integrations import registry
from app.settings import Settings
from app.workflows import importing
from app.workflows.runs import LEASE
from tests.api.client import Api, Document, database_of, locations, mbox, message, ok, problem
from tests.api.conftest import serving, settings_on
from tests.conftest import SettableClock

NEWSLETTER = message("Our spring offers", "Buy now.", List_Unsubscribe="<mailto:leave@example.org>", Precedence="bulk")


def adds_up(run: Document) -> bool:
    return bool(run["read"] == run["new"] + run["updated"] + run["unchanged"] + run["refused"])


async def test_an_import_is_accepted_and_its_run_says_how_it_goes(api: Api) -> None:
    response = await api.upload(mbox(message("a"), message("b"), NEWSLETTER), "inbox.mbox")

    accepted = response.json()["run"]
    assert response.status_code == 202
    assert response.headers["location"] == f"/api/v1/sync/runs/{accepted['id']}"
    assert (accepted["state"], accepted["what"], accepted["integration"]) == ("queued", "inbox.mbox", "mbox")

    await api.jobs.import_next()

    run = ok(await api.http.get(response.headers["location"]))
    assert (run["state"], run["read"], run["new"], adds_up(run)) == ("succeeded", 3, 3, True)
    assert run["tasks"] == {"new": 3, "updated": 0, "not_for_us": 1}
    assert run["finished_at"]
    assert list(api.app.state.upload_folder.iterdir()) == []


async def test_the_same_file_again_changes_nothing_and_a_grown_one_adds(api: Api) -> None:
    await api.import_mail(message("a"), message("b"))
    before = (await api.get("/tasks"))["items"]

    again = await api.import_mail(message("a"), message("b"))
    assert (again["read"], again["unchanged"], adds_up(again)) == (2, 2, True)
    assert (await api.get("/tasks"))["items"] == before

    grown = await api.import_mail(message("a"), message("b"), message("c"))
    assert (grown["new"], grown["unchanged"], adds_up(grown)) == (1, 2, True)


async def test_what_could_not_be_read_is_named_page_by_page(api: Api) -> None:
    mails = [message(f"Broken {n}", "Text", id=f"{n}@x.example", date="yesterday, they say") for n in range(5)]
    run = await api.import_mail(*mails, message("whole"))

    found: list[Document] = []
    response = await api.http.get(f"/api/v1/sync/runs/{run['id']}/warnings", params={"limit": 2})
    found += ok(response)["items"]
    while "next" in response.links:
        response = await api.http.get(response.links["next"]["url"])
        found += ok(response)["items"]

    assert run["warnings_total"] == len(run["warnings"]) == len(found) == 5
    assert found == run["warnings"]
    assert all("yesterday, they say" in warning["why"] and warning["what"] for warning in found)
    problem(await api.http.get("/api/v1/sync/runs/99/warnings"), 404)


async def test_an_import_joins_the_integration_that_is_named(api: Api) -> None:
    place = await api.post("/integrations", {"kind": "mbox", "name": "archive"})

    run = await api.import_mail(message(), into="archive")

    assert run["integration"] == "archive"
    assert (await api.get(f"/integrations/{place['id']}"))["items"] == 1


async def test_an_import_joins_no_integration_of_another_kind(api: Api) -> None:
    await api.post("/integrations", {"kind": "eml", "name": "letters"})

    refused = problem(await api.upload(mbox(message()), into="letters"), 422)

    assert "letters is of kind eml" in refused["detail"]
    assert (await api.get("/sync/runs"))["items"] == []
    assert list(api.app.state.upload_folder.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "says", "and_what_would_do"),
    [
        (b"", "notes.txt is an empty file", False),
        (b"PK\x03\x04 zip", "zip archive", False),
        (b"\x00\x01\x02\xff" * 100, "binary", True),
        (b"Dear diary, nothing happened.\n", "in no form that is known here", True),
    ],
)
async def test_a_file_of_no_known_kind_is_refused_with_the_reason_or_else_with_what_would_do(
    api: Api, content: bytes, says: str, and_what_would_do: bool
) -> None:
    refused = problem(await api.upload(content, "notes.txt"), 422)

    assert says in refused["detail"]
    assert ("an .mbox file" in refused["detail"]) == and_what_would_do
    assert locations(refused) == ["body.file"]
    assert list(api.app.state.upload_folder.iterdir()) == []


async def test_a_kind_may_be_named_and_must_be_one(api: Api) -> None:
    run = await api.import_mail(message(), kind="mbox")
    assert run["new"] == 1

    refused = problem(await api.upload(mbox(message()), kind="fax"), 422)
    assert locations(refused) == ["body.kind"]
    assert "mbox" in refused["errors"][0]["message"]


async def test_an_import_without_a_file_is_refused(sqlite_api: Api) -> None:
    for request in ({}, {"data": {"file": "text"}}, {"json": {"file": "x"}}, {"files": {"other": b"x"}}):
        response = await sqlite_api.http.post("/api/v1/integrations/import", **request)
        assert locations(problem(response, 422)) == ["body.file"]


async def test_a_file_beyond_the_limit_is_refused(
    sqlite_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> None:
    small = settings_on(settings, sqlite_database).model_copy(update={"import_max_bytes": 1000})
    async with serving(small, clock, tmp_path / "uploads") as api:
        refused = problem(await api.upload(mbox(message("x", "y" * 1000))), 413)
        assert "1000 bytes" in refused["detail"]
        assert (await api.upload(mbox(message()))).status_code == 202


async def test_what_one_process_accepted_another_carries_out(
    database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> None:
    where = settings_on(settings, database), clock, tmp_path / "uploads"
    async with serving(*where) as answering:
        accepted = ok(await answering.upload(mbox(message("a"), message("b"))))["run"]

    async with serving(*where) as working:
        assert await working.jobs.import_next()
        assert not await working.jobs.import_next()
        run = await working.get(f"/sync/runs/{accepted['id']}")

    assert (run["state"], run["new"]) == ("succeeded", 2)


async def test_an_abandoned_import_is_taken_up_where_it_stood(
    database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> None:
    small = settings_on(settings, database).model_copy(update={"import_page_size": 2})
    mails = [message(f"mail {n}", date="no date" if n == 1 else "Mon, 02 Mar 2026 08:00:00 +0000") for n in range(5)]
    async with serving(small, clock, tmp_path / "uploads") as api:
        accepted = ok(await api.upload(mbox(*mails), "all.mbox"))["run"]["id"]
        await die_after_first_page(api, accepted)
        half = await api.get(f"/sync/runs/{accepted}")
        assert (half["state"], half["read"], half["warnings_total"]) == ("running", 2, 1)

        clock.advance(LEASE)
        assert not await api.jobs.import_next()  # its process may still live
        clock.advance(seconds=1)
        assert await api.jobs.import_next()

        run = await api.get(f"/sync/runs/{accepted}")
        assert (run["state"], run["read"], run["new"], adds_up(run)) == ("succeeded", 5, 5, True)
        assert (run["warnings_total"], run["tasks"]["new"]) == (1, 5)
        assert len(await api.titles()) == 5


async def die_after_first_page(api: Api, run_id: int) -> None:
    """Carry out a waiting import until its first page is stored, then no further."""
    state = api.app.state
    async with database_of(api).writing() as session:
        run = (await session.execute(select(SyncRun).where(SyncRun.id == run_id))).scalar_one()
        run.state, run.seen_at = "running", state.clock()
        path = Path(run.path or "")

    def die(_run: SyncRun) -> None:
        raise InterruptedByTest

    work = importing_from(state.settings, database_of(api), state.clock)
    with pytest.raises(InterruptedByTest):
        await importing.carry_out(work, run_id, registry.KINDS["mbox"], path, on_page=die)


class InterruptedByTest(Exception):
    """A process that is killed."""
