"""A law: whatever the sizes, interruptions and changes, what is open in the end is what asks something."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integrations.pulled import Office

ACTS = ("add", "series", "answer", "unanswer", "move", "far", "cancel", "cancel one", "purge", "expire", "wait")
TEAM = "team@group.calendar.google.com"


@settings(max_examples=80, deadline=None)
@given(
    most=st.integers(1, 7),
    events=st.integers(0, 12),
    stops=st.lists(st.integers(1, 4), max_size=8),
    acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 50)), max_size=20),
    several=st.booleans(),
)
async def test_interrupted_anywhere_the_store_ends_equal_to_the_calendars(
    most: int, events: int, stops: list[int], acts: list[tuple[str, int]], several: bool
) -> None:
    office = an_office(most, events, several=several)
    for stop in stops:
        await office.pull(pages=stop)
        for _ in range(2):
            act(office, *acts.pop() if acts else ("wait", 0))
    await office.pull()

    assert asking(office) == truth(office)


@settings(max_examples=60, deadline=None)
@given(
    most=st.integers(1, 5),
    acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 50))),
    between=st.integers(0, 4),
)
async def test_what_changes_between_two_calls_is_there_after_the_next_pull(
    most: int, acts: list[tuple[str, int]], between: int
) -> None:
    office = an_office(most, 8, several=True)
    calls = 0

    def change(_tool: str, _arguments: Any, data: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > between and acts and acts[-1][0] != "expire":
            act(office, *acts.pop())
        return data

    office.tools.twist = change
    await office.pull()
    office.tools.twist = lambda _tool, _arguments, data: data
    await office.pull()

    assert asking(office) == truth(office)


def an_office(most: int, events: int, *, several: bool) -> Office:
    office = Office("googlecalendar")
    office.world.most = most
    office.world.generate(events=events)
    if several:
        office.world.add_calendar(TEAM, "Team")
        office.settings = {"calendars": ["primary", TEAM]}
    return office


def act(office: Office, what: str, which: int) -> None:
    world = office.world
    office.clock.advance(minutes=7)
    soon = office.clock.now.replace(second=0) + timedelta(hours=1 + which)
    own = list(world.events)[which % len(world.events)] if world.events else ""
    invited = bool(own) and "attendees" in world.events[own].said
    calendar = list(world.calendars)[which % len(world.calendars)]
    new = {"organizer": "host@partner.example", "response": "needsAction", "calendar": calendar}
    match what:
        case "add":
            world.add_event(f"New {which}", soon, **new)
        case "series":
            world.add_event(f"Series {which}", soon, repeats=(1 + which % 9, 1 + which % 5), **new)
        case "answer" if invited:
            world.answer(own, ("accepted", "tentative", "declined")[which % 3])
        case "unanswer" if invited:
            world.answer(own, "needsAction")
        case "move" if own:
            world.move_event(own, soon)
        case "far" if own:
            world.move_event(own, soon + timedelta(days=80))
        case "cancel" if own:
            world.cancel_event(own)
        case "cancel one" if own:
            world.cancel_occurrence(own, which % 3)
        case "purge" if own:
            world.purge_event(own)
        case "expire":
            world.expire_tokens()
        case _:
            office.clock.advance(hours=which)


def truth(office: Office) -> dict[str, str]:
    """By event or series: when the next occurrence that waits for an answer begins."""
    found: dict[str, str] = {}
    for own, held in office.world.events.items():
        for each in office.world.occurrences(held):
            answers = [guest["responseStatus"] for guest in each["attendees"] if guest.get("self")]
            begins, ends = office.world._bounds(each)
            asks = each["status"] != "cancelled" and answers == ["needsAction"] and ends > office.clock.now
            near = begins < office.clock.now + timedelta(days=30)
            # What asks something already is followed wherever it is moved; else it is seen when it comes near.
            known = office.store.statuses().get(own) == "open" and not held.every_days
            if asks and (near or known):
                found[own] = min(found.get(own, "~"), begins.isoformat())
    return found


def asking(office: Office) -> dict[str, str]:
    return {
        own: item.work.due_at.isoformat()
        for own, item in office.store.items.items()
        if item.work and item.work.status == "open" and item.work.due_at
    }
