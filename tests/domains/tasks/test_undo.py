"""What an action changed, kept so that it can be put back: which tasks it names, and when it is forgotten."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core.database import Database
from app.domains.tasks import undo
from app.domains.tasks.models import Undo
from tests.conftest import START

NOTHING: Mapping[str, Any] = {"tasks": {}, "labels": {}, "dependencies": {}, "versions": {}}


async def left(database: Database, before: Mapping[str, Any]) -> dict[str, Any]:
    """What an undo and another one hold, by verb, once tasks 7 and 8 are forgotten."""
    async with database.writing() as session:
        for verb, said in (("named", {**NOTHING, **before}), ("other", {**NOTHING, "versions": {"1": 1}})):
            at = {"created_at": START, "expires_at": START + timedelta(days=1)}
            session.add(Undo(token=verb, verb=verb, before=said, **at))
        await session.flush()
        await undo.forget(session, [7, 8])
        return {row.verb: row.before for row in await session.execute(select(Undo.verb, Undo.before))}


@pytest.mark.parametrize(
    "before",
    [{"versions": {"7": 3, "1": 1}}, {"moved": {"8": {"items": [], "keys": []}}}],
    ids=["changes it", "moves its items back"],
)
async def test_an_undo_is_forgotten_with_any_task_it_changes(database: Database, before: Mapping[str, Any]) -> None:
    assert [*await left(database, before)] == ["other"]


async def test_a_task_that_is_put_back_waits_for_none_that_is_forgotten(database: Database) -> None:
    found = await left(database, {"dependencies": {"1": [2, 7], "2": [8]}, "versions": {"1": 1}})

    assert found["named"] == {**NOTHING, "dependencies": {"1": [2], "2": []}, "versions": {"1": 1}}


async def test_items_of_the_same_number_are_no_tasks(database: Database) -> None:
    moved = {"moved": {"1": {"items": [7, 8], "keys": ["7"]}}}

    assert sorted(await left(database, moved)) == ["named", "other"]
