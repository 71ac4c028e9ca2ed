"""Facts and their evidence: what is known of a conversation, in whose words, and what is left unknown."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domains.ranking.facts import Fact
from app.domains.tasks.conversation import Conversation
from app.domains.tasks.facts import Owned, Place, derive
from app.records import Work
from tests.domains.tasks.conversations import BULK, NOBODY, OURS, hours, message, talk

MAIL = Place(kind="mbox", integration="mbox")


def facts(conversation: Conversation, owned: Owned | None = None, important: tuple[str, ...] = ()) -> dict[str, Fact]:
    return derive(conversation, owned or Owned(), MAIL, important=important)


def values(*said: tuple[Any, ...], **given: Any) -> dict[str, Any]:
    return {name: fact.value for name, fact in facts(talk(*said, **given)).items()}


def test_the_newest_message_that_names_a_deadline_decides() -> None:
    found = facts(
        talk(
            ("anna", "Please sign it by 9 March."),
            ("anna", "Please sign it by 12 March at the latest."),
            ("anna", "Thank you so far."),
        )
    )

    assert found["due_at"].value == datetime(2026, 3, 12, 17, tzinfo=UTC)
    assert found["due_at"].item == 1


def test_of_several_deadlines_in_a_message_the_first_ahead_counts() -> None:
    found = facts(talk(("anna", "The draft was due on 27 February; please sign it by 9 March, and pay by 30 March.")))

    assert found["due_at"].value == datetime(2026, 3, 9, 17, tzinfo=UTC)


def test_a_persons_due_date_wins_over_the_words() -> None:
    conversation = talk(("anna", "Please sign it by 9 March."))

    found = facts(conversation, Owned(due_at=hours(1), due_is_set=True))

    assert (found["due_at"].value, found["due_at"].source) == (hours(1), "person")


def test_a_due_date_that_a_person_cleared_is_unknown() -> None:
    assert "due_at" not in facts(talk(("anna", "Please sign it by 9 March.")), Owned(due_is_set=True))


def test_it_is_known_who_set_a_deadline() -> None:
    said = talk(("anna", "Please sign it by 9 March."))
    row = a_row(due_at=hours(5))

    found = [facts(said), facts(row), facts(said, Owned(due_at=hours(1), due_is_set=True))]

    assert [each["due_from"].value for each in found] == ["words", "source", "person"]
    assert "due_from" not in facts(talk(("anna",)))


def test_what_was_answered_asks_no_more_but_the_trouble_stays() -> None:
    said = [("anna", "Production is down. Can you look, please?"), ("us", "Looking.")]

    before, after = values(*said[:1]), values(*said)

    assert (before["asks"] > 0, "asks" in after) == (True, False)
    assert after["severity"] == before["severity"] > 0


@pytest.mark.parametrize(
    ("said", "unknown"),
    [
        pytest.param(
            [("anna", "All prices are down.", {"automation": BULK})], ("asks", "severity", "sender"), id="no people"
        ),
        pytest.param(
            [("anna",)], ("due_at", "money", "starred", "unread", "source_labels", "sender_important"), id="not said"
        ),
        pytest.param([("anna", "Hello", {"sent_at": None})], ("opened_at", "last_item_at", "turn_since"), id="no date"),
    ],
)
def test_what_is_not_known_is_left_out(said: list[tuple[Any, ...]], unknown: tuple[str, ...]) -> None:
    assert set(unknown) & set(values(*said)) == set()


def test_without_knowing_who_we_are_nothing_is_said_of_our_answers() -> None:
    assert {"turn", "our_replies", "last_inbound_at"} & set(values(("anna",), ("ben", "Here."), us=NOBODY)) == set()


def test_the_shape_of_a_conversation() -> None:
    found = values(("anna", "See the annex.", {"attachments": 2}), ("us", "Thanks."), ("ben",), ("ben", "Any news?"))

    assert {name: found[name] for name in ("replies", "participants", "attachments", "our_replies", "follow_ups")} == {
        "replies": 3,
        "participants": 3,
        "attachments": 2,
        "our_replies": 1,
        "follow_ups": 1,
    }
    assert found["last_inbound_at"] == hours(3)


@pytest.mark.parametrize(
    ("given", "addressed"),
    [
        ({}, "direct"),
        ({"to": ("ben@client.example",), "copied": ("us@watch.example",)}, "copied"),
        ({"to": ("dev@lists.example",), "list_id": "dev.lists.example"}, "list"),
        ({"to": ("ben@client.example",)}, None),
    ],
)
def test_how_a_message_is_addressed_to_us(given: dict[str, Any], addressed: str | None) -> None:
    assert values(("anna", "Could you look?", given)).get("addressed") == addressed


@pytest.mark.parametrize(("important", "known"), [(("@client.example",), True), (("ceo@x.example",), False)])
def test_an_important_sender_is_one_the_settings_name(important: tuple[str, ...], known: bool) -> None:
    assert facts(talk(("anna",)), important=important)["sender_important"].value is known


def test_flags_are_those_of_any_message_and_say_which() -> None:
    marked = [message(0, "anna", starred=False), message(1, "anna", starred=True), message(2, "anna", starred=False)]

    starred = facts(Conversation(marked, OURS))["starred"]

    assert (starred.value, starred.item, starred.source) == (True, 1, "integration")


def test_a_copy_of_a_message_counts_once() -> None:
    copy = replace(message(0, "anna"), id=7)

    assert facts(Conversation([message(0, "anna"), copy], OURS))["replies"].value == 0


@pytest.mark.parametrize(("word", "known"), [("P0", "urgent"), ("High", "high"), ("m", "normal"), ("whenever", None)])
def test_a_priority_is_what_people_call_one(word: str, known: str | None) -> None:
    found = facts(talk(("anna",)), Owned(priority=word))

    assert (found["priority"].value if "priority" in found else None) == known


def a_row(**said: Any) -> Conversation:
    return Conversation([replace(message(0, "anna"), work=Work(**said))], OURS)


def test_a_row_tells_until_when_it_is_hidden_and_what_its_users_made_up() -> None:
    found = facts(a_row(wait_until=hours(5), attributes=(("estimate", "4h"), ("team", "a=b"))))

    assert (found["wait_until"].value, found["wait_until"].source) == (hours(5), "integration")
    assert (found["attributes"].value, found["attributes"].source) == (("estimate=4h", "team=a=b"), "integration")


@pytest.mark.parametrize("conversation", [a_row(), talk(("anna",)), Conversation([], OURS)])
def test_what_no_row_says_is_unknown(conversation: Conversation) -> None:
    assert {"wait_until", "attributes"} & set(facts(conversation)) == set()


@pytest.mark.parametrize(
    ("there", "here", "count"), [(0, "", 0), (0, " \n", 0), (0, "Ask Ben", 1), (3, "", 3), (3, "Ask Ben", 4)]
)
def test_notes_are_counted_at_the_source_and_here(there: int, here: str, count: int) -> None:
    assert facts(a_row(notes=there), Owned(notes=here))["notes"].value == count


@pytest.mark.parametrize(("labels", "count"), [((), 0), (("a", "next"), 2)])
def test_labels_are_counted_where_there_are_none_too(labels: tuple[str, ...], count: int) -> None:
    found = facts(talk(("anna",)), Owned(labels=labels))

    assert (found["label_count"].value, "labels" in found) == (count, count > 0)


SAID = "please urgent: asap by Friday 5pm, tomorrow € 1,200.50 could you? server is down! thanks no rush — Kim, 9 March"
ODD = ("\n", "»", "\N{ROCKET}", "İ", "ß", "\N{COMBINING ACUTE ACCENT}")
words = st.lists(st.sampled_from([*SAID.split(" "), *ODD]), max_size=25).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(st.tuples(st.sampled_from(["anna", "us", "ben"]), words, words), min_size=1, max_size=4))
def test_every_quote_stands_in_the_item_it_is_taken_from(texts: list[tuple[str, str, str]]) -> None:
    conversation = talk(*((sender, text, {"subject": subject}) for sender, text, subject in texts))
    written = {number: (text, subject, sender) for number, (sender, text, subject) in enumerate(texts)}

    for name, fact in facts(conversation).items():
        if fact.quote is not None and name != "sender_important":
            assert fact.item is not None
            assert fact.quote in written[fact.item][0] or fact.quote in written[fact.item][1]
