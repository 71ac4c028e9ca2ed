"""The preview of a draft and the health of rules as the API speaks of them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.domains.ranking.explanation import BandName
from app.domains.ranking.review.movement import CautionCode
from app.domains.rulesets.schemas import ChangeOut, RulesetVersion
from app.domains.tasks.schemas import Number
from app.domains.tasks.score.schemas import ScoreOut
from app.workflows.rules import examples

Share = Annotated[float, Field(ge=0, le=1)]


class DraftOut(BaseModel):
    """The ruleset that was previewed; nothing of it is kept."""

    name: str = Field(description="What it calls itself.", examples=["own"])
    rules: int = Field(description="How many rules it has.", examples=[38])


class PlacedOut(BaseModel):
    """A task, and where it stands under both rulesets. Ranks count from 1 among the tasks that were looked at."""

    task: int = Field(description="The task's id.", examples=[20])
    title: str = Field(description="What people call the task.", examples=["Invoice CU-40417 is overdue"])
    rank_before: int = Field(description="Its place under the ruleset compared with.", examples=[5])
    rank_after: int = Field(description="Its place under the draft.", examples=[2])
    points_before: Number = Field(description="Its points under the ruleset compared with.", examples=[90])
    points_after: Number = Field(description="Its points under the draft.", examples=[150])
    band_before: BandName = Field(description="Its band under the ruleset compared with.")
    band_after: BandName = Field(description="Its band under the draft.")


class MoverOut(PlacedOut):
    """The same, with both explanations."""

    before: ScoreOut = Field(description="Why it stands where it stands now.")
    after: ScoreOut = Field(description="Why it would stand where it would.")


class MoversOut(BaseModel):
    """Those that rise and those that fall by the most places, at most ten of each."""

    up: list[MoverOut] = Field(description="Those that rise, the farthest first.")
    down: list[MoverOut] = Field(description="Those that fall, the farthest first.")


class PassageOut(BaseModel):
    """One band: how many tasks are in it, and who comes and goes."""

    model_config = ConfigDict(populate_by_name=True)

    before: int = Field(description="How many tasks are in it now.", examples=[12])
    after: int = Field(description="How many would be.", examples=[13])
    share_before: Share = Field(description="Of all tasks that were ranked.", examples=[0.1])
    share_after: Share = Field(description="Of all tasks that were ranked.", examples=[0.11])
    came: int = Field(description="How many come in.")
    in_: list[int] = Field(alias="in", description="The first twenty of them, by their new places.")
    left: int = Field(description="How many leave.")
    out: list[int] = Field(description="The first twenty of them, by their old places.")


class BandsOut(BaseModel):
    """The four bands, from the highest to the lowest."""

    now: PassageOut = Field(description="What to do at once.")
    next: PassageOut = Field(description="What comes after that.")
    later: PassageOut = Field(description="What can wait.")
    someday: PassageOut = Field(description="What is below that.")


class CautionOut(BaseModel):
    """Something that looks like a mistake."""

    code: CautionCode = Field(description="What it is, for programs.")
    sentence: str = Field(description="The same for people.", examples=["Nothing would stand in “next”."])
    rule: str | None = Field(description="The rule it is about, where it is about one.")


class CutOut(BaseModel):
    """What the bound of a group takes from one of its rules, signs aside: so much less is cut without the rule."""

    group: str = Field(description="The id of the group.", examples=["people"])
    tasks: int = Field(description="On how many tasks something of it is cut.", examples=[12])
    points: Number = Field(description="So many of its points, on these tasks together.", examples=[312])
    of: Number = Field(description="So many points it gives to these tasks.", examples=[480])
    mostly: bool = Field(description="It is more than half of all that the rule gives.")


class ChangedRuleOut(BaseModel):
    """A rule or override that is new in the draft or another one there, and how often it fires."""

    rule: str = Field(description="Its id.", examples=["large-sums"])
    title: str = Field(description="Its title, as the draft has it.", examples=["A large sum waits for us"])
    what: Literal["added", "changed"] = Field(description="Against the ruleset that is compared with.")
    fires: int = Field(description="On how many of the tasks that were ranked it has a line under the draft.")
    cut: CutOut | None = Field(description="What its group's bound takes away; null where that is nothing.")


class LateOut(BaseModel):
    """A task that was late, and when it first stood in the first twenty. null: at none of the moments looked at."""

    task: int = Field(description="The task's id.", examples=[20])
    title: str = Field(description="What people call the task.", examples=["Invoice CU-40417 is overdue"])
    late_at: datetime = Field(description="When its deadline passed.", examples=["2026-03-02T09:00:00Z"])
    first_in_top_twenty_before: datetime | None = Field(
        description="Under the ruleset compared with.", examples=["2026-03-01T12:00:00Z"]
    )
    first_in_top_twenty_after: datetime | None = Field(
        description="Under the draft.", examples=["2026-02-28T08:00:00Z"]
    )
    earlier_h: float | None = Field(
        description="Hours; negative: later, 0: at the same moment under both. null where one of the two is."
    )


class HistoryOut(BaseModel):
    """What the last days tell about the draft."""

    days: int = Field(description="How many days were looked at.", examples=[14])
    since: datetime = Field(description="When these days begin.", examples=["2026-02-16T09:00:00Z"])
    moments: int = Field(description="At so many moments the tasks that were open then were ranked.")
    tasks: int = Field(description="So many tasks were ranked against each other.")
    late: int = Field(description="How many were late.")
    sentence: str = Field(
        description="All of it for people.",
        examples=["The eleven tasks that were late would have stood in the top twenty a median of five hours earlier."],
    )
    earlier: int = Field(description="How many would have stood in the top twenty sooner.")
    median_earlier_h: float | None = Field(description="By so many hours, in the median; null where none would.")
    later: int = Field(description="How many would have stood in the top twenty later.")
    median_later_h: float | None = Field(description="By so many hours, in the median; null where none would.")
    same: int = Field(description="How many stood there from the same moment on under both.")
    gained: int = Field(description="How many would have stood in the top twenty and never did.")
    lost: int = Field(description="How many did and would not have.")
    never: int = Field(description="How many stood there under neither.")
    rows: list[LateOut] = Field(description="At most 200; those that would have been seen first come first.")
    notes: list[str] = Field(description="How exact it is, and what was left out.")


class RulesetPreviewOut(BaseModel):
    """What a draft would do to the open queue, compared with a ruleset that is stored. Nothing was saved."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PREVIEW]})

    draft: DraftOut = Field(description="What was previewed.")
    against: RulesetVersion = Field(description="What it is compared with.")
    at: datetime = Field(description="The moment at which both rank.")
    tasks: int = Field(description="How many open tasks were ranked: the first by the stored order.")
    of: int = Field(description="How many are open.")
    seconds: float = Field(description="How long it took.")
    moved: int = Field(description="How many have another place.")
    other_points: int = Field(description="How many have other points, whether they move or not.")
    by_themselves: int = Field(description="The fewest whose moves explain it; the others only make way.")
    correlation: float | None = Field(
        description="Kendall's tau: 1 where all pairs stay in order, -1 where all are turned round; null below two."
    )
    bands: BandsOut = Field(description="Who is in each band, now and then.")
    top_before: list[PlacedOut] = Field(description="The first ten.")
    top_after: list[PlacedOut] = Field(description="The first ten under the draft.")
    movers: MoversOut = Field(description="Who moves, with the reasons.")
    warnings: list[CautionOut] = Field(description="What looks like a mistake.")
    changes: list[ChangeOut] = Field(description="What differs between the two rulesets.")
    rules: list[ChangedRuleOut] = Field(description="How often each added or changed rule and override fires.")
    history: HistoryOut | None = Field(description="null where it was not asked for.")


