"""Drags and proposals as the API speaks of them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.domains.rulesets.schemas import Author, Note, RulesetVersion

State = Literal["open", "accepted", "rejected", "reverted", "outdated"]
Id = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
Number = int | float


class RankAboveIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    other: Id = Field(description="The task that should stand below.", examples=[12])


class PairOut(BaseModel):
    """What was noted of a drag."""

    id: int
    above: int
    below: int
    at: datetime
    agreed: bool = Field(description="The order was the wished one already.")


class NeededOut(BaseModel):
    """What a change takes."""

    pairs: int = Field(examples=[3])
    days: int = Field(examples=[2])


class EvidenceOut(BaseModel):
    """How far the wish of a drag has come: of the changes it asks for, the one that most drags ask for."""

    pairs: int = Field(description="Drags that ask for it; one pair of tasks counts once a day.", examples=[2])
    days: int = Field(description="On how many days, in UTC.", examples=[1])
    needed: NeededOut


class ProposalRef(BaseModel):
    id: int = Field(examples=[7])


class Ranked(BaseModel):
    """A drag was noted. The order of the queue is what it was."""

    pair: PairOut
    sentence: str = Field(
        examples=[
            "Noted. 2 more such drags, at least one of them on another day, and a change of the rules is proposed. "
            "The queue stays as it is."
        ]
    )
    evidence: EvidenceOut
    proposal: ProposalRef | None = Field(description="The change of the rules that is open now, if any.")


class DecideIn(BaseModel):
    """Why, and who says so. All of it may be left out."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"note": "As we agreed"}]})

    note: Note = ""
    author: Author = ""


class RuleChangeOut(BaseModel):
    """Other numbers for one rule."""

    rule: str = Field(examples=["important-sender"])
    title: str = Field(examples=["An important sender"])
    field: Literal["points", "curve.points"] = Field(description="Its fixed points, or those of its curve's corners.")
    before: list[Number] = Field(description="One number, or one for each corner.", examples=[[12]])
    after: list[Number] = Field(examples=[[14]])
    sentence: str = Field(examples=["An important sender: 12 → 14 points, as 4 drags of 2 days ask."])


class CountedChangeOut(RuleChangeOut):
    """The same, with how many drags bear on it."""

    evidence: int = Field(description="Drags that ask for it.")
    against: int = Field(description="Drags that speak against it.")


class TaskRef(BaseModel):
    id: int
    title: str


class DragOut(BaseModel):
    """Somebody ranked one task above another."""

    id: int
    at: datetime
    actor: str
    above: TaskRef
    below: TaskRef


class EvidencedChangeOut(RuleChangeOut):
    """The same, with the drags that bear on it."""

    evidence: list[DragOut] = Field(description="Drags that ask for it, as far as they are remembered.")
    against: list[DragOut] = Field(description="Drags that speak against it.")
    forgotten: int = Field(description="Drags among them that are no longer kept: after 90 days, or with their tasks.")


class _Proposal(BaseModel):
    id: int
    ruleset: RulesetVersion = Field(description="The version that it would change.")
    state: State = Field(description="`outdated`: newer drags, or other rules, took its place.")
    sentence: str = Field(examples=["2 rules change: 7 of 9 drags are then as wished, instead of 3."])
    drags: int = Field(description="How many drags were looked at.")
    agreed_before: int = Field(description="Of how many the order is right under the present rules.")
    agreed_after: int = Field(description="Of how many it would be right.")
    created_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    note: str = Field(description="Of whoever decided; may be empty.")
    accepted_version: int | None = Field(description="The version that was made of it.")


class ProposalItem(_Proposal):
    """A proposal in a list."""

    changes: list[CountedChangeOut]


class ProposalPage(BaseModel):
    items: list[ProposalItem]
    next_cursor: str | None
    has_more: bool


class EvidencedProposal(_Proposal):
    """A proposal with its evidence."""

    changes: list[EvidencedChangeOut]


class Decided(BaseModel):
    """What became of a proposal."""

    proposal: ProposalItem
    ruleset: RulesetVersion | None = Field(description="What ranks now; null before anything was activated.")
    sentence: str = Field(examples=["default version 4 ranks now. Tasks are ranked again within moments."])
