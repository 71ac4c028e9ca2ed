"""What the settings choose, at first and later on."""

from datetime import date, timedelta

import pytest

from app.core.errors import Rejected
from app.integrations.mail.gmail.settings import GmailSettings
from tests.conftest import START
from tests.integrations.mail.gmail.pulling import LATER, mailbox, pull, pulled, truth


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


async def test_settings_that_changed_compare_what_is_stored() -> None:
    box = mailbox(20)
    tools, store = await pulled(box)
    box.delete(next(iter(box.messages)))
    store.cursor = {}

    await pull(tools, store, now=LATER)

    assert store.flags == truth(box)
