"""How long whoever guesses waits."""

from datetime import timedelta

import pytest

from app.core.database import Database
from app.core.errors import TooMany
from app.domains.identity import throttle
from app.domains.identity.throttle import Pace
from tests.conftest import START

PACE = Pace(3, timedelta(seconds=1), timedelta(minutes=15))


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, None), (3, None), (4, 1), (5, 2), (6, 4), (13, 512), (14, 900), (10_000, 900)]
)
def test_each_failure_beyond_those_that_are_free_doubles_the_wait(failures: int, seconds: int | None) -> None:
    assert PACE.after(failures) == (None if seconds is None else timedelta(seconds=seconds))


async def test_what_is_taken_back_leaves_others_failures(database: Database) -> None:
    async with database.writing() as session:
        for _ in range(3):
            await throttle.count(session, {"a": PACE}, now=START)
        fourth = await throttle.count(session, {"a": PACE}, now=START)
        with pytest.raises(TooMany):
            await throttle.count(session, {"a": PACE}, now=START)
        await throttle.take_back(session, fourth)
        assert (await throttle.count(session, {"a": PACE}, now=START))[0].until == START + timedelta(seconds=1)


async def test_a_wait_that_somebody_else_caused_is_not_taken_back(database: Database) -> None:
    async with database.writing() as session:
        for _ in range(3):
            await throttle.count(session, {"a": PACE}, now=START)
        mine = await throttle.count(session, {"a": PACE}, now=START)
        later = START + timedelta(seconds=2)
        await throttle.count(session, {"a": PACE}, now=later)
        await throttle.take_back(session, mine)

        with pytest.raises(TooMany) as refused:
            await throttle.count(session, {"a": PACE}, now=later)
    assert refused.value.retry_after == 2


async def test_where_one_waits_nothing_is_counted(database: Database) -> None:
    async with database.writing() as session:
        for _ in range(4):
            await throttle.count(session, {"a": PACE}, now=START)
    for _ in range(10):
        with pytest.raises(TooMany):
            async with database.writing() as session:
                await throttle.count(session, {"a": PACE, "b": PACE}, now=START)

    async with database.writing() as session:
        [counted] = await throttle.count(session, {"b": PACE}, now=START)
        assert counted.until is None


async def test_a_wait_that_a_wrong_clock_wrote_locks_nobody_out(database: Database) -> None:
    ahead = START + timedelta(days=300)
    async with database.writing() as session:
        for _ in range(4):
            await throttle.count(session, {"a": PACE}, now=ahead)

        [counted] = await throttle.count(session, {"a": PACE}, now=START)
        assert counted.until is not None
        assert counted.until <= START + PACE.most
        with pytest.raises(TooMany):
            await throttle.count(session, {"a": PACE}, now=START)
