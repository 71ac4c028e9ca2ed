"""What each type of property comes to."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.integrations.notion.cells import Cell, Names, cell
from app.records import Attachment, Person
from tests.integrations.notion.build import dashed, own, user, value, words

NAMES = Names(people={own("Ben"): Person("Ben Okafor", "ben@acme.example")}, titles={own("Roof"): "Fix the roof"})


@pytest.mark.parametrize(
    ("sort", "inner", "text"),
    [
        ("title", words("Fix the roof"), "Fix the roof"),
        ("rich_text", [*words("Call "), *words("Ana")], "Call Ana"),
        (
            "rich_text",
            [{"plain_text": "the plan", "href": "https://acme.example/p"}],
            "the plan (https://acme.example/p)",
        ),
        ("rich_text", [{"plain_text": "https://acme.example", "href": "https://acme.example"}], "https://acme.example"),
        ("rich_text", [{"type": "equation", "equation": {"expression": "a=b"}}], "a=b"),
        ("number", 17, "17"),
        ("number", 17.0, "17"),
        ("number", 0.5, "0.5"),
        ("number", None, ""),
        ("select", {"name": "High", "color": "red"}, "High"),
        ("select", None, ""),
        ("multi_select", [{"name": "roof"}, {"name": "urgent"}], "roof, urgent"),
        ("status", {"name": "In progress"}, "In progress"),
        ("date", {"start": "2026-03-04", "end": None, "time_zone": None}, "2026-03-04"),
        ("date", {"start": "2026-03-04", "end": "2026-03-06"}, "2026-03-04 → 2026-03-06"),
        ("date", {"start": "2026-03-04T09:00:00", "time_zone": "Europe/Berlin"}, "2026-03-04T09:00:00+01:00"),
        ("date", {"start": "2026-03-04T09:00:00", "time_zone": "Middle/Earth"}, "2026-03-04T09:00:00"),
        (
            "people",
            [user("Ana Ruiz", "Ana@acme.example"), {"object": "user", "id": dashed("Ben")}],
            "Ana Ruiz, Ben Okafor",
        ),
        (
            "files",
            [{"name": "plan.pdf", "type": "file", "file": {"url": "https://x.example/plan.pdf?sig=1"}}],
            "plan.pdf",
        ),
        ("files", [{"type": "external", "external": {"url": "https://x.example/a/plan.pdf?sig=1"}}], "plan.pdf"),
        ("checkbox", True, "Yes"),
        ("checkbox", False, "No"),
        ("url", "https://acme.example", "https://acme.example"),
        ("email", "ana@acme.example", "ana@acme.example"),
        ("phone_number", "+34 600 000 000", "+34 600 000 000"),
        ("formula", {"type": "string", "string": "late"}, "late"),
        ("formula", {"type": "number", "number": 3}, "3"),
        ("formula", {"type": "boolean", "boolean": True}, "Yes"),
        ("formula", {"type": "date", "date": {"start": "2026-03-04"}}, "2026-03-04"),
        ("formula", {"type": "date", "date": None}, ""),
        ("relation", [{"id": dashed("Roof")}, {"id": dashed("Wall")}], f"Fix the roof, {own('Wall')}"),
        ("rollup", {"type": "number", "number": 2, "function": "count"}, "2"),
        ("rollup", {"type": "date", "date": {"start": "2026-03-04"}, "function": "latest_date"}, "2026-03-04"),
        ("rollup", {"type": "array", "array": [value("number", 1), value("title", words("Roof"))]}, "1, Roof"),
        ("unique_id", {"prefix": "TASK", "number": 7}, "TASK-7"),
        ("unique_id", {"prefix": None, "number": 7}, "7"),
        ("created_time", "2026-03-04T09:00:00.000Z", "2026-03-04T09:00:00.000Z"),
        ("last_edited_time", "2026-03-04T09:00:00.000Z", "2026-03-04T09:00:00.000Z"),
        ("created_by", user("Ana Ruiz"), "Ana Ruiz"),
        ("last_edited_by", {"object": "user", "id": dashed("Ben")}, "Ben Okafor"),
        ("place", {"lat": 52.5, "lon": 13.4, "name": None, "address": "Berlin"}, "Berlin"),
        ("place", {"lat": 52.5, "lon": 13.4}, "52.5, 13.4"),
        ("button", {}, ""),
        ("verification", {"state": "verified", "verified_by": user("Ana Ruiz"), "date": None}, "verified by Ana Ruiz"),
        ("verification", {"state": "unverified", "verified_by": None, "date": None}, "unverified"),
        ("mood_of_2030", {"name": "sunny", "id": "x"}, "sunny"),
        ("mood_of_2030", [{"label": "a", "id": "x"}, 3, None], "a, 3"),
        ("mood_of_2030", True, "Yes"),
    ],
)
def test_every_type_is_shown_as_text(sort: str, inner: Any, text: str) -> None:
    found = cell(value(sort, inner), NAMES)

    assert found.text == text


def test_people_keep_their_addresses_and_without_one_their_id_stands_for_it() -> None:
    found = cell(value("people", [user("Ana Ruiz", "Ana@Acme.example"), user("Cy")]), NAMES)

    assert found.people == (Person("Ana Ruiz", "ana@acme.example"), Person("Cy", f"notion:{own('Cy')}"))


def test_files_relations_and_options_are_kept_by_their_meaning_too() -> None:
    file = {"name": "plan.pdf", "type": "external", "external": {"url": "https://x.example/p"}}

    assert cell(value("files", [file]), NAMES).files == (Attachment("plan.pdf", "application/octet-stream", 0),)
    assert cell(value("relation", [{"id": dashed("Roof")}]), NAMES).pages == (own("Roof"),)
    assert cell(value("multi_select", [{"name": "a, b"}, {"name": "c"}]), NAMES).names == ("a, b", "c")


def test_a_relation_that_is_cut_off_says_so() -> None:
    found = cell(value("relation", [{"id": dashed("Roof")}], has_more=True), NAMES)

    assert found.problem == "names more rows than the 1 that the document holds"


def test_text_crosses_clean() -> None:
    assert cell(value("rich_text", words("a\x00b\ud800c\r\nd")), NAMES).text == "ab\ufffdc\nd"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["type", "id", "name", "date"]), inner),
    max_leaves=12,
)
SORTS = ["title", "number", "people", "files", "formula", "relation", "rollup", "date", "verification", "new", ""]


@given(st.sampled_from(SORTS), json_values)
def test_no_value_is_too_odd_to_be_shown(sort: str, inner: Any) -> None:
    assert isinstance(cell({"type": sort, sort: inner}, NAMES), Cell)
