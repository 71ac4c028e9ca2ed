"""Other numbers in a ruleset's text: only they change, whatever the layout, and what was noted goes again."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domains.learning.rewriting import Edit, as_number, rewritten, without_notes
from app.domains.ranking.learning.learnable import learnable
from app.domains.ranking.ruleset import SHIPPED, parse, shipped_text
from app.domains.rulesets.documents import document_of

HEAD = 'name = "own"\nbands = { now = 70, next = 40, later = 15 }\n'
FIXED = HEAD + '[[rules]]\nid = "a"  # the id\n# why\npoints = 10   # ten\nwhen = "starred"\nsay = "A"\ntitle = "A"\n'


def points(text: str) -> dict[str, Any]:
    return {
        rule["id"]: rule.get("points") or [corner["points"] for corner in rule["curve"]["points"]]
        for rule in document_of(text)["rules"]
    }


def test_a_number_changes_and_everything_else_stays() -> None:
    made = rewritten(FIXED, [Edit("a", (12_000,), "learned: +2 from 4 drags (proposal 7)")])

    expected = FIXED.replace("points = 10 ", "points = 12 ")
    assert made == expected.replace("# the id\n", "# the id\n# learned: +2 from 4 drags (proposal 7)\n")
    assert without_notes(made, 7) == expected
    assert without_notes(made, 77) == made


def test_the_corners_of_a_curve_change_together() -> None:
    curve = "curve.points = [\n  { at = 0, points = 0 },  # none\n  { at = 9, points = 2.5 },\n]\n"
    text = HEAD + f'resolution = 0.5\n[[rules]]\nid = "a"\ntitle = "A"\nsay = "A"\ncurve.value = "asks"\n{curve}'

    assert rewritten(text, [Edit("a", (0, 3_500))]) == text.replace("points = 2.5", "points = 3.5")


@pytest.mark.parametrize(
    "corners",
    [
        '[rules.curve]\nvalue = "asks"\npoints = [{ at = 0, points = 5 }]\n',
        '[rules.curve]\nvalue = "asks"\n[[rules.curve.points]]\nat = 0\npoints = 5  # five\n',
        'curve = { value = "asks", points = [{ at = 0, points = 5 }] }\n',
    ],
)
def test_every_way_to_write_a_curve_is_kept(corners: str) -> None:
    text = HEAD + f'[[rules]]\nid = "a"\ntitle = "A"\nsay = "A"\n{corners}'

    assert rewritten(text, [Edit("a", (6_000,))]) == text.replace("points = 5", "points = 6")


def test_windows_line_ends_stay() -> None:
    made = rewritten(FIXED.replace("\n", "\r\n"), [Edit("a", (12_000,), "learned: +2 (proposal 7)")])

    assert made.replace("\r\n", "").count("\n") == 0
    assert without_notes(made, 7) == FIXED.replace("points = 10 ", "points = 12 ").replace("\n", "\r\n")


@pytest.mark.parametrize(
    "text",
    [
        HEAD + 'rules = [{ id = "a", title = "A", when = "starred", points = 10, say = "A" }]\n',
        FIXED + '[groups.x]\ncap = 3\n[[rules]]\nid = "b"\ntitle = "B"\nwhen = "question"\npoints = 1\nsay = "B"\n',
    ],
    ids=["inline", "apart"],
)
def test_an_unusual_layout_gets_its_numbers_all_the_same(text: str) -> None:
    made = rewritten(text, [Edit("a", (12_000,), "learned: +2 (proposal 7)")])

    assert points(made) == points(text) | {"a": 12}
    parse(made)


@given(st.sampled_from(SHIPPED), st.data())
@settings(deadline=None, max_examples=30)
def test_shipped_rulesets_keep_every_line_but_those_of_the_numbers(name: str, data: st.DataObject) -> None:
    text = shipped_text(name)
    rules = learnable(parse(text), {})
    chosen = data.draw(st.lists(st.sampled_from(sorted(rules)), unique=True, max_size=5))
    edits = [Edit(rule, rules[rule].at_peak(data.draw(st.sampled_from(rules[rule].reach)))) for rule in chosen]

    made = rewritten(text, edits)

    before, after = text.splitlines(), made.splitlines()
    assert len(before) == len(after)
    assert all("points" in old and "points" in new for old, new in zip(before, after, strict=True) if old != new)
    found = learnable(parse(made), {})
    assert {rule: known.now for rule, known in found.items()} == {rule: known.now for rule, known in rules.items()} | {
        edit.rule: edit.numbers for edit in edits
    }
    noted = rewritten(text, [Edit(edit.rule, edit.numbers, "learned: +1 from 3 drags (proposal 3)") for edit in edits])
    assert without_notes(noted, 3) == made


@pytest.mark.parametrize(
    ("milli", "said"), [(12_000, "12"), (2_500, "2.5"), (-1, "-0.001"), (0, "0"), (100_000, "100")]
)
def test_thousandths_are_written_as_people_write_them(milli: int, said: str) -> None:
    assert str(as_number(milli)) == said
