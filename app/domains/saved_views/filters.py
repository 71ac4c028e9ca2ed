"""Filters as they are stored: integrations stand in them by id. Pure.

So a view goes on when one is renamed, and a name that somebody may not see is never told: they are given its number.
"""

from collections.abc import Mapping
from typing import Any

from app.core.errors import FieldError, Invalid
from app.domains.saved_views.schemas import ViewFilter
from app.domains.tasks.filter_schemas import TaskFilter
from app.domains.tasks.filters import NONE

_HIGHEST_ID = 2**31 - 1


def stored(given: TaskFilter, integrations: Mapping[int, str]) -> dict[str, Any]:
    """`integrations` maps ids to names, as far as whoever saves the filter sees them. Raises Invalid for a name that is
    none of theirs."""
    ids = {name: integration for integration, name in integrations.items()}
    kept = given.model_dump(mode="json")
    kept["integration"] = list(dict.fromkeys(_id(each, ids) for each in given.integration))
    return kept


def _id(given: str, ids: Mapping[str, int]) -> int | str:
    if given == NONE:
        return NONE
    if given in ids:
        return ids[given]
    if given.isascii() and given.isdigit() and 1 <= int(given) <= _HIGHEST_ID:
        return int(given)  # also of one that they may not see: whoever saves again what they were shown loses nothing
    raise Invalid(
        f"There is no integration named {given[:100]}.",
        errors=[FieldError("body.filter.integration", f"no such integration: {given[:100]}")],
    )


def shown(kept: Mapping[str, Any], integrations: Mapping[int, str]) -> ViewFilter:
    """`integrations` are those that whoever looks may see."""
    named = [integrations.get(each, str(each)) for each in kept["integration"]]
    return ViewFilter.model_validate({**kept, "integration": named})
