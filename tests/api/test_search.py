"""Words: found in titles, notes, texts and senders, in all their forms, and never read as a query language."""

from typing import Any

import pytest

from app.domains.tasks import search
from tests.api.client import TASKS, Api, locations, message, problem


async def test_words_are_found_wherever_a_task_has_them(api: Api) -> None:
    await api.import_mail(
        message("Contract renewal", "The turbine needs lubrication.", sender="Zoë Brandt <zoe@example.org>"),
        message("Lunch", "At noon?", id="other@example.org"),
    )
    await api.create("Paint the fence", notes="Green varnish is in the shed.")

    for words in ("contract", "turbine", "Brandt", "zoë"):
        assert await api.titles(q=words) == ["Contract renewal"], words
    for words in ("fence", "varnish"):
        assert await api.titles(q=words) == ["Paint the fence"], words
    assert await api.titles(q="submarine") == []


async def test_every_form_of_a_word_is_found(api: Api) -> None:
    await api.create("Renew the contract")
    await api.create("Contract the fever")

    for words in ("renewing", "RENEWED", "renews contracts", "contract  renew", "renew, contract!"):
        assert await api.titles(q=words) == ["Renew the contract"], words


async def test_all_words_are_needed(api: Api) -> None:
    await api.create("red car")
    await api.create("red bicycle")

    assert await api.titles(q="red car") == ["red car"]
    assert await api.titles(q="red boat") == []
    assert sorted(await api.titles(q="red")) == ["red bicycle", "red car"]


async def test_words_that_say_nothing_alone_need_not_be_there(api: Api) -> None:
    await api.create("Sign contract")

    assert await api.titles(q="sign the contract") == ["Sign contract"]
    assert await api.titles(q="the") == []


async def test_an_address_is_found_as_it_is_written(api: Api) -> None:
    await api.import_mail(message("Hello", sender="Zoë Brandt <zoe.b@mail.example.org>"), message("Other"))

    assert await api.titles(q="zoe.b@mail.example.org") == ["Hello"]


async def test_what_was_edited_is_found_by_its_new_words_only(api: Api) -> None:
    task = await api.create("old name")
    await api.patch(task["id"], title="new name")

    assert await api.titles(q="old") == []
    assert await api.titles(q="new") == ["new name"]


FOUND = [
    "invoice*",
    "^invoice",
    "!invoice",
    "-invoice",
    "invoice:*",
    "invoice & march",
    "invoice <-> march",
    "invoice OR march",
    "invoice AND NOT march",
    '"invoice march"',
    '"invoice',
    "{invoice} : march)",
    "invoice " * 60,
]
NOT_FOUND = [
    '"',
    "'; DROP TABLE tasks; --",
    "*",
    "NEAR(",
    "NEAR(invoice march, 2)",
    "title:invoice",
    ")",
    "(((",
    "\\",
    "%",
    "_",
    "🙂",
    "🙂🙂 🚀",
    "März",
    "請求書",
    "счёт",
    "e\u0301tude",
    "\u200b",
    "²",
    "a" * 500,
    "word " * 100,
]


async def test_nothing_people_type_is_an_operator(api: Api) -> None:
    await api.create("invoice of march")
    await api.create("something else")

    found = {words: await api.titles(q=words) for words in (*FOUND, *NOT_FOUND)}

    # Both databases agree because both are held to this.
    assert found == {words: ["invoice of march"] for words in FOUND} | {words: [] for words in NOT_FOUND}


async def test_no_words_at_all_leave_nothing_out(api: Api) -> None:
    await api.create("invoice of march")

    for words in ("", "   ", "\n"):
        assert await api.titles(q=words) == ["invoice of march"]


async def test_more_than_500_characters_are_no_search(sqlite_api: Api) -> None:
    refused = problem(await sqlite_api.http.get(TASKS, params={"q": "a" * 501}), 422)

    assert locations(refused) == ["query.q"]


async def test_words_that_many_items_hold_are_found_as_those_that_few_do(
    sqlite_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite they are met on the way along the queue, instead of collected first."""
    await sqlite_api.import_mail(*(message(f"Budget {n}", f"The draft {n}.") for n in range(6)), message("Other"))
    held = (await sqlite_api.create("Without mail", notes="A budget."))["id"]
    await sqlite_api.verb((await sqlite_api.create("Budget, done"))["id"], "complete")

    async def pages(**query: Any) -> list[Any]:
        first = await sqlite_api.get("/tasks", q="budget", limit=3, count=True, **query)
        more = await sqlite_api.get("/tasks", q="budget", limit=9, cursor=first["next_cursor"], **query)
        return [first["total"], *(task["id"] for page in (first, more) for task in page["items"])]

    for query in ({}, {"sort": "due_at"}, {"sort": "-created_at"}, {"status": ["open", "done"]}):
        collected = await pages(**query)
        assert held in collected
        with monkeypatch.context() as patched:
            patched.setattr(search, "_COMMON", 2)
            assert await pages(**query) == collected
