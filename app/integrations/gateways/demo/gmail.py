"""The demo's mailbox: Gmail's tools over the mail of mails.py, in the shapes in which Composio gives them."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from app.integrations.gateways.demo.answering import (
    NOTHING_CHANGED,
    Arguments,
    Clock,
    ToolFunction,
    missing,
    paged,
    refuse,
    size_of,
)
from app.integrations.gateways.demo.company import DOMAIN, OWNER, PEOPLE
from app.integrations.gateways.demo.mails import MAILS, OWN_LABELS, Mail
from app.integrations.gateways.demo.times import Anchor

SERVICE = "Gmail"
SYSTEM = (
    *("INBOX", "UNREAD", "STARRED", "IMPORTANT", "SENT", "DRAFT", "TRASH", "SPAM", "CATEGORY_PERSONAL"),
    *("CATEGORY_SOCIAL", "CATEGORY_PROMOTIONS", "CATEGORY_UPDATES", "CATEGORY_FORUMS"),
)
_HIDDEN = frozenset({"SPAM", "TRASH"})
_WORD = re.compile(r'(-?)(?:([a-z_]+):)?("[^"]*"|[^\s()]+)', re.IGNORECASE)
_SORTS = {"labelAdded": "labelsAdded", "labelRemoved": "labelsRemoved", "messageAdded": "messagesAdded"}


@dataclass(slots=True)
class Stored:
    id: str
    thread: str
    at: datetime
    labels: set[str]
    headers: Mapping[str, str]
    text: str

    @property
    def arrival(self) -> int:
        """In milliseconds since 1970: also the number of its record in the history."""
        return int(self.at.timestamp() * 1000)

    def said(self, *, whole: bool) -> dict[str, Any]:
        """As Composio gives a message; without its payload where it is not `whole`."""
        told: dict[str, Any] = {
            "messageId": self.id,
            "threadId": self.thread,
            "messageTimestamp": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "labelIds": sorted(self.labels),
            "sender": self.headers["From"],
            "to": self.headers["To"],
            "subject": self.headers["Subject"],
            "display_url": f"https://mail.{DOMAIN}/{self.id}",
        }
        if not whole:
            return told
        content = self.text.encode()
        body = {"size": len(content), "data": base64.urlsafe_b64encode(content).decode()}
        headers = [{"name": name, "value": value} for name, value in self.headers.items()]
        payload = {"partId": "", "mimeType": "text/plain", "filename": "", "headers": headers, "body": body}
        preview = {"body": " ".join(self.text.split())[:100], "subject": self.headers["Subject"]}
        return told | {"messageText": self.text, "preview": preview, "attachmentList": [], "payload": payload}


@dataclass(frozen=True, slots=True)
class Relabelled:
    """A change of labels, as history tells it."""

    number: int
    sort: str
    mail: Stored
    labels: tuple[str, ...]


@dataclass
class Mailbox:
    """One account's mailbox, as it is at `now`."""

    anchor: Anchor
    now: Clock
    _all: tuple[Stored, ...] = field(init=False)
    _names: dict[str, str] = field(default_factory=lambda: dict(OWN_LABELS))
    _changes: list[Relabelled] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._all = tuple(_stored(self.anchor))

    @property
    def tools(self) -> Mapping[str, ToolFunction]:
        return {
            "GMAIL_FETCH_EMAILS": self._fetch,
            "GMAIL_LIST_HISTORY": self._history,
            "GMAIL_FETCH_MESSAGE_BY_MESSAGE_ID": self._message,
            "GMAIL_FETCH_MESSAGE_BY_THREAD_ID": self._thread,
            "GMAIL_GET_PROFILE": self._profile,
            "GMAIL_LIST_LABELS": self._labels,
            "GMAIL_CREATE_LABEL": self._create_label,
            "GMAIL_ADD_LABEL_TO_EMAIL": self._label_message,
            "GMAIL_MODIFY_THREAD_LABELS": self._label_thread,
        }

    def _here(self) -> list[Stored]:
        """What has come by now, newest first."""
        return [mail for mail in reversed(self._all) if mail.at <= self.now()]

    def _found(self, own: Any) -> Stored:
        found = next((mail for mail in self._here() if mail.id == own), None)
        if found is None:
            raise missing(SERVICE, "no such message")
        return found

    def _in_thread(self, own: Any) -> list[Stored]:
        if not (found := [mail for mail in self._here() if mail.thread == own]):
            raise missing(SERVICE, "no such conversation")
        return found

    def _fetch(self, arguments: Arguments) -> Any:
        wanted = set(arguments.get("label_ids") or ())
        if unknown := wanted - {*SYSTEM, *self._names}:
            refuse(SERVICE, f"there is no label {min(unknown)}")
        hidden = bool(arguments.get("include_spam_trash")) or bool(wanted & _HIDDEN)
        search = Search(str(arguments.get("query") or ""), self._names)
        found = [
            mail
            for mail in self._here()
            if wanted <= mail.labels and (hidden or not mail.labels & _HIDDEN) and search.finds(mail)
        ]
        size = size_of(arguments, "max_results", 1, 500)
        page, token = paged(found, arguments.get("page_token"), size, lambda mail: mail.id, SERVICE)
        answer = {"resultSizeEstimate": len(found)} | ({"nextPageToken": token} if token else {})
        if arguments.get("ids_only"):
            return answer | {"messages": [{"messageId": mail.id, "threadId": mail.thread} for mail in page]}
        whole = bool(arguments.get("include_payload", True))
        return answer | {"messages": [mail.said(whole=whole) for mail in page]}

    def _history(self, arguments: Arguments) -> Any:
        start = str(arguments.get("start_history_id") or "")
        if not start.isdecimal():
            refuse(SERVICE, "start_history_id is no number")
        wanted = {_SORTS.get(each, each) for each in arguments.get("history_types") or _SORTS}
        came = [Relabelled(mail.arrival, "messagesAdded", mail, ()) for mail in self._here()]
        records = [each for each in (*came, *self._changes) if each.number > int(start) and each.sort in wanted]
        records.sort(key=lambda each: each.number)
        size = size_of(arguments, "max_results", 100, 500)
        page, token = paged(records, arguments.get("page_token"), size, lambda each: str(each.number), SERVICE)
        answer: dict[str, Any] = {"historyId": str(self._stands_at())}
        if page:
            answer["history"] = [_record(each) for each in page]
        return answer | ({"nextPageToken": token} if token else {})

    def _stands_at(self) -> int:
        now = int(self.now().timestamp() * 1000)
        return max([now, *(change.number for change in self._changes)])

    def _message(self, arguments: Arguments) -> Any:
        whole = arguments.get("format", "full") == "full"
        return self._found(arguments.get("message_id")).said(whole=whole)

    def _thread(self, arguments: Arguments) -> Any:
        return {"messages": [mail.said(whole=True) for mail in self._in_thread(arguments.get("thread_id"))]}

    def _profile(self, _arguments: Arguments) -> Any:
        here = self._here()
        totals = {"messagesTotal": len(here), "threadsTotal": len({mail.thread for mail in here})}
        return {"emailAddress": OWNER.address, **totals, "historyId": str(self._stands_at())}

    def _labels(self, _arguments: Arguments) -> Any:
        system = [{"id": each, "name": each, "type": "system"} for each in SYSTEM]
        return {"labels": [*system, *({"id": own, "name": name, "type": "user"} for own, name in self._names.items())]}

    def _create_label(self, arguments: Arguments) -> Any:
        name = " ".join(str(arguments.get("label_name") or arguments.get("name") or "").split())
        if not name or name.lower() in (known.lower() for known in self._names.values()):
            refuse(SERVICE, f"a label needs a name that is new, not «{name[:100]}»")
        own = f"Label_{len(self._names) + 1}"
        self._names[own] = name
        return {"id": own, "name": name, "type": "user", "demo": NOTHING_CHANGED}

    def _label_message(self, arguments: Arguments) -> Any:
        mail = self._found(arguments.get("message_id"))
        self._relabel([mail], arguments)
        return {"id": mail.id, "threadId": mail.thread, "labelIds": sorted(mail.labels), "demo": NOTHING_CHANGED}

    def _label_thread(self, arguments: Arguments) -> Any:
        mails = self._in_thread(arguments.get("thread_id"))
        self._relabel(mails, arguments)
        messages = [{"id": each.id, "labelIds": sorted(each.labels)} for each in mails]
        return {"id": mails[0].thread, "messages": messages, "demo": NOTHING_CHANGED}

    def _relabel(self, mails: Iterable[Stored], arguments: Arguments) -> None:
        added, removed = (set(arguments.get(f"{name}_label_ids") or ()) for name in ("add", "remove"))
        if unknown := (added | removed) - {*SYSTEM, *self._names}:
            refuse(SERVICE, f"there is no label {min(unknown)}")
        for mail in mails:
            self._note("labelsAdded", mail, added - mail.labels)
            self._note("labelsRemoved", mail, (removed - added) & mail.labels)
            mail.labels = (mail.labels | added) - (removed - added)

    def _note(self, sort: str, mail: Stored, labels: set[str]) -> None:
        if labels:
            self._changes.append(Relabelled(self._stands_at() + 1, sort, mail, tuple(sorted(labels))))


