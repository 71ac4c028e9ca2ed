"""A preview agrees with what applying the draft does, and history with what happened; nothing is written."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.domains import rulesets
from app.domains.learning.models import RankPair
from app.domains.ranking.ruleset import shipped, shipped_text
from app.domains.tasks.models import Task
from app.records import Work
from app.workflows import rescoring
from app.workflows.rules import health, history, previewing
from app.workflows.rules.schemas import RulesetPreviewOut, RulesHealthOut
from app.workflows.seeding import seed
from tests.conftest import START
from tests.domains.rulesets.texts import rule, text
from tests.workflows.given import row, take
from tests.workflows.mailbox import ANNA, BEN, mail
from tests.workflows.pipeline import Pipeline

HOUR = timedelta(hours=1)
RENT = rule("rent", 40).replace("turn == 'ours'", "'rent' in labels")


async def preview(pipeline: Pipeline, draft: str, days: int = 0, remembered: int = 90) -> RulesetPreviewOut:
    async with pipeline.database.reading() as session:
        sides = await previewing.draft_side(session, draft), await previewing.stored_side(session)
        reach = history.Reach(days, timedelta(days=remembered)) if days else None
        return await previewing.preview(session, *sides, reach=reach, now=pipeline.clock())


async def apply(pipeline: Pipeline, draft: str, name: str) -> None:
    """Activate it, and rank everything by it."""
    async with pipeline.database.writing() as session:
        saved = await rulesets.service.save(session, name, draft, now=pipeline.clock())
        await rulesets.service.activate(session, saved.row, actor="ana", now=pipeline.clock())
    async with pipeline.database.reading() as session:
        policy = await pipeline.work.judge.policy(session)
    while (await rescoring.do_what_is_due(pipeline.database, policy, now=pipeline.clock())).total:
        pass


async def rules_health(pipeline: Pipeline, days: int = 30) -> RulesHealthOut:
    async with pipeline.database.reading() as session:
        policy = await pipeline.work.judge.policy(session)
        return await health.health(session, policy.ruleset, days=days, now=pipeline.clock())


async def queue(pipeline: Pipeline) -> list[tuple[int, float, str]]:
    """The open tasks in rank order, with points and band."""
    tasks = [task for task in await pipeline.tasks() if task.status == "open"]
    tasks.sort(key=lambda task: (task.rank_tier, task.rank_points, task.rank_due, task.opened_at, task.id))
    return [(task.id, task.points_milli / 1000, task.band) for task in tasks]


async def filled(pipeline: Pipeline) -> None:
    """Mail and rows that differ, two of them waiting for others."""
    await seed(pipeline.database, now=START)
    await pipeline.take(
        mail("It is urgent: could you please sign it by 6 March?", subject="The contract"),
        mail("When shall we meet?", id="lunch@x.example", subject="Lunch", sender=BEN),
        mail("The server is down, can you help?", id="down@x.example", subject="Down", sender=ANNA),
    )
    await take(
        pipeline,
        row("a", "Foundation", work=Work(priority="high")),
        row("b", "Walls", work=Work(depends_on=("notion:a",), due_at=START + 20 * HOUR)),
        row("c", "Roof", work=Work(depends_on=("notion:b",), priority="urgent", due_at=START + 30 * HOUR)),
        kind="notion",
    )


@pytest.mark.parametrize("name", ["taskwarrior", "eisenhower", "mine"])
async def test_it_tells_what_applying_the_draft_then_does(pipeline: Pipeline, name: str) -> None:
    await filled(pipeline)
    draft = text("mine", more=rule("ours", 41)) if name == "mine" else f"{shipped_text(name)}\n# as I like it\n"
    before = await queue(pipeline)

    told = await preview(pipeline, draft)
    await apply(pipeline, draft, name)

    assert [(each.task, each.points_before, each.band_before) for each in told.top_before] == before
    assert [(each.task, each.points_after, each.band_after) for each in told.top_after] == await queue(pipeline)
    for mover in (*told.movers.up, *told.movers.down):
        assert mover.after.points == mover.points_after
        assert mover.before.points == mover.points_before


async def test_back_from_a_ruleset_with_inheritance_it_is_exact_too(pipeline: Pipeline) -> None:
    await filled(pipeline)
    await apply(pipeline, f"{shipped_text('taskwarrior')}\n# mine\n", "taskwarrior")
    before = await queue(pipeline)

    told = await preview(pipeline, text("mine"))

    assert [(each.task, each.points_before, each.band_before) for each in told.top_before] == before


async def test_a_stored_score_is_used_where_it_holds_and_changes_no_answer(pipeline: Pipeline) -> None:
    await filled(pipeline)
    draft = text("mine", more=rule("ours", 41))
    kept = await preview(pipeline, draft)

    async with pipeline.database.writing() as session:
        await session.execute(update(Task).values(scored_with="", points_milli=Task.points_milli + 7000))
    counted = await preview(pipeline, draft)

    assert counted.model_dump(exclude={"seconds"}) == kept.model_dump(exclude={"seconds"})


async def test_a_stored_score_that_time_has_overtaken_is_counted_anew(pipeline: Pipeline) -> None:
    await filled(pipeline)
    early = await preview(pipeline, text("mine"))
    pipeline.clock.advance(days=3)

    late = await preview(pipeline, text("mine"))
    await pipeline.due()

    assert late.top_before != early.top_before
    assert [(each.task, each.points_before) for each in late.top_before] == [
        (task, points) for task, points, _ in await queue(pipeline)
    ]


async def test_nothing_is_written(pipeline: Pipeline) -> None:
    await filled(pipeline)
    before = await pipeline.dump()

    await preview(pipeline, f"{shipped_text('taskwarrior')}\n# mine\n", days=30)
    await rules_health(pipeline)

    assert await pipeline.dump() == before


async def late_rent(pipeline: Pipeline, fillers: int = 20) -> int:
    """Twenty tasks that «mine» puts above the rent, which is due after two days, known for one, and paid a day late."""
    await seed(pipeline.database, now=START)
    await apply(pipeline, text("mine", points=50, more=_PRIORITY), "mine")
    await take(pipeline, *(row(f"f{each}", f"Filler {each}", work=Work(priority="high")) for each in range(fillers)))
    await take(pipeline, row("rent", "The rent", work=Work(due_at=START + 48 * HOUR)), kind="notion")
    rent = (await pipeline.tasks())[-1].id
    pipeline.clock.advance(days=1)
    await pipeline.edit(rent, labels=["rent"])
    pipeline.clock.advance(hours=30)
    await pipeline.edit(rent, priority="urgent")
    pipeline.clock.advance(hours=18)
    await pipeline.complete(rent)
    pipeline.clock.advance(days=1)
    return rent


_PRIORITY = rule("high", 20).replace("turn == 'ours'", "priority == 'high'") + rule("top", 60).replace(
    "turn == 'ours'", "priority == 'urgent'"
)


async def test_history_tells_how_much_sooner_a_late_task_would_have_been_seen(pipeline: Pipeline) -> None:
    rent = await late_rent(pipeline)

    past = (await preview(pipeline, text("mine", points=50, more=_PRIORITY + RENT), days=5)).history

    assert past is not None
    assert (past.late, past.tasks, past.gained, past.lost, past.never) == (1, 21, 0, 0, 0)
    (found,) = past.rows
    assert (found.task, found.title, found.late_at) == (rent, "The rent", START + 48 * HOUR)
    # It got its label after a day, and its priority 30 hours later; the grid has a moment every half hour.
    assert found.first_in_top_twenty_after == START + 24 * HOUR
    assert found.first_in_top_twenty_before == START + 54 * HOUR
    assert past.median_earlier_h == 30
    assert past.sentence == "The task that was late would have stood in the top twenty 30 hours earlier."


async def test_history_knows_nothing_of_what_was_late_before_or_done_in_time(pipeline: Pipeline) -> None:
    await late_rent(pipeline)
    pipeline.clock.advance(days=10)
    in_time = row("tax", "The tax", work=Work(due_at=pipeline.clock() + 5 * HOUR))
    await take(pipeline, in_time, kind="notion")
    await pipeline.complete((await pipeline.tasks())[-1].id)
    pipeline.clock.advance(days=1)

    past = (await preview(pipeline, text("mine"), days=7)).history

    assert past is not None
    assert (past.late, past.rows, past.sentence) == (0, [], "No task was late in this time.")


async def test_what_is_still_overdue_is_late_however_long_ago_it_was_due(pipeline: Pipeline) -> None:
    await seed(pipeline.database, now=START)
    await take(pipeline, row("rent", "The rent", work=Work(due_at=START + 48 * HOUR)), kind="notion")
    pipeline.clock.advance(days=40)

    past = (await preview(pipeline, text("mine"), days=7)).history

    assert past is not None
    assert (past.late, past.same, past.median_earlier_h) == (1, 1, None)
    assert past.sentence == (
        "The task that was late stood in the top twenty from the same time on under both rulesets."
    )


async def test_what_a_bound_left_out_is_told(on_sqlite: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_CANDIDATES", 5)
    rent = await late_rent(on_sqlite)

    past = (await preview(on_sqlite, text("mine"), days=5)).history

    assert past is not None
    assert (past.tasks, [each.task for each in past.rows]) == (5, [rent])
    assert [note.split(":")[0] for note in past.notes] == [
        "Looked at 241 moments, one every 30 minutes",
        "At 241 of them twenty tasks or fewer were open",
        "Only 5 tasks were ranked",
    ]


async def test_that_more_is_asked_for_than_is_remembered_is_told(on_sqlite: Pipeline) -> None:
    await late_rent(on_sqlite)

    past = (await preview(on_sqlite, text("mine"), days=5, remembered=3)).history

    assert past is not None
    assert past.notes[-1].startswith("What was known of tasks more than 3 days ago is forgotten")


async def test_that_history_leaves_out_what_waiting_tasks_give_is_told(on_sqlite: Pipeline) -> None:
    await filled(on_sqlite)
    on_sqlite.clock.advance(days=3)

    past = (await preview(on_sqlite, f"{shipped_text('taskwarrior')}\n# mine\n", days=5)).history

    assert past is not None
    assert past.notes[-1].startswith("Points that a task gets because others wait for it are not counted for days past")


async def test_a_rule_is_dead_that_fired_on_nothing_that_was_known_of_late(pipeline: Pipeline) -> None:
    rent = await late_rent(pipeline)
    await apply(pipeline, text("mine", points=51, more=_PRIORITY + RENT), "mine")
    await pipeline.edit(rent, labels=[])

    rules = {each.rule: each for each in (await rules_health(pipeline)).rules}
    pipeline.clock.advance(days=20)
    later = {each.rule: each for each in (await rules_health(pipeline, days=7)).rules}

    assert (rules["high"].fired, rules["high"].share) == (20, 1.0)
    assert {name: each.dead for name, each in rules.items()} == {
        "urgent": True,
        "high": False,
        "top": False,
        "rent": False,
    }
    assert later["rent"].dead


async def test_what_people_ranked_against_is_told_of_its_rule(pipeline: Pipeline) -> None:
    await filled(pipeline)
    above, below, *_ = [task.id for task in await pipeline.tasks()]
    async with pipeline.database.writing() as session:
        session.add(
            RankPair(
                above_id=above,
                below_id=below,
                at=pipeline.clock(),
                actor="ana",
                ruleset="default",
                version=1,
                above_lines={"asks": 12_000},
                below_lines={"asks": 12_000, "urgent": 30_000},
                agreed=False,
                comparable=True,
            )
        )

    overridden = {each.rule: each.overridden for each in (await rules_health(pipeline)).rules if each.overridden}

    assert overridden == {"urgent": 1}


async def test_health_counts_tasks_that_others_wait_for_with_what_these_give(pipeline: Pipeline) -> None:
    await filled(pipeline)
    await apply(pipeline, f"{shipped_text('taskwarrior')}\n# mine\n", "taskwarrior")

    found = await rules_health(pipeline)

    assert (found.tasks, found.of, found.notes) == (6, 6, [])
    assert len(found.rules) == len(shipped("taskwarrior").rules) + len(shipped("taskwarrior").overrides)
    blocking = next(each for each in found.rules if each.rule == "blocking")
    assert blocking.fired == 2


async def test_it_tells_on_how_many_tasks_each_added_or_changed_rule_fires(pipeline: Pipeline) -> None:
    await filled(pipeline)
    await apply(pipeline, text("mine", more=RENT), "mine")
    any_ = rule("any", 40).replace("turn == 'ours'", "'title' in known").replace("points", 'group = "all"\npoints')
    groups = '\n[groups.all]\ntitle = "All"\ncap = 10\n'

    found = await preview(pipeline, text("mine", points=31, more=any_ + rule("gone", 5) + RENT + groups))

    rules = {each.rule: each for each in found.rules}
    assert [(each.rule, each.what) for each in found.rules] == [
        ("urgent", "changed"),
        ("any", "added"),
        ("gone", "added"),
    ]
    assert rules["any"].fires == found.tasks
    assert rules["any"].cut is not None
    assert (rules["any"].cut.group, rules["any"].cut.tasks, rules["any"].cut.mostly) == ("all", found.tasks, True)
    assert (rules["any"].cut.points, rules["any"].cut.of) == (30 * found.tasks, 40 * found.tasks)
