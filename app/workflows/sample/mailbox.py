"""The story's mail as one mbox file, as Google Takeout writes it: threads with quoted history, and machines' mail."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from app.workflows.sample import story
from app.workflows.sample.story import Character, Telling

_PARTS = ("mail_customers", "mail_team")
_MAIL = re.compile(
    r"^=== (?P<when>[+-]\S+(?: \d\d:\d\d)?) (?P<who>\w+) to (?P<to>.+?)(?: cc (?P<cc>.+?))?(?: \| (?P<marks>.+))?$",
    re.M,
)
_POLICY = SMTP.clone(linesep="\n", max_line_length=200)


@dataclass(frozen=True, slots=True)
class _Mail:
    """One mail, and when it was sent, so that all can be put in order."""

    at: datetime
    message: EmailMessage


@dataclass(frozen=True, slots=True)
class _Said:
    """What the mails before said, for the quoted history."""

    at: datetime
    by: Character
    text: str


def mbox(telling: Telling) -> bytes:
    """All mail, oldest first."""
    mails = [mail for part in _PARTS for thread in story.read(part)["thread"] for mail in _thread(telling, thread)]
    mails += [_machine(telling, number, given) for number, given in enumerate(story.read("mail_machines")["mail"])]
    mails.sort(key=lambda mail: (mail.at, mail.message["Message-ID"]))
    return b"".join(_framed(mail) for mail in mails)


def _framed(mail: _Mail) -> bytes:
    body = re.sub(rb"^(>*From )", rb">\1", mail.message.as_bytes(policy=_POLICY), flags=re.M)
    arrived = mail.at.astimezone(UTC)
    mark = story.digits(mail.message["Message-ID"], 16)
    opener = f"From {mark}@xxx {arrived:%a %b %d %H:%M:%S +0000 %Y}\n"
    return opener.encode() + body.rstrip(b"\n") + b"\n\n"


def _thread(telling: Telling, thread: Mapping[str, Any]) -> Iterator[_Mail]:
    people = telling.company.people
    earlier: list[_Said] = []
    ids: list[str] = []
    pieces = _MAIL.split(thread["mails"].strip())[1:]
    for when, who, to, copied, marks, text in zip(*(pieces[i::6] for i in range(6)), strict=True):
        at = telling.calendar.moment(when, earlier[-1].at if earlier else None)
        said = _Said(at, people[who], telling.links.put(telling.calendar.told(text.strip(), at)))
        ids.append(f"{thread['id']}.{len(ids) + 1}@{said.by.address.partition('@')[2]}")
        message = _head(telling, at, str(said.by), ids[-1], ("Re: " if earlier else "") + thread["subject"])
        message["To"] = _headers(telling, to)
        if copied:
            message["Cc"] = _headers(telling, copied)
        if earlier:
            message["In-Reply-To"] = f"<{ids[-2]}>"
            message["References"] = " ".join(f"<{each}>" for each in ids[:-1])
        _label(message, telling, said.by, thread["label"], marks or "")
        _write(message, said, earlier)
        _attach(message, marks or "")
        _name_boundaries(message)
        earlier.append(said)
        yield _Mail(at, message)


def _head(telling: Telling, at: datetime, sender: str, identity: str, subject: str) -> EmailMessage:
    message = EmailMessage()
    message["Delivered-To"] = telling.company.owner.address
    message["From"] = sender
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{identity}>"
    return message


def _headers(telling: Telling, keys: str) -> str:
    return ", ".join(telling.company.header(key.strip()) for key in keys.split(","))


def _label(message: EmailMessage, telling: Telling, sender: Character, label: str, marks: str) -> None:
    sent = sender is telling.company.owner
    labels = ["Sent"] if sent else ["Inbox", "Unread" if "unread" in marks else "Opened"]
    labels += [mark.title() for mark in ("starred", "important") if mark in marks.split()]
    message["X-Gmail-Labels"] = ",".join([*labels, label])


def _write(message: EmailMessage, said: _Said, earlier: Sequence[_Said]) -> None:
    """The text with its signature and what it answers; as HTML too where its writer's program does that."""
    signature = f"\n\n-- \n{said.by.signature}" if said.by.signature else ""
    quoted = ""
    if earlier:
        history = "\n".join(f"> {line}".rstrip() for line in earlier[-1].text.split("\n"))
        quoted = f"\n\n{_attribution(earlier[-1])}\n{history}"
    message.set_content(f"{said.text}{signature}{quoted}\n", cte="quoted-printable")
    if said.by.html:
        message.add_alternative(_as_html(said, earlier), subtype="html", cte="quoted-printable")


def _attribution(said: _Said) -> str:
    return (
        f"On {said.at:%a}, {said.at.day} {said.at:%b %Y} at {said.at:%H:%M}, {said.by.name} <{said.by.address}> wrote:"
    )


def _as_html(said: _Said, earlier: Sequence[_Said]) -> str:
    paragraphs = "".join(f"<p>{_line(paragraph)}</p>" for paragraph in said.text.split("\n\n"))
    signature = f'<div class="gmail_signature">{_line(said.by.signature)}</div>'
    if not earlier:
        return f"<html><body>{paragraphs}{signature}</body></html>"
    before = earlier[-1]
    quoted = (
        f'<div class="gmail_quote">{_line(_attribution(before))}<blockquote>{_line(before.text)}</blockquote></div>'
    )
    return f"<html><body>{paragraphs}{signature}{quoted}</body></html>"


def _line(text: str) -> str:
    return html.escape(text).replace("\n", "<br>\n")


def _attach(message: EmailMessage, marks: str) -> None:
    for name, size in re.findall(r"attach (\S+) (\d+)", marks):
        content = (story.digits(name, 64).encode() * (min(int(size), 4000) // 64 + 1))[: min(int(size), 4000)]
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)


def _name_boundaries(message: EmailMessage) -> None:
    """Random ones would make other bytes each time."""
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"==={story.digits(message['Message-ID'] + str(number), 24)}===")


def _machine(telling: Telling, number: int, given: Mapping[str, Any]) -> _Mail:
    at = telling.calendar.moment(given["at"])
    company = telling.company
    sender = company.header(given["from"])
    host = sender.rpartition("@")[2].rstrip(">")
    message = _head(telling, at, sender, f"machine.{number}@{host}", given["subject"])
    message["To"] = company.header(given.get("to", company.owner.key))
    message["X-Gmail-Labels"] = ",".join(given["labels"])
    for name, value in given.get("headers", {}).items():
        message[name] = value
    text = telling.links.put(telling.calendar.told(given.get("html") or given["text"], at))
    message.set_content(text, subtype="html" if "html" in given else "plain", cte="quoted-printable")
    if "calendar" in given:
        message.add_alternative(
            _invitation(telling, given["calendar"]), subtype="calendar", params={"method": "REQUEST"}
        )
    _name_boundaries(message)
    return _Mail(at, message)


def _invitation(telling: Telling, given: Mapping[str, Any]) -> str:
    start = telling.calendar.deadline(given["start"]).astimezone(UTC)
    end = start + timedelta(hours=given["hours"])
    lines = (
        *("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{telling.company.name}//EN", "METHOD:REQUEST", "BEGIN:VEVENT"),
        f"UID:{story.digits(given['summary'])}@{telling.company.domain}",
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
        f"DTEND:{end:%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{given['summary']}",
        *("END:VEVENT", "END:VCALENDAR", ""),
    )
    return "\r\n".join(lines)
