"""What Trello and the gateway can do wrong, and what becomes of it."""

from typing import Any

import pytest

from app.core.errors import Refusing, Rejected, Throttled, TimedOut, Unauthorised, Unreachable, Unreadable
from app.integrations.trello.asking import BOARDS, CARD, CARDS, LISTS, MEMBERS
from app.records import Item, Kept
from tests.integrations.pulled import Office


@pytest.fixture
def office() -> Office:
    made = Office("trello")
    made.world.generate(boards=2, cards=4)
    made.clock.advance(hours=1)
    return made


def without(name: str, data: Any) -> Any:
    return {"details": [{key: value for key, value in each.items() if key != name} for each in data["details"]]}


BROKEN: dict[str, tuple[str, Any, str]] = {
    "no cards": (CARDS, lambda _data: {}, "data.details"),
    "nothing at all": (CARDS, lambda _data: None, "data.details"),
    "a page in HTML": (CARDS, lambda _data: "<html>", "data.details"),
    "cards of another sort": (CARDS, lambda _data: {"details": "none"}, "data.details"),
    "cards without ids": (CARDS, lambda data: without("id", data), "data.details[0].id"),
    "cards with ids of another form": (CARDS, lambda _data: {"details": [{"id": "1"}]}, "data.details[0].id"),
    "cards without names": (CARDS, lambda data: without("name", data), "data.details[0].name"),
    "cards without lists": (CARDS, lambda data: without("idList", data), "data.details[0].idList"),
    "cards without times": (
        CARDS,
        lambda data: without("dateLastActivity", data),
        "data.details[0].dateLastActivity",
    ),
    "cards that are texts": (CARDS, lambda _data: {"details": ["one", "two"]}, "data.details[0].id"),
    "no boards": (BOARDS, lambda _data: {"boards_of": []}, "data.details"),
    "boards without ids": (BOARDS, lambda data: without("id", data), "data.details[0].id"),
    "no lists": (LISTS, lambda _data: {}, "data.details"),
    "no members": (MEMBERS, lambda _data: {}, "data.details"),
}


@pytest.mark.parametrize(("tool", "spoil", "path"), BROKEN.values(), ids=BROKEN)
async def test_an_answer_of_another_shape_is_recognised_and_kept(
    office: Office, tool: str, spoil: Any, path: str
) -> None:
    office.tools.twist = lambda called, _arguments, data: spoil(data) if called == tool else data

    with pytest.raises(Unreadable) as caught:
        await office.pull()

    assert caught.value.path == path
    assert isinstance(caught.value.kept, Kept)
    assert caught.value.kept.whole


NESTED: dict[str, Any] = {
    "details": lambda data: data,
    "a bare list": lambda data: data["details"] if list(data) == ["details"] else data,
    "cards": lambda data: {"cards": data["details"]} if list(data) == ["details"] else data,
    "response_data": lambda data: {"response_data": data},
    "two levels": lambda data: {"data": {"details": data}},
    "a list under data": lambda data: {"data": data["details"]} if list(data) == ["details"] else {"data": data},
}


@pytest.mark.parametrize("nest", NESTED.values(), ids=NESTED)
async def test_however_an_answer_is_nested_it_is_read(office: Office, nest: Any) -> None:
    office.tools.twist = lambda _tool, _arguments, data: nest(data)

    await office.pull()

    assert set(office.store.items) == set(office.world.cards)


@pytest.mark.parametrize("error", [Unauthorised, Throttled, Unreachable, TimedOut, Refusing])
@pytest.mark.parametrize("tool", [BOARDS, LISTS, MEMBERS, CARDS])
async def test_what_ails_the_service_or_the_account_ends_the_pull(office: Office, error: Any, tool: str) -> None:
    broken = False

    def fail(called: str, _arguments: Any, data: Any) -> Any:
        nonlocal broken
        broken = broken or called == tool
        if broken and (called == tool or error is Unauthorised):
            raise error("It fails.", service="Trello")
        return data

    office.tools.twist = fail

    with pytest.raises(error):
        await office.pull()


async def test_one_card_that_can_not_be_read_is_named_and_read_again_after_a_mend(office: Office) -> None:
    office.tools.twist = lambda called, _arguments, data: (
        {"details": [{**data["details"][0], "name": 7}, *data["details"][1:]]}
        if called == CARDS and data["details"]
        else data
    )

    await office.pull()
    [one, _] = office.store.refusals
    assert one.kept is not None
    assert (one.what, one.kept.path, len(office.store.items)) == ("a card of Trello", "data.details[0].name", 6)

    with pytest.raises(Unreadable):
        await office.live.source().replay(office.pull_of(), one.kept)
    mended = Kept(one.kept.tool, one.kept.arguments, one.kept.path, {**one.kept.value, "name": "Mended"}, whole=False)
    [read] = await office.live.source().replay(office.pull_of(), mended)
    assert isinstance(read.what, Item)
    assert read.what.subject == "Mended"


