"""From the API's filters to the queue's: names of integrations become ids, and «me» the names of whoever asks."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.tasks.filter_schemas import TaskFilter, TaskQuery
from app.domains.tasks.filters import NONE, Filters

ME = "me"
"""As an assignee: whoever asks."""
OwnNames = Callable[[AsyncSession], Awaitable[Sequence[str]]]
"""What whoever asks is called as an assignee: a matter of people, whom this domain doesn't know."""


async def filters_of(
    session: AsyncSession, given: TaskFilter, integrations: Mapping[int, str], own_names: OwnNames, *, now: datetime
) -> Filters:
    """`integrations` maps ids to names; one may be given by either, and one nobody knows matches nothing."""
    return Filters(
        status=tuple(given.status),
        integration_ids=_of_integrations(given.integration, integrations),
        kind=tuple(given.kind),
        assignee=await _whose(session, given.assignee, own_names),
        label=tuple(given.label),
        band=tuple(given.band),
        tier=tuple(given.tier),
        turn=tuple(given.turn),
        due=tuple(given.due),
        due_after=given.due_after,
        due_before=given.due_before,
        q=given.q,
        now=now,
        **await _unwanted(session, given, integrations, own_names) if isinstance(given, TaskQuery) else {},
    )


def ids_named(wanted: Collection[str], integrations: Mapping[int, str]) -> tuple[int, ...] | None:
    """The ids of the integrations that are wanted by name or id; None where any will do."""
    if not wanted:
        return None
    return tuple(i for i, name in integrations.items() if name in wanted or str(i) in wanted)


async def _unwanted(
    session: AsyncSession, given: TaskQuery, integrations: Mapping[int, str], own_names: OwnNames
) -> dict[str, Any]:
    return {
        "not_assignee": await _whose(session, given.not_assignee, own_names),
        "not_integration_ids": _of_integrations(given.not_integration, integrations) or (),
    }


def _of_integrations(wanted: Collection[str], integrations: Mapping[int, str]) -> tuple[int | None, ...] | None:
    ids = ids_named(wanted, integrations)
    return (*ids, None) if ids is not None and NONE in wanted else ids


async def _whose(session: AsyncSession, wanted: Collection[str], own_names: OwnNames) -> tuple[str, ...]:
    others = [each for each in wanted if each != ME]
    return (*others, *await own_names(session)) if ME in wanted else tuple(others)
