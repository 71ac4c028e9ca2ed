"""Whose turn it is, and since when."""

from typing import Any

import pytest

from app.domains.tasks.conversation import Conversation
from app.domains.tasks.us import Us
from app.records import Automation
from tests.domains.tasks.conversations import BULK, NOBODY, OURS, hours, message, talk

LIST: dict[str, Any] = {"list_id": "dev.lists.example", "to": ("dev@lists.example",)}
AUTOMATIC: dict[str, Any] = {"automation": BULK}


@pytest.mark.parametrize(
    ("said", "turn", "since"),
    [
        pytest.param([("anna",)], "ours", 0, id="somebody wrote to us"),
        pytest.param([("anna",), ("anna", "Any news?")], "ours", 0, id="since the first message nobody answered"),
        pytest.param([("anna",), ("us", "Here it is.")], "theirs", 1, id="we answered"),
        pytest.param([("us",), ("us", "Any news?")], "theirs", 0, id="we asked, and asked again"),
        pytest.param([("anna",), ("us", "Here."), ("anna", "And the annex?")], "ours", 2, id="they asked on"),
        pytest.param([("anna",), ("us", "Here it is."), ("anna", "Thank you!")], None, None, id="thanks end it"),
        pytest.param(
            [("anna",), ("us", "It."), ("anna", "Thanks!"), ("anna", "And the annex?")],
            "ours",
            3,
            id="thanks, and more",
        ),
        pytest.param([("anna",), ("ben", "I have it, Anna.")], "ours", 0, id="others answered, we did not"),
        pytest.param([("anna", "All prices are down.", AUTOMATIC)], None, None, id="nobody wrote to people"),
        pytest.param([("anna",), ("anna", "I am away.", AUTOMATIC)], "ours", 0, id="an automatic reply is no answer"),
        pytest.param([("anna", "How do I build it?", LIST)], "ours", 0, id="a question on a list that nobody took"),
        pytest.param(
            [("anna", "How do I build it?", LIST), ("ben", "With make.", LIST)],
            None,
            None,
            id="a list's talk among others",
        ),
        pytest.param(
            [("anna", "How do I build it?", LIST), ("ben", "Kim, do you know?", LIST)],
            "ours",
            1,
            id="a list that names us",
        ),
        pytest.param(
            [("us", "How do I build it?", LIST), ("ben", "With which compiler?", LIST)],
            "ours",
            1,
            id="a list that answers us",
        ),
    ],
)
def test_the_turn_follows_from_who_wrote_last_and_what(
    said: list[tuple[Any, ...]], turn: str | None, since: int | None
) -> None:
    assert talk(*said).turn() == (turn, None if since is None else hours(since))


def test_nobody_knows_whose_turn_it_is_until_somebody_says_who_we_are() -> None:
    assert talk(("anna",), ("us", "Here."), us=NOBODY).turn() == (None, None)


@pytest.mark.parametrize(
    ("patterns", "turn"),
    [
        (("us@watch.example",), "theirs"),
        (("@watch.example",), "theirs"),
        (("@sub.watch.example",), "ours"),
        (("@client.example",), "ours"),
    ],
)
def test_a_whole_domain_can_be_ours(patterns: tuple[str, ...], turn: str) -> None:
    conversation = talk(("anna",), ("us", "Here it is."), us=Us(addresses=patterns))

    assert conversation.turn()[0] == turn


def test_a_sent_folder_tells_who_we_are() -> None:
    answered = talk(("anna",), ("kim", "Here it is.", {"outgoing": True}), us=NOBODY)
    asked_on = talk(("kim", "Here it is.", {"outgoing": True}), ("anna",), us=NOBODY)

    assert (answered.turn(), asked_on.turn()) == (("theirs", hours(1)), ("ours", hours(1)))


def test_what_one_of_us_writes_to_the_others_waits_for_us() -> None:
    inside = Us(addresses=("@watch.example",))

    assert talk(("us", "Kim, can you take it?", {"to": ("kim@watch.example",)}), us=inside).turn() == ("ours", hours(0))


def test_an_undated_message_is_nobodys_news() -> None:
    conversation = Conversation([message(0, "anna"), message(1, "us", "Here."), message(2, "anna", sent_at=None)], OURS)

    assert conversation.turn() == ("theirs", hours(1))


def test_the_title_is_the_openers_subject() -> None:
    first = message(0, "anna", subject="The offer")
    conversation = Conversation([message(1, "us", subject="Another matter"), first], OURS)

    assert conversation.title() == "The offer"


def test_without_any_subject_the_first_words_or_the_sender_make_the_title() -> None:
    assert talk(("anna", "Could you call me?", {"subject": ""})).title() == "Could you call me?"
    assert talk(("anna", "", {"subject": " "})).title() == "Message without subject from Anna"


@pytest.mark.parametrize(
    ("place", "title"), [("#ops", "A deleted message in #ops"), ("", "A deleted message")], ids=["a channel", "direct"]
)
def test_what_was_deleted_is_called_so(place: str, title: str) -> None:
    gone = Automation("deleted", "Its author deleted it.")

    assert talk(("anna", "", {"subject": "", "automation": gone, "list_id": place})).title() == title
