"""Every deadline that a text sets: each cue's date, where nothing around them undoes it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from app.domains.reading.deadlines import calendar, grammar, numbers
from app.domains.reading.deadlines.asked import MEETINGS, asked, met
from app.domains.reading.deadlines.calendar import Base
from app.domains.reading.deadlines.clock import hour_alone
from app.domains.reading.deadlines.cues import CUES, Kind
from app.domains.reading.deadlines.cursor import skip, word_at
from app.domains.reading.deadlines.guards import by_itself, dutiful, undone
from app.domains.reading.deadlines.place import Place, Reading
from app.domains.reading.deadlines.vocabulary import DAY_ENDS as DAY_ENDS_IN_WORDS
from app.domains.reading.deadlines.vocabulary import DAYS_FROM_TODAY, PERIOD_ENDS, WEEKDAYS
from app.domains.reading.phrases import Hit
from app.domains.reading.tokens import START, Tokens

DAY_ENDS = time(17)
"""When a day without a time ends, where nobody says otherwise."""

_FAR = 14
"""Words that may stand between a cue and its date."""
_CONTEXT = 40
"""Words before a cue that can undo it."""
_MOST = 20
"""Deadlines kept of one text."""
_BRIDGES = {"is", "was", ":", "on", "by", "at", "for", "to", "in", "(", ",", "before", "until", "extended", "now", "="}
_ENDS = {"end", "close", "weekend", *DAY_ENDS_IN_WORDS, *PERIOD_ENDS}
"""Before the end of something is until its end; before a day is until that day begins."""


@dataclass(frozen=True, slots=True)
class Deadline:
    at: datetime
    first: int
    after: int
    """The tokens that say so."""
    certainty: int
    demanded: bool = False
    """Something is asked for by then; else the date is when a request would have it, or stands there in passing."""
    appointment: bool = False
    """Two meet then: nothing is left to do afterwards."""


def deadlines(
    found: Tokens, hits: Sequence[Hit], sent_at: datetime | None, *, day_ends: time = DAY_ENDS
) -> list[Deadline]:
    """In the order of the text, each date once."""
    if sent_at is not None and not 1970 <= sent_at.year <= 2200:
        sent_at = None  # a broken clock is no base: real mail claims the year 102
    read: list[Deadline] = []
    taken: list[tuple[int, int]] = []
    for place in sorted(_places(found.words, hits), key=lambda place: (not place.strong, place.hit.first)):
        reading = _moment(found.words, place, sent_at)
        if reading is None or len(read) == _MOST:
            continue
        deadline = _deadline(found.words, place, reading, sent_at, day_ends)
        start, after = reading[0], reading[1].after
        if deadline is None or any(start < end and begin < after for begin, end in taken):
            continue
        taken.append((start, after))
        read.append(deadline)
    return sorted(read, key=lambda deadline: deadline.first)


def _places(words: Sequence[str], hits: Sequence[Hit]) -> Iterator[Place]:
    starts = [i for i, word in enumerate(words) if word == START] + [len(words)]
    silenced = {(hit.first, hit.after) for hit in hits if CUES[hit.row].kind is Kind.NONE}
    sentence = 0
    for hit in hits:
        cue = CUES[hit.row]
        while starts[sentence + 1] <= hit.first:
            sentence += 1
        if (hit.first, hit.after) not in silenced:
            yield Place(cue.kind, cue.strong, hit, starts[sentence] + 1, starts[sentence + 1])


def _moment(words: Sequence[str], place: Place, sent_at: datetime | None) -> Reading | None:
    base = Base(sent_at, past=place.kind is Kind.WAS_DUE)
    match place.kind:
        case Kind.WITHIN:
            return _at(place.hit.after, grammar.span(words, place.hit.after, base))
        case Kind.LEFT:
            return _left(words, place, base)
        case Kind.STATED:
            return _stated(words, place, base)
        case Kind.TRAILING:
            return _before(words, place, base)
        case Kind.DUE | Kind.WAS_DUE:
            return _after(words, place, base)
        case Kind.NEED | Kind.REQUEST:
            return asked(words, place, base)
        case Kind.MEETING:
            return met(words, place, base)
        case _:
            return _at_once(words, place, base)


def _at(start: int, moment: grammar.Moment | None) -> Reading | None:
    return (start, moment) if moment else None


def _at_once(words: Sequence[str], place: Place, base: Base) -> Reading | None:
    """The moment that follows the cue; not a mere time after "ends"."""
    start = skip(words, place.hit.after, {",", "say", ":", "maybe", "perhaps"})
    moment = grammar.moment(words, start, base)
    if moment is None and place.kind is Kind.BEFORE:
        start, moment = _event(words, place.hit.after, base)
    if moment is None and place.kind is Kind.CLOSES and word_at(words, start - 1) == "in":
        return _at(start, grammar.span(words, start, base))
    if moment is None:
        return _bare_hour(words, place, base)
    if place.kind is Kind.CLOSES and not place.strong and moment.on is None:
        return None
    return start, moment


def _event(words: Sequence[str], start: int, base: Base) -> tuple[int, grammar.Moment | None]:
    """«before our call at 3pm»: the moment of what follows, its name passed over."""
    if word_at(words, start) in {"our", "the", "your", "my", "their", "his", "her"}:
        for k in range(start + 2, start + 5):
            if word_at(words, k) in {"at", "on", *DAYS_FROM_TODAY}:
                return k, grammar.moment(words, k, base)
    return start, None


def _bare_hour(words: Sequence[str], place: Place, base: Base) -> Reading | None:
    """«tomorrow by 5», «need it by 5»."""
    if place.kind is not Kind.BY or base.at is None:
        return None
    hour = hour_alone(words, place.hit.after)
    if hour is None or word_at(words, hour.after) not in {"", START, ".", ",", "?", "!", "please"}:
        return None
    if dated := _up_to(words, place, {hour.after}, base):
        return dated
    if not numbers.awaited(words, place.hit.after - 1):
        return None
    return place.hit.after, grammar.Moment(hour.after, None, hour.at, certainty=calendar.GUESSED)


def _left(words: Sequence[str], place: Place, base: Base) -> Reading | None:
    spanned = grammar.span(words, place.hit.after, base)
    if spanned is None or word_at(words, spanned.after) not in {"to", "left", "remaining"}:
        return None
    return place.hit.after, spanned


def _stated(words: Sequence[str], place: Place, base: Base) -> Reading | None:
    start = place.hit.first
    if word_at(words, start - 1) in {"today", "tomorrow"}:
        start -= 1
    return _at(start, grammar.moment(words, start, base))


def _before(words: Sequence[str], place: Place, base: Base) -> Reading | None:
    """The moment that ends where the cue begins."""
    ends = {place.hit.first, place.hit.first - 1 if word_at(words, place.hit.first - 1) in {",", "("} else -1}
    return _up_to(words, place, ends, base)


def _up_to(words: Sequence[str], place: Place, ends: set[int], base: Base) -> Reading | None:
    """The moment that begins before the cue and ends at one of `ends`."""
    for start in range(max(place.begin, place.hit.first - 8), place.hit.first):
        moment = None if numbers.alone(words, start) else grammar.moment(words, start, base)
        if moment is not None and moment.after in ends:
            return start, moment
    return None


def _after(words: Sequence[str], place: Place, base: Base) -> Reading | None:
    """The first moment after the cue that is bound to it by a word such as "is" or "on"."""
    for start in range(place.hit.after, min(place.hit.after + _FAR, place.end)):
        if words[start] in {";", "?"}:
            return None
        if not grammar.may_begin(word_at(words, start)):
            continue
        bound = start == place.hit.after or words[start - 1] in _BRIDGES
        if bound and (moment := _moment_or_span(words, start, base)):
            return start, moment
    return None


def _moment_or_span(words: Sequence[str], start: int, base: Base) -> grammar.Moment | None:
    if words[start - 1] in {"in", "within"}:
        return grammar.span(words, start, base)
    return grammar.moment(words, start, base)


def _deadline(
    words: Sequence[str], place: Place, reading: Reading, sent_at: datetime | None, day_ends: time
) -> Deadline | None:
    start, moment = reading
    base = Base(sent_at, past=place.kind is Kind.WAS_DUE)
    if moment.on is None and moment.at is not None and _said_of_tomorrow(words[place.begin : start]):
        moment = replace(moment, on=base.today + timedelta(days=1) if base.today else None)
    whole_day = place.kind is Kind.BEFORE and moment.at is None and not _ENDS & set(words[start : moment.after])
    at = moment.instant(base, time(0) if whole_day else day_ends)
    if _is_no_date(words, place, start):
        return None
    if place.kind is Kind.REQUEST and any(word.count(":") == 2 for word in words[start : moment.after]):
        return None  # a machine's stamp: nobody asks for a second
    if at is None:
        return None
    if place.kind is Kind.MEETING and sent_at is not None and at < sent_at:
        return None  # "the 9 am call went well"
    first, after = min(place.hit.first, start), max(place.hit.after, moment.after)
    before, rest = words[max(place.begin, first - _CONTEXT) : first], words[after : min(place.end, after + _CONTEXT)]
    if not _plausible(at, base, place, bound=dutiful(before, rest)) or _asks_which(place.kind, rest):
        return None
    if by_itself(words[first:after], words[place.begin : place.end]):
        return None
    if words[moment.after - 1] == "sun" and not dutiful(before, rest):
        return None  # the star, or the company
    if not place.strong and undone(place.kind, before, rest):
        return None
    soft = place.kind in {Kind.REQUEST, Kind.CLOSES, Kind.MEETING}
    demanded = not soft and (place.strong or place.kind is Kind.NEED or dutiful(before, rest))
    meets = place.kind is Kind.REQUEST and bool(MEETINGS & set(words[place.begin : after]))
    appointment = meets or place.kind is Kind.MEETING
    if place.kind in {Kind.NEED, Kind.REQUEST}:
        first = start
    return Deadline(at, first, after, moment.certainty, demanded, appointment)


def _is_no_date(words: Sequence[str], place: Place, start: int) -> bool:
    """«day by day», «Monday by Monday»; «rose by 5», «5 by 7»; «before 2/10 nodes», «the release before 5.10.26»."""
    if start < place.hit.after:
        return False
    if "/" in words[start] and numbers.counts(words, start + 1):
        return True
    if numbers.is_version(words, place.begin, place.end, start):
        return True
    if place.kind is not Kind.BY:
        return False
    repeated = words[start] == word_at(words, place.hit.first - 1)
    return repeated or numbers.is_difference(words, place.begin, place.hit.first, start)


def _said_of_tomorrow(before: Sequence[str]) -> bool:
    """«I'll call you tomorrow, by 11 am»; not «I am out tomorrow, so call me by 5 pm»."""
    for word in reversed(before):
        if word in {"so", "but", "because", "since", "therefore", ";", *DAYS_FROM_TODAY, *WEEKDAYS}:
            return DAYS_FROM_TODAY.get(word) == 1
    return False


def _asks_which(kind: Kind, rest: Sequence[str]) -> bool:
    """«is it due today or on Monday?»"""
    return kind is Kind.DUE and rest[:1] == ["or"] and "?" in rest and any(map(grammar.may_begin, rest[1:3]))


def _plausible(at: datetime, base: Base, place: Place, *, bound: bool) -> bool:
    """A date that is gone is a deadline only where the text says deadline in so many words."""
    if base.at is None:
        return True
    if at.date() < base.at.date():
        return place.strong and (place.kind is not Kind.BY or bound)
    return (at - base.at).days < 3 * 365
