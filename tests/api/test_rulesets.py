"""Rulesets over HTTP: checked with every problem, saved in versions, activated, rolled back and compared."""

import json
from typing import Any

import httpx
import pytest

from app.domains.ranking import ruleset
from app.domains.ranking.catalogue import CATALOGUE
from tests.api.client import Api, Document, locations, message, ok, problem
from tests.domains.rulesets.texts import rule, text

RULESETS = "/api/v1/rulesets"
TOML = {"Content-Type": "application/toml"}
DOCUMENT: Document = {
    "name": "own",
    "bands": {"now": 70, "next": 40, "later": 15},
    "rules": [
        {
            "id": "near",
            "title": "Deadline near",
            "say": "Due {due_at}",
            "curve": {"hours_to": "due_at", "points": [{"at": "7d", "points": 0}, {"at": "1d", "points": 30.0}]},
        }
    ],
}
BAD = text().replace("says_urgent", "says_urgnt").replace("points = 30", "pionts = 30")


async def send(
    api: Api, name: str, content: str, headers: dict[str, str] | None = None, **query: Any
) -> httpx.Response:
    path = f"{RULESETS}/{name}"
    return await api.http.post(path, content=content.encode(), headers=TOML | (headers or {}), params=query)


async def save(api: Api, name: str = "own", content: str | None = None, **query: Any) -> Document:
    return ok(await send(api, name, content or text(name), **query))


async def active(api: Api) -> list[tuple[str, int]]:
    found = (await api.get("/rulesets", limit=200))["items"]
    return [(each["name"], each["active_version"]) for each in found if each["active"]]


async def test_a_new_installation_has_the_shipped_rulesets_and_the_default_ranks(api: Api) -> None:
    found = {each["name"]: each for each in (await api.get("/rulesets"))["items"]}

    assert set(found) == set(ruleset.SHIPPED)
    assert await active(api) == [("default", 1)]
    default = found["default"]
    assert (default["version"], default["versions"], default["shipped"]) == (1, 1, True)
    assert default["rules"] == len(ruleset.default().rules)
    assert default["description"] == ruleset.default().description


async def test_a_toml_file_is_saved_as_it_is_with_a_number_author_and_note(api: Api) -> None:
    answer = await send(api, "own", text(), note="As agreed", author="ana")

    saved = ok(answer)
    assert (answer.status_code, answer.headers["location"]) == (201, "/api/v1/rulesets/own?version=1")
    assert (saved["name"], saved["version"], saved["author"], saved["note"]) == ("own", 1, "ana", "As agreed")
    assert (saved["text"], saved["rules"], saved["active"], saved["changed"]) == (text(), 1, False, True)
    assert saved["previous"] is None
    shown = ok(await api.http.get(answer.headers["location"]))
    assert shown == {name: value for name, value in saved.items() if name not in ("changed", "previous")}
    assert shown["document"]["rules"][0]["points"] == 30


async def test_what_curl_sends_by_default_is_taken_as_toml(api: Api) -> None:
    for kind in ("application/x-www-form-urlencoded", "text/plain; charset=utf-8"):
        content = text(points=len(kind))
        sent = await api.http.post(f"{RULESETS}/own", content=content, headers={"Content-Type": kind})
        assert sent.status_code == 201


async def test_the_same_text_again_saves_nothing_and_says_so(api: Api) -> None:
    await save(api)
    again = await send(api, "own", text(), note="Once more")

    assert (again.status_code, again.json()["changed"], again.json()["version"]) == (200, False, 1)
    assert (await save(api, content=text(points=5)))["previous"] == {"name": "own", "version": 1}


@pytest.mark.parametrize(
    "body",
    [
        DOCUMENT,
        {"document": DOCUMENT, "note": "As agreed", "author": "ana", "activate": True},
        {"document": DOCUMENT, "note": None, "author": None, "activate": None},
    ],
    ids=["the document", "an envelope", "an envelope with nulls"],
)
async def test_json_is_kept_as_toml_that_means_the_same(api: Api, body: Document) -> None:
    saved = await api.post("/rulesets/own", body)

    assert saved["document"] == DOCUMENT
    assert 'curve.hours_to = "due_at"' in saved["text"]
    assert saved["note"] == (body.get("note") or "")
    assert saved["active"] is bool(body.get("activate"))
    checked = ok(await api.http.post(f"{RULESETS}/check", content=saved["text"]))
    assert checked == {"valid": True, "problems": [], "name": "own", "rules": 1}


