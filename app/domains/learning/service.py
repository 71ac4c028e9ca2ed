"""Keeping what people rank by hand, and what is proposed from it. Functions take a session, flush and never commit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import Conflict, NotFound
from app.domains.learning.models import RankPair, RuleProposal
from app.domains.ranking.learning.learnable import Numbers
from app.domains.ranking.learning.learning import Proposal
from app.domains.ranking.learning.pulls import Asked

REMEMBERED = timedelta(days=90)
"""Older drags are forgotten."""
MOST_PAIRS = 500
"""The newest drags that are learned from."""
_MOST_COUNTED = 5_000
_MOST_DECIDED = 1_000
_LATEST = 2**31 - 1


async def pairs(session: AsyncSession, ruleset: str) -> Sequence[RankPair]:
    """The newest drags under one ruleset's name that may teach something, the oldest of them first."""
    query = (
        select(RankPair)
        .where(RankPair.ruleset == ruleset, RankPair.comparable)
        .order_by(RankPair.id.desc())
        .limit(MOST_PAIRS)
    )
    return (await session.execute(query)).scalars().all()[::-1]


async def pairs_by_id(session: AsyncSession, ids: Sequence[int]) -> dict[int, RankPair]:
    """Those that are not forgotten yet."""
    query = select(RankPair).where(RankPair.id.in_(ids))
    return {pair.id: pair for pair in (await session.execute(query)).scalars()}


async def forget_old(session: AsyncSession, now: datetime) -> int:
    """Forget drags older than 90 days, and proposals that went out of date so long ago. Returns how many drags."""
    before = now - REMEMBERED
    stale = delete(RuleProposal).where(RuleProposal.state == "outdated", RuleProposal.created_at < before)
    await session.execute(stale)
    done: Any = await session.execute(delete(RankPair).where(RankPair.at < before))
    return int(done.rowcount)


async def against_counts(session: AsyncSession) -> dict[str, int]:
    """By rule: how many of the newest 5,000 drags put a task above one to which the rule gave more, although the
    ranking said otherwise. Lines that no rule gave don't count."""
    query = (
        select(RankPair.above_lines, RankPair.below_lines)
        .where(RankPair.agreed.is_(False))
        .order_by(RankPair.id.desc())
        .limit(_MOST_COUNTED)
    )
    counts: Counter[str] = Counter()
    for above, below in await session.execute(query):
        rules = {line for line in (*above, *below) if ":" not in line and line != "waits"}
        counts.update(rule for rule in rules if below.get(rule, 0) > above.get(rule, 0))
    return dict(counts)


async def get(session: AsyncSession, proposal_id: int, *, lock: bool = False) -> RuleProposal:
    """Raises NotFound."""
    query = select(RuleProposal).where(RuleProposal.id == proposal_id).execution_options(populate_existing=True)
    found = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    if found is None:
        raise NotFound(f"There is no proposal {proposal_id}.")
    return found


async def page(
    session: AsyncSession,
    *,
    state: str | None = None,
    active: tuple[str, int] | None = None,
    before: int = _LATEST,
    limit: int = 50,
) -> Sequence[RuleProposal]:
    """Proposals with ids below `before`, the newest first. `active` is the ruleset that ranks: an open proposal for
    another one counts as outdated."""
    query = select(RuleProposal).where(RuleProposal.id < before).order_by(RuleProposal.id.desc()).limit(limit)
    stored_open = RuleProposal.state == "open"
    of_active = (RuleProposal.ruleset == active[0]) & (RuleProposal.base_version == active[1]) if active else None
    if state == "open":
        query = query.where(stored_open) if of_active is None else query.where(stored_open, of_active)
    elif state == "outdated" and of_active is not None:
        query = query.where((RuleProposal.state == state) | (stored_open & ~of_active))
    elif state is not None:
        query = query.where(RuleProposal.state == state)
    return (await session.execute(query)).scalars().all()


def state_of(proposal: RuleProposal, active: tuple[str, int] | None) -> str:
    """Its state: one that is open and would change what ranks no longer is outdated."""
    if proposal.state == "open" and active is not None and active != (proposal.ruleset, proposal.base_version):
        return "outdated"
    return proposal.state


async def decided(session: AsyncSession, ruleset: str) -> Sequence[RuleProposal]:
    """What people decided of proposals for a ruleset, the newest first."""
    query = (
        select(RuleProposal)
        .where(RuleProposal.ruleset == ruleset, RuleProposal.state.in_(("accepted", "rejected", "reverted")))
        .order_by(RuleProposal.id.desc())
        .limit(_MOST_DECIDED)
    )
    return (await session.execute(query)).scalars().all()


def origins(decisions: Sequence[RuleProposal], now: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """What people wrote of rules that were learned since, from what the rules say `now`: back through each accepted
    change, as far as nobody wrote another number in between."""
    found = dict(now)
    for proposal in decisions:
        if proposal.state == "accepted":
            for change in proposal.changes:
                if found.get(change["rule"]) == tuple(change["after"]):
                    found[change["rule"]] = tuple(change["before"])
    return found


def spent(decisions: Sequence[RuleProposal]) -> dict[Asked, set[int]]:
    """The drags that asked for what people turned down or took back."""
    found: dict[Asked, set[int]] = {}
    for proposal in decisions:
        if proposal.state in ("rejected", "reverted"):
            for change in proposal.changes:
                way = 1 if sum(change["after"]) > sum(change["before"]) else -1
                found.setdefault((change["rule"], way), set()).update(change["evidence"])
    return found


async def offer(
    session: AsyncSession, made: Proposal | None, ruleset: tuple[str, int], *, now: datetime
) -> RuleProposal | None:
    """Let a proposal for the active ruleset take the place of all that are open. The same again stays the same one,
    with the drags that came to it; with none, what was open is outdated."""
    query = select(RuleProposal).where(RuleProposal.state == "open").order_by(RuleProposal.id.desc())
    kept = None
    for row in (await session.execute(query)).scalars():
        same = made is not None and (row.ruleset, row.base_version) == ruleset and _numbers(row) == _wanted(made)
        if same and kept is None:
            kept = row
        else:
            row.state = "outdated"
    if made is not None:
        if kept is None:
            kept = RuleProposal(ruleset=ruleset[0], base_version=ruleset[1], state="open", created_at=now, note="")
            session.add(kept)
        kept.changes = [_stored(change) for change in made.changes]
        kept.drags, kept.agreed_before, kept.agreed_after = made.drags, made.agreed_before, made.agreed_after
    await session.flush()
    return kept


def _numbers(row: RuleProposal) -> dict[str, list[int]]:
    return {change["rule"]: list(change["after"]) for change in row.changes}


def _wanted(made: Proposal) -> dict[str, list[int]]:
    return {change.rule: list(change.after) for change in made.changes}


def _stored(change: Any) -> dict[str, Any]:
    names = ("rule", "title", "field", "before", "after", "evidence", "against")
    values = {name: getattr(change, name) for name in names}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def decide(proposal: RuleProposal, state: str, *, actor: str, note: str, now: datetime) -> None:
    """Note what became of it."""
    proposal.state, proposal.decided_by, proposal.decided_at = state, actor, now
    proposal.note = note or proposal.note


def must_be(proposal: RuleProposal, state: str, what: str) -> None:
    """Raises Conflict where the proposal is in another state."""
    if proposal.state != state:
        raise Conflict(
            f"Proposal {proposal.id} is {proposal.state}: only one that is {state} can be {what}.",
            state=proposal.state,
        )
