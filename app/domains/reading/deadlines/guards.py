"""When the words around a cue undo it: the sentence tells a story, denies, or only supposes."""

from collections.abc import Sequence

from app.domains.reading.deadlines.cues import Kind

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
    *("response", "feedback", "register", "renew", "update", "action", "your", "have", "asap", "urgent", "finished"),
}
"""Words that make a span of time, or a date that opens a sentence, somebody's duty and not a tale."""
_HABITS = {"usually", "always", "typically", "normally", "generally", "every", "daily", "each", "weekdays", "often"}
_SHORT = 4
_NEAR = 6
_CLAUSE_ENDS = {",", ";", ":", "but", "so", "then", "please", "("}
_DENIALS = {"won't", "can't", "cannot", "couldn't", "unable", "unlikely", "impossible", "didn't", "wasn't", "weren't"}
_OBLIGATIONS = {"need", "needed", "have", "required", "necessary", "necessarily", "rush", "hurry"}
_STORY = {
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
}
_PLANS = {
    *("supposed", "due", "needed", "required", "told", "asked", "hoping", "wondering", "deadline", "expected"),
    *("promised", "want", "wanted", "need", "have", "must", "please", "can", "could", "would", "should", "will"),
}
_OPEN = {
    *("needed", "needs", "need", "return", "valid", "open", "accept", "accepted", "accepting", "extended", "deadline"),
    *("available", "runs", "register", "submit", "reply", "respond", "hold", "reserved", "time", "wait", "due"),
    *("apply", "vote", "sign", "rsvp", "good", "applications", "submissions", "offer", "order", "pay", "comment"),
}
_LASTING = {"have", "has", "got", "given", "time", "us", "you", "hold", "wait", "days", "weeks"}
"""Words right before "until" that leave somebody so much time."""
_AWAY = {
    *("away", "out", "vacation", "holiday", "holidays", "leave", "closed", "ooo", "travelling", "traveling"),
    *("office", "back", "stuck", "offline", "busy", "i'm", "abroad", "asleep", "postponed", "not", "won't"),
}


def undone(kind: Kind, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the words of the sentence before the cue, or after its date, take the deadline back."""
    if _HABITS & {*before, *after[:_SHORT]} or (kind is Kind.WITHIN and after[:1] in (["of"], ["from"])):
        return True  # no one day, or counted from a day we don't know
    clause = _clause(before)
    if kind is Kind.UNTIL:
        lasting = bool(_OPEN & set(before) or _LASTING & set(before[-2:]))
        return not lasting or bool(_AWAY & set(before))
    if {"said", "says"} & set(after) or (kind is Kind.CLOSES and {"which", "that", *_AWAY} & set(before)):
        return True  # somebody else's news
    if _told(clause, after) or _denied(clause) or _supposed(clause):
        return True
    opens = not set(before) - {"and", "so", "but", ","}
    dutiful = bool(_DUTIES & set(before) or (_DUTIES - {"could", "would", "should"}) & set(after[:_NEAR]))
    spelled_out = kind in {Kind.WITHIN, Kind.STATED} and not dutiful
    return (opens and len(after) > _SHORT and not _DUTIES & set(after)) or (spelled_out and len(before) > _SHORT)


def _clause(before: Sequence[str]) -> Sequence[str]:
    for i in range(len(before) - 1, -1, -1):
        if before[i] in _CLAUSE_ENDS:
            return before[i + (0 if before[i] == "please" else 1) :]
    return before


def _denied(clause: Sequence[str]) -> bool:
    words = set(clause)
    if words & {"if", "unless", "wait"}:  # "if I can't see it by Friday" sets a deadline
        return False
    if words & _DENIALS:
        return True
    negated = bool(words & {"no", "not", "don't", "doesn't", "needn't", "never", "isn't"})
    return negated and bool(words & (_OBLIGATIONS | {"needn't", "isn't", "will", "be", "never"}))


def _supposed(clause: Sequence[str]) -> bool:
    """«if he finishes by Friday»: but not «if you could …», «let me know if …», «if I don't hear …»."""
    for i, word in enumerate(clause):
        if word not in {"if", "unless", "when", "whenever"}:
            continue
        following = tuple(clause[i + 1 : i + 3])
        asked = following[:1] == ("possible",) or following[1:] in {("could",), ("can",), ("would",)}
        asked = asked and following[:1] in {("possible",), ("you",), ("we",), ("i",), ("someone",), ("anyone",)}
        answer = bool({"know", "see", "wondering", "wonder", "check", "confirm", "ask", "sure"} & set(clause[:i]))
        negated = any(word == "not" or word.endswith("n't") for word in clause[i:])
        if not (asked or answer or negated):
            return word != "unless"
    return False


def _told(clause: Sequence[str], after: Sequence[str]) -> bool:
    """«it was finished by Friday», «by Friday I had …»."""
    words = set(clause)
    if clause[:2] in (["thanks", "for"], ["thank", "you"]):
        return True
    if words & _STORY and not words & _PLANS:
        return True
    return not words - {"and"} and any(word in _STORY or word.endswith("'d") for word in after[:3])
