"""Which events a stream sends to whom: none that tells of what somebody may not see."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core import acting
from app.core.database import Database
from app.core.event_stream import Told
from app.core.rows import AnyRow
from app.domains.monitoring import rules, standing
from app.domains.tasks.unseen import unseen

_LEVELS = "level.changed"
_OF_ALL = frozenset({rules.NETWORK, rules.GATEWAY, rules.JOBS, rules.DATABASE})
SEE_STATUS = "GET /status tells what you may see of it."


async def sift(database: Database, rows: Sequence[AnyRow]) -> list[Told]:
    """The rows that may be sent to whoever acts, each with its data as they may see it."""
    hidden = acting.caller().hidden
    if not hidden:
        return [(row, row.data) for row in rows]
    tasks = {row.data["task"] for row in rows if isinstance(row.data.get("task"), int)}
    theirs: set[int] = set()
    if tasks:
        async with database.reading() as session:
            theirs = await unseen(session, tasks)
    told = [(row, row.data) for row in rows if row.data.get("integration") not in hidden]
    told = [(row, data) for row, data in told if data.get("task") not in theirs]
    return [
        (row, _of_level(data) if row.type == _LEVELS else data) for row, data in told if _may_be_told(row.type, data)
    ]


def _may_be_told(type_: str, data: Mapping[str, Any]) -> bool:
    """A level without its integration's id was told by an earlier version: whose it is, nobody knows any more."""
    if type_ != _LEVELS:
        return True
    return "integration" in data or data.get("kind") in {standing.OVERALL, *_OF_ALL}


def _of_level(data: dict[str, Any]) -> dict[str, Any]:
    """The reason for the level of the whole may name any integration."""
    return {**data, "reason": SEE_STATUS} if data.get("kind") == standing.OVERALL else data
