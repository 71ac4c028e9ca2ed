"""Rows that are tasks at their source: what they say is taken over, what people set here stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from graphlib import CycleError, TopologicalSorter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from app.domains import ranking
from app.domains.ranking import Fact
from app.domains.tasks import actions, joining, rules
from app.domains.tasks.actions import Acting
from app.domains.tasks.belongings_at_source import without_circles
from app.domains.tasks.models import Task, TaskDependency, TaskLabel
from app.records import Item, Person, Work
from tests.conftest import START
from tests.workflows.given import line, row, take
from tests.workflows.pipeline import Pipeline, totals

DUE = datetime(2026, 3, 4, 17, tzinfo=UTC)
SAID = Work(
    status="open",
    status_name="In review",
    due_at=DUE,
    priority="high",
    assignees=(Person("Ben", "ben@client.example"),),
    project="Billing",
    labels=("backend", "q1"),
    scheduled_at=START + timedelta(days=1),
    started_at=START,
    fields=(("Estimate", "3 days"),),
)
DONE = replace(SAID, status="done", status_name="Shipped")


async def rows(pipeline: Pipeline, *items: Item) -> Any:
    return await take(pipeline, *items, kind="notion")


async def labels(pipeline: Pipeline, task: Task) -> list[str]:
    async with pipeline.database.reading() as session:
        query = select(TaskLabel.label).where(TaskLabel.task_id == task.id).order_by(TaskLabel.label)
        return list((await session.execute(query)).scalars())


async def dependencies(pipeline: Pipeline) -> list[tuple[str, str]]:
    """Titles of those who wait, and of what they wait for."""
    titles = {task.id: task.title for task in await pipeline.tasks()}
    async with pipeline.database.reading() as session:
        found = await session.execute(select(TaskDependency.task_id, TaskDependency.depends_on))
        return sorted((titles[waiting], titles[needed]) for waiting, needed in found)


async def test_a_row_brings_its_own_fields(pipeline: Pipeline) -> None:
    run = await rows(pipeline, row("a", work=SAID))

    task = await pipeline.task()
    assert (task.title, task.status, task.due_at, task.priority) == ("Migrate the billing", "open", DUE, "high")
    assert (task.assignee, task.project, task.started_at) == ("Ben", "Billing", START)
    assert await labels(pipeline, task) == ["backend", "q1"]
    assert (run.tasks_new, run.context) == (1, 0)
    facts = await pipeline.facts(task.id)
    assert {name: facts[name].source for name in ("due_at", "priority", "assignee", "labels")} == dict.fromkeys(
        ("due_at", "priority", "assignee", "labels"), "integration"
    )


async def test_a_row_waits_for_no_answer_and_falls_not_silent(pipeline: Pipeline) -> None:
    await rows(pipeline, row("a", work=SAID))

    known = await pipeline.facts((await pipeline.task()).id)
    assert not {"unanswered", "last_item_at", "turn_since", "replies"} & set(known)
    assert (await pipeline.task()).turn is None


async def test_words_of_a_row_count_where_no_column_says_it(pipeline: Pipeline) -> None:
    await rows(pipeline, row("a", text="Urgent: must be finished by 6 March 2026, 12:00 UTC."))

    values = await pipeline.values()
    assert values["says_urgent"] is True
    assert values["due_at"] == datetime(2026, 3, 6, 12, tzinfo=UTC)


async def test_what_changes_in_the_row_changes_in_the_task(pipeline: Pipeline) -> None:
    await rows(pipeline, row("a", work=SAID))
    changed = replace(SAID, due_at=None, priority="low", assignees=(), labels=("q2",))

    run = await rows(pipeline, row("a", "Migrate all billing", work=changed, revised_at=START + timedelta(hours=1)))

    task = await pipeline.task()
    assert totals(run) == (0, 1, 0, 0)
    assert (task.title, task.due_at, task.priority, task.assignee) == ("Migrate all billing", None, "low", None)
    assert await labels(pipeline, task) == ["q2"]


async def test_a_row_that_is_finished_at_its_source_is_done_and_says_why(pipeline: Pipeline) -> None:
    await rows(pipeline, row("a", work=SAID))
    await rows(pipeline, row("a", work=DONE, revised_at=START + timedelta(hours=1)))

    task = await pipeline.task()
    assert task.status == "done"
    assert await pipeline.history(task.id) == ["completed"]

    await rows(pipeline, row("a", work=SAID, revised_at=START + timedelta(hours=2)))
    assert (await pipeline.task()).status == "open"
    assert await pipeline.history(task.id) == ["completed", "reopened"]


async def test_a_row_that_comes_finished_was_never_work(pipeline: Pipeline) -> None:
    await rows(pipeline, row("a", work=DONE), row("b", work=replace(SAID, status="declined", status_name="Won't do")))

    assert [(task.status, task.status_reason) for task in await pipeline.tasks()] == [
        ("done", None),
        ("declined", "It is “Won't do” in notion."),
    ]


async def test_what_a_person_set_stands_whatever_the_row_says_later(pipeline: Pipeline) -> None:
    await rows(pipeline, row("a", work=SAID))
    task = await pipeline.task()
    mine = {"title": "Billing, at last", "due_at": START, "assignee": "kim", "priority": "low", "project": "Mine"}
    await pipeline.edit(task.id, labels=["mine"], **mine)
    await pipeline.complete(task.id)

    changed = replace(SAID, status="declined", priority="urgent", labels=("other",), project="Theirs")
    await rows(pipeline, row("a", "Other", work=changed, revised_at=START + timedelta(hours=1)))

    after = await pipeline.task()
    assert {name: getattr(after, name) for name in mine} == mine
    assert (after.status, await labels(pipeline, after)) == ("done", ["mine"])


async def test_a_task_done_here_is_not_reopened_by_a_row_that_is_still_open(pipeline: Pipeline) -> None:
    await rows(pipeline, row("a", work=SAID))
    await pipeline.complete((await pipeline.task()).id)

    await rows(pipeline, row("a", "Migrate all billing", work=SAID, revised_at=START + timedelta(hours=1)))

    assert (await pipeline.task()).status == "done"


async def test_what_a_row_waits_for_is_known_whichever_comes_first(pipeline: Pipeline) -> None:
    waiting = row("a", "Send the invoice", work=Work(depends_on=("notion:b", "notion:never-came")))
    await rows(pipeline, waiting)
    assert await dependencies(pipeline) == []

    await rows(pipeline, row("b", "Agree on the price"))

    assert await dependencies(pipeline) == [("Send the invoice", "Agree on the price")]
    first, second = await pipeline.tasks()
    assert (await pipeline.facts(first.id))["blocked"].value == 1
    assert (await pipeline.facts(second.id))["blocking"].value == 1


async def test_a_circle_at_the_source_is_left_open(pipeline: Pipeline) -> None:
    run = await rows(
        pipeline,
        row("a", "First", work=Work(depends_on=("notion:b",))),
        row("b", "Second", work=Work(depends_on=("notion:a",))),
        row("c", "Third", work=Work(depends_on=("notion:c",))),
    )

    assert run.state == "succeeded"
    assert len(await dependencies(pipeline)) == 1


@pytest.mark.parametrize("size", [1, 2, 250])
async def test_a_circle_through_several_pages_is_left_open_as_well(pipeline: Pipeline, size: int) -> None:
    pipeline.in_pages_of(size)
    names = "abcde"
    circle = [row(n, f"Row {n}", work=Work(depends_on=(f"notion:{m}",))) for n, m in zip(names, "bcdea", strict=True)]

    await rows(pipeline, *circle)

    assert len(await dependencies(pipeline)) == len(names) - 1


async def test_a_long_chain_costs_a_few_statements_a_page(on_sqlite: Pipeline) -> None:
    chain = [row(f"r{n}", f"Row {n}", work=Work(depends_on=(f"notion:r{n + 1}",))) for n in range(600)]
    statements: list[str] = []
    event.listen(on_sqlite.database.engine.sync_engine, "before_cursor_execute", lambda *a: statements.append(a[2]))

    await rows(on_sqlite, *chain)

    assert len(await dependencies(on_sqlite)) == 599
    assert len(statements) < 1_000


@given(st.dictionaries(st.integers(1, 12), st.sets(st.integers(1, 12)), max_size=12))
def test_whatever_rows_say_no_task_ends_up_waiting_for_itself(wanted: dict[int, set[int]]) -> None:
    sound = without_circles(wanted, {})

    TopologicalSorter(sound).prepare()  # raises where there is a circle
    assert all(set(needed) <= wanted[task_id] for task_id, needed in sound.items())
    if not any(task_id in needed for task_id, needed in wanted.items()) and acyclic(wanted):
        assert {i: set(needed) for i, needed in sound.items()} == wanted


def acyclic(edges: dict[int, set[int]]) -> bool:
    try:
        TopologicalSorter(edges).prepare()
    except CycleError:
        return False
    return True


async def test_dependencies_that_a_person_set_stand(pipeline: Pipeline) -> None:
    await rows(pipeline, row("a", "First", work=Work(depends_on=("notion:b",))), row("b", "Second"), row("c", "Third"))
    first, _, third = await pipeline.tasks()
    await pipeline.act(first.id, "edit", rules.edit({}, None, [third.id]))

    await rows(pipeline, row("a", "First", text="More", work=Work(depends_on=("notion:b",)), revised_at=DUE))

    assert await dependencies(pipeline) == [("First", "Third")]


async def test_ids_of_any_length_are_stored_and_found_again(pipeline: Pipeline) -> None:
    endless = "漢" * 3_000
    waiting = row("a", "First", work=Work(depends_on=(f"notion:{endless}",)))
    given = (waiting, row(endless, "Second"), row(endless + "!", "Third"))

    assert totals(await rows(pipeline, *given)) == (3, 0, 0, 0)
    assert totals(await rows(pipeline, *given)) == (0, 0, 3, 0)
    assert await dependencies(pipeline) == [("First", "Second")]


async def test_importing_rows_again_changes_nothing(pipeline: Pipeline) -> None:
    given = [row(f"r{n}", f"Row {n}", work=replace(SAID, depends_on=(f"notion:r{n + 1}",))) for n in range(30)]
    await rows(pipeline, *given)
    before = await pipeline.dump()

    run = await rows(pipeline, *given)

    assert totals(run) == (0, 0, 30, 0)
    assert await pipeline.dump() == before


async def test_a_row_merged_into_a_conversation_keeps_bringing_its_fields(pipeline: Pipeline) -> None:
    await rows(pipeline, row("a", work=SAID))
    await take(pipeline, line(1, "Could you please look at the billing migration?"))
    of_row, of_line = await pipeline.tasks()
    async with pipeline.database.writing() as session:
        acting = Acting(policy=pipeline.work.policy, now=pipeline.clock(), integrations={})
        both = await actions.load(session, [of_row.id, of_line.id])
        await joining.merge(session, both[of_row.id], both[of_line.id], acting)

    await rows(pipeline, row("a", work=replace(SAID, priority="urgent"), revised_at=START + timedelta(hours=1)))

    task = await pipeline.task()
    assert (task.kind, task.priority, task.due_at, task.status) == ("slack", "urgent", DUE, "open")
    assert (await pipeline.values())["asks"]


async def test_a_row_that_one_of_us_has_is_ours_to_do(pipeline: Pipeline) -> None:
    ours, theirs = Person("Kim", "us@watch.example"), Person("Ben", "ben@client.example")
    await rows(
        pipeline,
        row("a", "Ours", work=Work(assignees=(ours,))),
        row("b", "Ours as well", work=Work(assignees=(theirs, ours))),
        row("c", "Somebody else's", work=Work(assignees=(theirs,))),
        row("d", "Nobody's", work=Work()),
        row("e", "Finished", work=Work(status="done", assignees=(ours,))),
    )

    tasks = await pipeline.tasks()
    assert [task.turn for task in tasks] == ["ours", "ours", None, None, None]
    known = [await pipeline.facts(task.id) for task in tasks]
    said = [facts["assigned_to_us"].value if "assigned_to_us" in facts else None for facts in known]
    assert said == [True, True, False, None, True]
    assert not any("turn" in facts for facts in known)
    assert "Ours to do: Kim has it" in tasks[0].reasons


async def test_a_task_that_a_person_gives_to_one_of_us_is_ours_to_do(pipeline: Pipeline) -> None:
    await rows(pipeline, row("a", work=Work()))
    task = await pipeline.task()

    await pipeline.edit(task.id, assignee="us@watch.example")

    assert (await pipeline.task()).turn == "ours"


def test_a_conversation_long_silent_sinks_however_long_overdue() -> None:
    """Each grows by the year; silence by more."""
    for years in (2, 10, 25):
        asked = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=365 * years)
        facts = {"due_at": Fact(value=asked + timedelta(days=7)), "last_item_at": Fact(value=asked)}

        assert ranking.score(facts, ranking.default(), datetime(2026, 1, 1, tzinfo=UTC)).points < 15
