"""When the words around a cue undo it: the sentence tells a story, denies, or only supposes."""

from collections.abc import Sequence
from itertools import pairwise

from app.domains.reading.deadlines.cues import Kind
from app.domains.reading.deadlines.others import boasts, of_others, stays
from app.domains.reading.deadlines.vocabulary import WEEKDAYS

_DUTIES = {
    *(
        "please",
        "must",
        "need",
        "needs",
        "needed",
        "require",
        "required",
        "requires",
        "reply",
        "respond",
        "answer",
        "pay",
    ),
    *("payment", "submit", "return", "confirm", "contact", "call", "send", "provide", "complete", "approve", "sign"),
    *("should", "want", "wants", "like", "could", "would", "due", "deadline", "asked", "expect", "expected", "hear"),
    *(
        "back",
        "let",
        "ready",
        "done",
        "fix",
        "fixed",
        "resolve",
        "resolved",
        "deliver",
        "delivered",
        "finish",
        "review",
    ),
    *(
        "response",
        "feedback",
        "register",
        "renew",
        "update",
        "action",
        "your",
        "have",
        "asap",
        "urgent",
        "finished",
        "act",
    ),
}
"""Words that make a span of time, or a date that opens a sentence, somebody's duty and not a tale."""
_HABITS = {"usually", "always", "typically", "normally", "generally", "every", "daily", "each", "weekdays", "often"}
_SHORT = 4
_NEAR = 6
_CLAUSE_ENDS = {",", ";", ":", "but", "so", "then", "please", "("}
_DENIALS = {"won't", "can't", "cannot", "couldn't", "unable", "unlikely", "impossible", "didn't", "wasn't", "weren't"}
_ANSWERS = {"know", "see", "wondering", "wonder", "check", "confirm", "ask", "sure"}
_OBLIGATIONS = {"need", "needs", "needed", "have", "required", "necessary", "necessarily", "rush", "hurry"}
_STORY = {
    "knew",
    "was",
    "were",
    "had",
    "got",
    "went",
    "came",
    "said",
    "did",
    "been",
    "arrived",
    "left",
    "saw",
    "took",
    "yesterday",
    "managed",
}
_PLANS = {
    *("supposed", "due", "needed", "required", "told", "asked", "hoping", "wondering", "deadline", "expected"),
    *("promised", "want", "wanted", "need", "have", "must", "please", "can", "could", "would", "should", "will"),
    *("appreciate", "agreed", "aim", "plan"),
}
_OPEN = {
    *("needed", "needs", "need", "return", "valid", "accept", "accepted", "accepting", "extended", "deadline"),
    *("register", "submit", "reply", "respond", "reserved", "time", "due", "answer", "finish", "finished", "decide"),
    *("apply", "vote", "sign", "rsvp", "good", "order", "pay", "comment", "decision", "deliver", "confirm", "complete"),
    *("book", "buy", "purchase"),
    *("send", "done", "ready", "review", "submitted", "feedback", "response"),
}
"""What people do, or what stays possible, until a deadline."""
_OFFERS = {
    *("offer", "vote", "voting", "poll", "survey", "registration", "applications", "submissions", "nominations"),
    *("call", "form", "bids", "bidding", "window", "promotion", "discount", "sale", "consultation", "rate", "price"),
    *("trial", "subscription", "period", "contract", "agreement", "warranty", "enrolment", "enrollment", "auction"),
    *("quote", "coupon", "round", "slot", "room", "seat", "seats", "place", "booking", "reservation", "ballot"),
    *("comments", "rsvp", "signup", "entries", "entry", "application", "submission", "licence", "license", "access"),
    *("%", "offering", "offers", "discounts", "vouchers", "deal", "deals", "savings", "free"),
    *("service", "membership", "account", "phase", "tender", "bird", "scheme", "proposals", "papers", "orders"),
}
"""What is open for a time and then closes for good; a shop opens again in the morning."""
_STANDING = {"open", "opens", "runs", "run", "hold", "holds", "available", "stands", "stand", "lasts"}
"""Words that leave time where it is an offer that does so."""
_LASTING = {"have", "has", "got", "given", "time", "us", "you", "hold", "wait", "days", "weeks"}
"""Words right before "until" that leave somebody so much time."""
_AWAY = {
    *("away", "out", "vacation", "holiday", "holidays", "leave", "closed", "ooo", "travelling", "traveling"),
    *("office", "back", "stuck", "offline", "busy", "i'm", "abroad", "asleep", "postponed", "not", "won't"),
    *("can't", "cannot", "couldn't", "don't", "didn't", "doesn't", "wasn't", "weren't", "never"),
}
_TELLERS = {"i", "we", "he", "she", "it", "they", "you", "who"}
_FORECASTS = {"odds", "bet", "forecast", "forecasts", "predict", "predicts", "predicted", "likelihood", "probability"}
_MACHINES = {
    *("server", "servers", "job", "jobs", "token", "tokens", "session", "sessions", "lock", "locks", "node", "nodes"),
    *("datanode", "namenode", "thread", "connection", "connections", "container", "containers", "cache", "query"),
    *("cookie", "cookies", "pod"),
}
_RUNNING = {
    *("expire", "expires", "expiring", "respond", "responds", "killed", "evicted", "marked", "detected", "released"),
    *("retried", "time", "times", "timeout", "dead", "invalidated", "terminated", "elapsed", "cleaned"),
}
"""What machines do by themselves, or is done to them, within a span of time."""
_LAST_TIMES = {("last", "week"), ("last", "month"), ("last", "year"), ("last", "night"), ("last", "time")}
_SPANS = {f"{unit}{plural}" for unit in ("second", "minute", "min", "hour", "hr") for plural in ("", "s")}
_PEOPLE = {"please", "you", "your", "i", "we", "us", "someone", "anyone", "customer", "customers"}
_UNPAST = {"need", "speed", "feed", "proceed", "exceed", "succeed", "indeed", "embed", "wed", "seed", "shed", "hundred"}
_PAST = {"made", "broken", "got", "written", "sent", "done", "seen", "found"}
_HAPPENED = {"broke", "went", "came", "gave", "took", "wrote", "ran", "began"}
_BRINGS_ABOUT = {"be", "get", "have", "make", "sure", "ensure"}
_THINGS = {"it", "this", "that", "them", "these", "everything", "all"}
_FRAMES = {"timeout", "timeouts", "limit", "window", "interval", "budget", "period"}
"""After a span: it is counted from something else, and holds always."""
_HOPES = {"great", "nice", "good", "ok", "okay", "fine", "help", "helps", "helpful", "appreciate", "mind", "grateful"}
"""Before "if" they make of a supposition a request: "it would be great if we had it by Friday"."""


