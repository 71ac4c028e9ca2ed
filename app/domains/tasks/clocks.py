"""The clocks of a conversation: how long somebody has waited for us, as facts that rules hold against targets.

A clock is the moments at which it started and stopped, in turns: an odd number of them says that it runs. So it is no
matter of the time of day at which somebody looks, and which hours of a day count is the ruleset's to say. Pure.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.domains.ranking.facts import Fact
from app.domains.tasks.conversation import Conversation, Message, closes

MOST_SPANS = 25
"""Of a longer conversation the newest are kept."""


def clocks(conversation: Conversation, *, active: bool) -> dict[str, Fact]:
    """Those that are known. Nobody waits for an answer to a row, where nobody said who we are, or among ourselves; and
    once a task is no longer to be done, none of them runs."""
    if not active:
        return {}
    if not conversation.human:
        opened = conversation.opened_at if conversation.work and conversation.work.status == "open" else None
        return {"resolution": _fact([opened])} if opened else {}
    if not conversation.sides_known or not conversation.concerns_us or conversation.among_us:
        return {}
    said = [message for message in conversation.human if message.sent_at is not None]
    found = {"first_response": _first_response(conversation, said), "next_response": _next_response(conversation, said)}
    found["resolution"] = _resolution(conversation, said)
    return {name: _fact(moments) for name, moments in found.items() if moments}


def _first_response(conversation: Conversation, said: Sequence[Message]) -> list[datetime]:
    """From the first message to us until we answered it, or it was taken back with thanks."""
    if not said or conversation.is_ours(said[0]):
        return []
    answered = next((m.sent_at for m in said[1:] if conversation.is_ours(m) or closes(m)), None)
    return [at for at in (said[0].sent_at, answered) if at is not None]


def _next_response(conversation: Conversation, said: Sequence[Message]) -> list[datetime]:
    """Since they came back after an answer of ours, while it is our turn."""
    turn, since = conversation.turn()
    answered = any(conversation.is_ours(message) for message in said)
    return [since] if turn == "ours" and since is not None and answered else []


def _resolution(conversation: Conversation, said: Sequence[Message]) -> list[datetime]:
    """From the first word on, but not while we wait for them, nor once they say that it is solved."""
    moments: list[datetime] = []
    for message in said:
        runs = not conversation.is_ours(message) and not closes(message)
        if message.sent_at is not None and runs == (len(moments) % 2 == 0):
            moments.append(message.sent_at)
    spans = len(moments) // 2
    return moments[2 * max(0, spans - MOST_SPANS) :]


def _fact(moments: Sequence[datetime]) -> Fact:
    return Fact(value=tuple(at.astimezone(UTC) for at in moments))
