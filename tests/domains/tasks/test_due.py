"""Deadlines in words: which of several counts, whose it is, and when it stops counting."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.ranking.facts import Fact
from app.domains.tasks.conversation import Conversation
from app.domains.tasks.facts import Owned, Place, derive
from app.records import Work
from tests.domains.tasks.conversations import NOBODY, OURS, hours, message, talk

IN_A_CHANNEL = {"list_id": "#ops", "to": ()}


def due(*said: tuple[Any, ...], **given: Any) -> datetime | None:
    """The deadline of a conversation that begins on Monday, 2 March 2026, at nine; a message an hour."""
    fact = due_fact(*said, **given)
    return fact.value if fact and isinstance(fact.value, datetime) else None


def due_fact(*said: tuple[Any, ...], **given: Any) -> Fact | None:
    return derive(talk(*said, **given), Owned(), Place(kind="mbox", integration="mbox")).get("due_at")


def march(day: int, hour: int = 17, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        pytest.param("Could you please look today? We need your approval by EOD tomorrow.", march(3), id="a wish"),
        pytest.param("I am free tomorrow. Please send the offer by Thursday.", march(5), id="a date in passing"),
        pytest.param("The fair opens by Tuesday. Could you please look on Friday at 10:00?", march(6, 10), id="told"),
        pytest.param("Please pay by 30 March, and please sign it by 9 March.", march(9), id="equals: the first"),
        pytest.param("Our trial ends on 4 March. Please send the offer by Friday.", march(6), id="an end"),
    ],
)
def test_in_a_message_what_is_demanded_goes_before_what_is_wished_or_told(text: str, at: datetime) -> None:
    assert due(("anna", text)) == at


def test_the_newest_message_that_asks_by_a_date_decides() -> None:
    look, approve = ("anna", "Could you please look today?"), ("anna", "We need your approval by EOD tomorrow.")

    assert due(look, approve) == march(3)
    assert due(approve, look) == march(2)


def test_a_date_told_in_passing_does_not_take_over_from_one_that_was_asked_for() -> None:
    assert due(("anna", "Please approve it by Friday."), ("anna", "The fair opens by Tuesday.")) == march(6)


def test_a_demand_in_a_channel_is_meant_for_those_who_read_it() -> None:
    asked = ("anna", "I need a yes or no by Thursday at 09:00.", IN_A_CHANNEL)

    assert due(asked) == march(5, 9)
    assert due(("anna", "The fair opens by Tuesday.", IN_A_CHANNEL)) is None


INVOICE = ("us", "Our invoice was due on 20 February. Please pay by Friday.")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([INVOICE], id="we ask first"),
        pytest.param([("anna", "Where is the invoice?"), INVOICE], id="after their question"),
        pytest.param([("anna", "Please send the offer by 9 March."), INVOICE], id="they named another"),
        pytest.param([INVOICE, ("anna", "Which invoice do you mean?")], id="they ask back"),
        pytest.param([("us", "Let's meet tomorrow at 15:00.")], id="an appointment they have not agreed to"),
        pytest.param([("us", "I'll cancel the order if we don't hear by Friday.")], id="a threat"),
    ],
)
def test_a_date_that_we_set_for_others_is_theirs(said: list[tuple[Any, ...]]) -> None:
    assert due(*said) is None


def test_their_date_counts_again_when_they_have_answered_ours() -> None:
    said = [("anna", "We need the report by Friday."), ("us", "Please send me the figures by Wednesday.")]

    assert due(*said) is None
    assert due(*said, ("anna", "Could you find them in the annex?")) == march(6)


@pytest.mark.parametrize(
    "promise", ["I'll send it by Friday.", "We will deliver it by Friday.", "You'll have it by Friday."]
)
def test_what_we_promise_is_ours_to_keep(promise: str) -> None:
    assert due(("anna", "Where is the offer?"), ("us", promise)) == march(6)
    assert due(("anna", "Where is the offer?"), ("us", promise), ("anna", "Thanks!")) == march(6)


def test_without_knowing_who_we_are_every_date_counts() -> None:
    assert due(INVOICE, us=NOBODY) == march(6)


TOGETHER = ("anna", "Can you take the call tomorrow at 15:00?")
BY_TEN = ("anna", "We need the figures by 10:30.")
BY_FRIDAY = ("anna", "We need the figures by Friday.")
THANKS = ("anna", "Thanks!")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([TOGETHER, ("us", "Yes, I'll take the call."), THANKS], id="an appointment"),
        pytest.param([TOGETHER, ("us", "Sure.")], id="an appointment, assented to"),
        pytest.param([BY_TEN, ("us", "Will do."), THANKS], id="one that passed before the last word"),
        pytest.param([BY_FRIDAY, ("us", "Here are the figures, see the annex."), THANKS], id="answered"),
        pytest.param([BY_FRIDAY, ("us", "Done."), THANKS], id="done"),
        pytest.param([BY_FRIDAY, ("ben", "The export works now, thank you!")], id="solved"),
        pytest.param([(*BY_FRIDAY, {"labels": (":white_check_mark: ben",)})], id="ticked off"),
    ],
)
def test_once_the_last_word_closes_the_matter_its_dates_no_longer_count(said: list[tuple[Any, ...]]) -> None:
    assert due(*said) is None


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([TOGETHER], id="nobody answered"),
        pytest.param([TOGETHER, ("us", "Yes."), ("anna", "Could you call her, too?")], id="something is still asked"),
        pytest.param([BY_FRIDAY, ("us", "OK, will do.")], id="we will do it"),
        pytest.param([BY_FRIDAY, ("us", "Will do!"), THANKS], id="we will do it, and are thanked"),
        pytest.param([BY_FRIDAY, THANKS], id="thanks in advance"),
    ],
)
def test_what_is_still_to_be_done_counts_on(said: list[tuple[Any, ...]]) -> None:
    assert due(*said) is not None


WORDS = ("Please pay by Friday.", "It was due on 20 February.", "Thanks!", "Done.", "I'll send it by Friday.", "When?")
conversations = st.lists(st.tuples(st.sampled_from(["anna", "us"]), st.sampled_from(WORDS)), min_size=1, max_size=4)


@given(said=conversations, at=st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))))
def test_words_never_touch_a_deadline_that_a_person_set_or_cleared(
    said: list[tuple[str, str]], at: datetime | None
) -> None:
    found = derive(talk(*said), Owned(due_at=at, due_is_set=True), Place(kind="mbox", integration="mbox"))

    assert (found["due_at"].value if "due_at" in found else None) == at


def beside_a_row(*said: tuple[Any, ...], due_at: datetime | None, owned: Owned | None = None, **given: Any) -> Fact:
    """The deadline of a conversation that was merged with a row made before it."""
    given = {"sent_at": hours(-24), **given}
    row = replace(message(9, "anna", "Please pay by today.", **given), work=Work(due_at=due_at))
    both = Conversation([*talk(*said).everything, row], OURS)
    return derive(both, owned or Owned(), Place(kind="csv", integration="csv"))["due_at"]


TUESDAY_NIGHT = march(3, 23, 59)
DECIDE = ("anna", "Please decide by Tuesday at 12:00.")


def test_an_earlier_deadline_in_words_is_not_lost_beside_that_of_a_row() -> None:
    found = beside_a_row(DECIDE, due_at=TUESDAY_NIGHT)

    assert (found.value, found.item, found.source) == (march(3, 12), 0, "item")
    assert found.quote
    assert "by Tuesday at 12:00" in found.quote


@pytest.mark.parametrize(
    ("said", "row"),
    [
        pytest.param(DECIDE, {"due_at": march(2, 23, 59)}, id="it is later"),
        pytest.param(("anna", "It was due on 20 February."), {"due_at": TUESDAY_NIGHT}, id="it had passed before"),
        pytest.param(DECIDE, {"due_at": march(9), "revised_at": march(4)}, id="the row was changed after it"),
        pytest.param(DECIDE, {"due_at": march(9), "sent_at": march(4)}, id="the row was made after it"),
        pytest.param(("us", "Please decide by Tuesday at 12:00."), {"due_at": TUESDAY_NIGHT}, id="it is theirs"),
    ],
)
def test_else_the_rows_deadline_counts(said: tuple[Any, ...], row: dict[str, Any]) -> None:
    found = beside_a_row(said, **row)

    assert (found.value, found.source, found.quote) == (row["due_at"], "integration", None)


@given(said=conversations)
def test_words_never_put_off_what_a_row_sets(said: list[tuple[str, str]]) -> None:
    found = beside_a_row(*said, due_at=hours(5)).value

    assert isinstance(found, datetime)
    assert found <= hours(5)


@given(said=conversations, at=st.datetimes(timezones=st.just(UTC)), row_at=st.datetimes(timezones=st.just(UTC)))
def test_neither_words_nor_a_row_touch_what_a_person_set(
    said: list[tuple[str, str]], at: datetime, row_at: datetime
) -> None:
    found = beside_a_row(*said, due_at=row_at, owned=Owned(due_at=at, due_is_set=True))

    assert (found.value, found.source) == (at, "person")
