"""One message of the stand-in's mailbox, and the shapes in which Composio's Gmail tools give it.

As Gmail does it: headers decoded, text as UTF-8 whatever its charset was, bodies as base64url without their transfer
encoding, attachments as an id and a size. Read with Python's own parser, so that ours meets another one's reading.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from functools import cached_property
from typing import Any

Payload = dict[str, Any]


@dataclass
class Stored:
    id: str
    thread_id: str
    at: int
    """Arrival, in milliseconds since 1970."""
    labels: set[str]
    payload: Payload

    @cached_property
    def words(self) -> str:
        """What a search for words looks at."""
        said = (self.header("subject"), self.header("from"), self.header("to"), text_of(self.payload))
        return "\n".join(said).lower()

    @cached_property
    def attachments(self) -> list[Payload]:
        return [part for part in walk(self.payload) if part["filename"]]

    def header(self, name: str) -> str:
        given = (each["value"] for each in self.payload["headers"] if each["name"].lower() == name)
        return str(next(given, ""))

    def answer(self, *, payload: bool = True, verbose: bool = True) -> dict[str, Any]:
        """As GMAIL_FETCH_EMAILS and its kin give it. The order of labels means nothing."""
        text = text_of(self.payload)
        said = {
            "messageId": self.id,
            "threadId": self.thread_id,
            "messageTimestamp": datetime.fromtimestamp(self.at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "labelIds": sorted(self.labels, reverse=payload),
            "sender": self.header("from"),
            "to": self.header("to"),
            "subject": self.header("subject"),
        }
        if not verbose:
            return said
        listed = [
            {"filename": each["filename"], "mimeType": each["mimeType"], "attachmentId": each["body"]["attachmentId"]}
            for each in self.attachments
        ]
        return said | {
            "messageText": text,
            "preview": {"body": " ".join(text.split())[:100], "subject": self.header("subject")},
            "attachmentList": listed,
            "display_url": f"https://mail.google.com/mail/u/0/#inbox/{self.id}",
            "payload": self.payload if payload else None,
        }

    def stub(self) -> dict[str, Any]:
        """As history names it."""
        return {"id": self.id, "threadId": self.thread_id, "labelIds": sorted(self.labels)}


def walk(payload: Payload) -> Iterator[Payload]:
    yield payload
    for part in payload.get("parts", ()):
        yield from walk(part)


def text_of(payload: Payload) -> str:
    """The first plain text, or else the first HTML."""
    for kind in ("text/plain", "text/html"):
        for part in walk(payload):
            if part["mimeType"] == kind and (data := part["body"].get("data")):
                return base64.urlsafe_b64decode(data).decode()
    return ""


def body(content: bytes) -> dict[str, Any]:
    return {"size": len(content), "data": base64.urlsafe_b64encode(content).decode()} if content else {"size": 0}


@dataclass
class Reading:
    """Makes a message's bytes into a payload."""

    taken: int = field(default=0)
    """Attachments so far: each has an id."""

    def payload(self, raw: bytes) -> Payload:
        return self._part(message_from_bytes(raw), "")

    def _part(self, part: Message, number: str) -> Payload:
        made: Payload = {
            "partId": number,
            "mimeType": part.get_content_type(),
            "filename": _words(part.get_filename() or ""),
            "headers": [{"name": name, "value": _words(value)} for name, value in part.items()],
        }
        children = part.get_payload()
        if isinstance(children, list):
            places = (f"{number}.{n}".lstrip(".") for n in range(len(children)))
            parts = [self._part(child, place) for child, place in zip(children, places, strict=False) if _is(child)]
            inner = next((child for child in children if isinstance(child, Message)), None)
            size = len(inner.as_bytes()) if inner and part.get_content_type() == "message/rfc822" else 0
            return made | {"body": {"size": size}, "parts": parts}
        return made | {"body": self._body(part, is_file=bool(made["filename"]))}

    def _body(self, part: Message, *, is_file: bool) -> dict[str, Any]:
        given = part.get_payload(decode=True)
        content = given if isinstance(given, bytes) else b""
        if part.get_content_maintype() == "text" and not is_file:
            return body(_utf8(content, part.get_content_charset() or "utf-8"))
        self.taken += 1
        return {"attachmentId": f"ANGjdJ{self.taken:08d}", "size": len(content)}


def _is(part: object) -> bool:
    return isinstance(part, Message)


def _utf8(content: bytes, charset: str) -> bytes:
    try:
        return content.decode(charset).encode()
    except (LookupError, UnicodeError):
        return content.decode("utf-8", "replace").encode()


def _words(value: object) -> str:
    """A header with its encoded words read and its folds undone."""
    text = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = " ".join(text.splitlines())
    try:
        return str(make_header(decode_header(text))) if "=?" in text else text
    except (LookupError, ValueError):
        return text
