"""What Google and the gateway can do wrong, and what becomes of it."""

from datetime import timedelta
from typing import Any

import pytest

from app.core.errors import Refusing, Rejected, Throttled, TimedOut, Unauthorised, Unreachable, Unreadable
from app.integrations.googlecalendar.asking import GET, LIST
from app.records import Kept
from tests.integrations.pulled import START, Office


@pytest.fixture
def office() -> Office:
    made = Office("googlecalendar")
    for number in range(6):
        made.world.add_event(
            f"Event {number}", START + timedelta(days=number + 1), organizer="h@x.example", response="needsAction"
        )
    return made


def without(name: str, data: Any) -> Any:
    return {**data, "items": [{key: value for key, value in each.items() if key != name} for each in data["items"]]}


BROKEN: dict[str, tuple[Any, str]] = {
    "no items": (lambda data: {"timeZone": "UTC"}, "data.items"),
    "nothing at all": (lambda data: None, "data.items"),
    "a page in HTML": (lambda data: "<html>", "data.items"),
    "items of another sort": (lambda data: {**data, "items": {}}, "data.items"),
    "renamed items": (lambda data: {"entries": data["items"]}, "data.items"),
    "events without ids": (lambda data: without("id", data), "data.items[0].id"),
    "events without a start": (lambda data: without("start", data), "data.items[0].start"),
    "events without an end": (lambda data: without("end", data), "data.items[0].end"),
    "events at no time": (
        lambda data: {**data, "items": [{**each, "start": {"dateTime": "soon"}} for each in data["items"]]},
        "data.items[0].start",
    ),
    "events on a day with a time": (
        lambda data: {**data, "items": [{**each, "start": {"date": "2026-03-23T15:00:00"}} for each in data["items"]]},
        "data.items[0].start",
    ),
    "events that are texts": (lambda data: {**data, "items": ["one", "two"]}, "data.items[0].id"),
    "a token of another sort": (lambda data: {**data, "nextPageToken": 7}, "data.nextPageToken"),
}


@pytest.mark.parametrize(("spoil", "path"), BROKEN.values(), ids=BROKEN)
async def test_an_answer_of_another_shape_is_recognised_and_kept(office: Office, spoil: Any, path: str) -> None:
    office.tools.twist = lambda _tool, _arguments, data: spoil(data)

    with pytest.raises(Unreadable) as caught:
        await office.pull()

    assert caught.value.path == path
    assert isinstance(caught.value.kept, Kept)
    assert caught.value.kept.whole
    with pytest.raises(Unreadable):
        await office.live.source().replay(office.pull_of(), caught.value.kept)


NESTED: dict[str, Any] = {
    "plain": lambda data: data,
    "response_data": lambda data: {"response_data": data},
    "data": lambda data: {"data": data},
    "events": lambda data: {"events": data["items"], "next_page_token": data["nextPageToken"]},
    "two levels": lambda data: {"data": {"response_data": data}},
}


@pytest.mark.parametrize("nest", NESTED.values(), ids=NESTED)
async def test_however_an_answer_is_nested_it_is_read(office: Office, nest: Any) -> None:
    office.world.most = 2
    office.tools.twist = lambda _tool, _arguments, data: nest(data)

    await office.pull()

    assert set(office.store.items) == set(office.world.events)


@pytest.mark.parametrize("error", [Unauthorised, Throttled, Unreachable, TimedOut, Refusing])
async def test_what_ails_the_service_or_the_account_ends_the_pull(office: Office, error: Any) -> None:
    def fail(_tool: str, _arguments: Any, _data: Any) -> Any:
        raise error("It fails.", service="Google Calendar")

    office.tools.twist = fail

    with pytest.raises(error):
        await office.pull()


async def test_one_event_that_can_not_be_read_is_named_and_the_others_come(office: Office) -> None:
    office.tools.twist = lambda _tool, _arguments, data: {
        **data,
        "items": [*data["items"][:-1], {**data["items"][-1], "start": None}],
    }

    await office.pull()

    [one] = office.store.refusals
    assert one.kept is not None
    assert (one.kept.path, len(office.store.items)) == ("data.items[5].start", 5)
    with pytest.raises(Unreadable):
        await office.live.source().replay(office.pull_of(), one.kept)


async def test_a_calendar_that_is_not_shown_is_named_with_what_to_do_and_the_others_are_read(office: Office) -> None:
    office.settings = {"calendars": ["team@x.example", "primary"]}

    await office.pull()

    assert [(each.what, "Share it" in each.why) for each in office.store.refusals] == [
        ("the calendar «team@x.example»", True)
    ]
    assert len(office.store.items) == 6


