"""The active ruleset judges in every process, from its activation on; where there is none, that of the settings."""

from datetime import timedelta

import pytest

from app.domains import ranking
from app.domains.rulesets import calendars, service
from app.domains.rulesets.models import Activation, StoredRuleset
from app.workflows import rescoring, seeding
from app.workflows.judging import Judge
from tests.conftest import START
from tests.domains.rulesets.texts import text
from tests.workflows.mailbox import mail
from tests.workflows.pipeline import Pipeline

OFFICE = {"zone": "UTC", "hours": {"monday": ["09:00-17:00"]}}


async def apply(pipeline: Pipeline, content: str, name: str = "own") -> None:
    async with pipeline.database.writing() as session:
        row = (await service.save(session, name, content, now=pipeline.clock())).row
        await service.activate(session, row, actor="ana", now=pipeline.clock())


async def judged_by(pipeline: Pipeline, judge: Judge | None = None) -> str:
    async with pipeline.database.reading() as session:
        policy = await (judge or pipeline.work.judge).policy(session)
    return f"{policy.ruleset.name} {policy.ruleset.version}"


async def catch_up(pipeline: Pipeline) -> int:
    """How many tasks were judged again."""
    count = 0
    while True:
        async with pipeline.database.reading() as session:
            policy = await pipeline.work.judge.policy(session)
        done = await rescoring.do_what_is_due(pipeline.database, policy, now=pipeline.clock())
        count += done.total
        if not done.total:
            return count


async def test_before_any_activation_the_ruleset_of_the_settings_counts(pipeline: Pipeline) -> None:
    async with pipeline.database.reading() as session:
        assert (await pipeline.work.judge.policy(session)).ruleset is ranking.default()


async def test_what_somebody_activates_judges_in_every_process_and_what_is_taken_back_no_longer(
    pipeline: Pipeline,
) -> None:
    other = Judge(pipeline.work.policy)
    await seeding.seed(pipeline.database, now=START)
    assert await judged_by(pipeline, other) == "default 1"

    await apply(pipeline, text(points=31))
    await apply(pipeline, text(points=32))
    assert await judged_by(pipeline) == await judged_by(pipeline, other) == "own 2"

    async with pipeline.database.writing() as session:
        await service.roll_back(session, actor="ana", now=START)
    assert await judged_by(pipeline) == await judged_by(pipeline, other) == "own 1"


async def test_tasks_are_ranked_again_by_what_was_activated(pipeline: Pipeline) -> None:
    await pipeline.take(mail("It is urgent: could you sign it?"))
    await apply(pipeline, text(points=33))
    assert (await pipeline.task()).points_milli != 33_000

    await catch_up(pipeline)

    assert (await pipeline.task()).points_milli == 33_000


async def test_seeding_the_default_judges_no_task_again(pipeline: Pipeline) -> None:
    await pipeline.take(mail())
    await catch_up(pipeline)

    await seeding.seed(pipeline.database, now=START)

    assert await judged_by(pipeline) == "default 1"
    assert await catch_up(pipeline) == 0


async def test_saving_without_activating_judges_nothing_again(pipeline: Pipeline) -> None:
    await seeding.seed(pipeline.database, now=START)
    async with pipeline.database.writing() as session:
        await service.save(session, "own", text(), now=START)

    assert await judged_by(pipeline) == "default 1"


async def test_a_calendar_counts_from_the_moment_it_is_put(pipeline: Pipeline) -> None:
    target = (
        '\n[[targets]]\nid = "reply"\ntitle = "Reply"\nclock = "first_response"\nwithin = "4h"\ncalendar = "office"\n'
    )
    await apply(pipeline, text(more=target))
    async with pipeline.database.reading() as session:
        before = await pipeline.work.judge.policy(session)

    async with pipeline.database.writing() as session:
        await calendars.put(session, "office", OFFICE, now=START + timedelta(hours=1))

    async with pipeline.database.reading() as session:
        after = await pipeline.work.judge.policy(session)
        row = await service.active(session)
        assert row is not None
        then = await service.compiled(session, row, START)
    assert before.ruleset.digest != after.ruleset.digest
    assert then.digest == before.ruleset.digest


async def test_an_active_ruleset_that_can_not_be_read_never_stops_the_ranking(pipeline: Pipeline) -> None:
    async with pipeline.database.writing() as session:
        row = StoredRuleset(
            name="old", version=1, text="?", digest="0" * 16, description="", rules=1, author="", note=""
        )
        row.created_at = START
        session.add(row)
        await session.flush()
        session.add(Activation(ruleset_id=row.id, at=START, actor="", note=""))

    assert await judged_by(pipeline) == "default 1"


async def test_a_second_seeding_writes_nothing(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    await seeding.seed(pipeline.database, now=START)
    monkeypatch.setattr(pipeline.database, "writing", None)

    await seeding.seed(pipeline.database, now=START)
