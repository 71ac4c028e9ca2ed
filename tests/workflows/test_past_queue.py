"""The queue as it stood, with all that happened since: whatever was closed, and however tasks waited for each other."""

from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import event, insert, select, update
from structlog.testing import capture_logs

from app.domains.rulesets.models import StoredRuleset
from app.domains.rulesets.service import active
from app.domains.tasks import actions, joining, pasts, restoring, rules
from app.domains.tasks.models import Task, TaskEvent, TaskFacts
from app.workflows import seeding
from tests.conftest import SettableClock
from tests.workflows.mailbox import mail
from tests.workflows.pipeline import Pipeline
from tests.workflows.test_replaying import activate, changed, due, explained, queue, written

PARAMETERS = 1_000
"""Far more than a statement needs. Postgres allows 65,535."""


def asked(*names: str) -> list[bytes]:
    return [mail("Could you please sign it by 6 March?", id=f"{n}@x.example", subject=f"Offer {n}") for n in names]


async def wait_for(pipeline: Pipeline, task_id: int, *needed: int) -> None:
    await pipeline.act(task_id, "edit", rules.edit({}, None, needed))


async def made(pipeline: Pipeline, count: int) -> list[int]:
    """Open tasks that a person wrote, by the bare database: facts are those of the first one."""
    (first,) = await pipeline.tasks()
    async with pipeline.database.writing() as session:
        row = (await session.execute(select(Task.__table__).where(Task.id == first.id))).mappings().one()
        facts = (await session.execute(select(TaskFacts.facts))).scalar_one()
        ids = range(first.id + 1, first.id + 1 + count)
        await session.execute(insert(Task), [{**row, "id": i} for i in ids])
        await session.execute(insert(TaskFacts), [{"task_id": i, "facts": facts} for i in ids])
    return list(ids)


async def test_no_statement_grows_with_what_was_closed_since(pipeline: Pipeline, clock: SettableClock) -> None:
    await pipeline.take(*asked("a"))
    clock.advance(hours=1)
    then = clock()
    ids = await made(pipeline, 2 * PARAMETERS)
    clock.advance(hours=1)
    closed = {
        "actor": "person",
        "verb": "complete",
        "detail": "",
        "at": clock(),
        "changes": {"status": ["open", "done"]},
    }
    async with pipeline.database.writing() as session:
        await session.execute(insert(TaskEvent), [closed | {"task_id": i} for i in ids])
        await session.execute(update(Task).where(Task.id >= ids[0]).values(status="done"))

    given: list[int] = []
    engine = pipeline.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *of: given.append(len(of[3])))
    shown = await queue(pipeline, then)

    assert max(given) < PARAMETERS
    assert [task_id for task_id, *_ in shown] == [ids[0] - 1, *ids[:9]]
    assert [task_id for task_id, *_ in await queue(pipeline)] == [ids[0] - 1]


async def test_a_status_is_told_from_the_first_change_since(pipeline: Pipeline, clock: SettableClock) -> None:
    await pipeline.take(*asked("a", "b", "c"))
    closed, opened, edited = (task.id for task in await pipeline.tasks())
    await pipeline.complete(opened)
    clock.advance(hours=1)
    then, shown = clock(), await queue(pipeline)
    clock.advance(hours=1)
    for _ in range(2):
        await pipeline.edit(closed, priority="high")
        await pipeline.complete(closed)
        await pipeline.act(opened, "reopen", rules.reopen)
        await pipeline.edit(edited, priority="high")
        clock.advance(hours=1)
        await pipeline.act(closed, "reopen", rules.reopen)
        await pipeline.complete(opened)

    assert await queue(pipeline, then) == shown
    assert {task_id for task_id, *_ in shown} == {closed, edited}


async def test_a_status_that_was_taken_back_was_there_until_then(pipeline: Pipeline, clock: SettableClock) -> None:
    await pipeline.take(*asked("a", "b"))
    done, other = (task.id for task in await pipeline.tasks())
    async with pipeline.database.writing() as session:
        acting = actions.Acting(policy=pipeline.work.policy, now=clock(), integrations={})
        tasks = await actions.load(session, [done])
        taken = await actions.apply(session, "complete", {done: rules.complete(tasks[done])}, tasks, acting)
    then = clock.advance(seconds=5)
    acting = replace(acting, now=clock.advance(minutes=1))
    async with pipeline.database.writing() as session:
        await restoring.take_back(session, taken.token, acting)
    clock.advance(minutes=1)

    assert [task_id for task_id, *_ in await queue(pipeline, then)] == [other]
    assert {task_id for task_id, *_ in await queue(pipeline)} == {done, other}


