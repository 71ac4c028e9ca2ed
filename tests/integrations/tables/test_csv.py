"""CSV of any make becomes items with work; what can't be read is said, and takes nothing else with it."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.integrations.contract import Options
from app.integrations.registry import KINDS, Unrecognised, recognise
from app.integrations.tables import CSV
from app.records import Item, Person, Refusal, Work


def write(folder: Path, content: str | bytes, name: str = "tasks.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(path: Path, options: Options | None = None) -> list[Item | Refusal]:
    return [step.what for step in CSV.reader.read(path, options or Options())]


def items(path: Path, options: Options | None = None) -> list[Item]:
    found = read(path, options)
    assert all(isinstance(what, Item) for what in found), found
    return [what for what in found if isinstance(what, Item)]


def work(item: Item) -> Work:
    assert item.work
    return item.work


def test_a_row_is_an_item_that_says_what_is_to_be_done(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Key,Summary,Description,Status,Priority,Assignee,Assignee Email,Reporter,Due date,"
        "Created,Updated,Labels,Team\n"
        'OPS-7,Renew the certificate,"It ends soon.\nAsk Ben.",In Review,Highest,Ana Ruiz,ana@x.example,Ben,2026-03-05,'
        '2026-03-01 09:00,2026-03-02 10:00,"tls, web",Infra\n',
    )

    [item] = items(path)

    assert (item.external_id, item.keys, item.subject) == ("OPS-7", ("row:OPS-7",), "Renew the certificate")
    assert (item.text, item.sender, item.revisable) == ("It ends soon.\nAsk Ben.", Person("Ben"), True)
    assert item.sent_at
    assert item.revised_at
    assert (item.sent_at.isoformat(), item.revised_at.isoformat()) == (
        "2026-03-01T09:00:00+00:00",
        "2026-03-02T10:00:00+00:00",
    )
    said = work(item)
    assert said.due_at
    assert (said.status, said.status_name, said.priority) == ("open", "In Review", "urgent")
    assert (said.due_at.isoformat(), said.labels) == ("2026-03-05T23:59:00+00:00", ("tls", "web"))
    assert (said.assignees, said.project) == ((Person("Ana Ruiz", "ana@x.example"),), "Infra")


@pytest.mark.parametrize(
    "content",
    [
        "Task,Status\nCäll,Done\n",
        "Task;Status\r\nCäll;Done\r\n",
        "Task\tStatus\rCäll\tDone\r",
        "Task|Status\nCäll|Done",
        "\ufeffTask,Status\nCäll,Done\n",
        "sep=;\nTask;Status\nCäll;Done\n",
        "Task;Status\nCäll;Done\n".encode("cp1252"),
        "Task,Status\nCäll,Done\n".encode("utf-16"),
        "Task,Status\nCäll,Done\n".encode("utf-16-le"),
        '"Task","Status"\n"Cäll","Done"\n\n\n',
    ],
)
def test_delimiters_charsets_and_line_ends_are_judged_by_content(tmp_path: Path, content: str | bytes) -> None:
    path = write(tmp_path, content, "upload")

    [item] = items(path)

    assert recognise(path).kind == "csv"
    assert (item.subject, work(item).status) == ("Cäll", "done")


def test_a_file_has_one_charset_for_its_header_and_its_rows_and_a_guess_is_said_once(tmp_path: Path) -> None:
    rows = "Prénom;Tâche;Échéance;Statut;À voir\nAna;Écrire;01/12/2026;ouvert;été\nBo;Lire;;ouvert;hiver\n"

    first, second = items(write(tmp_path, rows.encode("cp1252")))

    assert (first.subject, work(first).fields) == ("Écrire", (("Prénom", "Ana"), ("À voir", "été")))
    assert work(first).due_at
    assert first.problems == ("The file is not valid UTF-8; all of it is read as Windows-1252.",)
    assert second.problems == ()


def test_a_damaged_cell_of_a_file_in_utf_8_harms_no_other(tmp_path: Path) -> None:
    path = write(tmp_path, "Tâche;Statut\nÉcrire;ouvert\n".encode() + b"Caf\xe9;ouvert\n")

    first, second = items(path)

    assert (first.subject, first.problems, second.subject) == ("Écrire", (), "Café")
    assert "not valid UTF-8" in second.problems[0]


@pytest.mark.parametrize(
    "content",
    [
        "Dear diary, nothing happened.\nAnd then, well, nothing.\n",
        "First, we met.\nSecond, we talked, and ate.\nThird, we left.\n",
        "",
        "   \n\n",
        "<html>,<body>\na,b\n",
        "1,2,3\n4,5,6\n",
        "just words\nand more words\n",
        b"\x00\x01\x02,\xff\n" * 20,
    ],
)
def test_text_that_merely_has_commas_is_no_table(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(Unrecognised):
        recognise(write(tmp_path, content, "notes.txt"))


def test_ragged_rows_lose_nothing(tmp_path: Path) -> None:
    short, long = items(write(tmp_path, "Task,Status,Due\nShort\nLong,Done,2026-03-01,more,still more\n"))

    assert (short.subject, short.problems, work(short).status) == ("Short", (), "open")
    assert "5 cells and the header 3" in long.problems[0]
    assert work(long).fields == (("beyond", "more; still more"),)


def test_names_that_stand_twice_are_one_column_and_empty_names_get_a_number(tmp_path: Path) -> None:
    [item] = items(write(tmp_path, "Summary,Labels,Labels,,Status\nFix,web,ops,kept,open\n"))

    assert (work(item).labels, work(item).fields) == (("web", "ops"), (("Column 4", "kept"),))


def test_of_two_columns_that_can_t_be_joined_the_first_that_is_filled_counts(
    tmp_path: Path,
) -> None:
    rows = "a,open,done,2026-12-01,2026-12-05\nb,,done,,2026-12-06\n"
    first, second = items(write(tmp_path, "Title,Status,Status,Due date,Due date\n" + rows))

    assert (work(first).status_name, due(first)) == ("open", "2026-12-01T23:59:00+00:00")
    assert work(first).fields == (("Status (2)", "done"), ("Due date (2)", "2026-12-05"))
    assert (work(second).status_name, due(second)) == ("done", "2026-12-06T23:59:00+00:00")
    assert [problem[:25] for problem in first.problems] == ["2 columns are called «Sta", "2 columns are called «Due"]
    assert second.problems == ()


def test_without_a_header_the_columns_have_numbers(tmp_path: Path) -> None:
    first, second = items(write(tmp_path, "Call Ana,2026-03-01,Done\nAsk Ben,2026-03-02,In progress\n"))

    assert (first.subject, work(first).status, work(second).status) == ("Call Ana", "done", "open")
    assert CSV.tables
    [table] = CSV.tables(tmp_path / "tasks.csv", Options())
    assert [column.name for column in table.columns] == ["Column 1", "Column 2", "Column 3"]


def test_a_row_without_a_title_has_its_text_s_first_line_else_it_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, 'Title,Notes,Status\n,"First line\nand more",open\n,,done\n')

    item, refusal = read(path)

    assert isinstance(item, Item)
    assert item.subject == "First line"
    assert refusal == Refusal("tasks.csv, line 4", "The row has no title and no text.")


def test_an_empty_file_and_one_without_rows_are_told_apart(tmp_path: Path) -> None:
    assert read(write(tmp_path, "")) == [Refusal("tasks.csv", "The file is empty.")]
    assert read(write(tmp_path, "\n \n")) == [Refusal("tasks.csv", "There is no row in it.")]
    assert read(write(tmp_path, "Task,Status\n")) == []


def test_a_date_that_can_t_be_read_is_named_and_kept(tmp_path: Path) -> None:
    path = write(tmp_path, "Task,Due,Created\nCall,2026-03-01,2026-02-01\nAsk,when ready,\nGo,Tomorrow,2026-02-01\n")

    _, ask, go = items(path)

    assert ask.problems == ("Due is no date that can be read: “when ready”.",)
    assert work(ask).fields == (("Due", "when ready"),)
    due = work(go).due_at
    assert due
    assert due.isoformat() == "2026-02-02T23:59:00+00:00"  # a day after the row was written


def due(item: Item) -> str:
    at = work(item).due_at
    return at.isoformat() if at else ""


def test_a_due_column_of_nothing_but_midnights_holds_days(tmp_path: Path) -> None:
    jira = write(tmp_path, "Summary,Due date\na,21/Nov/26 12:00 AM\nb,30/Nov/26 12:00 AM\nc,\n", "jira.csv")
    linear = write(tmp_path, "Title,Due Date\na,Sat Nov 21 2026 00:00:00 GMT+0000 (GMT)\n", "linear.csv")

    assert [due(item) for item in items(jira)] == ["2026-11-21T23:59:00+00:00", "2026-11-30T23:59:00+00:00", ""]
    [item] = items(linear, Options(zone="America/New_York"))
    assert due(item) == "2026-11-21T23:59:00-05:00"


def test_a_midnight_beside_other_times_is_a_midnight(tmp_path: Path) -> None:
    path = write(tmp_path, "Summary,Due date,Created\na,2026-11-21 00:00,2026-11-01 00:00\nb,2026-11-21 08:30,\n")

    first, _ = items(path)

    assert due(first) == "2026-11-21T00:00:00+00:00"
    assert first.sent_at
    assert first.sent_at.isoformat() == "2026-11-01T00:00:00+00:00"


def test_rows_that_are_equal_are_one_and_rows_that_only_share_a_title_are_two(tmp_path: Path) -> None:
    path = write(tmp_path, "Task,Due\nReport,2026-03-01\nReport,2026-03-08\nReport,2026-03-08\n")

    ids = [item.external_id for item in items(path)]

    assert len(set(ids)) == 2
    assert ids[1] == ids[2]
    assert [item.external_id for item in items(path)] == ids


def test_a_row_keeps_its_id_while_it_is_worked_on_and_says_that_it_changed(tmp_path: Path) -> None:
    [before] = items(write(tmp_path, "Task,Status,Due\nReport,open,2026-03-01\n"))
    [after] = items(write(tmp_path, "Task,Status,Due\nReport,done,2026-03-02\n"))

    assert before.external_id == after.external_id
    assert before.content_hash != after.content_hash


def test_corrections_change_what_is_read_and_so_its_hash(tmp_path: Path) -> None:
    path = write(tmp_path, "Task,When,Cost\nReport,03/04/2026,12\n")

    [guessed] = items(path)
    [corrected] = items(
        path, Options(columns={"when": "scheduled", "COST": None}, day_first=True, zone="Europe/Berlin")
    )

    assert guessed.external_id == corrected.external_id
    assert guessed.content_hash != corrected.content_hash
    planned = work(corrected).scheduled_at
    assert planned
    assert (planned.isoformat(), work(corrected).due_at) == ("2026-04-03T00:00:00+02:00", None)
    assert (work(guessed).fields, work(corrected).fields) == ((("Cost", "12"),), ())


def test_a_row_s_own_id_is_kept_first_and_told_from_ids_of_other_rows(tmp_path: Path) -> None:
    [item] = items(write(tmp_path, "Summary,Issue key,Parent id,Status\nRotate keys,OPS-7,OPS-1,Open\n"))

    assert work(item).own_ids == ("OPS-7",)
    assert work(item).fields == (("Issue key", "OPS-7"), ("Parent id", "OPS-1"))


def test_rows_that_wait_for_others_of_their_table_name_their_keys(tmp_path: Path) -> None:
    first, second = items(write(tmp_path, 'ID,Task,Blocked by\n1,Build,\n2,Ship,"1"\n'))

    assert work(second).depends_on == first.keys
    assert first.keys != second.keys


def test_jira_s_inward_links_are_what_blocks_a_row_and_its_outward_links_are_kept(tmp_path: Path) -> None:
    header = "Summary,Issue key,Inward issue link (Blocks),Inward issue link (Blocks),Outward issue link (Blocks)"
    [item] = items(write(tmp_path, f"{header}\nShip,OPS-1,OPS-2,XY-3,OPS-9\n"))

    assert work(item).depends_on == ("row:OPS-2", "row:XY-3")
    assert work(item).fields == (("Issue key", "OPS-1"), ("Outward issue link (Blocks)", "OPS-9"))
    assert item.problems == ()


def test_rows_that_wait_for_others_by_title_find_them_where_one_alone_bears_it(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Task ID,Name,Blocked By (Dependencies)\n"
        '1200000001,Book a hall,\n1200000002,"Ask Ben, then Ana",Book a Hall\n'
        '1200000003,Send,"Book a hall,Ask Ben, then Ana,Fly"\n'
        "1200000004,Call,\n1200000005,Call,\n1200000006,End,Call\n",
    )

    hall, ask, send, _, _, end = items(path)

    assert work(ask).depends_on == hall.keys
    assert work(send).depends_on == (*hall.keys, *ask.keys)
    assert send.problems == ("Blocked By (Dependencies) names no single row of the file: “Fly”.",)
    assert (work(end).depends_on, len(end.problems)) == ((), 1)


def test_titles_name_rows_also_where_no_row_has_an_id(tmp_path: Path) -> None:
    build, ship = items(write(tmp_path, "Task,Status,Depends on\nBuild,open,\nShip,open,build\n"))

    assert work(ship).depends_on == build.keys
    assert build.keys != ship.keys


@pytest.mark.parametrize(
    ("header", "row", "status"),
    [
        ("Task,Section/Column,Completed At", "a,Doing,2026-03-01", "done"),
        ("Task,Status,Resolved", "a,Reopened,2026-03-01", "open"),
        ("Task,List Name,Archived,Due Complete", "a,Doing,false,true", "done"),
        ("Task,Status,Resolution", "a,Resolved,Won't Fix", "declined"),
        ("Task,Status,Canceled", "a,Todo,2026-03-01T10:00:00Z", "declined"),
        ("Task,Done", "a,Yes", "done"),
        ("Task,Status", "a,Simmering", "open"),
    ],
)
def test_whether_a_row_is_done_is_read_from_all_that_tells(tmp_path: Path, header: str, row: str, status: str) -> None:
    [item] = items(write(tmp_path, f"{header}\n{row}\n"))

    assert work(item).status == status


@pytest.mark.parametrize(
    ("header", "row", "called"),
    [
        ("Task,Status,Resolution", "a,Closed,Won't Do", "Closed: Won't Do"),
        ("Task,Status,Resolution", "a,Closed,Done", "Closed"),
        ("Task,Status,Canceled", "a,Todo,2026-03-01", "Todo: canceled"),
        ("Task,Status,Canceled", "a,Canceled,2026-03-01", "Canceled"),
        ("Task,List Name,Archived", "a,Doing,true", "Doing: archived"),
        ("Task,Section/Column,Completed At", "a,Doing,2026-03-01", "Doing"),
        ("Task,Done,Resolution", "a,Yes,Won't Do", ""),
    ],
)
def test_what_decided_the_status_beside_its_name_is_named_with_it(
    tmp_path: Path, header: str, row: str, called: str
) -> None:
    [item] = items(write(tmp_path, f"{header}\n{row}\n"))

    assert work(item).status_name == called


def test_a_table_that_speaks_of_no_work_is_kept_as_records(tmp_path: Path) -> None:
    [item] = items(write(tmp_path, "Name,Phone,City\nAna,123,Vigo\n"))

    assert item.work is None
    assert item.automation
    assert item.automation.category == "record"


TODOIST = "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE\n"


def test_todoist_s_sections_are_no_tasks_and_its_notes_are_text_of_the_task_above(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        f"{TODOIST}note,Of the project,,,,,,,,\nsection,Errands,,,,,,,,\n"
        "task,Buy stamps @post,Ten,1,1,Ana (1),,2026-03-05,en,UTC\n,,,,,,,,,\n"
        "note,At the corner,,,,Ana (1),,2026-03-01T10:00:00Z,,\nnote,Closed today,,,,,,,,\ntask,Read,,4,1,,,,,\n",
    )

    early, section, task, last = items(path)

    assert (early.work, section.work) == (None, None)
    assert section.automation
    assert "no task" in section.automation.reason
    assert (task.subject, work(task).priority, work(task).labels) == ("Buy stamps @post", "urgent", ())
    assert task.text == "Ten\n\nAna, 2026-03-01: At the corner\n\nClosed today"
    assert (last.subject, last.text) == ("Read", "")


def test_todoist_s_dates_are_in_the_zone_that_their_row_names(tmp_path: Path) -> None:
    rows = "task,a,,1,1,,,2026-03-05 10:00,en,Europe/Berlin\ntask,b,,1,1,,,2026-03-05,en,Nowhere/At all\n"
    first, second = items(write(tmp_path, TODOIST + rows), Options(zone="America/New_York"))

    assert (due(first), due(second)) == ("2026-03-05T10:00:00+01:00", "2026-03-05T23:59:00-05:00")


def test_a_quote_that_never_ends_costs_its_own_row(tmp_path: Path) -> None:
    path = write(tmp_path, 'Task,Status\nfirst,open\nbad,"open\n' + "x" * 4_100_000 + "\nlast,done\n")

    found = read(path)

    assert isinstance(found[1], Refusal)
    assert "perhaps a quote that never ends" in found[1].why
    assert isinstance(found[-1], Item)
    assert found[-1].subject == "last"


def test_a_quote_that_is_open_at_the_end_is_said_of_its_row(tmp_path: Path) -> None:
    first, last = items(write(tmp_path, 'Task,Status\na,open\nb,"open\nc,done\n'))

    assert first.problems == ()
    assert last.problems == (
        "A quote in this row is never closed: all that follows, to the end of the file, is one cell of it.",
    )


def packed(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.spreadsheet" if name == "mimetype" else "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("tasks.xlsx", packed("[Content_Types].xml", "xl/workbook.xml"), "is an Excel workbook; save it as CSV."),
        ("tasks", packed("[Content_Types].xml", "xl/workbook.xml"), "is an Excel workbook; save it as CSV."),
        ("tasks.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is an Excel workbook; save it as CSV."),
        ("tasks.ods", packed("mimetype", "content.xml"), "is a spreadsheet; save it as CSV."),
        ("a.csv", "Call Ana,open,2026-12-01\n", "has no heading row: its first row must hold the columns' names"),
        ("a.csv", 'A,B,C\na\nb\nc\nd,"open\n', "has a quote in line 5 that is never closed"),
        ("a.csv", "A,B,C\na\nb\nc\nd,e\n", "is no table: most of its rows are not as wide as its first"),
    ],
)
def test_a_table_that_can_t_be_read_as_it_is_says_why(
    tmp_path: Path, name: str, content: str | bytes, said: str
) -> None:
    with pytest.raises(Unrecognised) as refused:
        recognise(write(tmp_path, content, name))

    assert f"{name} {said}" in str(refused.value)
    assert "Give it one of" not in str(refused.value)


def test_a_folder_or_an_archive_of_tables_says_that_each_is_imported_by_itself(tmp_path: Path) -> None:
    archive = write(tmp_path, packed("a.csv", "more/b.json", "readme.txt"), "tables.zip")
    (tmp_path / "tables").mkdir()
    write(tmp_path / "tables", "Task,Status\na,open\n")

    with pytest.raises(Unrecognised, match="is a zip archive of tables; unpack it and import each table"):
        recognise(archive)
    with pytest.raises(Unrecognised, match="is a folder of tables; import each of them by itself"):
        recognise(tmp_path / "tables")


@pytest.mark.parametrize("kind", ["csv", "json"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (packed("a.csv"), "It is a zip archive and no table; unpack it first."),
        (packed("xl/workbook.xml"), "It is an Excel workbook; save it as CSV."),
        (b"\x1f\x8b\x08\x00 and so on", "It is a compressed file and no table; unpack it first."),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "It looks like a binary file."),
        (bytes(range(1, 30)) * 10, "It looks like a binary file."),
    ],
)
def test_a_file_that_is_no_text_is_refused_as_such_whatever_it_is_called(
    tmp_path: Path, kind: str, content: bytes, said: str
) -> None:
    path = write(tmp_path, content)

    [refused] = [step.what for step in KINDS[kind].reader.read(path, Options())]

    assert refused == Refusal("tasks.csv", said)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=600))
def test_no_bytes_end_the_reading(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, b"Task,Status,Due\n" + content)

    CSV.reader.recognises(path)
    for what in read(path):
        text = repr(what)
        assert "\\x00" not in text
        assert "\\ud" not in text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_no_file_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, content)

    CSV.reader.recognises(path)
    assert CSV.tables
    CSV.tables(path, Options())
    read(path)
