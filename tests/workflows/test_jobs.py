"""The loop of jobs: it leaves room for those who write, looks at once for what it is told of, and tidies up."""

import asyncio
import os
from collections import Counter
from datetime import timedelta

from sqlalchemy import select, text

from app.domains import connections
from app.domains.tasks.models import TaskPast
from app.integrations import registry
from app.workflows import importing
from app.workflows.jobs import Jobs
from app.workflows.tidying import Kept
from tests.conftest import SettableClock
from tests.workflows.mailbox import mail, write
from tests.workflows.pipeline import Pipeline


class Busy(Jobs):
    """Has always something to do, and holds the write lock while it does."""

    async def keep_scores(self) -> bool:
        async with self._work.database.writing() as session:
            await session.execute(text("SELECT 1"))
            await asyncio.sleep(0.3)
        return True


class Counting(Jobs):
    """Counts how often each job was looked at."""

    def count(self, job: str) -> bool:
        self.looked = getattr(self, "looked", Counter[str]())
        self.looked[job] += 1
        return False

    async def import_next(self) -> bool:
        return self.count("imports")

    async def keep_scores(self) -> bool:
        return self.count("scores")

    async def tidy(self) -> bool:
        return self.count("tidying")


async def test_a_loop_with_much_to_do_lets_others_write(on_sqlite: Pipeline) -> None:
    """SQLite lets whoever asks at the right moment write, and a waiting writer asks every 100 ms."""
    busy = Busy(on_sqlite.work, every_s=60, batch=500)
    busy.start()
    await asyncio.sleep(0.1)
    try:
        async with asyncio.timeout(2):
            for _ in range(3):
                async with on_sqlite.database.writing() as session:
                    await session.execute(text("SELECT 1"))
    finally:
        await busy.stop()


async def test_news_of_an_import_wakes_the_imports_and_nothing_else(on_sqlite: Pipeline) -> None:
    jobs = Counting(on_sqlite.work, every_s=60, batch=500)
    jobs.start()
    await asyncio.sleep(0.05)
    for _ in range(5):
        jobs.nudge()
        await asyncio.sleep(0.02)
    await jobs.stop()

    assert jobs.looked == {"imports": 6, "scores": 1, "tidying": 1}


async def test_uploads_that_no_run_waits_for_are_swept_after_a_week(on_sqlite: Pipeline) -> None:
    folder = on_sqlite.folder / "uploads"
    folder.mkdir()
    for name, days in (("waiting", 30), ("orphan", 30), ("young", 6)):
        path = write(folder / f"{name}.mbox", [mail()])
        at = (on_sqlite.clock() - timedelta(days=days)).timestamp()
        os.utime(path, (at, at))
    async with on_sqlite.database.writing() as session:
        kind, path = registry.KINDS["mbox"], folder / "waiting.mbox"
        await importing.begin(session, kind, what="waiting", into=None, now=on_sqlite.clock(), path=path)

    await Jobs(on_sqlite.work, every_s=60, batch=500, uploads=folder).tidy()

    assert sorted(os.listdir(folder)) == ["waiting.mbox", "young.mbox"]


async def test_looking_whether_an_import_waits_loads_none(on_sqlite: Pipeline) -> None:
    async with on_sqlite.database.writing() as session:
        kind, path = registry.KINDS["mbox"], on_sqlite.folder / "x.mbox"
        assert not await connections.service.any_unfinished(session)
        await importing.begin(session, kind, what="x", into=None, now=on_sqlite.clock(), path=path)
        assert await connections.service.any_unfinished(session)
        (waiting,) = await connections.service.unfinished_runs(session)

    assert (waiting.state, waiting.path) == ("queued", str(path))
    assert not hasattr(waiting, "hint")


async def test_what_was_long_ago_is_forgotten(on_sqlite: Pipeline, clock: SettableClock) -> None:
    await on_sqlite.take(mail("Could you sign it?"))
    task = await on_sqlite.task()
    for priority in ("low", "high"):
        await on_sqlite.edit(task.id, priority=priority)
        clock.advance(days=8)

    await Jobs(on_sqlite.work, every_s=60, batch=500, kept=Kept(history=timedelta(days=10))).tidy()

    async with on_sqlite.database.reading() as session:
        kept = (await session.execute(select(TaskPast.facts))).scalars().all()
    assert [facts["priority"]["value"] for facts in kept] == ["low"]
