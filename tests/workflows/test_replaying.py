"""Any past score can be made again, to the byte: from the facts, the ruleset and the calendars of then."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domains import rulesets
from app.domains.connections import service as connections
from app.domains.ranking import explanation
from app.domains.ranking.ruleset import shipped_text
from app.domains.tasks import actions, explaining, pasts, rules
from app.domains.tasks.earlier import Moment
from app.domains.tasks.explaining import Explained
from app.domains.tasks.models import Task, TaskPast
from app.workflows import as_of, seeding
from app.workflows.rescoring import do_what_is_due
from tests.conftest import SettableClock
from tests.workflows.mailbox import answer, mail
from tests.workflows.pipeline import Pipeline

KEPT = timedelta(days=90)


async def explained(pipeline: Pipeline, task_id: int, at: datetime | None = None) -> Explained:
    async with pipeline.database.reading() as session:
        task = await actions.get(session, task_id)
        names = await connections.names(session)
        policy = await pipeline.work.judge.policy(session)
        return await explaining.explain(
            session, task, policy, now=pipeline.clock(), integrations=names, at=at, remembered_for=KEPT
        )


def written(found: Explained) -> str:
    return json.dumps(explanation.dump(found.score))


async def due(pipeline: Pipeline) -> None:
    async with pipeline.database.reading() as session:
        policy = await pipeline.work.judge.policy(session)
    while (await do_what_is_due(pipeline.database, policy, now=pipeline.clock())).total:
        pass


async def activate(pipeline: Pipeline, text: str) -> None:
    async with pipeline.database.writing() as session:
        saved = await rulesets.service.save(session, "default", text, author="ana", now=pipeline.clock())
        await rulesets.service.activate(session, saved.row, actor="ana", now=pipeline.clock())


def changed(old: str, new: str, before: str) -> str:
    """The default ruleset with another number in front of a line of it."""
    text = shipped_text("default")
    at = text.index(f"{old}\n{before}")
    return text[:at] + new + text[at + len(old) :]


async def test_every_score_of_a_life_is_made_again(pipeline: Pipeline, clock: SettableClock) -> None:
    await seeding.seed(pipeline.database, now=pipeline.clock())
    await pipeline.take(mail("Could you please sign it by 6 March?"))
    task = await pipeline.task()
    then: list[tuple[datetime, str, int]] = []

    async def note() -> None:
        clock.advance(seconds=90)
        await due(pipeline)
        stored = (await pipeline.task()).points_milli
        then.append((pipeline.clock(), written(await explained(pipeline, task.id)), stored))
        clock.advance(hours=5)

    await note()
    await pipeline.edit(task.id, priority="high", labels=["billing"])
    await note()
    await activate(pipeline, changed("points = 12", "points = 3", 'say = "Its priority is high"'))
    await note()
    await pipeline.take(answer("one@client.example", "It is urgent: can you sign it today?", at="2026-03-02T16:00"))
    await note()
    await pipeline.edit(task.id, priority=None)
    await pipeline.complete(task.id)
    await note()

    for at, said, stored in then:
        found = await explained(pipeline, task.id, at)
        assert found.basis == "recorded"
        assert written(found) == said
        assert found.score.milli == stored
    assert len({said for _, said, _ in then}) == len(then)


async def test_before_it_was_here_a_task_is_judged_by_what_had_been_written(pipeline: Pipeline) -> None:
    await pipeline.take(mail("Could you please sign it by 6 March?", at="2026-02-20T08:00"))
    task = await pipeline.task()

    found = await explained(pipeline, task.id, task.created_at - timedelta(days=3))

    assert found.basis == "reconstructed"
    assert found.score.points > 0


async def test_nothing_is_remembered_where_nothing_changed(pipeline: Pipeline) -> None:
    message = mail("Could you please sign it by 6 March?")
    await pipeline.take(message)
    await pipeline.take(message)
    await pipeline.edit((await pipeline.task()).id, assignee="kim")
    await pipeline.edit((await pipeline.task()).id, assignee="kim")

    async with pipeline.database.reading() as session:
        kept = (await session.execute(select(TaskPast.facts))).scalars().all()

    assert kept == [{"assignee": None}] or [set(each) for each in kept] == [{"assignee", "assigned_to_us"}]


async def test_what_is_older_than_the_retention_is_forgotten_and_the_rest_stays(
    pipeline: Pipeline, clock: SettableClock
) -> None:
    await pipeline.take(mail("Could you please sign it by 6 March?"))
    task = await pipeline.task()
    for priority in ("low", "high", "urgent"):
        clock.advance(days=10)
        await pipeline.edit(task.id, priority=priority)
    clock.advance(days=1)
    high = pipeline.clock() - timedelta(days=5)
    before = written(await explained(pipeline, task.id, high))

    async with pipeline.database.writing() as session:
        assert await pasts.forget_old(session, pipeline.clock() - timedelta(days=15)) == 1
        assert await pasts.forget_old(session, pipeline.clock() - timedelta(days=15)) == 0

    assert written(await explained(pipeline, task.id, high)) == before
    async with pipeline.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(TaskPast))).scalar_one() == 2


async def test_the_queue_of_yesterday_is_the_one_that_was_shown(pipeline: Pipeline, clock: SettableClock) -> None:
    await seeding.seed(pipeline.database, now=pipeline.clock())
    await pipeline.take(
        mail("Could you please sign it by 6 March?"),
        mail("Could you please call me?", id="call@x.example", subject="Call"),
        mail("It is urgent, please help!", id="help@x.example", subject="Help"),
    )
    clock.advance(hours=1)
    await due(pipeline)
    shown = await queue(pipeline)
    asked_at = pipeline.clock()
    clock.advance(hours=20)
    first, second, third = await pipeline.tasks()
    await pipeline.complete(third.id)
    await pipeline.edit(second.id, priority="urgent")
    await activate(pipeline, shipped_text("default").replace("now = 70", "now = 41"))
    clock.advance(hours=1)
    await due(pipeline)

    assert await queue(pipeline, asked_at) == shown
    assert await queue(pipeline) != shown
    assert {task_id for task_id, *_ in await queue(pipeline)} == {first.id, second.id}


async def queue(pipeline: Pipeline, at: datetime | None = None) -> list[tuple[Any, ...]]:
    async with pipeline.database.reading() as session:
        policy, now = await pipeline.work.judge.policy(session), pipeline.clock()
        moment = Moment(at or now, now, KEPT)
        found = await as_of.top(session, policy, moment, limit=10)
    return [(task.id, task.points, task.band, task.reasons, task.valid_until) for task in found]


@pytest.mark.parametrize("verb", ["complete", "decline"])
async def test_a_task_that_waits_gives_what_it_gave_then(pipeline: Pipeline, clock: SettableClock, verb: str) -> None:
    await pipeline.take(
        mail("Could you please sign it by 6 March?", id="first@x.example", subject="Sign the offer"),
        mail("It is urgent, the server is down!", id="second@x.example", subject="Outage"),
    )
    needed, waiting = await pipeline.tasks()
    await pipeline.act(waiting.id, "edit", rules.edit({}, None, [needed.id]))
    clock.advance(hours=1)
    then, said = pipeline.clock(), written(await explained(pipeline, needed.id))
    clock.advance(hours=1)
    await pipeline.act(waiting.id, verb, rules.complete if verb == "complete" else rules.decline("not ours"))

    assert "Outage" in said
    assert "“Outage” waits for it" not in written(await explained(pipeline, needed.id))
    assert written(await explained(pipeline, needed.id, then)) == said


async def test_what_a_task_gives_what_it_waits_for_is_stored_at_once(pipeline: Pipeline) -> None:
    await pipeline.take(
        mail("Could you please sign it?", id="first@x.example", subject="Sign the offer"),
        mail("Could you please call?", id="second@x.example", subject="Call back"),
    )
    needed, waiting = await pipeline.tasks()
    await pipeline.act(waiting.id, "edit", rules.edit({}, None, [needed.id]))
    before = (await pipeline.tasks())[0].points_milli

    await pipeline.edit(waiting.id, priority="urgent")

    stored: Task = (await pipeline.tasks())[0]
    assert stored.points_milli > before
    assert stored.points_milli == (await explained(pipeline, needed.id)).score.milli
