"""Exports in Markdown and CSV."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.integrations.contract import Options
from app.integrations.notion import MANIFEST
from app.records import Attachment, Item, Person
from tests.integrations.notion.build import (
    AT,
    by_subject,
    export,
    folder,
    items,
    own,
    packed,
    read,
    refusals,
    work,
)

T = f"Tasks {own('Tasks')}"
HEADER = "Name,Status,Priority,Due,Assignee,Tags,Created"
ROOF = 'Fix the roof,In progress,High,"March 6, 2026 → March 9, 2026","Ana Ruiz, Ben",roof,"March 1, 2026 9:00 AM"'
TILES = 'Buy tiles,Done,,"March 2, 2026 3:30 PM (GMT+1)",Ana Ruiz,,"March 1, 2026 9:05 AM"'


def table(*rows: str, header: str = HEADER) -> str:
    return "\ufeff" + "\n".join([header, *rows])


def named(title: str, text: str = "", *, at: str = T) -> dict[str, str | bytes]:
    """A row's page, as a file of the export."""
    return {f"{at}/{title} {own(title)}.md": f"# {title}\n\n{text}"}


def small() -> dict[str, str | bytes]:
    return {
        f"{T}.csv": table("Fix the roof,In progress", "Buy tiles,Done", header="Name,Status"),
        f"{T}_all.csv": table(ROOF, TILES),
        **named(
            "Fix the roof",
            "Status: In progress\nPriority: High\n\nIt leaks. See [the plan](https://acme.example/plan).",
        ),
        **named("Buy tiles", "Status: Done\n"),
        f"Handbook {own('Handbook')}.md": "# Handbook\n\n- [x]  Read it\n- [ ]  Sign it",
        "index.html": "<html><body>contents</body></html>",
    }


def test_a_row_is_read_with_its_page(tmp_path: Path) -> None:
    item = by_subject(export(tmp_path, small()))["Fix the roof"]

    assert item.external_id == own("Fix the roof")
    assert item.keys == (f"notion:{own('Fix the roof')}",)
    assert item.url == f"https://www.notion.so/{own('Fix the roof')}"
    assert item.text == "It leaks. See the plan (https://acme.example/plan)."
    assert item.sent_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert item.labels == ("roof",)
    said = work(item)
    assert (said.status, said.status_name, said.priority) == ("open", "In progress", "high")
    assert said.assignees == (Person("Ana Ruiz"), Person("Ben"))
    assert said.due_at == datetime(2026, 3, 9, 23, 59, tzinfo=UTC)
    assert work(by_subject(export(tmp_path, small()))["Buy tiles"]).due_at == datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


def test_twins_parts_and_copies_count_once(tmp_path: Path) -> None:
    found = read(export(tmp_path, small(), small()))

    assert sorted(step.what.subject for step in found if isinstance(step.what, Item)) == [
        "Buy tiles",
        "Fix the roof",
        "Handbook",
    ]
    assert found[-1].progress.done == found[-1].progress.total


def test_a_folder_and_a_zip_of_it_say_the_same_but_for_the_time_of_the_export(tmp_path: Path) -> None:
    zipped = items(export(tmp_path, small()))
    unpacked = items(folder(tmp_path / "unpacked", small()))

    assert [(item.external_id, item.content_hash, item.work) for item in zipped] == [
        (item.external_id, item.content_hash, item.work) for item in unpacked
    ]
    assert {item.revised_at for item in zipped} == {datetime(*AT, tzinfo=UTC)}
    assert {item.revised_at for item in unpacked} == {None}  # a folder's times may be of any copy


def test_folders_without_an_id_are_those_of_newer_exports(tmp_path: Path) -> None:
    files: Mapping[str, str | bytes] = {
        f"{T}_all.csv": table(ROOF),
        **named("Fix the roof", "Status: In progress\n\nIt leaks.", at="Tasks"),
    }

    (item,) = items(folder(tmp_path / "x", files))

    assert (item.external_id, item.text) == (own("Fix the roof"), "It leaks.")


