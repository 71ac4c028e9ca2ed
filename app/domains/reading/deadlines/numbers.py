"""What a number is that could be a time or a date: mostly it is a count, a difference, a ratio or a version.

A bare number is a time of day only beside a day («by 5 today») or where somebody awaits something («need it by 5»).
"""

import re
from collections.abc import Sequence

from app.domains.reading.deadlines.cursor import word_at
from app.domains.reading.deadlines.vocabulary import DAYS_FROM_TODAY, MONTHS, WEEKDAYS
from app.domains.reading.phrases import forms


def _all_forms(verbs: str) -> set[str]:
    return {form for verb in verbs.split() for form in forms(verb)}


_CHANGES = _all_forms(
    "increase decrease increment decrement reduce rise grow shrink fall lower multiply divide scale shift postpone"
    " shorten lengthen widen exceed outnumber outvote differ inflate beat win lose"
) | {"rose", "risen", "grew", "grown", "shrank", "shrunk", "fell", "fallen", "padding", "won", "lost"}
"""Before "by 5" they make it a difference, wherever they stand in the clause."""
_MOVES = _all_forms(
    "cut push move raise drop bump slow trim extend delay offset adjust advance step round double improve"
)
"""They may take a difference or a thing: "cut the size by 5", "cut the release by 5 today"."""
_QUANTITIES = {
    *("size", "number", "count", "limit", "price", "cost", "costs", "rate", "timeout", "budget", "volume", "threshold"),
    *("lease", "deadline", "period", "term", "stay", "throughput", "sizes", "numbers", "limits", "counter"),
    *("version", "memory", "load", "index", "level", "interval", "width", "height", "length", "margin"),
    *("salary", "fee", "fees", "prices", "rates", "score", "quota", "capacity", "weight", "speed", "retries"),
}
_MEASURES = {"more", "less", "larger", "smaller", "higher", "lower", "faster", "slower", "longer", "shorter"}
_MEASURES |= {"ahead", "behind", "over", "under", "up", "down", "off", "short", "expected"}
"""Right before "by 5" they make it a difference too."""
_PARTICLES = {"up", "down", "off", "over"}
_PHRASAL = _all_forms("set clean wrap sign pick follow tidy write draw hand kick finish take shut turn shut hold stand")
_PHRASAL |= {"back", "drop", "dropped", "up", "running"}
"""With them "up by 5" tells no difference: "back up by 5 today", "drop it off by 4"."""
_ERRANDS = _all_forms("send approve finish confirm reply answer sign review deliver submit complete return ticket list")
"""What people do by a time: "approve the pay increase by 4 today"."""
_NEARBY = 8

_ANSWERS = {"needed", "reply", "respond", "answer", "rsvp"}
_WANTS = {"need", "needs", "want", "wants"}
_UNITS = {"%", "percent", "percentage", "pct", "x", "point", "px", "ms", "kb", "mb", "gb", "tb", "mhz", "ghz"}
_NO_UNITS = {
    "this",
    "thanks",
    "unless",
    "perhaps",
    "regards",
    "cheers",
    "always",
    "was",
    "its",
    "his",
    "as",
    "is",
    "us",
}
_NO_UNITS |= {"us", "hours", "hrs", "towards", "afterwards", "does", "has"} | WEEKDAYS.keys()
_VERSIONS = _all_forms("version release ship upgrade downgrade backport branch port patch") | {
    "v",
    "kernel",
    "kernels",
    "snapshot",
}
_TWO_DIGIT_YEAR = re.compile(r"\d{1,2}\.\d{1,2}\.\d\d")
_SHORT_NUMBER = re.compile(r"\d{1,4}(?:[./]\d{1,2})?")
_SURE = {"am", "pm", "o'clock", "uhr", "st", "nd", "rd", "th", *MONTHS}
"""After a number they leave no doubt that it is a time or a day."""


def awaited(words: Sequence[str], cue: int) -> bool:
    """Whether the words before "by" await something: «need it by», «reply by», «get back to me by»."""
    last, before = word_at(words, cue - 1), word_at(words, cue - 2)
    if last in {"me", "us"} and before == "to":
        last, before = word_at(words, cue - 3), word_at(words, cue - 4)
    if last == "back":
        return before in {"call", "get", "hear", "report", "write"}
    return last in _ANSWERS or last in _WANTS or (last in {"it", "this", "that", "them"} and before in _WANTS)


def counts(words: Sequence[str], after: int) -> bool:
    """Whether what follows a number is what it counts: «5 %», «3 points», «2 retries»."""
    word = word_at(words, after)
    return word in _UNITS or (len(word) > 2 and word.endswith("s") and word not in _NO_UNITS)


def alone(words: Sequence[str], i: int) -> bool:
    """Whether a number before a day stands without "at" or "by": «order 3 today» names no hour."""
    if not word_at(words, i).isdecimal():
        return False
    return word_at(words, i + 1) in {"on", "this", *DAYS_FROM_TODAY, *WEEKDAYS}


def is_difference(words: Sequence[str], begin: int, cue: int, number: int) -> bool:
    """Whether the number after "by" says how much: «rose by 5», «cut the size by 2»."""
    last = word_at(words, cue - 1)
    if not _SHORT_NUMBER.fullmatch(word_at(words, number)) or word_at(words, number + 1) in _SURE:
        return False
    clause = set(words[max(begin, cue - _NEARBY) : cue])
    if last.isdecimal() or last in _MOVES or (word_at(words, number + 1) == "h" and clause & _MOVES):
        return True
    if last in _MEASURES and not (last in _PARTICLES and (_PHRASAL - {last}) & clause):
        return True
    return bool(clause & _CHANGES or (clause & _MOVES and clause & _QUANTITIES)) and not clause & _ERRANDS


def is_version(words: Sequence[str], begin: int, end: int, i: int) -> bool:
    """Whether «5.10.26» is rather a version, in a sentence that speaks of one."""
    return bool(_TWO_DIGIT_YEAR.fullmatch(word_at(words, i))) and bool(_VERSIONS & set(words[begin:end]))
