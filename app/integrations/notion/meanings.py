"""What the columns of a Notion table mean: the common guess, given what Notion's types make certain."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.integrations.contract import Column, Field, Options
from app.integrations.exports import columns

CERTAIN: Mapping[str, Field] = {
    "title": "title",
    "status": "status",
    "created_time": "created",
    "last_edited_time": "changed",
    "created_by": "creator",
    "unique_id": "id",
}
"""Types that can mean one thing only."""
LIKELY: Mapping[str, Field] = {"people": "assignee", "multi_select": "labels"}
"""Types that mean it where no column's name does; the first such column."""
DATES = frozenset({"due", "scheduled", "started", "finished", "created", "changed"})
NEVER: Mapping[str, frozenset[str]] = {
    "status": frozenset({"date", "people", "files", "relation", "email", "phone_number", "url"}),
    "assignee": frozenset({"date", "checkbox", "number", "files", "url", "phone_number"}),
    "priority": frozenset({"date", "people", "files", "relation", "url"}),
    "labels": frozenset({"date", "people", "files", "number", "checkbox"}),
    "depends_on": frozenset({"date", "people", "files", "number", "checkbox", "multi_select"}),
}
"""Types that can't mean it, whatever the column is called: «Due» as a check box is no date."""
UNDATED = frozenset(
    {"people", "files", "relation", "checkbox", "status", "multi_select", "url", "email", "phone_number", "unique_id"}
)
UNFIT = "by its name it would be something else, but its type can't hold that"


def understood(
    names: Sequence[str], rows: Sequence[Sequence[str]], options: Options, sorts: Mapping[str, str]
) -> tuple[Column, ...]:
    """The columns in the order of `names`. `sorts` are Notion's types by name, as far as they are known."""
    known: dict[str, Field] = {name: CERTAIN[sort] for name, sort in sorts.items() if sort in CERTAIN}
    found = columns.guess(names, rows, options, known)
    taken = {column.field for column in found}
    for sort, meaning in LIKELY.items():
        free = [column.name for column in found if sorts.get(column.name) == sort and column.field is None]
        if meaning not in taken and free:
            known[free[0]] = meaning
    again = columns.guess(names, rows, options, known)
    return tuple(fitting(column, sorts.get(column.name, "")) for column in again)


def fitting(column: Column, sort: str) -> Column:
    """`column` without a meaning that its type rules out; what a person said stands."""
    unfit = column.field is not None and (
        sort in NEVER.get(column.field, frozenset()) or (column.field in DATES and sort in UNDATED)
    )
    return replace(column, field=None, why=UNFIT) if unfit and column.why != columns.AS_SAID else column
