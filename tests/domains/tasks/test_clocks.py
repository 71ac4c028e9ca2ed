"""The clocks of a conversation: when they start and stop, whoever looks and whenever."""

from datetime import datetime
from typing import Any

import pytest

from app.domains.tasks.clocks import MOST_SPANS, clocks
from app.domains.tasks.conversation import Conversation
from app.records import Work
from tests.domains.tasks.conversations import NOBODY, hours, message, talk

LIST: dict[str, Any] = {"list_id": "dev.lists.example", "to": ("dev@lists.example",)}


def shown(conversation: Conversation, *, active: bool = True) -> dict[str, list[float]]:
    """Hours at which each clock started and stopped."""
    found = {}
    for name, fact in clocks(conversation, active=active).items():
        assert isinstance(fact.value, tuple)
        moments = [each for each in fact.value if isinstance(each, datetime)]
        assert len(moments) == len(fact.value)
        found[name] = [(at - hours(0)).total_seconds() / 3600 for at in moments]
    return found


@pytest.mark.parametrize(
    ("said", "first", "following", "resolution"),
    [
        pytest.param([("anna",)], [0], None, [0], id="they wrote to us"),
        pytest.param([("anna",), ("anna", "Any news?")], [0], None, [0], id="and wrote again: it runs on"),
        pytest.param([("anna",), ("us", "Here.")], [0, 1], None, [0, 1], id="we answered, and wait for them"),
        pytest.param(
            [("anna",), ("us", "Here."), ("anna", "And the annex?")],
            [0, 1],
            [2],
            [0, 1, 2],
            id="they came back",
        ),
        pytest.param(
            [("anna",), ("us", "Here."), ("anna", "And the annex?"), ("anna", "Hello?")],
            [0, 1],
            [2],
            [0, 1, 2],
            id="their note starts nothing anew",
        ),
        pytest.param(
            [("anna",), ("us", "Here."), ("anna", "And?"), ("us", "There.")],
            [0, 1],
            None,
            [0, 1, 2, 3],
            id="we answered again: no next answer is due",
        ),
        pytest.param(
            [("anna",), ("us", "Here."), ("anna", "Thank you!")], [0, 1], None, [0, 1], id="thanks: nothing runs"
        ),
        pytest.param([("us",), ("anna", "Which one?")], None, [1], [1], id="we began: no first answer is due"),
    ],
)
def test_clocks_run_while_they_wait_for_us(
    said: list[tuple[Any, ...]], first: list[float] | None, following: list[float] | None, resolution: list[float]
) -> None:
    expected = {"first_response": first, "next_response": following, "resolution": resolution}

    assert shown(talk(*said)) == {name: moments for name, moments in expected.items() if moments}


def test_nobody_knows_who_waits_where_nobody_knows_who_we_are() -> None:
    assert shown(talk(("anna",), us=NOBODY)) == {}


def test_a_list_s_talk_among_others_waits_for_nobody() -> None:
    assert shown(talk(("anna", "How do I build it?", LIST), ("ben", "With make.", LIST))) == {}


def test_what_is_done_has_no_clock() -> None:
    assert shown(talk(("anna",)), active=False) == {}


def test_a_row_is_to_be_solved_and_waits_for_no_answer() -> None:
    row = message(0, "anna", work=Work())

    assert shown(Conversation([row])) == {"resolution": [0]}


def test_of_a_long_conversation_the_newest_spans_are_kept() -> None:
    said = [message(number, ("anna", "us")[number % 2], "And the next one, please?") for number in range(201)]

    kept = shown(Conversation(said, talk(("anna",)).us))["resolution"]

    assert len(kept) == 2 * MOST_SPANS + 1
    assert kept[-1] == 200
