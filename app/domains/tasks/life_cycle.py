"""Which status follows from what arrived: what people decided stands, until somebody writes again. Pure."""

from app.core.rows import AnyRow
from app.domains.tasks.conversation import Conversation, Message
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
