"""Trello's tools as this kind calls them, and what their answers must hold.

Trello answers with bare lists, which Composio puts under a name: «details» as a rule. Cards come in the order in which
they stand on the board; `before` names a card's id and gives the latest that were made before it, and nothing says that
there are more. Sizes are texts in Composio's tools.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.integrations.pulling import Answer, Json, Tools

SERVICE = "Trello"
BOARDS, BOARD = "TRELLO_GET_MEMBERS_BOARDS_BY_ID_MEMBER", "TRELLO_GET_BOARDS_BY_ID_BOARD"
LISTS, MEMBERS = "TRELLO_GET_BOARDS_LISTS_BY_ID_BOARD", "TRELLO_GET_BOARDS_MEMBERS_BY_ID_BOARD"
CARDS, CARD = "TRELLO_GET_BOARDS_CARDS_BY_ID_BOARD", "TRELLO_GET_CARDS_BY_ID_CARD"
UPDATE = "TRELLO_UPDATE_CARDS_BY_ID_CARD"
TOOLS = (BOARDS, BOARD, LISTS, MEMBERS, CARDS, CARD)
PAGE_SIZE = 500
"""Trello gives up to 1,000; half of that is a megabyte."""
BOARD_FIELDS = "name,closed,shortLink,dateLastActivity"
CARD_FIELDS = (
    "name,desc,idBoard,idList,idMembers,labels,due,dueComplete,start,closed,shortLink,shortUrl,dateLastActivity,badges"
)
_NAMES = ("details", "cards", "boards", "lists", "members", "items", "data", "response_data")


@dataclass(frozen=True, slots=True)
class Board:
    """A board as it is told in a list of boards."""

    id: str
    short: str
    name: str
    closed: bool
    active: datetime | None
    """When something last happened on it, where Trello says so."""


@dataclass(frozen=True, slots=True)
class Column:
    """One of a board's lists."""

    id: str
    name: str
    closed: bool


@dataclass(slots=True)
class Asking:
    """One account's Trello."""

    tools: Tools

    async def boards(self) -> list[Board]:
        """Every board that the account is a member of, the closed ones too."""
        answer = await self.tools(BOARDS, idMember="me", filter="all", fields=BOARD_FIELDS)
        return [board_of(each) for each in objects(answer)]

    async def board(self, own: str) -> Board:
        """One board by its id or short link. Raises NotThere, and Unauthorised for one that is not for this account."""
        return board_of(one(await self.tools(BOARD, idBoard=own, fields=BOARD_FIELDS)))

    async def columns(self, board: str) -> dict[str, Column]:
        """The lists of a board by id, archived ones too."""
        answer = await self.tools(LISTS, idBoard=board, filter="all", fields="name,closed")
        return {each["id"]: Column(each["id"], text(each, "name"), is_set(each, "closed")) for each in objects(answer)}

    async def members(self, board: str) -> dict[str, str]:
        """Names of a board's members by id."""
        answer = await self.tools(MEMBERS, idBoard=board, filter="all", fields="fullName,username")
        return {each["id"]: text(each, "fullName") or text(each, "username") for each in objects(answer)}

    async def cards(self, board: str, before: str | None = None) -> Answer:
        """The latest cards that were made before the card `before`, archived ones too."""
        asked = {"filter": "all", "fields": CARD_FIELDS, "limit": str(PAGE_SIZE)}
        return await self.tools(CARDS, idBoard=board, **asked, **({"before": before} if before else {}))

    async def card(self, own: str) -> Json:
        """Raises NotThere where it was deleted."""
        return one(await self.tools(CARD, idCard=own, fields=CARD_FIELDS))


def elements(answer: Answer) -> list[Any]:
    """The list that an answer is. Raises Unreadable: a silent empty one would hide that the form has changed."""
    if isinstance(answer.data, list):
        return answer.data
    for level in answer.levels():
        for name in _NAMES:
            if isinstance(found := level.get(name), list):
                return found
    raise answer.unreadable("data.details", "holds no list")


def objects(answer: Answer) -> list[Json]:
    """The elements, each with an id. Raises Unreadable where one has none: of these lists every element counts."""
    found = elements(answer)
    for place, each in enumerate(found):
        if not (isinstance(each, dict) and text(each, "id")):
            raise answer.unreadable(f"data.details[{place}].id", "holds an element without an id")
    return found


def one(answer: Answer) -> Json:
    """The object that an answer is, by its id. Raises Unreadable."""
    for level in answer.levels():
        if text(level, "id") and isinstance(level.get("name"), str):
            return level
    raise answer.unreadable("data.id", "holds no object with an id and a name")


def board_of(said: Json) -> Board:
    return Board(
        id=text(said, "id"),
        short=text(said, "shortLink"),
        name=text(said, "name"),
        closed=is_set(said, "closed"),
        active=moment(said.get("dateLastActivity")),
    )


def text(said: Json, name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def is_set(said: Json, name: str) -> bool:
    return said.get(name) is True


def moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)


def made_at(own: str) -> datetime:
    """When something was made: its id begins with the second."""
    return datetime.fromtimestamp(int(own[:8], 16), UTC)


def texts(values: Any) -> Iterable[str]:
    return (each for each in values if isinstance(each, str)) if isinstance(values, list) else ()
