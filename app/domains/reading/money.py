"""The largest amount of money a text names, with its currency."""

import re
from typing import NamedTuple

_SIGNS = {"$": "USD", "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "€": "EUR", "£": "GBP"}
_SIGNS |= {"¥": "JPY", "₹": "INR"}
_NAMES = {"dollar": "USD", "buck": "USD", "euro": "EUR", "pound": "GBP", "franc": "CHF", "yen": "JPY", "rupee": "INR"}
_CODES = "USD|EUR|GBP|CHF|JPY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|CNY|SGD|HKD|ZAR|BRL|MXN"
_MARKS = ("$", "€", "£", "¥", "₹", *_NAMES, *_CODES.lower().split("|"))
_MULTIPLES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9}
_MULTIPLES["billion"] = 1e9

# At most 15 digits from a place that no digit precedes: linear in a text of digits.
_NUMBER = r"(?<![\d.,])(?:\d{1,3}(?:[.,'’\u00a0]\d{3}){1,4}(?:[.,]\d{1,2})?|\d{1,15}(?:[.,]\d{1,3})?)(?!\d)"
_MULTIPLE = r"(?:\s?(?:k|mn?|bn?|mio|thousand|million|billion)\b)?"
_AMOUNT = re.compile(
    rf"(?<!\w)(?P<sign>US\$|AU?\$|CA?\$|[$€£¥₹])\s?(?P<after_sign>{_NUMBER}{_MULTIPLE})"
    rf"|\b(?P<code>{_CODES})\s?(?P<after_code>{_NUMBER}{_MULTIPLE})"
    rf"|(?P<before>{_NUMBER}{_MULTIPLE})\s?(?:(?P<sign_behind>[€£])|(?P<code_behind>{_CODES})\b"
    r"|(?:US\s)?(?P<name>dollar|buck|euro|pound|franc|yen|rupee)s?\b)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"([\d.,'’\u00a0]*\d)\s?([a-z]*)", re.IGNORECASE)


class Money(NamedTuple):
    amount: float
    currency: str
    """ISO 4217. A bare $ is read as the US dollar."""
    start: int
    end: int


def largest(text: str) -> Money | None:
    """The first of the largest amounts; currencies are compared by their plain numbers."""
    if not _may_hold_money(text):
        return None
    found = [_money(match) for match in _AMOUNT.finditer(text)]
    return max(found, key=lambda money: money.amount, default=None)


def _may_hold_money(text: str) -> bool:
    """Looking for each name in turn costs a tenth of trying the pattern at every place."""
    lowered = text.lower()
    return any(mark in lowered for mark in _MARKS)


def _money(match: re.Match[str]) -> Money:
    groups = match.groupdict()
    written = groups["after_sign"] or groups["after_code"] or groups["before"] or ""
    return Money(_amount(written), _currency(groups), match.start(), match.end())


def _currency(groups: dict[str, str | None]) -> str:
    if sign := groups["sign"] or groups["sign_behind"]:
        return _SIGNS[sign.upper()]
    if name := groups["name"]:
        return _NAMES[name.lower()]
    return (groups["code"] or groups["code_behind"] or "").upper()


def _amount(written: str) -> float:
    parts = _PARTS.match(written)
    digits, multiple = (parts[1], parts[2].lower()) if parts else ("0", "")
    return float(_plain(digits, scaled=bool(multiple))) * _MULTIPLES.get(multiple, 1.0)


def _plain(digits: str, *, scaled: bool) -> str:
    """«1,200.50», «1.200,50», «1'200» as Python writes them. Three digits behind a mark are thousands,
    unless a multiple follows: nobody writes "1.255 million" for 1,255 million."""
    marks = [char for char in digits if not char.isdigit()]
    if not marks:
        return digits
    whole, mark, rest = digits.rpartition(marks[-1])
    decimal = len(rest) < 3 or (scaled and len(marks) == 1)
    bare = "".join(char for char in whole if char.isdigit())
    return f"{bare}.{rest}" if decimal and mark in ".," else bare + rest