async def test_an_envelope_can_hold_toml_and_activates_on_request(api: Api) -> None:
    saved = await api.post("/rulesets/own", {"toml": text(), "activate": True, "note": "Now"})

    assert (saved["text"], saved["active"], saved["note"]) == (text(), True, "Now")
    assert await active(api) == [("own", 1)]


async def test_a_ruleset_that_is_wrong_is_refused_with_all_places(api: Api) -> None:
    found = problem(await send(api, "own", BAD), 422)

    assert "rules[1] urgent.when" in locations(found)
    unknown = next(each for each in found["problems"] if each["where"] == "rules[1] urgent.when")
    assert (unknown["line"], unknown["column"]) == (1, 1)
    assert "did you mean 'says_urgent'?" in unknown["message"]
    assert unknown["document_line"] == 1 + next(at for at, line in enumerate(BAD.splitlines()) if line[:6] == "when =")
    assert len(found["problems"]) >= 2
    problem(await api.http.get(f"{RULESETS}/own"), 404)


async def test_lines_are_told_of_what_somebody_wrote(sqlite_api: Api) -> None:
    document = {"name": "own", "rules": [{"id": "a", "title": "A", "when": "nothing", "points": 1, "say": "A"}]}
    for body, line in (({"toml": BAD}, 9), ({"document": document}, None), (document, None)):
        for path in ("own", "preview"):
            refused = problem(await sqlite_api.http.post(f"{RULESETS}/{path}", json=body), 422)
            when = next(each for each in refused["problems"] if each["field"] == "when")
            assert when["document_line"] == line
            assert ("of the file" in refused["detail"]) == (line is not None)
        checked = ok(await sqlite_api.http.post(f"{RULESETS}/check", json=body))
        assert checked["problems"] == refused["problems"]


async def test_a_check_says_the_same_and_keeps_nothing(api: Api) -> None:
    checked = ok(await api.http.post(f"{RULESETS}/check", content=BAD, headers=TOML))

    refused = problem(await send(api, "own", BAD), 422)
    assert (checked["valid"], checked["name"], checked["rules"]) == (False, "own", None)
    assert checked["problems"] == refused["problems"]
    assert len((await api.get("/rulesets"))["items"]) == len(ruleset.SHIPPED)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/toml", b"\xff"),
        ("application/toml", b"a = "),
        ("application/toml", b"a = " + b"[" * 5_000),
        ("application/toml", b"a = " + b"9" * 5_000),
        ("application/toml", b'name = "a\\u0000b"\nrules = 5'),
        ("application/json", b"\xff"),
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b"{}"),
        ("application/json", b'{"toml": 5}'),
        ("application/json", b'{"toml": "", "document": {}}'),
        ("application/json", b'{"toml": "", "nota": ""}'),
        ("application/json", b'{"document": {"name": null}}'),
        ("application/json", b'{"rules": [{"id": "\\ud800"}]}'),
        ("application/json", b'{"rules": [{"id": "a", "points": NaN}]}'),
        ("application/json", b'{"rules": ' + b"[" * 5_000),
        ("application/json", b'{"rules": ' + b"[" * 50 + b"]" * 50 + b"}"),
        ("", b""),
    ],
)
async def test_whatever_is_sent_a_check_answers_what_is_wrong(sqlite_api: Api, kind: str, content: bytes) -> None:
    checked = ok(await sqlite_api.http.post(f"{RULESETS}/check", content=content, headers={"Content-Type": kind}))

    assert not checked["valid"]
    assert checked["problems"][0]["message"]
    saved = await sqlite_api.http.post(f"{RULESETS}/own", content=content, headers={"Content-Type": kind})
    assert problem(saved, 422)["problems"] == checked["problems"]


async def test_broken_toml_tells_line_and_column_of_the_document(api: Api) -> None:
    checked = ok(await api.http.post(f"{RULESETS}/check", content="name = 'own'\nbands = }", headers=TOML))

    (found,) = checked["problems"]
    assert (found["where"], found["line"], found["column"]) == ("the document", 2, 9)


