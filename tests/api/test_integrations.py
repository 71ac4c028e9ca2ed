"""Where work comes from: configured, renamed, deleted with what came from there."""

import asyncio

import pytest
from sqlalchemy import select

from app.domains.tasks.models import TaskFacts
from tests.api.client import Api, Document, database_of, locations, message, ok, problem
from tests.conftest import SettableClock

PLACES = "/api/v1/integrations"


async def test_a_new_integration_is_answered_with_its_address(api: Api) -> None:
    response = await api.http.post(PLACES, json={"kind": "mbox", "name": " archive ", "settings": {"a": [1, None]}})

    place = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"{PLACES}/{place['id']}"
    assert (place["name"], place["settings"], place["state"], place["level"]) == (
        "archive",
        {"a": [1, None]},
        "new",
        "NORMAL",
    )
    assert (place["items"], place["last_success_at"], place["last_error"]) == (0, None, None)
    assert await api.get(f"/integrations/{place['id']}") == place
    assert (await api.get("/integrations"))["items"] == [place]


@pytest.mark.parametrize(
    ("body", "location"),
    [
        ({"kind": "fax", "name": "x"}, "body.kind"),
        ({"name": "x"}, "body.kind"),
        ({"kind": "mbox"}, "body.name"),
        ({"kind": "mbox", "name": " "}, "body.name"),
        ({"kind": "mbox", "name": "x" * 201}, "body.name"),
        ({"kind": "mbox", "name": "x", "settings": []}, "body.settings"),
        ({"kind": "mbox", "name": "x", "state": "ready"}, "body.state"),
    ],
)
async def test_an_integration_that_can_not_be_is_refused_by_field(
    sqlite_api: Api, body: Document, location: str
) -> None:
    assert locations(problem(await sqlite_api.http.post(PLACES, json=body), 422)) == [location]


async def test_a_name_belongs_to_one_integration(api: Api) -> None:
    first = await api.post("/integrations", {"kind": "mbox", "name": "a"})
    second = await api.post("/integrations", {"kind": "mbox", "name": "b"})

    assert problem(await api.http.post(PLACES, json={"kind": "eml", "name": "a"}), 409)["integration"] == first["id"]
    problem(await api.http.patch(f"{PLACES}/{second['id']}", json={"name": "a"}), 409)
    assert ok(await api.http.patch(f"{PLACES}/{second['id']}", json={"name": "b"}))["name"] == "b"


async def test_who_take_a_name_at_once_get_one_integration(api: Api) -> None:
    await asyncio.gather(*(api.get("/integrations") for _ in range(8)))  # connections, so that all run at once
    answers = await asyncio.gather(*(api.http.post(PLACES, json={"kind": "mbox", "name": "a"}) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


async def test_imports_that_begin_at_once_join_one_integration(api: Api) -> None:
    await asyncio.gather(*(api.get("/integrations") for _ in range(8)))  # connections, so that all run at once
    answers = await asyncio.gather(*(api.upload(message(str(n)), f"{n}.eml", into="a") for n in range(4)))

    assert {answer.status_code for answer in answers} == {202}
    assert len((await api.get("/integrations"))["items"]) == 1


async def test_an_integration_is_renamed_and_its_tasks_with_it(api: Api) -> None:
    await api.import_mail(message(), into="old")
    (place,) = (await api.get("/integrations"))["items"]
    tag = (await api.http.get("/api/v1/tasks/1")).headers["etag"]

    renamed = ok(await api.http.patch(f"{PLACES}/{place['id']}", json={"name": "new", "settings": {"a": 1}}))

    assert (renamed["name"], renamed["settings"], renamed["items"]) == ("new", {"a": 1}, 1)
    assert (await api.get("/tasks"))["items"][0]["source"]["integration"] == "new"
    shown = await api.http.get("/api/v1/tasks/1", headers={"If-None-Match": tag})
    assert ok(shown)["source"]["integration"] == "new"


async def test_rules_see_the_new_name_and_no_version_grows(api: Api) -> None:
    await api.import_mail(message(), into="old")
    await api.http.patch(f"{PLACES}/1", json={"name": "new"})

    assert await api.jobs.keep_scores()

    async with database_of(api).reading() as session:
        facts = (await session.execute(select(TaskFacts.facts))).scalar_one()
    assert facts["integration"]["value"] == "new"
    assert (await api.task(1))["version"] == 1


async def test_settings_are_left_as_they_are_unless_given(api: Api) -> None:
    place = await api.post("/integrations", {"kind": "mbox", "name": "a", "settings": {"a": 1}})

    ok(await api.http.patch(f"{PLACES}/{place['id']}", json={"name": "b"}))

    assert (await api.get(f"/integrations/{place['id']}"))["settings"] == {"a": 1}


async def test_an_integration_is_deleted_with_all_that_came_from_it_alone(api: Api) -> None:
    shared = message("shared", id="s@x.example")
    await api.import_mail(message("only here"), shared, into="old")
    await api.import_mail(shared, message("elsewhere"), into="kept")
    await api.create("by hand")
    old = next(place for place in (await api.get("/integrations"))["items"] if place["name"] == "old")

    answer = ok(await api.http.delete(f"{PLACES}/{old['id']}"))

    assert (answer["deleted"], answer["items"], answer["tasks"]) == (old["id"], 2, 1)
    assert sorted(await api.titles()) == ["by hand", "elsewhere", "shared"]
    assert {run["integration"] for run in (await api.get("/sync/runs"))["items"]} == {"kept"}
    problem(await api.http.get(f"{PLACES}/{old['id']}"), 404)
    problem(await api.http.delete(f"{PLACES}/{old['id']}"), 404)


async def test_an_integration_is_not_deleted_under_a_running_import(api: Api) -> None:
    ok(await api.upload(message(), "a.eml"))
    (place,) = (await api.get("/integrations"))["items"]

    problem(await api.http.delete(f"{PLACES}/{place['id']}"), 409)

    assert place["state"] == "syncing"


async def test_an_integration_says_how_old_its_news_is(api: Api, clock: SettableClock) -> None:
    await api.import_mail(message())
    clock.advance(minutes=5)

    (place,) = (await api.get("/integrations"))["items"]

    assert (place["items"], place["cursor_age_s"], place["state"]) == (1, 300, "ok")


async def test_the_kinds_say_what_to_give_them(sqlite_api: Api) -> None:
    kinds = (await sqlite_api.get("/integrations/kinds"))["items"]

    assert {"mbox", "eml", "maildir"} <= {kind["kind"] for kind in kinds}
    assert all(kind["title"] and kind["description"] for kind in kinds)
    assert all(kind["file_hint"] or kind["live"] for kind in kinds)


async def test_a_setting_with_a_wrong_value_is_named_in_the_sentence_too(api: Api) -> None:
    wrong = {"kind": "gmail", "name": "mail", "settings": {"since": "gestern"}}
    unknown = {"kind": "gmail", "name": "mail", "settings": {"sinse": "2026-01-01"}}

    value = problem(await api.http.post("/api/v1/integrations", json=wrong), 422)
    name = problem(await api.http.post("/api/v1/integrations", json=unknown), 422)

    assert value["detail"].startswith("These settings of Gmail can't be used: since ")
    assert name["detail"].startswith("These are no settings of Gmail. There are since, ")
