"""A law: whatever the sizes, interruptions and changes, what is stored in the end is what is there."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integrations.pulled import Office

ACTS = ("add", "add", "edit", "archive", "move", "delete", "rename list", "close", "open", "hide", "show", "wait")


@settings(max_examples=80, deadline=None)
@given(
    most=st.integers(1, 7),
    boards=st.integers(1, 3),
    cards=st.integers(0, 12),
    stops=st.lists(st.integers(1, 6), max_size=8),
    acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 50)), max_size=16),
)
async def test_interrupted_anywhere_the_store_ends_equal_to_the_boards(
    most: int, boards: int, cards: int, stops: list[int], acts: list[tuple[str, int]]
) -> None:
    office = Office("trello")
    office.world.most = most
    office.world.generate(boards=boards, cards=cards)
    for stop in stops:
        await office.pull(pages=stop)
        for _ in range(2):
            act(office, *acts.pop() if acts else ("wait", 0))
    for board in office.world.boards:
        office.world.show_board(board)
        office.world.edit_board(board, closed=False)
    office.clock.advance(hours=25)
    for stop in stops:
        await office.pull(pages=stop)
    await office.pull()

    assert stored(office) == truth(office)


@settings(max_examples=60, deadline=None)
@given(
    most=st.integers(1, 5),
    acts=st.lists(st.tuples(st.sampled_from(["add", "edit", "archive", "move", "rename list"]), st.integers(0, 50))),
    between=st.integers(0, 6),
)
async def test_what_changes_between_two_calls_is_there_after_the_next_pull(
    most: int, acts: list[tuple[str, int]], between: int
) -> None:
    office = Office("trello")
    office.world.most = most
    office.world.generate(boards=2, cards=8)
    await office.pull()
    office.clock.advance(minutes=30)
    act(office, "edit", 0)
    calls = 0

    def change(_tool: str, _arguments: Any, data: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > between and acts:
            act(office, *acts.pop())
        return data

    office.tools.twist = change
    await office.pull()
    office.tools.twist = lambda _tool, _arguments, data: data
    office.clock.advance(minutes=5)
    await office.pull()

    assert stored(office) == truth(office)


def act(office: Office, what: str, which: int) -> None:
    world = office.world
    office.clock.advance(seconds=30)
    cards, lists, boards = list(world.cards), list(world.lists), list(world.boards)
    card = cards[which % len(cards)] if cards else ""
    match what:
        case "add":
            world.add_card(lists[which % len(lists)], f"New {len(cards)}")
        case "edit" if card:
            world.edit_card(card, name=f"Edited at {office.clock.now}")
        case "archive" if card:
            world.edit_card(card, closed=not world.cards[card]["closed"])
        case "move" if card:
            world.move_card(card, lists[which % len(lists)])
        case "delete" if card:
            world.delete_card(card)
        case "rename list":
            world.edit_list(lists[which % len(lists)], name=("Done", "Doing", "Later")[which % 3])
        case "close" | "open":
            world.edit_board(boards[which % len(boards)], closed=what == "close")
        case "hide" | "show" if len(boards) > 1:
            world.show_board(boards[0], shown=what == "show")
        case _:
            office.clock.advance(hours=which)


def truth(office: Office) -> dict[str, tuple[str, str, str]]:
    """Of every card: its title, list and status."""
    found = {}
    for own, card in office.world.cards.items():
        name = office.world.lists[card["idList"]]["name"]
        status = "done" if name == "Done" or card["closed"] else "open"
        found[own] = (card["name"], f"{name}, archived" if card["closed"] and name != "Done" else name, status)
    return found


def stored(office: Office) -> dict[str, tuple[str, str, str]]:
    return {
        own: (item.subject, item.work.status_name, item.work.status)
        for own, item in office.store.items.items()
        if item.work
    }
