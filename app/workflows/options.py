"""Between an integration's settings and how its exports are read."""

from collections.abc import Mapping
from typing import Any, cast, get_args

from app.integrations.contract import Field, Options, Said

FIELDS: tuple[str, ...] = get_args(Field)
KEEP = "keep"
GUESS = "guess"
"""Said of a column, it takes back what was said of it before."""


def options_from(settings: Mapping[str, Any]) -> Options:
    """What the settings say of reading; what they hold beside it is no matter of ours.

    `columns` maps a column's name to one of FIELDS, to «keep», or to null to leave it out; `day_first` is true or
    false; `zone` an IANA name.
    """
    columns = settings.get("columns")
    given = columns if isinstance(columns, Mapping) else {}
    day_first = settings.get("day_first")
    return Options(
        columns={str(name): cast(Said, value) for name, value in given.items() if value in (None, KEEP, *FIELDS)},
        day_first=day_first if isinstance(day_first, bool) else None,
        zone=str(settings.get("zone") or ""),
    )
