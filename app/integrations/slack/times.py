"""Slack's `ts`: seconds since 1970 and six further digits, which name a message within its channel."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

TS = re.compile(r"(\d{1,11})(?:\.(\d{1,9}))?\Z", re.ASCII)
LAST_SECOND = 253_402_300_799 - 24 * 3600
"""A day before the year 10000, so that every zone can show it."""
MOST_OFFSET = 18 * 3600


def stamp(value: object) -> str:
    """`value` as Slack writes it («1535980867.000200»), "" where it is no time."""
    if isinstance(value, float) and 0 < value < LAST_SECOND:
        value = f"{value:.6f}"
    elif isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if 0 < value < LAST_SECOND else ""
    found = TS.match(value.strip()) if isinstance(value, str) else None
    if found is None or not 0 < int(found[1]) < LAST_SECOND:
        return ""
    return f"{int(found[1])}.{(found[2] or '').ljust(6, '0')[:6]}"


def moment(ts: str) -> datetime:
    """The instant of a `stamp`, in UTC."""
    seconds, _, micros = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(micros))


def local(ts: str, zone: str, offset: int | None) -> datetime:
    """The instant of a `stamp` in the zone called `zone`, else at `offset` seconds east of UTC, else in UTC.

    The zone comes first: the offset is that of the day the export was made, which may have been in summer.
    """
    found = moment(ts)
    if known := zone_called(zone):
        offset = int((found.astimezone(known).utcoffset() or timedelta()).total_seconds())
    if offset is None or abs(offset) > MOST_OFFSET:
        return found
    return found.astimezone(timezone(timedelta(seconds=offset)))


@lru_cache(maxsize=1000)
def zone_called(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError; «America» is a folder
        return None


def seconds_between(earlier: str, later: str) -> float:
    return (moment(later) - moment(earlier)).total_seconds()
