"""Times as a person reads them in a terminal."""

from datetime import datetime, timedelta


def ago(at: datetime, now: datetime) -> str:
    """«in 3 h», «2 d ago»: one unit, rounded down."""
    gap = at - now
    words = length(abs(gap))
    if words == "now":
        return words
    return f"in {words}" if gap > timedelta(0) else f"{words} ago"


def length(gap: timedelta) -> str:
    """«5 min», «3 h», «12 d», «4 mo», «2 y»."""
    minutes = int(gap.total_seconds() // 60)
    if minutes < 1:
        return "now"
    for size, name in ((525_600, "y"), (43_200, "mo"), (1_440, "d"), (60, "h")):
        if minutes >= size:
            return f"{minutes // size} {name}"
    return f"{minutes} min"


def moment_said(at: datetime) -> str:
    """«Fri 27 Nov 2026 23:14 UTC»."""
    return f"{at:%a %d %b %Y %H:%M} UTC"
