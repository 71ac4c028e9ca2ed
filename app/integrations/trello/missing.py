"""What is stored and was not listed: each card is asked for by itself, and no list is believed to be all there is.

A card is gone where Trello says that it has no such card, and where it lies on a board that is not pulled. One that is
not for us is so too, as far as every board could be read. At most MOST_LOOKED are asked for in a full listing, others
each time.
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
    """Those of `candidates` that are gone. `pulled` and `lost` are boards; `sure`: all that are wanted were read."""
    cards = filter(ID.fullmatch, candidates)
    order = sorted(cards, key=lambda own: blake2b(f"{turn.isoformat()} {own}".encode(), digest_size=8).digest())
    return [own for own in order[:MOST_LOOKED] if await is_gone(asking, own, pulled | lost, sure=sure)]


async def is_gone(asking: Asking, card: str, followed: frozenset[str], *, sure: bool) -> bool:
    """Whether there is no such card, or it lies on none of the boards `followed`; not where that can't be told."""
    try:
        board = text(await asking.card(card), "idBoard")
    except NotThere:
        return True
    except Unauthorised:
        # So Trello says that a card is not for us, and also that nothing is: then this raises too.
        await asking.boards()
        return sure
    except (
        Rejected,
        Unreadable,
        Unreachable,
    ):  # asked again at the next listing: one card must not keep it from its end
        return False
    return bool(board) and board not in followed
