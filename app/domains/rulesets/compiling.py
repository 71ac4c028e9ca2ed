"""From a ruleset's text to the ruleset that ranks, kept for the next time; and what is wrong, as an error. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import lru_cache

from app.core.errors import FieldError, Invalid
from app.domains.ranking import ruleset
from app.domains.ranking.calendars import Calendar
from app.domains.ranking.documents.lines import with_lines
from app.domains.ranking.rules import Problem, Ruleset, RulesetInvalid
from app.domains.rulesets.documents import LARGEST, WHOLE, document_of, unstorable

_KEPT = 32
_MOST_SHOWN = 50


def compiled(text: str, calendars: Mapping[str, Calendar], version: int = 1) -> Ruleset:
    """The ruleset of a TOML text under the version the store gave it. Raises RulesetInvalid with all problems.

    Takes a second for the largest; the same again costs nothing.
    """
    return _numbered(text, tuple(calendars[name] for name in sorted(calendars)), version)


@lru_cache(maxsize=_KEPT)
def _numbered(text: str, calendars: tuple[Calendar, ...], version: int) -> Ruleset:
    return replace(_compiled(text, calendars), version=version)


@lru_cache(maxsize=_KEPT)
def _compiled(text: str, calendars: tuple[Calendar, ...]) -> Ruleset:
    if len(text.encode(errors="surrogatepass")) > LARGEST:
        raise RulesetInvalid([Problem(WHOLE, f"is larger than {LARGEST // 1000} kB")])
    document = document_of(text)
    try:
        found = ruleset.read_document(document, {calendar.name: calendar for calendar in calendars})
    except RulesetInvalid as error:
        raise RulesetInvalid(with_lines(error.problems, text)) from error
    if problems := list(unstorable(document)):
        raise RulesetInvalid(problems)
    return found


def refusal(error: RulesetInvalid) -> Invalid:
    """The error as callers see it: its sentence tells the first problem, its extension `problems` all of them."""
    first, count = error.problems[0], len(error.problems)
    told = one_line(first)
    end = "" if told.endswith("?") else "."
    others = f" There {'are' if count > 2 else 'is'} {count - 1} more." if count > 1 else ""
    return Invalid(
        f"This can't be used as a ruleset: {told}{end}{others}",
        errors=[FieldError(each.where, _placed(each)) for each in error.problems[:_MOST_SHOWN]],
        problems=[asdict(each) for each in error.problems],
    )


def without_lines(error: RulesetInvalid) -> RulesetInvalid:
    """The same of a text that nobody wrote, as it was made of JSON: its lines say nothing."""
    return RulesetInvalid([replace(each, document_line=None) for each in error.problems])


def _placed(problem: Problem) -> str:
    within = [f"{name} {at}" for name, at in (("line", problem.line), ("column", problem.column)) if at is not None]
    if problem.document_line is not None:
        of = f" of {problem.field}" if within and problem.field else ""
        within = [f"line {problem.document_line} of the file", *(within[1:] if problem.line == 1 else within)]
        within[-1] += of
    return f"{problem.message} ({', '.join(within)})" if within else problem.message


def one_line(problem: Problem) -> str:
    """Place and message: «rules[3] urgent.when: there is no fact 'urgnt' (line 41 of the file, column 5 of when)»."""
    return " ".join(f"{problem.where}: {_placed(problem)}".split())
