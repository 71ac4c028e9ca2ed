"""Whatever an export holds, reading it ends, and everything in it is an item or named."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.records import Item, Refusal
from tests.integrations.notion.build import folder, items, own, read, refusals

NAMES = [
    f"Tasks {own('Tasks')}.csv",
    f"Tasks {own('Tasks')}_all.csv",
    f"Tasks {own('Tasks')}/One {own('One')}.md",
    f"Tasks/Two {own('Two')}.html",
    f"Two {own('Two')}.md",
    "answer.json",
    "lines.jsonl",
    "index.html",
    "photo.png",
]
PIECES = [
    b"\xef\xbb\xbfName,Status,Due\nOne,Done,x\n",
    b"# One\n\nStatus: Done\nDue: tomorrow\n\n- [ ]  a",
    b'<article id="01234567-89ab-cdef-0123-456789abcdef"><table class="properties"><tr class="property-row"><td>',
    b'<table class="collection-content"><thead><tr><th></th></tr></thead><tbody><tr><td class="cell-title">a</td></tr>',
    b'[{"object":"page","id":"0123456789abcdef0123456789abcdef","properties":{"a":{"type":"title","title":[null]}}},',
    b'{"object":"block","id":"0123456789abcdef0123456789abcdef","parent":{"block_id":"0123456789abcdef0123456789abcdef"}}]',
    b'"\r\n,,\x00\xff\xfe',
]
contents = st.lists(st.sampled_from(PIECES) | st.binary(max_size=20), max_size=4).map(b"".join)


@given(st.dictionaries(st.sampled_from(NAMES), contents, min_size=1, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
def test_no_content_of_an_export_raises(tmp_path: Path, files: dict[str, bytes]) -> None:
    root = tmp_path / own(repr(sorted(files.items())))

    found = read(folder(root, dict(files)))

    assert all(isinstance(step.what, Item | Refusal) for step in found)
    assert all(step.what.why for step in found if isinstance(step.what, Refusal))
    given_ids = [step.what.external_id for step in found if isinstance(step.what, Item)]
    assert all(given_ids)


def test_blocks_in_a_circle_end(tmp_path: Path) -> None:
    one, two = own("one"), own("two")
    blocks = [
        f'{{"object":"block","id":"{mine}","type":"paragraph","paragraph":{{"rich_text":[{{"plain_text":"{mine[:3]}"}}]}},'
        f'"parent":{{"block_id":"{theirs}"}}}}'
        for mine, theirs in ((one, two), (two, one))
    ]
    page = f'{{"object":"page","id":"{one}","properties":{{}},"last_edited_time":"never","created_time":17}}'
    root = folder(tmp_path / "x", {"a.json": f"[{page},{','.join(blocks)}]"})

    (item,) = items(root)

    assert (item.sent_at, item.revised_at) == (None, None)


def test_a_page_nested_beyond_measure_is_read_crudely(tmp_path: Path) -> None:
    body = "<div>" * 20_000 + "deep" + "</div>" * 20_000
    page = f'<article id="{own("x")}"><h1 class="page-title">Deep</h1><div class="page-body">{body}</div></article>'

    (item,) = items(folder(tmp_path / "x", {f"Deep {own('x')}.html": page}))

    assert item.subject == "Deep"


def test_a_table_of_equal_titles_gives_each_row_a_page_of_its_own(tmp_path: Path) -> None:
    count = 400
    table = "Name,Status\n" + "Untitled,Open\n" * count
    pages = {f"Tasks/Untitled {own(str(number))}.md": "# Untitled\n\nStatus: Open" for number in range(count)}

    found = items(folder(tmp_path / "x", {f"Tasks {own('Tasks')}_all.csv": table, **pages}))

    assert len({item.external_id for item in found}) == count


@pytest.mark.parametrize(
    ("value", "lost"),
    [("1" * 5_000, 0), ("[" * 100_000 + "]" * 100_000, 1), ("[" * 985 + "]" * 985, 1)],
    ids=["a number of 5,000 digits", "nested without end", "nested almost as deep as Python goes"],
)
def test_an_absurd_value_costs_no_other_object(tmp_path: Path, value: str, lost: int) -> None:
    def page(title: str) -> str:
        name = f'{{"id": "title", "type": "title", "title": [{{"plain_text": "{title}"}}]}}'
        return f'{{"object": "page", "id": "{own(title)}", "properties": {{"Name": {name}}}}}'

    path = tmp_path / "answer.json"
    path.write_text(f'{{"object": "list", "results": [{page("One")}, {{"more": {value}}}, {page("Two")}]}}')

    assert [item.subject for item in items(path)] == ["One", "Two"]
    assert ["nested more than 200 deep" in refusal.why for refusal in refusals(path)] == [True] * lost
