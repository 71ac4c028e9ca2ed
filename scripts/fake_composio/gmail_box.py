"""A mailbox in memory with what Gmail keeps of it: messages, threads, labels and the history of changes."""

import mailbox
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any, Self

from scripts.fake_composio import gmail_made
from scripts.fake_composio.gmail_mail import Payload, Reading, Stored

OWNER = "nora@whitlock.example"
SYSTEM = (
    *("INBOX", "UNREAD", "STARRED", "IMPORTANT", "SENT", "DRAFT", "TRASH", "SPAM", "CHAT", "CATEGORY_PERSONAL"),
    *("CATEGORY_SOCIAL", "CATEGORY_PROMOTIONS", "CATEGORY_UPDATES", "CATEGORY_FORUMS"),
)
ARRIVED = ("INBOX", "UNREAD", "CATEGORY_PERSONAL")


@dataclass(frozen=True)
class Record:
    """One change, as history tells it."""

    id: int
    sort: str
    """messagesAdded, messagesDeleted, labelsAdded or labelsRemoved."""
    stub: dict[str, Any]
    labels: tuple[str, ...] = ()

    def answer(self) -> dict[str, Any]:
        entry = {"message": self.stub} | ({"labelIds": list(self.labels)} if self.labels else {})
        message = {name: self.stub[name] for name in ("id", "threadId")}
        return {"id": str(self.id), "messages": [message], self.sort: [entry]}


