"""When a level that was seen is told: worse once it has stayed so, better at once. Pure; it keeps nothing itself.

What is seen and not told yet is kept with what is told, so that any process goes on where another one stopped.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domains.monitoring.levels import Level, worse

RETURNS_WITHIN = timedelta(minutes=5)
"""What comes back bit by bit after an outage is told as back when all of it is, or after this long as far as it is.
What a start is still to bring back is given as long before it is told as missing."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How something stands at this moment."""

    level: Level
    reason: str
    folded: str = ""
    """The name of the part that is its cause."""
    returning: bool = False
    """Some of what is still wrong is expected to pass by itself soon: its cause is gone."""
    passes: bool = False
    """All of it is."""


@dataclass(frozen=True, slots=True)
class Told:
    """How it stands as far as it was told."""

    level: Level
    reason: str
    since: datetime
    folded: str = ""
    pending_level: Level | None = None
    pending_since: datetime | None = None


def settled(told: Told | None, seen: Seen, now: datetime, settles: timedelta) -> Told:
    """What is told from now on; another level than before is a change.

    The reason of an unchanged level follows what is seen: it is looked at, and nobody is told of it.
    """
    if told is None:
        return Told(seen.level, seen.reason, now, seen.folded)
    folded = seen.folded or (told.folded if seen.returning else "")  # what its cause took, that one's end gives back
    if seen.level == told.level:
        return replace(told, reason=seen.reason, folded=folded, pending_level=None, pending_since=None)
    gets_worse = worse(seen.level, told.level)
    same_way = told.pending_level is not None and worse(told.pending_level, told.level) == gets_worse
    since = min(told.pending_since, now) if same_way and told.pending_since else now  # a clock may be set back
    if now - since >= _patience(seen, settles, gets_worse=gets_worse):
        # It has been worse since it was first seen so, and is better from now on.
        return Told(seen.level, seen.reason, since if gets_worse else now, seen.folded)
    reason = told.reason if gets_worse else seen.reason
    return replace(told, reason=reason, pending_level=seen.level, pending_since=since)


def _patience(seen: Seen, settles: timedelta, *, gets_worse: bool) -> timedelta:
    if not gets_worse and seen.level == "NORMAL":
        return timedelta(0)
    waits = seen.passes or (seen.returning and not gets_worse)
    return max(settles, RETURNS_WITHIN) if waits else settles
