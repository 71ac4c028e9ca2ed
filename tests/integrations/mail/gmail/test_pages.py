"""Pages of every shape that has been seen, and those that are none."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from app.core.errors import Rejected, Unreadable
from app.integrations.mail.gmail.settings import GmailSettings
from app.integrations.mail.gmail.source import Gmail
from app.integrations.mail.gmail.tools import FETCH_EMAILS, GET_PROFILE
from tests.integrations.mail.gmail.pulling import LATER, Direct, Scripted, Store, asked, mailbox, pull, truth


async def test_a_page_that_is_known_no_longer_begins_the_range_again() -> None:
    box, store = mailbox(20), Store()
    wanted = GmailSettings(page_size=5)
    await pull(Direct(box), store, wanted, stop_after=2)
    box.expire_tokens()

    await pull(Direct(box), store, wanted, now=LATER)

    assert store.flags == truth(box)


async def test_a_call_that_is_refused_without_a_page_is_an_error() -> None:
    def refuse(_tool: str, _arguments: dict[str, Any], _data: Any) -> Any:
        raise Rejected("The search is wrong.", service="Gmail")

    with pytest.raises(Rejected):
        await pull(Direct(mailbox(5), refuse), Store())


async def test_an_empty_page_with_a_next_one_is_passed_over() -> None:
    box = mailbox(10)

    def empty_before_each(tool: str, arguments: dict[str, Any]) -> Any:
        token = str(arguments.get("page_token", ""))
        if tool == FETCH_EMAILS and not token.startswith("e"):
            return {"messages": [], "nextPageToken": f"e{token}", "resultSizeEstimate": 201}
        return box.tools[tool](arguments | {"page_token": token.removeprefix("e")})

    store = Store()
    await pull(Scripted(empty_before_each), store, GmailSettings(page_size=4))

    assert store.flags == truth(box)


def always(page: Callable[[], Any]) -> Scripted:
    """A mailbox all of whose pages are like this."""
    return Scripted(lambda tool, _arguments: page() if tool == FETCH_EMAILS else {"historyId": "1"})


async def test_empty_pages_without_end_are_no_mailbox() -> None:
    numbers = count()
    tools = always(lambda: {"messages": [], "nextPageToken": f"t{next(numbers)}"})

    with pytest.raises(Unreadable, match="50 pages") as raised:
        await pull(tools, Store())
    assert raised.value.path == "data.messages"


async def test_a_token_that_leads_back_is_no_next_page() -> None:
    with pytest.raises(Unreadable) as raised:
        await pull(always(lambda: {"messages": [{"messageId": "1"}], "nextPageToken": "again"}), Store())
    assert raised.value.path == "data.nextPageToken"


async def test_repeated_messages_on_several_pages_are_stored_once() -> None:
    box = mailbox(12)
    before: list[Any] = []

    def repeat(tool: str, _arguments: dict[str, Any], data: Any) -> Any:
        if tool != FETCH_EMAILS:
            return data
        both = [*before, *data["messages"]]
        before[:] = data["messages"]
        return data | {"messages": both[::-1]}

    store = Store()
    await pull(Direct(box, repeat), store, GmailSettings(page_size=5))

    assert store.flags == truth(box)


@pytest.mark.parametrize("wrapper", ["response_data", "data", "details"])
async def test_an_answer_one_level_deeper_is_the_same(wrapper: str) -> None:
    box, store = mailbox(12), Store()

    def nest(tool: str, _arguments: dict[str, Any], data: Any) -> Any:
        return {wrapper: data} if tool != GET_PROFILE else data["response_data"]

    tools = Direct(box, nest)
    await pull(tools, store, GmailSettings(page_size=5))
    box.label(next(iter(box.messages)), "STARRED", "Later")
    await pull(tools, store, now=LATER)

    assert store.flags == truth(box)


async def test_snake_case_in_the_answers_is_the_same() -> None:
    box, store = mailbox(12), Store()
    names = {"nextPageToken": "next_page_token", "messagesAdded": "messages_added", "labelsAdded": "labels_added"}
    names |= {"historyId": "history_id", "messageId": "message_id", "threadId": "thread_id", "labelIds": "label_ids"}

    def rename(given: Any) -> Any:
        if isinstance(given, dict):
            return {names.get(name, name): rename(value) for name, value in given.items()}
        return [rename(each) for each in given] if isinstance(given, list) else given

    tools = Direct(box, lambda _tool, _arguments, data: rename(data))
    await pull(tools, store, GmailSettings(page_size=5))
    box.label(next(iter(box.messages)), "STARRED")
    box.deliver(at=LATER)
    await pull(tools, store, now=LATER)

    assert store.flags == truth(box)


async def test_the_part_done_is_told_as_far_as_gmail_estimates_it() -> None:
    box, parts = mailbox(20), list[float | None]()

    async for page in Gmail().pull(asked(Direct(box), Store(), GmailSettings(page_size=5))):
        parts.append(page.part)

    assert parts == [0.25, 0.5, 0.75, None, 1.0]
