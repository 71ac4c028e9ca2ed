"""Trello for the stand-in: boards with lists, cards and members, asked with the tools that Composio offers.

As at Trello, answers are bare lists (here under «details»), cards come in the order of the board and not of time, a
`limit` gives the latest made of those `before` a card, nothing says that more follow, what is not for the account is
401 as if its leave were gone, and labels count as no activity.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from scripts.fake_composio.toolkit import Arguments, Clock, ToolFailed, ToolFunction

Json = dict[str, Any]
LARGEST = 1000
CHANGES = (
    *("generate", "add_board", "add_list", "add_card", "edit_card", "move_card", "delete_card", "label_card"),
    *("edit_list", "edit_board", "delete_board", "show_board", "add_member", "let_write"),
)
LISTS = ("To do", "Doing", "Review", "Done")
WORDS = ("roof", "invoice", "contract", "server", "door", "visit", "report", "ladder", "budget", "order")
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"
TAKEN = ("name", "desc", "due", "start", "idList", "dueComplete", "closed")


@dataclass
class Trello:
    """The boards that one account sees."""

    now: Clock
    seed: int = 1
    boards: dict[str, Json] = field(default_factory=dict)
    lists: dict[str, Json] = field(default_factory=dict)
    cards: dict[str, Json] = field(default_factory=dict)
    members: dict[str, Json] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    """Boards that are there, and not for this account."""
    most: int = LARGEST
    """What an answer holds at most, however much is asked for."""
    keeps_complete: bool = False
    """Whether `dueComplete` is taken and nothing done."""
    may_write: bool = True
    toolkit: str = "trello"

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def generate(self, boards: int = 2, cards: int = 50, seed: int | None = None) -> "Trello":
        """So many boards with so many cards each, made within the last three weeks."""
        chance = random.Random(self.seed if seed is None else seed)
        people = [self.add_member(name) for name in ("Ana Ruiz", "Ben Cole", "Chi Dang")]
        for number in range(1, boards + 1):
            board = self.add_board(f"Team {number}", people=people)
            columns = [own for own, each in self.lists.items() if each["idBoard"] == board]
            for place in range(cards):
                at = self.now() - timedelta(minutes=chance.randrange(21 * 24 * 60), seconds=chance.randrange(60))
                said: Json = {"name": f"{chance.choice(WORDS).capitalize()} {chance.choice(WORDS)} {place + 1}"}
                said |= {
                    "due": told(at + timedelta(days=chance.randrange(1, 40))),
                    "idMembers": [chance.choice(people)],
                }
                self.add_card(chance.choice(columns), **said, closed=place % 9 == 8, at=at)
        return self

    def new_id(self, at: datetime | None = None) -> str:
        """Ids begin with the second in which something was made."""
        return f"{int((at or self.now()).timestamp()):08x}{self._random.getrandbits(64):016x}"

    def new_short(self) -> str:
        return "".join(self._random.choice(LETTERS) for _ in range(8))

    def add_member(self, name: str) -> str:
        own = self.new_id()
        self.members[own] = {"id": own, "fullName": name, "username": name.lower().replace(" ", "")}
        return own

    def add_board(self, name: str, *, lists: tuple[str, ...] = LISTS, people: list[str] | None = None) -> str:
        own, short = self.new_id(), self.new_short()
        links = {"shortLink": short, "shortUrl": f"https://trello.com/b/{short}"}
        self.boards[own] = {"id": own, "name": name, "closed": False, **links, "members": list(people or [])}
        self._active(own)
        for each in lists:
            self.add_list(own, each)
        return own

    def add_list(self, board: str, name: str) -> str:
        own = self.new_id()
        self.lists[own] = {"id": own, "name": name, "closed": False, "idBoard": board}
        self._active(board)
        return own

    def add_card(self, column: str, name: str, *, at: datetime | None = None, **said: Any) -> str:
        """`column` is a list's id; `said` holds what a card says by Trello's names."""
        own, short, made = self.new_id(at), self.new_short(), at or self.now()
        usual: Json = {"desc": "", "idMembers": [], "labels": [], "due": None, "dueComplete": False, "start": None}
        links = {
            "shortLink": short,
            "shortUrl": f"https://trello.com/c/{short}",
            "url": f"https://trello.com/c/{short}/1-x",
        }
        counts = {"comments": 0, "checkItems": 0, "checkItemsChecked": 0, "attachments": 0}
        where = {
            "idBoard": self.lists[column]["idBoard"],
            "idList": column,
            "closed": False,
            "pos": self._random.random(),
        }
        card = {"id": own, "name": name, **usual, **links, **where, "dateLastActivity": told(made), "badges": counts}
        self.cards[own] = card | said
        self._active(card["idBoard"], made)
        return own

    def edit_card(self, card: str, **said: Any) -> None:
        held = self.cards[card]
        held |= said
        held["dateLastActivity"] = told(self.now())
        self._active(held["idBoard"])

    def label_card(self, card: str, *names: str) -> None:
        """No activity, as at Trello."""
        self.cards[card]["labels"] = [{"id": name, "name": name, "color": "red"} for name in names]

    def move_card(self, card: str, column: str) -> None:
        """To another list, also of another board."""
        self._active(self.cards[card]["idBoard"])
        self.edit_card(card, idList=column, idBoard=self.lists[column]["idBoard"])

    def delete_card(self, card: str) -> None:
        self._active(self.cards.pop(card)["idBoard"])

    def edit_list(self, column: str, **said: Any) -> None:
        self.lists[column] |= said
        self._active(self.lists[column]["idBoard"])

    def edit_board(self, board: str, **said: Any) -> None:
        self.boards[board] |= said
        self._active(board)

    def show_board(self, board: str, shown: bool = True) -> None:
        """Take the account off a board, or put it back."""
        (self.hidden.discard if shown else self.hidden.add)(board)

    def let_write(self, allowed: bool) -> None:
        """Whether the account's leave is good for more than reading."""
        self.may_write = allowed

    def delete_board(self, board: str) -> None:
        del self.boards[board]
        self.lists = {own: each for own, each in self.lists.items() if each["idBoard"] != board}
        self.cards = {own: each for own, each in self.cards.items() if each["idBoard"] != board}

    def change(self, command: dict[str, Any]) -> Any:
        """{"do": "add_card", …}: one of the methods above with its arguments by name."""
        if (name := command.get("do")) not in CHANGES:
            raise ValueError(f"there is no «{name}» here, only {', '.join(CHANGES)}")
        given = {key: each for key, each in command.items() if key != "do"}
        if isinstance(given.get("at"), str):
            given["at"] = datetime.fromisoformat(given["at"])
        try:
            done = getattr(self, str(name))(**given)
        except (TypeError, KeyError) as error:
            raise ValueError(f"«{name}» can't be done so: {error}") from error
        return {"cards": len(self.cards)} if done is self else done

    def _active(self, board: str, at: datetime | None = None) -> None:
        held, said = self.boards[board], told(at or self.now())
        held["dateLastActivity"] = max(held.get("dateLastActivity", ""), said)

    @property
    def tools(self) -> Mapping[str, ToolFunction]:
        return {
            "TRELLO_GET_MEMBERS_BOARDS_BY_ID_MEMBER": self._my_boards,
            "TRELLO_GET_BOARDS_BY_ID_BOARD": lambda asked: self._told(self._board(asked)),
            "TRELLO_GET_BOARDS_LISTS_BY_ID_BOARD": self._lists,
            "TRELLO_GET_BOARDS_MEMBERS_BY_ID_BOARD": self._members,
            "TRELLO_GET_BOARDS_CARDS_BY_ID_BOARD": self._cards,
            "TRELLO_GET_CARDS_BY_ID_CARD": lambda asked: dict(self._card(asked)),
            "TRELLO_UPDATE_CARDS_BY_ID_CARD": self._update,
        }

    def _my_boards(self, asked: Arguments) -> Any:
        wanted = str(asked.get("filter") or "all")
        shown = [each for own, each in self.boards.items() if own not in self.hidden]
        return {
            "details": [self._told(each) for each in shown if wanted == "all" or each["closed"] == (wanted == "closed")]
        }

    @staticmethod
    def _told(board: Json) -> Json:
        return {name: value for name, value in board.items() if name != "members"}

    def _lists(self, asked: Arguments) -> Any:
        board, every = self._board(asked), asked.get("filter") == "all"
        mine = [each for each in self.lists.values() if each["idBoard"] == board["id"]]
        return {"details": [dict(each) for each in mine if every or not each["closed"]]}

    def _members(self, asked: Arguments) -> Any:
        return {"details": [dict(self.members[own]) for own in self._board(asked)["members"]]}

    def _cards(self, asked: Arguments) -> Any:
        board = self._board(asked)
        every = asked.get("filter") == "all"
        mine = [
            each for each in self.cards.values() if each["idBoard"] == board["id"] and (every or not each["closed"])
        ]
        before = str(asked.get("before") or "~")
        size = min(self.most, LARGEST, int(asked.get("limit") or LARGEST))
        latest = sorted((each for each in mine if each["id"] < before), key=lambda each: str(each["id"]))[-size:]
        return {"details": [dict(each) for each in sorted(latest, key=lambda each: (each["idList"], each["pos"]))]}

    def _update(self, asked: Arguments) -> Any:
        card = self._card(asked)
        if not self.may_write:
            raise ToolFailed("unauthorized permission requested", 401)
        said = {name: asked[name] for name in TAKEN if name in asked}
        said |= {name: str(said[name]).lower() == "true" for name in ("dueComplete", "closed") if name in said}
        if said.get("idList", card["idList"]) not in self.lists:
            raise ToolFailed("invalid value for idList", 400)
        if self.keeps_complete:
            said.pop("dueComplete", None)
        self.edit_card(card["id"], **said)
        return dict(self.cards[card["id"]])

    def _board(self, asked: Arguments) -> Json:
        wanted = str(asked.get("idBoard") or "")
        found = next((each for each in self.boards.values() if wanted in (each["id"], each["shortLink"])), None)
        if found is None:
            raise ToolFailed("board not found", 404)
        if found["id"] in self.hidden:
            raise ToolFailed("unauthorized permission requested", 401)
        return found

    def _card(self, asked: Arguments) -> Json:
        wanted = str(asked.get("idCard") or "")
        found = next((each for each in self.cards.values() if wanted in (each["id"], each["shortLink"])), None)
        if found is None:
            raise ToolFailed("card not found", 404)
        if found["idBoard"] in self.hidden:
            raise ToolFailed("unauthorized card permission requested", 401)
        return found


def told(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