async def test_a_large_ruleset_is_refused(sqlite_api: Api) -> None:
    found = problem(await send(sqlite_api, "own", text(more="#" * 400_000)), 422)

    assert "larger than 400 kB" in found["detail"]


@pytest.mark.parametrize("name", ["activations", "check2!", "Own", "health"])
async def test_a_name_that_can_not_be_is_refused(sqlite_api: Api, name: str) -> None:
    problem(await send(sqlite_api, name, text("own")), 422)


async def test_words_that_act_take_post_alone(sqlite_api: Api) -> None:
    for word in ("check", "rollback", "preview"):
        refused = await sqlite_api.http.get(f"{RULESETS}/{word}")
        assert (refused.status_code, refused.headers["allow"]) == (405, "POST")


async def test_nobody_can_sign_as_the_program(sqlite_api: Api) -> None:
    assert locations(problem(await send(sqlite_api, "own", text(), author="Watchfloor"), 422)) == ["author"]
    refused = await sqlite_api.http.post(f"{RULESETS}/default/activate", json={"author": "watchfloor"})
    problem(refused, 422)


async def test_an_activation_ranks_every_task_again_and_a_roll_back_undoes_it(api: Api) -> None:
    await api.import_mail(message("The lease", "It is urgent: could you sign it?"))
    (before,) = (await api.get("/tasks"))["items"]
    await save(api, content=text(points=77))

    done = await api.post("/rulesets/own/activate", {"note": "Try it"})
    while await api.jobs.keep_scores():
        pass

    assert (done["ruleset"]["name"], done["ruleset"]["active"], done["changed"]) == ("own", True, True)
    assert done["previous"] == {"name": "default", "version": 1}
    score = await api.get(f"/tasks/{before['id']}/score")
    assert (score["points"], score["ruleset"]) == (77, {"name": "own", "version": 1})
    assert (await api.task(before["id"]))["points"] == 77

    back = await api.post("/rulesets/rollback", {"note": "No"})
    while await api.jobs.keep_scores():
        pass

    assert (back["ruleset"]["name"], back["previous"]) == ("default", {"name": "own", "version": 1})
    assert (await api.task(before["id"]))["points"] == before["points"]
    problem(await api.http.post(f"{RULESETS}/rollback"), 409)


async def test_a_version_can_be_named_and_without_a_number_the_newest_is_meant(api: Api) -> None:
    for points in (1, 2, 3):
        await save(api, content=text(points=points))

    assert (await api.post("/rulesets/own/activate"))["ruleset"]["version"] == 3
    assert (await api.post("/rulesets/own/activate", {"version": 2}))["ruleset"]["version"] == 2
    again = await api.post("/rulesets/own/activate", {"version": 2})
    assert (again["changed"], again["previous"]) == (False, {"name": "own", "version": 2})
    assert (await api.get("/rulesets/own"))["version"] == 2
    assert (await api.get("/rulesets/own", version=1))["version"] == 1
    problem(await api.http.post(f"{RULESETS}/own/activate", json={"version": 4}), 404)
    problem(await api.http.post(f"{RULESETS}/nobody/activate"), 404)
    problem(await api.http.post(f"{RULESETS}/own/activate", json={"version": True}), 422)
    problem(await api.http.get(f"{RULESETS}/own", params={"version": 9}), 404)


async def test_what_ranked_when_can_be_told(api: Api) -> None:
    await save(api, activate=True, author="ana", note="Friday")
    await api.post("/rulesets/rollback", {"author": "ben"})

    found = (await api.get("/rulesets/activations"))["items"]

    assert [(each["name"], each["actor"], each["rolled_back"]) for each in found] == [
        ("default", "ben", True),
        ("own", "ana", False),
        ("default", "watchfloor", False),
    ]
    assert found[1]["note"] == "Friday"
    assert [each["name"] for each in (await api.get("/rulesets/activations", name="own"))["items"]] == ["own"]


