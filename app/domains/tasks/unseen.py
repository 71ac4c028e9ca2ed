"""What a caller may not see, where it bears on what they may: other tasks named in dependencies, facts, histories.

Scores are made of everything; what is shown of them leaves out whose tasks these are. See docs/privacy.md.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import seeing
from app.core.database import chunks
from app.core.errors import FieldError, Invalid
from app.domains.ranking import Facts, Score
from app.domains.ranking.explanation import Contribution
from app.domains.ranking.facts import FactValue
from app.domains.ranking.storage import with_values
from app.domains.tasks.models import Task, TaskDependency

NAMELESS = "a task that you may not see"
BEARS = "Tasks bear on it that you may not see."
CONCERNED = "It concerned a task that you may not see."
_NAMING = ("waits_for", "blocks")
"""Facts that are ids of other tasks."""
_OF_TASKS = ("waits", "above")
"""What stands before the colon in the name of a line that another task gives; its id follows."""
_MENTIONED = re.compile(r"\btask (\d{1,10})\b", re.IGNORECASE)


async def unseen(session: AsyncSession, ids: Iterable[int]) -> set[int]:
    """Those of the tasks that there are, and that whoever acts may not see. Costs nothing where nothing is hidden."""
    if not seeing.hides(session):
        return set()
    wanted = set(ids)
    with seeing.unrestricted(session):
        there = await _among(session, wanted)
    with seeing.restricted(session):
        return there - await _among(session, wanted)


async def _among(session: AsyncSession, ids: Collection[int]) -> set[int]:
    found: set[int] = set()
    for some in chunks(sorted(ids)):
        found |= set((await session.execute(select(Task.id).where(Task.id.in_(some)))).scalars())
    return found


async def borne_upon(session: AsyncSession, ids: Collection[int]) -> set[int]:
    """Those of the tasks that wait for a task that may not be seen, or that such a one waits for."""
    if not seeing.hides(session):
        return set()
    edges: set[tuple[int, int]] = set()
    with seeing.unrestricted(session):
        for some in chunks(sorted(ids)):
            theirs = or_(TaskDependency.task_id.in_(some), TaskDependency.depends_on.in_(some))
            query = select(TaskDependency.task_id, TaskDependency.depends_on).where(theirs)
            edges |= {(row.task_id, row.depends_on) for row in await session.execute(query)}
    hidden = await unseen(session, {each for edge in edges for each in edge})
    return {each for edge in edges for each in edge if not hidden.isdisjoint(edge)} & set(ids)


async def dependencies_given(session: AsyncSession, task_id: int, given: Collection[int]) -> list[int]:
    """What a task is to wait for, as somebody set it who does not see all that it waits for: the rest stays.

    Raises Invalid for one that there is not, as far as they may see.
    """
    if hidden := sorted(await unseen(session, given)):
        raise Invalid(
            f"There is no task {hidden[0]} to depend on.",
            errors=[FieldError("body.dependencies", f"no such task: {hidden[0]}")],
        )
    if not seeing.hides(session):
        return list(given)
    with seeing.unrestricted(session):
        query = select(TaskDependency.depends_on).where(TaskDependency.task_id == task_id)
        stored = set((await session.execute(query)).scalars())
    return [*given, *sorted(await unseen(session, stored))]


async def without_names(session: AsyncSession, facts: Mapping[int, Facts]) -> Mapping[int, Facts]:
    """Facts of tasks, as a score may be told of: which tasks wait stays, as it counts; none that may not be seen is
    named."""
    if not seeing.hides(session):
        return facts
    hidden = await unseen(session, {*facts, *(each for of in facts.values() for each in _named_in(of))})
    if not hidden:
        return facts
    told: dict[int, Facts] = {}
    for task_id, of in facts.items():
        changed = _without(of, hidden, ("waits_for",))
        told[task_id] = with_values(changed, {"title": NAMELESS}) if task_id in hidden else changed
    return told


async def told(session: AsyncSession, score: Score, facts: Facts) -> tuple[Score, Facts]:
    """A score and its facts with no word of a task that may not be seen. Its lines still add up."""
    if not seeing.hides(session):
        return score, facts
    of_lines = {int(each) for each in (_other(line.rule) for line in score.contributions) if each}
    hidden = await unseen(session, {*of_lines, *_named_in(facts)})
    if not hidden:
        return score, facts
    lines = tuple(_nameless(line, place, hidden) for place, line in enumerate(score.contributions))
    naming = {line.because for line in score.contributions if line.fact == "blocks"}
    reasons = tuple(BEARS if reason in naming else reason for reason in score.reasons)
    return replace(score, contributions=lines, reasons=reasons), _without(facts, hidden, _NAMING)


def _nameless(line: Contribution, place: int, hidden: Collection[int]) -> Contribution:
    """Two lines of one score are never called the same."""
    other = _other(line.rule)
    if other and int(other) in hidden:
        return replace(line, rule=f"{line.rule.partition(':')[0]}:unseen-{place}")
    return replace(line, because=BEARS, quote=None) if line.fact == "blocks" else line


def _other(rule: str) -> str:
    """The id of the task that gives the line; empty where none does."""
    kind, _, other = rule.partition(":")
    return other if kind in _OF_TASKS and other.isascii() and other.isdigit() else ""


def _named_in(facts: Facts) -> set[int]:
    values = (facts[name].value for name in _NAMING if name in facts)
    given = (each for value in values if isinstance(value, tuple) for each in value)
    return {int(each) for each in given if isinstance(each, str) and each.isascii() and each.isdigit()}


def _without(facts: Facts, hidden: Collection[int], names: Iterable[str]) -> Facts:
    changed: dict[str, FactValue] = {}
    for name in names:
        fact = facts.get(name)
        if fact is not None and isinstance(fact.value, tuple):
            left = tuple(each for each in map(str, fact.value) if not (each.isdigit() and int(each) in hidden))
            if left != fact.value:
                changed[name] = left
    return with_values(facts, changed) if changed else facts


async def history_told(session: AsyncSession, lines: Collection[Any]) -> list[tuple[str, dict[str, Any]]]:
    """The words and the changes of a history's lines, in order, naming no task that may not be seen."""
    mentioned = [{int(each) for each in _MENTIONED.findall(line.detail)} for line in lines]
    needed = [{i for side in line.changes.get("dependencies", ()) for i in side or ()} for line in lines]
    hidden = await unseen(session, set().union(*mentioned, *needed))
    shown = []
    for line, here in zip(lines, mentioned, strict=True):
        changes = dict(line.changes)
        if hidden and "dependencies" in changes:
            changes["dependencies"] = [[i for i in side or () if i not in hidden] for side in changes["dependencies"]]
        shown.append((line.detail if hidden.isdisjoint(here) else CONCERNED, changes))
    return shown
