"""A card for tests/workflows/writing/test_whole_way.py, which tells every kind's source how a task stands."""

from collections.abc import Callable
from typing import Any

from scripts.fake_composio.trello import Trello


def board(now: Any) -> tuple[Trello, Callable[[], Any]]:
    space = Trello(now)
    doing = space.add_list(space.add_board("Doors"), "Doing")
    card = space.add_card(doing, "Send the invoice for the door")
    return space, lambda: space.cards[card]["dueComplete"]


TOLD = (board, False, True)
