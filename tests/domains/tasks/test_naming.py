"""How a text names another task: its whole title, its id, a link to it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domains.tasks import naming
from app.domains.tasks.derivation import title_key
from app.records import Work

WORDS = st.text("abcé ß12.-", min_size=1, max_size=12)


@given(st.lists(WORDS, max_size=10), st.lists(WORDS, min_size=3, max_size=8), st.lists(WORDS, max_size=30))
def test_a_telling_title_within_the_first_words_is_found(before: list[str], title: list[str], after: list[str]) -> None:
    key = title_key(" ".join(title))
    assume(naming.telling(key) and len(key.split()) <= 16 and len(title_key(" ".join(before)).split()) <= 40)
    text = " ".join([*before, *title, *after])

    assert key in naming.titles_within(text)
    assert naming.names_title(text, key)


@given(st.text())
def test_what_a_text_names_is_bounded(text: str) -> None:
    assert len(naming.titles_within(text)) <= 1_000


@pytest.mark.parametrize("text", ["About migrate the billings", "Migrate, then bill the rest", "migrate the", ""])
def test_other_words_do_not_name_a_title(text: str) -> None:
    assert not naming.names_title(text, "migrate the billing")
    assert "migrate the billing" not in naming.titles_within(text)


@pytest.mark.parametrize("title", ["Fix it", "Quick call"])
def test_a_short_title_names_nothing(title: str) -> None:
    assert not naming.names_title(f"{title} now", title_key(title))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("OPS-123 and (WEB2-7), again OPS-123", ["OPS-123", "WEB2-7"]),
        ("ops-123, X-1, 2026-03-02, OPS-12345678, PRE-OPS-123, OPS-123-fix", []),
    ],
)
def test_ids_are_whole_words_in_capitals(text: str, found: list[str]) -> None:
    assert naming.ids_within(text) == found


def test_a_row_bears_its_own_ids_and_not_those_of_rows_it_points_to() -> None:
    work = Work(own_ids=("OPS-123", "17"), fields=(("ID", "OPS-123"), ("Linked to", "OPS-124")))

    assert naming.ids_of(work) == ["OPS-123"]
    assert naming.ids_of(None) == []


@pytest.mark.parametrize(
    ("text", "key", "link"),
    [
        (
            "See https://www.notion.example/team/Billing-0123456789abcdef0123456789abcdef?pvs=4, please",
            "notion:0123456789abcdef0123456789abcdef",
            "https://www.notion.example/team/Billing-0123456789abcdef0123456789abcdef?pvs=4",
        ),
        (
            "(https://team.chat.example/archives/C01AB/p1520000000000100)",
            "slack:C01AB/1520000000.000100",
            "https://team.chat.example/archives/C01AB/p1520000000000100",
        ),
        (
            "notion://www.notion.example/Billing-0123456789abcdef0123456789abcdef is it.",
            "notion:0123456789abcdef0123456789abcdef",
            "notion://www.notion.example/Billing-0123456789abcdef0123456789abcdef",
        ),
        (
            "See [the plan](Plans/Billing%2001234567-89ab-cdef-0123-456789abcdef.md).",
            "notion:0123456789abcdef0123456789abcdef",
            "Plans/Billing%2001234567-89ab-cdef-0123-456789abcdef.md",
        ),
        ("https://elsewhere.example/x", "notion:0123", "https://there.example"),
        ("no address", "odd", "https://there.example"),
    ],
)
def test_a_link_is_quoted_as_it_was_written(text: str, key: str, link: str) -> None:
    assert naming.link_in([text], key, "https://there.example") == link


def test_a_link_to_what_has_no_address_shows_its_key() -> None:
    assert naming.link_in(["the plan"], "notion:0123") == "notion:0123"


def test_a_quote_is_one_short_line() -> None:
    assert naming.quoted("a\nb") == "a b"
    assert len(naming.quoted("word " * 100)) == 200
