"""A draft previewed over HTTP, and the health of rules: what would change, and that nothing did."""

import json
from datetime import timedelta
from typing import Any

import httpx

from tests.api.client import Api, Document, locations, message, ok, problem
from tests.conftest import SettableClock
from tests.domains.rulesets.texts import rule, text

PREVIEW = "/api/v1/rulesets/preview"
TOML = {"Content-Type": "application/toml"}


async def send(api: Api, content: str, **query: Any) -> httpx.Response:
    return await api.http.post(PREVIEW, content=content.encode(), headers=TOML, params=query)


async def preview(api: Api, content: str, **query: Any) -> Document:
    return ok(await send(api, content, **query))


async def tasks(api: Api) -> dict[str, int]:
    """Three open tasks, by title; as «default» ranks them, the urgent one stands first."""
    await api.import_mail(
        message("Server down", "This is urgent: the server is down. Could you restart it?"),
        message("Offer", "Could you please send me the offer?"),
    )
    await api.create("Lunch")
    return {task["title"]: task["id"] for task in (await api.get("/tasks"))["items"]}


async def test_who_moves_is_told_with_both_explanations(api: Api) -> None:
    ids = await tasks(api)
    draft = text("mine", points=-30, more=rule("ours", 50))

    found = await preview(api, draft)

    assert (found["draft"], found["against"]) == ({"name": "mine", "rules": 2}, {"name": "default", "version": 1})
    assert (found["tasks"], found["of"]) == (3, 3)
    down = next(mover for mover in found["movers"]["down"] if mover["task"] == ids["Server down"])
    assert (down["title"], down["rank_before"]) == ("Server down", 1)
    score = await api.get(f"/tasks/{ids['Server down']}/score")
    for name in ("contributions", "also_checked", "points", "band", "valid_until", "reasons"):
        assert down["before"][name] == score[name]
    assert [line["rule"] for line in down["after"]["contributions"]] == ["urgent", "ours"]
    for mover in found["movers"]["up"] + found["movers"]["down"]:
        for side in ("before", "after"):
            lines = [line["points"] for line in mover[side]["contributions"]]
            assert sum(lines) == mover[side]["points"] == mover[f"points_{side}"]


async def test_the_top_and_the_bands_before_are_those_of_the_queue(api: Api) -> None:
    await tasks(api)
    queue = (await api.get("/tasks"))["items"]

    found = await preview(api, text("mine"))

    assert [each["task"] for each in found["top_before"]] == [task["id"] for task in queue]
    assert [each["points_before"] for each in found["top_before"]] == [task["points"] for task in queue]
    for band, passage in found["bands"].items():
        assert passage["before"] == sum(task["band"] == band for task in queue)
        assert passage["after"] == passage["before"] + passage["came"] - passage["left"]
        assert {"share_before", "share_after", "in", "out"} <= set(passage)


async def test_nothing_is_saved_and_nothing_ranks_otherwise(api: Api) -> None:
    await tasks(api)
    before = [await api.get("/tasks"), await api.get("/rulesets")]

    await preview(api, text("mine", points=80))

    assert [await api.get("/tasks"), await api.get("/rulesets")] == before


async def test_the_active_ruleset_against_itself_moves_nothing(api: Api) -> None:
    await tasks(api)

    found = ok(await api.http.post(PREVIEW, json={"name": "default"}))

    assert (found["moved"], found["by_themselves"], found["correlation"], found["changes"]) == (0, 0, 1.0, [])
    assert found["movers"] == {"up": [], "down": []}
    assert found["history"] is None


async def test_a_draft_comes_in_every_form_in_which_it_can_be_saved(api: Api) -> None:
    await tasks(api)
    saved = await api.http.post("/api/v1/rulesets/mine", content=text("mine"), headers=TOML)
    document = ok(saved)["document"]

    forms = [
        {"json": document},
        {"json": {"document": document, "note": "As agreed", "activate": True}},
        {"json": {"toml": text("mine")}},
        {"json": {"name": "mine", "version": 1}},
        {"json": {"name": "mine"}},
        {"content": text("mine"), "headers": TOML},
    ]
    found = [ok(await api.http.post(PREVIEW, **form)) for form in forms]

    for each in found:
        for own in ("seconds",):
            del each[own]
        for mover in each["movers"]["up"] + each["movers"]["down"]:
            mover["after"].pop("ruleset")
    assert all(each == found[0] for each in found)
    assert (await api.get("/rulesets/mine"))["active"] is False


async def test_it_can_be_compared_with_any_stored_version(api: Api) -> None:
    await tasks(api)
    for points in (30, 31):
        ok(await api.http.post("/api/v1/rulesets/mine", content=text("mine", points=points), headers=TOML))

    newest = await preview(api, text("mine", points=32), against="mine")
    older = await preview(api, text("mine", points=32), against="mine@1")

    assert (newest["against"], older["against"]) == ({"name": "mine", "version": 2}, {"name": "mine", "version": 1})
    (change,) = older["changes"]
    assert (change["id"], change["fields"]) == ("urgent", [{"field": "points", "before": 30, "after": 32}])
    problem(await send(api, text("mine"), against="mine@9"), 404)
    problem(await send(api, text("mine"), against="gone"), 404)


async def test_a_draft_that_can_not_be_saved_is_refused_with_all_problems(api: Api) -> None:
    bad = text().replace("says_urgent", "says_urgnt").replace("points = 30", "pionts = 30")

    found = problem(await send(api, bad), 422)

    assert len(found["problems"]) >= 2
    assert {each["rule"] for each in found["problems"]} == {"urgent"}


