"""Every failure of every tool: what is raised, after how many calls, and that what was stored before stays."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import NotThere, Rejected, Throttled, TimedOut, Unauthorised, Unreachable, Unreadable, Upstream
from app.integrations.mail.gmail import changes
from app.integrations.mail.gmail.changes import Changes
from app.integrations.mail.gmail.settings import GmailSettings
from app.integrations.mail.gmail.source import Gmail
from app.integrations.mail.gmail.tools import FETCH_EMAILS, FETCH_MESSAGE, GET_PROFILE, LIST_HISTORY, LIST_LABELS
from app.integrations.pulling import Answer
from app.records import Item, Kept
from tests.integrations.mail.gmail.pulling import LATER, Direct, Store, asked, mailbox, pull

DATA = Path(__file__).parent / "data"
MESSAGE = {"messageId": "1a", "threadId": "1a", "messageTimestamp": "2026-03-01T09:00:00Z", "sender": "a@b.example"}


def recorded(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text())


@dataclass(frozen=True)
class Case:
    tool: str
    answer: Any
    """What the tool answers instead, or an error that it raises."""
    error: type[Upstream]
    path: str = ""
    calls: int = 1
    """Of that tool."""


TRANSIENT = (Unreachable, TimedOut, Throttled, Unauthorised)
FIRST = [
    *(Case(tool, error("no", service="Gmail"), error) for tool in (GET_PROFILE, FETCH_EMAILS) for error in TRANSIENT),
    Case(GET_PROFILE, Rejected("no"), Rejected),
    Case(GET_PROFILE, {}, Unreadable, "data.historyId"),
    Case(GET_PROFILE, {"response_data": {"emailAddress": "a@b.example"}}, Unreadable, "data.historyId"),
    Case(GET_PROFILE, "<html>", Unreadable, "data.historyId"),
    Case(FETCH_EMAILS, Rejected("no"), Rejected),
    Case(FETCH_EMAILS, {}, Unreadable, "data.messages"),
    Case(FETCH_EMAILS, None, Unreadable, "data.messages"),
    Case(FETCH_EMAILS, [], Unreadable, "data.messages"),
    Case(FETCH_EMAILS, {"emails": [MESSAGE], "nextPageToken": "t"}, Unreadable, "data.messages"),
    Case(FETCH_EMAILS, {"emails": [MESSAGE], "resultSizeEstimate": 0}, Unreadable, "data.messages"),
    Case(FETCH_EMAILS, {"messages": None, "resultSizeEstimate": 3}, Unreadable, "data.messages"),
    Case(FETCH_EMAILS, {"messages": {"0": MESSAGE}}, Unreadable, "data.messages"),
    Case(FETCH_EMAILS, {"data": {"data": {"messages": "none"}}}, Unreadable, "data.messages"),
    Case(FETCH_EMAILS, {"messages": [{"message_uid": "1"}]}, Unreadable, "data.messages[0].messageId"),
    Case(FETCH_EMAILS, {"messages": [None]}, Unreadable, "data.messages[0]"),
    Case(FETCH_EMAILS, {"messages": [MESSAGE], "nextPageToken": 7}, Unreadable, "data.nextPageToken"),
    Case(FETCH_EMAILS, {"messages": [MESSAGE | {"labelIds": {}}]}, Unreadable, "data.messages[0].labelIds"),
    Case(LIST_LABELS, {}, Unreadable, "data.labels"),
    Case(LIST_LABELS, {"labels": [{"title": "x"}]}, Unreadable, "data.labels[0].id"),
    Case(LIST_LABELS, Unauthorised("no"), Unauthorised),
]
LATER_ON = [
    *(Case(tool, error("no", service="Gmail"), error) for tool in (LIST_HISTORY, FETCH_MESSAGE) for error in TRANSIENT),
    Case(LIST_HISTORY, Rejected("no"), Rejected),
    Case(LIST_HISTORY, {}, Unreadable, "data.history"),
    Case(LIST_HISTORY, {"changes": [{"id": "2"}], "historyId": "2"}, Unreadable, "data.history"),
    Case(LIST_HISTORY, {"history": "none", "historyId": "1"}, Unreadable, "data.history"),
    Case(
        LIST_HISTORY, {"history": [{"id": "1", "mail": []}], "historyId": "1"}, Unreadable, "data.history[0].messages"
    ),
    Case(LIST_HISTORY, {"history": [7]}, Unreadable, "data.history[0].messages"),
    Case(FETCH_MESSAGE, Rejected("no"), Rejected),
    Case(FETCH_MESSAGE, {}, Unreadable, "data.messageId"),
    Case(FETCH_MESSAGE, "<html>", Unreadable, "data.messageId"),
    Case(FETCH_MESSAGE, {"data": {"subject": "x"}}, Unreadable, "data.messageId"),
]


def instead(case: Case) -> Any:
    def change(tool: str, _arguments: Mapping[str, Any], data: Any) -> Any:
        if tool != case.tool:
            return data
        if isinstance(case.answer, Exception):
            raise case.answer
        return case.answer

    return change


def name_of(case: Case) -> str:
    what = type(case.answer).__name__ if isinstance(case.answer, Exception) else json.dumps(case.answer)
    return f"{case.tool}: {what}"[:90]


@pytest.mark.parametrize("case", FIRST, ids=name_of)
async def test_a_failure_at_first_is_raised_and_nothing_is_stored(case: Case) -> None:
    box = mailbox()
    box.deliver(labels=["INBOX", "Orders"])
    tools, store = Direct(box, instead(case)), Store()

    with pytest.raises(case.error) as raised:
        await pull(tools, store)

    assert getattr(raised.value, "path", "") == case.path
    assert tools.called(case.tool) == case.calls
    assert (store.items, store.cursor) == ({}, {})


@pytest.mark.parametrize("case", LATER_ON, ids=name_of)
async def test_a_failure_later_on_leaves_what_is_stored_and_the_place(case: Case) -> None:
    box = mailbox(3)
    store = Store()
    await pull(Direct(box), store)
    before, place = dict(store.items), store.cursor
    box.label(next(iter(box.messages)), "STARRED")
    tools = Direct(box, instead(case))

    with pytest.raises(case.error) as raised:
        await pull(tools, store, now=LATER)

    assert getattr(raised.value, "path", "") == case.path
    assert tools.called(case.tool) == case.calls
    assert (store.items, store.cursor) == (before, place)
    await pull(Direct(box), store, now=LATER)
    assert store.items[next(iter(box.messages))].starred


async def test_a_failure_on_the_third_page_leaves_two_and_the_place_behind_them() -> None:
    box, store = mailbox(20), Store()

    def fail(tool: str, arguments: Mapping[str, Any], data: Any) -> Any:
        return {} if tool == FETCH_EMAILS and store.pages == 2 else data

    with pytest.raises(Unreadable):
        await pull(Direct(box, fail), store, GmailSettings(page_size=5))

    assert len(store.items) == 10
    assert store.cursor["sweep"]["token"]


@pytest.mark.parametrize(
    "answer",
    [
        {"messages": []},
        {"messages": [], "resultSizeEstimate": 0, "nextPageToken": ""},
        {"messages": None, "resultSizeEstimate": 0},
        {"resultSizeEstimate": 0},
        {"response_data": {"resultSizeEstimate": 0}},
    ],
)
async def test_an_empty_mailbox_is_no_failure(answer: Any) -> None:
    store = Store()

    await pull(Direct(mailbox(), lambda tool, _arguments, data: answer if tool == FETCH_EMAILS else data), store)

    assert store.items == {}


@pytest.mark.parametrize("messages", [{}, {"messages": None}, {"messages": []}])
async def test_an_empty_page_with_a_next_one_is_read_on(messages: dict[str, Any]) -> None:
    def change(tool: str, arguments: Mapping[str, Any], data: Any) -> Any:
        is_first = tool == FETCH_EMAILS and "page_token" not in arguments
        return messages | {"nextPageToken": data["nextPageToken"], "resultSizeEstimate": 201} if is_first else data

    store = Store()
    await pull(Direct(mailbox(5), change), store, GmailSettings(page_size=2))

    assert len(store.items) == 3


async def test_one_bad_message_is_refused_by_itself_and_kept() -> None:
    bad = {"subject": "no id"}
    data = {"messages": [MESSAGE, bad, MESSAGE | {"messageId": "2b"}]}
    store = Store()

    await pull(Direct(mailbox(), lambda tool, _arguments, given: data if tool == FETCH_EMAILS else given), store)

    assert set(store.items) == {"1a", "2b"}
    (refusal,) = store.refusals
    assert refusal.kept
    assert (refusal.kept.path, refusal.kept.value, refusal.kept.whole) == ("data.messages[1].messageId", bad, False)


async def test_one_bad_message_among_changed_ones_is_refused_by_itself() -> None:
    box, store = mailbox(3), Store()
    await pull(Direct(box), store)
    first, second, _ = box.messages
    box.label(first, "STARRED")
    box.label(second, "STARRED")

    def spoil(tool: str, arguments: Mapping[str, Any], data: Any) -> Any:
        return {"subject": "x"} if tool == FETCH_MESSAGE and arguments["message_id"] == first else data

    await pull(Direct(box, spoil), store, now=LATER)

    assert store.items[second].starred
    assert [refusal.kept.path for refusal in store.refusals if refusal.kept] == ["data.messageId"]


async def test_one_message_that_gmail_does_not_give_stops_no_other() -> None:
    box, store = mailbox(), Store()
    await pull(Direct(box), store)
    bad, good = (box.deliver(at=LATER) for _ in range(2))

    def deny(tool: str, arguments: Mapping[str, Any], data: Any) -> Any:
        if tool == FETCH_MESSAGE and arguments["message_id"] == bad:
            raise Rejected("Gmail refuses the call.", service="Gmail")
        return data

    await pull(Direct(box, deny), store, now=LATER)

    assert set(store.items) == {good}
    assert [(refusal.what, refusal.why) for refusal in store.refusals] == [
        (f"message {bad}", "Gmail refuses the call.")
    ]


async def test_an_error_keeps_the_whole_answer_with_the_path() -> None:
    data = {"messages": [{"message_uid": "1"}]}

    with pytest.raises(Unreadable) as raised:
        await pull(Direct(mailbox(), lambda tool, _arguments, given: data if tool == FETCH_EMAILS else given), Store())

    kept = raised.value.kept
    assert isinstance(kept, Kept)
    assert (kept.tool, kept.value, kept.whole) == (FETCH_EMAILS, data, True)


REPLAYED = [
    (Kept(FETCH_EMAILS, {}, "data.messages", recorded("fetch_emails"), whole=True), 1),
    (Kept(FETCH_EMAILS, {}, "data.messages[0]", recorded("fetch_emails")["messages"][0], whole=False), 1),
    (Kept(FETCH_MESSAGE, {}, "data.messageId", recorded("fetch_emails_bare")["messages"][0], whole=True), 1),
    (Kept(FETCH_MESSAGE, {}, "data.messageId", {"data": MESSAGE}, whole=False), 1),
    (Kept(LIST_HISTORY, {}, "data.history", recorded("list_history"), whole=True), 0),
]


@pytest.mark.parametrize(("kept", "count"), REPLAYED)
async def test_what_was_kept_is_read_after_a_mend(kept: Kept, count: int) -> None:
    reads = await Gmail().replay(asked(Direct(mailbox()), Store()), kept)

    assert [isinstance(read.what, Item) for read in reads] == [True] * count


@pytest.mark.parametrize(
    "kept",
    [
        Kept(FETCH_EMAILS, {}, "data.messages", {"emails": []}, whole=True),
        Kept(FETCH_EMAILS, {}, "data.messages[3].messageId", {"subject": "x"}, whole=False),
        Kept(FETCH_MESSAGE, {}, "data.messageId", {"subject": "x"}, whole=True),
        Kept(LIST_HISTORY, {}, "data.history", {"changes": []}, whole=True),
    ],
)
async def test_what_is_still_unreadable_says_so_again(kept: Kept) -> None:
    with pytest.raises(Unreadable):
        await Gmail().replay(asked(Direct(mailbox()), Store()), kept)


def test_recorded_history_tells_what_happened_to_whom() -> None:
    found = Changes("987700")

    changes.read(Answer(LIST_HISTORY, {}, recorded("list_history")), found)

    assert found.added == {"19c8f0a1b2c3d402"}
    assert found.labelled == {"19c8f0a1b2c3d401"}
    assert found.deleted == {"19c8f0a1b2c3d403"}


async def test_nothing_is_said_of_the_texts_of_messages_in_errors() -> None:
    data = {"messages": [{"subject": "the secret plan"}]}

    with pytest.raises(Unreadable) as raised:
        await pull(Direct(mailbox(), lambda tool, _arguments, given: data if tool == FETCH_EMAILS else given), Store())

    assert "secret" not in str(raised.value)


async def test_what_is_gone_is_only_what_the_service_no_longer_has() -> None:
    box, store = mailbox(2), Store()
    await pull(Direct(box), store)
    some = next(iter(box.messages))
    box.label(some, "STARRED")

    def lost(tool: str, _arguments: Mapping[str, Any], data: Any) -> Any:
        if tool == FETCH_MESSAGE:
            raise NotThere("gone", service="Gmail")
        return data

    await pull(Direct(box, lost), store, now=LATER)

    assert some not in store.items
    assert store.refusals == []
