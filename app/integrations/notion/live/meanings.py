"""What a table's columns mean, found once and kept.

They are found as for an import, from the schema and the first hundred rows. They are found again where the schema
changes, and while a table is so small that its values tell little. Only where that changes what is known of rows
already read are those read anew: a new column that means nothing costs nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import blake2b
from typing import Any, cast, get_args

from app.integrations.contract import Column, Field, Options
from app.integrations.exports import columns
from app.integrations.exports.charset import clean
from app.integrations.notion import survey
from app.integrations.notion.cells import Json, a_dict
from app.integrations.notion.documents import Api
from app.integrations.notion.live.asking import PAGE_SIZE, Asking, Lane
from app.integrations.notion.live.standing import TableStanding
from app.integrations.notion.pages import Shown, Table
from app.integrations.notion.survey import Survey

FEW = 20
"""Rows below which the values of a table tell little of its columns."""
FIELDS = frozenset(get_args(Field))


@dataclass(frozen=True, slots=True)
class Asked:
    """How rows are to be read, by the settings."""

    options: Options
    zone: tzinfo
    content: str

    @property
    def mark(self) -> str:
        said = self.options
        return digest([sorted(said.columns.items()), said.day_first, said.zone, self.content])


async def meanings(
    asking: Asking, lane: Lane, standing: TableStanding, asked: Asked, since: datetime, *, anew: bool
) -> Table:
    """The table of `lane`; its standing is set back where rows already read are to be read again."""
    shape = shape_of(lane.schema)
    grouped = groups_of(lane.schema)
    differs = standing.asked != asked.mark
    if standing.columns is None or differs or shape != standing.shape or (anew and standing.sampled < PAGE_SIZE):
        rows = (await asking.rows(lane, within=None, by="created_time")).found
        found = kept(guessed(lane, rows, asked))
        differs = differs or (standing.columns is not None and told(found) != told(standing.columns))
        standing.columns, standing.sampled = found, len(rows)
        standing.shape, standing.asked = shape, asked.mark
    if differs or any(grouped.get(name, group) != group for name, group in standing.groups.items()):
        standing.again(since)
    standing.groups = grouped
    return table_of(lane, standing)


def guessed(lane: Lane, rows: list[Any], asked: Asked) -> tuple[Column, ...]:
    """The columns as an import of the same answers takes them."""
    api = Api(asked.options, asked.zone, Shown())
    survey.take(api.survey, {"object": "data_source", "id": lane.key, **lane.schema})
    for said in map(a_dict, rows):
        if survey.is_whole(said):
            survey.take(api.survey, {**said, "parent": {"data_source_id": lane.key}})
    found = api.table(lane.key)
    return found.columns if found else ()


def kept(found: tuple[Column, ...]) -> dict[str, list[str]]:
    """Those that mean something, and those that people leave out."""
    return {
        column.name: [column.field or "", column.why]
        for column in found
        if column.field or column.why == columns.LEFT_OUT
    }


def told(found: Mapping[str, list[str]]) -> dict[str, tuple[str, bool]]:
    """What rows depend on: the meanings, and whether they are known by more than values."""
    return {name: (field, why == columns.BY_VALUES) for name, (field, why) in found.items()}


def table_of(lane: Lane, standing: TableStanding) -> Table:
    """The table by what was kept of it; a column that is not among that is kept and shown."""
    known = standing.columns or {}
    names = dict.fromkeys([*map(clean, a_dict(lane.schema.get("properties"))), *known])
    found = [column_of(name, *known.get(name, ("", columns.KEPT))) for name in names]
    return Table(own=lane.key, name=lane.name or lane.key, columns=tuple(found), groups=standing.groups)


def column_of(name: str, field: str, why: str) -> Column:
    return Column(name=name, field=cast(Field, field) if field in FIELDS else None, why=why)


def groups_of(schema: Json) -> dict[str, str]:
    seen = Survey()
    survey.take(seen, {"object": "data_source", "id": "0" * 32, **schema})
    return seen.table("0" * 32).groups


def shape_of(schema: Json) -> str:
    """Of names and types; options of a select come and go without a change of meaning."""
    return digest([[name, a_dict(what).get("type")] for name, what in sorted(a_dict(schema.get("properties")).items())])


def digest(value: Any) -> str:
    return blake2b(json.dumps(value, default=str).encode("utf-8", "replace"), digest_size=8).hexdigest()
