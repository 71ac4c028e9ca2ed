"""Mail for tests, written in a few words: messages by RFC 5322, and the mbox files that hold them.

`mail()` makes a message of which only what a test is about needs saying. Times are RFC 3339 without a zone: UTC.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any

US = "us@watch.example"
ANNA = "Anna Weber <anna@client.example>"
BEN = "Ben Ode <ben@partner.example>"
MONDAY = "2026-03-02T08:00"


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def mail(
    text: str = "Could you send me the signed offer?",
    *,
    id: str | None = "one@client.example",
    at: str | None = MONDAY,
    sender: str = ANNA,
    to: str = US,
    subject: str = "The signed offer",
    refs: str = "",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """`refs` are ids separated by spaces, oldest first. None leaves the header out."""
    lines = {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Date": format_datetime(moment(at)) if at else "",
        "Message-ID": f"<{id}>" if id else "",
        "References": " ".join(f"<{ref}>" for ref in refs.split()),
        **(headers or {}),
    }
    head = "".join(f"{name}: {value}\n" for name, value in lines.items() if value)
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode()


def answer(parent: str, text: str = "Here it is.", **given: str) -> bytes:
    """A reply to the message with id `parent`: from us to Anna two hours later, unless told otherwise."""
    usual = {"id": "two@watch.example", "at": "2026-03-02T10:00", "sender": US, "to": ANNA}
    values: dict[str, Any] = usual | {"refs": parent, "subject": "Re: The signed offer"} | given
    return mail(text, headers={"In-Reply-To": f"<{parent}>"}, **values)


def newsletter(id: str = "news@shop.example", *, at: str = MONDAY, subject: str = "Spring prices") -> bytes:
    headers = {"List-Unsubscribe": "<https://shop.example/u>", "Precedence": "bulk"}
    return mail(
        "All prices are down.", id=id, at=at, sender="Shop <shop@shop.example>", subject=subject, headers=headers
    )


def mbox(messages: Iterable[bytes]) -> bytes:
    """The messages as one mbox file, their own "From " lines escaped."""
    return b"".join(
        opener(message) + message.replace(b"\nFrom ", b"\n>From ").rstrip(b"\n") + b"\n\n" for message in messages
    )


def opener(message: bytes) -> bytes:
    """The line before a message: it arrived when it was sent."""
    found = re.search(rb"^Date: (.+)$", message, re.MULTILINE)
    at = parsedate_to_datetime(found[1].decode("ascii")) if found and found[1].endswith(b" +0000") else moment(MONDAY)
    return f"From someone@client.example {at:%a %b %d %H:%M:%S %Y}\n".encode()


def write(path: Path, messages: Iterable[bytes]) -> Path:
    path.write_bytes(mbox(messages))
    return path
