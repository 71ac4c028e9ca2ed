"""What a draft of a ruleset would do to the open queue and to the last days. Nothing is saved."""

import asyncio
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import Invalid
from app.domains import rulesets
from app.domains.ranking import Ruleset
from app.domains.ranking.review.movement import Caution, cautions, in_order, movement
from app.domains.ranking.ruleset import SHIPPED, RulesetInvalid, shipped, shipped_text
from app.domains.rulesets import diff
from app.domains.rulesets.compiling import refusal
from app.domains.rulesets.documents import document_of
from app.domains.tasks.models import Task
from app.domains.tasks.networks import facts_of, network_of
from app.workflows.rules import views
from app.workflows.rules.history import Reach, history
from app.workflows.rules.schemas import RulesetPreviewOut
from app.workflows.rules.standings import Comparison, count_open, standings
from app.workflows.rules.views import Parts

LIMIT = 10_000
LARGEST = 50_000
"""Tasks of one preview."""
MOST_DAYS = 90
FIRST = 200
"""So many of the highest under the draft are looked at in history, besides those that were late."""


@dataclass(frozen=True, slots=True)
class Side:
    """A ruleset with its text."""

    ruleset: Ruleset
    text: str


async def draft_side(session: AsyncSession, text: str, *, written: bool = True) -> Side:
    """A draft with today's calendars. Raises Invalid with all problems, without lines of a text that was made of
    JSON."""
    return Side(await rulesets.service.sound(session, text, written=written), text)


async def stored_side(session: AsyncSession, name: str | None = None, version: int | None = None) -> Side:
    """A stored ruleset: the active version where the name, or no name, says that one, else the newest.

    Raises NotFound, and Invalid where the program can no longer read it.
    """
    active = await rulesets.service.active(session)
    if name is None and active is None:
        return Side(shipped(SHIPPED[0]), shipped_text(SHIPPED[0]))
    if active is None or (name is not None and (version is not None or name != active.name)):
        active = await rulesets.service.version_of(session, name or SHIPPED[0], version)
    try:
        return Side(await rulesets.service.compiled(session, active), active.text)
    except RulesetInvalid as error:
        raise refusal(error) from error


async def preview(
    session: AsyncSession,
    draft: Side,
    against: Side,
    *,
    limit: int = LIMIT,
    reach: Reach | None = None,
    now: datetime,
) -> RulesetPreviewOut:
    """The first `limit` open tasks under both rulesets at `now`; with `reach`, also what was late in so many days."""
    begun = time.perf_counter()
    compared = Comparison(against.ruleset, draft.ruleset, now)
    changes = diff.changes(document_of(against.text), document_of(draft.text))
    watched = [each.id for each in views.written(changes)]
    found = await standings(session, compared, limit=limit, watched=watched)
    moved = await asyncio.to_thread(movement, found.before, found.after)
    movers = [mover.task for mover in (*moved.up, *moved.down)]
    parts = Parts(
        compared=compared,
        found=found,
        moved=moved,
        warnings=cautions(found.after, found.failures, found.before),
        titles=await _titles(session, {*movers, *moved.top_before, *moved.top_after}),
        facts=await facts_of(session, movers),
        before=await network_of(session, movers, against.ruleset),
        after=await network_of(session, movers, draft.ruleset),
    )
    past = await history(session, compared, reach, in_order(found.after)[:FIRST]) if reach else None
    of = await count_open(session)
    return views.preview_out(parts, changes, past, of=of, seconds=round(time.perf_counter() - begun, 3))


async def warnings(session: AsyncSession, draft: Side, *, now: datetime) -> list[Caution]:
    """What looks like a mistake in how a draft ranks the open tasks, of which it looks at 10,000 at most."""
    try:
        against = await stored_side(session)
    except Invalid:  # what ranks can no longer be read: so much the more has another one to be applied
        against = draft
    found = await standings(session, Comparison(against.ruleset, draft.ruleset, now), limit=LIMIT)
    return cautions(found.after, found.failures, found.before)


async def _titles(session: AsyncSession, ids: Collection[int]) -> dict[int, str]:
    query = select(Task.id, Task.title).where(Task.id.in_(ids))
    return {row.id: row.title for row in await session.execute(query)}
