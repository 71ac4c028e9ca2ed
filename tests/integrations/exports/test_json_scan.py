"""JSON is read value by value: one that can't be read costs itself alone, and no more than its share of time."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.integrations.contract import Options
from app.integrations.exports.json_scan import Broken, scan
from app.integrations.exports.json_values import DEEPEST, MOST_DIGITS, end_of, flattened
from app.integrations.tables import JSON as JSON_TABLE
from app.records import Item, Refusal
from tests.integrations.exports.test_costs import is_dear

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='a"\\[]{},\n', max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(alphabet='a"[\\', max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


def values(folder: Path, text: str, *, lines: bool = False) -> list[object]:
    path = folder / "x.json"
    path.write_text(text, "utf-8")
    return [found.value for found in scan(path, lines=lines)]


def deep(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


@settings(max_examples=80, deadline=None)
@given(st.lists(JSON, max_size=6), st.sampled_from([None, 1]))
def test_every_list_is_read_as_it_was_written(elements: list[object], indent: int | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert values(Path(folder), json.dumps(elements, indent=indent)) == elements


@pytest.mark.parametrize("size", [2_000, 2_047, 2_048, 300_000, 2_000_000])
def test_values_of_any_length_are_read_whole(tmp_path: Path, size: int) -> None:
    elements = ["x" * size, 12_345, {"a": "y" * size}, True]

    assert values(tmp_path, json.dumps(elements)) == elements
    assert values(tmp_path, "\n".join(json.dumps(one) for one in elements), lines=True) == elements


def test_a_number_of_thousands_of_digits_is_text_and_costs_nothing_else(tmp_path: Path) -> None:
    digits = "1" * (MOST_DIGITS + 1)

    assert values(tmp_path, f'[{{"a": 1}}, {{"a": {digits}}}, {{"a": 3}}]') == [{"a": 1}, {"a": digits}, {"a": 3}]


@pytest.mark.parametrize("levels", [DEEPEST + 1, 985, 1_200, 100_000])
def test_a_value_that_is_nested_too_deep_is_left_out_alone(tmp_path: Path, levels: int) -> None:
    one, left_out, three = values(tmp_path, f'[{{"a": 1}}, {deep(levels)}, {{"a": "]"}}]')

    assert (one, three) == ({"a": 1}, {"a": "]"})
    assert isinstance(left_out, Broken)
    one, left_out, three = values(tmp_path, f'{{"a": 1}}\n{deep(levels)}\n{{"a": 3}}', lines=True)
    assert isinstance(left_out, Broken)


def test_a_line_that_is_no_json_is_left_out_alone(tmp_path: Path) -> None:
    found = values(tmp_path, '{"a": 1}\nx\n{"a": \n{"a":\n 2}\n{"a": 3} {"a": 4}\n', lines=True)

    assert [one for one in found if isinstance(one, dict)] == [{"a": 1}, {"a": 2}, {"a": 3}, {"a": 4}]


@pytest.mark.parametrize("line", ["x", "{", '{"a"', '"', "{}x", "-"])
def test_lines_that_are_no_json_cost_no_more_than_their_share(tmp_path: Path, line: str) -> None:
    def read(text: str) -> None:
        try:
            values(tmp_path, text, lines=True)
        except Broken:
            return

    assert not is_dear(read, f"{line}\n" * 6_000)


@given(JSON.filter(lambda value: isinstance(value, list | dict)), st.text(alphabet='a"]}\\', max_size=5))
def test_the_end_of_a_value_is_found_by_its_brackets(value: object, behind: str) -> None:
    text = json.dumps(value)

    assert end_of(text + behind, 0) == len(text)
    assert end_of(text[:-1], 0) is None


@given(JSON)
def test_what_is_not_deep_is_left_as_it_is(value: object) -> None:
    text = json.dumps(value)

    assert flattened(text) == (text, 0)


def test_what_stands_too_deep_becomes_nothing_and_is_counted() -> None:
    text, lost = flattened(f'[{{"a": {deep(90_000)}, "b": "]"}}, {deep(DEEPEST - 1)}, {deep(DEEPEST)}]')

    first, second, third = json.loads(text)
    assert (first["b"], lost) == ("]", 2)
    assert json.dumps(second).count("{") == json.dumps(third).count("{") == DEEPEST - 1
    assert flattened("[" * 500) == ("[" * DEEPEST + "null", 1)


def test_in_a_table_only_the_row_is_refused_and_the_reason_is_said(tmp_path: Path) -> None:
    rows = [f'{{"title": "Row {number}", "status": "open"}}' for number in range(2)]
    path = tmp_path / "t.json"
    path.write_text(f'[{rows[0]}, {{"title": "x", "status": {deep(985)}}}, {rows[1]}]')

    found = [one.what for one in JSON_TABLE.reader.read(path, Options())]

    assert [one.subject for one in found if isinstance(one, Item)] == ["Row 0", "Row 1"]
    assert [one.why for one in found if isinstance(one, Refusal)] == [
        f"It is left out: it is nested more than {DEEPEST} deep."
    ]
