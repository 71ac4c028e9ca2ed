"""The values a request may hold, each with the bounds within which everything behind the API can work with it.

What is outside is refused with the field's name: a time whose arithmetic overflows, a number that no column holds,
text that no database stores.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
"""Rules add and subtract years: both ends leave them room."""

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d.*", re.ASCII)


def _clean(value: Any) -> Any:
    if isinstance(value, str) and ("\x00" in value or any("\ud800" <= c <= "\udfff" for c in value)):
        raise ValueError("holds characters that can't be stored (NUL or lone surrogates)")
    return value


def _written_as_time(value: Any) -> Any:
    # pydantic also reads numbers as seconds or milliseconds since 1970, which nobody means who writes a year.
    if isinstance(value, datetime) or (isinstance(value, str) and _RFC_3339.fullmatch(value)):
        return value
    raise ValueError("expects a time such as 2026-03-05T09:00:00Z")


def _within_reach(value: datetime) -> datetime:
    if not EARLIEST <= value < LATEST:
        raise ValueError(f"lies outside of the years {EARLIEST.year} to {LATEST.year - 1}")
    return value


def _given(value: Any) -> Any:
    if value is None:
        raise ValueError("must not be null")
    return value


Clean = BeforeValidator(_clean)
Instant = Annotated[AwareDatetime, BeforeValidator(_written_as_time), AfterValidator(_within_reach)]
"""A time with its offset, as RFC 3339 writes it."""

Identity = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
"""An id in a JSON body: a whole number, not a text or truth value that could be read as one."""

Flag = Annotated[bool, Field(strict=True)]

Given = BeforeValidator(_given)
"""For what may be left out, and must not be null where it stands."""


class Body(BaseModel):
    """A request body: unknown members are refused, so that a typing error never goes unnoticed."""

    model_config = ConfigDict(extra="forbid")
