"""Markdown made readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.integrations.notion.markdown import readable, sheet
from tests.integrations.exports.test_costs import is_dear


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("## 📝 **Publish my first book**", "📝 Publish my first book"),
        ("- [ ]  Buy tiles\n- [x]  Call *Ana*", "[ ] Buy tiles\n[x] Call Ana"),
        ("    - [X]  Deep", "    [x] Deep"),
        ("See [the plan](https://acme.example/a_(b))", "See the plan (https://acme.example/a_(b))"),
        ("[https://acme.example](https://acme.example/)", "https://acme.example"),
        ("[Annex](Home%200123/Annex.md)", "Annex"),
        ("**bold** and ~~gone~~ and 2 * 3 * 4", "bold and gone and 2 * 3 * 4"),
        ("snake_case and \\*stars\\*", "snake_case and *stars*"),
        ("<aside>\n💡 Careful\n</aside>", "\n💡 Careful".strip()),
        ("```python\na = **b** # [x](y)\n```", "a = **b** # [x](y)"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("- one\n    - two", "- one\n    - two"),
    ],
)
def test_marks_go_and_words_stay(written: str, shown: str) -> None:
    assert readable(written) == shown


def test_a_first_paragraph_of_prose_is_no_list_of_properties() -> None:
    found = sheet("# Notes\n\nHere are the basics:\nNote: bring tiles\n\nMore.")

    assert (found.title, found.cells) == ("Notes", {})
    assert found.body == "Here are the basics:\nNote: bring tiles\n\nMore."


def test_a_property_may_have_a_colon_in_its_name_where_the_table_is_known() -> None:
    found = sheet("# One\n\nGoal: why: Money\nGoal: x", known=["Goal: why", "Goal"])

    assert {name: cell.text for name, cell in found.cells.items()} == {"Goal: why": "Money", "Goal": "x"}


@given(st.text(alphabet="[]()*_~`<>#\\ \n-xa!:/", max_size=300))
def test_any_markdown_is_read(text: str) -> None:
    assert sheet(text).body is not None
    assert sheet(text, known=["a"]).body is not None


@pytest.mark.parametrize("mark", ["[", "*", "**", "![", "<a", "](", "__", "\\"])
def test_long_lines_of_marks_cost_no_more_than_their_share(mark: str) -> None:
    assert not is_dear(readable, mark * 20_000)
