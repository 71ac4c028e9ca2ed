"""What CEL's checker says of a condition, in the words of people who write rules: what to write instead. Pure."""

import re

from app.domains.ranking.catalogue import CATALOGUE
from app.domains.ranking.spelling import suggestion

FUNCTIONS = ("contains", "startsWith", "endsWith", "matches", "size", "exists", "all", "filter", "map", "timestamp")
"""Those that conditions are written with."""

_OVERLOAD = re.compile(r"found no matching overload for '(\S+)' applied to '\((.*)\)'")
_UNEXPECTED = re.compile(r"(?:mismatched|extraneous) input '(.*?)' expecting ")
_TOKEN = re.compile(r"token recognition error at: '(.*)'", re.DOTALL)
_WORDS = {"and": "&&", "or": "||", "not": "!", "AND": "&&", "OR": "||", "NOT": "!"}
_TYPES = {"google.protobuf.Timestamp": "timestamp", "google.protobuf.Duration": "duration"}


def is_syntax(message: str) -> bool:
    """Whether it is about how the text is written: what follows the first of these only follows from it."""
    return message.startswith("Syntax error: ")


def plainly(message: str, text: str) -> str:
    """The sentence for people; as it is where there is no better one. `text` is the whole condition."""
    if found := _OVERLOAD.fullmatch(message):
        given = [_TYPES.get(kind, kind) for kind in re.split(r", (?![^(]*\))", found[2])]
        return _overload(found[1].strip("_@").replace("_", ""), given)
    if is_syntax(message):
        return _syntax(message.removeprefix("Syntax error: "), text)
    return message


def no_such(name: str) -> str:
    """That a name is neither a fact nor a function, and what may have been meant."""
    if name in FUNCTIONS:
        return f"{name!r} stands behind what it is asked of: labels.exists(each, each == 'vip'), title.contains('vip')"
    as_text = any(name in kind.words for kind in CATALOGUE.values())
    hint = f"; as a text it stands in quotes: {name!r}" if as_text else suggestion(name, [*CATALOGUE, *FUNCTIONS])
    return f"there is no fact or function {name!r}{hint}"


def _overload(operator: str, given: list[str]) -> str:
    match operator, given:
        case "in", ["list(string)", "string"]:
            return "turn it round: the text comes first, as in 'vip' in labels"
        case "in", ["string", "string"]:
            return "'in' looks into lists; for a part of a text write title.contains('vip')"
        case "==" | "!=", ["list(string)", "string"] | ["string", "list(string)"]:
            return "a list is not one text: write 'vip' in labels"
        case _, ["double", "int"] | ["int", "double"]:
            wants = "with a point, such as 1000.0" if given[0] == "double" else "without a point, such as 1000"
            return f"{operator!r} compares numbers of one sort: write the number {wants}"
        case _, ["timestamp", _] | [_, "timestamp"]:
            return f"{operator!r} compares a moment with a moment only; how long until it is a matter of a curve"
        case _, [one, other]:
            return f"{operator!r} does not go with a {one} and a {other}"
    return f"{operator!r} can't be applied to {', '.join(given)}"


def _syntax(said: str, text: str) -> str:
    if found := _TOKEN.match(said):
        return _token(found[1])
    if found := _UNEXPECTED.match(said):
        unexpected = found[1]
        if unexpected in _WORDS:
            return f"write {_WORDS[unexpected]} instead of {unexpected!r}"
        if word := re.search(r"\b(not|NOT)\s+\S", text):
            return f"write ! instead of {word[1]!r}, as in !starred"
        if unexpected == "<EOF>":
            return "something is missing at the end"
        return f"{unexpected!r} is not expected here"
    if said.startswith("missing ')'"):
        return "a bracket is not closed"
    return said


def _token(unknown: str) -> str:
    if unknown.startswith(("'", '"')):
        return "a quote is not closed"
    if unknown.startswith("=>"):
        return "write >= instead of =>"
    if unknown.startswith("="):
        return "write == to compare"
    if unknown[:1] in "“”‘’„«»":
        return "write straight quotes: '…'"
    return f"{unknown.strip()!r} is no sign that a condition can have"
