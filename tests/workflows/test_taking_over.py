"""A process that was taken for dead while it only slept: whoever took its import over is not disturbed by it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import update

from app.domains.connections.models import SyncRun
from app.integrations import registry
from app.integrations.contract import Options, Reader
from app.records import Read
from app.workflows import importing, runs
from app.workflows.runs import LEASE
from tests.workflows.mailbox import mail, write
from tests.workflows.pipeline import Pipeline, eventually
from tests.workflows.test_interruption import run_of, worker

MBOX = registry.KINDS["mbox"]


@dataclass
class Halting:
    """Reads mail as ever, and stands still before the message of a number until it may go on."""

    before: int
    go_on: Event
    reader: Reader = MBOX.reader

    def recognises(self, path: Path) -> bool:
        return self.reader.recognises(path)

    def read(self, path: Path, options: Options, /) -> Iterator[Read]:
        for number, step in enumerate(self.reader.read(path, options)):
            if number == self.before:
                self.go_on.wait(10)
            yield step


async def waiting(pipeline: Pipeline, count: int = 12) -> tuple[int, Path]:
    pipeline.in_pages_of(2)
    path = write(pipeline.folder / "upload.mbox", [mail(id=f"m{n}@x", subject=f"Matter {n}") for n in range(count)])
    async with pipeline.database.writing() as session:
        run = await importing.begin(session, MBOX, what="upload.mbox", into=None, now=pipeline.clock(), path=path)
    return run.id, path


async def test_a_sleeper_leaves_the_upload_to_whoever_took_it_over(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id, path = await waiting(pipeline)
    sleeper, successor = Event(), Event()
    monkeypatch.setitem(registry.KINDS, "mbox", replace(MBOX, reader=Halting(4, sleeper)))
    first = asyncio.create_task(worker(pipeline).import_next())

    async def stands_still() -> bool:
        return (await run_of(pipeline, run_id)).read == 4

    await eventually(stands_still)
    pipeline.clock.advance(LEASE + timedelta(seconds=1))
    monkeypatch.setitem(registry.KINDS, "mbox", replace(MBOX, reader=Halting(8, successor)))
    second = asyncio.create_task(worker(pipeline).import_next())

    async def further() -> bool:
        return (await run_of(pipeline, run_id)).read > 4

    await eventually(further)
    sleeper.set()
    await first
    assert path.exists()
    assert (await run_of(pipeline, run_id)).state == "running"

    successor.set()
    await second
    run = await run_of(pipeline, run_id)
    assert (run.state, run.read, run.new) == ("succeeded", 12, 12)
    assert not path.exists()


async def test_a_sleeper_that_is_stopped_gives_back_nothing_that_is_not_its_own(pipeline: Pipeline) -> None:
    run_id, _ = await waiting(pipeline)
    async with pipeline.database.writing() as session:
        await session.execute(update(SyncRun).where(SyncRun.id == run_id).values(state="running", owner="successor"))

    await runs.give_back(pipeline.database, run_id, "sleeper")

    assert (await run_of(pipeline, run_id)).state == "running"


async def test_whoever_reads_for_long_says_that_it_lives(pipeline: Pipeline) -> None:
    run_id, path = await waiting(pipeline)
    reading = Event()
    work = replace(pipeline.work, lease=timedelta(seconds=0.1))
    task = asyncio.create_task(importing.carry_out(work, run_id, replace(MBOX, reader=Halting(4, reading)), path))
    later = pipeline.clock.advance(minutes=1)

    async def told() -> bool:
        return (await run_of(pipeline, run_id)).seen_at == later

    await eventually(told)
    reading.set()
    assert (await task).state == "succeeded"