class Search:
    """The part of Gmail's search that the demo understands: times, labels, people, words, and «-» before them."""

    def __init__(self, query: str, names: Mapping[str, str]) -> None:
        if re.search(r"\bOR\b|[{}]", query):
            refuse(SERVICE, "its search knows no OR and no braces")
        self._labels = {re.sub(r"[\s/]+", "-", name.lower()): own for own, name in names.items()}
        self._tests = [(found[1], (found[2] or "").lower(), found[3].strip('"')) for found in _WORD.finditer(query)]

    def finds(self, mail: Stored) -> bool:
        return all(self._holds(mail, name, value) is not bool(no) for no, name, value in self._tests)

    def _holds(self, mail: Stored, name: str, value: str) -> bool:
        if name in ("after", "before") and value.isdecimal():
            edge = int(value) * 1000
            return mail.arrival >= edge if name == "after" else mail.arrival < edge
        if name in ("in", "is", "label", "category"):
            return self._bears(mail, name, value.lower())
        header = mail.headers.get(name.title(), "") if name in ("from", "to", "subject") else None
        if header is None:
            said = "\n".join((*(mail.headers[each] for each in ("From", "To", "Subject")), mail.text))
            return (f"{name}:{value}" if name else value).lower() in said.lower()
        return value.lower() in header.lower()

    def _bears(self, mail: Stored, name: str, value: str) -> bool:
        if value == "anywhere":
            return True
        if (name, value) == ("is", "read"):
            return "UNREAD" not in mail.labels
        label = f"CATEGORY_{value.upper()}" if name == "category" else value.upper()
        return self._labels.get(value, label) in mail.labels


