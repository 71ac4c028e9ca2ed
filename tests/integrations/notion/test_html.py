"""Exports in HTML: Notion's own markup, with the types of properties in it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.integrations.contract import Options
from app.integrations.notion import MANIFEST
from app.integrations.notion.html_pages import NotAPage, sheet
from app.records import Attachment, Person
from tests.integrations.notion.build import by_subject, dashed, export, folder, items, own, refusals, work

STYLE = "<style>/* cspell:disable-file */ .page-title { font-size: 2.5rem; }</style>"
ICON = '<span class="icon property-icon"><svg role="graphics-symbol" class="{}"><path d="M0"></path></svg></span>'


def prop(sort: str, name: str, value: str) -> str:
    return (
        f'<tr class="property-row property-row-{sort}"><th>{ICON.format("types" + sort.title())}{name}</th>'
        f"<td>{value}</td></tr>"
    )


def page(title: str, *properties: str, body: str = "", key: str = "") -> str:
    table = f'<table class="properties"><tbody>{"".join(properties)}</tbody></table>' if properties else ""
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"/>'
        f'<title>{title}</title>{STYLE}</head><body><article id="{dashed(key or title)}" class="page sans">'
        f'<header><h1 class="page-title">{title}</h1><p class="page-description"></p>{table}'
        f'</header><div class="page-body">{body}</div></article>'
        '<span class="sans" style="font-size:14px;padding-top:2em"></span></body></html>'
    )


def status(name: str) -> str:
    return f'<span class="status-value select-value-color-blue"><div class="status-dot"></div>{name}</span>'


def chosen(*names: str) -> str:
    return "".join(f'<span class="selected-value select-value-color-red">{name}</span>' for name in names)


def who(*names: str) -> str:
    image = '<img src="https://lh3.example/photo.jpg" class="icon user-icon"/>'
    return " ".join(f'<span class="user">{image}{name}</span>' for name in names)


def box(on: bool) -> str:
    return f'<div class="checkbox checkbox-{"on" if on else "off"}"></div>'


def link(title: str, where: str = "Tasks") -> str:
    return f'<a href="{where}/{title.replace(" ", "%20")}%20{own(title)}.html">{title}</a>'


def collection(*rows: str, title: str = "Tasks") -> str:
    heads = [("Title", "Name"), ("Status", "Status"), ("Date", "Due"), ("Person", "Owner"), ("Checkbox", "Paid")]
    head = "".join(f"<th>{ICON.format('types' + sort)}{name}</th>" for sort, name in heads)
    return (
        f'<div id="{dashed(title)}" class="collection-content"><h4 class="collection-title">{title}</h4>'
        f'<table class="collection-content"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


def row(title: str, state: str, due: str = "", owner: str = "", *, paid: bool = False) -> str:
    time = f"<time>@{due}</time>" if due else ""
    cells = [status(state), time, who(owner) if owner else "", box(paid)]
    rest = "".join(f'<td class="cell-{number}">{cell}</td>' for number, cell in enumerate(cells))
    return f'<tr id="{dashed(title)}"><td class="cell-title">{link(title)}</td>{rest}</tr>'


ROOF = page(
    "Fix the roof",
    prop("status", "Status", status("In progress")),
    prop("select", "Priority", chosen("High")),
    prop("multi_select", "Themes", chosen("roof, north", "tiles")),
    prop("date", "Due", "<time>@March 6, 2026 → March 9, 2026</time>"),
    prop("person", "Owner", who("Ana Ruiz", "Ben")),
    prop(
        "relation",
        "Blocked by",
        f'<a href="Buy%20tiles%20{own("Buy tiles")}.html"><span class="icon">🧱</span>Buy tiles</a>',
    ),
    prop("checkbox", "Insured", box(True)),
    prop("number", "Budget", "900"),
    prop("url", "Shop", '<a href="https://tiles.example" class="url-value">https://tiles.example</a>'),
    prop("file", "Files", '<span style="margin-right:6px"><a href="Fix%20the%20roof/plan.pdf">plan.pdf</a></span>'),
    prop("created_time", "Made", "<time>@March 1, 2026 9:00 AM</time>"),
    prop("last_edited_time", "Touched", "<time>@March 2, 2026 9:00 AM</time>"),
    prop("created_by", "By", who("Cy")),
    body=(
        '<p id="x">It leaks, see <a href="https://acme.example/plan">the plan</a>.</p>'
        '<ul class="to-do-list"><li><div class="checkbox checkbox-on"></div> '
        '<span class="to-do-children-checked">Call Ana</span></li></ul>'
        '<ul class="to-do-list"><li><div class="checkbox checkbox-off"></div> '
        '<span class="to-do-children-unchecked">Call Ben</span></li></ul>'
    ),
)


def test_a_row_is_read_by_the_types_of_its_properties(tmp_path: Path) -> None:
    files: Mapping[str, str | bytes] = {
        f"Tasks/Fix the roof {own('Fix the roof')}.html": ROOF,
        "Tasks/Fix the roof/plan.pdf": b"12345",
    }

    (item,) = items(export(tmp_path, files))

    assert item.external_id == own("Fix the roof")
    assert item.sent_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert item.revised_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert item.sender == Person("Cy")
    assert item.text == "It leaks, see the plan <https://acme.example/plan>.\n\n[x] Call Ana\n[ ] Call Ben"
    assert Attachment("plan.pdf", "application/pdf", 5) in item.attachments
    said = work(item)
    assert (said.status, said.status_name, said.priority) == ("open", "In progress", "high")
    assert said.due_at == datetime(2026, 3, 9, 23, 59, tzinfo=UTC)
    assert said.assignees == (Person("Ana Ruiz"), Person("Ben"))
    assert said.labels == ("roof, north", "tiles")
    assert said.depends_on == (f"notion:{own('Buy tiles')}",)
    assert said.fields == (
        ("Insured", "Yes"),
        ("Budget", "900"),
        ("Shop", "https://tiles.example"),
        ("Files", "plan.pdf"),
    )


def test_a_databases_page_lists_its_rows_and_is_none_itself(tmp_path: Path) -> None:
    rows = [row("Fix the roof", "In progress"), row("Buy tiles", "Done", "March 3, 2026", "Ben", paid=True)]
    files: Mapping[str, str | bytes] = {
        f"Tasks {own('Tasks')}.html": page("Tasks", body=collection(*rows)),
        f"Tasks/Fix the roof {own('Fix the roof')}.html": ROOF,
        "index.html": "<html><body><ul><li>Tasks</li></ul></body></html>",
    }
    root = folder(tmp_path / "x", files)

    found = by_subject(root)

    assert set(found) == {"Fix the roof", "Buy tiles"}
    assert work(found["Fix the roof"]).assignees == (Person("Ana Ruiz"), Person("Ben"))
    tiles = work(found["Buy tiles"])
    assert (tiles.status, tiles.assignees) == ("done", (Person("Ben"),))
    assert tiles.due_at == datetime(2026, 3, 3, 23, 59, tzinfo=UTC)
    assert tiles.fields == (("Paid", "Yes"),)
    assert refusals(root) == []


def test_rows_that_a_view_leaves_out_are_rows_of_the_same_table(tmp_path: Path) -> None:
    other = page("Paint", prop("status", "Status", status("Done")))
    files: Mapping[str, str | bytes] = {
        f"Tasks {own('Tasks')}.html": page("Tasks", body=collection(row("Fix the roof", "In progress"))),
        f"Tasks/Fix the roof {own('Fix the roof')}.html": ROOF,
        f"Tasks/Paint {own('Paint')}.html": other,
    }
    root = folder(tmp_path / "x", files)

    assert MANIFEST.tables is not None
    (table,) = MANIFEST.tables(root, Options())

    assert (table.name, len(table.rows)) == ("Tasks", 2)
    assert work(by_subject(root)["Paint"]).status == "done"


def test_a_table_within_a_page_leaves_the_page_its_own_text(tmp_path: Path) -> None:
    body = "<p>Our house.</p>" + collection(row("Buy tiles", "Done")) + "<p>The end.</p>"
    files: Mapping[str, str | bytes] = {
        f"House {own('House')}.html": page("House", body=body),
        f"House/Annex {own('Annex')}.html": page("Annex", body="<p>Small.</p>"),
    }

    found = by_subject(folder(tmp_path / "x", files))

    assert set(found) == {"House", "Annex", "Buy tiles"}
    assert found["House"].text == "Our house.\n\nThe end."
    assert found["House"].loose
    assert found["Annex"].loose
    assert work(found["Buy tiles"]).status == "done"


def test_a_table_with_the_same_rows_in_two_pages_counts_once(tmp_path: Path) -> None:
    listed = collection(row("Buy tiles", "Done"))
    files: Mapping[str, str | bytes] = {
        f"{name} {own(name)}.html": page(name, body=f"<p>{name}</p>{listed}") for name in ("House", "Yard")
    }

    assert len(items(folder(tmp_path / "x", files))) == 3


def test_a_page_alone_is_known_by_its_markup(tmp_path: Path) -> None:
    path = tmp_path / "saved.html"
    path.write_text(ROOF, encoding="utf-8")

    assert MANIFEST.reader.recognises(path)
    assert items(path)[0].external_id == own("Fix the roof")


def test_html_of_another_kind_is_told(tmp_path: Path) -> None:
    files: Mapping[str, str | bytes] = {f"Saved {own('Saved')}.html": "<html><body><p>Hello</p></body></html>"}

    assert [refusal.why for refusal in refusals(folder(tmp_path / "x", files))] == [
        "It is HTML, but no page as Notion exports them."
    ]


@given(st.text(max_size=60), st.integers(0, len(ROOF)), st.integers(0, len(ROOF)))
def test_no_damage_to_a_page_raises_anything_else(noise: str, start: int, end: int) -> None:
    damaged = ROOF[:start] + noise + ROOF[end:]
    try:
        sheet(damaged)
    except NotAPage:
        return
