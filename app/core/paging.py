"""Keyset pages: a cursor is the sort key of the last row seen, so a page costs the same wherever it stands.

While the list moves under the reader a row may itself move across the cursor, but none is skipped or repeated because
others came or went before it, as happens with counted offsets.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from app.core.errors import FieldError, Invalid

_Row = TypeVar("_Row")


def encode(query: str, key: Sequence[Any]) -> str:
    """A cursor for the rows after `key`. `query` names the sort and filters it belongs to."""
    return base64.urlsafe_b64encode(json.dumps([query, *key]).encode()).decode().rstrip("=")


def cut(
    found: Sequence[_Row], limit: int, query: str, *, key: Callable[[_Row], int | str]
) -> tuple[Sequence[_Row], str | None]:
    """The rows of a page and the cursor of the next, out of what was found: one row more than `limit` where it goes on.

    `key` is what a row is sorted by.
    """
    shown = found[:limit]
    return shown, encode(query, [key(shown[-1])]) if len(found) > limit else None


def decode(cursor: str, query: str) -> list[Any]:
    """The key within a cursor. Raises Invalid for one that is no cursor, or belongs to another query."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        given, *key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, UnicodeError, ValueError, TypeError) as error:
        raise _invalid(_NOT_OURS) from error
    if given != query:
        raise _invalid("This cursor belongs to another sort or filter: start again without one.")
    return list(key)


def decode_id(cursor: str, query: str) -> int:
    """The id within a cursor of a list that is sorted by id alone. Raises Invalid."""
    (value,) = decode_ids(cursor, query, 1)
    return value


def decode_ids(cursor: str, query: str, count: int) -> tuple[int, ...]:
    """The ids within a cursor of a list that is sorted by so many of them. Raises Invalid."""
    ids = decode_key(cursor, query, (int,) * count)
    if not all(0 <= each <= LARGEST_ID for each in ids):
        raise _invalid(_NOT_OURS)
    return tuple(ids)


def decode_text(cursor: str, query: str) -> str:
    """The name within a cursor of a list that is sorted by names alone. Raises Invalid."""
    key = decode(cursor, query)
    if len(key) != 1 or not isinstance(key[0], str) or not key[0].isascii() or not key[0].isprintable():
        raise _invalid(_NOT_OURS)
    return str(key[0])


def decode_key(cursor: str, query: str, types: Sequence[type]) -> list[Any]:
    """The key within a cursor, its parts of `types`: int or datetime. Raises Invalid."""
    try:
        pairs = zip(decode(cursor, query), types, strict=True)
        key: list[Any] = [_instant(part) if kind is datetime else _whole(part) for part, kind in pairs]
        if not 0 <= key[-1] <= LARGEST_ID:  # every key ends with a row's id
            raise ValueError("no row has this id")
        return key
    except (TypeError, ValueError, OverflowError) as error:
        raise _invalid(_NOT_OURS) from error


LARGEST_ID = 2**31 - 1
_NOT_OURS = "This is no cursor of ours: start again without one."


def _whole(value: Any) -> int:
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise ValueError("no column holds this")
    return value


def _instant(value: Any) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("names no instant")
    return found.astimezone(UTC)


def _invalid(detail: str) -> Invalid:
    return Invalid(detail, errors=[FieldError("query.cursor", "not usable here")])
