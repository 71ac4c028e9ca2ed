"""People act while an import goes on: whatever comes first, no message gets lost."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.tasks import locking, placing
from tests.api.client import TASKS, Api, database_of
from tests.conftest import SettableClock
from tests.workflows.given import ASKING, BEN, PLAIN, line, take
from tests.workflows.pipeline import Pipeline

During = Callable[[str, Any], "asyncio.Future[httpx.Response]"]


@pytest.fixture
def pipeline(api: Api, clock: SettableClock, tmp_path: Path) -> Pipeline:
    return Pipeline(database_of(api), clock, tmp_path)


@pytest.fixture
def during_import(api: Api, monkeypatch: pytest.MonkeyPatch) -> During:
    """Ask for something at the moment when the next import knows its items' tasks and has not locked them yet."""

    def ask(path: str, body: Any) -> "asyncio.Future[httpx.Response]":
        answered: asyncio.Future[httpx.Response] = asyncio.get_running_loop().create_future()
        lock = locking.lock

        async def later(session: AsyncSession, ids: set[int]) -> None:
            monkeypatch.setattr(placing, "lock", lock)
            request = asyncio.create_task(api.http.post(path, json=body))
            request.add_done_callback(lambda done: answered.set_result(done.result()))
            await asyncio.wait({request}, timeout=0.5)
            await lock(session, ids)

        monkeypatch.setattr(placing, "lock", later)
        return answered

    return ask


async def texts(api: Api) -> list[str]:
    return sorted(item["text"] for item in (await api.get("/items"))["items"])


async def test_an_answer_comes_while_the_task_made_of_a_line_is_taken_back(
    api: Api, pipeline: Pipeline, during_import: During
) -> None:
    await take(pipeline, line(1))
    (item,) = (await api.get("/items", context=True))["items"]
    token = (await api.post(f"/items/{item['id']}/task"))["undo"]["token"]
    answer = during_import(f"/api/v1/undo/{token}", None)

    await take(pipeline, line(2, ASKING, BEN, after=1))

    assert (await answer).status_code == 409  # the task has an answer now
    assert await texts(api) == sorted((ASKING, PLAIN))
    assert [task.status for task in await pipeline.tasks()] == ["open"]


async def test_an_answer_comes_while_its_task_is_merged_away(
    api: Api, pipeline: Pipeline, during_import: During
) -> None:
    await take(pipeline, line(1, ASKING), line(5, "And could you call Ben, please?"))
    source, target = [task.id for task in await pipeline.tasks()]
    answer = during_import(f"{TASKS}/{source}/merge", {"into": target})

    await take(pipeline, line(2, "It is signed", BEN, after=1))

    assert (await answer).status_code == 200
    assert len((await api.get(f"/tasks/{target}/items"))["items"]) == 3
    assert "It is signed" in await texts(api)
