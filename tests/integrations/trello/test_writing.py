"""Trello is told that a task is done, and nothing else; what people did there meanwhile is never overwritten."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Unreachable
from app.integrations.registry import KINDS
from app.integrations.trello.asking import UPDATE
from app.integrations.trello.writer import TrelloWriter
from app.integrations.writing import Mark, Target
from scripts.fake_composio.trello import Trello
from tests.integrations.pulled import Clock, Office
from tests.integrations.told import Killed, Told, Wire, raising

MARKS: tuple[Mark, ...] = ("open", "waiting", "snoozed", "done", "declined")


@pytest.fixture
async def office() -> Office:
    made = Office("trello")
    board = made.world.add_board("Roofs")
    made.world.add_card(column(made, "Doing"), "Card")
    assert board in made.world.boards
    await made.pull()
    return made


def column(office: Office, name: str) -> str:
    found: str = next(own for own, each in office.world.lists.items() if each["name"] == name)
    return found


def card(office: Office) -> dict[str, Any]:
    [found] = office.world.cards.values()
    return dict(found)


async def test_a_task_that_is_done_is_marked_complete_and_opened_again_it_is_put_back(office: Office) -> None:
    own = card(office)["id"]

    done = await office.write("done", own)
    complete = card(office)["dueComplete"]
    opened = await office.write("open", own, before="done", effect=done.effect)

    assert (done.outcome, done.detail, complete) == ("done", "Marked complete in Trello.", True)
    assert office.plans[0] == done.effect
    assert (opened.outcome, opened.effect, card(office)["dueComplete"]) == ("done", {}, False)


async def test_with_a_list_set_the_card_is_moved_there_and_back(office: Office) -> None:
    office.settings, own = {"move_done_to": "review"}, card(office)["id"]

    done = await office.write("done", own)
    assert (done.detail, card(office)["idList"]) == ("Moved to «Review» in Trello.", column(office, "Review"))
    await office.pull()
    assert office.store.work("Card").status == "done"

    await office.write("open", own, before="done", effect=done.effect)
    assert card(office)["idList"] == column(office, "Doing")


async def test_what_is_done_there_already_is_not_written(office: Office) -> None:
    own = card(office)["id"]
    office.world.move_card(own, column(office, "Done"))
    office.tools.calls.clear()

    written = await office.write("done", own)

    assert (written.outcome, written.effect) == ("already", {})
    assert office.tools.counted()[UPDATE] == 0


async def test_repeated_after_a_crash_it_is_written_once_and_can_still_be_put_back(office: Office) -> None:
    own = card(office)["id"]

    class Dropped(Exception):
        pass

    def drop(tool: str, _arguments: Any, data: Any) -> Any:
        if tool == UPDATE:
            raise Unreachable("The line was dropped.", service="Trello")
        return data

    office.tools.twist = drop
    with pytest.raises(Unreachable):
        await office.write("done", own)
    office.tools.twist = lambda _tool, _arguments, data: data
    again = await office.write("done", own, effect=office.plans[-1])
    opened = await office.write("open", own, before="done", effect=again.effect)

    assert (again.outcome, office.tools.counted()[UPDATE]) == ("already", 2)
    assert (opened.outcome, card(office)["dueComplete"]) == ("done", False)


async def test_a_card_that_somebody_moved_meanwhile_is_a_conflict_that_a_person_may_overrule(office: Office) -> None:
    own = card(office)["id"]
    office.world.move_card(own, column(office, "Review"))

    conflict = await office.write("done", own)
    untouched = card(office)["dueComplete"]
    overruled = await office.write("done", own, overwrite=True)

    assert conflict.outcome == "conflict"
    assert conflict.detail == "The card stands in «Review» by now, it was in «Doing»."
    assert (untouched, overruled.outcome, card(office)["dueComplete"]) == (False, "done", True)


async def test_a_card_moved_after_we_did_is_not_moved_back(office: Office) -> None:
    office.settings, own = {"move_done_to": "Done"}, card(office)["id"]
    done = await office.write("done", own)
    office.world.move_card(own, column(office, "Review"))

    opened = await office.write("open", own, before="done", effect=done.effect)

    assert (opened.outcome, opened.effect) == ("conflict", done.effect)
    assert card(office)["idList"] == column(office, "Review")


async def test_a_task_that_we_did_not_finish_there_is_not_opened_there(office: Office) -> None:
    own = card(office)["id"]
    office.world.edit_card(own, dueComplete=True)
    office.tools.calls.clear()

    written = await office.write("open", own, before="done")

    assert (written.outcome, office.tools.calls) == ("nothing", [])


@pytest.mark.parametrize(
    ("settings", "say"),
    [({"move_done_to": "Shipped"}, "has no list «Shipped»"), ({}, "left the card as it was")],
)
async def test_what_can_not_be_done_is_said(office: Office, settings: dict[str, Any], say: str) -> None:
    office.settings, office.world.keeps_complete = settings, True

    written = await office.write("done", card(office)["id"])

    assert (written.outcome, written.effect) == ("refused", {})
    assert say in written.detail


async def test_a_deleted_card_is_said_to_be_gone(office: Office) -> None:
    own = card(office)["id"]
    office.world.delete_card(own)

    written = await office.write("done", own)

    assert (written.outcome, written.detail) == ("refused", "The card is no longer in Trello.")


async def test_only_done_is_told() -> None:
    told = {
        mark for mark in ("open", "waiting", "snoozed", "done", "declined") if TrelloWriter().writes(None, mark, "open")
    }

    assert told == {"done"}


@settings(max_examples=150, deadline=None)
@given(
    marks=st.lists(st.sampled_from(MARKS), max_size=8),
    kills=st.sets(st.integers(0, 8), max_size=4),
    late=st.booleans(),
    had=st.sampled_from([{"dueComplete": False}, {"dueComplete": True}]),
    given_=st.sampled_from([{}, {"move_done_to": "Review"}]),
)
async def test_whatever_is_told_and_wherever_it_is_cut_off_open_means_as_before(
    marks: list[Mark], kills: set[int], late: bool, had: dict[str, Any], given_: dict[str, Any]
) -> None:
    world = Trello(now=Clock())
    world.add_board("Roofs")
    doing = next(own for own, each in world.lists.items() if each["name"] == "Doing")
    own = world.add_card(doing, "Card", **had)
    wire = Wire(world)
    told = Told(KINDS["trello"], wire, lambda: (Target(external_id=own, status="Doing"),), settings=dict(given_))
    steps: list[Callable[[], Any]] = [raising(Killed()) if place in kills else lambda: None for place in range(9)]
    (wire.after if late else wire.before)[UPDATE] = steps

    for mark in marks:
        try:
            assert (await told.tell(mark)).outcome in ("done", "already", "nothing")
        except Killed:
            continue
    steps.clear()
    await told.tell("open")

    assert (world.cards[own]["idList"], world.cards[own]["dueComplete"]) == (doing, had["dueComplete"])
    assert told.effect == {}
