"""Tasks and context found together."""

from pathlib import Path

import pytest

from app.core.database import Database
from app.domains import connections
from app.domains.tasks import finding
from app.domains.tasks.finding import Hit
from app.records import Work
from tests.conftest import SettableClock
from tests.workflows.given import ASKING, BEN, line, row, take
from tests.workflows.pipeline import Pipeline


@pytest.fixture
def pipeline(database: Database, clock: SettableClock, tmp_path: Path) -> Pipeline:
    return Pipeline(database, clock, tmp_path)


async def found(pipeline: Pipeline, words: str, limit: int = 10) -> list[Hit]:
    async with pipeline.database.reading() as session:
        names = await connections.service.names(session)
        return await finding.found(session, words, names, sqlite=pipeline.database.is_sqlite, limit=limit)


async def test_tasks_and_lines_of_a_channel_stand_together_newest_first(pipeline: Pipeline) -> None:
    await take(pipeline, line(1, "The offer was great"), line(2, ASKING), line(3, "About which offer?", BEN, after=2))
    task = await pipeline.task()

    hits = await found(pipeline, "offers")

    assert [(hit.task, hit.who, hit.snippet) for hit in hits] == [
        (task.id, "Ben", "About which offer?"),
        (None, "Anna", "The offer was great"),
    ]
    assert {hit.place for hit in hits} == {"#general"}


async def test_a_task_is_found_by_what_a_person_called_it(pipeline: Pipeline) -> None:
    await take(pipeline, line(2, ASKING))
    task = await pipeline.task()
    await pipeline.edit(task.id, title="The zebra matter")

    (hit,) = await found(pipeline, "zebra")

    assert (hit.task, hit.item, hit.title) == (task.id, None, "The zebra matter")


@pytest.mark.parametrize("words", ["OPS-101", "ops-101", "where is OPS-101"])
async def test_a_row_is_found_by_its_own_id_beside_what_speaks_of_it(pipeline: Pipeline, words: str) -> None:
    link = Work(own_ids=("OPS-102",), fields=(("Blocks", "OPS-101"),))
    await take(pipeline, row("a", work=Work(own_ids=("OPS-101",))), row("b", "Else", work=link), kind="table")
    await take(pipeline, line(1, "Saw OPS-101 in the news"))
    wanted = (await pipeline.tasks())[0].id

    hits = await found(pipeline, words)

    assert [(hit.task, hit.title) for hit in hits if hit.task] == [(wanted, "Migrate the billing")]
    assert [hit.who for hit in hits if not hit.task] == ["Anna"]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("needle", f"…{'hay ' * 15}needle {'hay ' * 28}".rstrip() + "…"),
        ("nowhere", f"{'hay ' * 30}".rstrip() + "…"),
        ("", f"{'hay ' * 30}".rstrip() + "…"),
    ],
)
def test_the_words_are_shown_where_they_stand(words: str, shown: str) -> None:
    said = finding.snippet("hay " * 100 + "needle " + "hay " * 100, words)

    assert said.split()[:14] == shown.split()[:14]
    assert ("needle" in said) is (words == "needle")
