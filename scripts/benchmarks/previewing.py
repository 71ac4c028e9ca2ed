"""How long a preview of a changed ruleset takes over 10,000 open tasks, and how long others wait meanwhile."""

import asyncio
import time
from itertools import count
from pathlib import Path
from typing import cast

from sqlalchemy import Table
from sqlalchemy.engine import URL

from app.core.clock import utc_now
from app.core.database import Database
from app.domains.ranking.ruleset import SHIPPED, shipped, shipped_text
from app.domains.tasks.models import Task
from app.workflows.rules import health, previewing
from app.workflows.rules.history import Reach
from scripts.benchmarks import mailbox
from scripts.benchmarks.databases import Makers, columns_of, connect, text_of
from scripts.benchmarks.figures import Aim, Sheet
from scripts.benchmarks.ingesting import once

TASKS, QUICK_TASKS = 10_000, 2_000
_HISTORY_DAYS = 30
_TICK_S = 0.005


def preview(makers: Makers, folder: Path, *, quick: bool) -> Sheet:
    """On the facts of tasks that an import made, each of them several times."""
    sheet = Sheet("Preview", makers.kind)
    mail = folder / "preview.mbox"
    mailbox.write(mail, 1000 if quick else 4000, seed=3)
    url = makers.new()
    once("end_to_end", url, mail, "mbox", pinned=False)
    tasks = repeat(url, QUICK_TASKS if quick else TASKS)
    rounds = 1 if quick else 5
    current, waits = asyncio.run(_previews(url, rounds, days=0))
    aim = None if quick else Aim("≤", 1.5)
    rules = len(shipped(SHIPPED[0]).rules)
    sheet.add("one rule changed", current, "s", aim=aim, note=f"{tasks:,} open tasks, {rules} rules")
    sheet.add("the longest that others wait for the server", [wait * 1000 for wait in waits], "ms")
    with_history, _ = asyncio.run(_previews(url, max(1, rounds // 2), days=_HISTORY_DAYS))
    sheet.add(f"with {_HISTORY_DAYS} days of history", with_history, "s", aim=None if quick else Aim("≤", 10))
    _outdate(url)
    neither, _ = asyncio.run(_previews(url, rounds, days=0))
    sheet.add("where no stored score could be used", neither, "s")
    sheet.add("the health of the rules", asyncio.run(_health(url, rounds)), "s")
    makers.drop(url)
    return sheet


def repeat(url: URL, wanted: int) -> int:
    """Copy the open tasks with their facts until there are so many. Returns how many there are."""
    connection = connect(url)
    cursor = connection.cursor()
    (first,) = cursor.execute("SELECT count(*) FROM tasks WHERE status = 'open'").fetchone()
    (highest,) = cursor.execute("SELECT max(id) FROM tasks").fetchone()
    columns = ", ".join(name for name in columns_of(cast(Table, Task.__table__)) if name != "id")
    there = first
    for by in count(highest, highest):
        if there >= wanted:
            break
        cursor.execute(
            f"INSERT INTO tasks (id, {columns}) SELECT id + {by}, {columns} FROM tasks "
            f"WHERE status = 'open' AND id <= {highest} ORDER BY id LIMIT {wanted - there}"
        )
        cursor.execute(
            "INSERT INTO task_facts (task_id, facts) SELECT tasks.id, facts FROM tasks "
            f"JOIN task_facts ON task_id = tasks.id - {by} WHERE tasks.id > {by}"
        )
        there += min(first, wanted - there)
    cursor.execute("ANALYZE")
    connection.close()
    return int(there)


def _outdate(url: URL) -> None:
    connection = connect(url)
    connection.cursor().execute("UPDATE tasks SET scored_with = ''")
    connection.close()


async def _previews(url: URL, rounds: int, *, days: int) -> tuple[list[float], list[float]]:
    """Seconds of each preview, each of another draft, and the longest that the event loop stood still meanwhile."""
    database = Database(text_of(url))
    took, waits = [], []
    for number in range(rounds):
        draft = shipped_text(SHIPPED[0]).replace("\npoints = 30\n", f"\npoints = {31 + number}\n", 1)
        ticking = asyncio.create_task(_longest_wait())
        begun = time.perf_counter()
        async with database.reading() as session:
            sides = await previewing.draft_side(session, draft), await previewing.stored_side(session)
            await previewing.preview(session, *sides, limit=TASKS, reach=Reach(days) if days else None, now=utc_now())
        took.append(time.perf_counter() - begun)
        ticking.cancel()
        waits.append(await ticking)
    await database.close()
    return took, waits


async def _longest_wait() -> float:
    """Until it is cancelled; in seconds."""
    longest, before = 0.0, time.perf_counter()
    try:
        while True:
            await asyncio.sleep(_TICK_S)
            now = time.perf_counter()
            longest, before = max(longest, now - before - _TICK_S), now
    except asyncio.CancelledError:
        return longest


async def _health(url: URL, rounds: int) -> list[float]:
    database, took = Database(text_of(url)), []
    for _ in range(rounds):
        begun = time.perf_counter()
        async with database.reading() as session:
            await health.health(session, shipped(SHIPPED[0]), now=utc_now())
        took.append(time.perf_counter() - begun)
    await database.close()
    return took