async def test_a_status_that_a_merge_changed_is_told(pipeline: Pipeline, clock: SettableClock) -> None:
    await pipeline.take(*asked("a", "b"))
    target, source = await pipeline.tasks()
    await pipeline.complete(target.id)
    clock.advance(hours=1)
    then = clock()
    clock.advance(hours=1)
    async with pipeline.database.writing() as session:
        acting = actions.Acting(policy=pipeline.work.policy, now=clock(), integrations={})
        tasks = await actions.load(session, [target.id, source.id])
        await joining.merge(session, tasks[source.id], tasks[target.id], acting)

    assert [task_id for task_id, *_ in await queue(pipeline)] == [target.id]
    assert [task_id for task_id, *_ in await queue(pipeline, then)] == []


async def test_what_waited_for_a_task_gives_what_it_gave_then(pipeline: Pipeline, clock: SettableClock) -> None:
    await seeding.seed(pipeline.database, now=clock())
    await pipeline.take(*asked("a", "b", "c", "d"))
    a, b, c, d = (task.id for task in await pipeline.tasks())
    await wait_for(pipeline, b, a)
    await wait_for(pipeline, c, b)
    await pipeline.edit(c, priority="urgent")
    clock.advance(hours=1)
    await due(pipeline)
    then, shown = clock(), await queue(pipeline)
    said = {i: written(await explained(pipeline, i)) for i in (a, b, c, d)}
    clock.advance(hours=1)
    await pipeline.edit(c, priority="low", due_at=clock())
    await wait_for(pipeline, b)
    await wait_for(pipeline, d, a)
    await due(pipeline)

    assert await queue(pipeline, then) == shown
    assert {i: written(await explained(pipeline, i, then)) for i in said} == said


async def test_a_chain_of_then_costs_the_same_few_queries_however_long_it_is(
    pipeline: Pipeline, clock: SettableClock
) -> None:
    await pipeline.take(*asked(*"abcdefghijkl"))
    ids = [task.id for task in await pipeline.tasks()]
    for needed, waiting in pairwise(ids):
        await wait_for(pipeline, waiting, needed)
    clock.advance(hours=1)
    then, said = clock(), written(await explained(pipeline, ids[0]))
    clock.advance(hours=1)
    for task_id in ids:
        await pipeline.edit(task_id, priority="high")
    await wait_for(pipeline, ids[6])

    statements: list[str] = []
    engine = pipeline.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    again = written(await explained(pipeline, ids[0], then))

    assert again == said
    assert len(statements) < 24


async def test_a_ruleset_of_then_that_cannot_be_read_any_more_is_told_in_the_log(
    pipeline: Pipeline, clock: SettableClock
) -> None:
    await seeding.seed(pipeline.database, now=clock())
    await pipeline.take(*asked("a"))
    await activate(pipeline, changed("points = 12", "points = 3", 'say = "Its priority is high"'))
    clock.advance(hours=1)
    then = clock()
    async with pipeline.database.writing() as session:
        spoiled = await active(session)
        assert spoiled is not None
        await session.execute(update(StoredRuleset).where(StoredRuleset.id == spoiled.id).values(text="rules = 1"))
    clock.advance(hours=1)
    await activate(pipeline, changed("points = 12", "points = 4", 'say = "Its priority is high"'))

    with capture_logs() as entries:
        found = await explained(pipeline, (await pipeline.task()).id, then)

    assert found.score.points > 0
    (warning,) = [entry for entry in entries if entry["log_level"] == "warning"]
    assert (warning["ruleset"], warning["version"], warning["at"]) == ("default", spoiled.version, then.isoformat())


async def test_what_was_deleted_since_is_missing(pipeline: Pipeline, clock: SettableClock) -> None:
    await pipeline.take(*asked("a", "b"))
    first, second = (task.id for task in await pipeline.tasks())
    clock.advance(hours=1)
    then = clock()
    clock.advance(hours=1)
    await pipeline.delete(first)

    assert [task_id for task_id, *_ in await queue(pipeline, then)] == [second]


async def test_old_pasts_are_found_by_an_index(on_sqlite: Pipeline) -> None:
    statements: list[tuple[str, tuple[Any, ...]]] = []
    engine = on_sqlite.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append((given[2], given[3])))
    async with on_sqlite.database.writing() as session:
        await pasts.forget_old(session, datetime.fromisoformat("2026-01-01T00:00Z"))
    ((statement, given),) = [each for each in statements if "task_pasts" in each[0]]

    async with on_sqlite.database.engine.connect() as connection:
        plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)).all()

    assert [row[-1] for row in plan] == ["SEARCH task_pasts USING COVERING INDEX ix_task_pasts_until (until<?)"]
