"""After another ruleset became active: every open task stands where it puts it, and no more is written than needed."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import update

from app.domains import connections, rulesets
from app.domains.ranking import Ruleset
from app.domains.ranking.ruleset import shipped, shipped_text
from app.domains.tasks import actions, explaining, restoring, rules
from app.domains.tasks.actions import Acting
from app.domains.tasks.models import Task, TaskFacts
from app.workflows import reranking
from app.workflows.rescoring import do_what_is_due
from tests.conftest import SettableClock
from tests.workflows.mailbox import mail
from tests.workflows.pipeline import Pipeline

MAILS = (
    mail("It is urgent: please sign it.", id="urgent@x.example", subject="Sign the offer"),
    mail("Could you please call me?", id="call@x.example", subject="Call back"),
    mail("When shall we meet? No rush.", id="meet@x.example", subject="Meet up"),
)


def urgent_is_worth(points: int, text: str = shipped_text("default")) -> str:
    return text.replace('points = 30\nsay = "Says it is urgent', f'points = {points}\nsay = "Says it is urgent')


async def activate(pipeline: Pipeline, text: str) -> Ruleset:
    """As a person does; the tasks are ranked afterwards."""
    async with pipeline.database.writing() as session:
        saved = await rulesets.service.save(session, "default", text, author="ana", now=pipeline.clock())
        await rulesets.service.activate(session, saved.row, actor="ana", now=pipeline.clock())
        active = await rulesets.service.compiled(session, saved.row)
    pipeline.judged_by(replace(pipeline.work.policy, ruleset=active))
    return active


async def stamps(pipeline: Pipeline) -> set[str]:
    return {task.scored_with for task in await pipeline.tasks()}


async def test_only_what_stands_otherwise_is_scored_again(pipeline: Pipeline) -> None:
    await activate(pipeline, urgent_is_worth(29))
    await pipeline.take(*MAILS)
    before = {task.title: task for task in await pipeline.tasks()}

    active = await activate(pipeline, urgent_is_worth(20))
    assert (await pipeline.due()).reranked == 3

    after = {task.title: task for task in await pipeline.tasks()}
    assert await stamps(pipeline) == {active.stamp}
    renewed = [title for title, task in after.items() if task.score_revision != before[title].score_revision]
    assert renewed == ["Sign the offer"]
    assert after["Sign the offer"].points_milli == before["Sign the offer"].points_milli - 9_000
    assert (await pipeline.due()).total == 0


@pytest.mark.parametrize(
    "text",
    [
        urgent_is_worth(20),
        shipped_text("default").replace("now = 70", "now = 41"),
        shipped_text("default").replace('[[rules]]\nid = "no-rush"', '[[rules]]\nid = "no-hurry"'),
        shipped_text("sla").replace('name = "sla"', 'name = "default"'),
        shipped_text("taskwarrior").replace('name = "taskwarrior"', 'name = "default"'),
    ],
)
async def test_it_comes_out_as_if_that_ruleset_had_always_ranked(pipeline: Pipeline, text: str) -> None:
    await activate(pipeline, urgent_is_worth(29))
    await pipeline.take(*MAILS)
    active = await activate(pipeline, text)
    while (await pipeline.due()).total:
        pass
    ranked = [(task.title, task.points_milli, task.band, task.reasons) for task in await pipeline.tasks()]

    async with pipeline.database.writing() as session:
        await session.execute(update(Task).values(scored_with="", points_milli=0, band="someday", reasons=[]))
    while (await pipeline.due()).total:
        pass

    assert [(t.title, t.points_milli, t.band, t.reasons) for t in await pipeline.tasks()] == ranked
    assert await stamps(pipeline) == {active.stamp}


async def test_another_one_in_between_has_the_last_word(pipeline: Pipeline, clock: SettableClock) -> None:
    await pipeline.take(*MAILS)
    first = await activate(pipeline, urgent_is_worth(20))
    clock.advance(minutes=1)
    second = await activate(pipeline, urgent_is_worth(10))

    await reranking.rerank(pipeline.database, first, now=pipeline.clock())
    await reranking.rerank(pipeline.database, second, now=pipeline.clock())

    assert await stamps(pipeline) == {second.stamp}
    assert await reranking.rerank(pipeline.database, second, now=pipeline.clock()) == 0


async def test_what_is_done_keeps_the_score_it_had(pipeline: Pipeline) -> None:
    await pipeline.take(*MAILS)
    done, *_ = await pipeline.tasks()
    await pipeline.complete(done.id)

    await activate(pipeline, urgent_is_worth(20))

    assert (await pipeline.due()).reranked == 2
    assert (await pipeline.tasks())[0].scored_with == shipped("default").stamp


async def test_more_than_one_page_is_compared(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reranking, "_COMPARED", 1)
    await activate(pipeline, urgent_is_worth(29))
    await pipeline.take(*MAILS)

    active = await activate(pipeline, urgent_is_worth(20))

    assert (await pipeline.due()).reranked == 3
    assert await stamps(pipeline) == {active.stamp}


async def test_what_is_done_before_its_page_is_compared_keeps_the_score_it_had(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    await activate(pipeline, urgent_is_worth(29))
    await pipeline.take(*MAILS)
    *_, last = await pipeline.tasks()
    active = await activate(pipeline, urgent_is_worth(20))
    done = False

    async def complete_meanwhile(_: object) -> None:
        nonlocal done
        if not done:
            done = True
            async with pipeline.database.writing() as session:
                await session.execute(update(Task).where(Task.id == last.id).values(status="done"))

    monkeypatch.setattr(reranking, "_COMPARED", 1)
    monkeypatch.setattr("app.workflows.reranking._Round.give_way", complete_meanwhile)
    await reranking.rerank(pipeline.database, active, now=pipeline.clock())

    after = {task.id: task for task in await pipeline.tasks()}
    assert after[last.id].status == "done"
    assert {task.scored_with for task in after.values() if task.status == "open"} == {active.stamp}
    assert (after[last.id].points_milli, after[last.id].scored_with) == (last.points_milli, last.scored_with)


async def test_a_task_whose_facts_are_broken_stops_no_other(pipeline: Pipeline) -> None:
    await pipeline.take(*MAILS)
    broken, *_ = await pipeline.tasks()
    async with pipeline.database.writing() as session:
        facts = {"due_at": {"value": "soon", "source": "person"}, "asks": {"value": "many"}, "blocks": {"value": [3]}}
        await session.execute(update(TaskFacts).where(TaskFacts.task_id == broken.id).values(facts=facts))

    active = await activate(pipeline, shipped_text("default").replace("now = 70", "now = 41"))
    await pipeline.due()

    assert await stamps(pipeline) == {active.stamp}


async def test_what_it_lifts_is_lifted_by_the_new_points(pipeline: Pipeline) -> None:
    await activate(pipeline, urgent_is_worth(29))
    await pipeline.take(*MAILS)
    urgent, needed, _ = await pipeline.tasks()
    await pipeline.act(urgent.id, "edit", rules.edit({}, None, [needed.id]))
    before = (await pipeline.tasks())[1].points_milli

    await activate(pipeline, urgent_is_worth(5))
    while (await pipeline.due()).total:
        pass

    assert (await pipeline.tasks())[1].points_milli < before
    await stands_as_explained(pipeline)


async def test_two_processes_rank_together(pipeline: Pipeline) -> None:
    await pipeline.take(*MAILS)
    active = await activate(pipeline, urgent_is_worth(20))

    await asyncio.gather(
        *(do_what_is_due(pipeline.database, pipeline.work.policy, now=pipeline.clock()) for _ in range(3))
    )

    assert await stamps(pipeline) == {active.stamp}
    await stands_as_explained(pipeline)


async def test_what_moves_to_another_group_is_ranked_again(pipeline: Pipeline) -> None:
    await activate(pipeline, urgent_is_worth(29))
    await pipeline.take(*MAILS)

    await activate(
        pipeline, urgent_is_worth(29).replace('title = "Says urgent"\ngroup = "wording"', 'title = "Says urgent"')
    )
    while (await pipeline.due()).total:
        pass

    await stands_as_explained(pipeline)


async def test_what_is_waited_for_no_longer_is_not_lifted_any_more(pipeline: Pipeline) -> None:
    await pipeline.take(*MAILS)
    urgent, needed, _ = await pipeline.tasks()
    before = needed.points_milli
    await pipeline.act(urgent.id, "edit", rules.edit({}, None, [needed.id]))
    assert (await pipeline.tasks())[1].points_milli > before

    await pipeline.act(urgent.id, "edit", rules.edit({}, None, []))

    assert (await pipeline.tasks())[1].points_milli == before
    assert "blocks" not in await pipeline.facts(needed.id)


async def test_an_undo_takes_the_lift_back_too(pipeline: Pipeline) -> None:
    await pipeline.take(*MAILS)
    urgent, needed, _ = await pipeline.tasks()
    async with pipeline.database.writing() as session:
        acting = Acting(policy=pipeline.work.policy, now=pipeline.clock(), integrations={})
        tasks = await actions.load(session, [urgent.id, needed.id])
        plan = rules.edit({}, None, [needed.id])
        taken = await actions.apply(session, "edit", {urgent.id: plan(tasks[urgent.id])}, tasks, acting)
    async with pipeline.database.writing() as session:
        await restoring.take_back(session, taken.token, acting)

    assert (await pipeline.tasks())[1].points_milli == needed.points_milli


async def test_tasks_that_change_together_are_lifted_by_what_they_came_to_be(pipeline: Pipeline) -> None:
    await pipeline.take(*MAILS)
    first, second, third = await pipeline.tasks()
    await pipeline.act(second.id, "edit", rules.edit({}, None, [first.id]))
    await pipeline.act(third.id, "edit", rules.edit({}, None, [second.id]))

    async with pipeline.database.writing() as session:
        names = await connections.service.names(session)
        acting = Acting(policy=pipeline.work.policy, now=pipeline.clock(), integrations=names)
        tasks = await actions.load(session, [second.id, third.id])
        urgent = rules.edit({"priority": "urgent"})
        changes = {task_id: urgent(tasks[task_id]) for task_id in (second.id, third.id)}
        await actions.apply(session, "edit", changes, tasks, acting)

    await stands_as_explained(pipeline)


async def stands_as_explained(pipeline: Pipeline) -> None:
    """Every open task is stored where its explanation puts it."""
    async with pipeline.database.reading() as session:
        for task in await pipeline.tasks():
            found = await explaining.explain(session, task, pipeline.work.policy, now=task.scored_at, integrations={})
            assert (task.title, task.points_milli, task.reasons) == (
                task.title,
                found.score.milli,
                [*found.score.reasons],
            )
