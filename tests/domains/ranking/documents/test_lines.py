"""Problems of a ruleset name the line of the file they stand on."""

import pytest

from app.domains.ranking.rules import RulesetInvalid
from app.domains.ranking.ruleset import parse

TEXT = """# Ours.
name = "ours"
resolution = 0

[bands]
now = 70
next = 80
later = 15

[groups.words]
titel = "Words"

[[rules]]
id = "urgent"
title = "Urgent"
when = "says_urgnt"
points = 30
say = "Urgent"

[[rules]]
id = "due"
title = "Due"
say = "Due {deu_at}"
curve.hours_to = "asks"
curve.points = [
  { at = "soon", points = 0 },
]

[[overrides]]
id = "pin"
title = "Pin"
when = "starred"
say = "Starred"
"""


def lines(text: str) -> dict[str, int | None]:
    with pytest.raises(RulesetInvalid) as found:
        parse(text)
    return {problem.where: problem.document_line for problem in found.value.problems}


def test_each_problem_has_the_line_of_its_field() -> None:
    assert lines(TEXT) == {
        "resolution": 3,
        "bands": 5,
        "groups.words.titel": 11,
        "rules[1] urgent.when": 16,
        "rules[2] due.say": 23,
        "rules[2] due.curve.hours_to": 24,
        "rules[2] due.curve.points[1].at": 25,
        "overrides[1] pin": 29,
    }


def test_what_is_missing_has_the_line_of_its_table() -> None:
    assert lines(TEXT.replace('title = "Urgent"\n', ""))["rules[1] urgent.title"] == 13


def test_where_rules_are_written_in_one_list_nothing_is_claimed() -> None:
    found = lines('name = "ours"\nbands = { now = 3, next = 2, later = 1 }\nrules = [{ id = "a", when = "x" }]\n')

    assert found["rules[1] a.when"] is None
