"""What is said of drags and proposals, in short plain sentences. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domains.learning.models import RankPair, RuleProposal
from app.domains.learning.rewriting import as_number
from app.domains.ranking.learning.pulls import NEEDED_DAYS, NEEDED_DRAGS, Support

_STAYS = "The queue stays as it is."


def counted(count: int, noun: str) -> str:
    """«1 drag», «2 drags»."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def noted(pair: RankPair, support: Support, proposal: int | None, changed: int) -> str:
    """What a drag did, and what is still missing."""
    if proposal is not None:
        what = f"a change of {counted(changed, 'rule')}"
        return f"Noted. Proposal {proposal}, {what}, waits for your decision. {_STAYS}"
    return f"Noted. {_missing(pair, support)} {_STAYS}"


def noted_only() -> str:
    """For whoever may not see what the drags together ask for."""
    return f"Noted. {_STAYS}"


def _missing(pair: RankPair, support: Support) -> str:
    if not pair.comparable:
        return "One of the two is pinned or held, and no points change that: nothing is learned from it."
    if pair.agreed:
        return f"The rules already put task {pair.above_id} above task {pair.below_id}."
    if not support.drags:
        return "No rule that may be learned tells the two apart in this direction: nothing is learned from it."
    drags, days = NEEDED_DRAGS - len(support.drags), NEEDED_DAYS - support.days
    if drags <= 0 and days <= 0:
        return "The drags so far contradict each other, or ask for more than rules may change: nothing is proposed."
    more = f"{max(drags, 1)} more such drag{'s' if drags > 1 else ''}"
    if days > 0:
        more += ", at least one of them on another day," if drags > 1 else " on another day"
    return f"{more} and a change of the rules is proposed."


def of_proposal(proposal: RuleProposal) -> str:
    """What it would do."""
    verb = "changes" if len(proposal.changes) == 1 else "change"
    now = f"{proposal.agreed_after} of {counted(proposal.drags, 'drag')} then stand as wished"
    return f"{counted(len(proposal.changes), 'rule')} {verb}: {now}, instead of {proposal.agreed_before}."


def of_change(change: Mapping[str, Any]) -> str:
    """What becomes of one rule, and who asks for it."""
    asked = f"as {counted(len(change['evidence']), 'drag')} {'asks' if len(change['evidence']) == 1 else 'ask'}"
    against = f", {len(change['against'])} against" if change["against"] else ""
    return f"{change['title']}: {moved(change)}, {asked}{against}."


def moved(change: Mapping[str, Any]) -> str:
    """«12 → 14 points»; of a curve its highest point."""
    before, after = (as_number(max(change[side])) for side in ("before", "after"))
    most = "at most " if change["field"] == "curve.points" else ""
    return f"{most}{before} → {after} points"


def remark(change: Mapping[str, Any], proposal: int) -> str:
    """The comment beside a learned number."""
    more = as_number(max(change["after"]) - max(change["before"]))
    return f"learned: {more:+} from {counted(len(change['evidence']), 'drag')} (proposal {proposal})"


def accepted_note(proposal: RuleProposal, note: str) -> str:
    """The note of the version that an accepted proposal becomes."""
    changes: Sequence[Mapping[str, Any]] = proposal.changes
    what = "; ".join(f"{change['rule']} {moved(change)}" for change in changes)
    return _with(f"Learned, proposal {proposal.id}: {what}", note)


def reverted_note(proposal: RuleProposal, note: str) -> str:
    """The note of the version that takes a proposal back."""
    return _with(f"Proposal {proposal.id} taken back", note)


def _with(said: str, note: str) -> str:
    return f"{said}. {note}"[:2_000] if note else said
