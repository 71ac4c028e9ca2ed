"""Calendars in versions: office hours of one's own, those of earlier, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest

from app.core.database import Database
from app.core.errors import Conflict, Invalid, NotFound
from app.domains.ranking.calendars import AROUND_THE_CLOCK, OFFICE, document_of
from app.domains.rulesets import calendars
from app.domains.rulesets.calendars import Standing
from app.domains.rulesets.models import StoredCalendar
from tests.conftest import START

BERLIN = {"zone": "Europe/Berlin", "hours": {"monday": ["09:00-12:00", "13:00-17:00"]}, "holidays": ["2026-05-01"]}


async def put(database: Database, name: str, document: Any = BERLIN, *, hours: int = 0) -> tuple[Standing, bool]:
    async with database.writing() as session:
        return await calendars.put(session, name, document, author="Ana", now=START + timedelta(hours=hours))


async def test_office_hours_and_around_the_clock_are_there_without_a_row(database: Database) -> None:
    async with database.reading() as session:
        found = {each.name: (each.version, each.created_at) for each in await calendars.every(session)}
        assert await calendars.in_force(session) == {"always": AROUND_THE_CLOCK, "office": OFFICE}
        assert (await calendars.get(session, "office")).document == document_of(OFFICE)
        with pytest.raises(NotFound):
            await calendars.get(session, "berlin")
    assert found == {"always": (0, None), "office": (0, None)}


async def test_office_hours_can_be_ones_own_and_are_kept_in_versions(database: Database) -> None:
    first, fresh = await put(database, "office")
    again, changed = await put(database, "office", dict(reversed(BERLIN.items())))
    second, _ = await put(database, "office", BERLIN | {"zone": "UTC"})

    assert (first.version, fresh, again.version, changed, second.version) == (1, True, 1, False, 2)
    async with database.reading() as session:
        assert (await calendars.in_force(session))["office"].zone == "UTC"
        assert (await calendars.get(session, "office")).author == "Ana"


async def test_calendars_of_an_earlier_time_can_be_asked_for(database: Database) -> None:
    await put(database, "office", hours=1)
    await put(database, "office", BERLIN | {"zone": "Asia/Tokyo"}, hours=2)

    async def zone(hours: float) -> str:
        async with database.reading() as session:
            return (await calendars.in_force(session, START + timedelta(hours=hours)))["office"].zone

    assert [await zone(hours) for hours in (0, 1, 1.5, 2)] == ["UTC", "Europe/Berlin", "Europe/Berlin", "Asia/Tokyo"]


async def test_the_built_in_hours_again_change_nothing(database: Database) -> None:
    same, fresh = await put(database, "office", document_of(OFFICE))

    assert (same.version, fresh) == (0, False)


async def test_everything_wrong_in_a_calendar_is_told_with_its_place(sqlite_database: Database) -> None:
    with pytest.raises(Invalid) as caught:
        await put(sqlite_database, "own", {"zone": "Berlin", "hours": {"mon": []}, "holidays": ["May"], "when": 1})

    places = [error.location for error in caught.value.errors]
    assert len(places) == 4
    assert {"zone", "when"} <= set(places)


@pytest.mark.parametrize("document", [None, [], "office", 5, {}])
async def test_what_is_no_calendar_is_refused(sqlite_database: Database, document: Any) -> None:
    with pytest.raises(Invalid):
        await put(sqlite_database, "own", document)


async def test_around_the_clock_stays_what_its_name_says(sqlite_database: Database) -> None:
    with pytest.raises(Invalid):
        await put(sqlite_database, "always")
    with pytest.raises(Invalid):
        await put(sqlite_database, "Not a name")


async def test_there_is_a_bound_on_names(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "MOST_NAMES", 1)
    await put(sqlite_database, "one")

    with pytest.raises(Conflict):
        await put(sqlite_database, "two")


async def test_a_stored_calendar_that_can_not_be_used_leaves_the_others(database: Database) -> None:
    await put(database, "good")
    async with database.writing() as session:
        session.add(StoredCalendar(name="bad", version=1, document={"zone": "X"}, author="", note="", created_at=START))

    async with database.reading() as session:
        assert set(await calendars.in_force(session)) == {"always", "office", "good"}
