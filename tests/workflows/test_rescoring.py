"""What the clock alone changes: scores at the instant they change, snoozes, and tasks that other rules judge now."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event, select, update

from app.core.database import Database
from app.core.rows import update_rows
from app.domains import ranking
from app.domains.ranking import ruleset
from app.domains.ranking.rules import Band
from app.domains.tasks import scoring
from app.domains.tasks.models import Task, TaskFacts
from app.workflows import rescoring
from tests.conftest import START
from tests.workflows.mailbox import US, answer, mail
from tests.workflows.pipeline import Pipeline, policy

LONG = timedelta(days=900)


def questions(count: int) -> list[bytes]:
    return [
        mail("Please sign it by 5 March.", id=f"q{n}@x.example", subject=f"Contract number {n}") for n in range(count)
    ]


@contextmanager
def writes_to_tasks(database: Database) -> Iterator[list[int]]:
    """How many rows each UPDATE of tasks found."""
    found: list[int] = []

    def note(_connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("UPDATE tasks"):
            found.append(cursor.rowcount)

    event.listen(database.engine.sync_engine, "after_cursor_execute", note)
    yield found
    event.remove(database.engine.sync_engine, "after_cursor_execute", note)


async def put(pipeline: Pipeline, ids: list[int], valid_until: datetime) -> None:
    async with pipeline.database.writing() as session:
        await session.execute(update(Task).where(Task.id.in_(ids)).values(valid_until=valid_until))


async def test_only_what_is_due_is_touched(pipeline: Pipeline) -> None:
    await pipeline.take(*questions(12))
    ids = [task.id for task in await pipeline.tasks()]
    await put(pipeline, ids, START + LONG)
    # As many as a busy inbox holds, in one statement: they differ only in when they are due.
    await many(pipeline, ids[0], 2_000)
    await put(pipeline, ids[:3], START)

    with writes_to_tasks(pipeline.database) as rows:
        done = await pipeline.due()

    assert (done.rescored, sum(rows)) == (3, 3)


async def many(pipeline: Pipeline, like: int, count: int) -> None:
    async with pipeline.database.writing() as session:
        connection = await session.connection()
        columns = [column.name for column in Task.__table__.columns if column.name != "id"]
        row = (await session.execute(Task.__table__.select().where(Task.id == like))).one()
        values = {name: getattr(row, name) for name in columns}
        await connection.execute(Task.__table__.insert(), [values] * count)  # type: ignore[attr-defined] # a Table


async def test_a_score_holds_until_the_very_second_it_says(pipeline: Pipeline) -> None:
    await pipeline.take(*questions(1))
    for _ in range(6):
        before = await pipeline.task()
        assert before.valid_until is not None
        pipeline.clock.now = before.valid_until - timedelta(seconds=1)
        assert (await pipeline.due()).total == 0
        unchanged = ranking.score(await pipeline.facts(before.id), pipeline.work.policy.ruleset, pipeline.clock())
        assert unchanged.milli == before.points_milli

        pipeline.clock.now = before.valid_until
        assert (await pipeline.due()).rescored == 1
        after = await pipeline.task()
        assert (after.points_milli, after.reasons, after.band) != (before.points_milli, before.reasons, before.band)
        assert after.version == before.version


async def test_nothing_due_takes_no_writing_transaction(on_sqlite: Pipeline) -> None:
    await on_sqlite.take(*questions(2))
    begun: list[str] = []
    event.listen(on_sqlite.database.engine.sync_engine, "before_cursor_execute", lambda *given: begun.append(given[2]))

    assert (await on_sqlite.due()).total == 0
    assert "BEGIN IMMEDIATE" not in begun


async def test_a_task_that_can_not_be_scored_is_put_off_and_the_others_go_on(pipeline: Pipeline) -> None:
    await pipeline.take(*questions(3))
    ids = [task.id for task in await pipeline.tasks()]
    async with pipeline.database.writing() as session:
        sunk = {"thanks_only": {"value": True}}
        await session.execute(update(TaskFacts).where(TaskFacts.task_id == ids[0]).values(facts=sunk))
    # There is no band for what has less than 0 points: no document says so, but a defect might.
    only = replace(ranking.default(), bands=(Band("now", 0),))
    pipeline.judged_by(replace(pipeline.work.policy, ruleset=only))
    await put(pipeline, ids, START)

    assert (await pipeline.due()).rescored == 3
    assert (await pipeline.due()).total == 0

    poisoned, *others = await pipeline.tasks()
    assert poisoned.valid_until == START + rescoring.POISONED_FOR
    assert all(task.scored_at == START and task.valid_until != START for task in others)


async def test_facts_that_no_program_of_ours_wrote_stop_nothing(pipeline: Pipeline) -> None:
    await pipeline.take(*questions(3))
    ids = [task.id for task in await pipeline.tasks()]
    for task_id, facts in zip(ids, ({"asks": 5, "due_at": {"value": "soon"}}, ["asks"]), strict=False):
        async with pipeline.database.writing() as session:
            await session.execute(update(TaskFacts).where(TaskFacts.task_id == task_id).values(facts=facts))
    await put(pipeline, ids, START)

    assert (await pipeline.due()).rescored == 3
    assert (await pipeline.due()).total == 0
    assert all(task.scored_at == START for task in await pipeline.tasks())


async def test_a_newer_score_is_not_overwritten_by_an_older_one(pipeline: Pipeline) -> None:
    """A person acts while the clock computes: compare-and-set."""
    await pipeline.take(*questions(1))
    task = await pipeline.task()
    stale = {"id": task.id, "b_score_revision": task.score_revision, "points_milli": -1}
    await pipeline.edit(task.id, due_at=START)

    async with pipeline.database.writing() as session:
        await update_rows(session, Task, [stale], unless_changed="score_revision")

    assert (await pipeline.task()).points_milli != -1


async def test_two_at_once_do_the_work_once(pipeline: Pipeline) -> None:
    await pipeline.take(*questions(40))
    await put(pipeline, [task.id for task in await pipeline.tasks()], START)
    revisions = {task.id: task.score_revision for task in await pipeline.tasks()}

    await asyncio.gather(*(pipeline.due() for _ in range(4)))
    await pipeline.due()

    after = await pipeline.tasks()
    assert all(task.valid_until is None or task.valid_until > START for task in after)
    assert {task.id: task.score_revision for task in after} == {i: n + 1 for i, n in revisions.items()}


async def test_scores_are_kept_while_mail_comes_in_and_people_act(pipeline: Pipeline) -> None:
    await pipeline.take(*questions(30))
    ids = [task.id for task in await pipeline.tasks()]
    await put(pipeline, ids, START)
    pipeline.in_pages_of(5)
    replies = [answer(f"q{n}@x.example", id=f"a{n}@x.example", subject="Re: Contract") for n in range(30)]

    await asyncio.gather(
        pipeline.take(*replies), pipeline.due(), pipeline.due(), *(pipeline.edit(i, notes="Mine") for i in ids[:10])
    )

    tasks = await pipeline.tasks()
    assert [task.turn for task in tasks] == ["theirs"] * 30
    assert [task.notes for task in tasks[:10]] == ["Mine"] * 10


async def test_when_the_settings_change_who_we_are_all_tasks_are_derived_again(pipeline: Pipeline) -> None:
    pipeline.judged_by(policy())
    await pipeline.take(*questions(7))
    before = await pipeline.tasks()
    assert {task.turn for task in before} == {None}

    pipeline.judged_by(policy(US))
    rounds = [
        (await rescoring.do_what_is_due(pipeline.database, pipeline.work.policy, now=START, batch=3)).derived
        for _ in range(4)
    ]

    after = await pipeline.tasks()
    assert rounds == [3, 3, 1, 0]
    assert {task.turn for task in after} == {"ours"}
    assert [task.version for task in after] == [task.version for task in before]
    assert all(new.score_revision > old.score_revision for new, old in zip(after, before, strict=True))


async def test_another_ruleset_ranks_all_open_tasks_again(pipeline: Pipeline) -> None:
    await pipeline.take(*questions(2), mail(id="news@x.example", headers={"Precedence": "bulk"}))
    text = ruleset.shipped_text("default").replace("now = 70", "now = 41")

    pipeline.judged_by(replace(pipeline.work.policy, ruleset=ruleset.parse(text)))

    done = await pipeline.due()
    assert (done.derived, done.reranked) == (0, 2)
    assert (await pipeline.due()).total == 0
    assert all((task.band == "now") == (task.points_milli >= 41_000) for task in await pipeline.tasks())


async def test_scores_that_have_run_out_are_found_by_an_index(on_sqlite: Pipeline) -> None:
    """Those of tasks that are over run out as well, and nobody scores them again: in the end they are most of all."""
    await on_sqlite.take(*questions(1))
    task = await on_sqlite.task()
    await on_sqlite.complete(task.id)
    await put(on_sqlite, [task.id], START)
    await many(on_sqlite, task.id, 2_000)
    query = select(Task.id).where(scoring.run_out(START))
    found = query.compile(on_sqlite.database.engine, compile_kwargs={"render_postcompile": True})
    given = tuple(str(found.params[name]) for name in found.positiontup or ())

    async with on_sqlite.database.writing() as session:
        connection = await session.connection()
        before = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {found}", given)).all()
        await connection.exec_driver_sql("ANALYZE")
        after = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {found}", given)).all()

    by = "SEARCH tasks USING INDEX ix_tasks_status_valid_until (status=? AND valid_until<?)"
    assert [row[-1] for row in (*before, *after)] == [by, by]