def test_rows_of_one_title_get_the_page_that_says_the_same(tmp_path: Path) -> None:
    files: Mapping[str, str | bytes] = {
        f"{T}_all.csv": table("Call,Done", "Call,Open", header="Name,Status"),
        f"{T}/Call {own('a')}.md": "# Call\n\nStatus: Open",
        f"{T}/Call {own('b')}.md": "# Call\n\nStatus: Done",
    }

    found = items(folder(tmp_path / "x", files))

    assert [(item.external_id, work(item).status) for item in found] == [(own("b"), "done"), (own("a"), "open")]


def test_titles_that_are_dates_find_their_pages_by_what_else_they_say(tmp_path: Path) -> None:
    files: Mapping[str, str | bytes] = {
        f"{T}_all.csv": table('"@March 3, 2026 ",Done,2', '"@March 4, 2026 ",Done,1', header="Name,Status,Laps"),
        f"{T}/@Yesterday {own('a')}.md": "# @Yesterday\n\nStatus: Done\nLaps: 2",
        f"{T}/@Today {own('b')}.md": "# @Today\n\nStatus: Done\nLaps: 1",
    }

    found = items(folder(tmp_path / "x", files))

    assert [(item.subject, item.external_id) for item in found] == [
        ("@March 3, 2026", own("a")),
        ("@March 4, 2026", own("b")),
    ]


def test_pages_that_the_table_does_not_list_are_rows_too(tmp_path: Path) -> None:
    files: Mapping[str, str | bytes] = {
        f"{T}.csv": table("Fix the roof,Open", header="Name,Status"),
        **named("Fix the roof", "Status: Open\nBudget: 900"),
        **named("Buy tiles", "Status: Done\nBudget: 20"),
    }

    found = by_subject(folder(tmp_path / "x", files))

    assert work(found["Buy tiles"]).status == "done"
    assert work(found["Fix the roof"]).fields == (("Budget", "900"),)


def test_relations_name_rows_by_their_files_their_addresses_or_their_titles(tmp_path: Path) -> None:
    by_file = f"Buy tiles (Tasks%20{own('Tasks')}/Buy%20tiles%20{own('Buy tiles')}.md)"
    by_address = f"Buy tiles (https://www.notion.so/Buy-tiles-{own('Buy tiles')}?pvs=21)"
    files: Mapping[str, str | bytes] = {
        f"{T}_all.csv": table(
            "Buy tiles,Done,", f'One,Open,"{by_file}"', f"Two,Open,{by_address}", "Three,Open,Buy tiles",
            header="Name,Status,Blocked by",
        ),
        **named("Buy tiles", "Status: Done"),
    }  # fmt: skip

    found = by_subject(folder(tmp_path / "x", files))

    for title in ("One", "Two", "Three"):
        assert work(found[title]).depends_on == (f"notion:{own('Buy tiles')}",)
    assert found["One"].links == (f"notion:{own('Buy tiles')}",)


def test_a_csv_alone_is_read_and_its_rows_have_ids_that_last(tmp_path: Path) -> None:
    path = tmp_path / f"{T}_all.csv"
    path.write_text(table(ROOF, TILES, ROOF), encoding="utf-8")

    first, again = items(path), items(path)

    assert first == again
    assert len({item.external_id for item in first}) == 3
    assert all(item.external_id.startswith(f"{own('Tasks')}/") for item in first)
    assert all((item.keys, item.url) == ((), "") for item in first)


def test_a_number_of_its_own_is_a_rows_id(tmp_path: Path) -> None:
    path = tmp_path / f"{T}.csv"
    path.write_text(
        table("Fix the roof,Open,TASK-7", "Buy tiles,Open,TASK-8", header="Name,Status,ID"), encoding="utf-8"
    )

    assert [item.external_id for item in items(path)] == [f"{own('Tasks')}/TASK-7", f"{own('Tasks')}/TASK-8"]


def test_line_ends_quotes_and_marks_of_other_programs_do_not_matter(tmp_path: Path) -> None:
    text = '\ufeffName,Status,Notes\r\n"Fix, ""the"" roof",Open,"first\r\nsecond"\r\n'
    path = tmp_path / f"{T}.csv"
    path.write_bytes(text.encode())

    (item,) = items(path)

    assert (item.subject, item.text) == ('Fix, "the" roof', "first\nsecond")


