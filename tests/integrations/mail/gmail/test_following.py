"""Following what changes in a mailbox that was pulled."""

from datetime import timedelta
from typing import Any

import pytest

from app.core.errors import NotThere, Rejected
from app.integrations.mail.gmail.settings import GmailSettings
from app.integrations.mail.gmail.source import Gmail
from app.integrations.mail.gmail.tools import FETCH_EMAILS, FETCH_MESSAGE, LIST_HISTORY, LIST_LABELS
from app.integrations.pulling import Pulled
from tests.conftest import START
from tests.integrations.mail.gmail.pulling import LATER, Direct, Store, asked, mailbox, pull, pulled, truth


async def test_a_quiet_mailbox_costs_one_call() -> None:
    box = mailbox(20)
    tools, store = await pulled(box)
    await pull(tools, store, now=LATER)
    tools.calls.clear()

    await pull(tools, store, now=LATER + timedelta(minutes=2))

    assert [name for name, _ in tools.calls] == [LIST_HISTORY]


async def test_new_mail_is_fetched_by_itself() -> None:
    box = mailbox(20)
    tools, store = await pulled(box)
    new = box.deliver(text="Is the yard free?", at=LATER)
    tools.calls.clear()

    await pull(tools, store, now=LATER)

    assert store.items[new].text == "Is the yard free?"
    assert (tools.called(FETCH_MESSAGE), tools.called(FETCH_EMAILS)) == (1, 0)


@pytest.mark.parametrize(("label", "flag"), [("UNREAD", "unread"), ("STARRED", "starred"), ("IMPORTANT", "important")])
async def test_what_people_toggle_is_followed_both_ways(label: str, flag: str) -> None:
    box = mailbox()
    message = box.deliver(labels=["INBOX"])
    tools, store = await pulled(box)
    assert getattr(store.items[message], flag) is False

    box.label(message, label)
    await pull(tools, store, now=LATER)
    assert getattr(store.items[message], flag) is True

    box.unlabel(message, label)
    await pull(tools, store, now=LATER + timedelta(minutes=5))
    assert getattr(store.items[message], flag) is False


async def test_a_label_is_known_by_its_name_and_asked_for_once_a_pull() -> None:
    box = mailbox()
    messages = [box.deliver(labels=["INBOX", "Orders/2026"]) for _ in range(3)]

    tools, store = await pulled(box, GmailSettings(page_size=1))

    assert {store.items[each].labels for each in messages} == {("Inbox", "Orders/2026")}
    assert tools.called(LIST_LABELS) == 1


async def test_a_label_made_while_a_pull_goes_on_is_asked_for_again() -> None:
    box = mailbox()
    first = box.deliver(labels=["INBOX", "Orders"])
    box.deliver(at=START - timedelta(hours=1))

    def make(tool: str, arguments: dict[str, Any], data: Any) -> Any:
        if tool == FETCH_EMAILS and "page_token" not in arguments:
            box.label(min(box.messages), "Brand new")
        return data

    store = Store()
    await pull(Direct(box, make), store, GmailSettings(page_size=1))

    assert store.items[min(box.messages)].labels[-1] == "Brand new"
    assert store.items[first].labels == ("Inbox", "Orders")


async def test_what_is_deleted_is_gone() -> None:
    box = mailbox(10)
    tools, store = await pulled(box)
    box.delete(next(iter(box.messages)))

    await pull(tools, store, now=LATER)

    assert store.flags == truth(box)
    assert len(store.items) == 9


async def test_what_is_put_into_the_trash_is_gone_and_comes_back_from_it() -> None:
    box = mailbox(3)
    tools, store = await pulled(box)
    some = next(iter(box.messages))

    box.trash(some)
    await pull(tools, store, now=LATER)
    assert some not in store.items

    box.unlabel(some, "TRASH")
    await pull(tools, store, now=LATER + timedelta(minutes=5))
    assert some in store.items


async def test_a_message_deleted_between_history_and_its_fetch_is_gone() -> None:
    box = mailbox(5)
    _, store = await pulled(box)
    some = next(iter(box.messages))
    box.label(some, "STARRED")

    def delete(tool: str, _arguments: dict[str, Any], data: Any) -> Any:
        if tool == LIST_HISTORY:
            box.delete(some)
        return data

    await pull(Direct(box, delete), store, now=LATER)

    assert some not in store.items


@pytest.mark.parametrize("by_position", [False, True])
async def test_a_history_that_is_too_old_is_made_up_for_by_reading_again(*, by_position: bool) -> None:
    box = mailbox(30, by_position=by_position)
    _, store = await pulled(box)
    first, second, third, *_ = list(box.messages)
    box.delete(first)
    box.trash(second)
    box.label(third, "STARRED")
    new = box.deliver(at=LATER)
    box.expire_history()

    await pull(Direct(box), store, GmailSettings(page_size=7), now=LATER)

    assert store.flags == truth(box)
    assert store.items[third].starred
    assert new in store.items


async def test_many_changes_are_read_by_pages() -> None:
    box = mailbox(300)
    tools, store = await pulled(box)
    for each in list(box.messages)[:250]:
        box.label(each, "STARRED")
    tools.calls.clear()

    await pull(tools, store, now=LATER)

    assert store.flags == truth(box)
    assert len(tools.calls) < 10


async def test_much_new_mail_is_read_by_pages_of_its_own_time_alone() -> None:
    box = mailbox(200)
    tools, store = await pulled(box)
    for number in range(250):
        box.deliver(at=START + timedelta(seconds=number))
    tools.calls.clear()

    await pull(tools, store, now=LATER)

    assert store.flags == truth(box)
    assert len(tools.calls) < 8
    assert store.pages < 15


async def test_old_mail_that_was_brought_over_in_bulk_is_found() -> None:
    box = mailbox(5)
    tools, store = await pulled(box)
    for number in range(250):
        box.deliver(at=START - timedelta(days=20, seconds=number))

    await pull(tools, store, now=LATER)

    assert store.flags == truth(box)


async def test_what_was_just_read_is_not_taken_for_missing_where_storing_lags_behind() -> None:
    box = mailbox(50)
    tools, store = await pulled(box)
    box.deliver(at=LATER)
    box.expire_history()
    tools.calls.clear()

    unstored: list[Pulled] = []
    # As a pull is carried out: a page is stored while the next one is read.
    async for page in Gmail().pull(asked(tools, store, now=LATER, days=20)):
        for before in unstored:
            store.take(before)
        unstored = [page]

    assert store.flags == truth(box)
    assert tools.called(FETCH_MESSAGE) == 0


async def test_a_history_that_is_refused_for_another_reason_is_an_error() -> None:
    box = mailbox(5)
    _, store = await pulled(box)

    def refuse(tool: str, _arguments: dict[str, Any], data: Any) -> Any:
        if tool == LIST_HISTORY:
            raise Rejected("no", service="Gmail")
        return data

    with pytest.raises(Rejected) as raised:
        await pull(Direct(box, refuse), store, now=LATER)
    assert not isinstance(raised.value, NotThere)
