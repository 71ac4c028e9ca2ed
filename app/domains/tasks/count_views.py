"""Counts as the API shows them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field

from app.core.outside import outside
from app.domains.tasks.counting import Counts
from app.domains.tasks.filters import NONE, Filters
from app.domains.tasks.schemas import Band, Status, Tier, Turn

MOST = 50
"""Values of one filter, and besides those that were asked for."""
_ALWAYS: Mapping[str, tuple[str | None, ...]] = {
    "status": get_args(Status),
    "band": get_args(Band),
    "tier": get_args(Tier),
    "turn": (*get_args(Turn), None),
}
"""What these can be, in the order people expect; counted also where there is none."""


class ValueCount(BaseModel):
    """One value of a filter."""

    value: str = outside("As the filter takes it; `none` where a task has none.", examples=["now"])
    count: int = Field(description="How many tasks.", examples=[12])


class FacetCounts(BaseModel):
    """The values of one filter."""

    values: list[ValueCount] = Field(
        description="Status, band, tier and turn: all of them in their order. Others: the most frequent first, at most "
        "50, and after them those that were asked for and are not among these."
    )
    more: bool = Field(description="There are others, of which fewer tasks are.")


def _facet(*values: tuple[str, int]) -> dict[str, Any]:
    return {"values": [{"value": value, "count": count} for value, count in values], "more": False}


class TaskCounts(BaseModel):
    """How many tasks there are of what."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "total": 12,
                    "status": _facet(("open", 12), ("snoozed", 2), ("done", 30), ("declined", 1), ("not_for_us", 9)),
                    "band": _facet(("now", 12), ("next", 7), ("later", 20), ("someday", 4)),
                    "tier": _facet(("pinned", 1), ("normal", 11), ("held", 0)),
                    "turn": _facet(("ours", 8), ("theirs", 3), ("none", 1)),
                    "integration": _facet(("support mail", 11), ("none", 1)),
                    "kind": _facet(("gmail", 11), ("task", 1)),
                    "assignee": _facet(("none", 9), ("Ana Torres", 3)),
                    "label": _facet(("legal", 2)),
                }
            ]
        }
    )

    total: int = Field(description="How many match all filters: as many as `GET /tasks` shows.")
    status: FacetCounts = Field(description="By status.")
    band: FacetCounts = Field(description="By band.")
    tier: FacetCounts = Field(description="By tier.")
    turn: FacetCounts = Field(description="By whose turn it is.")
    integration: FacetCounts = Field(description="By integration, named as it is.")
    kind: FacetCounts = Field(description="By kind of integration; `task` is written by hand.")
    assignee: FacetCounts = Field(description="By whose they are.")
    label: FacetCounts = Field(description="By label: how many would match, were it asked for as well.")


def counts_out(found: Counts, filters: Filters, integrations: Mapping[int, str]) -> TaskCounts:
    facets = {}
    for name, counted in found.facets.items():
        chosen = filters.chosen(name) or ()
        if name in _ALWAYS:
            facets[name] = FacetCounts(values=_counts(_ALWAYS[name], counted), more=False)
        elif name == "integration":
            named = {integrations.get(each, str(each)) if each else None: tasks for each, tasks in counted.items()}
            facets[name] = _most(named, [integrations[each] if each else None for each in chosen])
        else:
            facets[name] = _most(counted, chosen)
    return TaskCounts(total=found.total, label=_most(found.labels, filters.label), **facets)


def _most(counted: Mapping[Any, int], chosen: Collection[str | None]) -> FacetCounts:
    found: dict[str | None, int] = dict(counted)
    ranked = sorted(found, key=lambda value: (-found[value], value is not None, value or ""))
    shown = ranked[:MOST]
    shown += [each for each in dict.fromkeys(chosen) if each != "" and each not in shown]
    return FacetCounts(values=_counts(shown, found), more=any(each not in shown for each in ranked[MOST:]))


def _counts(values: Iterable[str | None], counted: Mapping[Any, int]) -> list[ValueCount]:
    return [ValueCount(value=NONE if each is None else each, count=counted.get(each, 0)) for each in values]
