"""Nobody acts on what they may not see, nor changes it by the way; whose an integration is says who sees it."""

from typing import Any

import httpx
import pytest

from app.domains.connections.privacy import MOST_VIEWERS
from tests.api.client import TASKS, Api, mbox, message, ok, problem
from tests.api.private.world import MAILBOX, World, canaries, task_called


def asked_for(private: World) -> list[int]:
    return private.hidden["task_id"]


async def test_a_filter_and_a_claim_pass_over_what_is_hidden(private: World) -> None:
    async with private.as_("otto") as otto:
        body = {"filter": {"status": ["open"]}, "action": {"verb": "complete"}, "dry_run": True}
        matched = (await otto.post("/tasks/bulk", body))["matched"]
        listed = (await otto.get("/tasks", count="true"))["total"]
        claimed = [(await otto.post("/tasks/claim", {"user": "otto"}))["task"] for _ in range(20)]

    assert matched == listed
    assert not {task["id"] for task in claimed if task} & set(asked_for(private))
    assert canaries(str(claimed)) == []


async def test_a_bulk_skips_hidden_ids_as_ids_that_there_are_not(private: World) -> None:
    hidden = asked_for(private)[0]
    async with private.as_("otto") as otto:
        body = {"ids": [hidden, 987_654], "action": {"verb": "complete"}}
        answered = await otto.post("/tasks/bulk", body)

    assert answered["changed"] == 0
    assert {each["why"] for each in answered["skipped_why"]} == {"There is no such task."}


async def test_what_somebody_else_did_to_what_is_hidden_can_t_be_taken_back(private: World) -> None:
    async with private.as_("otto") as otto:
        refused = problem(await otto.http.post(f"/api/v1/undo/{private.undo}"), 404)
        unknown = problem(await otto.http.post("/api/v1/undo/abcdefabcdef"), 404)
    assert refused["detail"] == unknown["detail"]

    async with private.as_("olga") as olga:
        await olga.post(f"/undo/{private.undo}")


async def test_a_dependency_that_is_hidden_is_none_that_may_be_named_and_none_that_is_lost(private: World) -> None:
    fire, first = await task_called(private, "Printer on fire"), await task_called(private, "Canarysubject contract")
    march = await task_called(private, "Invoice for March")
    async with private.as_("otto") as otto:
        named = problem(await otto.http.patch(f"{TASKS}/{march}", json={"dependencies": [first]}), 422)
        unknown = problem(await otto.http.patch(f"{TASKS}/{march}", json={"dependencies": [987_654]}), 422)
        made = problem(await otto.http.post(TASKS, json={"title": "x", "dependencies": [first]}), 422)
        changed = await otto.patch(fire, dependencies=[march])

    assert named["detail"].replace(str(first), "ID") == unknown["detail"].replace("987654", "ID")
    assert made["detail"] == named["detail"]
    assert changed["task"]["dependencies"] == [march]
    assert canaries(str(changed)) == []
    async with private.as_("olga") as olga:
        assert (await olga.task(fire))["dependencies"] == sorted([first, march])


async def test_a_score_keeps_what_is_hidden_from_it_and_names_nobody(private: World) -> None:
    march = await task_called(private, "Invoice for March")
    async with private.as_("olga") as olga:
        full = await olga.get(f"/tasks/{march}/score")
    async with private.as_("otto") as otto:
        score = await otto.get(f"/tasks/{march}/score")
        facts = (await otto.get(f"/tasks/{march}/facts"))["facts"]

    assert score["points"] == full["points"] == sum(line["points"] for line in score["contributions"])
    assert canaries(str(full))
    assert canaries(str(score)) == []
    assert {fact["name"]: fact["value"] for fact in facts}["blocks"] == []


@pytest.mark.parametrize("verb", ["merge", "rank-above"])
async def test_nothing_is_joined_with_what_is_hidden(private: World, verb: str) -> None:
    hidden, march = asked_for(private)[0], await task_called(private, "Invoice for March")
    name = "into" if verb == "merge" else "other"
    async with private.as_("otto") as otto:
        refused = problem(await otto.http.post(f"{TASKS}/{march}/{verb}", json={name: hidden}), 404)
        unknown = problem(await otto.http.post(f"{TASKS}/{march}/{verb}", json={name: 987_654}), 404)

    assert refused["detail"].replace(str(hidden), "ID") == unknown["detail"].replace("987654", "ID")


async def test_a_name_that_is_taken_is_all_that_is_told_of_it(private: World) -> None:
    async with private.as_("otto") as otto:
        body = {"kind": "mbox", "name": MAILBOX}
        taken = problem(await otto.http.post("/api/v1/integrations", json=body), 409)
        into = problem(await otto.upload(mbox(message()), into=MAILBOX), 409)

    assert taken["detail"] == into["detail"] == f"There is an integration named {MAILBOX} already."
    assert "integration" not in taken


async def test_an_import_without_a_name_goes_round_a_hidden_one(private: World) -> None:
    async with private.as_("olga") as olga:
        await olga.import_mail(message("Canaryown"), private="true")
    async with private.as_("otto") as otto:
        run = await otto.import_mail(message("Mine"))
        assert run["integration"] == "mbox 2"
        assert await otto.titles(q="Mine") == ["Mine"]


async def test_nor_does_it_join_a_private_one_of_whoever_imports_but_where_they_say_so(private: World) -> None:
    async with private.as_("olga") as olga:
        own = await olga.import_mail(message("Canaryown"), private="true")
        again = await olga.import_mail(message("Canaryagain"), private="true")
        for_all = await olga.import_mail(message("For all"))
        named = await olga.import_mail(message("Canarynamed"), into="mbox")

    names = [each["integration"] for each in (own, again, for_all, named)]
    assert names == ["mbox", "mbox", "mbox 2", "mbox"]


