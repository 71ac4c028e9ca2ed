"""Which status follows from what arrived: what people decided stands, until somebody writes again. Pure."""

from collections.abc import Collection
from datetime import datetime

from app.core.rows import AnyRow
from app.domains.tasks.conversation import EARLIEST, Conversation, Message
from app.domains.tasks.models import Task

_AT_SOURCE = {"open": "reopened", "done": "completed", "declined": "declined"}
"""What the history calls it when a row's status changes at its source."""


def follows(
    row: AnyRow | Task, conversation: Conversation, news: Message | None, where: str
) -> tuple[str, str | None, str]:
    """The status that follows, the verb for the history where it changes, and why. `where` names the task's source."""
    if row.status in ("snoozed", "done") and news:
        verb = "woke" if row.status == "snoozed" else "reopened"
        return "open", verb, f"A new message came in from {news.sender}."
    if "status" in row.person_set:
        return row.status, None, ""
    work = conversation.work
    if work and work.status != row.source_status and (work.status != "open" or row.status in ("done", "declined")):
        if work.status == row.status:
            return row.status, None, ""
        called = f"“{work.status_name}”" if work.status_name else work.status
        return work.status, _AT_SOURCE[work.status], f"It is {called} in {where}."
    if row.status not in ("open", "not_for_us"):
        return row.status, None, ""
    reason = conversation.not_for_us()
    if reason and row.status == "open":
        return "not_for_us", "set_aside", reason
    if not reason and row.status == "not_for_us":
        return "open", "became_work", "A person wrote in this conversation."
    return row.status, None, ""


def is_news(conversation: Conversation, new_ids: Collection[int], now: datetime) -> Message | None:
    """The newest new message that reaches us from people, if it is later than all we had: it wakes a snoozed task
    and reopens a done one. An older message that an import brings late is no news, and one dated in the future, by a
    clock that is wrong, does not make those after it old."""
    known = max((m.when for m in conversation.messages if m.id not in new_ids and m.when <= now), default=EARLIEST)
    fresh = [m for m in conversation.inbound if m.id in new_ids and m.when > known]
    return fresh[-1] if fresh else None