_ASKED = {Kind.REQUEST, Kind.NEED, Kind.MEETING}
_BUYS = {("order",), ("book",), ("buy",), ("register",), ("sign",), ("subscribe",), ("pay",), ("join",)}
"""After "when you": what is offered ends with the date."""


def undone(kind: Kind, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the words of the sentence before the cue, or after its date, take the deadline back."""
    if kind is Kind.WITHIN and (set(after[:1]) & _FRAMES or boasts(before, [*before, *after])):
        return True
    if _HABITS & {*before, *after[:_SHORT]} or (kind is Kind.WITHIN and set(after[:1]) & {"of", "from", "subject"}):
        return True  # no one day, or counted from a day we don't know
    clause = _clause(before)
    if kind is Kind.UNTIL:
        if before[-1:] and (before[-1] in WEEKDAYS or before[-2:-1] in (["that"], ["which"])):
            return True  # "Monday through Friday", "a deal that runs until May"
        return not _lasts(before, after) or bool(_AWAY & set(_said_now(before))) or _told(clause, after)
    if {"said", "says"} & set(after) or "already" in after[:3] or _foretold(clause):
        return True  # somebody else's news
    if _long_gone(before) and not dutiful(before, after):
        return True
    if kind is Kind.CLOSES and ({"which", "that", *_AWAY} & set(before) or not _offered(before, after)):
        return True
    if _told(clause, after) or _denied(clause, after) or _supposed(clause):
        return True
    if kind is not Kind.CLOSES and kind not in _ASKED and (of_others(_told_of(before), after) or stays(clause)):
        return True
    opens = kind not in _ASKED - {Kind.NEED} and not set(before) - {"and", "so", "but", ","}
    spelled_out = kind in {Kind.WITHIN, Kind.STATED} and not dutiful(clause or before, after)
    return (opens and len(after) > _SHORT and not _DUTIES & set(after)) or (spelled_out and len(before) > _SHORT)


def _offered(before: Sequence[str], after: Sequence[str]) -> bool:
    return bool(_OFFERS & {*before, *after[:_SHORT]}) or list(before[:2]) in (["this", "will"], ["it", "will"])


def by_itself(said: Sequence[str], sentence: Sequence[str]) -> bool:
    """Whether a machine does it in so much time, always: «the token expires within 1 hour»."""
    words = set(sentence)
    return bool(_SPANS & set(said) and _MACHINES & words and _RUNNING & words and not _PEOPLE & words)


def past_day(words: Sequence[str], cue: int, start: int) -> bool:
    """Whether a day tells when something was done: «please check the job started on Monday».

    `cue` is the first word after the need or request: «have it started on Monday» and «must be started» are none.
    """
    last = start - 2 if words[start - 1] in {"on", "at"} else start - 1
    word = words[last]
    if word in _HAPPENED or last < cue:
        return last >= cue
    if word not in _PAST and (not word.endswith("ed") or word in _UNPAST):
        return False
    return not _BRINGS_ABOUT & set(words[cue:last]) and words[last - 1] not in _THINGS


def dutiful(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the words around a date make it somebody's duty."""
    return bool(_DUTIES & set(before) or (_DUTIES - {"could", "would", "should"}) & set(after[:_NEAR]))


def _clause(before: Sequence[str]) -> Sequence[str]:
    for i in range(len(before) - 1, -1, -1):
        if before[i] in _CLAUSE_ENDS and not (before[i] == "(" and ")" in before[i:]):
            return before[i + (0 if before[i] == "please" else 1) :]
    return before


def _told_of(before: Sequence[str]) -> Sequence[str]:
    """The clause, or all that was said where the clause is only an aside."""
    clause = _clause(before)
    return clause if len(clause) >= _SHORT else before


def _foretold(clause: Sequence[str]) -> bool:
    """«odds he's gone by Monday», «a chance that it rains by Friday»; but «a chance that you finish by Friday?»."""
    said = set(clause)
    return (bool(_FORECASTS & said) or ("chance", "that") in pairwise(clause)) and not {"you", "we", "we'll"} & said


def _long_gone(before: Sequence[str]) -> bool:
    return any(pair in _LAST_TIMES for pair in pairwise(before))


def _said_now(before: Sequence[str]) -> Sequence[str]:
    """The clause, where it grants time by itself: "don't share it, you have until …"."""
    clause = _clause(before)
    return clause if list(clause[-2:]) == ["you", "have"] else before


def _lasts(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether something is open, granted or awaited until then."""
    words = set(before)
    if words & _STANDING and not words & _OFFERS:
        return False
    patient = "wait" in words and bool(words & {"can", "could", "will"}) and not words & {"you", "please"}
    return (
        patient
        or bool(words & (_OPEN | _OFFERS))
        or bool(_LASTING & set(before[-2:]) - {"wait"})
        or (not before and bool(_DUTIES & set(after[:_NEAR])))
        or (not before and "you" in after[:3] and bool({"able", "can"} & set(after[:_NEAR])))
    )


def _denied(clause: Sequence[str], after: Sequence[str]) -> bool:
    words = set(clause)
    if words & {"if", "unless", "wait"}:  # "if I can't see it by Friday" sets a deadline
        return False
    if words & _DENIALS:
        return True
    if _negated(clause) and set(after[:_SHORT]) & {"necessary", "needed", "required"}:
        return True
    return _negated(clause) and bool(words & (_OBLIGATIONS | {"needn't", "isn't", "will", "be", "never"}))


def _negated(clause: Sequence[str]) -> bool:
    """Whether it says no; "a yes or no" does not, nor "go or no go"."""
    said = {word for previous, word in zip(("", *clause), clause, strict=False) if (previous, word) != ("or", "no")}
    return bool(said & {"no", "not", "nobody", "don't", "doesn't", "needn't", "never", "isn't"})


def _supposed(clause: Sequence[str]) -> bool:
    """«if he finishes by Friday»: but not «if you could …», «let me know if …», «if I don't hear …»."""
    for i, word in enumerate(clause):
        if word not in {"if", "unless", "when", "whenever", "whoever"}:
            continue
        following = tuple(clause[i + 1 : i + 3])
        if word == "when" and following[:1] == ("you",) and following[1:] in _BUYS:
            return False
        asked = following[:1] == ("possible",) or following[1:] in {("could",), ("can",), ("would",)}
        if {("open", "to"), ("interested", "in")} & set(pairwise(clause[i:])):
            return True
        asked = asked and tuple(clause[i + 2 : i + 4]) not in {("would", "like"), ("would", "prefer")}
        asked = asked and following[:1] in {("possible",), ("you",), ("we",), ("i",), ("someone",), ("anyone",)}
        answer = bool(_ANSWERS & set(clause[:i])) or (word in {"if", "when"} and bool(_HOPES & set(clause[:i])))
        negated = any(word == "not" or word.endswith("n't") for word in clause[i:])
        if not (asked or answer or negated):
            return word != "unless"
    return False


def _told(clause: Sequence[str], after: Sequence[str]) -> bool:
    """«it was finished by Friday», «by Friday I had …»."""
    words = set(clause)
    if clause[:2] in (["thanks", "for"], ["thank", "you"]):
        return True
    if (words & _STORY or _happened(clause[-_SHORT:])) and not words & _PLANS:
        return True
    if not clause and set(after[:1]) & _TELLERS and after[1:2] == ["would"]:
        return not _TELLERS & {"i", "we", "you"} & set(after[:1])
    return not words - {"and"} and any(word in _STORY or word.endswith("'d") for word in after[:3])


def _happened(words: Sequence[str]) -> bool:
    """«it rained», «we fixed»: somebody, and at once what they did."""
    return any(who in _TELLERS and did.endswith("ed") for who, did in pairwise(words))
