"""How long it takes until another ruleset ranks every open task, and how the queue answers meanwhile.

Also what the clock's re-scoring costs where much is stored and little is due; and beside it, what Taskwarrior needs for
a list of as many tasks.
"""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.engine import URL

from app.core.clock import utc_now
from app.core.database import Database
from app.domains import rulesets
from app.domains.ranking import Ruleset
from app.domains.ranking.ruleset import shipped, shipped_text
from app.domains.tasks import queue
from app.domains.tasks.filters import Filters
from app.domains.tasks.models import Task
from app.domains.tasks.policy import Policy
from app.workflows import seeding
from app.workflows.rescoring import Done, do_what_is_due
from scripts.benchmarks import mailbox
from scripts.benchmarks.databases import Makers, text_of
from scripts.benchmarks.figures import Aim, Sheet, percentile
from scripts.benchmarks.ingesting import once
from scripts.benchmarks.once import policy
from scripts.benchmarks.previewing import repeat

TASKS, QUICK_TASKS = 100_000, 4_000
_DUE = 200
"""So many tasks are made due for the clock's re-scoring."""
_PAGE_EVERY_S = 0.05


def reranking(makers: Makers, folder: Path, *, quick: bool) -> Sheet:
    """On the facts of tasks that an import made, each of them many times."""
    sheet = Sheet("Re-ranking", makers.kind)
    mail = folder / "reranking.mbox"
    mailbox.write(mail, 1000 if quick else 4000, seed=3)
    url = makers.new()
    once("end_to_end", url, mail, "mbox", pinned=False)
    few = repeat(url, 1_000)
    sheet.add("re-scoring what is due, few stored", _clock(url), "ms", note=f"{_DUE} due of {few:,} open tasks")
    tasks = repeat(url, QUICK_TASKS if quick else TASKS)
    sheet.add("re-scoring what is due, many stored", _clock(url), "ms", note=f"{_DUE} due of {tasks:,} open tasks")
    asyncio.run(_measure(sheet, url, tasks, quick=quick))
    if not quick:
        _beside_taskwarrior(sheet, folder, tasks)
    makers.drop(url)
    return sheet


async def _measure(sheet: Sheet, url: URL, tasks: int, *, quick: bool) -> None:
    database, text = Database(text_of(url)), shipped_text("default")
    await seeding.seed(database, now=utc_now())
    everything = text.replace("\nnow = 70\n", "\nnow = 69\n")
    took, pages, _ = await _activate(database, everything)
    note = f"{tasks:,} open tasks, {tasks / took:,.0f}/s"
    sheet.add("other bands: all ranked and stored", took, "s", aim=None if quick else Aim("≤", 20), note=note)
    sheet.add("a page of the queue meanwhile, p50", percentile(pages, 0.5) * 1000, "ms")
    sheet.add("a page of the queue meanwhile, p95", percentile(pages, 0.95) * 1000, "ms")
    for what, old, new in (
        ("one rule of fixed points", 'points = 30\nsay = "Says it is urgent', 'points = 33\nsay = "Says it is urgent'),
        ("one rule with a curve", "{ at = 50, points = 12 },", "{ at = 50, points = 13 },"),
    ):
        changed = everything.replace(old, new, 1)
        took, pages, written = await _activate(database, changed)
        share = f"{written:,} of {tasks:,} tasks stand otherwise"
        sheet.add(f"{what} changed", took, "s", aim=None if quick else Aim("≤", 5), note=share)
        everything = changed
    await database.close()


