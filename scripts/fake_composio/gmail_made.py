"""Mail made up for the stand-in: threads of a few people, answers of the mailbox's owner, newsletters, notices, files.

The same seed makes the same mail. Fields are put into Gmail's form at once: going by way of bytes would cost a
parser's time for each message.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from scripts.fake_composio.gmail_mail import Payload, body

PEOPLE = (
    ("Ines Calloway", "ines@harbour.example"),
    ("Tomasz Brandt", "tomasz@harbour.example"),
    ("Priya Nand", "priya.nand@orchard.example"),
    ("Lars Okoye", "lars@orchard.example"),
    ("Mireille Faure", "m.faure@quarry.example"),
    ("Yusuf Demir", "yusuf@quarry.example"),
    ("Saoirse Byrne", "saoirse@lantern.example"),
    ("Kenji Mori", "kenji@lantern.example"),
)
TOPICS = (
    *("Delivery of the pumps", "Lease for the yard", "Audit questions", "Invoice", "Broken export", "Spring offer"),
    *("Access for the new team", "Minutes of the meeting", "Contract draft", "Order", "Complaint", "Timetable"),
)
SAID = (
    "Could you send me the signed copy by Thursday?",
    "The shipment arrived, but two of the crates are damaged.",
    "I have attached the figures that you asked for.",
    "Please let me know which of the dates suits you.",
    "We have tried the second way and it works.",
    "The customer is waiting for an answer since Monday.",
    "Nobody here knows the password of the old account.",
    "That is fine with us, go ahead.",
)


@dataclass(frozen=True)
class Made:
    at: datetime
    labels: frozenset[str]
    payload: Payload
    thread: int
    """Number of its conversation."""


def mail(count: int, *, seed: int, owner: str, until: datetime, days: float, own: Sequence[str]) -> Iterator[Made]:
    """`count` messages in the order of their arrival, spread over the days before `until`. `own` are label ids."""
    chance = random.Random(seed)
    step = timedelta(days=days) / max(1, count)
    threads: list[_Thread] = []
    for number in range(count):
        at = (until - step * (count - number)).replace(microsecond=0)
        name = f"<{seed}.{number}.{chance.randrange(10**9)}@mail.example>"
        draw = chance.random()
        if draw < 0.18:
            yield _bulk(chance, number, name, at, owner)
            continue
        if not threads or draw < 0.5:
            threads.append(_Thread(number, f"{chance.choice(TOPICS)} {number}", chance.choice(PEOPLE)))
        thread = threads[-1] if draw < 0.5 else chance.choice(threads[-40:])
        yield _letter(chance, thread, name, at, owner, own)


@dataclass
class _Thread:
    number: int
    subject: str
    other: tuple[str, str]
    ids: str = ""
    last: str = ""
    ours: bool = True


def _letter(chance: random.Random, thread: _Thread, name: str, at: datetime, owner: str, own: Sequence[str]) -> Made:
    from_us = not thread.ours and chance.random() < 0.8
    them, us = f"{thread.other[0]} <{thread.other[1]}>", f"Nora Whitlock <{owner}>"
    said = " ".join(chance.choices(SAID, k=chance.randrange(1, 4)))
    text = f"Hello,\r\n\r\n{said}\r\n\r\nBest regards\r\n{'Nora' if from_us else thread.other[0]}\r\n"
    headers = _headers(
        name, at, *((us, them) if from_us else (them, us)), ("Re: " if thread.ids else "") + thread.subject
    )
    if thread.ids:
        headers += [("In-Reply-To", thread.ids.split()[-1]), ("References", thread.ids)]
        text += f"\r\nOn Monday {thread.other[0]} wrote:\r\n> {thread.last}\r\n"
    thread.ids, thread.last, thread.ours = f"{thread.ids} {name}".strip()[-600:], said, from_us
    labels = {"SENT"} if from_us else {"INBOX", "CATEGORY_PERSONAL", *_marks(chance)}
    if own and chance.random() < 0.2:
        labels.add(chance.choice(own))
    file = f"scan-{thread.number}.pdf" if chance.random() < 0.08 else ""
    return Made(at, frozenset(labels), payload(headers, text, file=file), thread.number)


def _marks(chance: random.Random) -> set[str]:
    odds = (("UNREAD", 0.3), ("IMPORTANT", 0.4), ("STARRED", 0.05))
    return {label for label, odd in odds if chance.random() < odd}


def _bulk(chance: random.Random, number: int, name: str, at: datetime, owner: str) -> Made:
    notice = chance.random() < 0.4
    sender = "Tickets <notifications@tracker.example>" if notice else "Pump Weekly <news@letters.example>"
    headers = _headers(name, at, sender, owner, f"{'Ticket' if notice else 'Issue'} {number}")
    headers.append(("List-Unsubscribe", "<https://letters.example/leave>"))
    labels = {"INBOX", "UNREAD", "CATEGORY_UPDATES" if notice else "CATEGORY_PROMOTIONS"}
    html = f"<html><body><h1>{number}</h1><p>{chance.choice(SAID)}</p><p>Unsubscribe any time.</p></body></html>"
    return Made(at, frozenset(labels), payload(headers, html, kind="text/html"), number)


def _headers(name: str, at: datetime, sender: str, to: str, subject: str) -> list[tuple[str, str]]:
    said = [("From", sender), ("To", to), ("Subject", subject), ("Date", format_datetime(at.astimezone(UTC)))]
    return [*said, ("Message-ID", name), ("MIME-Version", "1.0")]


def payload(headers: Sequence[tuple[str, str]], text: str, *, kind: str = "text/plain", file: str = "") -> Payload:
    """Gmail's form of a message with one text, and with a file where one is named."""
    named = [{"name": name, "value": value} for name, value in headers]
    if not file:
        whole = [*named, {"name": "Content-Type", "value": f"{kind}; charset=utf-8"}]
        return {"partId": "", "mimeType": kind, "filename": "", "headers": whole, "body": body(text.encode())}
    mixed = [*named, {"name": "Content-Type", "value": "multipart/mixed; boundary=edge"}]
    attached = {
        "partId": "1",
        "mimeType": "application/pdf",
        "filename": file,
        "headers": [
            {"name": "Content-Type", "value": f'application/pdf; name="{file}"'},
            {"name": "Content-Disposition", "value": f'attachment; filename="{file}"'},
        ],
        "body": {"attachmentId": f"ANGjdJ-{file}", "size": 20_000 + len(file)},
    }
    parts = [payload([], text, kind=kind) | {"partId": "0"}, attached]
    root = {"partId": "", "mimeType": "multipart/mixed", "filename": "", "headers": mixed}
    return root | {"body": {"size": 0}, "parts": parts}
