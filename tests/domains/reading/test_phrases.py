"""Phrases: what a row of a table stands for, and which of two overlapping phrases counts."""

import pytest

from app.domains.reading.asks_table import ROWS as ASKS
from app.domains.reading.phrases import find, forms, spellings, tree
from app.domains.reading.sentences import sentences
from app.domains.reading.severity_table import ROWS as SEVERITY
from app.domains.reading.tokens import tokens
from app.domains.reading.words import LISTS


def found(text: str, *phrases: str) -> list[str]:
    hits = find(tree({"table": phrases}, LISTS), tokens(text, sentences(text)))
    return [phrases[hit.row] for hit in hits.get("table", [])]


def test_alternatives_and_optional_words_are_spelled_out() -> None:
    assert spellings("can|could you (please)", {}) == [
        ("can", "you"),
        ("can", "you", "please"),
        ("could", "you"),
        ("could", "you", "please"),
    ]


def test_forms_of_a_word_are_its_usual_endings() -> None:
    assert {"crash", "crashes", "crashed", "crashing"} <= set(forms("crash"))
    assert {"freeze", "freezes", "freezing"} <= set(forms("freeze"))
    assert {"modify", "modifies", "modified", "modifying"} <= set(forms("modify"))


def test_a_word_is_found_as_a_word_only() -> None:
    assert found("a download", "down") == []
    assert found("it is DOWN.", "down") == ["down"]
    assert found("see http://example.org/down", "down") == []
    assert found("call is_down now", "down") == []


def test_the_longer_phrase_silences_the_shorter_one_within() -> None:
    assert found("it is not urgent", "urgent", "not urgent") == ["not urgent"]


def test_a_phrase_never_reaches_across_sentences() -> None:
    assert found("You can. You did.", "can you") == []


def test_wildcards_stand_for_a_word_or_a_number() -> None:
    assert found("add Ann to your list", "add _ to your") == ["add _ to your"]
    assert found("for 3 weeks", "for # weeks") == ["for # weeks"]


@pytest.mark.parametrize("phrase", ["# rd time", "_ down", "(the) _ down"])
def test_a_phrase_that_could_never_be_found_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="wildcard"):
        tree({"table": [phrase]}, LISTS)


@pytest.mark.parametrize("rows", [ASKS, SEVERITY])
def test_every_row_of_a_scorecard_says_something_of_its_own(rows: tuple[object, ...]) -> None:
    phrases = [getattr(row, "phrase", "") for row in rows]

    assert len(set(phrases)) == len(phrases) <= 300
    assert all(getattr(row, "says", "") for row in rows)
