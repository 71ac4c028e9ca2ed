"""What a task's items say over HTTP: where they stand, when they were edited, what their rows hold."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.records import Work
from tests.api.client import Api, database_of
from tests.conftest import START, SettableClock
from tests.workflows.given import ASKING, line, row, take
from tests.workflows.pipeline import Pipeline


@pytest.fixture
async def pipeline(api: Api, clock: SettableClock, tmp_path: Path) -> Pipeline:
    return Pipeline(database_of(api), clock, tmp_path)


async def test_a_row_says_its_status_there_and_what_its_other_columns_hold(api: Api, pipeline: Pipeline) -> None:
    work = Work(status_name="In review", fields=(("Cost", "80 EUR"), ("Room", "4")))
    await take(pipeline, row("r", work=work), kind="wiki")

    (item,) = (await api.get(f"/tasks/{(await pipeline.task()).id}/items"))["items"]

    assert item["work"] == {
        "status_name": "In review",
        "fields": [{"name": "Cost", "value": "80 EUR"}, {"name": "Room", "value": "4"}],
    }
    assert (item["place"], item["edited_at"]) == (None, None)


async def test_a_line_says_its_channel_and_when_it_was_edited(api: Api, pipeline: Pipeline) -> None:
    await take(pipeline, line(1, ASKING, revised_at=START + timedelta(minutes=2)))

    (item,) = (await api.get(f"/tasks/{(await pipeline.task()).id}/items"))["items"]

    assert (item["place"], item["work"]) == ("#general", None)
    assert item["edited_at"] == (START + timedelta(minutes=2)).isoformat().replace("+00:00", "Z")
