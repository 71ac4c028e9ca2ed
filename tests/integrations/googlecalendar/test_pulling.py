"""What a pull of a calendar brings: what asks something of us, how it ends, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.integrations.exports.links import links_in
from app.integrations.googlecalendar.asking import GET, LIST
from app.records import Person
from scripts.fake_composio.googlecalendar import ME
from tests.integrations.pulled import START, Office

HOST = "host@partner.example"
SOON = START.replace(hour=15, minute=0, second=0) + timedelta(days=3)


@pytest.fixture
def office() -> Office:
    return Office("googlecalendar")


def invited(office: Office, title: str = "Budget", at: datetime | date = SOON, **said: object) -> str:
    own: str = office.world.add_event(title, at, **{"organizer": HOST, "response": "needsAction", **said})
    return own


async def test_an_invitation_says_all_that_a_task_needs(office: Office) -> None:
    own = invited(
        office,
        "Budget  2027",
        guests=["ana@partner.example"],
        description="<p>Please read <a href='https://trello.com/c/AbCdEf12'>the card</a> before.</p>",
        location="Room 3",
        hangoutLink="https://meet.google.com/abc-defg-hij",
    )

    await office.pull()

    item, work = office.store.item("Budget 2027"), office.store.work("Budget 2027")
    assert (item.external_id, item.sender, item.keys) == (own, Person("", HOST), (f"gcal:{own}/{ME}",))
    assert item.recipients == (Person("", ME), Person("", "ana@partner.example"))
    assert item.text.startswith("Please read the card")
    assert item.links == ("trello:AbCdEf12",)
    assert (work.status, work.status_name, work.due_at) == ("open", "Not answered", SOON)
    assert work.assignees == (Person("", ME),)
    assert work.fields == (
        ("When", "2026-03-23 15:00 to 16:00 (Europe/Berlin)"),
        ("Where", "Room 3"),
        ("Meeting link", "https://meet.google.com/abc-defg-hij"),
    )


@pytest.mark.parametrize(
    ("asks", "tasks"),
    [
        ("invitations", {"Asked"}),
        ("organized", {"Asked", "Ours with others"}),
        ("all", {"Asked", "Ours with others", "Ours alone", "Accepted", "Perhaps"}),
    ],
)
async def test_the_settings_say_what_else_is_work(office: Office, asks: str, tasks: set[str]) -> None:
    office.settings = {"asks": asks}
    invited(office, "Asked")
    invited(office, "Accepted", response="accepted")
    invited(office, "Perhaps", response="tentative")
    invited(office, "Declined", response="declined")
    office.world.add_event("Ours with others", SOON, guests=["ana@partner.example"], response="accepted")
    office.world.add_event("Ours alone", SOON)
    office.world.add_event("Working from home", SOON, eventType="workingLocation")
    office.world.add_event("Focus", SOON, eventType="focusTime")

    await office.pull()

    assert {item.subject for item in office.store.items.values()} == tasks
    assert set(office.store.statuses().values()) == {"open"}


async def test_maybe_is_an_answer_unless_it_is_set_otherwise(office: Office) -> None:
    office.settings = {"maybe_is_open": True}
    invited(office, "Perhaps", response="tentative")

    await office.pull()

    assert (office.store.work("Perhaps").status, office.store.work("Perhaps").status_name) == ("open", "Maybe")


@pytest.mark.parametrize(
    ("answer", "status", "called"),
    [("accepted", "done", "Accepted"), ("tentative", "done", "Maybe"), ("declined", "declined", "Declined")],
)
async def test_an_answer_ends_the_task(office: Office, answer: str, status: str, called: str) -> None:
    own = invited(office)
    await office.pull()
    office.world.answer(own, answer)

    await office.pull()

    work = office.store.work("Budget")
    assert (work.status, work.status_name) == (status, called)


async def test_an_event_that_the_host_moves_is_due_then_and_asks_again(office: Office) -> None:
    own = invited(office)
    await office.pull()
    office.world.answer(own, "accepted")
    await office.pull()

    office.world.move_event(own, SOON + timedelta(days=2))
    office.world.answer(own, "needsAction")
    await office.pull()

    work = office.store.work("Budget")
    assert (work.status, work.due_at) == ("open", SOON + timedelta(days=2))


async def test_a_cancelled_event_is_gone_whether_it_is_told_so_or_not_at_all(office: Office) -> None:
    told, untold = invited(office, "Told"), invited(office, "Untold")
    await office.pull()

    office.world.cancel_event(told)
    office.world.purge_event(untold)
    await office.pull()

    assert office.store.items == {}


async def test_an_unanswered_event_that_is_over_asks_nothing_any_more(office: Office) -> None:
    invited(office)
    await office.pull()
    office.clock.advance(days=3, hours=8)

    await office.pull()

    assert (office.store.work("Budget").status, office.store.work("Budget").status_name) == ("done", "Over")


async def test_it_is_so_too_where_nothing_was_pulled_for_weeks(office: Office) -> None:
    own = invited(office)
    await office.pull()
    office.clock.advance(days=40)

    await office.pull()

    assert office.store.statuses() == {own: "done"}
    assert office.tools.counted()[GET] == 1
    await office.pull()
    assert office.tools.counted()[GET] == 0


async def test_an_event_moved_out_of_the_days_that_are_looked_at_stays_open(office: Office) -> None:
    own = invited(office)
    await office.pull()

    office.world.move_event(own, SOON + timedelta(days=90))
    await office.pull()

    assert office.store.work("Budget").due_at == SOON + timedelta(days=90)
    assert office.store.work("Budget").status == "open"


async def test_a_whole_day_is_due_at_its_end_in_the_calendars_zone(office: Office) -> None:
    invited(office, "Offsite", date(2026, 3, 25))

    await office.pull()

    work = office.store.work("Offsite")
    assert work.due_at == datetime(2026, 3, 25, 23, 59, tzinfo=ZoneInfo("Europe/Berlin"))
    assert dict(work.fields)["When"] == "2026-03-25, the whole day"


async def test_a_series_is_one_task_with_its_next_occurrence(office: Office) -> None:
    own = invited(office, "Weekly", repeats=(7, 10))

    await office.pull()
    first = office.store.work("Weekly").due_at
    office.clock.advance(days=5)
    await office.pull()
    second = office.store.work("Weekly").due_at

    assert set(office.store.items) == {own}
    assert (first, second) == (SOON, SOON + timedelta(days=7))


async def test_one_occurrence_that_is_cancelled_or_answered_leaves_the_next_to_ask(office: Office) -> None:
    own = invited(office, "Weekly", repeats=(7, 10))
    office.world.cancel_occurrence(own, 0)
    office.world.answer(own, "accepted", occurrence=1)

    await office.pull()

    assert office.store.work("Weekly").due_at == SOON + timedelta(days=14)


async def test_one_answer_to_a_whole_series_ends_its_task(office: Office) -> None:
    own = invited(office, "Weekly", repeats=(7, 10))
    await office.pull()

    office.world.answer(own, "accepted")
    await office.pull()

    assert office.store.statuses() == {own: "done"}


async def test_a_series_that_has_run_out_is_over_and_one_deleted_is_gone(office: Office) -> None:
    over, deleted = invited(office, "Over", repeats=(1, 3)), invited(office, "Deleted", repeats=(1, 3))
    await office.pull()
    office.clock.advance(days=20)

    await office.pull()
    office.world.purge_event(deleted)
    await office.pull()

    assert office.store.statuses()[over] == "done"


async def test_several_calendars_are_read_and_what_both_hold_counts_once(office: Office) -> None:
    team = office.world.add_calendar("team@group.calendar.google.com", "Team")
    office.settings = {"calendars": ["primary", team]}
    invited(office, "Own")
    invited(office, "Team's", calendar=team)
    both = invited(office, "Both")
    copy = office.world.events[both]

    def as_well(called: str, arguments: dict[str, object], data: dict[str, list[object]]) -> object:
        here = called == LIST and arguments["calendarId"] == team
        return {**data, "items": [*data["items"], copy.said]} if here else data

    office.tools.twist = as_well
    await office.pull()
    await office.pull()

    assert {item.subject for item in office.store.items.values()} == {"Own", "Team's", "Both"}
    assert (office.store.work("Team's").project, office.store.updated) == ("Team", [])


async def test_a_calendar_taken_out_of_the_settings_takes_its_open_tasks_along(office: Office) -> None:
    team = office.world.add_calendar("team@group.calendar.google.com", "Team")
    office.settings = {"calendars": ["primary", team]}
    invited(office, "Own")
    invited(office, "Team's", calendar=team)
    await office.pull()

    office.settings = {"calendars": ["primary"]}
    await office.pull()

    assert {item.subject for item in office.store.items.values()} == {"Own"}


async def test_one_call_is_enough_where_nothing_changed(office: Office) -> None:
    office.world.generate(events=40)
    await office.pull()

    pages = await office.pull()

    assert office.tools.counted().total() == 1
    assert office.store.updated == []
    assert pages[-1].done


async def test_a_mail_that_links_to_the_event_leads_to_its_task(office: Office) -> None:
    own = invited(office, "Weekly", repeats=(7, 3))
    await office.pull()
    eid = office.world.events[own].said["htmlLink"].partition("eid=")[2]

    assert links_in(f"RSVP: https://calendar.google.com/calendar/event?action=VIEW&eid={eid}&tok=abc&ctz=Europe") == (
        f"gcal:{own}/{ME}",
    )
    occurrence = "ZXZlbnQxXzIwMjYwMzIzVDE0MDAwMFogbWVAY29tcGFueS5leGFtcGxl"  # event1_20260323T140000Z me@…
    assert links_in(f"https://www.google.com/calendar/event?eid={occurrence}") == (f"gcal:event1/{ME}",)
    assert links_in("https://www.google.com/calendar/event?eid=________ and ?eid=ZXZlbnQx") == ()


async def test_an_end_that_is_set_bounds_the_days_that_are_looked_at(office: Office) -> None:
    office.settings = {"until": "2026-03-24", "zone": "Europe/Berlin"}
    invited(office, "Before")
    invited(office, "After", SOON + timedelta(days=3))

    await office.pull()

    assert {item.subject for item in office.store.items.values()} == {"Before"}


async def test_before_the_beginning_that_is_set_nothing_is_asked(office: Office) -> None:
    office.since = datetime(2027, 1, 1, tzinfo=UTC)
    invited(office)

    await office.pull()

    assert (office.store.items, office.tools.calls) == ({}, [])
