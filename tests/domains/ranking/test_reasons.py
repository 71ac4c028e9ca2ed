"""Sentences for people."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.domains.ranking.facts import Fact, FactValue
from app.domains.ranking.reasons import moment_words, template, words


def render(text: str, evidence: Fact | None = None, **values: FactValue) -> str:
    return template(text).render({name: Fact(value=value) for name, value in values.items()}, evidence)


def test_moments_are_absolute_and_in_utc() -> None:
    at = datetime(2025, 9, 26, 19, 5, 59, tzinfo=timezone(timedelta(hours=2)))

    assert moment_words(at) == "Fri 26 Sep 2025 17:05 UTC"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (3, "3"),
        (1200.5, "1,200.50"),
        (1200.0, "1,200"),
        (("a", "b"), "a, b"),
        (datetime(2025, 1, 1, tzinfo=UTC), "Wed 1 Jan 2025 00:00 UTC"),
        ("x" * 200, "x" * 159 + "…"),
    ],
)
def test_values_read_as_people_write_them(value: FactValue, text: str) -> None:
    assert words(value) == text


def test_a_place_takes_the_first_fact_that_is_known() -> None:
    assert render("From {sender_name|sender}", sender="ana@example.org") == "From ana@example.org"


def test_a_place_without_a_known_fact_says_so() -> None:
    assert render("From {sender_name|sender}") == "From unknown"


def test_brackets_are_left_out_where_a_place_in_them_is_unknown() -> None:
    text = "Names us[: “{quote}”]"

    assert render(text) == "Names us"
    assert render(text, Fact(value=True, quote="Hi Ben")) == "Names us: “Hi Ben”"


def test_braces_in_a_fact_are_only_text() -> None:
    assert render("{title}!", title="{due_at} [x]") == "{due_at} [x]!"


@pytest.mark.parametrize("text", ["a { b", "a } b", "[a", "a]", "[[a]]", "{a{b}}"])
def test_marks_without_a_partner_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="without its partner"):
        template(text)
