"""The readers over real mail: everything is read, and people are told from machines.

The bounds are what was measured, with a little room; the sets stay outside the repository.
"""

import os
from collections import Counter
from pathlib import Path

import pytest

from app.integrations.contract import Options
from app.integrations.registry import recognise
from app.records import Item, Refusal

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("WATCHFLOOR_DATA") or ROOT.parent / "shared" / "data")
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real data sets are not here (WATCHFLOOR_DATA)"),
]


def read(name: str) -> tuple[list[Item], list[Refusal]]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not among the data sets")
    found = [step.what for step in recognise(path).reader.read(path, Options())]
    return [what for what in found if isinstance(what, Item)], [what for what in found if isinstance(what, Refusal)]


def automated(items: list[Item]) -> float:
    return sum(item.automation is not None for item in items) / len(items)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("mail_spamassassin/easy-ham-1.mbox", 2500),
        ("mail_spamassassin/hard-ham-1-small.mbox", 81),
        ("mail_spamassassin/spam-1-small.mbox", 113),
        ("mail_usrp_users/usrp-users-2024h1.mbox", 278),
    ],
)
def test_every_message_of_a_box_is_an_item_with_a_time(name: str, count: int) -> None:
    items, refusals = read(name)

    assert (len(items), refusals) == (count, [])
    assert all(item.sent_at for item in items)
    assert sum(not item.text for item in items) <= 2


def test_every_malformed_message_is_an_item_or_a_reasoned_refusal() -> None:
    cpython, refused_there = read("mail_nasty_cpython")
    mikel, refused_here = read("mail_nasty_mikel_mail")

    assert (len(cpython), len(mikel)) == (47, 103)
    assert {refusal.what for refusal in refused_there} == {"SOURCE.txt", "msg_19.txt"}  # msg_19 has no headers
    assert {refusal.what for refusal in refused_here} == {"LICENSE.txt", "SOURCE.txt", "sample_output_multipart"}
    assert not any("could not be read (" in problem for item in cpython + mikel for problem in item.problems)


def test_a_support_list_is_written_by_people() -> None:
    items, _ = read("mail_usrp_users/usrp-users-2024h1.mbox")

    assert Counter(item.automation and item.automation.category for item in items) == {None: 278}
    assert {item.list_id for item in items} == {"usrp-users.lists.ettus.com"}


def test_discussion_is_told_from_feeds_and_mailings() -> None:
    easy, _ = read("mail_spamassassin/easy-ham-1.mbox")
    hard, _ = read("mail_spamassassin/hard-ham-1-small.mbox")
    spam, _ = read("mail_spamassassin/spam-1-small.mbox")
    feeds = [item for item in easy if item.sender.address.startswith("rssfeeds@")]
    replies = [item for item in easy if len(item.keys) > 1]

    assert all(item.automation and item.automation.category == "bot" for item in feeds)
    assert automated(replies) < 0.005
    assert automated([item for item in easy if item not in feeds]) < 0.07
    assert automated(hard) > 0.8
    assert automated(spam) > 0.75


def test_most_replies_find_their_parent() -> None:
    items, _ = read("mail_spamassassin/easy-ham-1.mbox")
    known = {item.external_id for item in items}
    replies = [item for item in items if len(item.keys) > 1]

    assert sum(any(key in known for key in item.keys[1:]) for item in replies) > 900
