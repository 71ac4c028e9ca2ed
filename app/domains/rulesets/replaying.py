"""Which ruleset ranked at a time: a past score is made again with it, and with the calendars of then."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import log
from app.core.clock import end_of_second
from app.domains.ranking.rules import Ruleset, RulesetInvalid
from app.domains.rulesets.activation import active_at
from app.domains.rulesets.models import StoredRuleset
from app.domains.rulesets.naming import SHIPPED_BY
from app.domains.rulesets.service import compiled

_log = log.get(__name__)


async def in_force(session: AsyncSession, at: datetime, present: Ruleset) -> Ruleset:
    """The ruleset that ranked at `at`. Before anything was stored here, and in the future, the present one: archives
    are judged by the rules of today. The present one too stands in for one that this program can no longer read: the
    scores are then others than they were, and the log says so."""
    row = await active_at(session, at) or await _shipped_at(session, at, present)
    if row is None:
        return present
    try:
        return await compiled(session, row, at)
    except RulesetInvalid as error:
        problems = [str(problem) for problem in error.problems]
        about = {"ruleset": row.name, "version": row.version, "at": at.isoformat(), "problems": problems}
        _log.warning("a past is scored by the present ruleset: the one of then can't be read any more", **about)
        return present


async def _shipped_at(session: AsyncSession, at: datetime, present: Ruleset) -> StoredRuleset | None:
    """Before anybody activated one: the default that was shipped by then."""
    default = (StoredRuleset.name == "default", StoredRuleset.author == SHIPPED_BY)
    shipped = (*default, StoredRuleset.created_at <= end_of_second(at))
    newest = select(func.max(StoredRuleset.id)).where(*shipped).scalar_subquery()
    found = await session.execute(select(StoredRuleset).where(StoredRuleset.id == newest))
    return found.scalar_one_or_none()