async def test_a_kept_answer_is_read_whole_after_a_mend(office: Office) -> None:
    board = next(iter(office.world.boards))
    answer = office.world.tools[CARDS]({"idBoard": board, "filter": "all"})

    reads = await office.live.source().replay(office.pull_of(), Kept(CARDS, {"idBoard": board}, "data", answer, True))

    assert len(reads) == 4


async def test_a_board_that_is_not_for_us_is_named_with_what_to_do_and_the_others_are_read(office: Office) -> None:
    hidden, shown = office.world.boards
    office.world.show_board(hidden, shown=False)
    office.settings = {"boards": [hidden, shown]}

    await office.pull()

    assert [(each.what, "Add the account" in each.why) for each in office.store.refusals] == [
        (f"the board «{hidden}»", True)
    ]
    assert len(office.store.items) == 4


async def test_while_a_board_can_not_be_read_what_is_deleted_is_gone_and_what_can_not_be_seen_stays(
    office: Office,
) -> None:
    hidden, shown = office.world.boards
    office.settings = {"boards": [hidden, shown]}
    await office.pull()
    deleted, moved, *_ = (own for own, each in office.world.cards.items() if each["idBoard"] == shown)
    office.world.delete_card(deleted)
    office.world.move_card(moved, next(own for own, each in office.world.lists.items() if each["idBoard"] == hidden))
    office.world.show_board(hidden, shown=False)
    office.clock.advance(hours=25)

    await office.pull()

    assert (office.store.gone, len(office.store.items)) == ([deleted], 7)


async def test_a_board_lost_while_it_is_read_is_passed_over(office: Office) -> None:
    lost = next(iter(office.world.boards))

    def lose(called: str, arguments: Any, data: Any) -> Any:
        if called == CARDS and arguments["idBoard"] == lost:
            raise Unauthorised("unauthorized permission requested", service="Trello")
        return data

    office.tools.twist = lose
    await office.pull()

    assert len(office.store.items) == 4
    assert [each.what for each in office.store.refusals] == ["the board «Team 1»"]


async def test_where_no_board_can_be_read_the_pull_fails_and_says_what_to_do(office: Office) -> None:
    for board in office.world.boards:
        office.world.show_board(board, shown=False)

    with pytest.raises(Rejected, match="Make the account a member"):
        await office.pull()


async def test_pages_that_repeat_end_in_an_error_not_in_a_circle(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.integrations.trello.board.PAGE_SIZE", 4)
    first = office.world.tools[CARDS]({"idBoard": next(iter(office.world.boards)), "filter": "all"})
    office.tools.twist = lambda called, _arguments, data: first if called == CARDS else data

    with pytest.raises(Unreadable, match="repeats cards"):
        await office.pull()


async def test_an_old_form_that_gives_all_cards_at_once_is_read(office: Office) -> None:
    def at_once(called: str, arguments: Any, data: Any) -> Any:
        return office.world.tools[CARDS]({**arguments, "before": None}) if called == CARDS else data

    office.tools.twist = at_once
    await office.pull()

    assert set(office.store.items) == set(office.world.cards)


async def test_cards_twice_and_in_any_order_change_nothing(office: Office) -> None:
    office.tools.twist = lambda called, _arguments, data: (
        {"details": [*reversed(data["details"]), *data["details"]]} if called == CARDS else data
    )
    await office.pull()

    assert set(office.store.items) == set(office.world.cards)
    assert office.store.updated == []


@pytest.mark.parametrize("cursor", [{"boards": 1}, {"listed": "x"}, {"boards": {"a": {"reached": []}}}])
async def test_a_cursor_that_can_not_be_read_begins_anew(office: Office, cursor: dict[str, Any]) -> None:
    office.store.cursor = cursor

    await office.pull()

    assert set(office.store.items) == set(office.world.cards)


async def test_a_missing_card_that_can_not_be_asked_for_stays_and_stops_nothing(office: Office) -> None:
    await office.pull()
    own = next(iter(office.world.cards))
    office.world.delete_card(own)
    office.clock.advance(hours=25)

    class Failing:
        """Trello does not answer for single cards."""

        async def __call__(self, tool: str, /, **arguments: Any) -> Any:
            if tool == CARD:
                raise TimedOut("It takes too long.", service="Trello")
            return await tools(tool, **arguments)

    tools = office.tools
    pull = office.pull_of()
    object.__setattr__(pull, "tools", Failing())
    pages = [page async for page in office.live.source().pull(pull)]

    assert pages[-1].done
    assert not any(page.gone for page in pages)


async def test_a_time_that_is_none_is_said_and_the_card_comes(office: Office) -> None:
    card = next(iter(office.world.cards))
    office.world.edit_card(card, due="soon")

    await office.pull()

    assert office.store.items[card].problems == ("Its «due» is «soon», which is no time.",)
