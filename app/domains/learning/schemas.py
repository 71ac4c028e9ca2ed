"""Drags and proposals as the API speaks of them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.core.page_schema import Page
from app.domains.learning import examples
from app.domains.rulesets.schemas import Author, Note, RulesetVersion

State = Literal["open", "accepted", "rejected", "reverted", "outdated"]
Id = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
Number = int | float


class RankAboveIn(BaseModel):
    """The task that should stand below."""

    model_config = ConfigDict(extra="forbid")

    other: Id = Field(description="The task that should stand below.", examples=[12])


class PairOut(BaseModel):
    """What was noted of a drag."""

    id: int = Field(description="Its number.", examples=[1])
    above: int = Field(description="The task that should stand above.", examples=[7])
    below: int = Field(description="The task that should stand below.", examples=[12])
    at: datetime = Field(description="When it was said.", examples=["2026-03-02T09:00:00Z"])
    agreed: bool = Field(description="The order was the wished one already.")


class NeededOut(BaseModel):
    """What a change takes."""

    pairs: int = Field(description="So many drags at least …", examples=[3])
    days: int = Field(description="… on so many days at least.", examples=[2])


class EvidenceOut(BaseModel):
    """How far the wish of a drag has come: of the changes it asks for, the one that most drags ask for."""

    pairs: int = Field(description="Drags that ask for it; one pair of tasks counts once a day.", examples=[2])
    days: int = Field(description="On how many days, in UTC.", examples=[1])
    needed: NeededOut = Field(description="What it takes for a proposal.")


class ProposalRef(BaseModel):
    """A proposal."""

    id: int = Field(description="Its number.", examples=[7])


class Ranked(BaseModel):
    """A drag was noted. The order of the queue is what it was."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RANKED]})

    pair: PairOut = Field(description="What was noted.")
    sentence: str = Field(
        description="What comes of it, for people.",
        examples=[
            "Noted. 2 more such drags, at least one of them on another day, and a change of the rules is proposed. "
            "The queue stays as it is."
        ],
    )
    evidence: EvidenceOut = Field(description="How far the wish has come.")
    proposal: ProposalRef | None = Field(description="The change of the rules that is open now, if any.")


class DecideIn(BaseModel):
    """Why, and who says so. All of it may be left out."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"note": "As we agreed"}]})

    note: Note = Field("", description="Why; kept with the proposal and with the version.", examples=["As we agreed"])
    author: Author = Field("", description="Who you are; `person` where nobody is named.", examples=["ana"])


class RuleChangeOut(BaseModel):
    """Other numbers for one rule."""

    rule: str = Field(description="The rule's id.", examples=["important-sender"])
    title: str = Field(description="What people call the rule.", examples=["An important sender"])
    field: Literal["points", "curve.points"] = Field(description="Its fixed points, or those of its curve's corners.")
    before: list[Number] = Field(description="One number, or one for each corner.", examples=[[12]])
    after: list[Number] = Field(description="The numbers that are proposed, in the same order.", examples=[[14]])
    sentence: str = Field(
        description="The change for people.",
        examples=["An important sender: 12 → 14 points, as 4 drags of 2 days ask."],
    )


class CountedChangeOut(RuleChangeOut):
    """The same, with how many drags bear on it."""

    evidence: int = Field(description="Drags that ask for it.")
    against: int = Field(description="Drags that speak against it.")


class TaskRef(BaseModel):
    """A task."""

    id: int = Field(description="The task's id.", examples=[7])
    title: str = Field(description="What people call the task.", examples=["Offer for customer 1"])


class DragOut(BaseModel):
    """Somebody ranked one task above another."""

    id: int = Field(description="Its number.", examples=[1])
    at: datetime = Field(description="When it was said.", examples=["2026-03-02T09:00:00Z"])
    actor: str = Field(description="Who said it.", examples=["ana"])
    above: TaskRef = Field(description="The task that should stand above.")
    below: TaskRef = Field(description="The task that should stand below.")


class EvidencedChangeOut(RuleChangeOut):
    """The same, with the drags that bear on it."""

    evidence: list[DragOut] = Field(description="Drags that ask for it, as far as they are remembered.")
    against: list[DragOut] = Field(description="Drags that speak against it.")
    forgotten: int = Field(description="Drags among them that are no longer kept: after 90 days, or with their tasks.")


class _Proposal(BaseModel):
    """What every proposal tells."""

    id: int = Field(description="Its number.", examples=[7])
    ruleset: RulesetVersion = Field(description="The version that it would change.")
    state: State = Field(description="`outdated`: newer drags, or other rules, took its place.")
    sentence: str = Field(
        description="All of it for people.", examples=["2 rules change: 7 of 9 drags are then as wished, instead of 3."]
    )
    drags: int = Field(description="How many drags were looked at.")
    agreed_before: int = Field(description="Of how many the order is right under the present rules.")
    agreed_after: int = Field(description="Of how many it would be right.")
    created_at: datetime = Field(description="When it was made.", examples=["2026-03-03T09:12:00Z"])
    decided_at: datetime | None = Field(
        description="When somebody decided; null before.", examples=["2026-03-03T10:00:00Z"]
    )
    decided_by: str | None = Field(description="Who decided; null before.", examples=["ana"])
    note: str = Field(description="Of whoever decided; may be empty.")
    accepted_version: int | None = Field(description="The version that was made of it.")


class ProposalItem(_Proposal):
    """A proposal in a list."""

    changes: list[CountedChangeOut] = Field(description="What it changes, at most five rules.")


class ProposalPage(Page):
    """A page of proposals."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PROPOSALS]})

    items: list[ProposalItem] = Field(description="The newest first.")


class EvidencedProposal(_Proposal):
    """A proposal with its evidence."""

    changes: list[EvidencedChangeOut] = Field(description="What it changes, each with the drags that bear on it.")


class Decided(BaseModel):
    """What became of a proposal."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DECIDED]})

    proposal: ProposalItem = Field(description="As it is now.")
    ruleset: RulesetVersion | None = Field(description="What ranks now; null before anything was activated.")
    sentence: str = Field(
        description="What came of it, for people.",
        examples=["default version 4 ranks now. Tasks are ranked again within moments."],
    )