async def test_what_is_no_ruleset_and_what_is_out_of_bounds_is_refused(sqlite_api: Api) -> None:
    api = sqlite_api

    for body in (
        {},
        {"name": "no such name!"},
        {"name": "default", "version": 0},
        {"name": "default", "version": True},
    ):
        problem(await api.http.post(PREVIEW, json=body), 422)
    problem(await api.http.post(PREVIEW, json={"name": "default", "version": 77}), 404)
    for query in ({"limit": 0}, {"limit": 50_001}, {"history_days": 91}, {"against": "a b"}):
        problem(await send(api, text(), **query), 422)
    broken = await api.http.post(PREVIEW, content=b'{"name": ', headers={"Content-Type": "application/json"})
    assert "JSON" in problem(broken, 422)["detail"]
    assert locations(problem(await send(api, text(), limit=0), 422)) == ["query.limit"]


async def test_only_the_first_tasks_are_ranked_where_a_limit_says_so(api: Api) -> None:
    await tasks(api)

    found = await preview(api, text("mine"), limit=2)

    assert (found["tasks"], found["of"], len(found["top_after"])) == (2, 3, 2)


async def test_an_empty_queue_has_a_preview_too(api: Api) -> None:
    found = await preview(api, text("mine"), history_days=30)

    assert (found["tasks"], found["moved"], found["correlation"], found["warnings"]) == (0, 0, None, [])
    assert found["history"]["sentence"] == "No task was late in this time."


async def test_a_draft_that_puts_everything_in_now_is_warned_of(api: Api) -> None:
    for number in range(10):
        await api.create(f"Task {number}")
    everything = text("mine", more=rule("all", 100).replace("turn == 'ours'", "'title' in known"))

    found = await preview(api, everything)

    assert [warning["code"] for warning in found["warnings"]] == ["everything_now"]
    assert "where everything is urgent, nothing is" in found["warnings"][0]["sentence"]


async def test_a_rule_that_fails_on_one_task_is_warned_of_and_stops_nothing(api: Api) -> None:
    ids = await tasks(api)
    draft = text("mine", more=rule("ratio", 5).replace("turn == 'ours'", "asks / replies > 1"))

    found = await preview(api, draft)

    (warning,) = found["warnings"]
    assert (warning["code"], warning["rule"]) == ("failing_rule", "ratio")
    assert "2 tasks" in warning["sentence"] or f"task {ids['Offer']}" in warning["sentence"]


async def test_what_was_late_would_have_been_seen_sooner(api: Api, clock: SettableClock) -> None:
    for number in range(25):
        await api.create(f"Filler {number}", priority="urgent")
    late = await api.create("Pay the rent", due_at=(clock.now + timedelta(days=6)).isoformat(), labels=["rent"])
    clock.advance(days=7)
    await api.verb(late["task"]["id"] if "task" in late else late["id"], "complete")
    clock.advance(hours=12)
    found = await preview(
        api, text("mine", more=rule("rent").replace("turn == 'ours'", "'rent' in labels")), history_days=10
    )

    history = found["history"]
    assert (history["days"], history["late"], history["earlier"]) == (10, 1, 1)
    assert history["median_earlier_h"] > 0
    (row,) = history["rows"]
    assert row["title"] == "Pay the rent"
    assert row["first_in_top_twenty_after"] is not None
    assert any("moments" in note for note in history["notes"])


async def test_the_health_of_the_rules_is_that_of_the_active_ruleset(api: Api) -> None:
    ids = await tasks(api)
    active = text("mine", more=rule("ratio", 5).replace("turn == 'ours'", "asks / replies > 1") + rule("ours"))
    ok(await api.http.post("/api/v1/rulesets/mine?activate=true", content=active, headers=TOML))

    found = await api.get("/rulesets/health")

    assert (found["ruleset"], found["tasks"], found["of"]) == ({"name": "mine", "version": 1}, 3, 3)
    rules = {each["rule"]: each for each in found["rules"]}
    assert (rules["urgent"]["fired"], rules["urgent"]["points_total"], rules["urgent"]["dead"]) == (1, 30, False)
    assert rules["ratio"]["errors"] == 2
    assert set(rules["ratio"]["failing"]["tasks"]) == {ids["Server down"], ids["Offer"]}
    assert (rules["ours"]["fired"], rules["ratio"]["fired"]) == (2, 0)
    assert found["notes"] == []


async def test_a_rule_that_fired_of_late_is_not_dead(api: Api, clock: SettableClock) -> None:
    ids = await tasks(api)
    ok(await api.http.post("/api/v1/rulesets/mine?activate=true", content=text("mine"), headers=TOML))
    await api.verb(ids["Server down"], "complete")

    of_late = await api.get("/rulesets/health")
    clock.advance(days=31)
    long_ago = await api.get("/rulesets/health", days=30)

    assert [each["rules"][0]["fired"] for each in (of_late, long_ago)] == [0, 0]
    assert [each["rules"][0]["dead"] for each in (of_late, long_ago)] == [False, True]


async def test_the_words_of_these_addresses_are_no_names(sqlite_api: Api) -> None:
    answer = await sqlite_api.http.get(PREVIEW)

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert "rules" in json.loads((await sqlite_api.http.get("/api/v1/rulesets/health")).content)
