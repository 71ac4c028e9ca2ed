"""A mailbox as real ones are: short answers in long conversations, newsletters in HTML, a few attachments.

The sizes follow common ones: half of the messages below 3 kB, quoted history in most answers, an attachment in one
of twelve. The same seed makes the same bytes.
"""

import base64
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

PEOPLE = [
    (f"{first} {last}", f"{first}.{last}@{domain}".lower())
    for first, last, domain in zip(
        ("Ana", "Bo", "Chidi", "Dora", "Emil", "Farah", "Goran", "Hana", "Ivo", "Jun", "Kofi", "Lena") * 10,
        ("Ruiz", "Larsen", "Okafor", "Weiss", "Novak", "Aziz", "Petrov", "Sato", "Klein", "Park") * 12,
        ("northwind.example", "alder.example", "quay.example", "mill.example", "fern.example") * 24,
        strict=True,
    )
]
US = PEOPLE[0]
_TOPICS = (
    "Offer for the spring campaign",
    "Server room access",
    "Invoice 4711",
    "Budget draft",
    "Release on Thursday",
    "Customer feedback",
    "Contract renewal",
    "Printer on the second floor",
    "Onboarding",
    "Board meeting",
    "Shipping delay",
    "Data export",
    "Login fails",
    "Visit next week",
    "Numbers for March",
    "Office move",
    "Security review",
    "Price list",
    "Workshop",
    "Database migration",
)
_SENTENCES = (
    "Could you send me the figures by Friday?",
    "Thanks, that helps a lot.",
    "The server is down again since this morning.",
    "I have attached the draft; please review it before Thursday 5pm.",
    "We need a decision on this soon.",
    "Let me know what you think.",
    "The customer asked twice already.",
    "I will be out of office next week.",
    "Nothing urgent, just so that you know.",
    "The total comes to $4,250.00 plus tax.",
    "Can we move the meeting to 14:00?",
    "Please approve the budget until March 31.",
    "This is urgent: orders are failing.",
    "I am fine with the second option.",
    "The numbers for last month look better than we expected, mostly because of the new price list.",
    "As discussed on the phone, the team will start with the export and look at the import afterwards.",
    "Who takes care of the access cards?",
    "See the notes below.",
    "It worked after I had restarted it.",
)


def write(path: Path, count: int, seed: int = 1) -> int:
    """Write `count` messages; returns how many bytes."""
    chance = random.Random(seed)
    with path.open("wb") as file:
        for message in messages(chance, count):
            file.write(b"From writer@northwind.example Mon Mar  2 08:00:00 2026\n")
            file.write(message.replace(b"\nFrom ", b"\n>From ") + b"\n")
        return file.tell()


def messages(chance: random.Random, count: int) -> Iterator[bytes]:
    at = datetime(2025, 6, 2, 8, tzinfo=UTC)
    blob = base64.encodebytes(chance.randbytes(200_000)).decode()
    open_threads: list[tuple[str, str, str, list[tuple[str, str]]]] = []
    for number in range(count):
        at += timedelta(minutes=chance.randrange(1, 30))
        own = f"<{number}.{chance.randrange(10**9)}@northwind.example>"
        if chance.random() < 0.22:
            yield _newsletter(chance, own, at)
            continue
        if open_threads and chance.random() < 0.62:
            references, subject, before, circle = chance.choice(open_threads[-60:])
        else:
            subject = f"{chance.choice(_TOPICS)} {number}"
            references, before, circle = "", "", [*chance.sample(PEOPLE[1:], chance.choice((1, 1, 1, 2, 4))), US]
        text = _paragraphs(chance)
        yield _letter(chance, own, at, (references, subject, before, circle), text, blob)
        quoted = "\n".join(f"> {line}" for line in (text + "\n" + before).splitlines()[:60])
        open_threads.append((f"{references} {own}".strip()[-900:], subject, quoted, circle))


def _paragraphs(chance: random.Random) -> str:
    some = [
        " ".join(chance.choices(_SENTENCES, k=chance.randrange(1, 5))) for _ in range(chance.choice((1, 1, 2, 2, 3, 6)))
    ]
    return "\n\n".join(some)


def _head(own: str, at: datetime, sender: str, to: str, subject: str) -> str:
    return (
        f"Delivered-To: {US[1]}\n"
        "Received: from relay.example (relay.example [192.0.2.7])\n by mx.example with ESMTPS id 4c9;\n"
        f" {format_datetime(at)}\n"
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=northwind.example; s=s1;\n"
        " h=from:to:subject:date; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=dGhpcyBpcyBub3QgYSBzaWduYXR1cmU\n"
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: {format_datetime(at)}\n"
        f"Message-ID: {own}\nMIME-Version: 1.0\n"
    )


def _letter(
    chance: random.Random,
    own: str,
    at: datetime,
    thread: tuple[str, str, str, list[tuple[str, str]]],
    text: str,
    blob: str,
) -> bytes:
    references, subject, before, circle = thread
    (name, address), *others = chance.sample(circle, len(circle))
    to = ", ".join(f"{n} <{a}>" for n, a in others)
    head = _head(own, at, f"{name} <{address}>", to, ("Re: " if references else "") + subject)
    if references:
        head += f"References: {references}\nIn-Reply-To: {references.split()[-1]}\n"
    body = f"Hello,\n\n{text}\n\nBest regards\n{name}\n-- \n{name}\nNorthwind Ltd.\n+44 20 7946 0000\n"
    if before:
        body += f"\nOn Mon, 2 Mar 2026 at 08:00, {others[0][0]} <{others[0][1]}> wrote:\n{before}\n"
    kind = chance.random()
    if kind < 0.45:
        return f"{head}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}".encode()
    html = "<html><body>" + "".join(f"<p>{line}</p>\n" for line in body.split("\n\n")) + "</body></html>"
    both = (
        f"--alt\nContent-Type: text/plain; charset=utf-8\n\n{body}\n"
        f"--alt\nContent-Type: text/html; charset=utf-8\n\n{html}\n--alt--\n"
    )
    if kind < 0.92:
        return f"{head}Content-Type: multipart/alternative; boundary=alt\n\n{both}".encode()
    size = int(min(len(blob), 8_000 * chance.paretovariate(1.0)))
    file = (
        "--mix\nContent-Type: application/pdf; name=annex.pdf\nContent-Disposition: attachment; filename=annex.pdf\n"
        f"Content-Transfer-Encoding: base64\n\n{blob[: size // 77 * 77]}\n--mix--\n"
    )
    return (
        f"{head}Content-Type: multipart/mixed; boundary=mix\n\n"
        f"--mix\nContent-Type: multipart/alternative; boundary=alt\n\n{both}\n{file}"
    ).encode()


def _newsletter(chance: random.Random, own: str, at: datetime) -> bytes:
    head = _head(own, at, "Quay News <news@quay.example>", f"{US[0]} <{US[1]}>", f"This week: {chance.choice(_TOPICS)}")
    rows = "".join(
        f"<tr><td style='color:#333;padding:4px'><a href='https://quay.example/{n}'>{chance.choice(_SENTENCES)}</a></td></tr>\n"
        for n in range(chance.randrange(8, 60))
    )
    more = "List-Unsubscribe: <https://quay.example/u>\nPrecedence: bulk\nContent-Type: text/html; charset=utf-8\n\n"
    opening = "<html><head><style>td { border: 0 }</style></head><body>"
    return f"{head}{more}{opening}<table>{rows}</table></body></html>\n".encode()
