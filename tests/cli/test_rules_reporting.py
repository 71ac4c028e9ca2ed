"""Words of the reports on rules: what makes a difference, what is late, what takes away what."""

from datetime import UTC, datetime

import pytest

from app.cli.rules.faring import remarks
from app.cli.rules.firing import silent_or_cut
from app.cli.rules.reporting import difference, listed, telling
from app.domains.rulesets.schemas import ChangeOut
from app.domains.tasks.score.schemas import ContributionOut, RulesetRef, ScoreOut
from app.workflows.rules.schemas import ChangedRuleOut, ContradictionOut, CutOut, LateOut, RuleHealthOut

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def score(*lines: tuple[str, int, str]) -> ScoreOut:
    total = sum(points for _, points, _ in lines)
    return ScoreOut(
        task=1,
        at=AT,
        ruleset=RulesetRef(name="mine", version=1),
        tier="normal",
        score=total,
        points=total,
        band="later",
        valid_until=None,
        reasons=[],
        contributions=[
            ContributionOut(
                rule=rule, title=rule.title(), points=points, because=because, fact=None, quote=None, item=None
            )
            for rule, points, because in lines
        ],
        also_checked=[],
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([("answer", 5, "Waiting")], [], ["-5  no longer: Waiting"]),
        ([], [("answer", 5, "Waiting")], ["+5  Waiting"]),
        ([("answer", 25, "Waiting")], [("answer", 3, "Waiting")], ["-22  Waiting: was +25, now +3"]),
        (
            [("answer", 25, "Breached")],
            [("answer", 3, "On its way")],
            ["-22  Answer: was +25 (Breached), now +3 (On its way)"],
        ),
        (
            [("answer", 3, "Breached")],
            [("answer", 3, "On its way")],
            ["It keeps its points: others pass it.", " 0  Answer: was +3 (Breached), now +3 (On its way)"],
        ),
        ([("answer", 3, "Waiting")], [("answer", 3, "Waiting")], ["It keeps its points: others pass it."]),
    ],
)
def test_a_line_that_changed_is_told_as_it_was_and_as_it_is(
    before: list[tuple[str, int, str]], after: list[tuple[str, int, str]], said: list[str]
) -> None:
    assert list(difference(score(*before), score(*after))) == said


def change(section: str, id_: str) -> ChangeOut:
    return ChangeOut(what="changed", section=section, id=id_, title=id_, fields=[])


def test_what_a_ruleset_says_of_itself_is_told_only_where_nothing_else_changed() -> None:
    itself = [change("setting", "name"), change("setting", "description")]
    rule = change("rule", "urgent")

    assert telling([*itself, rule]) == [rule]
    assert telling([change("setting", "inherit"), *itself]) == [change("setting", "inherit")]
    assert telling(itself) == itself


@pytest.mark.parametrize(("late", "shown"), [(0, 0), (10, 10), (11, 11), (12, 10), (200, 10)])
def test_late_tasks_are_all_listed_or_the_first_ten(late: int, shown: int) -> None:
    row = LateOut(
        task=1,
        title="Rent",
        late_at=AT,
        first_in_top_twenty_before=None,
        first_in_top_twenty_after=None,
        earlier_h=None,
    )

    assert len(listed([row] * late)) == shown


def fired(rule: str, fires: int, cut: CutOut | None = None) -> ChangedRuleOut:
    return ChangedRuleOut(rule=rule, title=rule.title(), what="added", fires=fires, cut=cut)


def test_rules_that_fire_on_no_task_are_warned_of() -> None:
    assert list(silent_or_cut([fired("sums", 3)], 132)) == []
    assert list(silent_or_cut([fired("sums", 0)], 132)) == ["sums fires on none of 132 open tasks."]
    assert list(silent_or_cut([fired(name, 0) for name in "abcdefgh"], 132)) == [
        "a, b, c, d, e and 3 others fire on none of 132 open tasks."
    ]
    assert list(silent_or_cut([fired("sums", 0)], 0)) == []


def test_a_rule_most_of_which_is_cut_is_warned_of() -> None:
    cut = CutOut(group="people", tasks=12, points=312, of=480, mostly=True)

    assert list(silent_or_cut([fired("sums", 12, cut)], 132)) == [
        "sums adds little: the bound of the group people cuts 312 of its 480 points on 12 tasks."
    ]
    assert list(silent_or_cut([fired("sums", 12, cut.model_copy(update={"mostly": False}))], 132)) == []


def test_what_cancels_out_is_told_with_what_it_is_a_share_of() -> None:
    direct = ContradictionOut(rule="direct", title="Direct", tasks=5, cancelled=0.77)
    health = RuleHealthOut(
        rule="their-turn",
        title="Their turn",
        override=False,
        fired=6,
        share=0.04,
        points_total=-39,
        points_mean=-7.8,
        unknown=0,
        errors=0,
        failing=None,
        dead=False,
        overridden=0,
        contradicts=[direct],
    )

    assert remarks(health) == ["on 5 of its 6 tasks direct does the opposite: 77% of the larger of the two cancels out"]