def _stored(anchor: Anchor) -> Iterable[Stored]:
    """All mail there will ever be, in the order in which it comes."""
    threads: dict[str, tuple[str, list[str]]] = {}
    for number, mail in enumerate(sorted(MAILS, key=lambda each: each.hours)):
        at = anchor.moment(mail.hours)
        own = f"{(int(at.timestamp() * 1000) << 20) | number:x}"
        thread, before = threads.get(mail.answers, (own, []))
        threads[mail.key] = (thread, [*before, _identity(mail, anchor)])
        text = mail.text.format_map(anchor.words(at))
        yield Stored(own, thread, at, set(mail.labels), _headers(mail, at, anchor, before), text)


def _headers(mail: Mail, at: datetime, anchor: Anchor, before: list[str]) -> dict[str, str]:
    headers = {
        "From": str(PEOPLE[mail.sender]),
        "To": str(PEOPLE[mail.to]),
        "Subject": mail.subject,
        "Date": format_datetime(at),
        "Message-ID": _identity(mail, anchor),
        "Content-Type": "text/plain; charset=utf-8",
    }
    if before:
        headers |= {"In-Reply-To": before[-1], "References": " ".join(before)}
    if mail.bulk:
        address = PEOPLE[mail.sender].address
        headers |= {"List-Unsubscribe": f"<mailto:{address}?subject=unsubscribe>", "Precedence": "bulk"}
    return headers


def _identity(mail: Mail, anchor: Anchor) -> str:
    domain = PEOPLE[mail.sender].address.partition("@")[2]
    return f"<{mail.key}.{anchor.mark.replace('+', 'p')}@{domain}>"


def _record(change: Relabelled) -> dict[str, Any]:
    mail = change.mail
    stub = {"id": mail.id, "threadId": mail.thread, "labelIds": sorted(mail.labels)}
    entry: dict[str, Any] = {"message": stub} | ({"labelIds": list(change.labels)} if change.labels else {})
    return {
        "id": str(change.number),
        "messages": [{"id": mail.id, "threadId": mail.thread}],
        change.sort: [entry],
    }
