"""`watchfloor rules from-taskrc`: a ruleset on standard output, and beside it what could not be taken over."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import cli
from app.domains.ranking.ruleset import parse


def run(*arguments: Path, **environment: str) -> Result:
    return CliRunner().invoke(cli, ["rules", "from-taskrc", *(str(each) for each in arguments)], env=environment)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_ruleset_is_printed_and_the_warnings_beside_it(tmp_path: Path) -> None:
    path = write(tmp_path / "rc", "urgency.user.tag.problem.coefficient=4.5\ninclude dark.theme\n")

    done = run(path)

    assert done.exit_code == 0
    assert [rule.id for rule in parse(done.stdout).rules][-1] == "tag-problem"
    assert done.stderr == f"{path}: Line 2: “dark.theme” is not included; what it sets is missing here.\n"


def test_a_file_that_can_t_be_read_is_named(tmp_path: Path) -> None:
    done = run(tmp_path / "none")

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"watchfloor: {tmp_path / 'none'} can't be read: No such file or directory.\n"


def test_bytes_that_are_no_text_stop_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rc"
    path.write_bytes(b"urgency.user.tag.caf\xe9.coefficient=1\nurgency.due.coefficient=7\n")

    assert parse(run(path).stdout).rules[0].id == "due"


@pytest.mark.parametrize(
    ("present", "environment", "read"),
    [
        ((".taskrc", ".config/task/taskrc"), {}, ".taskrc"),
        ((".config/task/taskrc",), {}, ".config/task/taskrc"),
        (("elsewhere/task/taskrc",), {"XDG_CONFIG_HOME": "elsewhere"}, "elsewhere/task/taskrc"),
        ((".taskrc", "mine"), {"TASKRC": "mine"}, "mine"),
        ((), {}, ".taskrc"),
    ],
)
def test_without_a_path_it_reads_what_taskwarrior_would(
    tmp_path: Path, present: tuple[str, ...], environment: dict[str, str], read: str
) -> None:
    for name in present:
        write(tmp_path / name, f"urgency.user.tag.{Path(name).name}.coefficient=1\nno setting\n")
    given = {"TASKRC": "", "XDG_CONFIG_HOME": ""} | {name: str(tmp_path / path) for name, path in environment.items()}

    done = run(HOME=str(tmp_path), **given)

    assert str(tmp_path / read) in done.stderr
