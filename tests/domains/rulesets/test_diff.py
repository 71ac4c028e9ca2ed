"""What changed between two versions: named by rule and field, whatever the layout of the text."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domains.rulesets.diff import Change, FieldChange, changes, text_diff
from app.domains.rulesets.documents import document_of
from tests.domains.rulesets.texts import rule, text


def between(before: str, after: str) -> list[Change]:
    return changes(document_of(before), document_of(after))


def test_the_same_document_has_no_changes_whatever_its_layout() -> None:
    before = text()
    after = before.replace("# Mine", "# Ours").replace("points = 30", "points    =  30  # half a day")

    assert between(before, after) == []
    assert text_diff(before, before, "a", "b") == ""


def test_a_changed_field_is_told_with_what_it_was() -> None:
    (change,) = between(text(points=30), text(points=35))

    assert (change.what, change.section, change.id, change.title) == ("changed", "rule", "urgent", "Says urgent")
    assert change.fields == (FieldChange("points", 30, 35),)


def test_rules_that_came_and_went_are_told_with_all_they_said() -> None:
    came, went = between(text(more=rule("old")), text(more=rule("new")))

    assert (came.what, came.id, went.what, went.id) == ("added", "new", "removed", "old")
    assert FieldChange("points", None, 10) in came.fields
    assert FieldChange("points", 10, None) in went.fields


def test_a_field_of_a_curve_is_named_with_its_curve() -> None:
    curve = 'id = "x"\ncurve.value = "asks"\ncurve.points = [{ at = 0, points = 0 }, { at = 9, points = PTS }]'
    before, after = (f"[[rules]]\n{curve}".replace("PTS", points) for points in ("5", "5.5"))

    (change,) = between(before, after)

    (field,) = change.fields
    assert field.field == "curve.points"
    assert (field.before[1]["points"], field.after[1]["points"]) == (5, 5.5)


def test_groups_bands_overrides_and_settings_are_sections_of_their_own() -> None:
    before = 'description = "a"\nbands = { now = 70 }\n[groups.words]\ncap = 45\n'
    after = 'description = "b"\nbands = { now = 71 }\ninherit = { share = 0.1 }\n[[overrides]]\nid = "parked"\n'

    found = [(change.what, change.section, change.id) for change in between(before, after)]

    assert found == [
        ("changed", "setting", "description"),
        ("added", "setting", "inherit"),
        ("added", "override", "parked"),
        ("removed", "group", "words"),
        ("changed", "band", "now"),
    ]


def test_of_rules_that_swapped_places_one_is_named() -> None:
    before = text(more=rule("a") + rule("b") + rule("c"))
    after = text(more=rule("c") + rule("a") + rule("b"))

    (change,) = between(before, after)

    assert (change.id, change.fields) == ("c", (FieldChange("position", 4, 2),))


def test_a_rule_in_between_moves_none_of_the_others() -> None:
    (change,) = between(text(more=rule("b")), text(more=rule("a") + rule("b")))

    assert (change.what, change.id) == ("added", "a")


def test_the_number_of_the_version_is_no_change() -> None:
    assert between("version = 1", "version = 2") == []


def test_the_text_is_compared_by_its_lines() -> None:
    said = text_diff(text(points=30), text(points=35), "own 1", "own 2")

    assert said.startswith("--- own 1\n+++ own 2\n@@")
    assert "-points = 30\n+points = 35\n" in said


_entries = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("abcdef"), "points": st.integers(0, 2)}),
    max_size=6,
    unique_by=lambda entry: entry["id"],
)


@given(_entries, _entries)
def test_changes_tell_all_that_is_needed_to_get_from_one_to_the_other(before: list[Any], after: list[Any]) -> None:
    found = {change.id: change for change in changes({"rules": before}, {"rules": after})}

    rebuilt = {entry["id"]: dict(entry) for entry in before}
    for change in found.values():
        if change.what == "removed":
            del rebuilt[change.id]
            continue
        entry = rebuilt.setdefault(change.id, {})
        entry |= {each.field: each.after for each in change.fields if each.field != "position"}
    assert rebuilt == {entry["id"]: entry for entry in after}
    assert (found == {}) == (before == after)
