"""What is stored and was not listed: each card is asked for by itself, and no list is believed to be all there is.

A card is gone where Trello says that it has no such card, as far as every board could be read; and where it lies on a
board that is not pulled. At most MOST_LOOKED are asked for in a full listing, others each time.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b

from app.core.errors import NotThere, Rejected, Unauthorised, Unreachable, Unreadable
from app.integrations.trello.asking import Asking, text
from app.integrations.trello.cards import ID

MOST_LOOKED = 300


async def gone(
    asking: Asking,
    candidates: Iterable[str],
    pulled: frozenset[str],
    lost: frozenset[str],
    turn: datetime,
    *,
    sure: bool,
) -> list[str]:
    """Those of `candidates` that are gone. `pulled` and `lost` are boards; `sure`: each that is wanted was read."""
    cards = filter(ID.fullmatch, candidates)
    order = sorted(cards, key=lambda own: blake2b(f"{turn.isoformat()} {own}".encode(), digest_size=8).digest())
    found: list[str] = []
    for own in order[:MOST_LOOKED]:
        board = await board_of(asking, own)
        if (board == "" and sure) or (board and board not in pulled | lost):
            found.append(own)
    return found


async def board_of(asking: Asking, card: str) -> str | None:
    """The board where a card lies; "" where there is no such card for us; None where that can't be told."""
    try:
        return text(await asking.card(card), "idBoard") or None
    except NotThere:
        return ""
    except Unauthorised:
        # So Trello says that a card is not for us, and also that nothing is: then this raises too.
        await asking.boards()
        return ""
    except (
        Rejected,
        Unreadable,
        Unreachable,
    ):  # asked again at the next listing: one card must not keep it from its end
        return None
