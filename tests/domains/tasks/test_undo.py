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


async def left(database: Database, before: Mapping[str, Any]) -> list[str]:
    """The verbs of the undos that are left once tasks 7 and 8 are forgotten."""
    async with database.writing() as session:
        for verb, said in (("named", {**NOTHING, **before}), ("other", {**NOTHING, "versions": {"1": 1}})):
            at = {"created_at": START, "expires_at": START + timedelta(days=1)}
            session.add(Undo(token=verb, verb=verb, before=said, **at))
        await session.flush()
        await undo.forget(session, [7, 8])
        return list((await session.execute(select(Undo.verb).order_by(Undo.verb))).scalars())


@pytest.mark.parametrize(
    "before",
    [{"versions": {"7": 3, "1": 1}}, {"moved": {"8": {"items": [], "keys": []}}}, {"dependencies": {"1": [2, 7]}}],
    ids=["changes it", "moves its items back", "lets another wait for it"],
)
async def test_an_undo_is_forgotten_with_any_task_it_names(database: Database, before: Mapping[str, Any]) -> None:
    assert await left(database, before) == ["other"]


async def test_items_of_the_same_number_are_no_tasks(database: Database) -> None:
    moved = {"moved": {"1": {"items": [7, 8], "keys": ["7"]}}}

    assert await left(database, moved) == ["named", "other"]
