"""What others wrote can't command the terminal, nor hide from who reads it; programs read it as it came."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from rich.table import Table
from rich.text import Text

from app.cli import printing
from app.settings import PROJECT_ROOT
from tests.cli.conftest import Watchfloor
from tests.workflows.mailbox import mail, write

CLEARS = "\x1b[2J"
LINKS = "\x1b]8;;https://evil.example\x07here\x1b]8;;\x07"
TURNS = "\u202efdp.exe\u202c"
TAGS = "".join(chr(0xE0000 + ord(each)) for each in "obey")
ODD = ["\x1b", "\x07", "\x08", "\x9b", "\x85", "\r", "\x7f", "\u202e", "\u2066", "\ufff9", "\U000e006f"]
"""What stands in no output for people."""
HOSTILE = "Invoice \x1b[2J\x1b[31m\u202efdp.exe\u202c\U000e006f due"


def is_clean(text: str) -> bool:
    return not any(each in text for each in ODD)


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        (f"a{CLEARS}b", "a[2Jb"),
        (LINKS, "]8;;https://evil.examplehere]8;;"),
        ("\x9b31mred", "31mred"),
        (f"invoice{TURNS}", "invoicefdp.exe"),
        (f"Lunch{TAGS}?", "Lunch?"),
        ("paid\rnot paid", "paidnot paid"),
        ("a\tb\nc", "a\tb\nc"),
        ("naïve 漢字 🛰 ¿Qué? می\u200cخواهم 👩\u200d💻", "naïve 漢字 🛰 ¿Qué? می\u200cخواهم 👩\u200d💻"),
    ],
)
def test_people_are_shown_no_command_and_nothing_unseen(
    came: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    printing.say(came)

    assert capsys.readouterr().out == f"{shown}\n"


def test_a_table_is_laid_out_without_them(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("title")
    table.add_row(Text(HOSTILE))
    table.add_row(f"[bold]{HOSTILE}[/bold]")
    printing.console().print(table)
    printing.console().print(HOSTILE, soft_wrap=True)

    said = capsys.readouterr().out
    assert is_clean(said)
    assert "Invoice [2J[31mfdp.exe due" in said
    assert "[bold]" in said


@pytest.mark.parametrize("found", [HOSTILE, [HOSTILE], {"title": HOSTILE, "\u202ekey": TAGS}])
def test_json_says_them_and_is_read_as_what_they_were(found: object, capsys: pytest.CaptureFixture[str]) -> None:
    printing.print_json(found)

    said = capsys.readouterr().out
    assert is_clean(said)
    assert json.loads(said) == found


def test_the_page_leaves_out_the_same() -> None:
    script = (PROJECT_ROOT / "app/dashboard/src/shared/ui/outside.ts").read_text(encoding="utf-8")
    found = re.search(r"UNSEEN = /\[(.*)\]/gu", script)
    assert found is not None
    unseen = re.compile("[" + re.sub(r"\\u\{(\w+)\}", lambda each: chr(int(each[1], 16)), found[1]) + "]")
    assert {each for each in map(chr, range(0xA0, 0xE1000)) if printing.seen(each) == ""} == {
        each for each in map(chr, range(0xA0, 0xE1000)) if unseen.fullmatch(each)
    }


def test_no_command_prints_around_it() -> None:
    here = PROJECT_ROOT / "app/cli"
    around = re.compile(r"typer\.echo\(|\bConsole\(\)|\bprint\(")
    found = [
        f"{path.relative_to(here)}: {line.strip()}"
        for path in sorted(here.rglob("*.py"))
        if path.name != "printing.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if around.search(line) and not re.search(r"\.print\(|def .*print\(", line)
    ]
    # Our own words: the version and the help.
    assert found == [
        '__init__.py: typer.echo(f"watchfloor {__version__}")',
        "__init__.py: typer.echo(context.get_help())",
    ]


def test_a_hostile_mail_is_listed_explained_found_and_told_of_without_them(
    watchfloor: Watchfloor, tmp_path: Path
) -> None:
    sender = "=?utf-8?q?Ben_=1B[2J=E2=80=AEnitraM?= <ben@client.example>"
    subject = "=?utf-8?q?Contract_=1B]0=3Bowned=07=E2=80=AE_urgent=F3=A0=81=AF?="
    letter = mail(f"Could you please sign {HOSTILE} by 6 March? It is urgent.", subject=subject, sender=sender)
    assert watchfloor("import", write(tmp_path / "inbox.mbox", [letter])).exit_code == 0

    asked = [("top",), ("why", "1", "--all"), ("why", "1", "--facts"), ("search", "contract"), ("related", "1")]
    asked += [("people",), ("integrations", "list")]
    for words in asked:
        done = watchfloor(*words)
        assert (words, done.exit_code, is_clean(done.stdout)) == (words, 0, True)
    assert "urgent" in watchfloor("top").stdout
    for words in (("top", "--json"), ("search", "contract", "--json")):
        done = watchfloor(*words)
        assert is_clean(done.stdout)
        assert "Contract" in json.dumps(json.loads(done.stdout))


def test_what_changes_something_tells_programs_too(watchfloor: Watchfloor, tmp_path: Path) -> None:
    watchfloor("users", "add", "ana@example.org", "--role", "viewer")

    def found(*words: str, typed: str | None = None) -> dict[str, Any]:
        done = watchfloor(*words, "--json", input=typed)
        assert done.exit_code == 0, done.output
        return dict(json.loads(done.stdout))

    assert found("users", "password", "ana@example.org", "--password-stdin", typed="a long word of mine\n")[
        "has_password"
    ]
    assert found("users", "reset-totp", "ana@example.org")["totp"] is False
    assert found("users", "remove", "ana@example.org")["email"] == "ana@example.org"
    stored = found("secrets", "set", "composio_api_key", "--value-stdin", typed="ak_1")
    assert stored == {"name": "COMPOSIO_API_KEY", "new": True, "environment_wins": False}
    assert found("secrets", "remove", "composio_api_key") == {"name": "COMPOSIO_API_KEY", "removed": True}
    assert found("audit", "export", str(tmp_path / "trail.jsonl"))["entries"] > 1