class FailingOut(BaseModel):
    """Where a rule could not be applied."""

    tasks: list[int] = Field(description="The first five of them.")
    because: str = Field(
        description="Why, at the first of them.", examples=["The rule could not be applied: division by zero"]
    )


class ContradictionOut(BaseModel):
    """A rule that nearly always fires together with this one, and takes away at least half of what it gives."""

    rule: str = Field(description="The other rule's id.", examples=["direct"])
    title: str = Field(description="What people call it.", examples=["Addressed to us"])
    tasks: int = Field(description="On how many tasks both fire, one giving and one taking.", examples=[5])
    cancelled: Share = Field(
        description="How much of the larger of the two sums the smaller takes away there.", examples=[0.77]
    )


class RuleHealthOut(BaseModel):
    """How one rule fares over the tasks that are open."""

    rule: str = Field(description="Its id.", examples=["urgent"])
    title: str = Field(description="What people call it.", examples=["Says urgent"])
    override: bool = Field(description="It is an override.")
    fired: int = Field(description="On how many tasks it has a line in the sum.")
    share: Share = Field(description="The same as a share of all tasks.", examples=[0.04])
    points_total: Number = Field(description="What it gave to all of them together.", examples=[150])
    points_mean: float | None = Field(description="Of the tasks where it fired.")
    unknown: int = Field(description="On how many tasks facts were missing to decide it.")
    errors: int = Field(description="On how many tasks it could not be applied.")
    failing: FailingOut | None = Field(description="Where it could not be applied; null where it could everywhere.")
    dead: bool = Field(description="It fired on no open task, and on none of the last days.")
    overridden: int = Field(description="How often a person ranked a task above one that had this rule in its favour.")
    contradicts: list[ContradictionOut] = Field(
        description="Rules that take away what it gives, or give what it takes away; at most five."
    )


class RulesHealthOut(BaseModel):
    """How the rules of the active ruleset fare."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.HEALTH]})

    ruleset: RulesetVersion = Field(description="The one that ranks.")
    at: datetime = Field(description="The moment at which it is looked at.", examples=["2026-03-02T09:00:00Z"])
    days: int = Field(description="So far back, for rules that are silent now.", examples=[30])
    tasks: int = Field(description="How many open tasks were looked at: the first in rank order.")
    of: int = Field(description="How many are open.")
    rules: list[RuleHealthOut] = Field(description="Every rule, then every override, in the ruleset's order.")
    notes: list[str] = Field(description="What was left out.")
