"""Tasks that wait for others: what an import does to one is seen at once on those around it."""

from app.domains.tasks import actions, rules
from app.domains.tasks.actions import Acting
from tests.workflows.mailbox import mail
from tests.workflows.pipeline import Pipeline

LEFT, RIGHT = mail(id="left@x.example", subject="Left"), mail(id="right@x.example", subject="Right")
BOTH = mail(id="both@x.example", at="2026-03-03T08:00", refs="left@x.example right@x.example")


async def wait(pipeline: Pipeline, task: int, *needed: int) -> None:
    await pipeline.act(task, "edit", rules.edit({}, None, list(needed)))


async def waits_for(pipeline: Pipeline, task: int) -> object:
    """How many tasks that are to be done it waits for, as its facts have it."""
    return (await pipeline.facts(task))["blocked"].value


async def test_new_mail_that_reopens_a_task_blocks_again_who_waits_for_it(pipeline: Pipeline) -> None:
    await pipeline.take(LEFT, RIGHT)
    needed, waiting = (task.id for task in await pipeline.tasks())
    await wait(pipeline, waiting, needed)
    await pipeline.complete(needed)
    assert await waits_for(pipeline, waiting) == 0

    await pipeline.take(
        mail("Still waiting, could you?", id="l2@x.example", at="2026-03-03T08:00", refs="left@x.example")
    )

    assert await waits_for(pipeline, waiting) == 1
    assert (await pipeline.tasks())[1].version == 2


async def test_a_new_task_that_waits_for_another_is_known_to_it_at_once(pipeline: Pipeline) -> None:
    await pipeline.take(LEFT)
    needed = (await pipeline.task()).id

    async with pipeline.database.writing() as session:
        acting = Acting(policy=pipeline.work.policy, now=pipeline.clock(), integrations={})
        await actions.create(session, {"title": "New"}, [], [needed], acting)

    assert (await pipeline.facts(needed))["blocking"].value == 1


async def test_who_waits_for_a_task_is_right_when_both_get_mail_at_once(pipeline: Pipeline) -> None:
    await pipeline.take(LEFT, RIGHT)
    waiting, needed = (task.id for task in await pipeline.tasks())
    await wait(pipeline, waiting, needed)
    await pipeline.complete(needed)

    await pipeline.take(
        *(mail(id=f"{n}2@x.example", at="2026-03-03T08:00", refs=f"{n}@x.example") for n in ("left", "right"))
    )

    assert await waits_for(pipeline, waiting) == 1


async def test_who_waited_for_two_tasks_that_become_one_waits_for_one(pipeline: Pipeline) -> None:
    await pipeline.take(LEFT, RIGHT, mail(id="third@x.example", subject="Third"))
    left, right, third = (task.id for task in await pipeline.tasks())
    await wait(pipeline, third, left, right)
    assert await waits_for(pipeline, third) == 2

    await pipeline.take(BOTH)

    assert await waits_for(pipeline, third) == 1


async def test_two_tasks_that_become_one_never_wait_for_themselves(pipeline: Pipeline) -> None:
    await pipeline.take(LEFT, RIGHT, mail(id="a@x.example", subject="A"), mail(id="b@x.example", subject="B"))
    left, right, first, second = (task.id for task in await pipeline.tasks())
    await wait(pipeline, left, first)
    await wait(pipeline, first, second)
    await wait(pipeline, second, right)

    await pipeline.take(BOTH)

    assert [await waits_for(pipeline, i) for i in (left, first, second)] == [1, 1, 0]
    assert (await pipeline.history(second))[-1] == "joined"
    await wait(pipeline, left, first)  # as it is stored: no circle
