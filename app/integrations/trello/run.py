"""One pull of a Trello integration: each board on which something happened, and, when it is due, the full listing.

A board that can't be read is named and passed over; only where none can be read does the pull fail.
"""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from app.core.errors import NotThere, Rejected, Unauthorised
from app.integrations.pulling import Pull, Pulled
from app.integrations.trello import missing
from app.integrations.trello.asking import SERVICE, Asking, Board
from app.integrations.trello.board import OVERLAP, Listing
from app.integrations.trello.cards import Naming, Place
from app.integrations.trello.settings import MOST_BOARDS, TrelloSettings
from app.integrations.trello.standing import BoardStanding, Standing
from app.records import Read, Refusal

NOT_OURS = (
    "Trello does not show it to this account. Add the account to the board, or take the board out of the settings."
)
REFUSED = "Trello refuses to list its cards. The next pull tries again."
TOO_MANY = (
    f"One integration pulls at most {MOST_BOARDS}. Name those that matter in the settings, and make another "
    "integration for the others."
)
NOTHING = (
    "Trello shows no board to this account. Make the account a member of a board, or name other boards in the settings."
)


@dataclass(slots=True)
class Run:
    """What one pull holds while it goes on."""

    pull: Pull
    asking: Asking = field(init=False)
    standing: Standing = field(init=False)
    refused: list[Read] = field(default_factory=list)
    failure: Exception | None = None
    """Why a board could not be read, the last one. One left out, as there are too many, is none of them."""
    listed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.asking = Asking(self.pull.tools)
        self.standing = Standing.of(self.pull.cursor)

    @property
    def settings(self) -> TrelloSettings:
        found = self.pull.settings
        return found if isinstance(found, TrelloSettings) else TrelloSettings.model_validate(found)

    async def pages(self) -> AsyncIterator[Pulled]:
        boards = await self.boards()
        due, began = self.is_due(), self.pull.until
        if self.standing.listed is None:
            self.standing.listed, self.standing.asked = began, self.asked()
        read: list[Board] = []
        for number, board in enumerate(boards):
            try:
                async for page in self.board(board, whole=due):
                    yield self.placed(page, part=number / len(boards))
                read.append(board)
            except (Rejected, Unauthorised) as error:
                await self.passed_over(board.name, error)
        if not read:
            raise Rejected(NOTHING, service=SERVICE) from self.failure
        if self.refused:
            yield self.placed(Pulled(reads=tuple(self.refused), cursor={}))
        if due:
            gone = await self.missing(read)
            self.standing.listed, self.standing.asked = began, self.asked()
            yield self.placed(Pulled(gone=tuple(gone), cursor={}, note="What was deleted"))
        yield Pulled(cursor=self.standing.cursor(), done=True, part=1.0)

    def placed(self, page: Pulled, part: float | None = None) -> Pulled:
        return replace(page, cursor=self.standing.cursor(), part=part)

    async def board(self, board: Board, *, whole: bool) -> AsyncIterator[Pulled]:
        mine = self.standing.boards.setdefault(board.id, BoardStanding())
        if not whole and quiet(board, mine):
            return
        place = await self.place(board)
        async for page in Listing(self.asking, self.pull, place, mine, self.listed).pages(whole=whole):
            yield page

    async def place(self, board: Board) -> Place:
        columns, members = await self.asking.columns(board.id), await self.asking.members(board.id)
        return Place(board, columns, members, naming_of(self.settings))

    async def missing(self, read: list[Board]) -> list[str]:
        """What is stored, was not listed, and is gone."""
        stored = await self.pull.known.ids("")
        pulled, lost = frozenset(board.id for board in read), frozenset(self.standing.lost)
        sure = self.failure is None and not lost
        return await missing.gone(self.asking, stored - self.listed, pulled, lost, self.pull.until, sure=sure)

    async def boards(self) -> list[Board]:
        """The boards that are wanted and can be seen. One that was closed is read on once it has been read open."""
        shown = await self.asking.boards()
        known = self.standing.boards
        if self.settings.boards:
            found = await self.named(shown)
        else:
            # Those known come first: which are pulled must not depend on the order in which Trello names them.
            wanted = [board for board in shown if not board.closed or board.id in known]
            wanted.sort(key=lambda board: board.id not in known)
            self.leave_out(wanted[MOST_BOARDS:])
            found = wanted[:MOST_BOARDS]
            await self.look_for_lost({board.id for board in shown})
        self.standing.boards = {board.id: known.get(board.id, BoardStanding()) for board in found}
        return found

    async def named(self, shown: list[Board]) -> list[Board]:
        by_name = {name: board for board in shown for name in (board.id, board.short)}
        found: dict[str, Board] = {}
        for name in self.settings.boards:
            try:
                board = by_name.get(name) or await self.asking.board(name)
                found[board.id] = board
            except (Rejected, Unauthorised) as error:  # the account's leave is good: all its boards were just listed
                self.refuse(name, error)
        self.standing.lost = []
        return list(found.values())

    async def look_for_lost(self, shown: set[str]) -> None:
        """Which boards are out of sight that were read once; one that Trello has no longer is none of them."""
        lost = [own for own in dict.fromkeys([*self.standing.lost, *self.standing.boards]) if own not in shown]
        self.standing.lost = [own for own in lost[-MOST_BOARDS:] if not await self.deleted(own)]

    async def deleted(self, board: str) -> bool:
        try:
            await self.asking.board(board)
        except NotThere:
            return True
        except (Rejected, Unauthorised):
            return False
        return False

    def leave_out(self, boards: list[Board]) -> None:
        if boards:
            self.refused.append(Read(Refusal(f"{len(boards)} of the boards", TOO_MANY), SERVICE))

    async def passed_over(self, name: str, error: Rejected | Unauthorised) -> None:
        """A board refused itself. Raises Unauthorised where it is the account that lost its leave."""
        if isinstance(error, Unauthorised):
            await self.asking.boards()
        self.refuse(name, error)

    def refuse(self, name: str, error: Rejected | Unauthorised) -> None:
        self.failure = error
        why = NOT_OURS if isinstance(error, NotThere | Unauthorised) else REFUSED
        self.refused.append(Read(Refusal(f"the board «{name}»", why), SERVICE))

    def is_due(self) -> bool:
        """The full listing: not at first, when all is listed anyway, and at once where the settings are others."""
        hours = timedelta(hours=self.settings.full_listing_hours)
        listed = self.standing.listed
        return listed is not None and (self.standing.asked != self.asked() or self.pull.until - listed >= hours)

    def asked(self) -> str:
        settings = self.settings
        said = repr((self.pull.since, sorted(settings.boards), naming_of(settings)))
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


def quiet(board: Board, mine: BoardStanding) -> bool:
    """Whether nothing happened on a board since it was last read to its end."""
    if mine.reached is None or mine.began is not None or board.active is None or board.closed != mine.closed:
        return False
    return board.active < mine.reached - OVERLAP


def naming_of(settings: TrelloSettings) -> Naming:
    return Naming(tuple(settings.done_lists), settings.move_done_to)
