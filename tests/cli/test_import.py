"""`watchfloor import`: the report for people and for programs, and what can't be imported."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Watchfloor
from tests.workflows.mailbox import mail, write


def test_the_report_counts_what_was_read_and_made(watchfloor: Watchfloor, mailbox: Path) -> None:
    said = watchfloor("import", mailbox)

    assert said.exit_code == 0
    assert "inbox.mbox → mbox: read 4 in " in said.stdout
    assert "items   4 new, 0 updated, 0 unchanged, 0 refused" in said.stdout
    assert "tasks   3 new (2 open, 1 not for us), 0 updated" in said.stdout
    assert "watchfloor top" in said.stdout


def test_again_everything_is_unchanged(watchfloor: Watchfloor, mailbox: Path) -> None:
    watchfloor("import", mailbox)

    said = watchfloor("import", mailbox)

    assert "items   0 new, 0 updated, 4 unchanged, 0 refused" in said.stdout
    assert "See what matters" not in said.stdout


def test_programs_get_the_report_as_json(watchfloor: Watchfloor, mailbox: Path) -> None:
    said = watchfloor("import", mailbox, "--json", "--into", "home")

    report = json.loads(said.stdout)
    counts = {name: report[name] for name in ("read", "new", "updated", "unchanged", "refused")}
    assert counts == {"read": 4, "new": 4, "updated": 0, "unchanged": 0, "refused": 0}
    assert report["tasks"] == {"new": 3, "updated": 0, "not_for_us": 1}
    assert (report["state"], report["integration"], report["warnings"]) == ("succeeded", "home", [])
    assert report["started_at"].endswith("Z")


def test_every_warning_is_named(watchfloor: Watchfloor, tmp_path: Path) -> None:
    strange = [mail(f"Number {n}", id=f"{n}@x.example", at=None, sender="") for n in range(3)]
    path = write(tmp_path / "strange.mbox", strange)

    folded, every = watchfloor("import", path), watchfloor("import", path, "--warnings")
    as_json = watchfloor("import", path, "--json", "--into", "other")

    assert "warnings; what could be read was kept" in folded.stdout
    assert "  strange.mbox, message 1: " in folded.stdout
    assert "message 2" not in folded.stdout
    assert folded.stdout.count(" (and 2 more like it)\n") == len(folded.stdout.split("kept:\n")[1].splitlines()) - 3
    assert all(f"strange.mbox, message {n}: " in every.stdout for n in (1, 2, 3))
    assert {warning["what"] for warning in json.loads(as_json.stdout)["warnings"]} == {
        f"strange.mbox, message {n}" for n in (1, 2, 3)
    }


def test_a_warning_keeps_its_words_and_numbers(watchfloor: Watchfloor, tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    path.write_bytes("Task,Owner\nPrüfen,Jörg\n".encode("cp1252"))

    said = watchfloor("import", path)

    assert "UTF-8" in said.stdout
    assert "Windows-1252" in said.stdout
    assert "Each one by name" not in said.stdout


def test_what_was_refused_is_told_in_words_that_fit_one_and_every_kind(watchfloor: Watchfloor, tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    path.write_text('[{"title": "Call Ana", "status": "todo"}, {"title": "Write to Ben", "status": "todo"}, {"ti')

    said = watchfloor("import", path)

    assert "1 warning; what could be read was kept, and 1 was refused: it held nothing to keep:" in said.stdout


def test_where_every_new_task_is_open_there_is_nothing_to_tell_apart(watchfloor: Watchfloor, tmp_path: Path) -> None:
    path = write(tmp_path / "one.mbox", [mail("Could you please sign it?", subject="The contract")])

    assert "tasks   1 new, 0 updated" in watchfloor("import", path).stdout


def test_its_help_names_all_that_can_be_brought(watchfloor: Watchfloor) -> None:
    said = watchfloor("import", "--help").stdout

    assert all(word in said for word in ("mail", "Slack", "Notion", "Taskwarrior", "CSV", "JSON"))


def test_an_unknown_kind_is_wrong_usage(watchfloor: Watchfloor, mailbox: Path) -> None:
    said = watchfloor("import", mailbox, "--kind", "pigeon")

    assert said.exit_code == 2
    assert "there is no kind pigeon; there are " in said.stderr
    assert "maildir, mbox, eml" in said.stderr


def test_a_name_of_another_kind_is_refused_in_a_sentence(watchfloor: Watchfloor, mailbox: Path) -> None:
    watchfloor("import", mailbox)

    said = watchfloor("import", mailbox, "--kind", "eml", "--into", "mbox")

    assert said.exit_code == 1
    assert said.stderr == (
        "watchfloor: The integration mbox is of kind mbox, and this is eml. Import it into another name.\n"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "can't be read: No such file or directory."),
        (b"", "is an empty file."),
        (b"Dear diary", "looks like text, in no form that is known here."),
        (b"PK\x03\x04 and so on", "looks like a zip archive, of which nothing can be read. It is truncated"),
        (b"\x00\x01\x02", "looks like a binary file."),
    ],
)
def test_what_is_no_mail_is_told_in_a_sentence(
    watchfloor: Watchfloor, tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "thing"
    if content is not None:
        path.write_bytes(content)

    result = watchfloor("import", path)

    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("content", "tells_what_can_be_read"),
    [(b"", False), (b"PK\x03\x04 and so on", False), (b"Dear diary", True), (b"\x00\x01\x02", True)],
)
def test_what_can_be_read_is_listed_where_nothing_else_is_known(
    watchfloor: Watchfloor, tmp_path: Path, content: bytes, tells_what_can_be_read: bool
) -> None:
    (tmp_path / "thing").write_bytes(content)

    assert ("Give it one of: " in watchfloor("import", tmp_path / "thing").stderr) == tells_what_can_be_read


def test_an_empty_folder_says_so(watchfloor: Watchfloor, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()

    said = watchfloor("import", tmp_path / "nothing")

    assert (said.exit_code, "nothing is an empty folder" in said.stderr) == (1, True)


def test_read_as_a_kind_that_it_is_not_it_fails_with_a_report(watchfloor: Watchfloor, mailbox: Path) -> None:
    said = watchfloor("import", mailbox, "--kind", "maildir", "--json")

    report = json.loads(said.stdout)
    assert (said.exit_code, report["state"], report["read"]) == (1, "failed", 0)
    assert "inbox.mbox could not be read: it is no folder." in report["error"]["detail"]


def test_nothing_but_the_report_is_printed_where_nobody_watches(program: Program, mailbox: Path) -> None:
    said = program("import", mailbox)

    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("inbox.mbox → mbox: read 4")
    assert "\x1b" not in said.stdout


def test_a_file_without_permission_is_told_in_a_sentence(
    program: Program, stranger: int, mailbox: Path, tmp_path: Path
) -> None:
    mailbox.chmod(0o000)
    tmp_path.chmod(0o777)

    said = program("import", mailbox, "--kind", "mbox", user=stranger)

    assert said.returncode == 1
    assert "inbox.mbox could not be read: there is no permission to read it." in said.stderr
    assert "Traceback" not in said.stderr


def test_two_imports_at_once_into_one_database_both_finish(program: Program, mailbox: Path) -> None:
    """Two processes wait for each other's pages; neither finds the database locked."""
    program("top")
    with ThreadPoolExecutor() as both:
        runs = list(both.map(lambda _: program("import", mailbox, "--json", IMPORT_PAGE_SIZE="1"), range(2)))

    reports = [json.loads(run.stdout) for run in runs]
    assert [(run.returncode, run.stderr) for run in runs] == [(0, ""), (0, "")]
    assert sum(report["new"] for report in reports) == 4
    assert sum(report["unchanged"] for report in reports) == 4


