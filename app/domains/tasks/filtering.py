"""From the API's filters to the queue's: names of integrations become ids."""

from collections.abc import Collection, Mapping

from app.domains.tasks.queue import Filters
from app.domains.tasks.schemas import TaskFilter


def filters_of(given: TaskFilter, integrations: Mapping[int, str]) -> Filters:
    """`integrations` maps ids to names; one may be given by either, and one nobody knows matches nothing."""
    return Filters(
        status=tuple(given.status),
        integration_ids=ids_named(given.integration, integrations),
        kind=tuple(given.kind),
        assignee=tuple(given.assignee),
        label=tuple(given.label),
        band=tuple(given.band),
        tier=tuple(given.tier),
        turn=tuple(given.turn),
        due_before=given.due_before,
        q=given.q,
    )


def ids_named(wanted: Collection[str], integrations: Mapping[int, str]) -> tuple[int, ...] | None:
    """The ids of the integrations that are wanted by name or id; None where any will do."""
    if not wanted:
        return None
    return tuple(i for i, name in integrations.items() if name in wanted or str(i) in wanted)
