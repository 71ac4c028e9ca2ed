"""`top --at`: the queue as it stood, from what had been written by then."""

import shutil
import tracemalloc
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.database import Database
from app.domains.tasks.earlier import Moment
from app.domains.tasks.schemas import TaskOut
from app.workflows import as_of
from tests.conftest import SettableClock
from tests.workflows.mailbox import ANNA, BEN, US, answer, mail, moment, newsletter
from tests.workflows.pipeline import Pipeline

DAY_1, DAY_2, DAY_3 = "2026-03-02T20:00", "2026-03-03T20:00", "2026-03-04T20:00"
MAILBOX = [
    mail("Could you please sign it by 6 March?"),
    answer("one@client.example", "We will.", at="2026-03-03T09:00"),
    answer(
        "two@watch.example",
        "It is urgent now: can you sign it today?",
        id="three@client.example",
        refs="one@client.example two@watch.example",
        at="2026-03-04T09:00",
        sender=ANNA,
        to=US,
    ),
    mail("When shall we meet?", id="lunch@x.example", subject="Lunch", sender=BEN, at="2026-03-03T11:00"),
    newsletter(),
    answer("news@shop.example", "Shall we order?", id="order@x.example", sender=BEN, to=US, at="2026-03-04T11:00"),
    mail("The draft is ready, any thoughts?", id="draft@x.example", subject="Draft", sender=BEN, at="2026-03-01T11:00"),
]
SENT = [moment(at) for at in ("2026-03-02T08:00", "2026-03-03T09:00", "2026-03-04T09:00", "2026-03-03T11:00")]
SENT += [moment(at) for at in ("2026-03-02T08:00", "2026-03-04T11:00", "2026-03-01T11:00")]
OWN = {"id", "version", "created_at", "updated_at"}
"""What depends on when and in which order a task was imported."""


async def top(pipeline: Pipeline, at: datetime) -> list[TaskOut]:
    async with pipeline.database.reading() as session:
        return await as_of.top(session, pipeline.work.policy, asked(pipeline, at), limit=50)


def asked(pipeline: Pipeline, at: datetime) -> Moment:
    return Moment(at, pipeline.clock(), timedelta(days=90))


def shown(tasks: list[TaskOut]) -> list[dict[str, Any]]:
    return [task.model_dump(exclude=OWN) for task in tasks]


async def test_later_messages_count_for_nothing(pipeline: Pipeline) -> None:
    await pipeline.take(*MAILBOX)

    (day_1,) = [task for task in await top(pipeline, moment(DAY_1)) if task.title == "The signed offer"]
    (day_2,) = [task for task in await top(pipeline, moment(DAY_2)) if task.title == "The signed offer"]

    assert (day_1.turn, day_1.last_item_at) == ("ours", SENT[0])
    assert (day_2.turn, day_2.last_item_at) == ("theirs", SENT[1])


async def test_what_began_later_or_was_no_work_yet_is_absent(pipeline: Pipeline) -> None:
    await pipeline.take(*MAILBOX)

    assert {task.title for task in await top(pipeline, moment(DAY_1))} == {"The signed offer", "Draft"}
    assert {task.title for task in await top(pipeline, moment(DAY_2))} == {"The signed offer", "Draft", "Lunch"}
    assert "Spring prices" in {task.title for task in await top(pipeline, moment(DAY_3))}


async def test_the_queue_of_a_day_is_that_of_importing_only_what_had_been_sent(
    sqlite_template: Path, tmp_path: Path, clock: SettableClock
) -> None:
    for number, at in enumerate(map(moment, (DAY_1, DAY_2, DAY_3, "2026-03-02T08:00", "2026-02-01T08:00"))):
        earlier = [message for message, sent in zip(MAILBOX, SENT, strict=True) if sent <= at]
        queues = []
        for name, messages in (("all", MAILBOX), ("earlier", earlier)):
            copy = shutil.copyfile(sqlite_template, tmp_path / f"{name}{number}.db")
            database = Database(f"sqlite+aiosqlite:///{copy}")
            pipeline = Pipeline(database, clock, tmp_path)
            await pipeline.take(*messages)
            queues.append(shown(await top(pipeline, at)))
            await database.close()

        assert queues[0] == queues[1]


async def test_as_of_now_it_is_the_queue_itself(pipeline: Pipeline) -> None:
    pipeline.clock.now = moment(DAY_3)
    await pipeline.take(*MAILBOX)

    queue = await top(pipeline, moment(DAY_3))

    stored = {task.id: task for task in await pipeline.tasks()}
    assert len(queue) == 4
    for task in queue:
        row = stored[task.id]
        assert (float(task.points), task.band, task.valid_until) == (row.points_milli / 1000, row.band, row.valid_until)
        assert (task.turn, task.since, task.due_at, task.title) == (row.turn, row.since, row.due_at, row.title)


async def test_any_time_can_be_asked_for(on_sqlite: Pipeline) -> None:
    await on_sqlite.take(*MAILBOX)

    assert await top(on_sqlite, moment("0001-01-02T00:00")) == []
    assert len(await top(on_sqlite, moment("9999-12-30T00:00"))) == 4


async def test_the_first_ones_are_found_however_many_are_read_at_a_time(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pipeline.take(*MAILBOX)
    everything = await top(pipeline, moment(DAY_2))

    monkeypatch.setattr(as_of, "BATCH", 1)
    async with pipeline.database.reading() as session:
        first_two = await as_of.top(session, pipeline.work.policy, asked(pipeline, moment(DAY_2)), limit=2)

    assert (await top(pipeline, moment(DAY_2)), first_two) == (everything, everything[:2])


async def test_what_is_kept_in_memory_does_not_grow_with_the_tasks(
    on_sqlite: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_of, "BATCH", 50, raising=False)
    peaks = []
    for hundred in range(0, 600, 100):
        names = [f"n{number}@x.example" for number in range(hundred, hundred + 100)]
        await on_sqlite.take(*(mail("Could you sign it?", id=name, subject=f"Offer {name}") for name in names))
        peaks.append(await peak(on_sqlite))

    assert max(peaks[1:]) < 1.5 * peaks[1]


async def peak(pipeline: Pipeline) -> int:
    """The most memory that asking for the first tasks took, in bytes."""
    async with pipeline.database.reading() as session:
        await as_of.top(
            session, pipeline.work.policy, asked(pipeline, moment(DAY_2)), limit=5
        )  # statements are compiled once
    tracemalloc.start()
    try:
        async with pipeline.database.reading() as session:
            await as_of.top(session, pipeline.work.policy, asked(pipeline, moment(DAY_2)), limit=5)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