async def _activate(database: Database, text: str) -> tuple[float, list[float], int]:
    """Seconds until all is ranked, seconds of each page read meanwhile, and how many scores were written."""
    async with database.writing() as session:
        saved = await rulesets.service.save(session, "default", text, now=utc_now())
        await rulesets.service.activate(session, saved.row, actor="bench", now=utc_now())
        active = await rulesets.service.compiled(session, saved.row)
        before = (await session.execute(select(func.sum(Task.score_revision)))).scalar_one()
    judging = replace(policy(), ruleset=active)
    reading = asyncio.create_task(_pages(database))
    begun = time.perf_counter()
    while (await _round(database, judging)).total:
        pass
    took = time.perf_counter() - begun
    reading.cancel()
    async with database.reading() as session:
        after = (await session.execute(select(func.sum(Task.score_revision)))).scalar_one()
    return took, await reading, after - before


async def _round(database: Database, judging: Policy) -> Done:
    return await do_what_is_due(database, judging, now=utc_now())


async def _pages(database: Database) -> list[float]:
    """The first page again and again, until it is cancelled."""
    took: list[float] = []
    try:
        while True:
            begun = time.perf_counter()
            async with database.reading() as session:
                await queue.page(session, Filters(), sqlite=database.is_sqlite)
            took.append(time.perf_counter() - begun)
            await asyncio.sleep(_PAGE_EVERY_S)
    except asyncio.CancelledError:
        return took or [0.0]


def _clock(url: URL) -> list[float]:
    """Milliseconds of rounds in each of which the same number of tasks is due."""
    return [1000 * each for each in asyncio.run(_clock_rounds(url))]


async def _clock_rounds(url: URL, rounds: int = 5) -> list[float]:
    database, now, judging = Database(text_of(url)), utc_now(), policy()
    while (await do_what_is_due(database, judging, now=now)).total:
        pass
    took = []
    for _ in range(rounds):
        async with database.writing() as session:
            some = select(Task.id).where(Task.status == "open").order_by(Task.id.desc()).limit(_DUE)
            ids = (await session.execute(some)).scalars().all()
            await session.execute(update(Task).where(Task.id.in_(ids)).values(valid_until=now - timedelta(seconds=1)))
        begun = time.perf_counter()
        done = await do_what_is_due(database, judging, now=now)
        took.append(time.perf_counter() - begun)
        if done.rescored != _DUE:
            raise RuntimeError(f"{done.rescored} tasks were scored again, not {_DUE}")
    await database.close()
    return took


def _beside_taskwarrior(sheet: Sheet, folder: Path, tasks: int) -> None:
    """`task next` over as many tasks, as a whole process: it scores them, sorts them and prints the first."""
    program = shutil.which("task")
    if program is None:
        sheet.add("Taskwarrior", 0.0, "s", note="not installed here")
        return
    home = folder / "taskwarrior"
    home.mkdir()
    (home / "pending.data").write_text("".join(map(_line, range(tasks))), encoding="utf-8")
    settings = ["rc.confirmation=off", "rc.verbose=nothing", "rc.gc=off", "rc.recurrence=off"]
    command = [program, f"rc.data.location={home}", *settings, "rc.defaultwidth=120", "limit:50", "next"]
    surroundings = {**os.environ, "TASKRC": os.devnull, "HOME": str(home)}
    took = [
        _timed(lambda: subprocess.run(command, env=surroundings, capture_output=True, check=True)) for _ in range(3)
    ]
    sheet.add("beside it: `task next`, whole process", took, "s", note=f"{tasks:,} tasks")


def _line(number: int) -> str:
    entry = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    due = f' due:"{int((entry + timedelta(days=number % 90)).timestamp())}"' if number % 3 == 0 else ""
    name = UUID(int=(4 << 76) | (2 << 62) | number)
    return (
        f'[description:"Task {number}"{due} entry:"{int(entry.timestamp())}" '
        f'modified:"{int(entry.timestamp())}" project:"p{number % 7}" status:"pending" uuid:"{name}"]\n'
    )


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def huge(rules: int) -> Ruleset:
    """The default with its rules repeated until there are so many."""
    made = shipped("default")
    repeated = [replace(rule, id=f"{rule.id}-{number}") for number in range(rules) for rule in made.rules][:rules]
    return replace(made, rules=tuple(repeated))