def test_a_value_over_several_lines_stays_with_its_property(tmp_path: Path) -> None:
    files: Mapping[str, str | bytes] = {
        f"{T}.csv": table('Fix the roof,Open,"call Ana\nthen Ben"', header="Name,Status,Steps"),
        **named("Fix the roof", "Status: Open\nSteps: call Ana\nthen Ben\n\nIt leaks."),
    }

    (item,) = items(folder(tmp_path / "x", files))

    assert work(item).fields == (("Steps", "call Ana\nthen Ben"),)
    assert item.text == "It leaks."


def test_dates_that_lean_on_a_day_lean_on_that_of_the_export(tmp_path: Path) -> None:
    rows = table(
        "One,Open,@Tomorrow", "Two,Open,@Last Wednesday", 'Three,Open,"March 8, 2026"', header="Name,Status,Due"
    )

    found = by_subject(export(tmp_path, {f"{T}_all.csv": rows}))

    assert work(found["One"]).due_at == datetime(2026, 3, 5, 23, 59, tzinfo=UTC)
    assert work(found["Two"]).due_at == datetime(2026, 2, 25, 23, 59, tzinfo=UTC)


def test_a_date_that_leans_on_a_day_nobody_knows_is_told_and_kept(tmp_path: Path) -> None:
    rows = table("One,Open,@Tomorrow", 'Two,Open,"March 8, 2026"', header="Name,Status,Due")

    item = by_subject(folder(tmp_path / "x", {f"{T}_all.csv": rows}))["One"]

    assert work(item).due_at is None
    assert item.problems == ("The column «Due» holds «@Tomorrow», which could not be read as a date.",)
    assert work(item).fields == (("Due", "@Tomorrow"),)


def test_days_before_months_are_told_by_the_columns_other_dates(tmp_path: Path) -> None:
    rows = table("One,Open,04/03/2026", "Two,Open,25/03/2026", header="Name,Status,Due")

    found = by_subject(folder(tmp_path / "x", {f"{T}_all.csv": rows}))

    assert work(found["One"]).due_at == datetime(2026, 3, 4, 23, 59, tzinfo=UTC)


def test_times_are_meant_in_the_zone_a_person_gives(tmp_path: Path) -> None:
    rows = table('One,Open,"March 8, 2026"', header="Name,Status,Due")

    item = items(folder(tmp_path / "x", {f"{T}.csv": rows}), Options(zone="Europe/Madrid"))[0]

    assert work(item).due_at == datetime(2026, 3, 8, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "status"), [("Not started", "open"), ("Done", "done"), ("Cancelled", "declined"), ("Simmering", "open")]
)
def test_a_status_is_what_its_word_means_and_else_open_under_its_name(tmp_path: Path, word: str, status: str) -> None:
    said = work(items(folder(tmp_path / "x", {f"{T}.csv": table(f"One,{word}", header="Name,Status")}))[0])

    assert (said.status, said.status_name) == (status, word)


def test_a_done_box_tracks_work_and_any_other_box_does_not(tmp_path: Path) -> None:
    to_do = {f"{T}.csv": table("One,Yes", "Two,No", header="Name,Done")}
    habits = {f"{T}.csv": table("Monday,Yes", "Tuesday,No", header="Day,Ran today")}

    assert [work(item).status for item in items(folder(tmp_path / "a", to_do))] == ["done", "open"]
    records = items(folder(tmp_path / "b", habits))
    assert {item.automation.category for item in records if item.automation} == {"record"}
    assert records[0].text == "Ran today: Yes"


def test_pages_are_context_in_readable_text(tmp_path: Path) -> None:
    page = by_subject(export(tmp_path, small()))["Handbook"]

    assert (page.loose, page.work, page.automation) == (True, None, None)
    assert page.text == "[x] Read it\n[ ] Sign it"


def test_a_page_alone_is_read_and_as_a_row_where_its_lines_say_so(tmp_path: Path) -> None:
    path = tmp_path / f"Fix the roof {own('Fix the roof')}.md"
    path.write_text("# Fix the roof\n\nStatus: In progress\nDue: March 6, 2026\n\nIt leaks.", encoding="utf-8")

    (item,) = items(path)

    assert work(item).due_at == datetime(2026, 3, 6, 23, 59, tzinfo=UTC)
    assert (item.external_id, item.text) == (own("Fix the roof"), "It leaks.")


