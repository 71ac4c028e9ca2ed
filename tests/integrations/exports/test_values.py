"""What the words in cells mean: known for certain, or left as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.integrations.exports.values import labels_of, people_of, priority_of, status_of, truth_of
from app.records import Person


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (
            ("Done", "✅", "✅ Done", "RESOLVED", "🚀 Shipped", "x", "yes", "100%", "4. Closed", "erledigt", "Terminé"),
            "done",
        ),
        (("To Do", "in_progress", "In-Progress", "3. In review", "Not started", "Almost done", "50 %"), "open"),
        (("not done", "Incomplete", "no", "false", "Reopened", "offen", "En cours", "Pendiente"), "open"),
        (("Won't do", "Won’t fix", "WONTFIX", "CANCELLED", "Duplicate", "Closed (won't fix)", "Abgelehnt"), "declined"),
        (("", "Marketing", "Done by Ana in the week of the fair", "🦄"), None),
    ],
)
def test_a_status_is_known_by_its_words(words: tuple[str, ...], status: str | None) -> None:
    assert {word: status_of(word) for word in words} == dict.fromkeys(words, status)


@pytest.mark.parametrize(
    ("words", "priority"),
    [
        (("Highest", "Blocker", "P0", "Critical", "urgent!", "1", "Priority 1", "Sehr hoch", "🚨"), "urgent"),
        (("🔥 High", "High 🔥", "H", "P1", "P1 - High", "High (P1)", "2 - High", "⏫", "hoch", "Alta"), "high"),
        (("Medium", "M", "Normal", "3", "P2", "mittel", "Major"), "normal"),
        (("Low", "L", "Trivial", "Lowest", "5", "P4", "niedrig", "🔽"), "low"),
        (("", "--", "None", "No priority", "n/a", "0"), ""),
    ],
)
def test_a_priority_is_known_by_its_words(words: tuple[str, ...], priority: str) -> None:
    assert {word: priority_of(word) for word in words} == dict.fromkeys(words, priority)


def test_a_word_of_one_s_own_stays_the_priority() -> None:
    assert priority_of("Board  level") == "Board level"


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Ana Ruiz <Ana@x.example>, Ben", (Person("Ana Ruiz", "ana@x.example"), Person("Ben"))),
        ("ana@x.example; ben@x.example", (Person("", "ana@x.example"), Person("", "ben@x.example"))),
        ("Ruiz, Ana <ana@x.example>", (Person("Ana Ruiz", "ana@x.example"),)),
        ("Ana Ruiz (ana@x.example)", (Person("Ana Ruiz", "ana@x.example"),)),
        ("Ana / Ben", (Person("Ana"), Person("Ben"))),
        ("Ana & Ben & Ana", (Person("Ana"), Person("Ben"))),
        ("@ana", (Person("ana"),)),
        ("R&D", (Person("R&D"),)),
        ("Unassigned", ()),
        (" - ", ()),
    ],
)
def test_people_are_told_apart(cell: str, people: tuple[Person, ...]) -> None:
    assert people_of(cell) == people


def test_labels_are_parted_by_what_parts_them() -> None:
    assert labels_of("ops, #urgent , ops") == ("ops", "urgent")
    assert labels_of("ops, and more; urgent") == ("ops, and more", "urgent")
    assert labels_of("") == labels_of("--") == ()


def test_yes_and_no_are_known_and_nothing_else_is() -> None:
    assert {truth_of(word) for word in ("Yes", "TRUE", "x", "✅", "ja")} == {True}
    assert {truth_of(word) for word in ("No", "false", "0", "☐", "nein")} == {False}
    assert {truth_of(word) for word in ("", "maybe", "2")} == {None}


@given(st.text(max_size=300))
def test_no_cell_is_an_error(cell: str) -> None:
    status_of(cell)
    priority_of(cell)
    assert all(person.name or person.address for person in people_of(cell))
    assert all(label.strip() for label in labels_of(cell))
