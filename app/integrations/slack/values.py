"""What stands in decoded JSON, asked for by the type it ought to have.

An export may hold anything anywhere. Whatever has another type than expected counts as absent, and text is clean.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from app.integrations.exports.charset import clean

Object = Mapping[str, Any]
"""One JSON object."""

NOTHING: Object = MappingProxyType({})
MOST_DIGITS = 18


def text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def first_text(source: Object, *names: str) -> str:
    """The first of the fields `names` that says something, without space around it."""
    return next((found for name in names if (found := text(source.get(name)).strip())), "")


def inner(source: Object, name: str) -> Object:
    """The object that stands under `name`."""
    value = source.get(name)
    return value if isinstance(value, dict) else NOTHING


def objects(value: object) -> list[Object]:
    """The objects of a list; whatever else stands in it is passed over."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    return [clean(each) for each in value if isinstance(each, str)] if isinstance(value, list) else []


def whole(value: object) -> int | None:
    """A whole number, also where it is written as text or with a fraction."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) < 10**MOST_DIGITS else None
    if isinstance(value, float):
        return int(value) if abs(value) < 10**MOST_DIGITS else None  # false for NaN and infinity
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS:
        return int(value)
    return None
