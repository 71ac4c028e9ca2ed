"""What becomes of a calendar's tasks where the cursor is lost, as it is after other settings."""

from datetime import timedelta

import pytest

from app.integrations.googlecalendar.asking import GET
from tests.integrations.googlecalendar.test_pulling import SOON, invited
from tests.integrations.pulled import Office


@pytest.fixture
def office() -> Office:
    return Office("googlecalendar")


async def test_a_cursor_that_is_lost_loses_no_ending(office: Office) -> None:
    team = office.world.add_calendar("team@group.calendar.google.com", "Team")
    office.settings = {"calendars": ["primary", team]}
    answered, gone, kept = invited(office, "A"), invited(office, "B"), invited(office, "C", calendar=team)
    await office.pull()
    office.world.answer(answered, "accepted")
    office.world.purge_event(gone)
    office.store.cursor = {"open": 7}

    await office.pull()
    await office.pull()

    assert office.store.statuses() == {answered: "done", kept: "open"}


async def test_all_that_is_stored_is_looked_at_after_a_lost_cursor_so_much_in_each_pull(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.integrations.googlecalendar.run.MOST_ADOPTED", 3)
    gone = {invited(office, f"Gone {number}") for number in range(7)}
    answered = invited(office, "Answered")
    await office.pull()
    for own in gone:
        office.world.purge_event(own)
    office.world.answer(answered, "accepted")
    office.store.cursor = {}

    for _ in range(3):
        await office.pull()

    assert (set(office.store.gone), office.store.statuses()) == (gone, {answered: "done"})
    assert office.tools.counted()[GET] <= 3
    await office.pull()
    assert office.tools.counted()[GET] == 0


async def test_what_is_looked_up_after_a_lost_cursor_is_read_as_its_own_calendars(office: Office) -> None:
    team = office.world.add_calendar("team@group.calendar.google.com", "Team")
    office.settings = {"calendars": ["primary", team]}
    own = invited(office, "Team's", calendar=team)
    await office.pull()
    office.world.move_event(own, SOON + timedelta(days=90))
    office.store.cursor = {}

    await office.pull()

    assert (office.store.work("Team's").project, office.tools.counted()[GET]) == ("Team", 2)


async def test_a_lost_cursor_takes_nothing_for_gone_while_a_calendar_is_out_of_sight(office: Office) -> None:
    team = office.world.add_calendar("team@group.calendar.google.com", "Team")
    office.settings = {"calendars": ["primary", team]}
    deleted, hidden = invited(office, "Deleted"), invited(office, "Team's", calendar=team)
    await office.pull()
    office.world.purge_event(deleted)
    office.world.hide_calendar(team)
    office.store.cursor = {}

    await office.pull()
    assert (office.store.gone, office.store.statuses()[hidden]) == ([], "open")
    assert office.tools.counted()[GET] == 0
    office.world.hide_calendar(team, hidden=False)
    await office.pull()

    assert (office.store.gone, office.store.statuses()[hidden]) == ([deleted], "open")
