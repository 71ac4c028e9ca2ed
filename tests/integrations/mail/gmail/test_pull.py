"""Pulling a whole mailbox: everything, once, whatever happens between two pages."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Rejected, Unreachable
from app.integrations.mail.gmail.settings import GmailSettings
from app.integrations.mail.gmail.tools import FETCH_EMAILS, GET_PROFILE
from tests.conftest import START
from tests.integrations.mail.gmail.pulling import LATER, Direct, Store, mailbox, pull, pulled, truth


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


async def test_the_cursor_stays_small() -> None:
    box = mailbox(500)
    _, store = await pulled(box, GmailSettings(page_size=20))

    assert len(str(store.cursor)) < 400


async def test_a_cursor_that_can_not_be_read_begins_anew() -> None:
    box = mailbox(5)
    store = Store(cursor={"history_id": ["?"], "sweep": 3})

    await pull(Direct(box), store)

    assert store.flags == truth(box)