async def test_versions_are_listed_newest_first_with_author_and_note(api: Api) -> None:
    for points in (1, 2, 3):
        await save(api, content=text(points=points), note=f"Points {points}", author="ana")
    await api.post("/rulesets/own/activate", {"version": 2})

    found = (await api.get("/rulesets/own/versions"))["items"]

    assert [(each["version"], each["note"], each["active"]) for each in found] == [
        (3, "Points 3", False),
        (2, "Points 2", True),
        (1, "Points 1", False),
    ]
    assert "text" not in found[0]
    problem(await api.http.get(f"{RULESETS}/nobody/versions"), 404)


async def test_two_versions_are_compared_by_rule_and_by_line(api: Api) -> None:
    await save(api, content=text(points=30))
    await save(api, content=text(points=35, more=rule("extra")))

    found = await api.get("/rulesets/own/diff")

    assert (found["from"], found["to"]) == (1, 2)
    assert "-points = 30\n+points = 35\n" in found["text"]
    changed, added = found["changes"]
    assert (changed["what"], changed["section"], changed["id"], changed["title"]) == (
        *("changed", "rule", "urgent"),
        "Says urgent",
    )
    assert changed["fields"] == [{"field": "points", "before": 30, "after": 35}]
    assert (added["what"], added["id"]) == ("added", "extra")
    back = await api.get("/rulesets/own/diff", **{"from": 2, "to": 1})
    assert [each["what"] for each in back["changes"]] == ["changed", "removed"]
    first = await api.get("/rulesets/own/diff", to=1)
    assert (first["from"], {each["what"] for each in first["changes"]}) == (None, {"added"})
    problem(await api.http.get(f"{RULESETS}/own/diff", params={"from": 7}), 404)


async def test_every_list_comes_in_pages(sqlite_api: Api) -> None:
    for points in (1, 2, 3):
        await save(sqlite_api, content=text(points=points), activate=True)

    for path, size in (("", len(ruleset.SHIPPED) + 1), ("/own/versions", 3), ("/activations", 4)):
        cursor: Document = {}
        seen: list[str] = []
        while True:
            page = await sqlite_api.get(f"/rulesets{path}", limit=1, **cursor)
            assert len(page["items"]) == 1
            seen += [json.dumps(each, sort_keys=True) for each in page["items"]]
            if not page["has_more"]:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert len(seen) == len(set(seen)) == size
        foreign = await sqlite_api.http.get(f"{RULESETS}{path}", params={"cursor": "WyJlbHNlIiwgMV0"})
        assert locations(problem(foreign, 422)) == ["query.cursor"]


async def test_what_is_repeated_under_a_key_happens_once(api: Api) -> None:
    key = {"Idempotency-Key": "once"}
    first = await send(api, "own", text(), key)
    again = await send(api, "own", text(), key)
    await save(api, content=text(points=2), activate=True)

    rolled = await api.post("/rulesets/rollback", {}, Idempotency_Key="back")

    assert (again.status_code, again.json()) == (201, first.json())
    assert await api.post("/rulesets/rollback", {}, Idempotency_Key="back") == rolled
    assert await active(api) == [("default", 1)]


async def test_the_catalogue_tells_every_fact_with_type_meaning_and_example(sqlite_api: Api) -> None:
    found = {each["name"]: each for each in (await sqlite_api.get("/facts"))["items"]}

    assert list(found) == list(CATALOGUE)
    assert found["due_at"]["type"] == "timestamp"
    assert found["due_at"]["example"].startswith("2025-09-26T17:00:00")
    assert found["turn"]["values"] == ["ours", "theirs", "nobody"]
    assert all(each["meaning"] and each["example"] is not None for each in found.values())


async def test_a_restart_changes_nothing(sqlite_api: Api) -> None:
    await save(sqlite_api, activate=True)
    before = await sqlite_api.get("/rulesets")

    async with sqlite_api.app.router.lifespan_context(sqlite_api.app):
        assert await sqlite_api.get("/rulesets") == before


async def test_the_nearest_name_is_suggested(api: Api) -> None:
    missing = problem(await api.http.get(f"{RULESETS}/slaa"), 404)

    assert missing["detail"] == "There is no ruleset 'slaa'; did you mean 'sla'?"
    assert problem(await api.http.get(f"{RULESETS}/zzz"), 404)["detail"] == "There is no ruleset 'zzz'."
