"""Events in links: Google's addresses of events carry the event's id and the calendar's, in base64.

Both make the key. The same event lies in the calendar of every guest under one id, and each has an answer of their own:
by the id alone one guest's answer would count for all.
"""

import base64
import binascii
import re

LINK = re.compile(
    r"https?://(?:www|calendar)\.google\.com/calendar/[^\s<>\"«»“”|]{0,300}?[?&]eid=(?P<eid>[A-Za-z0-9_-]{8,500})",
    re.IGNORECASE,
)
_OCCURRENCE = re.compile(r"_\d{8}(?:T\d{6}Z)?\Z")
_ID = re.compile(r"[A-Za-z0-9_@.-]{5,400}")


def event_key(own: str, address: str) -> str:
    """The key under which an event in a calendar, or the series it belongs to, and every link to it is known."""
    found = LINK.match(address)
    return (found and key_in(found)) or f"gcal:{own}"


def series_of(own: str) -> str:
    """The id of the series that an occurrence's id names; another id is its own."""
    return _OCCURRENCE.sub("", own)


def key_in(found: re.Match[str]) -> str | None:
    coded = found["eid"]
    try:
        words = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode("ascii").split()
    except (binascii.Error, UnicodeDecodeError):
        return None
    if not words or not _ID.fullmatch(words[0]):
        return None
    return "/".join([f"gcal:{series_of(words[0])}", *(word.lower() for word in words[1:2])])
