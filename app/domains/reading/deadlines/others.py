"""Dates that bind nobody here: news of other people, adverts, where somebody will be."""

from collections.abc import Sequence
from itertools import pairwise

from app.domains.reading.words import LISTS

_HERE = {
    *("i", "i'm", "i'll", "i'd", "i've", "we", "we're", "we'll", "we'd", "we've", "us", "me", "my", "our", "ours"),
    *("you", "you're", "you'll", "you'd", "you've", "your", "yours", "please", "pls", "kindly", "let's", "everyone"),
    *("anyone", "someone", "everybody", "anybody", "somebody"),
}
"""Those who write and those who read."""
_BOUND = {
    *("must", "need", "needs", "needed", "require", "required", "requires", "due", "deadline", "should", "shall"),
    *("want", "wants", "expect", "expects", "expected", "awaits", "payable", "owed", "reply", "respond", "submit"),
    *("pay", "register", "confirm", "rsvp", "feedback", "answer", "supposed", "overdue", "urgent", "asap", "ready"),
    *("valid", "offer", "offers", "sale", "great", "good", "nice", "possible", "hoping", "looking", "chance"),
}
"""Words with which a sentence binds somebody without naming anybody who reads it."""
_TALE = 4
"""Words of a clause that is told, at least; a shorter one is a note: «report by Friday»."""
_NEAR = 6
_OPENERS = {*LISTS["do"], "ship", "looking", "done", "needed"}
_SALES = {"join", "subscribe", "register", "download", "upgrade", "shop", "donate", "discover", "enjoy", "save"}
_IMPERATIVES = _SALES | {"order", "buy", "get", "check", "find", "open", "use", "contact", "choose", "accept", "start"}
_IMPERATIVES |= {"try", "ask", "see", "visit", "act", "set", "apply", "claim", "book"}
_TO_US = {"i", "me", "us", "my", "our", "we", "i'm", "i'll", "it", "this", "that", "them", "him", "her"}
_ONE_OF_US = {"i", "me", "my", "we", "our", "i'm", "i'll", "we're", "please"}
_COMMITTED = {"will", "shall", "should", "i'll", "we'll", "he'll", "she'll", "they'll", "would", "i'd"}
_TAKEN_UP = {"must", "act", "order", "reply", "respond", "pay", "claim", "return", "payable", "due", "call", "please"}
_TAKEN_UP |= {"need", "needs", "needed", "require", "required", "paid", "refund", "expect"}
_SOMEBODY = {"i", "we", "he", "she", "they"}
_ON_THE_WAY = {"getting", "leaving", "going", "heading", "flying", "driving", "traveling", "travelling", "arriving"}
_PLACES = _ON_THE_WAY | {"back", "home", "there", "here", "in", "out", "away", "around", "at"}


def of_others(clause: Sequence[str], after: Sequence[str]) -> bool:
    """News: nobody who writes or reads is named, nobody bound: «the ministry plans to ship them by May»."""
    if len(clause) < _TALE or clause[0] in _OPENERS:
        return False
    words = {*clause, *after[:_NEAR]}
    return not words & (_HERE | _BOUND) and not {("has", "to"), ("have", "to"), ("to", "be")} & set(pairwise(clause))


def sells(sentence: Sequence[str], said: Sequence[str]) -> bool:
    """An advert: «sign up today!», «order now and save this week». `said` is from the request to its day."""
    if {"$", "€", "£", "%"} & set(sentence) or ("sign", "up") in pairwise(sentence):
        return True
    if "us" in said and {"call", "chat", "contact", "email", "visit"} & set(said) and not _ONE_OF_US & set(sentence):
        return True
    if set(sentence) & _TO_US:
        return False
    return bool(set(said) & (_SALES if {"please", "you"} & set(sentence) else _IMPERATIVES))


def boasts(before: Sequence[str], sentence: Sequence[str]) -> bool:
    """«orders shipped within 24 hours», «set up your shop within 2 days, from $5»: what a shop always does."""
    if before[-1:] in (["shipped"], ["delivered"], ["processed"], ["sent"]):
        return not _BOUND & set(before)
    return bool({"$", "€", "£", "%"} & set(sentence)) and not _TAKEN_UP & set(before[-_NEAR:])


def stays(clause: Sequence[str]) -> bool:
    """Where somebody is by then, not what they do: «I will be back at home by Friday»."""
    for i in range(len(clause) - 2):
        if clause[i] in _COMMITTED and clause[i + 1] == "be" and clause[i + 2] in _PLACES:
            return clause[i] not in {"will", "shall", "should", "would"} or clause[i - 1] in _SOMEBODY
    return False