def test_files_that_pages_lead_to_are_attachments_and_others_are_told(tmp_path: Path) -> None:
    files: Mapping[str, str | bytes] = {
        f"Handbook {own('Handbook')}.md": "# Handbook\n\n![photo](Handbook/photo%201.png)\n[plan](Handbook/plan.pdf)\n"
        '<img src="Handbook/sketch.png" width="9">',
        "Handbook/photo 1.png": b"12345",
        "Handbook/plan.pdf": b"1234567",
        "Handbook/sketch.png": b"1",
        "Handbook/forgotten.pdf": b"1",
    }
    root = folder(tmp_path / "x", files)

    assert items(root)[0].attachments == (
        Attachment("photo 1.png", "image/png", 5),
        Attachment("plan.pdf", "application/pdf", 7),
        Attachment("sketch.png", "image/png", 1),
    )
    assert [refusal.what for refusal in refusals(root)] == ["Handbook/forgotten.pdf"]


def test_links_between_pages_are_keys(tmp_path: Path) -> None:
    files: Mapping[str, str | bytes] = {
        f"Home {own('Home')}.md": f"# Home\n\n[My list](Home%20{own('Home')}/My%20list%20{own('My list')}.md)",
    }

    assert items(folder(tmp_path / "x", files))[0].links == (f"notion:{own('My list')}",)


def test_what_is_damaged_is_told_and_everything_else_read(tmp_path: Path) -> None:
    files = small() | {
        f"Empty {own('Empty')}.md": "",
        f"No table {own('No table')}.csv": "",
        f"Ragged {own('Ragged')}.csv": "Name,Status\nOne,Open,more\nTwo\n,\n",
        f"Broken {own('Broken')}.csv": 'Name,Status\n"One,Open',
    }
    root = folder(tmp_path / "x", files)

    found = by_subject(root)

    assert {"Fix the roof", "Buy tiles", "Handbook", "One", "Two"} <= set(found)
    assert {refusal.what for refusal in refusals(root)} == {
        f"Empty {own('Empty')}.md",
        f"No table {own('No table')}.csv",
        f"Ragged {own('Ragged')}.csv, row 3",
    }
    assert len(read(root)) == len(items(root)) + len(refusals(root))


def test_the_twin_stands_in_where_the_whole_table_can_not_be_read(tmp_path: Path) -> None:
    root = folder(tmp_path / "x", {f"{T}_all.csv": "", f"{T}.csv": table("One,Open", header="Name,Status")})

    assert list(by_subject(root)) == ["One"]
    assert [refusal.why for refusal in refusals(root)] == ["The file is empty."]


def test_the_mapping_is_shown_and_corrected(tmp_path: Path) -> None:
    path = export(tmp_path, {f"{T}_all.csv": table("One,Ana,x", "Two,Ben,y", header="Name,Cook,Mood")})

    assert MANIFEST.tables is not None
    (shown,) = MANIFEST.tables(path, Options())
    assert [(column.name, column.field) for column in shown.columns] == [
        ("Name", "title"),
        ("Cook", None),
        ("Mood", None),
    ]

    corrected = items(path, Options(columns={"cook": "assignee"}))
    assert work(corrected[0]).assignees == (Person("Ana"),)
    assert corrected[0].content_hash != items(path)[0].content_hash


@pytest.mark.parametrize(
    ("name", "yes"),
    [
        (f"Tasks {own('Tasks')}.csv", True),
        (f"a/Handbook {own('Handbook')}.md", True),
        ("notes.md", False),
        ("tasks.csv", False),
        ("general/2026-03-04.json", False),
        ("da39a3ee5e6b4b0d3255bfef95601890afd80709.md", False),
    ],
)
def test_exports_are_told_by_the_ids_in_their_names(tmp_path: Path, name: str, yes: bool) -> None:
    (tmp_path / "export.zip").write_bytes(packed({name: "# Title", "other.txt": "x"}))

    assert MANIFEST.reader.recognises(tmp_path / "export.zip") is yes
