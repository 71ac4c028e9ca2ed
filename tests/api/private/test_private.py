"""A private mailbox is seen by its owner and those named. Nobody else learns of it from any answer of the API: neither
its words, nor that there is anything."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.core.database import Database
from app.settings import Settings
from tests.api.client import Api
from tests.api.private.routes import Call, calls
from tests.api.private.world import MAILBOX, OUTSIDERS, World, add_private, canaries, shown, world
from tests.conftest import SettableClock
from tests.core.sample_rows import contents

UNKNOWN = 987_654
"""No id of anything."""
_MOST = 3
_ABOUT_ALL: Mapping[str, list[dict[str, Any]]] = {
    "list_tasks": [
        {"status": ["open", "snoozed", "done", "declined", "not_for_us"], "count": "true"},
        {"q": "canarytext"},
        {"status": ["open", "done"], "sort": "-updated_at", "limit": 1, "count": "true"},
        {"integration": MAILBOX, "count": "true"},
        {"label": "canarylabelled", "count": "true"},
        {"assignee": "Canaryassignee", "count": "true"},
    ],
    "list_items": [{"q": "canarytext"}, {"context": "true"}, {"integration": MAILBOX}, {"limit": 1}],
    "list_people": [{"q": "canarysender"}, {"limit": 1}],
    "list_runs": [{"integration": UNKNOWN}],
    "list_writes": [{"state": "conflict"}],
    "explain_task": [{"at": "2026-03-02T08:59:00Z"}],
    "list_task_facts": [{"at": "2026-03-02T08:59:00Z"}],
    "compare_tasks": [{"at": "2026-03-02T08:59:00Z"}],
    "list_proposals": [{"state": "open"}],
}
"""What lists are asked besides for, by the route's operation."""


def every_id(world: World) -> dict[str, list[Any]]:
    """Some of what is hidden, and some of what is not."""
    names = {*world.hidden, *world.seen}
    return {n: [*world.hidden.get(n, ())[:_MOST], *(world.seen.get(n, ())[:_MOST] or [UNKNOWN])] for n in names}


async def answers(api: Api, call: Call) -> list[httpx.Response]:
    """The answer, and those to what lists may be asked; each page by page."""
    found = []
    for query in ({}, *_ABOUT_ALL.get(call.operation, ())):
        params = {**call.query, **query}
        while True:
            answer = await api.http.request(call.method, call.path, params=params, json=call.body)
            found.append(answer)
            body = answer.json() if "json" in answer.headers.get("content-type", "") and answer.content else {}
            if not isinstance(body, dict) or not body.get("next_cursor"):
                break
            params = {**params, "cursor": body["next_cursor"]}
    return found


async def everything(world: World, name: str, ids: Mapping[str, list[Any]]) -> list[tuple[Call, httpx.Response]]:
    """All that one of them can read."""
    async with world.as_(name) as api:
        found = [(call, answer) for call in calls(api.app, ids, "GET") for answer in await answers(api, call)]
        for path in ("/", "/docs", "/openapi.json"):
            found.append((Call("GET", path, path), await api.http.get(path)))
    return found


@pytest.mark.parametrize("name", OUTSIDERS)
async def test_no_answer_holds_a_private_word(private: World, name: str) -> None:
    told = {
        (call.path, str(answer.url.query)): canaries(shown(answer))
        for call, answer in await everything(private, name, every_id(private))
        # What was asked for stands in the address alone, and an error may say it back.
    }

    assert {place: words for place, words in told.items() if words} == {}


@pytest.mark.parametrize("name", ["olga", "nora"])
async def test_whoever_may_see_it_sees_all_of_it(private: World, name: str) -> None:
    read = "\n".join(shown(answer) for _, answer in await everything(private, name, every_id(private)))

    words = set(re.findall(r"canary\w+", read.lower()))
    planted = {
        *("canarysubject", "canarytext", "canarysender", "canaryreader", "canarylabel", "canaryname", "canarysetting"),
        *("canaryvalue", "canarytitle", "canaryowner", "canaryproject", "canarytable", "canarylabelled", "canarynoted"),
        *("canarydetail", "canarywhat", "canaryplace", "canarywhy", "canaryline", "canaryspeaker", "canaryfile"),
        *("canarywritten", "canarylevel", "canaryassignee", "canaryreply", "canaryrule"),
    }
    assert planted - words == set()