def imported_into(watchfloor: Watchfloor, *given: str | Path) -> str:
    done = watchfloor("import", *given)
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()[0].partition(" → ")[2].partition(": read")[0]


def test_what_is_said_to_nobody_in_particular_joins_nobody_s_private_mailbox(
    watchfloor: Watchfloor, mailbox: Path
) -> None:
    assert watchfloor("users", "add", "ana@example.org", "--role", "viewer").exit_code == 0
    of_ana = "private, ana@example.org's"
    private = ("--private", "--owner", "ana@example.org")

    assert imported_into(watchfloor, mailbox, *private) == f"mbox ({of_ana})"
    assert imported_into(watchfloor, mailbox) == "mbox 2"
    assert imported_into(watchfloor, mailbox) == "mbox 2"
    assert imported_into(watchfloor, mailbox, "--into", "mbox") == f"mbox ({of_ana})"
    assert imported_into(watchfloor, mailbox, *private) == f"mbox ({of_ana})"


def test_who_owns_a_private_import_is_said(watchfloor: Watchfloor, mailbox: Path) -> None:
    nobody = watchfloor("import", mailbox, "--private")
    unknown = watchfloor("import", mailbox, "--private", "--owner", "zoe@example.org")

    assert (nobody.exit_code, unknown.exit_code) == (1, 1)
    assert "--owner EMAIL" in nobody.stderr
    assert "There is no user zoe@example.org" in unknown.stderr
