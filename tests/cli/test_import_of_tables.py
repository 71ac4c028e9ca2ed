"""`watchfloor import` of a table: the mapping that is guessed, shown and corrected."""

import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.cli.conftest import Watchfloor

TASKS = """Task,Owner,Deadline,State,Cost centre
Renew the certificate,Ana Ruiz,03/04/2026,In progress,A1
Answer the auditors,Ben Okafor,,Done,A2
"""


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    path = tmp_path / "tasks.csv"
    path.write_text(TASKS, encoding="utf-8")
    return path


def test_the_guessed_columns_are_printed_and_nothing_is_imported(watchfloor: Watchfloor, tasks: Path) -> None:
    said = watchfloor("import", tasks, "--columns")

    lines = [re.split(r"\s{2,}", line.strip()) for line in said.stdout.splitlines()]
    told = {cells[0]: cells[1:] for cells in lines if len(cells) > 2}
    assert said.exit_code == 0
    assert said.stdout.startswith("tasks (csv)\n")
    assert told["Deadline"] == ["due", "by its name", "03/04/2026"]
    assert told["Cost centre"][0] == "–"
    assert json.loads(watchfloor("top", "--json").stdout) == []


def test_programs_get_the_guessed_columns_as_json(watchfloor: Watchfloor, tasks: Path, mailbox: Path) -> None:
    told = json.loads(watchfloor("import", tasks, "--columns", "--json").stdout)

    assert (told["kind"], [table["name"] for table in told["tables"]]) == ("csv", ["tasks"])
    assert told["tables"][0]["columns"][2] == {
        "name": "Deadline",
        "field": "due",
        "why": "by its name",
        "examples": ["03/04/2026"],
    }
    assert [row["title"] for row in told["tables"][0]["rows"]] == ["Renew the certificate", "Answer the auditors"]
    assert json.loads(watchfloor("import", mailbox, "--columns", "--json").stdout) == {"kind": "mbox", "tables": []}


def test_the_report_says_which_columns_meant_what(watchfloor: Watchfloor, tasks: Path) -> None:
    said = watchfloor("import", tasks)

    assert "items   2 new" in said.stdout
    assert (
        "columns Task = title, Owner = assignee, Deadline = due, State = status; 1 more kept as they are" in said.stdout
    )


def test_new_tasks_are_told_apart_by_what_became_of_them(watchfloor: Watchfloor, tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    path.write_text("Task,Status\nOne,To do\nTwo,Done\nThree,Done\nFour,Won't do\n", encoding="utf-8")

    assert "tasks   4 new (1 open, 2 done, 1 declined), 0 updated" in watchfloor("import", path).stdout


def test_the_columns_of_several_tables_are_told_under_their_names(watchfloor: Watchfloor, tmp_path: Path) -> None:
    path = databases(tmp_path / "Export.zip", 7)

    lines = [line for line in watchfloor("import", path).stdout.splitlines() if "column" in line]

    assert lines[0] == "  columns of Board 0: Name = title, Status = status"
    assert len(lines) == 6
    assert lines[5] == "  … and 2 more tables: --columns shows them"


def databases(path: Path, count: int) -> Path:
    """A Notion export of so many databases, each with one page."""
    with ZipFile(path, "w") as archive:
        for n in range(count):
            table, page = f"{n:032x}", f"{n + 100:032x}"
            archive.writestr(f"Board {n} {table}.csv", "Name,Status\nCall Ana,To do\n")
            archive.writestr(f"Board {n} {table}_all.csv", "Name,Status\nCall Ana,To do\n")
            archive.writestr(f"Board {n}/Call Ana {page}.md", "# Call Ana\n\nStatus: To do\n")
    return path


def test_corrections_hold_for_the_next_import_too(watchfloor: Watchfloor, tasks: Path) -> None:
    watchfloor("import", tasks)

    corrected = watchfloor("import", tasks, "--map", "cost centre=labels", "--map", "Owner=", "--day-first")
    again = watchfloor("import", tasks)

    assert "0 new, 2 updated, 0 unchanged" in corrected.stdout
    assert "Cost centre = labels" in corrected.stdout
    assert "Owner" not in corrected.stdout.replace("Owner=", "")
    assert "0 new, 0 updated, 2 unchanged" in again.stdout
    assert "Cost centre = labels" in again.stdout


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (("--map", "Owner=asignee"), "There is no field asignee for Owner (do you mean assignee?)"),
        (("--map", "Owner=Asignee"), "There is no field Asignee for Owner (do you mean assignee?)"),
        (("--map", "Ownr=assignee"), "There is no column Ownr (do you mean Owner?)."),
        (("--map", "Owner"), "--map Owner: expected Column=field"),
        (("--zone", "Europe/Berlim"), "There is no time zone Europe/Berlim (do you mean Europe/Berlin?)"),
    ],
)
@pytest.mark.parametrize("only_columns", [(), ("--columns",)])
def test_what_is_no_column_field_or_zone_is_wrong_usage(
    watchfloor: Watchfloor, tasks: Path, wrong: tuple[str, str], says: str, only_columns: tuple[str, ...]
) -> None:
    said = watchfloor("import", tasks, *wrong, *only_columns)

    assert (said.exit_code, said.stdout) == (2, "")
    assert says in said.stderr


def test_mail_has_no_columns(watchfloor: Watchfloor, mailbox: Path) -> None:
    assert "An export of the kind mbox has no columns to map." in watchfloor("import", mailbox, "--columns").stdout
    assert watchfloor("import", mailbox, "--map", "Subject=title").exit_code == 2
