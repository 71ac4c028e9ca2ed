"""A ruleset's document as TOML, as JSON and as data: nothing gets lost on the way."""

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.ranking import ruleset
from app.domains.ranking.rules import Problem, RulesetInvalid
from app.domains.rulesets.calendars import BUILT_IN
from app.domains.rulesets.compiling import compiled, one_line, refusal
from app.domains.rulesets.documents import document_of, from_json, plain, to_toml, unstorable

_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
_scalars = st.one_of(st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), _texts)
_values = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4), max_leaves=20
)


@given(st.dictionaries(_texts, _values, max_size=5))
def test_what_is_written_as_toml_is_read_back_the_same(document: dict[str, Any]) -> None:
    assert tomllib.loads(to_toml(document)) == document


@pytest.mark.parametrize("name", ruleset.SHIPPED)
def test_a_shipped_ruleset_goes_through_json_without_loss(name: str) -> None:
    text = ruleset.shipped_text(name)

    through = to_toml(from_json(json.dumps(plain(document_of(text)))))

    assert plain(document_of(through)) == plain(document_of(text))
    assert len(compiled(through, BUILT_IN).rules) == len(compiled(text, BUILT_IN).rules)


def test_what_came_as_json_reads_like_something_written_by_hand() -> None:
    curve = {"hours_to": "due_at", "points": [{"at": "7d", "points": 0}, {"at": "1d", "points": 30}]}

    text = to_toml({"rules": [{"id": "near", "curve": curve}], "name": "own", "groups": {"words": {"cap": 45}}})

    assert text.splitlines() == [
        'name = "own"',
        "",
        "[groups.words]",
        "cap = 45",
        "",
        "[[rules]]",
        'id = "near"',
        'curve.hours_to = "due_at"',
        "curve.points = [",
        '    {at = "7d", points = 0},',
        '    {at = "1d", points = 30},',
        "]",
    ]


def test_what_can_not_be_stored_is_told_with_its_place() -> None:
    deep: Any = []
    for _ in range(30):
        deep = [deep]
    document = {"name": None, "rules": [{"id": "a"}, {"id": "b", "say": "\x00", "\ud800": 1}], "x": deep}

    places = [problem.where for problem in unstorable(document)]

    assert places[:3] == ["name", "rules[2] b.say", "rules[2] b"]
    assert len(places) == 4
    with pytest.raises(RulesetInvalid):
        to_toml(document)


@pytest.mark.parametrize("text", ["", "[]", "5", '{"a": ', "[" * 100_000, f'{{"a": {"9" * 5000}}}'])
def test_what_is_no_json_object_is_told_so(text: str) -> None:
    with pytest.raises(RulesetInvalid) as caught:
        from_json(text)

    assert caught.value.problems[0].where == "the document"


def test_broken_json_tells_line_and_column() -> None:
    with pytest.raises(RulesetInvalid) as caught:
        from_json('{"name": "own",\n "rules": [}')

    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (2, 12)


@pytest.mark.parametrize(
    ("problems", "said"),
    [
        (("is needed",), "This can't be used as a ruleset: a: is needed."),
        (("did you mean 'b'?",), "This can't be used as a ruleset: a: did you mean 'b'?"),
        (("did you mean 'b'?", "is needed"), "This can't be used as a ruleset: a: did you mean 'b'? There is 1 more."),
        (("is needed",) * 3, "This can't be used as a ruleset: a: is needed. There are 2 more."),
    ],
)
def test_a_refusal_is_a_whole_sentence(problems: tuple[str, ...], said: str) -> None:
    assert str(refusal(RulesetInvalid([Problem("a", message) for message in problems]))) == said


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Problem("a", "is needed"), "a: is needed"),
        (Problem("a", "is needed", document_line=7, field="when"), "a: is needed (line 7 of the file)"),
        (Problem("a", "no", 1, 5, field="when", document_line=7), "a: no (line 7 of the file, column 5 of when)"),
        (
            Problem("a", "no", 2, 5, field="when", document_line=7),
            "a: no (line 7 of the file, line 2, column 5 of when)",
        ),
        (Problem("a", "no", 1, 5, field="when"), "a: no (line 1, column 5)"),
    ],
)
def test_a_problem_is_told_with_its_place(problem: Problem, said: str) -> None:
    assert one_line(problem) == said
