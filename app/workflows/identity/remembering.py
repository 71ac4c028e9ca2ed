"""What was recognised a moment ago, so that a busy caller costs one query a second and not one a request.

How late a revocation may be: in the process that made it, not at all (`forget`); in every other one, `FRESH_S`.
Only what was recognised is kept. What nobody knows is looked for each time, by an index, and fills nothing; not even
that, once its address has asked as much as strangers may.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from app.core.acting import Caller
from app.domains.identity import networks

FRESH_S = 1.0
AWAY_S = 600.0
"""So long what was recognised last still tells who reads metrics, while the database can't be asked."""
MOST = 5_000
"""Credentials, of some 500 bytes each."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody who was recognised, wherever they ask from."""

    caller: Caller
    """Without an address."""
    until: datetime | None = None
    """Until then, unless something changes."""
    networks: Sequence[str] = ()
    used_at: datetime | None = None
    """When it was last written down that it is used."""

    def holds(self, now: datetime, address: str) -> bool:
        return (self.until is None or now < self.until) and networks.admits(self.networks, address)


@dataclass(slots=True)
class _Kept:
    standing: Standing
    at: datetime
    by: float


class Memory:
    """By the hash of what was shown. One for each server."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._kept: dict[bytes, _Kept] = {}
        self._known: dict[bytes, float] = {}
        self._monotonic = monotonic
        self.generation = 0
        """Grows with each `forget`: what was looked up before one is not kept after it."""

    def __len__(self) -> int:
        return len(self._kept)

    def fresh(self, shown: bytes, now: datetime) -> Standing | None:
        """What was recognised within `FRESH_S`, by both clocks."""
        kept = self._kept.get(shown)
        if kept is None or self._monotonic() - kept.by > FRESH_S:
            return None
        return kept.standing if timedelta(0) <= now - kept.at <= timedelta(seconds=FRESH_S) else None

    def last(self, shown: bytes) -> Standing | None:
        """What was recognised within `AWAY_S`."""
        kept = self._kept.get(shown)
        return kept.standing if kept is not None and self._monotonic() - kept.by <= AWAY_S else None

    def knows(self, shown: bytes) -> bool:
        """Whether it was recognised within `AWAY_S`, whatever has become of it since. It says nothing of rights."""
        by = self._known.get(shown)
        return by is not None and self._monotonic() - by <= AWAY_S

    def keep(self, shown: bytes, standing: Standing, now: datetime, *, generation: int) -> None:
        """`generation` is the one before it was looked up."""
        by = self._monotonic()
        _put(self._known, shown, by)
        if generation == self.generation:
            _put(self._kept, shown, _Kept(standing, now, by))

    def drop(self, shown: bytes) -> None:
        """It was looked for, and no longer holds."""
        self._kept.pop(shown, None)
        self._known.pop(shown, None)

    def forget(self) -> None:
        """Somebody's rights were changed: everything is asked anew."""
        self.generation += 1
        self._kept.clear()


def _put(kept: dict[bytes, T], shown: bytes, value: T) -> None:
    kept.pop(shown, None)
    while len(kept) >= MOST:
        del kept[next(iter(kept))]  # the one that was kept first
    kept[shown] = value
