"""Where in a TOML text a problem stands: readers of TOML give no lines, so the headings are counted. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.domains.ranking.rules import Problem

_PLACE = re.compile(r"(rules|overrides|targets)\[(\d+)\]")
_HEADING = re.compile(r"\s*(\[\[?)\s*([\w.\"'-]+)\s*\]\]?\s*(?:#.*)?")


def with_lines(problems: Sequence[Problem], text: str) -> tuple[Problem, ...]:
    """The problems, each with the line of the field or table that it is about, where that can be told."""
    lines = text.splitlines()
    headings = [
        (at, found[1] == "[[", found[2]) for at, line in enumerate(lines) if (found := _HEADING.fullmatch(line))
    ]
    return tuple(replace(each, document_line=_line(each, lines, headings)) for each in problems)


def _line(problem: Problem, lines: Sequence[str], headings: Sequence[tuple[int, bool, str]]) -> int | None:
    """Counted from 1."""
    if problem.line is not None and problem.field is None:
        return problem.line
    if found := _PLACE.match(problem.where):
        tables = [at for at, listed, name in headings if listed and name == found[1]]
        if len(tables) < int(found[2]):
            return None  # written as one list of tables in a line, or the like
        start = tables[int(found[2]) - 1]
        keys = (problem.field or "").split(".")
    else:
        parts = problem.where.split(".")
        named = {name: at for at, listed, name in headings if not listed}
        depth = next((size for size in range(len(parts), 0, -1) if ".".join(parts[:size]) in named), 0)
        start, keys = (named[".".join(parts[:depth])] if depth else -1), parts[depth:]
    end = next((at for at, _, name in headings if at > start and "." not in name), len(lines))
    return _within(lines, start, end, keys)


def _within(lines: Sequence[str], start: int, end: int, keys: Sequence[str]) -> int | None:
    """The line of the field between two headings, or of the first heading."""
    names = [re.sub(r"\[\d+\]", "", key) for key in keys]
    for depth in range(len(names), 0, -1):
        written = re.compile(rf"\s*{re.escape('.'.join(names[:depth]))}\b\s*[.=]")
        for at in range(start + 1, end):
            if written.match(lines[at]):
                return at + 1
    return start + 1 if start >= 0 else None
