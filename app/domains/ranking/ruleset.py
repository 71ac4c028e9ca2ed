"""Rulesets from their TOML documents, and the one that is shipped.

A ruleset is data that anyone can read: docs/ranking.md explains every field.
"""

import tomllib
from decimal import Decimal
from functools import cache
from importlib import resources

from app.domains.ranking.document import read
from app.domains.ranking.rules import Band, Group, Override, Problem, Rule, Ruleset, RulesetInvalid

__all__ = ["Band", "Group", "Override", "Problem", "Rule", "Ruleset", "RulesetInvalid", "default", "parse"]


def parse(text: str) -> Ruleset:
    """Raises RulesetInvalid with all problems; where the TOML itself is broken, with the first."""
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise RulesetInvalid([Problem("the document", f"is not TOML: {error}")]) from error
    return read(document)


def default_text() -> str:
    """The shipped ruleset as it stands in its file."""
    return resources.files(__package__).joinpath("default.toml").read_text("utf-8")


@cache
def default() -> Ruleset:
    """The shipped ruleset."""
    return parse(default_text())
