"""One task for one conversation: found by ids, then by subject and people, in whatever order mail arrives."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.database import Database
from tests.conftest import SettableClock
from tests.workflows.mailbox import ANNA, BEN, US, answer, mail
from tests.workflows.pipeline import Pipeline

QUESTION = mail()
ANSWER = answer("one@client.example")
THANKS = answer(
    "two@watch.example",
    "One more thing: by when can you sign?",
    id="three@client.example",
    refs="one@client.example two@watch.example",
    at="2026-03-02T12:00",
    sender=ANNA,
    to=US,
)


async def conversations(pipeline: Pipeline) -> set[frozenset[str]]:
    """The ids of the messages that stand together."""
    together: dict[int, set[str]] = {}
    for item in await pipeline.items():
        assert item.task_id is not None
        together.setdefault(item.task_id, set()).add(item.external_id)
    return {frozenset(ids) for ids in together.values()}


async def test_references_make_one_conversation(pipeline: Pipeline) -> None:
    await pipeline.take(QUESTION, ANSWER, THANKS)

    assert (await pipeline.task()).title == "The signed offer"


async def test_in_reply_to_alone_makes_one_conversation(on_sqlite: Pipeline) -> None:
    await on_sqlite.take(QUESTION, answer("one@client.example", refs="", subject="Something else"))

    assert len(await on_sqlite.tasks()) == 1


async def test_siblings_meet_through_a_parent_nobody_imported(pipeline: Pipeline) -> None:
    lost = "lost@client.example"
    await pipeline.take(answer(lost, id="a@x.example", subject="Re: A"))
    await pipeline.take(answer(lost, id="b@x.example", subject="Re: B", at="2026-05-02T10:00"))

    assert await conversations(pipeline) == {frozenset({"a@x.example", "b@x.example"})}


async def test_an_answer_may_come_before_its_question(pipeline: Pipeline) -> None:
    await pipeline.take(THANKS)
    await pipeline.take(QUESTION)

    task = await pipeline.task()
    assert (task.title, task.opened_at) == ("The signed offer", (await pipeline.items())[1].sent_at)


async def test_a_parent_that_comes_last_joins_two_tasks_into_the_older_one(pipeline: Pipeline) -> None:
    left = mail(id="left@x.example", subject="Left", refs="")
    right = mail(id="right@x.example", subject="Right", refs="")
    await pipeline.take(left, right)
    first, second = await pipeline.tasks()

    await pipeline.take(mail(id="both@x.example", at="2026-03-03T08:00", refs="left@x.example right@x.example"))

    task = await pipeline.task()
    gone = next(t for t in await pipeline.tasks(deleted_too=True) if t.id == second.id)
    assert (task.id, gone.merged_into) == (first.id, first.id)
    assert len(await pipeline.items(task.id)) == 3
    assert "joined" in await pipeline.history(task.id)
    assert "joined" in await pipeline.history(gone.id)


async def test_joining_keeps_what_people_set_on_either_task(pipeline: Pipeline) -> None:
    await pipeline.take(mail(id="left@x.example", subject="Left"), mail(id="right@x.example", subject="Right"))
    first, second = await pipeline.tasks()
    await pipeline.edit(first.id, labels=["blue"], notes="Left notes", assignee="Kim")
    await pipeline.edit(second.id, labels=["red"], notes="Right notes", priority="high", assignee="Lee")

    await pipeline.take(mail(id="both@x.example", at="2026-03-03T08:00", refs="left@x.example right@x.example"))

    task = await pipeline.task()
    assert (task.assignee, task.priority, task.notes) == ("Kim", "high", "Left notes\n\nRight notes")
    assert (await pipeline.values())["labels"] == ("blue", "red")


@pytest.mark.parametrize(("mine", "other", "joined"), [("done", "open", "open"), ("done", "done", "done")])
async def test_of_two_joined_tasks_the_status_with_more_to_do_holds(
    on_sqlite: Pipeline, mine: str, other: str, joined: str
) -> None:
    await on_sqlite.take(mail(id="left@x.example", subject="Left"), mail(id="right@x.example", subject="Right"))
    for task, status in zip(await on_sqlite.tasks(), (mine, other), strict=True):
        if status == "done":
            await on_sqlite.complete(task.id)

    late = mail(id="both@x.example", at="2026-03-01T08:00", refs="left@x.example right@x.example")
    await on_sqlite.take(late)

    assert (await on_sqlite.task()).status == joined


async def test_a_new_message_in_a_deleted_conversation_does_not_drag_others_into_it(on_sqlite: Pipeline) -> None:
    await on_sqlite.take(mail(id="left@x.example", subject="Left"), mail(id="right@x.example", subject="Right"))
    left, _ = await on_sqlite.tasks()
    await on_sqlite.delete(left.id)

    await on_sqlite.take(mail(id="both@x.example", at="2026-03-03T08:00", refs="right@x.example left@x.example"))

    assert [task.title for task in await on_sqlite.tasks()] == ["Right"]


@pytest.mark.parametrize(
    ("changed", "tasks"),
    [
        pytest.param({}, 1, id="the same people within the window"),
        pytest.param({"to": "Cy <cy@else.example>"}, 2, id="nobody in common"),
        pytest.param({"at": "2026-05-01T10:00"}, 2, id="too late"),
        pytest.param({"at": "2026-02-20T10:00"}, 2, id="before the question"),
        pytest.param({"subject": "Re: The unsigned offer"}, 2, id="another subject"),
        pytest.param({"subject": "The signed offer"}, 2, id="no mark of an answer"),
    ],
)
@pytest.mark.parametrize("reverse", [False, True], ids=["in order", "reversed"])
async def test_an_answer_with_unknown_ids_joins_by_subject_and_people(
    on_sqlite: Pipeline, changed: dict[str, str], tasks: int, reverse: bool
) -> None:
    usual = {"id": "orphan@partner.example", "at": "2026-03-04T10:00", "sender": BEN, "to": US}
    values: dict[str, Any] = usual | {"refs": "rewritten@list.example", "subject": "Re: The signed offer"} | changed
    orphan = mail("I have a copy of it.", **values)
    for message in (orphan, QUESTION) if reverse else (QUESTION, orphan):
        await on_sqlite.take(message)

    assert len(await on_sqlite.tasks()) == tasks


@pytest.mark.parametrize("mark", ["Re:", "Odp:", "Antwort:", "回复:", "Re (2):", "Re :", "[team] AW:"])
@pytest.mark.parametrize("reverse", [False, True], ids=["in order", "reversed"])
async def test_every_mark_of_an_answer_counts_alike_on_one_page_and_on_two(
    pipeline: Pipeline, mark: str, reverse: bool
) -> None:
    subject = f"{mark} The signed offer"
    reply = mail("We will.", id="orphan@watch.example", at="2026-03-02T10:00", sender=US, to=ANNA, subject=subject)
    pipeline.in_pages_of(1)

    await pipeline.take(*((reply, QUESTION) if reverse else (QUESTION, reply)))

    assert (await pipeline.task()).title == "The signed offer"


async def test_titles_leave_the_mark_out_of_an_answer_whose_question_is_missing(on_sqlite: Pipeline) -> None:
    await on_sqlite.take(answer("lost@client.example", subject="Odp: The signed offer"))

    assert (await on_sqlite.task()).title == "The signed offer"
    assert [item.subject for item in await on_sqlite.items()] == ["Odp: The signed offer"]


@pytest.mark.parametrize("subject", ["Hello", "Question", "", "Re:"])
async def test_a_subject_that_says_nothing_joins_nobody(on_sqlite: Pipeline, subject: str) -> None:
    await on_sqlite.take(
        mail(id="a@x.example", subject=subject), mail(id="b@x.example", subject=f"Re: {subject}", at="2026-03-02T09:00")
    )

    assert len(await on_sqlite.tasks()) == 2


@pytest.mark.parametrize("size", [1, 3, 250])
@pytest.mark.parametrize("reverse", [False, True], ids=["in order", "reversed"])
async def test_a_subject_that_recurs_every_week_is_a_conversation_a_week(
    on_sqlite: Pipeline, size: int, reverse: bool
) -> None:
    weeks = []
    for week, day in enumerate(("02", "09", "16")):
        own = f"week{week}@x.example"
        weeks.append(mail("Please fill it in.", id=own, at=f"2026-03-{day}T08:00", subject="Weekly figures"))
        weeks.append(answer(own, id=f"re{week}@x.example", at=f"2026-03-{day}T12:00", subject="Re: Weekly figures"))
    on_sqlite.in_pages_of(size)

    await on_sqlite.take(*(reversed(weeks) if reverse and size > 3 else weeks))

    assert len(await on_sqlite.tasks()) == 3


def tree(parents: Sequence[int]) -> list[bytes]:
    """A conversation: message n answers message parents[n-1]; Anna and we write in turn, hourly."""
    chains: list[list[str]] = [[]]
    made = [mail("Could you please sign it by 12 March?", id="m0@x.example", subject="Plan 9")]
    for number, parent in enumerate(parents, 1):
        chain = [*chains[parent], f"m{parent}@x.example"]
        chains.append(chain)
        sender, to = (US, ANNA) if number % 2 else (ANNA, US)
        at = f"2026-03-0{2 + number // 10}T{8 + number % 10:02}:00"
        refs, text = " ".join(chain), f"Can you look at point {number}, please?"
        made.append(mail(text, id=f"m{number}@x.example", at=at, sender=sender, to=to, refs=refs, subject="Re: Plan 9"))
    return made


conversation_trees = st.lists(st.integers(0, 6), max_size=7).map(
    lambda given: tree([min(parent, number) for number, parent in enumerate(given)])
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), messages=conversation_trees)
def test_any_order_and_any_pages_give_the_same_tasks(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, messages: list[bytes]
) -> None:
    stranger = mail("Something else?", id="else@x.example", subject="Lunch", sender=BEN)
    shuffled = data.draw(st.permutations([*messages, stranger]))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(shuffled)), max_size=3)))
    folder = tmp_path_factory.mktemp("mail")

    async def outcome(name: str, batches: Sequence[Sequence[bytes]], size: int) -> Any:
        shutil.copyfile(sqlite_template, folder / name)
        database = Database(f"sqlite+aiosqlite:///{folder / name}")
        pipeline = Pipeline(database, SettableClock(), folder, page_size=size)
        for batch in batches:
            await pipeline.take(*batch)
        names = {item.id: item.external_id for item in await pipeline.items()}
        found = {}
        for task in await pipeline.tasks():
            facts = await pipeline.facts(task.id)
            members = frozenset(item.external_id for item in await pipeline.items(task.id))
            evidence = {n: (f.value, f.quote, names.get(f.item or 0)) for n, f in facts.items()}
            found[members] = (task.title, task.turn, task.since, task.status, task.points_milli, evidence)
        await database.close()
        return found

    batches = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, len(shuffled)], strict=True) if a < b]
    size = data.draw(st.integers(1, 4))

    assert asyncio.run(outcome("a.db", batches, size)) == asyncio.run(outcome("b.db", [[*messages, stranger]], 250))
