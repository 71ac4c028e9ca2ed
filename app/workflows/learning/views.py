"""Proposals as answers and the command line show them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.domains import learning, rulesets
from app.domains.learning import examples
from app.domains.learning.models import RankPair, RuleProposal
from app.domains.learning.schemas import (
    CountedChangeOut,
    Decided,
    DragOut,
    EvidencedChangeOut,
    EvidencedProposal,
    ProposalItem,
    TaskRef,
)
from app.domains.rulesets.models import StoredRuleset
from app.domains.rulesets.schemas import RulesetVersion
from app.domains.tasks.models import Task
from app.domains.tasks.views import number
from app.workflows.learning import deciding, sentences
from app.workflows.rules import previewing
from app.workflows.rules.schemas import PlacedOut

PREVIEWED = 2_000
"""Open tasks that a proposal's preview ranks."""


class MovementOut(BaseModel):
    """What the proposal would move. `POST /rulesets/preview` tells more."""

    tasks: int = Field(description="How many open tasks were ranked: the first by the stored order.")
    of: int = Field(description="How many are open.")
    moved: int = Field(description="How many have another place.")
    by_themselves: int = Field(description="The fewest whose moves explain it; the others only make way.")
    top_before: list[PlacedOut] = Field(description="The first ten.")
    top_after: list[PlacedOut] = Field(description="The first ten then.")


class ProposalOut(EvidencedProposal):
    """A proposal with its evidence, and what it would move."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PROPOSAL]})

    preview: MovementOut | None = Field(description="Null for one that is not open.")
    text: str | None = Field(description="The ruleset as it would be, in TOML; null for one that is not open.")


def active_of(row: StoredRuleset | None) -> tuple[str, int] | None:
    """Name and version of what ranks."""
    return (row.name, row.version) if row else None


def item_out(proposal: RuleProposal, active: tuple[str, int] | None) -> ProposalItem:
    changes = [
        CountedChangeOut(**_change(each), evidence=len(each["evidence"]), against=len(each["against"]))
        for each in proposal.changes
    ]
    return ProposalItem(**_fields(proposal, active), changes=changes)


def decided_out(decision: deciding.Decision) -> Decided:
    active = decision.active
    return Decided(
        proposal=item_out(decision.proposal, active_of(active)),
        ruleset=RulesetVersion(name=active.name, version=active.version) if active else None,
        sentence=decision.sentence,
    )


async def proposal_out(session: AsyncSession, proposal: RuleProposal, now: datetime) -> ProposalOut:
    """With every drag that bears on it, and what it would move where it is open."""
    active = await rulesets.service.active(session)
    drags = await _drags(session, proposal)
    fields = _fields(proposal, active_of(active))
    preview, text = None, None
    if active is not None and fields["state"] == "open":
        text = deciding.draft(proposal, active)
        preview = await _movement(session, text, now)
    changes = [_evidenced(each, drags) for each in proposal.changes]
    return ProposalOut(**fields, changes=changes, preview=preview, text=text)


async def _movement(session: AsyncSession, text: str, now: datetime) -> MovementOut:
    draft, against = await previewing.draft_side(session, text), await previewing.stored_side(session)
    found = await previewing.preview(session, draft, against, limit=PREVIEWED, now=now)
    return MovementOut(**{name: getattr(found, name) for name in MovementOut.model_fields})


def _fields(proposal: RuleProposal, active: tuple[str, int] | None) -> dict[str, Any]:
    names = ("id", "drags", "agreed_before", "agreed_after", "created_at", "decided_at", "decided_by", "note")
    return {name: getattr(proposal, name) for name in names} | {
        "ruleset": RulesetVersion(name=proposal.ruleset, version=proposal.base_version),
        "state": learning.service.state_of(proposal, active),
        "sentence": sentences.of_proposal(proposal),
        "accepted_version": proposal.accepted_version,
    }


def _change(change: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: change[name] for name in ("rule", "title", "field")},
        **{side: [number(milli) for milli in change[side]] for side in ("before", "after")},
        "sentence": sentences.of_change(change),
    }


def _evidenced(change: Mapping[str, Any], drags: Mapping[int, DragOut]) -> EvidencedChangeOut:
    sides = {side: [drags[each] for each in change[side] if each in drags] for side in ("evidence", "against")}
    forgotten = sum(each not in drags for side in sides for each in change[side])
    return EvidencedChangeOut(**_change(change), **sides, forgotten=forgotten)


async def _drags(session: AsyncSession, proposal: RuleProposal) -> dict[int, DragOut]:
    ids = sorted({each for change in proposal.changes for side in ("evidence", "against") for each in change[side]})
    pairs: dict[int, RankPair] = {}
    for some in chunks(ids):
        pairs |= await learning.service.pairs_by_id(session, some)
    titles = await _titles(
        session, sorted({task for pair in pairs.values() for task in (pair.above_id, pair.below_id)})
    )
    return {pair.id: _drag(pair, titles) for pair in pairs.values()}


async def _titles(session: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in chunks(ids):
        query = select(Task.id, Task.title).where(Task.id.in_(some))
        found |= {row.id: row.title for row in await session.execute(query)}
    return found


def _drag(pair: RankPair, titles: Mapping[int, str]) -> DragOut:
    above, below = (TaskRef(id=task, title=titles.get(task, "")) for task in (pair.above_id, pair.below_id))
    return DragOut(id=pair.id, at=pair.at, actor=pair.actor, above=above, below=below)
