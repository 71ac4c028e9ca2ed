"""Which of the deadlines that a conversation names in words is ours to keep, and still stands.

Pure, and without a clock: whether a deadline has passed is judged as of the last word of the conversation.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domains.ranking.facts import Fact
from app.domains.reading import TextFact
from app.domains.tasks.conversation import Conversation, Message, closes, says_only_thanks

_EARLY, _LATE = 1_500, 600
"""People say what they want of each other at the start of a message or at its end, in characters. What stands deep
inside a long text (an article, a log, a specification) tells of something else."""
_BESIDE = 200
"""Characters between a deadline and a request that still belong together."""
_EXPLICIT = re.compile(r"\b(?:deadline|due)\b", re.IGNORECASE)
_COMMITS = re.compile(r"\bwill\b|['’]ll\b", re.IGNORECASE)
"""What makes of assent a thing yet to be done: “will do”, unlike “yes” and “done”."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A date that a message names, with how it stands there."""

    at: datetime
    fact: TextFact
    demanded: bool
    """Something is asked for by then, or promised."""
    asked: bool
    """It stands in a request: the day of "could you look today?"."""
    promised: bool
    appointment: bool

    @property
    def weight(self) -> int:
        return 2 if self.demanded else 1 if self.asked else 0


def is_said_to_us(fact: TextFact, message: Message) -> bool:
    """Whether the words stand where people address each other."""
    return fact.where == "subject" or fact.start < _EARLY or fact.start > message.length - _LATE


def deadline(conversation: Conversation) -> Fact | None:
    """The newest message that asks for something by a date decides, or where none asks, the newest that names a date.

    In it what is demanded goes before what is wished for, and that before what is only told; of equals the first that
    lay ahead when it was written counts, else the last. None where it is for others to keep, or no longer stands.
    """
    theirs = conversation.turn()[0] == "theirs"
    told: tuple[int, list[_Named]] | None = None
    for i in reversed(range(len(conversation.human))):
        named = _named(conversation.human[i])
        ours = [date for date in named if _is_ours_to_keep(conversation, conversation.human[i], date, theirs=theirs)]
        if not named or (not ours and not theirs):
            continue
        if any(date.weight for date in named):
            return _chosen(conversation, i, ours)
        told = told or (i, ours)
    return _chosen(conversation, *told) if told else None


def beside_words(row: Fact, said: Fact | None, conversation: Conversation) -> Fact:
    """A row's due date, or the deadline in words that is earlier: what people agreed on must not be lost in the row's.

    It must have been ahead when it was written, and the row neither made nor changed since it passed: whoever did that
    knew better.
    """
    if said is None or not isinstance(said.value, datetime) or not isinstance(row.value, datetime):
        return row
    by = [message.when for message in conversation.human if message.id == said.item]
    touched = [message.revised_at or message.when for message in conversation.rows]
    return said if max(*by, *touched) <= said.value < row.value else row


def _chosen(conversation: Conversation, i: int, dates: Sequence[_Named]) -> Fact | None:
    standing = [date for date in dates if _stands(conversation, i, date)]
    if not standing:
        return None
    message = conversation.human[i]
    ahead = [date for date in standing if date.at >= message.when]
    if ahead:
        date = min(ahead, key=lambda date: (-date.weight, date.at))
    else:
        date = max(standing, key=lambda date: (date.weight, date.at))
    return Fact(value=date.at, source="item", quote=date.fact.quote, item=message.id)


def _named(message: Message) -> list[_Named]:
    return [_with_surroundings(f, message) for f in message.reading.facts if f.fact == "due_at" and _binds(f, message)]


def _with_surroundings(fact: TextFact, message: Message) -> _Named:
    around = _around(fact, message)
    asked = "asks" in around
    promised = "promise" in around and not asked
    return _Named(
        at=datetime.fromisoformat(str(fact.value)),
        fact=fact,
        demanded="demand" in around or promised,
        asked=asked,
        promised=promised,
        appointment="appointment" in around,
    )


def _around(fact: TextFact, message: Message) -> set[str]:
    """What else is said by the words of the fact, or by the sentence they stand in."""
    facts = [f for f in message.reading.facts if f.where == fact.where and f is not fact]
    return {f.fact for f in facts if f.start <= fact.start and fact.end <= f.end}


def _binds(fact: TextFact, message: Message) -> bool:
    """Whether a deadline is meant for those who read it. What is told to a whole list, or deep inside a long text, is
    so only where it is called a deadline or stands beside a request; in a channel, also where something is asked for by
    then."""
    if fact.where == "subject" or _EXPLICIT.search(fact.quote):
        return True
    if not message.list_id or (message.list_id.startswith("#") and "demand" in _around(fact, message)):
        return is_said_to_us(fact, message)
    asked = [f for f in message.reading.facts if f.fact == "asks" and f.where == "text"]
    return any(f.start - _BESIDE < fact.start and fact.end < f.end + _BESIDE for f in asked)


def _is_ours_to_keep(conversation: Conversation, message: Message, date: _Named, *, theirs: bool) -> bool:
    """What others ask of us is, and what we promise; what we ask of others is theirs. An appointment binds both, and
    while they owe the answer nobody has made it yet."""
    if not conversation.sides_known or not conversation.is_ours(message):
        return True
    return date.promised or (date.appointment and not theirs)


def _stands(conversation: Conversation, i: int, date: _Named) -> bool:
    """Once the last word closes the matter, only what is promised and lies ahead of that word is still to be done."""
    last = conversation.human[-1]
    if not closes(last):
        return True
    return date.at >= last.when and not date.appointment and not _is_settled(conversation.human[i:], date)


def _is_settled(said: Sequence[Message], date: _Named) -> bool:
    """Whether those who answered the first of the messages said more than that they will do it."""
    if any(closes(message) and not says_only_thanks(message) for message in said):
        return True
    answers = [message for message in said if message.sender.address != said[0].sender.address]
    if not all(says_only_thanks(message) for message in answers):
        return True
    return bool(answers) and not date.promised and not any(_commits(message) for message in answers)


def _commits(message: Message) -> bool:
    return any(f.fact == "thanks_only" and _COMMITS.search(f.quote) is not None for f in message.reading.facts)