@dataclass
class Box:
    now: Callable[[], datetime]
    owner: str = OWNER
    messages: dict[str, Stored] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """People's own labels: names by id."""
    history: list[Record] = field(default_factory=list)
    history_id: int = 987_000
    forgotten: int = 0
    """History up to this id is known no longer."""
    revision: int = 0
    """Grows with every change, also with those that are no part of history."""
    _threads: dict[str, str] = field(default_factory=dict)
    """Thread id by Message-ID."""
    _reading: Reading = field(default_factory=Reading)
    _count: int = 0

    def generate(self, mails: int = 200, seed: int = 1, *, days: float = 28) -> Self:
        """Add so many messages that arrived within the last `days`. They are no part of history."""
        for name in ("Customers", "Invoices/2026"):
            self.label_called(name)
        threads: dict[int, str] = {}
        own = tuple(self.names)
        for made in gmail_made.mail(mails, seed=seed, owner=self.owner, until=self.now(), days=days, own=own):
            stored = self._store(made.payload, made.at, made.labels, threads.get(made.thread))
            threads.setdefault(made.thread, stored.thread_id)
        return self

    def from_mbox(self, path: Path) -> Self:
        """Add the messages of a file, as if they had arrived when they were sent. They are no part of history."""
        with path.open("rb"):  # `mailbox` would make a file that isn't there
            read = mailbox.mbox(path, create=False)
        for key in read.iterkeys():
            raw = read.get_bytes(key)
            payload = self._reading.payload(raw)
            self._store(payload, self._date(payload), _labels(payload))
        read.close()
        return self

    def deliver(self, raw: bytes | None = None, *, labels: Iterable[str] = ARRIVED, **fields: Any) -> str:
        """A message arrives: its bytes, or `sender`, `to`, `subject`, `text`, `message_id`, `in_reply_to`, `kind`,
        `file`, and `at` where it isn't now. Returns its id."""
        at: datetime = fields.pop("at", None) or self.now()
        payload = self._payload(at, **fields) if raw is None else self._reading.payload(raw)
        stored = self._store(payload, at, labels)
        self._note("messagesAdded", stored)
        return stored.id

    def label(self, message_id: str, *labels: str) -> None:
        """Labels by id or name; a name that is new makes a label."""
        stored = self.messages[message_id]
        added = [each for each in map(self.label_called, labels) if each not in stored.labels]
        stored.labels.update(added)
        if added:
            self._note("labelsAdded", stored, added)

    def unlabel(self, message_id: str, *labels: str) -> None:
        stored = self.messages[message_id]
        removed = [each for each in map(self.label_called, labels) if each in stored.labels]
        stored.labels.difference_update(removed)
        if removed:
            self._note("labelsRemoved", stored, removed)

    def trash(self, message_id: str) -> None:
        self.label(message_id, "TRASH")
        self.unlabel(message_id, "INBOX")

    def delete(self, message_id: str) -> None:
        """For good, as nobody can undo."""
        self._note("messagesDeleted", self.messages.pop(message_id))

    def expire_history(self) -> None:
        """What happened so far is known no longer."""
        self.history.clear()
        self.history_id += 1
        self.forgotten = self.history_id

    def label_called(self, name: str) -> str:
        """Its id; one that is new is made."""
        if name in SYSTEM or name in self.names:
            return name
        found = next((each for each, known in self.names.items() if known.lower() == name.lower()), None)
        if found is None:
            found = f"Label_{len(self.names) + 1}"
            self.names[found] = name
        return found

    def rename_label(self, name: str, to: str) -> None:
        self.names[self.label_called(name)] = to
        self.revision += 1

    def _note(self, sort: str, stored: Stored, labels: Iterable[str] = ()) -> None:
        self.history_id += 7
        self.revision += 1
        self.history.append(Record(self.history_id, sort, stored.stub(), tuple(labels)))

    def _store(self, payload: Payload, at: datetime, labels: Iterable[str], thread: str | None = None) -> Stored:
        self._count += 1
        self.revision += 1
        milliseconds = int(at.timestamp() * 1000)
        own = f"{(milliseconds << 20) | (self._count & 0xFFFFF):x}"  # so that ids grow with the arrival, as Gmail's do
        stored = Stored(own, own, milliseconds, set(map(self.label_called, labels)), payload)
        stored.thread_id = thread or self._thread_of(stored)
        self._threads.setdefault(stored.header("message-id").strip("<> "), stored.thread_id)
        self.messages[own] = stored
        return stored

    def _thread_of(self, stored: Stored) -> str:
        named = re.findall(r"<([^<>\s]+)>", f"{stored.header('references')} {stored.header('in-reply-to')}")
        return next((self._threads[each] for each in reversed(named) if each in self._threads), stored.id)

    def _payload(self, at: datetime, **given: str) -> Payload:
        sender, to = given.get("sender", "Ines Calloway <ines@harbour.example>"), given.get("to", self.owner)
        name = given.get("message_id", f"<{self._count + 1}.made@harbour.example>")
        headers = [("From", sender), ("To", to), ("Subject", given.get("subject", "A question"))]
        headers += [("Date", format_datetime(at)), ("Message-ID", name)]
        if "in_reply_to" in given:
            headers.append(("In-Reply-To", given["in_reply_to"]))
        kind, file = given.get("kind", "text/plain"), given.get("file", "")
        return gmail_made.payload(headers, given.get("text", "Could you look at this?"), kind=kind, file=file)

    def _date(self, payload: Payload) -> datetime:
        dates = [each["value"] for each in payload["headers"] if each["name"].lower() == "date"]
        try:
            found = parsedate_to_datetime(dates[0])
        except (IndexError, ValueError, TypeError):
            return self.now()
        return found if found.tzinfo and 1990 < found.year < 2100 else self.now()


def _labels(payload: Payload) -> tuple[str, ...]:
    """Those of an export of Gmail, else those of mail that has just come."""
    given = [each["value"] for each in payload["headers"] if each["name"].lower() == "x-gmail-labels"]
    if not given:
        return ARRIVED
    names = [name.strip().strip('"') for name in given[0].split(",")]
    known = {each.lower(): each for each in SYSTEM} | {f"category {each[9:].lower()}": each for each in SYSTEM[9:]}
    return tuple(known.get(name.lower(), name) for name in names if name and name.lower() not in ("opened", "archived"))