async def test_a_calendar_out_of_sight_keeps_what_was_open(office: Office) -> None:
    office.world.add_calendar("team@x.example", "Team")
    office.settings = {"calendars": ["team@x.example", "primary"]}
    await office.pull()
    office.world.hide_calendar("primary")

    await office.pull()

    assert len(office.store.items) == 6


async def test_where_no_calendar_can_be_read_the_pull_fails_and_says_what_to_do(office: Office) -> None:
    office.settings = {"calendars": ["team@x.example"]}

    with pytest.raises(Rejected, match="Share them with the account"):
        await office.pull()


async def test_a_token_that_has_expired_lets_the_listing_begin_again(office: Office) -> None:
    office.world.most = 2
    calls = 0

    def expire(_tool: str, _arguments: Any, data: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            office.world.expire_tokens()
        return data

    office.tools.twist = expire
    await office.pull()

    assert set(office.store.items) == set(office.world.events)


async def test_tokens_that_are_refused_for_ever_end_too(office: Office) -> None:
    office.world.most = 2

    def expire(_tool: str, _arguments: Any, data: Any) -> Any:
        office.world.expire_tokens()
        return data

    office.tools.twist = expire
    with pytest.raises(Rejected):
        await office.pull()


async def test_a_token_that_leads_to_the_same_page_ends_in_an_error_not_in_a_circle(office: Office) -> None:
    office.tools.twist = lambda _tool, _arguments, data: {
        **data,
        "nextPageToken": f"{office.world.tokens}|tok_00000000",
    }

    with pytest.raises(Unreadable, match="read already"):
        await office.pull()


async def test_an_empty_page_with_a_token_is_not_the_end(office: Office) -> None:
    def empty(_tool: str, arguments: dict[str, Any], data: Any) -> Any:
        if "pageToken" in arguments:
            return data
        return {**data, "items": [], "nextPageToken": f"{office.world.tokens}|tok_00000000"}

    office.tools.twist = empty
    await office.pull()

    assert set(office.store.items) == set(office.world.events)


async def test_events_twice_and_in_any_order_change_nothing(office: Office) -> None:
    office.tools.twist = lambda _tool, _arguments, data: {**data, "items": [*reversed(data["items"]), *data["items"]]}

    await office.pull()

    assert set(office.store.items) == set(office.world.events)
    assert office.store.updated == []


async def test_too_many_events_are_cut_and_said_and_nothing_is_taken_for_gone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.pull()
    monkeypatch.setattr("app.integrations.googlecalendar.asking.MOST_EVENTS", 3)
    office.world.most = 2

    await office.pull()

    assert len(office.store.items) == 6
    assert "fewer days ahead" in office.store.refusals[-1].why


@pytest.mark.parametrize("error", [TimedOut, Rejected, Unreadable])
async def test_an_event_out_of_sight_that_can_not_be_asked_for_stays_and_stops_nothing(
    office: Office, error: Any
) -> None:
    await office.pull()
    own = next(iter(office.world.events))
    office.world.move_event(own, START + timedelta(days=90))

    def fail(tool: str, _arguments: Any, data: Any) -> Any:
        if tool == GET:
            raise error("No.", service="Google Calendar") if error is not Unreadable else Unreadable("No.", path="data")
        return data

    office.tools.twist = fail
    await office.pull()
    assert own in office.store.items
    office.tools.twist = lambda _tool, _arguments, data: data
    await office.pull()

    assert office.store.items[own].work is not None


async def test_every_listing_names_its_window_and_its_size(office: Office) -> None:
    await office.pull()

    [(tool, asked)] = office.tools.calls
    assert tool == LIST
    assert {"timeMin", "timeMax", "maxResults", "singleEvents", "showDeleted"} <= set(asked)
    assert asked["timeMin"] == "2026-03-19T09:00:30+00:00"


async def test_not_there_is_not_taken_for_gone_while_another_calendar_may_hold_it(office: Office) -> None:
    team = office.world.add_calendar("team@x.example", "Team")
    office.settings = {"calendars": ["primary", team]}
    asked = {"calendar": team, "organizer": "h@x.example", "response": "needsAction"}
    own = office.world.add_event("Team's", START + timedelta(days=2), **asked)
    await office.pull()
    office.world.move_event(own, START + timedelta(days=70))
    office.store.cursor = {}

    await office.pull()
    await office.pull()

    assert own in office.store.items
