"""What JSON may hold that Python's reader stumbles over: numbers of thousands of digits, and brackets without end.

One such value costs itself and nothing else of its file.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

MOST_DIGITS = 4_000
"""Python refuses to make numbers of more than 4,300 digits, as that takes long."""
DEEPEST = 200
"""Lists and objects within one another; what people and programs write has a dozen."""

NESTED = "it is nested too deeply, and goes wrong or breaks off"

_MARK = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
"""A string as a whole, up to the end of the text where it isn't closed; else one bracket."""


def whole_number(digits: str) -> int | str:
    """The number; as text where it has absurdly many digits."""
    return int(digits) if len(digits) <= MOST_DIGITS else digits


STRICT = json.JSONDecoder(parse_int=whole_number)
LENIENT = json.JSONDecoder(parse_int=whole_number, strict=False)
"""Reads raw tabs and newlines in texts as they are."""


def may_go_on(error: json.JSONDecodeError) -> bool:
    """Whether more text behind it could mend what is wrong: it goes wrong only where the text ends."""
    return error.msg.startswith("Unterminated string") or error.pos >= len(error.doc) - 16


def is_deep(value: object) -> bool:
    """Whether it holds lists or objects deeper than DEEPEST: who walks through it might not come back."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for one in level if isinstance(one, list | dict) for inner in within(one)]
        if not level:
            return False
    return any(isinstance(one, list | dict) for one in level)


def within(value: list[object] | dict[str, object]) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value


def end_of(text: str, at: int) -> int | None:
    """The place behind the list or object that begins at `at`; None where it isn't closed."""
    depth = 0
    for found in _MARK.finditer(text, at):
        if (mark := found[0]) in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
            if depth <= 0:
                return found.end()
    return None


def flattened(text: str) -> tuple[str, int]:
    """`text` with null for each list or object that stands deeper than DEEPEST, and how many these are."""
    parts: list[str] = []
    depth = kept = lost = 0
    for found in _MARK.finditer(text):
        if (mark := found[0]) in "[{":
            depth += 1
            if depth == DEEPEST + 1:
                parts += [text[kept : found.start()], "null"]
                lost += 1
        elif mark in "]}":
            if depth == DEEPEST + 1:
                kept = found.end()
            depth -= 1
    if depth <= DEEPEST:  # else the text breaks off within what is left out
        parts.append(text[kept:])
    return "".join(parts), lost


def decoded(text: str, decoder: json.JSONDecoder) -> tuple[Any, int]:
    """The value that `text` is, and how many values in it were left out as too deep. Raises JSONDecodeError."""
    try:
        value = decoder.decode(text)
        if not is_deep(value):
            return value, 0
    except RecursionError:
        pass
    flat, lost = flattened(text)
    try:
        return decoder.decode(flat), lost
    except json.JSONDecodeError as error:  # its place is none in `text`
        raise json.JSONDecodeError(NESTED, text, 0) from error


def too_deep(lost: int) -> str:
    places = "one place" if lost == 1 else f"{lost:,} places"
    return f"In {places} it is nested more than {DEEPEST} deep; what stands there is left out."
