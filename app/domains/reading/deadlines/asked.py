"""Days that a need or a request is for, and when people meet: «need it today», «call me Monday», «the 10 am call»."""

from collections.abc import Sequence
from dataclasses import replace

from app.domains.reading.deadlines import grammar, numbers
from app.domains.reading.deadlines.calendar import Base
from app.domains.reading.deadlines.cues import Kind
from app.domains.reading.deadlines.cursor import word_at
from app.domains.reading.deadlines.days import day
from app.domains.reading.deadlines.guards import past_day
from app.domains.reading.deadlines.others import sells
from app.domains.reading.deadlines.place import Place, Reading
from app.domains.reading.deadlines.vocabulary import DAYS_FROM_TODAY, PARTS

_FAR = 28
"""Words that may stand between a need and its date."""
_STOPS = {
    *("until", "till", "til"),
    *("who", "which", "that", "said", "sent", "since", "after", "from", "attached", "received", "below", "above"),
    *("last", "yesterday", "if", "because", "when", "of", "was", "were", "he", "she", "they", "but", "today's", "as"),
    *("than", "like", "i'll", "we'll"),
}
_TASKS = {"it", "this", "that", "them", "these", "those", "done", "back", "ready", "finished", "completed"}
_TASKS |= {"sent", "thing"}
MEETINGS = {"meet", "meeting", "call", "join", "talk", "chat", "speak", "lunch", "dinner", "coffee", "zoom", "free"}
MEETINGS |= {"available", "appointment", "interview", "demo", "visit", "attend", "catch", "come"}
_CALLS = {"call", "phone", "ring", "schedule"}
"""What is done on its day: "call me on Monday"."""
_NO_CALLEES = {"being", "is", "was", "will", "notes", "minutes", "details", "summary"}
_PLACES = {"in", "at", "there", "here", "around", "with", "on"}
_NEAR = 7
_ROUGHLY = {"morning", "afternoon", "evening", "night", "nite", "tonight", "lunch"}


def asked(words: Sequence[str], place: Place, base: Base) -> Reading | None:
    """A date that a need or a request is for."""
    for start in range(place.hit.after, min(place.hit.after + _FAR, place.end)):
        if (words[start] in _STOPS and not _passed_over(words, start)) or words[start] in {";", "?", "by", "before"}:
            return None
        if not _can_be_for(words, place, start):
            continue
        if (moment := grammar.moment(words, start, base)) and _fits(words, place, start, moment):
            return start, moment
        if words[start - 1] == "in" and place.kind is Kind.NEED and (spanned := grammar.span(words, start, base)):
            return start, spanned
    return None


def _can_be_for(words: Sequence[str], place: Place, start: int) -> bool:
    if not grammar.may_begin(word_at(words, start)) or numbers.alone(words, start):
        return False
    previous = word_at(words, start - 1)
    if previous == "the":
        return False
    if place.kind is Kind.REQUEST and previous.endswith("ed") and previous not in _TASKS:
        return False
    wished = place.kind is Kind.NEED and word_at(words, place.hit.after) != "to" and words[place.hit.after - 1] != "to"
    return wished or previous in _TASKS or not past_day(words, place.hit.after, start)


def _passed_over(words: Sequence[str], i: int) -> bool:
    """«done, like today», «call me when you have a minute on Friday»."""
    if words[i] == "when":
        return (
            word_at(words, i + 1) == "you" and word_at(words, i + 2) in {"have", "get"} and word_at(words, i + 3) == "a"
        )
    return words[i] == "like" and word_at(words, i + 1) in DAYS_FROM_TODAY


def _fits(words: Sequence[str], place: Place, start: int, moment: grammar.Moment) -> bool:
    """Whether the date is when to act: a near day in words, or a day after on, for, it; or with a time."""
    word, previous = word_at(words, start), word_at(words, start - 1)
    near = word in DAYS_FROM_TODAY or word in {"eod", "cob"} or (word == "this" and moment.on is not None)
    near = near or (word == "this" and word_at(words, start + 1) in PARTS)
    said = words[place.hit.first : start]
    if place.kind is Kind.NEED:
        if near:
            return word != "yesterday" and not _is_there(said)
        return moment.on is not None and previous in {"on", "for", *_TASKS}
    timed = moment.on is not None and moment.at is not None
    if word == "at" and moment.on is None and moment.at is not None and MEETINGS & set(said):
        return True  # "are you free at 3pm?"
    if _together(said) or sells(words[place.begin : place.end], said):
        return timed and words[moment.after - 1] not in _ROUGHLY
    if timed:
        return True
    return word != "yesterday" if near else moment.on is not None and _calls(said[:_NEAR])


def _calls(said: Sequence[str]) -> bool:
    """«call me», «give Ann a call»; not «call being scheduled»."""
    called = next((i for i, word in enumerate(said) if word in _CALLS), None)
    return called is not None and not _NO_CALLEES & set(said[called + 1 : called + 2])


def _together(said: Sequence[str]) -> bool:
    """«let's get together», «are you free»: people meet at a time; a day without one only proposes."""
    proposed = said[0] in {"let's", "lets", "are", "how", "what"} or said[1:2] == ["join"]
    return proposed and bool({*MEETINGS, "together", "about"} & set(said))


def _is_there(said: Sequence[str]) -> bool:
    """«I need you to be in the office today»."""
    return any(said[i] == "be" and said[i + 1] in _PLACES for i in range(len(said) - 1))


def met(words: Sequence[str], place: Place, base: Base) -> Reading | None:
    """«tomorrow's 10 am call», «a noon appointment with Ann this Wednesday», «a meeting at 10:00 today»."""
    if word_at(words, place.hit.after) in {"at", "@", "on"} and word_at(words, place.hit.first - 1) != "the":
        moment = grammar.moment(words, place.hit.after, base)
        if moment is not None and moment.on is not None and moment.at is not None:
            return place.hit.after, moment
    for start in range(max(place.begin, place.hit.first - 6), place.hit.first):
        moment = grammar.moment(words, start, base)
        if moment is None or moment.after != place.hit.first or moment.at is None:
            continue
        if moment.on is not None:
            return start, moment
        for k in range(place.hit.after, min(place.hit.after + _NEAR, place.end)):
            if grammar.may_begin(word_at(words, k)) and (found := day(words, k, base)) and found.at is None:
                return start, replace(moment, on=found.on, after=found.after, weekly=found.weekly)
    return None
