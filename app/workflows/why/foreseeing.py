"""When a task will be first, among the first ten and in another band, if nothing changes but the time."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.ranking import Ruleset
from app.domains.ranking.explanation import Score
from app.domains.ranking.network import Network
from app.domains.ranking.reasons import moment_words
from app.domains.ranking.why.course import course, time_of
from app.domains.ranking.why.foresight import TOP, Contender, Foresight, foresee
from app.domains.tasks import networks
from app.domains.tasks.models import Task
from app.domains.tasks.views import number
from app.workflows.why.competing import HIGHEST, Competition, competition, horizon, require_open, tail_of
from app.workflows.why.schemas import BandChange, ComparedOut, ForecastLine, ForecastOut

HOURS, MOST_HOURS = 168, 24 * 60
SHOWN = 200
"""So many changes are shown."""


async def forecast(
    session: AsyncSession, task: Task, ruleset: Ruleset, *, now: datetime, hours: int = HOURS
) -> ForecastOut:
    """The next `hours` of an open task, beside those of others. Raises Conflict for one that is not open."""
    require_open(task)
    now = now.replace(microsecond=0)
    until, due_by = horizon(now, hours)
    among = await competition(session, task, soon=(now, due_by))
    network = await networks.network_of(session, [task.id, *among.others], ruleset)
    return await asyncio.to_thread(_forecast, network, task, among, now, until)


def _forecast(network: Network, task: Task, among: Competition, now: datetime, until: datetime) -> ForecastOut:
    others = [row for row in among.others.values() if network.has(row.id)]
    own = Contender(course(network, task.id, now, until), tail_of(task))
    contenders = [Contender(course(network, row.id, now, until), tail_of(row)) for row in others]
    foreseen = foresee(own, contenders)
    moments = _told(own, foreseen)
    first, top_ten = foreseen.first_at, foreseen.top_ten_at
    return ForecastOut(
        task=task.id,
        until=time_of(foreseen.until),
        changes=_lines(network, task.id, own, moments[:SHOWN], foreseen),
        left_out=len(moments[SHOWN:]),
        first_at=None if first is None else time_of(first),
        top_ten_at=None if top_ten is None else time_of(top_ten),
        bands=[BandChange(at=at, band=band) for at, band in own.course.bands() if at <= time_of(foreseen.until)],
        sentence=_sentence(foreseen),
        compared=ComparedOut(tasks=len(contenders), of=among.open),
    )


def _told(own: Contender, foreseen: Foresight) -> list[int]:
    """The seconds of all that is told: its own changes, and when others pass it at the first place or the tenth."""
    seconds = {each.second for each in own.course.moments if each.second <= foreseen.until}
    for (_, before), (second, after) in pairwise(foreseen.ranks):
        if any((before <= place) != (after <= place) for place in (1, TOP)):
            seconds.add(second)
    return sorted(seconds)


def _lines(
    network: Network, task: int, own: Contender, seconds: Sequence[int], foreseen: Foresight
) -> list[ForecastLine]:
    lines: list[ForecastLine] = []
    before: Score | None = None
    for second in seconds:
        at = time_of(second)
        score = network.score(task, at)
        rank = foreseen.rank_at(second)
        lines.append(
            ForecastLine(
                at=at,
                points=number(score.milli),
                band=score.band,
                tier=own.course.tier,
                rank=rank if rank <= HIGHEST else None,
                because=None if before is None else _because(before, score) or _passed(lines[-1], rank),
            )
        )
        before = score
    return lines


def _because(before: Score, after: Score) -> str | None:
    """The line that changes most, as it is from now on; one that ends is called by its title."""
    then = {line.rule: line for line in before.contributions}
    now = {line.rule: line for line in after.contributions}
    largest, said = 0.0, None
    for rule in dict.fromkeys((*now, *then)):
        change = abs(float(now[rule].points if rule in now else 0) - float(then[rule].points if rule in then else 0))
        if change > largest:
            largest, said = change, now[rule].because if rule in now else f"No more: {then[rule].title}"
    return said


def _passed(before: ForecastLine, rank: int) -> str | None:
    """What others do where it stays as it is."""
    if before.rank is None or rank == before.rank:
        return None
    return "Another task passes it" if rank > before.rank else "Another task falls behind it"


def _sentence(foreseen: Foresight) -> str:
    start, until = foreseen.ranks[0][0], moment_words(time_of(foreseen.until))
    first, top_ten = foreseen.first_at, foreseen.top_ten_at
    unless = "if nothing changes"
    gone = foreseen.beyond(TOP) if top_ten == start else None
    leaves = "" if gone is None else f", and leaves the first {TOP} at {moment_words(time_of(gone))}"
    if first == start:
        lost = foreseen.beyond(1)
        ends = f"until {moment_words(time_of(lost))}" if lost is not None else f"and still first {until}"
        return f"First now, {ends}{leaves} {unless}."
    if first is not None:
        return f"First at {moment_words(time_of(first))}{leaves} {unless}."
    if top_ten == start:
        ends = "" if gone is None else f", until {moment_words(time_of(gone))}"
        return f"Among the first {TOP} now{ends}, and not first before {until} {unless}."
    if top_ten is not None:
        return f"Among the first {TOP} at {moment_words(time_of(top_ten))} {unless}, not first before {until}."
    return f"Not among the first {TOP} before {until} {unless}."
