"""Scores are of whole seconds: asked for one, what counts is how things stood once that second had passed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domains.tasks import actions
from app.domains.tasks.models import Task, TaskPast
from app.domains.tasks.rules import edit
from app.workflows import seeding
from tests.conftest import SettableClock
from tests.workflows.mailbox import mail
from tests.workflows.pipeline import Pipeline
from tests.workflows.test_replaying import activate, changed, due, explained, queue, written

HIGH = 'say = "Its priority is high"'


@pytest.fixture
def clock() -> SettableClock:
    """A clock that has microseconds, as clocks do."""
    clock = SettableClock()
    clock.advance(microseconds=300_000)
    return clock


async def test_a_score_is_made_again_at_its_own_time(pipeline: Pipeline, clock: SettableClock) -> None:
    await seeding.seed(pipeline.database, now=pipeline.clock())
    await pipeline.take(mail("Could you please sign it by 6 March?"))
    said = []
    for step in range(5):
        task = await pipeline.task()
        said.append((task.scored_at, written(await explained(pipeline, task.id)), task.points_milli))
        clock.advance(minutes=7, microseconds=90_001)
        if step == 2:
            await activate(pipeline, changed("points = 12", "points = 3", HIGH))
            await due(pipeline)
        else:
            await pipeline.edit(task.id, priority=("low", "high", "", "urgent", None)[step])

    for at, then, stored in said:
        found = await explained(pipeline, (await pipeline.task()).id, at)
        assert (at.microsecond, found.basis, written(found), found.score.milli) == (0, "recorded", then, stored)


async def test_of_two_changes_in_one_second_the_last_counts(pipeline: Pipeline, clock: SettableClock) -> None:
    await pipeline.take(mail("Could you please sign it by 6 March?"))
    clock.advance(hours=1)
    await pipeline.edit((await pipeline.task()).id, priority="low")
    clock.advance(microseconds=500_000)
    await pipeline.edit((await pipeline.task()).id, priority="high")
    task = await pipeline.task()
    said = written(await explained(pipeline, task.id, task.scored_at))
    clock.advance(hours=1)
    await pipeline.edit(task.id, priority=None)

    assert written(await explained(pipeline, task.id, task.scored_at)) == said
    assert "Its priority is high" in said
    before = await explained(pipeline, task.id, task.scored_at - timedelta(seconds=1))
    assert "priority" not in before.facts


async def test_a_past_is_kept_until_a_whole_second(pipeline: Pipeline, clock: SettableClock) -> None:
    await pipeline.take(mail("Could you please sign it by 6 March?"))
    clock.advance(hours=1)
    await pipeline.edit((await pipeline.task()).id, priority="low")

    async with pipeline.database.reading() as session:
        (until,) = (await session.execute(select(TaskPast.until))).scalars()

    assert until == clock().replace(microsecond=0)


async def test_the_queue_of_a_second_has_what_that_second_brought_and_took(
    pipeline: Pipeline, clock: SettableClock
) -> None:
    await seeding.seed(pipeline.database, now=pipeline.clock())
    await pipeline.take(mail("Could you please sign it?"), mail("Please call!", id="b@x.example", subject="Call back"))
    gone, kept = (task.id for task in await pipeline.tasks())
    clock.advance(hours=1)
    async with pipeline.database.writing() as session:
        values = {"title": "Written by hand", "notes": "Please do it"}
        acting = actions.Acting(policy=pipeline.work.policy, now=clock(), integrations={})
        made = await actions.create(session, values, [], [], acting)
    await pipeline.complete(gone)
    shown, at = await queue(pipeline), clock().replace(microsecond=0)
    clock.advance(hours=1)
    await pipeline.act(made, "edit", edit({"priority": "high"}))
    await pipeline.complete(kept)

    assert await queue(pipeline, at) == shown
    assert {task_id for task_id, *_ in shown} == {kept, made}
    earlier = {task_id for task_id, *_ in await queue(pipeline, at - timedelta(seconds=1))}
    assert (gone in earlier, kept in earlier) == (True, True)


async def test_a_score_is_made_again_by_the_ruleset_that_became_active_in_its_second(
    pipeline: Pipeline, clock: SettableClock
) -> None:
    await seeding.seed(pipeline.database, now=pipeline.clock())
    await pipeline.take(mail("Could you please sign it by 6 March?"))
    await pipeline.edit((await pipeline.task()).id, priority="high")
    clock.advance(hours=1)
    await activate(pipeline, changed("points = 12", "points = 3", HIGH))
    await due(pipeline)
    task: Task = await pipeline.task()
    clock.advance(hours=1)
    await activate(pipeline, changed("points = 12", "points = 5", HIGH))
    await due(pipeline)

    again = await explained(pipeline, task.id, task.scored_at)

    assert (again.score.milli, again.score.at) == (task.points_milli, task.scored_at)
