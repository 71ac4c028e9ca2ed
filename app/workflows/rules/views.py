"""From counted rankings and rules to what the API and the command line show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.domains.ranking import Facts
from app.domains.ranking.explanation import Points
from app.domains.ranking.network import Network
from app.domains.ranking.review.fitness import RuleHealth
from app.domains.ranking.review.movement import BANDS, Caution, Movement, Mover, Passage
from app.domains.rulesets.diff import Change
from app.domains.rulesets.schemas import ChangeOut, RulesetVersion
from app.domains.tasks.schemas import Number
from app.domains.tasks.score.views import score_out
from app.domains.tasks.views import number
from app.workflows.rules.history import History
from app.workflows.rules.schemas import (
    BandsOut,
    CautionOut,
    ChangedRuleOut,
    ContradictionOut,
    CutOut,
    DraftOut,
    FailingOut,
    HistoryOut,
    LateOut,
    MoverOut,
    MoversOut,
    PassageOut,
    PlacedOut,
    RuleHealthOut,
    RulesetPreviewOut,
)
from app.workflows.rules.standings import Comparison, Standings

MOST_ROWS = 200
"""Late tasks that are listed; all of them are counted."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a preview is made of, besides its history."""

    compared: Comparison
    found: Standings
    moved: Movement
    warnings: Sequence[Caution]
    titles: Mapping[int, str]
    """Of the tasks that are shown."""
    facts: Mapping[int, Facts]
    """Of the movers."""
    before: Network
    after: Network
    """The movers, ready to be explained."""


def preview_out(
    parts: Parts, changes: Sequence[Change], past: History | None, *, of: int, seconds: float
) -> RulesetPreviewOut:
    compared, moved = parts.compared, parts.moved
    draft, against = compared.draft, compared.against
    placing = _Placing(parts)
    return RulesetPreviewOut(
        draft=DraftOut(name=draft.name, rules=len(draft.rules)),
        against=RulesetVersion(name=against.name, version=against.version),
        at=compared.now,
        tasks=moved.tasks,
        of=of,
        seconds=seconds,
        moved=moved.moved,
        other_points=moved.other_points,
        by_themselves=moved.by_themselves,
        correlation=moved.correlation,
        bands=BandsOut.model_validate({band: _passage(moved.bands[band]) for band in BANDS}),
        top_before=[placing.of(task) for task in moved.top_before],
        top_after=[placing.of(task) for task in moved.top_after],
        movers=MoversOut(
            up=[placing.explained(mover) for mover in moved.up],
            down=[placing.explained(mover) for mover in moved.down],
        ),
        warnings=[CautionOut(code=each.code, sentence=each.sentence, rule=each.rule) for each in parts.warnings],
        changes=[ChangeOut.model_validate(change, from_attributes=True) for change in changes],
        rules=[_fired(each, parts) for each in written(changes)],
        history=_history(past) if past else None,
    )


def written(changes: Sequence[Change]) -> list[Change]:
    """Those that add or change a rule or an override."""
    return [each for each in changes if each.section in ("rule", "override") and each.what != "removed"]


def _fired(change: Change, parts: Parts) -> ChangedRuleOut:
    fired = parts.found.firing.of(change.id, parts.compared.draft)
    cut = fired.cut and CutOut(
        group=fired.cut.group,
        tasks=fired.cut.tasks,
        points=points(fired.cut.points),
        of=points(fired.cut.of),
        mostly=fired.cut.mostly,
    )
    what: Literal["added", "changed"] = "added" if change.what == "added" else "changed"
    return ChangedRuleOut(rule=change.id, title=change.title, what=what, fires=fired.fires, cut=cut)


class _Placing:
    """Tasks with their places in both rankings."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def of(self, task: int) -> PlacedOut:
        found = self._parts.found
        before, after = found.before[task], found.after[task]
        return PlacedOut(
            task=task,
            title=self._parts.titles.get(task, ""),
            rank_before=self._parts.moved.rank_before[task],
            rank_after=self._parts.moved.rank_after[task],
            points_before=points(before.points),
            points_after=points(after.points),
            band_before=before.band,
            band_after=after.band,
        )

    def explained(self, mover: Mover) -> MoverOut:
        now, facts = self._parts.compared.now, self._parts.facts.get(mover.task)
        before, after = self._parts.before.score(mover.task, now), self._parts.after.score(mover.task, now)
        return MoverOut(
            **self.of(mover.task).model_dump(),
            before=score_out(mover.task, before, now, facts=facts),
            after=score_out(mover.task, after, now, facts=facts),
        )


def points(of: Points) -> Number:
    """As people write them: whole where they are whole."""
    return number(int(of * 1000))


def _passage(passage: Passage) -> PassageOut:
    return PassageOut(
        before=passage.before,
        after=passage.after,
        share_before=passage.share_before,
        share_after=passage.share_after,
        came=passage.came,
        in_=list(passage.first_in),
        left=passage.left,
        out=list(passage.first_out),
    )


def _history(past: History) -> HistoryOut:
    found, rows = past.lateness, past.lateness.tasks[:MOST_ROWS]
    more = (
        [f"Of {len(found.tasks):,} late tasks the first {MOST_ROWS} are listed."]
        if len(rows) < len(found.tasks)
        else []
    )
    return HistoryOut(
        days=past.days,
        since=past.since,
        moments=len(past.grid),
        tasks=past.tasks,
        late=len(found.tasks),
        sentence=found.sentence,
        earlier=found.earlier,
        median_earlier_h=found.median_earlier_h,
        later=found.later,
        median_later_h=found.median_later_h,
        same=found.same,
        gained=found.gained,
        lost=found.lost,
        never=found.never,
        rows=[
            LateOut(
                task=row.task,
                title=past.titles[row.task],
                late_at=row.late_at,
                first_in_top_twenty_before=row.first_before,
                first_in_top_twenty_after=row.first_after,
                earlier_h=row.earlier_h,
            )
            for row in rows
        ],
        notes=[*past.notes, *more],
    )


def health_out(health: RuleHealth) -> RuleHealthOut:
    failing = health.failing
    return RuleHealthOut(
        rule=health.rule,
        title=health.title,
        override=health.override,
        fired=health.fired,
        share=health.share,
        points_total=points(health.points_total),
        points_mean=health.points_mean,
        unknown=health.unknown,
        errors=health.errors,
        failing=FailingOut(tasks=list(failing.first), because=failing.because) if failing else None,
        dead=health.dead,
        overridden=health.overridden,
        contradicts=[
            ContradictionOut(rule=each.rule, title=each.title, tasks=each.tasks, cancelled=each.cancelled)
            for each in health.contradicts
        ],
    )
