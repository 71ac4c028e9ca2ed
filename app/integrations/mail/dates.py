"""When a message was sent, with the sender's own UTC offset.

The Date header first; where it can't be read or can't be true, the newest Received header, then the mbox line.
Sources: RFC 5322 sections 3.3 and 4.3 (two- and three-digit years, zone names), the From_ line of mbox(5).
"""

import re
from datetime import UTC, datetime, timedelta, timezone

MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
ZONES = {
    **dict.fromkeys(("ut", "utc", "gmt", "z", "wet"), 0),
    "bst": 60,
    "ist": 60,
    "west": 60,
    "met": 60,
    "cet": 60,
    "mez": 60,
    "cest": 120,
    "mest": 120,
    "mesz": 120,
    "eet": 120,
    "sast": 120,
    "eest": 180,
    "msk": 180,
    "msd": 240,
    "hkt": 480,
    "sgt": 480,
    "awst": 480,
    "jst": 540,
    "kst": 540,
    "aest": 600,
    "aedt": 660,
    "nzst": 720,
    "nzdt": 780,
    "adt": -180,
    "ast": -240,
    "edt": -240,
    "est": -300,
    "cdt": -300,
    "cst": -360,
    "mdt": -360,
    "mst": -420,
    "pdt": -420,
    "pst": -480,
    "akdt": -480,
    "akst": -540,
    "hst": -600,
}
CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d+)?)?(?:\s*(?P<half>[AaPp])\.?[Mm]\b)?"
ZONE = r"\(?(?P<zone>[+-]\s?\d{1,2}:?\d\d(?!\d)|[A-Za-z]{1,5}\b)?"
MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<!\d)(?P<day>\d{{1,2}})[\s.-]+{MONTH}[\s,.-]+(?P<year>\d{{2,4}})(?!\d)(?:[\s,]+{CLOCK}\s*{ZONE})?",
        rf"\b{MONTH}\s+(?P<day>\d{{1,2}}),?\s+{CLOCK}\s*{ZONE}\s*(?P<year>\d{{4}})",
        rf"\b{MONTH}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})(?:[\s,]+{CLOCK}\s*{ZONE})?",
        rf"(?P<year>\d{{4}})[-/](?P<month>\d\d)[-/](?P<day>\d\d)(?:[T\s]+{CLOCK}\s*{ZONE})?",
    )
)
OLDEST_YEAR = 1980
FARTHEST_OFFSET = 14 * 60
AHEAD_OF_ARRIVAL = timedelta(days=10)
"""A Date later than the arrival by more than this is a wrong clock, not a slow relay."""


def read_date(text: str) -> datetime | None:
    """The instant `text` names, aware; None where it names none or an impossible one."""
    text = text[:300]
    if re.search(r"\d\s*\([^()]*\)|\d\s+:|:\s+\d", text):  # comments and spaces inside the time (RFC 822 allowed them)
        text = re.sub(r"\s*:\s*", ":", re.sub(r"(?<=\d)\s*\([^()]*\)", "", text))
    for form in FORMS:
        if found := form.search(text):
            return instant(found)
    return None


def instant(found: re.Match[str]) -> datetime | None:
    offset = offset_minutes(found["zone"] or "")
    if offset is None or abs(offset) > FARTHEST_OFFSET:
        return None
    zone = timezone(timedelta(minutes=offset)) if offset else UTC
    hour = int(found["hour"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] in "pP" else 0)
    second = min(int(found["second"] or 0), 59)  # a leap second is no reason to lose the date
    try:
        return datetime(
            full_year(found["year"]),
            month(found),
            int(found["day"]),
            hour,
            int(found["minute"] or 0),
            second,
            tzinfo=zone,
        )
    except ValueError:
        return None


def month(found: re.Match[str]) -> int:
    name = found["month"].lower()
    return MONTHS[name[:3]] if name[:3] in MONTHS else int(name)


def full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + 2000 if year < 50 else year + 1900


def offset_minutes(zone: str) -> int | None:
    """East of Greenwich. An unknown name counts as UTC, as RFC 5322 says; None where digits make no offset."""
    if not zone or zone[0] not in "+-":
        return ZONES.get(zone.lower(), 0)
    digits = re.sub(r"\D", "", zone).rjust(4, "0")
    hours, minutes = int(digits[:-2]), int(digits[-2:])
    if minutes >= 60:
        return None
    return (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1)


def believable(when: datetime | None) -> bool:
    return when is not None and when.year >= OLDEST_YEAR and when.year < 9999


def arrival(received: list[str], mbox_date: datetime | None) -> datetime | None:
    """When it reached the mailbox: the newest (topmost) Received header that can be believed, then the mbox line."""
    for header in received[:20]:
        when = read_date(header.rpartition(";")[2])
        if when and believable(when):
            return when
    return mbox_date if believable(mbox_date) else None


def sent(date: str, received: list[str], mbox_date: datetime | None) -> tuple[datetime | None, str]:
    """When the message was sent, and a sentence where that is not what its Date header says."""
    arrived = arrival(received, mbox_date)
    when = read_date(date)
    trouble = doubt(date, when, arrived)
    if not trouble:
        return when, ""
    if arrived:
        return arrived, f"{trouble}; the time of arrival is used instead."
    return None, f"{trouble}, and nothing else tells the time."


def doubt(date: str, when: datetime | None, arrived: datetime | None) -> str:
    if not date:
        return "Date is missing"
    if when is None:
        return f"Date could not be read: “{date[:80]}”"
    if not believable(when):
        return f"Date can't be true: “{date[:80]}”"
    if arrived and when - arrived > AHEAD_OF_ARRIVAL:
        return f"Date is later than the arrival: “{date[:80]}”"
    return ""
