"""What README.md and the pages of docs/ tell people to type exists: every command, and every option that they name."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from app.cli import cli
from app.settings import PROJECT_ROOT

PAGES = [PROJECT_ROOT / "README.md", *sorted((PROJECT_ROOT / "docs").glob("*.md"))]
NAME = "watchfloor"
_FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TYPED = re.compile(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:[A-Z_]+=(?P<within>\$\())?(?:\S*/)?watchfloor ", re.MULTILINE)
_ENDS = {"|", ">", ">>", "<", "&&", ";", "&"}


def commands(page: Path) -> Iterator[str]:
    """What follows `watchfloor` in fenced blocks, and in code within a line."""
    text = page.read_text(encoding="utf-8")
    for block in _FENCED.findall(text):
        for line in block.splitlines():
            if found := _TYPED.match(line):
                yield line[found.end() :].removesuffix(")" if found["within"] else "")
    for code in re.findall(r"`([^`\n]+)`", _FENCED.sub("", text)):
        if found := _TYPED.match(code):
            yield code[found.end() :]


def words(command: str) -> list[str]:
    """As a shell would part it, up to a comment, a pipe or a redirection; the brackets of what may be left out are
    gone."""
    found = []
    for word in shlex.split(command.replace("[", " ").replace("]", " "), comments=True):
        if word in _ENDS:
            break
        found.append(word)
    return found


def unknown(command: str) -> str | None:
    """What the program would not understand of it; None: it understands all."""
    found: Any = typer.main.get_command(cli)
    said = words(command)
    while (inner := getattr(found, "commands", None)) and said and not said[0].startswith("-"):
        name = said.pop(0)
        if name not in inner:
            return f"there is no command {name!r}"
        found = inner[name]
    options = {name for parameter in found.params for name in (*parameter.opts, *parameter.secondary_opts)}
    named = {word.partition("=")[0] for word in said if re.match(r"--?[a-z]", word)}
    wrong = sorted(named - options - {"--help"})
    return f"there is no option {', '.join(wrong)}" if wrong else None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_the_page_exists_with_its_options(page: Path) -> None:
    wrong = {command: why for command in commands(page) if (why := unknown(command))}

    assert wrong == {}


def test_commands_are_found_in_blocks_and_within_lines() -> None:
    count = {page.name: len(list(commands(page))) for page in PAGES}

    assert count["rules.md"] > 20
    assert count["README.md"] > 8
    assert count["learning.md"] > 4


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("rules show > ours.toml", None),
        ("top --ruleset ours@1 --at 2026-03-02", None),
        ("rules diff NAME [--from N] [--to N]", None),
        ("rules shaw", "there is no command 'shaw'"),
        ("rules show --verzion 1   # the first", "there is no option --verzion"),
    ],
)
def test_what_does_not_exist_is_noticed(command: str, why: str | None) -> None:
    assert unknown(command) == why
