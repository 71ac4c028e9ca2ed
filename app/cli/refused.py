"""What is wrong with the settings, in people's words: every command says it alike."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_WORDS = {
    "bool_parsing": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number that has an end",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
}
"""In place of pydantic's, which are written for programmers."""


def said(refused: "ValidationError") -> Iterator[tuple[str, str]]:
    """Variable and what is wrong with it, of all that can't be used; never what was given."""
    for each in refused.errors(include_input=False, include_url=False):
        yield ".".join(str(part) for part in each["loc"]).upper() or "settings", _in_words(each)


def _in_words(error: "ErrorDetails") -> str:
    words, values = _WORDS.get(error["type"]), error.get("ctx") or {}
    return words.format(**values) if words else error["msg"].removeprefix("Value error, ")
