"""Rulesets from their documents, and those that are shipped.

A ruleset is data that anyone can read: docs/ranking.md explains every field.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from app.domains.ranking.calendars import Calendar
from app.domains.ranking.documents.document import read as read_document
from app.domains.ranking.documents.lines import with_lines
from app.domains.ranking.rules import Band, Group, Override, Problem, Rule, Ruleset, RulesetInvalid

__all__ = [
    "SHIPPED",
    "Band",
    "Group",
    "Override",
    "Problem",
    "Rule",
    "Ruleset",
    "RulesetInvalid",
    "default",
    "parse",
    "parse_json",
    "read_document",
    "shipped",
    "shipped_text",
]

SHIPPED = ("default", "taskwarrior", "eisenhower", "itil", "sla")
"""The names of the rulesets that come with the program; the first is active until somebody activates another."""

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def parse(text: str, calendars: Mapping[str, Calendar] | None = None) -> Ruleset:
    """From TOML. Raises RulesetInvalid with all problems; where the TOML itself is broken, with the first."""
    document = toml_document(text)
    try:
        return read_document(document, calendars)
    except RulesetInvalid as error:
        raise RulesetInvalid(with_lines(error.problems, text)) from error


def parse_json(text: str, calendars: Mapping[str, Calendar] | None = None) -> Ruleset:
    """From JSON. Raises RulesetInvalid, as `parse` does."""
    return read_document(json_document(text), calendars)


def toml_document(text: str) -> dict[str, Any]:
    """Raises RulesetInvalid where it is no TOML, with the line and column."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise RulesetInvalid([_no_toml(str(error), text)]) from error
    except RecursionError as error:
        raise RulesetInvalid([Problem("the document", "is nested too deeply")]) from error


def _no_toml(said: str, text: str) -> Problem:
    place = _PLACE.search(said)
    line, column = (int(place[1]), int(place[2])) if place and place[1] else (text.count("\n") + 1, None)
    return Problem("the document", f"is not TOML: {_PLACE.sub('', said)}", line, column)


def json_document(text: str) -> dict[str, Any]:
    """Raises RulesetInvalid where it is no JSON object, with the line and column."""
    try:
        document = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        problem = Problem("the document", f"is not JSON: {error.msg}", error.lineno, error.colno)
        raise RulesetInvalid([problem]) from error
    except RecursionError as error:
        raise RulesetInvalid([Problem("the document", "is nested too deeply")]) from error
    if not isinstance(document, dict):
        raise RulesetInvalid([Problem("the document", "must be a JSON object")])
    return document


def shipped_text(name: str) -> str:
    """A shipped ruleset as it stands in its file. Raises KeyError for a name that is none of SHIPPED."""
    if name not in SHIPPED:
        raise KeyError(name)
    return resources.files(__package__).joinpath("shipped", f"{name}.toml").read_text("utf-8")


@cache
def shipped(name: str) -> Ruleset:
    """A shipped ruleset. Raises KeyError for a name that is none of SHIPPED."""
    return parse(shipped_text(name))


def default() -> Ruleset:
    """The ruleset that holds until somebody activates another."""
    return shipped(SHIPPED[0])
