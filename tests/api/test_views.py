"""Saved views: whose they are, who sees them, and what they hold."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from app.domains.identity.rules import Role, Scope
from app.domains.saved_views import service
from tests.api.client import Api, Document, locations, message, ok, problem
from tests.api.conftest import key_of
from tests.api.identified import bearer, user

VIEWS = "/api/v1/views"


@asynccontextmanager
async def somebody(api: Api, role: Role, email: str = "", *scopes: Scope) -> AsyncIterator[Api]:
    """The API in the hands of a user of this role, by a key of theirs."""
    whose = await user(api, role, email=email)
    headers = bearer(await key_of(api.app, *(scopes or (Scope.ADMIN,)), user_id=whose.id))
    transport = httpx.ASGITransport(app=api.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://watchfloor.test", headers=headers) as http:
        yield Api(api.app, http)


async def save(api: Api, name: str = "Mine", **fields: Any) -> Document:
    return await api.post("/views", {"name": name, **fields})


async def names(api: Api) -> list[str]:
    return [view["name"] for view in (await api.get("/views"))["items"]]


async def test_a_view_is_kept_as_it_was_saved(api: Api) -> None:
    wanted = {"assignee": ["me", "none"], "band": ["now", "next"], "due": ["overdue"], "q": "invoice"}
    async with somebody(api, Role.OPERATOR, "ana@example.org") as ana:
        answer = await ana.http.post(
            VIEWS, json={"name": " My turn ", "filter": wanted, "group_by": "band", "columns": ["due", "from"]}
        )
        made = ok(answer)
        again = ok(await ana.http.get(answer.headers["Location"]))

    assert answer.status_code == 201
    assert again == made
    assert (made["name"], made["group_by"], made["sort"], made["columns"]) == (
        "My turn",
        "band",
        "rank",
        ["due", "from"],
    )
    assert {name: value for name, value in made["filter"].items() if value} == {**wanted, "status": ["open"]}
    assert made["owner"]["name"] == "ana@example.org"
    assert (made["shared"], made["mine"], made["may_edit"]) == (False, True, True)


async def test_what_a_view_holds_the_queue_can_be_asked_with(api: Api) -> None:
    await api.create("hers", assignee="operator@example.org")
    await api.create("somebody's", assignee="ben")
    async with somebody(api, Role.OPERATOR) as operator:
        held = (await save(operator, filter={"assignee": ["me"], "status": ["open", "done"]}))["filter"]

        assert await operator.titles(**{name: value for name, value in held.items() if value}) == ["hers"]


async def test_a_private_view_is_there_for_its_owner_alone(api: Api) -> None:
    async with (
        somebody(api, Role.OPERATOR, "ana@example.org") as ana,
        somebody(api, Role.ADMIN) as admin,
        somebody(api, Role.VIEWER) as viewer,
    ):
        place = f"{VIEWS}/{(await save(ana))['id']}"

        assert await names(ana) == ["Mine"]
        for other in (admin, viewer, api):
            assert await names(other) == []
            problem(await other.http.get(place), 404)
        for change in (admin.http.patch(place, json={"name": "x"}), admin.http.delete(place)):
            problem(await change, 404)


async def test_a_shared_view_is_seen_by_all_and_changed_by_its_owner_or_an_admin(api: Api) -> None:
    async with (
        somebody(api, Role.OPERATOR, "ana@example.org") as ana,
        somebody(api, Role.OPERATOR, "ben@example.org") as ben,
        somebody(api, Role.ADMIN) as admin,
        somebody(api, Role.VIEWER) as viewer,
    ):
        place = f"{VIEWS}/{(await save(ana, 'Ours', shared=True))['id']}"

        for reader, may_edit in ((ana, True), (ben, False), (admin, True), (viewer, False)):
            seen = ok(await reader.http.get(place))
            assert (seen["mine"], seen["may_edit"]) == (reader is ana, may_edit)
        problem(await ben.http.patch(place, json={"name": "x"}), 403)
        problem(await viewer.http.delete(place), 403)
        problem(await admin.http.patch(place, json={"shared": False}), 403)
        assert ok(await admin.http.patch(place, json={"name": "Everybody's"}))["owner"]["name"] == "ana@example.org"
        assert (await admin.http.delete(place)).status_code == 204
        problem(await ana.http.get(place), 404)


async def test_a_viewer_saves_views_and_shares_none(api: Api) -> None:
    async with somebody(api, Role.VIEWER) as viewer:
        made = await save(viewer)

        shared = problem(await viewer.http.post(VIEWS, json={"name": "Ours", "shared": True}), 403)
        problem(await viewer.http.patch(f"{VIEWS}/{made['id']}", json={"shared": True}), 403)
        assert "tasks:write" in shared["detail"]
        assert ok(await viewer.http.patch(f"{VIEWS}/{made['id']}", json={"sort": "due_at"}))["sort"] == "due_at"
        assert (await viewer.http.delete(f"{VIEWS}/{made['id']}")).status_code == 204


async def test_a_key_that_only_looks_saves_nothing(api: Api) -> None:
    async with somebody(api, Role.OPERATOR, "", Scope.TASKS_READ) as reader:
        problem(await reader.http.post(VIEWS, json={"name": "Mine"}), 403)


async def test_a_key_of_nobody_has_no_private_views(api: Api) -> None:
    assert locations(problem(await api.http.post(VIEWS, json={"name": "Whose"}), 422)) == ["body.shared"]

    made = await save(api, "Ours", shared=True)

    assert (made["owner"], made["mine"], made["may_edit"]) == (None, False, True)


async def test_no_two_views_of_an_owner_bear_one_name(api: Api) -> None:
    async with somebody(api, Role.OPERATOR) as ana, somebody(api, Role.ADMIN) as ben:
        first, second = await save(ana, "Today"), await save(ana, "Tomorrow")
        await save(ben, "Today")

        taken = problem(await ana.http.post(VIEWS, json={"name": "TODAY"}), 409)
        problem(await ana.http.patch(f"{VIEWS}/{second['id']}", json={"name": "today"}), 409)
        assert "TODAY" in taken["detail"]
        assert ok(await ana.http.patch(f"{VIEWS}/{first['id']}", json={"name": "TODAY"}))["name"] == "TODAY"


async def test_an_owner_has_a_bounded_number_of_views(sqlite_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST", 2)
    async with somebody(sqlite_api, Role.OPERATOR) as ana:
        for name in ("one", "two"):
            await save(ana, name)

        assert "at most 2" in problem(await ana.http.post(VIEWS, json={"name": "three"}), 409)["detail"]


async def test_views_come_in_pages(api: Api) -> None:
    async with somebody(api, Role.OPERATOR) as ana:
        for name in ("one", "two", "three"):
            await save(ana, name)
        first = await ana.get("/views", limit=2, count=True)
        second = await ana.get("/views", limit=2, cursor=first["next_cursor"])

    assert [view["name"] for view in first["items"] + second["items"]] == ["one", "two", "three"]
    assert (first["total"], first["has_more"], second["has_more"]) == (3, True, False)


async def test_a_view_follows_the_name_of_its_integration(api: Api) -> None:
    await api.import_mail(message("mailed"), into="team mail")
    made = await save(api, "Ours", shared=True, filter={"integration": ["team mail", "none"]})
    [place] = (await api.get("/integrations"))["items"]
    ok(await api.http.patch(f"/api/v1/integrations/{place['id']}", json={"name": "post"}))

    assert (await api.get(f"/views/{made['id']}"))["filter"]["integration"] == ["post", "none"]

    ok(await api.http.delete(f"/api/v1/integrations/{place['id']}"))

    assert (await api.get(f"/views/{made['id']}"))["filter"]["integration"] == [str(place["id"]), "none"]


async def test_a_view_of_a_deleted_integration_shows_none_that_is_added_later(api: Api) -> None:
    await api.import_mail(message("mailed"), into="team mail")
    made = await save(api, "Ours", shared=True, filter={"integration": ["team mail"]})
    [gone] = (await api.get("/integrations"))["items"]
    ok(await api.http.delete(f"/api/v1/integrations/{gone['id']}"))
    await api.import_mail(message("somebody else's"), into="other mail")

    [added] = (await api.get("/integrations"))["items"]
    held = (await api.get(f"/views/{made['id']}"))["filter"]["integration"]

    assert added["id"] > gone["id"]
    assert held == [str(gone["id"])]
    assert await api.titles(integration=held) == []


async def test_a_change_that_was_decided_on_an_older_view_is_refused(api: Api) -> None:
    async with somebody(api, Role.OPERATOR, "ana@example.org") as ana, somebody(api, Role.ADMIN) as admin:
        made = await save(ana, "Ours", shared=True, filter={"band": ["now"]})
        place = f"{VIEWS}/{made['id']}"
        seen = (await ana.http.get(place)).headers["ETag"]
        theirs = await admin.http.patch(place, json={"filter": {"band": ["next"]}}, headers={"If-Match": seen})

        late = problem(await ana.http.patch(place, json={"filter": {}}, headers={"If-Match": seen}), 412)
        kept = await ana.http.get(place)
        again = {"If-Match": f'"{kept.json()["version"]}"'}

        assert (ok(theirs)["version"], late["version"]) == (made["version"] + 1, made["version"] + 1)
        assert ok(kept)["filter"]["band"] == ["next"]
        assert (await ana.http.get(place, headers={"If-None-Match": kept.headers["ETag"]})).status_code == 304
        assert ok(await ana.http.patch(place, json={"filter": {}}, headers=again))["filter"]["band"] == []
        problem(await ana.http.patch(place, json={"filter": {}}, headers={"If-Match": "yesterday's"}), 400)


async def test_what_changes_nothing_makes_no_other_version(sqlite_api: Api) -> None:
    made = await save(sqlite_api, shared=True)

    same = ok(await sqlite_api.http.patch(f"{VIEWS}/{made['id']}", json={"name": made["name"]}))

    assert (same["version"], same["updated_at"]) == (made["version"], made["updated_at"])


async def test_a_removed_user_leaves_what_they_shared(api: Api) -> None:
    async with somebody(api, Role.OPERATOR, "ana@example.org") as ana:
        await save(ana, "Mine")
        shared = await save(ana, "Ours", shared=True)
    removed = await api.http.delete(f"/api/v1/users/{shared['owner']['id']}")

    assert removed.is_success
    assert await names(api) == ["Ours"]
    assert (await api.get(f"/views/{shared['id']}"))["owner"] is None


async def test_the_trail_tells_what_is_shared_and_not_what_is_private(api: Api) -> None:
    async with somebody(api, Role.OPERATOR, "ana@example.org") as ana:
        made = await save(ana, "Secret plans", filter={"q": "merger"})
        ok(await ana.http.patch(f"{VIEWS}/{made['id']}", json={"sort": "due_at"}))
    private = str((await api.get("/audit", target=f"view:{made['id']}"))["items"])
    shared = await save(api, "Ours", shared=True)

    assert "due_at" in private
    assert "Secret plans" not in private
    assert "merger" not in private
    assert "Ours" in str((await api.get("/audit", target=f"view:{shared['id']}"))["items"])


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body.name"),
        ({"name": "  "}, "body.name"),
        ({"name": "x" * 81}, "body.name"),
        ({"name": "a\nb"}, "body.name"),
        ({"name": "a\u202eb"}, "body.name"),
        ({"name": "x", "shared": "yes"}, "body.shared"),
        ({"name": "x", "filter": {"colour": ["red"]}}, "body.filter.colour"),
        ({"name": "x", "filter": {"band": ["soon"]}}, "body.filter.band.0"),
        ({"name": "x", "sort": "colour"}, "body.sort"),
        ({"name": "x", "group_by": "colour"}, "body.group_by"),
        ({"name": "x", "columns": ["due", "due"]}, "body.columns"),
        ({"name": "x", "columns": ["colour"]}, "body.columns.0"),
        ({"name": "x", "owner": 1}, "body.owner"),
    ],
)
async def test_a_view_that_can_not_be_meant_is_refused_by_field(sqlite_api: Api, body: Document, where: str) -> None:
    assert locations(problem(await sqlite_api.http.post(VIEWS, json=body), 422)) == [where]


@pytest.mark.parametrize("field", ["name", "shared", "filter", "sort", "group_by", "columns"])
async def test_no_field_of_a_view_can_be_cleared(sqlite_api: Api, field: str) -> None:
    made = await save(sqlite_api, shared=True)

    refused = await sqlite_api.http.patch(f"{VIEWS}/{made['id']}", json={field: None})

    assert locations(problem(refused, 422))[0].startswith(f"body.{field}")
