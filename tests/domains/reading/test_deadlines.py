"""Deadlines in words: what sets one, what does not, and what the date is."""

from datetime import datetime, time, timedelta, timezone

import pytest

from app.domains.reading import Text, TextFact, read
from tests.domains.reading.deadline_table import NOT_SET, SET

WEDNESDAY = datetime(2025, 9, 24, 10, tzinfo=timezone(timedelta(hours=-7)))


def due(text: str, *, sent_at: datetime | None = WEDNESDAY, day_ends: time = time(17)) -> list[TextFact]:
    reading = read(Text(text=text, sent_at=sent_at, day_ends=day_ends))
    return [fact for fact in reading.facts if fact.fact == "due_at"]


def values(text: str, *, sent_at: datetime | None = WEDNESDAY) -> list[str]:
    return [str(fact.value) for fact in due(text, sent_at=sent_at)]


@pytest.mark.parametrize(("sentence", "at"), SET)
def test_a_deadline_in_words_is_read_against_the_senders_day(sentence: str, at: str) -> None:
    found = values(sentence)

    assert len(found) == 1
    assert found[0].startswith(at)


@pytest.mark.parametrize("sentence", NOT_SET)
def test_a_mere_date_sets_no_deadline(sentence: str) -> None:
    assert values(sentence) == []
