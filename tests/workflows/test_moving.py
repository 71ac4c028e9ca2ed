"""That the clock moved tasks is told about once a second, and nothing of it is lost where a transaction fails."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.database import Database
from app.core.events import Event
from app.workflows.moving import Moves
from tests.conftest import START


async def told(database: Database) -> list[list[int]]:
    async with database.reading() as session:
        return [data["ids"] for data in (await session.execute(select(Event.data).order_by(Event.id))).scalars()]


async def test_the_first_slice_is_told_at_once_and_those_of_the_same_second_together(database: Database) -> None:
    moves = Moves(every_s=60)
    for ids in ([1], [2], [3]):
        async with database.writing() as session:
            await moves.moved(session, ids, START)
    await moves.rest(database, START, over=False)
    assert await told(database) == [[1]]

    await moves.rest(database, START + timedelta(seconds=1), over=True)

    assert await told(database) == [[1], [2, 3]]


async def test_what_a_transaction_that_failed_would_have_told_is_told_by_the_next(database: Database) -> None:
    moves = Moves(every_s=60)
    async with database.writing() as session:
        await moves.moved(session, [1], START)
    async with database.writing() as session:
        await moves.moved(session, [2], START)
    moves = _at_once(moves)
    with suppress(ZeroDivisionError):
        async with database.writing() as session:
            await moves.moved(session, [3], START)
            raise ZeroDivisionError

    await moves.rest(database, START, over=True)

    assert await told(database) == [[1], [2, 3]]


def _at_once(moves: Moves) -> Moves:
    """As if a second had passed."""
    moves._told_at = float("-inf")
    return moves


@pytest.mark.parametrize("over", [True, False])
async def test_nothing_is_told_where_nothing_moved(database: Database, over: bool) -> None:
    await Moves(every_s=0).rest(database, START, over=over)

    assert await told(database) == []
