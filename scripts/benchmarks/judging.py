"""How many tasks a second are scored: the rules alone, and a round of the clock's re-scoring with its database."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import URL

from app.core.clock import utc_now
from app.core.database import Database
from app.domains import ranking
from app.domains.ranking.documents.document import MOST_RULES
from app.domains.ranking.storage import values_by_name
from app.workflows.rescoring import do_what_is_due
from scripts.benchmarks import mailbox
from scripts.benchmarks.databases import Makers, connect, text_of
from scripts.benchmarks.figures import Aim, Sheet
from scripts.benchmarks.ingesting import once
from scripts.benchmarks.once import policy
from scripts.benchmarks.reranking import huge

Given = TypeVar("Given")
_BATCH = 200
"""As app.settings has it."""


def scoring(makers: Makers, folder: Path, *, quick: bool) -> Sheet:
    """On the facts of tasks that an import made."""
    sheet = Sheet("Scoring", makers.kind)
    mail = folder / "scoring.mbox"
    mailbox.write(mail, 1000 if quick else 4000, seed=3)
    url = makers.new()
    once("end_to_end", url, mail, "mbox", pinned=False)
    connection = connect(url)
    found = connection.cursor().execute("SELECT facts FROM task_facts").fetchall()
    stored = [json.loads(facts) if isinstance(facts, str) else facts for (facts,) in found]
    rules, now = policy().ruleset, utc_now()
    rounds = 2 if quick else 5
    loaded = [ranking.load(facts) for facts in stored]
    each = sum(map(len, loaded)) / len(loaded)
    note = f"{len(loaded):,} tasks, {each:.0f} facts each, {len(rules.rules)} rules"
    joined = [values_by_name(facts) for facts in loaded]
    conditions = _rates(rounds, joined, rules.conditions.decide)
    sheet.add("the conditions alone, tasks", conditions, "/s", note="the least that any score costs")
    aim = None if quick else Aim("≥", 15_000)
    scores = _rates(rounds, loaded, lambda facts: ranking.score(facts, rules, now))
    sheet.add("scores with all their lines, tasks", scores, "/s", aim=aim, note=note)
    standings = _rates(rounds, stored, lambda facts: ranking.standing(ranking.StoredFacts(facts), rules, now))
    sheet.add("scores as they are stored, from stored facts, tasks", standings, "/s")
    many = huge(MOST_RULES)
    scores = _rates(1, loaded[:200], lambda facts: ranking.score(facts, many, now))
    sheet.add(f"scores by {MOST_RULES} rules, tasks", scores, "/s", note="the most that a ruleset may have")
    renewed = []
    for _ in range(rounds):
        connection.cursor().execute(
            "UPDATE tasks SET valid_until = '2020-01-01 00:00:00' WHERE status = 'open' AND deleted_at IS NULL"
        )
        tasks, seconds = asyncio.run(_rounds(url))
        renewed.append(tasks / seconds)
    connection.close()
    sheet.add("re-scoring, found and stored, tasks", renewed, "/s", note=f"{tasks:,} tasks, {_BATCH} at a time")
    makers.drop(url)
    return sheet


def _rates(rounds: int, tasks: Sequence[Given], work: Callable[[Given], object]) -> list[float]:
    """Tasks a second, of each round."""
    rates = []
    for _ in range(rounds):
        begun = time.perf_counter()
        for task in tasks:
            work(task)
        rates.append(len(tasks) / (time.perf_counter() - begun))
    return rates


async def _rounds(url: URL) -> tuple[int, float]:
    database, judge, now = Database(text_of(url)), policy(), utc_now()
    begun, tasks = time.perf_counter(), 0
    while done := (await do_what_is_due(database, judge, now=now, batch=_BATCH)).total:
        tasks += done
    took = time.perf_counter() - begun
    await database.close()
    return tasks, took
