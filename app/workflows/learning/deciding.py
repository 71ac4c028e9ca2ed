"""What people decide of a proposal: accept it, reject it, or take an accepted one back. Each is one action."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.database import one_at_a_time
from app.core.errors import Conflict
from app.domains import learning, rulesets
from app.domains.learning.models import RuleProposal
from app.domains.learning.rewriting import Edit, rewritten, without_notes
from app.domains.ranking.learning.learnable import Numbers, numbers_of, unit_of
from app.domains.rulesets.models import StoredRuleset
from app.domains.rulesets.naming import check_words
from app.workflows.learning import sentences, unseen

LEARNING, RULESETS = "learning", "rulesets"


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a proposal, and what ranks now."""

    proposal: RuleProposal
    active: StoredRuleset | None
    sentence: str


async def accept(
    session: AsyncSession, proposal_id: int, *, actor: str = "", note: str = "", now: datetime
) -> Decision:
    """Save the changed ruleset as a new version and let it rank.

    Raises NotFound, and Conflict where it was decided already or the rules changed since.
    """
    actor, note = check_words(actor, note)
    proposal, active = await _taken(session, proposal_id)
    learning.service.must_be(proposal, "open", "accepted")
    if active is None or (active.name, active.version) != (proposal.ruleset, proposal.base_version):
        raise Conflict(
            f"Proposal {proposal_id} is outdated: it changes {_named(proposal.ruleset, proposal.base_version)}, and "
            f"{_of(active)} ranks now. The next drag makes a new one.",
            state="outdated",
        )
    said = sentences.accepted_note(proposal, note)
    saved = await rulesets.service.save(session, active.name, draft(proposal, active), author=actor, note=said, now=now)
    await rulesets.service.activate(session, saved.row, actor=actor, note=said, now=now)
    _decide(session, proposal, "accepted", actor=actor, note=note, now=now)
    proposal.accepted_version = saved.row.version
    await session.flush()
    return Decision(proposal, saved.row, f"{_of(saved.row)} ranks now. Tasks are ranked again within moments.")


def draft(proposal: RuleProposal, base: StoredRuleset) -> str:
    """The text of a ruleset with the proposal's numbers."""
    edits = [
        Edit(change["rule"], tuple(change["after"]), sentences.remark(change, proposal.id))
        for change in proposal.changes
    ]
    return rewritten(base.text, edits)


async def reject(
    session: AsyncSession, proposal_id: int, *, actor: str = "", note: str = "", now: datetime
) -> Decision:
    """Turn it down: its drags never ask for the same change again. Raises NotFound and Conflict."""
    actor, note = check_words(actor, note)
    proposal, active = await _taken(session, proposal_id)
    learning.service.must_be(proposal, "open", "rejected")
    _decide(session, proposal, "rejected", actor=actor, note=note, now=now)
    await session.flush()
    return Decision(proposal, active, "The rules stay as they are, and these drags never ask for that again.")


async def revert(
    session: AsyncSession, proposal_id: int, *, actor: str = "", note: str = "", now: datetime
) -> Decision:
    """Take an accepted proposal back: the numbers of before rank again.

    Where nothing came after it, by rolling back; else as a new version of what ranks. A number that somebody wrote
    since stays. Raises NotFound, and Conflict where it was not accepted, or another proposal built upon it since.
    """
    actor, note = check_words(actor, note)
    proposal, active = await _taken(session, proposal_id)
    learning.service.must_be(proposal, "accepted", "taken back")
    await _nothing_upon(session, proposal)
    said = sentences.reverted_note(proposal, note)
    if await _is_newest(session, proposal):
        active, _ = await rulesets.service.roll_back(session, actor=actor, note=said, now=now)
        sentence = f"{_of(active)} ranks again. Tasks are ranked again within moments."
    else:
        active, sentence = await _rewritten_back(session, proposal, active, actor=actor, note=said, now=now)
    _decide(session, proposal, "reverted", actor=actor, note=note, now=now)
    await session.flush()
    return Decision(proposal, active, sentence)


def _decide(session: AsyncSession, proposal: RuleProposal, state: str, *, actor: str, note: str, now: datetime) -> None:
    audit.changed(session, f"proposal:{proposal.id}", {"state": proposal.state}, {"state": state})
    learning.service.decide(proposal, state, actor=actor, note=note, now=now)


async def _taken(session: AsyncSession, proposal_id: int) -> tuple[RuleProposal, StoredRuleset | None]:
    """The proposal and the active ruleset, which nobody else changes until the transaction ends."""
    await one_at_a_time(session, LEARNING)
    await one_at_a_time(session, RULESETS)
    proposal = await learning.service.get(session, proposal_id, lock=True)
    await unseen.must_be_shown(session, proposal)
    return proposal, await rulesets.service.active(session)


async def _is_newest(session: AsyncSession, proposal: RuleProposal) -> bool:
    """Whether its version ranks, and before that what it changed did."""
    found = [(row.name, row.version, row.returns_to) for row in await rulesets.service.history(session, limit=2)]
    name = proposal.ruleset
    return found == [(name, proposal.accepted_version, None), (name, proposal.base_version, found[-1][2])]


async def _nothing_upon(session: AsyncSession, proposal: RuleProposal) -> None:
    """Raises Conflict where a later proposal changed one of its rules further."""
    own = {change["rule"] for change in proposal.changes}
    for later in await learning.service.decided(session, proposal.ruleset):
        if later.id <= proposal.id or later.state != "accepted":
            continue
        if shared := sorted(own & {change["rule"] for change in later.changes}):
            raise Conflict(f"Proposal {later.id} changed {shared[0]} further: take that back first.", later=later.id)


async def _rewritten_back(
    session: AsyncSession,
    proposal: RuleProposal,
    active: StoredRuleset | None,
    *,
    actor: str,
    note: str,
    now: datetime,
) -> tuple[StoredRuleset | None, str]:
    """A version of the ruleset with the numbers of before, in each rule that still says what was learned."""
    ranks = active is not None and active.name == proposal.ruleset
    base = active if active is not None and ranks else await rulesets.service.version_of(session, proposal.ruleset)
    numbers = await _numbers(session, base)
    own: list[dict[str, Any]] = [c for c in proposal.changes if numbers.get(c["rule"]) == tuple(c["after"])]
    others = [change["rule"] for change in proposal.changes if change not in own]
    stay = f" Written by somebody since, so left as it is: {', '.join(others)}." if others else ""
    if not own:
        return active, f"Nothing that ranks says what it had changed: the rules stay as they are.{stay}"
    text = rewritten(base.text, [Edit(change["rule"], tuple(change["before"])) for change in own])
    text = text if others else without_notes(text, proposal.id)
    saved = await rulesets.service.save(session, base.name, text, author=actor, note=note, now=now)
    if not ranks:
        return active, f"{_of(saved.row)} was saved; {_of(active)} goes on ranking.{stay}"
    await rulesets.service.activate(session, saved.row, actor=actor, note=note, now=now)
    return saved.row, f"{_of(saved.row)} ranks now, with the numbers of before.{stay}"


async def _numbers(session: AsyncSession, row: StoredRuleset) -> dict[str, Numbers]:
    compiled = await rulesets.service.compiled(session, row)
    return {rule.id: numbers_of(rule, unit_of(compiled)) for rule in compiled.rules}


def _of(row: StoredRuleset | None) -> str:
    return _named(row.name, row.version) if row else "no stored ruleset"


def _named(name: str, version: int) -> str:
    return f"{name} version {version}"
