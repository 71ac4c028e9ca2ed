"""Which events a stream sends to whom: none that tells of what somebody may not see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from app.core import acting
from app.core.database import Database, chunks
from app.core.event_stream import Told
from app.core.rows import AnyRow
from app.domains.connections import privacy
from app.domains.monitoring import rules, standing
from app.domains.tasks.models import Task
from app.workflows.telling import AMONG

_LEVELS, _QUEUE = "level.changed", "queue.changed"
_OF_ALL = frozenset({rules.NETWORK, rules.GATEWAY, rules.JOBS, rules.DATABASE})
SEE_STATUS = "GET /status tells what you may see of it."


async def sift(database: Database, rows: Sequence[AnyRow], private: privacy.Private) -> list[Told]:
    """The rows that may be sent to whoever acts, each with its data as they may see it.

    What is `private` was read right after the rows: an integration may be private for a moment only, and is told of at
    once.
    """
    who = acting.caller()
    hidden = who.hidden | privacy.hidden_among(private, who.user_id)
    theirs = [(row, data) for row in rows if (data := _among(row.data, who.user_id)) is not None]
    if not hidden:
        return theirs
    with acting.acting_as(replace(who, hidden=hidden)):
        seen = await _seen(database, {task for _, data in theirs for task in _tasks_of(data)})
    told = ((row, _as_seen(row.type, data, hidden, seen)) for row, data in theirs)
    return [(row, data) for row, data in told if data is not None]


def _among(data: dict[str, Any], user_id: int | None) -> dict[str, Any] | None:
    """None where only others may hear of it: what was private is gone, so whose it was can't be looked up."""
    if AMONG not in data:
        return data
    return {name: value for name, value in data.items() if name != AMONG} if user_id in data[AMONG] else None


def _tasks_of(data: Mapping[str, Any]) -> Iterable[int]:
    if isinstance(data.get("task"), int):
        yield data["task"]
    yield from data.get("ids", ())


async def _seen(database: Database, tasks: Collection[int]) -> set[int]:
    """Those that whoever acts may see: of a task that is gone nobody can say who might. Who may not see what a task was
    merged into may not see it either."""
    into: dict[int, int | None] = {}
    wanted = set(tasks)
    async with database.reading() as session:
        while wanted:
            found: dict[int, int | None] = {}
            for some in chunks(sorted(wanted)):
                query = select(Task.id, Task.merged_into).where(Task.id.in_(some))
                found |= {row.id: row.merged_into for row in await session.execute(query)}
            into |= found
            wanted = {each for each in found.values() if each is not None} - into.keys()
    return {each for each in tasks if _leads_to_seen(each, into)}


def _leads_to_seen(task: int, into: Mapping[int, int | None]) -> bool:
    passed: set[int] = set()
    following: int | None = task
    while following is not None and following not in passed:
        if following not in into:
            return False
        passed.add(following)
        following = into[following]
    return True


def _as_seen(type_: str, data: dict[str, Any], hidden: Collection[int], seen: Collection[int]) -> dict[str, Any] | None:
    """None where they hear nothing of it."""
    if data.get("integration") in hidden or ("task" in data and data["task"] not in seen):
        return None
    if type_ == _LEVELS:
        return _of_level(data)
    if type_ == _QUEUE and "integration" not in data:
        return _of_queue(data, seen)
    return data


def _of_level(data: dict[str, Any]) -> dict[str, Any] | None:
    """The reason for the level of the whole may name any integration. A level without its integration's id was told by
    an earlier version: whose it is, nobody knows any more."""
    if "integration" not in data and data.get("kind") not in {standing.OVERALL, *_OF_ALL}:
        return None
    return {**data, "reason": SEE_STATUS} if data.get("kind") == standing.OVERALL else data


def _of_queue(data: dict[str, Any], seen: Collection[int]) -> dict[str, Any] | None:
    """Of tasks that are not all theirs to see: those that are, or else only that something changed, and nobody's
    name."""
    if "ids" not in data:
        return {}
    ids = [each for each in data["ids"] if each in seen]
    if len(ids) == len(data["ids"]):
        return data
    return {**data, "ids": ids, "changed": len(ids)} if ids else None
