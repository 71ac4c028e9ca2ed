"""Mistakes in conditions are told in words that say what to write instead."""

import pytest

from app.domains.ranking.conditions import ConditionInvalid, compile_condition

MISTAKES = {
    "money > 1000": ("write the number with a point, such as 1000.0", 7),
    "labels == 'vip'": ("write 'vip' in labels", 8),
    "labels in 'vip'": ("turn it round", 8),
    "'vip' in title": ("title.contains('vip')", 7),
    "starred and unread": ("write && instead of 'and'", 9),
    "starred or unread": ("write || instead of 'or'", 9),
    "not starred": ("write ! instead of 'not'", 5),
    "turn = 'ours'": ("write == to compare", 6),
    "asks => 3": ("write >= instead of =>", 6),
    "turn == 'ours": ("a quote is not closed", 9),
    "turn == “ours”": ("write straight quotes", 9),
    "(asks > 3": ("a bracket is not closed", 10),
    "asks > 3 ||": ("something is missing at the end", 12),
    "asks > '3'": ("'>' does not go with a int and a string", 6),
    "due_at > 5": ("a matter of a curve", 8),
    "turn == ours": ("as a text it stands in quotes: 'ours'", 9),
    "title.contain('x')": ("did you mean 'contains'?", 14),
    "sender_domain.matches('[')": ("no regular expression", 23),
    "asks": ("must be true or false", None),
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_says_what_to_write(text: str) -> None:
    told, column = MISTAKES[text]

    with pytest.raises(ConditionInvalid) as found:
        compile_condition(text)

    (issue,) = found.value.issues
    assert told in issue.message
    assert issue.column == column


def test_of_several_mistakes_of_meaning_all_are_told() -> None:
    with pytest.raises(ConditionInvalid) as found:
        compile_condition("mony > 3.0 && turn == ours")

    assert len(found.value.issues) == 2


def test_a_regular_expression_that_is_one_is_none_of_them() -> None:
    assert compile_condition(r"title.matches('^\\[ops\\]') || title.matches(r'\d+')").facts == ("title",)
