"""Several people at once: requests that touch the same tasks wait for each other, and none fails for it."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from app.core.problems import unexpected
from tests.api.client import TASKS, Api

ROUNDS = 5


@pytest.fixture(autouse=True)
async def _connections(api: Api) -> None:
    """Open already, so that what follows runs at once."""
    await asyncio.gather(*(api.get("/tasks") for _ in range(6)))


async def statuses(*requests: Any) -> list[int]:
    answers: Sequence[httpx.Response] = await asyncio.gather(*requests)
    return sorted(answer.status_code for answer in answers)


async def test_both_ends_of_a_dependency_are_completed_at_once(api: Api) -> None:
    for _ in range(ROUNDS):
        first, second = (await api.create())["id"], (await api.create())["id"]
        await api.patch(first, dependencies=[second])

        assert await statuses(*(api.http.post(f"{TASKS}/{i}/complete") for i in (first, second))) == [200, 200]


async def test_of_two_merges_into_each_other_one_happens(api: Api) -> None:
    for _ in range(ROUNDS):
        first, second = (await api.create())["id"], (await api.create())["id"]

        assert await statuses(
            api.http.post(f"{TASKS}/{first}/merge", json={"into": second}),
            api.http.post(f"{TASKS}/{second}/merge", json={"into": first}),
        ) == [200, 404]


async def test_of_two_edits_that_close_a_circle_together_one_happens(api: Api) -> None:
    for _ in range(ROUNDS):
        a, b, c, d = [(await api.create(name))["id"] for name in "abcd"]
        await api.patch(a, dependencies=[b])
        await api.patch(c, dependencies=[d])

        assert await statuses(
            api.http.patch(f"{TASKS}/{b}", json={"dependencies": [c]}),
            api.http.patch(f"{TASKS}/{d}", json={"dependencies": [a]}),
        ) == [200, 409]


async def test_two_bulks_may_name_the_same_tasks_in_opposite_orders(api: Api) -> None:
    ids = [(await api.create())["id"] for _ in range(30)]
    action = {"verb": "label", "add": ["x"]}
    for _ in range(ROUNDS):
        assert await statuses(
            *(api.http.post(f"{TASKS}/bulk", json={"ids": each, "action": action}) for each in (ids, ids[::-1]))
        ) == [200, 200]


def test_a_collision_in_the_database_is_called_one() -> None:
    class Deadlock(Exception):
        sqlstate = "40P01"

    problem = unexpected(OperationalError("UPDATE tasks", {}, Deadlock()))

    assert (problem.status, problem.retry_after) == (503, 1)
    assert "at the same moment" in problem.detail
