"""One message as Gmail gives it: checked, and read as an Item by the parser of all mail."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from app.integrations.exports.charset import clean
from app.integrations.mail import dates, message
from app.integrations.mail.gmail import labels, payload
from app.integrations.mail.threads import MOST_KEYS
from app.integrations.pulling import Answer, Json
from app.records import Attachment, Item

MOST_ATTACHMENTS = 200
DIGITS = re.compile(r"\d{10,16}")
ADDRESS = "https://mail.google.com/mail/u/0/#all/"
JUDGED_BY = ("draft", "trash", "spam", "promotions", "social")
"""Meanings of labels that decide whether a person wrote it to people: an item with others of them is read anew."""


class NoMessageError(ValueError):
    """What stands there is no message. `path` is where within it, as «.messageId»; the text is a clause for people."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(why)
        self.path = path


@dataclass(frozen=True, slots=True)
class Mail:
    """A message that has at least an id."""

    id: str
    thread_id: str
    label_ids: frozenset[str]
    at: datetime | None
    """When it arrived, or was sent by the owner: by this Gmail searches."""
    raw: Json


def check(raw: Any) -> Mail:
    """Raises NoMessageError."""
    if not isinstance(raw, Mapping):
        raise NoMessageError("", "it is no object")
    given = text_of(raw, "messageId", "message_id", "id")
    if not given:
        raise NoMessageError(".messageId", "it has no «messageId»")
    found = raw.get("labelIds", raw.get("label_ids"))
    if found is not None and not isinstance(found, list):
        raise NoMessageError(".labelIds", "its «labelIds» are no list")
    ids = frozenset(clean(each) for each in found or () if isinstance(each, str))
    return Mail(given, text_of(raw, "threadId", "thread_id") or given, ids, arrived_at(raw), raw)


def whole_message(answer: Answer) -> Json:
    """The one message of an answer, wherever it is nested. Raises NoMessageError."""
    for level in answer.levels():
        if text_of(level, "messageId", "message_id", "id"):
            return level
    raise NoMessageError(".messageId", "it has no «messageId»")


def text_of(raw: Json, *names: str) -> str:
    """The first of these that holds a text, clean; "" where none does."""
    return next((clean(value) for name in names if isinstance(value := raw.get(name), str) and value), "")


def arrived_at(raw: Json) -> datetime | None:
    """`internalDate` in milliseconds, `messageTimestamp` as ISO 8601, RFC 5322 or milliseconds, or `date`."""
    for name in ("internalDate", "internal_date", "messageTimestamp", "message_timestamp", "date"):
        value = raw.get(name)
        text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
        when = _milliseconds(int(text)) if DIGITS.fullmatch(text) else dates.read_date(text)
        if dates.believable(when):
            return when
    return None


def _milliseconds(number: int) -> datetime | None:
    seconds = number / 1000 if number >= 10**11 else number
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def to_item(mail: Mail, names: Mapping[str, str]) -> Item:
    """`names` are those of people's own labels, by id."""
    given = mail.raw.get("payload")
    whole = given if isinstance(given, Mapping) and payload.headers_in(given) else _made_up(mail, given)
    root, problems = payload.tree(whole, text_of(mail.raw, "messageText", "message_text"))
    marks = labels.marks(mail.label_ids, names)
    item = message.from_parts(root, problems, message.Delivery(mail.at, marks))
    return replace(
        item,
        external_id=mail.id,
        keys=_keys(item, mail),
        attachments=item.attachments or _attachments(mail.raw),
        unread=marks.unread,
        starred=marks.starred,
        important=marks.important,
        outgoing=True if "SENT" in mail.label_ids else None,
        url=text_of(mail.raw, "display_url", "displayUrl") or f"{ADDRESS}{mail.id}",
        content_hash=_content_hash(mail.id, marks.meanings),
        revisable=True,
    )


def _made_up(mail: Mail, given: Any) -> Json:
    """A tree of what the gateway says by itself, where Gmail's has no headers or is not there."""
    pairs = {name: text_of(mail.raw, field) for name, field in _SAID}
    pairs["Date"] = format_datetime(mail.at) if mail.at else ""
    headers = [{"name": name, "value": " ".join(value.split())} for name, value in pairs.items() if value]
    if isinstance(given, Mapping) and isinstance(given.get("parts") or given.get("body"), list | Mapping):
        return {**given, "headers": headers}
    return {"mimeType": "text/plain", "headers": headers}


_SAID = (("From", "sender"), ("To", "to"), ("Subject", "subject"))


def _keys(item: Item, mail: Mail) -> tuple[str, ...]:
    """Message-ID first where it is known. Gmail's thread is the number that exports write as X-GM-THRID."""
    own = item.external_id if not item.external_id.startswith("sha256:") else f"gmail:{mail.id}"
    number = int(mail.thread_id, 16) if re.fullmatch(r"[0-9a-f]{6,16}", mail.thread_id) else mail.thread_id
    return tuple(dict.fromkeys([own, *item.keys[1 : MOST_KEYS - 1], f"gm:{number}"]))


def _attachments(raw: Json) -> tuple[Attachment, ...]:
    listed = raw.get("attachmentList")
    given = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    return tuple(map(_attachment, given[:MOST_ATTACHMENTS]))


def _attachment(given: Json) -> Attachment:
    size = given.get("size")
    kind = text_of(given, "mimeType").lower()[:100] or "application/octet-stream"
    return Attachment(text_of(given, "filename")[:255], kind, size if isinstance(size, int) and size > 0 else 0)


def _content_hash(mail_id: str, meanings: frozenset[str]) -> str:
    """Of the id, because Gmail never changes the words under one: so it is the same whichever tool answered, and
    whether or not the payload came. And of the labels that decide what kind of message it is."""
    said = "\n".join(["gmail", mail_id, *(each for each in JUDGED_BY if each in meanings)])
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]
