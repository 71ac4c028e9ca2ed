"""What was recognised a moment ago, so that a busy caller costs one query a second and not one a request.

How late a revocation may be: in the process that made it, not at all (`forget`); in every other one, `FRESH_S`.
Only what was recognised is kept. What nobody knows is looked for each time, by an index, and fills nothing.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.acting import Caller
from app.domains.identity import networks

FRESH_S = 1.0
AWAY_S = 600.0
"""So long what was recognised last still tells who reads metrics, while the database can't be asked."""
MOST = 5_000
"""Credentials, of some 500 bytes each."""


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

    def keep(self, shown: bytes, standing: Standing, now: datetime, *, generation: int) -> None:
        """`generation` is the one before it was looked up."""
        if generation != self.generation:
            return
        self._kept.pop(shown, None)
        while len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]  # the one that was kept first
        self._kept[shown] = _Kept(standing, now, self._monotonic())

    def drop(self, shown: bytes) -> None:
        """It was looked for, and no longer holds."""
        self._kept.pop(shown, None)

    def forget(self) -> None:
        """Somebody's rights were changed: everything is asked anew."""
        self.generation += 1
        self._kept.clear()
