"""What people set of a Trello integration, and the ids of boards in what they paste."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from app.integrations.pulling import LiveSettings

MOST_BOARDS = 50
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?trello\.com/b/([A-Za-z0-9]{8})(?:[/?#].*)?", re.IGNORECASE)
_ID = re.compile(r"[0-9a-fA-F]{24}|[A-Za-z0-9]{8}")


def board_id(pasted: str) -> str:
    """The id or short link in an address or by itself. Raises ValueError with a sentence for people."""
    text = pasted.strip().strip("<>")
    found = _ADDRESS.fullmatch(text)
    if found:
        return found[1]
    if _ID.fullmatch(text):
        return text.lower() if len(text) > 8 else text
    raise ValueError(
        f"«{text[:100]}» names no board of Trello. Open the board and copy the address: https://trello.com/b/…"
    )


def _each_once(given: list[str]) -> list[str]:
    return list(dict.fromkeys(map(board_id, given)))


def _names(given: list[str]) -> list[str]:
    names = (" ".join(name.split()) for name in given)
    return list({name.casefold(): name for name in names if name}.values())


class TrelloSettings(LiveSettings):
    boards: Annotated[list[str], AfterValidator(_each_once)] = Field(
        default_factory=list,
        max_length=MOST_BOARDS,
        title="Boards",
        description="Addresses or ids of the boards to pull. Empty: every open board that the account is a member of.",
    )
    done_lists: Annotated[list[str], AfterValidator(_names)] = Field(
        default_factory=list,
        max_length=50,
        title="Lists of what is done",
        description="Cards in lists of these names are done, in all others open. Empty: judged by the lists' names.",
    )
    move_done_to: str = Field(
        "",
        max_length=200,
        title="Move what is done to",
        description="The list to which the card of a task that is done is moved. Empty: it is marked complete instead. "
        "Used only where writing back is on.",
    )
    full_listing_hours: int = Field(
        24,
        ge=1,
        le=24 * 30,
        title="Hours between full listings",
        description="Trello doesn't tell what was deleted: so often all cards are listed, to find what is missing.",
    )