def hidden_calls(world: World, *methods: str) -> Iterator[tuple[Call, dict[str, Any]]]:
    """Requests about something hidden, each with what has to be put in its place to ask about nothing at all."""
    for call in calls(world.api.app, every_id(world), *methods):
        theirs = [name for name, value in call.values.items() if value in world.hidden.get(name, ())]
        hidden = {name: UNKNOWN + place for place, name in enumerate(theirs)}
        if hidden:
            yield call, hidden


def about_nothing(call: Call, unknown: Mapping[str, Any]) -> str:
    return call.with_({**call.values, **unknown})


def told_alike(answer: httpx.Response, call: Call) -> str:
    """An answer without what differs by itself: ids that were asked about, and the request's own number."""
    text = re.sub(r'"correlation_id":"[^"]*"', "", answer.text)
    for value in {*map(str, call.values.values()), str(UNKNOWN), str(UNKNOWN + 1)}:
        text = re.sub(rf"\b{value}\b", "ID", text)
    return f"{answer.status_code} {text}"


@pytest.mark.parametrize("name", ["vera", "otto", "ada", "a key of nobody"])
async def test_what_is_hidden_is_answered_as_what_there_is_not(private: World, name: str) -> None:
    differing = {}
    before = await state(private)
    async with private.as_(name) as api:
        for call, unknown in hidden_calls(private, "GET", "POST", "PUT", "PATCH", "DELETE"):
            asked = {"params": call.query, "json": call.body}
            hidden = await api.http.request(call.method, call.path, **asked)
            nothing = await api.http.request(call.method, about_nothing(call, unknown), **asked)
            if len(set(call.values.values())) == len(call.values) and told_alike(hidden, call) != told_alike(
                nothing, call
            ):
                differing[call.method, call.path] = hidden.text, nothing.text

    assert differing == {}
    assert await state(private) == before


async def state(world: World) -> dict[str, Any]:
    """All rows, but those that a request leaves behind wherever it asks."""
    rows = await contents(world.database)
    own = ("api_keys", "audit_entries", "audit_anchor", "idempotency_keys", "processes", "user_sessions")
    return {table: found for table, found in rows.items() if table not in own}


async def test_what_others_read_is_what_they_read_without_it(
    database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> None:
    """As on a database in which the private integration never was."""
    async with world(database, settings, clock, tmp_path / "uploads") as made:
        await _ids_of_the_team(made)
        ids = {name: list(values[:_MOST]) for name, values in made.seen.items()}
        before = await _plain(made, ids)
        await add_private(made, touching=False)
        after = await _plain(made, ids)

    assert before.keys() == after.keys()
    assert {place: (before[place], after[place]) for place in before if before[place] != after[place]} == {}


async def _ids_of_the_team(world: World) -> None:
    """What is here before anything private came."""
    async with world.as_("ada") as api:
        listed = {
            "run_id": "/sync/runs",
            "item_id": "/items",
            "person_id": "/people",
            "integration_id": "/integrations",
        }
        for name, path in listed.items():
            world.seen[name] = [each["id"] for each in (await api.get(path, limit=50))["items"]]
    for name in ("write_id", "kept_id", "proposal_id"):
        world.seen[name] = [UNKNOWN]
    world.seen["other"] = world.seen["other_id"] = world.seen["task_id"]


_OF_THE_WHOLE = frozenset({"metrics", "metrics_json", "list_audit", "verify_audit", "status", "list_keys"})
"""What is told of everything, or of the caller: docs/privacy.md says what remains."""


async def _plain(world: World, ids: Mapping[str, list[Any]]) -> dict[str, str]:
    found = {}
    for name in ("vera", "ada"):
        for call, answer in await everything(world, name, ids):
            if call.operation not in _OF_THE_WHOLE:
                text = re.sub(r'"correlation_id":"[^"]*"|name="csp-nonce" content="[^"]*"', "", answer.text)
                found[f"{name} {answer.request.url}"] = f"{text} {answer.headers.get('etag')}"
    return found
