"""Proposals that rest on drags of tasks that somebody may not see are not shown to them, nor do they decide on them."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import seeing
from app.core.database import chunks
from app.core.errors import NotFound
from app.domains import learning
from app.domains.learning.models import RankPair, RuleProposal


async def unseen_drags(session: AsyncSession, ids: Collection[int]) -> set[int]:
    """Those of the drags that there are, and that whoever acts may not see."""
    if not seeing.hides(session):
        return set()
    with seeing.unrestricted(session):
        there = await _among(session, ids)
    with seeing.restricted(session):
        return there - await _among(session, ids)


async def _among(session: AsyncSession, ids: Collection[int]) -> set[int]:
    found: set[int] = set()
    for some in chunks(sorted(ids)):
        found |= set((await session.execute(select(RankPair.id).where(RankPair.id.in_(some)))).scalars())
    return found


def _drags(proposal: RuleProposal) -> set[int]:
    return {each for change in proposal.changes for side in ("evidence", "against") for each in change[side]}


async def shown(session: AsyncSession, proposals: Sequence[RuleProposal]) -> list[RuleProposal]:
    """Those that whoever acts may see."""
    hidden = await unseen_drags(session, set().union(*map(_drags, proposals)))
    return [each for each in proposals if hidden.isdisjoint(_drags(each))]


async def must_be_shown(session: AsyncSession, proposal: RuleProposal) -> None:
    """Raises NotFound, as for one that there is not."""
    if not await shown(session, [proposal]):
        raise NotFound(f"There is no proposal {proposal.id}.")


async def page(
    session: AsyncSession, *, state: str | None, active: tuple[str, int] | None, before: int, limit: int
) -> list[RuleProposal]:
    """As learning.service.page, of those that whoever acts may see."""
    found: list[RuleProposal] = []
    while len(found) < limit:
        some = await learning.service.page(session, state=state, active=active, before=before, limit=limit)
        found += await shown(session, some)
        if len(some) < limit:
            break
        before = some[-1].id
    return found[:limit]
