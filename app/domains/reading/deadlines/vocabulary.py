"""The words of dates and times, as tables. Longer names and their abbreviations side by side."""

from datetime import time, timedelta

_MONTH_NAMES = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}

_WEEKDAY_NAMES = (
    ("monday", "mon"),
    ("tuesday", "tue", "tues"),
    ("wednesday", "wed", "weds"),
    ("thursday", "thu", "thur", "thurs"),
    ("friday", "fri"),
    ("saturday", "sat"),
    ("sunday", "sun"),
)
WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAY_NAMES) for name in names}
FRIDAY = 4

_TOMORROW = ("tomorrow", "tmrw", "tmr", "tmrrw", "tomorow", "tommorow", "tommorrow")
DAYS_FROM_TODAY = {"today": 0, "tonight": 0, "yesterday": -1} | dict.fromkeys(_TOMORROW, 1)

PARTS = {
    "morning": time(12),
    "lunch": time(12),
    "lunchtime": time(12),
    "noon": time(12),
    "midday": time(12),
    "afternoon": time(17),
    "evening": time(20),
    "night": time(23, 59),
    "nite": time(23, 59),
    "tonight": time(23, 59),
    "midnight": time(23, 59),
}
"""When a part of the day is over. Midnight belongs to the day it ends."""

_COUNTED = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
NUMBERS = {word: number for number, word in enumerate(_COUNTED.split(), 1)} | {
    "a": 1,
    "an": 1,
    "couple": 2,
    "few": 3,
    "twenty": 20,
    "thirty": 30,
    "ninety": 90,
}

HOURS = {"minute": timedelta(minutes=1), "min": timedelta(minutes=1), "hour": timedelta(hours=1)}
HOURS |= {"hr": timedelta(hours=1), "h": timedelta(hours=1)}
DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "wk": 7}
"""Spans of whole days end at a day's end; a month is read as 30 days."""

DAY_ENDS = {"eod", "cob", "eob"}
PERIOD_ENDS = {"eow": "week", "eom": "month", "eoq": "quarter", "eoy": "year"}
PERIODS = {"day", "business", "play", "week", "workweek", "month", "quarter", "year", "today", "tomorrow"}

OFFSETS = {
    "utc": 0.0,
    "gmt": 0.0,
    "z": 0.0,
    "wet": 0.0,
    "bst": 1.0,
    "cet": 1.0,
    "cest": 2.0,
    "eet": 2.0,
    "eest": 3.0,
    "msk": 3.0,
    "ist": 5.5,
    "sgt": 8.0,
    "hkt": 8.0,
    "jst": 9.0,
    "kst": 9.0,
    "aest": 10.0,
    "aedt": 11.0,
    "est": -5.0,
    "edt": -4.0,
    "cst": -6.0,
    "cdt": -5.0,
    "mst": -7.0,
    "mdt": -6.0,
    "pst": -8.0,
    "pdt": -7.0,
}
"""Hours from UTC. CST, IST and BST have other meanings elsewhere; these are the usual ones in mail."""

PLACES = {"california": -8, "denver": -7, "houston": -6, "texas": -6, "chicago": -6, "boston": -5}
"""«3 pm California time»: zones only with that word behind."""
UNITED_STATES_ZONES = PLACES | {
    "et": -5,
    "eastern": -5,
    "ct": -6,
    "central": -6,
    "mt": -7,
    "mountain": -7,
    "pt": -8,
    "pacific": -8,
}
"""Standard time; an hour is added while daylight saving holds there."""
