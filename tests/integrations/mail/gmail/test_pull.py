"""Pulling a whole mailbox, and following what changes in it."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import NotThere, Rejected, Unreachable, Unreadable
from app.integrations.mail.gmail.settings import GmailSettings
from app.integrations.mail.gmail.source import Gmail
from app.integrations.mail.gmail.tools import FETCH_EMAILS, FETCH_MESSAGE, GET_PROFILE, LIST_HISTORY, LIST_LABELS
from scripts.fake_composio.gmail import Mailbox
from tests.conftest import START
from tests.integrations.mail.gmail.pulling import Direct, Scripted, Store, asked, mailbox, pull, truth

LATER = START + timedelta(minutes=5)


async def pulled(box: Mailbox, wanted: GmailSettings | None = None) -> tuple[Direct, Store]:
    tools, store = Direct(box), Store()
    await pull(tools, store, wanted)
    return tools, store


async def test_the_point_of_history_is_asked_for_before_the_first_page() -> None:
    tools, _ = await pulled(mailbox(5))

    assert [name for name, _ in tools.calls[:2]] == [GET_PROFILE, FETCH_EMAILS]


@pytest.mark.parametrize("page_size", [1, 7, 100, 500])
async def test_everything_is_stored_whatever_the_size_of_a_page(page_size: int) -> None:
    box = mailbox(60)

    _, store = await pulled(box, GmailSettings(page_size=page_size))

    assert store.flags == truth(box)


async def test_a_size_is_named_in_every_call_because_the_default_is_one_message() -> None:
    tools, _ = await pulled(mailbox(30))

    assert all(arguments["max_results"] == 100 for name, arguments in tools.calls if name == FETCH_EMAILS)


@given(stops=st.lists(st.integers(1, 4), max_size=5), size=st.integers(0, 40), by_position=st.booleans())
@settings(max_examples=40, deadline=None)
async def test_killed_after_any_page_and_resumed_it_stores_the_same(
    stops: list[int], size: int, *, by_position: bool
) -> None:
    box, store = mailbox(size, by_position=by_position), Store()
    wanted = GmailSettings(page_size=5)

    for minute, stop in enumerate(stops):
        await pull(Direct(box), store, wanted, now=START + timedelta(minutes=minute), stop_after=stop)
    await pull(Direct(box), store, wanted, now=START + timedelta(hours=1))

    assert store.flags == truth(box)


@given(data=st.data(), by_position=st.booleans())
@settings(max_examples=60, deadline=None)
async def test_whatever_changes_between_any_two_pages_the_end_is_the_truth(
    data: st.DataObject, *, by_position: bool
) -> None:
    box, store = mailbox(25, by_position=by_position), Store()
    wanted = GmailSettings(page_size=4)

    def meddle(_tool: str, _arguments: dict[str, Any], answer: Any) -> Any:
        what = data.draw(st.sampled_from(["", "", "", "deliver", "delete", "trash", "UNREAD", "STARRED", "expire"]))
        some = data.draw(st.sampled_from(sorted(box.messages))) if box.messages else ""
        if what == "deliver":
            box.deliver()
        elif what == "expire":
            box.expire_tokens()
        elif what in ("delete", "trash") and some:
            getattr(box, what)(some)
        elif what and some:
            (box.unlabel if what in box.messages[some].labels else box.label)(some, what)
        return answer

    for hour in range(3):
        try:
            await pull(Direct(box, meddle), store, wanted, now=START + timedelta(hours=hour), stop_after=4)
        except Rejected:
            assert box.tokens > 1
    for hour in range(3, 6):
        await pull(Direct(box), store, wanted, now=START + timedelta(hours=hour))

    assert store.flags == truth(box)


async def test_the_same_pull_twice_changes_nothing() -> None:
    box = mailbox(20)
    tools, store = await pulled(box)
    before = dict(store.items)

    await pull(tools, store, now=LATER)

    assert store.items == before


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


async def test_mail_that_arrives_between_two_pages_is_not_lost() -> None:
    box = mailbox(20)
    new: list[str] = []

    def deliver(tool: str, _arguments: dict[str, Any], data: Any) -> Any:
        if tool == FETCH_EMAILS and not new:
            new.append(box.deliver(at=START + timedelta(seconds=3)))
        return data

    tools, store = Direct(box, deliver), Store()
    await pull(tools, store, GmailSettings(page_size=5))
    await pull(tools, store, now=LATER)

    assert store.flags == truth(box)
    assert new[0] in store.items


async def test_mail_that_arrived_before_the_point_of_history_and_after_the_end_of_the_range_is_not_lost() -> None:
    box = mailbox(3)
    late = box.deliver(at=START + timedelta(seconds=2))

    _, store = await pulled(box)

    assert late in store.items


@pytest.mark.parametrize("by_position", [False, True])
async def test_what_is_deleted_between_two_pages_makes_none_be_skipped(*, by_position: bool) -> None:
    box = mailbox(20, by_position=by_position)
    deleted: list[str] = []

    def delete(tool: str, _arguments: dict[str, Any], data: Any) -> Any:
        if tool == FETCH_EMAILS and not deleted:
            deleted.append(max(box.messages))
            box.delete(deleted[0])
        return data

    tools, store = Direct(box, delete), Store()
    await pull(tools, store, GmailSettings(page_size=5))
    await pull(tools, store, now=LATER)

    assert store.flags == truth(box)


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


async def test_pages_stored_before_a_failure_stay_and_the_next_pull_goes_on_behind_them() -> None:
    box, store = mailbox(20), Store()

    def fail(tool: str, arguments: dict[str, Any], data: Any) -> Any:
        if tool == FETCH_EMAILS and store.pages == 2:
            raise Unreachable("no connection", service="Gmail")
        return data

    with pytest.raises(Unreachable):
        await pull(Direct(box, fail), store, GmailSettings(page_size=5))
    assert len(store.items) == 10

    tools = Direct(box)
    await pull(tools, store, GmailSettings(page_size=5))
    assert store.flags == truth(box)
    assert tools.called(FETCH_EMAILS) == 2


async def test_only_what_the_labels_name_is_pulled_and_followed_when_they_are_taken_away() -> None:
    box = mailbox(10)
    orders = [box.deliver(labels=["INBOX", "Orders"]), box.deliver(labels=["Complaints"])]
    wanted = GmailSettings(labels=["orders", "Complaints"])
    tools, store = await pulled(box, wanted)
    assert set(store.items) == set(orders)

    box.unlabel(orders[0], "Orders")
    other = next(iter(box.messages))
    box.label(other, "STARRED")
    await pull(tools, store, wanted, now=LATER)

    assert set(store.items) == set(orders)
    assert store.items[orders[0]].labels == ("Inbox",)


async def test_a_label_that_does_not_exist_is_said() -> None:
    with pytest.raises(Rejected, match="no label «Ordres»"):
        await pulled(mailbox(2), GmailSettings(labels=["Ordres", "inbox"]))


async def test_a_search_is_judged_by_gmail_for_changes_too() -> None:
    box = mailbox(10)
    wanted = GmailSettings(query="subject:crane OR subject:hoist")
    hit = box.deliver(subject="The crane")
    tools, store = await pulled(box, wanted)
    assert set(store.items) == {hit}

    second = box.deliver(subject="A hoist", at=LATER)
    box.deliver(subject="Something else", at=LATER)
    await pull(tools, store, wanted, now=LATER)

    assert set(store.items) == {hit, second}


async def test_what_a_search_no_longer_finds_is_still_followed() -> None:
    box = mailbox()
    message = box.deliver()
    wanted = GmailSettings(query="is:unread")
    tools, store = await pulled(box, wanted)

    box.unlabel(message, "UNREAD")
    await pull(tools, store, wanted, now=LATER)

    assert store.items[message].unread is False


async def test_sent_mail_can_be_left_out() -> None:
    box = mailbox(60)

    tools, store = await pulled(box, GmailSettings(include_sent=False))
    box.deliver(labels=["SENT"], at=LATER)
    await pull(tools, store, GmailSettings(include_sent=False), now=LATER)

    assert store.items
    assert not any(item.outgoing for item in store.items.values())


async def test_spam_comes_as_spam_where_it_is_wanted() -> None:
    box = mailbox()
    spam = box.deliver(labels=["SPAM"])

    _, store = await pulled(box, GmailSettings(include_spam_trash=True))

    automation = store.items[spam].automation
    assert automation
    assert automation.category == "spam"


async def test_only_the_closed_range_is_pulled_to_the_second() -> None:
    box = mailbox()
    since, last_day = START - timedelta(days=40), date(2026, 2, 20)
    inside = [box.deliver(at=since), box.deliver(at=START.replace(month=2, day=20, hour=23, minute=59))]
    outside = [since - timedelta(seconds=1), START.replace(month=2, day=21, hour=0)]
    strangers = [box.deliver(at=each) for each in outside]
    wanted = GmailSettings(until=last_day)

    tools, store = await pulled(box, wanted)
    box.label(inside[0], "STARRED")
    box.label(strangers[1], "STARRED")
    await pull(tools, store, wanted, now=LATER)

    assert set(store.items) == set(inside)
    assert store.items[inside[0]].starred


async def test_the_cursor_stays_small() -> None:
    box = mailbox(500)
    _, store = await pulled(box, GmailSettings(page_size=20))

    assert len(str(store.cursor)) < 400


async def test_settings_that_changed_compare_what_is_stored() -> None:
    box = mailbox(20)
    tools, store = await pulled(box)
    box.delete(next(iter(box.messages)))
    store.cursor = {}

    await pull(tools, store, now=LATER)

    assert store.flags == truth(box)


async def test_a_cursor_that_can_not_be_read_begins_anew() -> None:
    box = mailbox(5)
    store = Store(cursor={"history_id": ["?"], "sweep": 3})

    await pull(Direct(box), store)

    assert store.flags == truth(box)


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


async def test_the_part_done_is_told_as_far_as_gmail_estimates_it() -> None:
    box, parts = mailbox(20), list[float | None]()

    async for page in Gmail().pull(asked(Direct(box), Store(), GmailSettings(page_size=5))):
        parts.append(page.part)

    assert parts == [0.25, 0.5, 0.75, None, 1.0]
