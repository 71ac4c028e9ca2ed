"""What changed since a point of Gmail's history (GMAIL_LIST_HISTORY).

Records name messages, not what became of them: each is fetched afterwards, so that the order of changes is no matter.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import NotThere
from app.integrations.mail.gmail.listing import LARGEST_PAGE, Tokens, lists_something, next_token
from app.integrations.mail.gmail.message import text_of
from app.integrations.mail.gmail.tools import GET_PROFILE, LIST_HISTORY
from app.integrations.pulling import Answer, Tools

TYPES = ("messageAdded", "messageDeleted", "labelAdded", "labelRemoved")
LISTS = {
    "messagesAdded": "added",
    "messages_added": "added",
    "messagesDeleted": "deleted",
    "messages_deleted": "deleted",
    "labelsAdded": "labelled",
    "labels_added": "labelled",
    "labelsRemoved": "labelled",
    "labels_removed": "labelled",
}
MOST_CHANGES = 20_000
"""Messages; beyond that the whole range is read again, which costs less."""


@dataclass(slots=True)
class Changes:
    """Ids of messages by what happened to them, and where history stands behind that."""

    history_id: str
    added: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    labelled: set[str] = field(default_factory=set)

    @property
    def alive(self) -> set[str]:
        return (self.added | self.labelled) - self.deleted

    @property
    def older(self) -> set[str]:
        """Those alive that were there before: nobody knows of when they are."""
        return self.labelled - self.added - self.deleted

    @property
    def shrunk(self) -> bool:
        """Whether a listing may have lost something, so that a page by number skipped a message."""
        return bool(self.deleted or self.labelled)


async def current_history_id(tools: Tools) -> str:
    """Where the mailbox's history stands now. Raises Upstream."""
    answer = await tools(GET_PROFILE)
    if number := _number(answer):
        return number
    raise answer.unreadable("data.historyId", "holds no «historyId» that is a number")


async def since(tools: Tools, history_id: str) -> Changes | None:
    """All changes behind `history_id`; None where Gmail no longer knows them, or they are too many. Raises Upstream."""
    found, token, tokens = Changes(history_id), None, Tokens()
    asked = {"start_history_id": history_id, "history_types": list(TYPES), "max_results": LARGEST_PAGE}
    while True:
        try:
            answer = await tools(LIST_HISTORY, **asked, **({"page_token": token} if token else {}))
        except NotThere:
            return None
        read(answer, found)
        if found.history_id == history_id:
            # As the first page says: what is recorded while later pages are read comes again the next time.
            found.history_id = _stands_at(answer, history_id)
        token = next_token(answer)
        tokens.take(answer, token)
        if token is None:
            return found
        if len(found.added) + len(found.labelled) + len(found.deleted) > MOST_CHANGES:
            return None


def read(answer: Answer, into: Changes) -> None:
    """Raises Unreadable. Without changes Gmail leaves `history` out."""
    records = answer.look("history", list)
    if records is None and (_number(answer) is None or lists_something(answer)):
        records = answer.find("history", list)
    named = [each for record in records or () for each in _named(record)]
    if records and not named:
        raise answer.unreadable("data.history[0].messages", "holds records of changes that name no message")
    for what, message_id in named:
        getattr(into, what).add(message_id)


def _stands_at(answer: Answer, otherwise: str) -> str:
    """Where history stands. Without a number of the whole, behind the newest record."""
    records = answer.look("history", list, default=[])
    ids = [text_of(each, "id") for each in records if isinstance(each, Mapping)]
    return _number(answer) or max([otherwise, *(each for each in ids if each.isdecimal())], key=int)


def _named(record: Any) -> Iterator[tuple[str, str]]:
    """What happened to which message. `messages` repeats all that the other lists name: it counts only alone."""
    if not isinstance(record, Mapping):
        return
    lists = {name: what for name, what in LISTS.items() if isinstance(record.get(name), list)}
    for name, what in lists.items() if lists else [("messages", "labelled")]:
        entries = record.get(name)
        for entry in entries if isinstance(entries, list) else ():
            message = entry.get("message", entry) if isinstance(entry, Mapping) else None
            if isinstance(message, Mapping) and (found := text_of(message, "id", "messageId")):
                yield what, found


def _number(answer: Answer) -> str | None:
    for level in answer.levels():
        value = level.get("historyId", level.get("history_id"))
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and value.isdecimal():
            return value
    return None
