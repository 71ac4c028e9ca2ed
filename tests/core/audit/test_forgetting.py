"""Retention takes the oldest entries, and what is left still proves itself, wherever a kill comes between."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.core.audit import AuditAnchor
from app.core.audit.forgetting import forget_old, forgetting
from app.core.audit.verifying import verify
from app.core.database import Database
from tests.conftest import SettableClock
from tests.core.audit.trail import enter, entries, exported, tamper, verified_by_hand

DAY = timedelta(days=1)


@pytest.fixture
def timed(database: Database, clock: SettableClock) -> Database:
    """The database, whose trail is dated by the test's clock."""
    database._clock = clock
    return database


async def a_month(database: Database, clock: SettableClock, days: int = 30) -> None:
    for day in range(days):
        await enter(database, first=day + 1)
        clock.advance(DAY)


async def test_what_is_older_goes_and_the_rest_holds(timed: Database, clock: SettableClock) -> None:
    await a_month(timed, clock)

    gone = await forget_old(timed, clock() - 10 * DAY)

    found = await entries(timed)
    assert (gone, [each.id for each in found]) == (20, list(range(21, 32)))
    checked = await verify(timed)
    assert (checked.entries, checked.first, checked.broken) == (11, 21, None)


async def test_the_last_entry_tells_up_to_where_was_forgotten(timed: Database, clock: SettableClock) -> None:
    await a_month(timed, clock)
    twentieth = (await entries(timed))[19]

    await forget_old(timed, clock() - 10 * DAY)

    last = (await entries(timed))[-1]
    told = {each["field"]: each["after"] for each in last.changes}
    assert (last.action, last.actor, told) == ("forget_audit", "program", {"up_to": 20, "hash": twentieth.hash})


async def test_an_export_of_the_rest_is_verified_from_the_anchor_on(timed: Database, clock: SettableClock) -> None:
    await a_month(timed, clock)
    twentieth = (await entries(timed))[19]
    await forget_old(timed, clock() - 10 * DAY)

    assert verified_by_hand(await exported(timed), previous=twentieth.hash) == (await verify(timed)).head.hash


async def test_once_a_day_is_enough(timed: Database, clock: SettableClock) -> None:
    await a_month(timed, clock)
    await forget_old(timed, clock() - 10 * DAY)
    before = len(await entries(timed))

    clock.advance(hours=1)
    assert await forget_old(timed, clock() - 10 * DAY) == 0
    assert len(await entries(timed)) == before


async def test_it_goes_on_and_on(timed: Database, clock: SettableClock) -> None:
    for _ in range(3):
        await a_month(timed, clock, days=15)
        await forget_old(timed, clock() - 10 * DAY)

    assert (await verify(timed)).broken is None


async def test_the_newest_stays_however_old_it_is(timed: Database, clock: SettableClock) -> None:
    await enter(timed, 3)

    await forget_old(timed, clock.advance(days=1000))
    await forget_old(timed, clock.advance(days=1000))

    found = await entries(timed)
    assert [each.action for each in found[-1:]] == ["forget_audit"]
    assert (await verify(timed)).broken is None
    await enter(timed, 2)
    assert (await verify(timed)).broken is None


async def test_a_clock_that_was_set_back_makes_no_hole(timed: Database, clock: SettableClock) -> None:
    await enter(timed, 2)
    clock.advance(days=20)
    await enter(timed, 1)
    clock.advance(days=-15)
    await enter(timed, 2)
    clock.advance(days=15)

    await forget_old(timed, clock() - 10 * DAY)

    assert [each.id for each in await entries(timed)][:3] == [3, 4, 5]
    assert (await verify(timed)).broken is None


@pytest.mark.parametrize("done", [1, 2, 3])
async def test_what_ends_between_two_steps_leaves_a_chain_that_holds_and_is_gone_on_with(
    timed: Database, clock: SettableClock, done: int
) -> None:
    await a_month(timed, clock)

    steps = forgetting(timed, clock() - 10 * DAY, at_once=7)
    gone = [await anext(steps) for _ in range(done)]
    await steps.aclose()

    assert gone == [0, 7, 7][:done]
    assert (await verify(timed)).broken is None
    assert await forget_old(timed, clock() - 10 * DAY) == 20 - sum(gone)
    assert (await entries(timed))[0].id == 21
    assert (await verify(timed)).broken is None


async def test_a_beginning_that_was_taken_away_by_hand_is_found(timed: Database, clock: SettableClock) -> None:
    """Somebody who moves the anchor as retention does leaves no entry that tells of it."""
    await enter(timed, 5)
    third = (await entries(timed))[2]
    async with timed.writing() as session:
        session.add(AuditAnchor(id=1, forgotten_to=3, hash=third.hash, at=clock()))
    await tamper(timed, "DELETE FROM audit_entries WHERE id <= 3")

    found = (await verify(timed)).broken
    assert found is not None
    assert (found.id, found.what) == (3, "cut")


async def test_a_witness_that_is_older_than_what_is_kept_says_so(timed: Database, clock: SettableClock) -> None:
    await a_month(timed, clock, days=5)
    witness = (await verify(timed)).head
    await a_month(timed, clock, days=25)
    await forget_old(timed, clock() - 10 * DAY)

    found = (await verify(timed, witness=witness)).broken
    assert found is not None
    assert found.what == "forgotten"


async def test_the_witness_of_the_last_that_was_forgotten_still_counts(timed: Database, clock: SettableClock) -> None:
    await a_month(timed, clock, days=20)
    witness = (await verify(timed)).head
    await a_month(timed, clock, days=10)
    await forget_old(timed, clock() - 10 * DAY)

    assert (await verify(timed, witness=witness)).broken is None


async def test_the_database_lets_go_only_what_the_anchor_has_passed(timed: Database, clock: SettableClock) -> None:
    await a_month(timed, clock)
    await forget_old(timed, clock() - 10 * DAY)

    async def more() -> None:
        async with timed.writing() as session:
            await session.execute(text("DELETE FROM audit_entries WHERE id <= 21"))

    with pytest.raises(Exception, match="append-only"):
        await more()
