"""Counts and shared views tell nothing of what is private."""

import httpx

from tests.api.client import Document, ok
from tests.api.private.world import MAILBOX, World, canaries, shown


async def counts(world: World, who: str) -> Document:
    async with world.as_(who) as api:
        return ok(await api.http.get("/api/v1/tasks/counts"))


async def test_whoever_may_not_see_a_task_does_not_count_it(private: World) -> None:
    hers, his = await counts(private, "olga"), await counts(private, "vera")

    async with private.as_("vera") as vera:
        listed = await vera.get("/tasks", count=True)
        answer = await vera.http.get("/api/v1/tasks/counts")
    assert his["total"] == listed["total"] < hers["total"]
    assert canaries(shown(answer)) == []


async def test_a_shared_view_names_no_integration_that_its_reader_may_not_see(private: World) -> None:
    async with private.as_("olga") as olga:
        body = {"name": "Ours", "shared": True, "filter": {"integration": [MAILBOX, "team mail"]}}
        made = await olga.post("/views", body)
    assert made["filter"]["integration"] == [MAILBOX, "team mail"]

    number = str(private.hidden["integration_id"][0])
    async with private.as_("vera") as vera:
        answer = await vera.http.get(f"/api/v1/views/{made['id']}")
        listed = await vera.http.get("/api/v1/views")
        only = await vera.get("/tasks/counts", integration=number)
    assert answer.json()["filter"]["integration"] == [number, "team mail"]
    assert canaries(shown(answer)) + canaries(shown(listed)) == []
    assert only["total"] == 0


async def test_who_changes_a_view_without_seeing_an_integration_does_not_lose_it(private: World) -> None:
    async with private.as_("olga") as olga:
        made = await olga.post("/views", {"name": "Ours", "shared": True, "filter": {"integration": [MAILBOX]}})
    async with private.as_("ada") as ada:
        seen = (await ada.get(f"/views/{made['id']}"))["filter"]
        ok(await ada.http.patch(f"/api/v1/views/{made['id']}", json={"filter": {**seen, "band": ["now"]}}))

    async with private.as_("olga") as olga:
        assert (await olga.get(f"/views/{made['id']}"))["filter"]["integration"] == [MAILBOX]


async def test_the_name_of_a_hidden_integration_is_refused_as_one_that_there_is_not(private: World) -> None:
    async def refused(name: str) -> httpx.Response:
        async with private.as_("vera") as vera:
            return await vera.http.post("/api/v1/views", json={"name": "x", "filter": {"integration": [name]}})

    hidden, unknown = await refused(MAILBOX), await refused("no such mailbox")

    assert hidden.status_code == unknown.status_code == 422
    assert hidden.json()["detail"] == unknown.json()["detail"].replace("no such mailbox", MAILBOX)