async def test_what_is_to_be_private_goes_beside_what_everybody_sees(private: World) -> None:
    async with private.as_("olga") as olga:
        for_all = await olga.import_mail(message("For all"))
        own = await olga.import_mail(message("Canaryown"), private="true")
        again = await olga.import_mail(message("Canaryagain"), private="true")

    assert [each["integration"] for each in (for_all, own, again)] == ["mbox", "mbox 2", "mbox 2"]


async def test_nobody_s_key_pulls_all_that_is_due_and_reads_of_what_is_shown(private: World) -> None:
    async with private.as_("a key of nobody") as cron:
        answered = await cron.http.post("/api/v1/sync")

    assert canaries(answered.text) == []


class TestSharing:
    """Who says who sees it."""

    async def place(self, api: Api, name: str = "team mail") -> str:
        found = (await api.get("/integrations", limit=50))["items"]
        return f"/api/v1/integrations/{next(each['id'] for each in found if each['name'] == name)}"

    async def patched(self, world: World, who: str, **body: Any) -> httpx.Response:
        async with world.as_(who) as api:
            return await api.http.patch(await self.place(api, body.pop("of", "team mail")), json=body)

    async def test_its_owner_names_who_else_sees_it_and_shares_it_again(self, private: World) -> None:
        shown = ok(await self.patched(private, "olga", of=MAILBOX, viewers=["nora@example.com", private.users["otto"]]))
        assert [each["email"] for each in shown["viewers"]] == ["nora@example.com", "otto@example.com"]
        assert shown["owner"]["email"] == "olga@example.com"
        async with private.as_("otto") as otto:
            assert ok(await otto.http.get(await self.place(otto, MAILBOX)))["private"]

        ok(await self.patched(private, "olga", of=MAILBOX, private=False))
        async with private.as_("vera") as vera:
            assert ok(await vera.http.get(await self.place(vera, MAILBOX)))["viewers"] == []

    async def test_whoever_is_named_sees_it_and_does_not_change_it(self, private: World) -> None:
        ok(await self.patched(private, "olga", of=MAILBOX, viewers=["otto@example.com", "ada@example.com"]))

        refused = problem(await self.patched(private, "otto", of=MAILBOX, name="mine"), 403)
        assert refused["detail"] == f"{MAILBOX} is not yours: its owner or an admin may change it."
        refused = problem(await self.patched(private, "ada", of=MAILBOX, private=False), 403)
        assert refused["detail"] == f"{MAILBOX} is not yours: only its owner says who sees it."

    async def test_an_admin_makes_private_what_nobody_owns_and_owns_it_then(self, private: World) -> None:
        problem(await self.patched(private, "otto", private=True), 403)
        shown = ok(await self.patched(private, "ada", private=True))
        assert shown["owner"]["email"] == "ada@example.com"
        async with private.as_("otto") as otto:
            assert await otto.titles() == ["Written by hand"]

    async def test_a_key_of_nobody_makes_nothing_private(self, private: World) -> None:
        async with private.as_("a key of nobody") as api:
            body = {"kind": "mbox", "name": "mine", "private": True}
            refused = problem(await api.http.post("/api/v1/integrations", json=body), 422)
        assert "needs an owner" in refused["detail"]

    async def test_a_viewer_that_there_is_not_and_one_of_what_all_see(self, private: World) -> None:
        problem(await self.patched(private, "olga", of=MAILBOX, viewers=["nobody@example.com"]), 422)
        problem(await self.patched(private, "ada", viewers=["otto@example.com"]), 409)
        problem(await self.patched(private, "olga", of=MAILBOX, viewers=list(range(1, MOST_VIEWERS + 2))), 422)

    async def test_deleting_it_shows_nothing_of_it_to_anybody(self, private: World) -> None:
        """Also not of tasks that its owner had set something on, nor people whom nobody else knew."""
        async with private.as_("olga") as olga:
            ok(await olga.http.delete(await self.place(olga, MAILBOX)))
            ok(await olga.http.delete(await self.place(olga, "Canarytable")))
        while await private.api.jobs.keep_scores():
            pass
        async with private.as_("vera") as vera:
            read = [await vera.get("/tasks", limit=50), await vera.get("/people", limit=50)]
            read += [await vera.get(f"/tasks/{task['id']}/score") for task in read[0]["items"]]

        assert [words for each in read for words in canaries(str(each))] == []


async def test_taking_a_mixed_task_apart_leaves_nothing_private_behind(private: World) -> None:
    mixed = await task_called(private, "Root of a thread")
    async with private.as_("olga") as olga:
        items = (await olga.get(f"/tasks/{mixed}/items"))["items"]
        own = [each["id"] for each in items if each["integration"] == MAILBOX]
        private.clock.advance(minutes=1)
        await olga.verb(mixed, "split", items=own)
    async with private.as_("vera") as vera:
        read = [await vera.task(mixed), await vera.get(f"/tasks/{mixed}/history")]
        read += [
            await vera.get(f"/tasks/{mixed}/score", at=at) for at in ("2026-03-02T09:00:00Z", "2026-03-02T09:00:30Z")
        ]
        read.append(await vera.get(f"/tasks/{mixed}/facts", at="2026-03-02T09:00:30Z"))

    assert [words for each in read for words in canaries(str(each))] == []
