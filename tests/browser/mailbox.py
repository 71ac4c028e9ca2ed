"""A mailbox to import: a small company's week, dated so that its deadlines lie around the present."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

OUR_ADDRESSES = ("@lantern.example",)
US = "desk@lantern.example"

Letter = tuple[float, str, str, str, dict[str, str]]
"""Hours ago, from, subject, text, further headers. In the text, {days:9} is the date nine days from now."""

LETTERS: list[Letter] = [
    (
        6,
        "Ines Okafor <ines@harbourlabs.example>",
        "Signed data agreement",
        "Hello,\n\nour auditors are here and this is urgent: could you please sign the attached data agreement and "
        "send it back by {days:1}? Without it we have to stop the export.\n\nThank you\nInes",
        {"Importance": "high"},
    ),
    (
        5,
        "Marek Dvorak <marek@northgate.example>",
        "Checkout is down for all customers",
        "Hi,\n\nsince this morning nobody can pay: the checkout answers with an error page. We lose about EUR 4,000 an "
        "hour. Please call me as soon as you can.\n\nMarek",
        {},
    ),
    (
        50,
        "Yuki Tan <yuki@paperbird.example>",
        "Invoice 2291",
        "Good morning,\n\nour invoice 2291 over EUR 1,250.00 is still open. Can you tell me when it will be paid?\n\n"
        "Best regards\nYuki",
        {},
    ),
    (
        30,
        "Paul Brandt <paul@brandt.example>",
        "Slides for the board",
        "Hi all,\n\ncould somebody look over the slides by {days:9}, before the board meets?\n\nPaul",
        {},
    ),
    (
        90,
        "Rosa Lind <rosa@fernhill.example>",
        "Question about the export format",
        "Hello,\n\ndoes the export also contain archived projects? We would like to know before we plan the move.\n\n"
        "Rosa",
        {"Message-ID": "<export-1@fernhill.example>"},
    ),
    (
        70,
        f"Lantern <{US}>",
        "Re: Question about the export format",
        "Hello Rosa,\n\nyes, it does. Which date did you have in mind?\n\nOn Monday Rosa wrote:\n> does the export "
        "also contain archived projects?\n",
        {"In-Reply-To": "<export-1@fernhill.example>", "To": "rosa@fernhill.example"},
    ),
    (
        140,
        "Sam Whitlock <sam@whitlock.example>",
        "Thanks for last week",
        "Dear all,\n\nthe workshop was a pleasure. No need to answer.\n\nSam",
        {},
    ),
    (
        12,
        "Markup Enthusiast <m@markup.example>",
        "<img src=x onerror=alert(1)> in titles",
        "Hello,\n\ncan you check whether <b>this</b><script>document.title='taken over'</script> is shown as it is?\n\n"
        "-- \nM.\n",
        {},
    ),
    (
        8,
        "Weekly Harbour <news@weeklyharbour.example>",
        "What moved this week",
        "All the news of the week.",
        {"List-Unsubscribe": "<mailto:off@weeklyharbour.example>", "Precedence": "bulk"},
    ),
]


def write(path: Path, now: datetime, *, broken: bool = False, copies: int = 1) -> Path:
    """An mbox of the letters. `broken` adds one whose date can't be read; `copies` makes the week longer."""
    parts = [_letter(index, letter, now, copy) for copy in range(copies) for index, letter in enumerate(LETTERS)]
    if broken:
        parts.append(
            b"From: odd@clock.example\nTo: desk@lantern.example\nDate: yesterday-ish\nSubject: Odd\n\nHello?\n"
        )
    path.write_bytes(b"".join(b"From - Thu Jan  1 00:00:00 1970\n" + part + b"\n" for part in parts))
    return path


def _day(now: datetime, days: int) -> str:
    return f"{now + timedelta(days=days):%d %B %Y}"


def _letter(index: int, letter: Letter, now: datetime, copy: int) -> bytes:
    hours, sender, subject, text, headers = letter
    message = EmailMessage()
    message["Message-ID"] = f"<letter-{index}-{copy}@lantern.example>"
    message["From"] = sender
    message["To"] = US
    message["Date"] = format_datetime(now - timedelta(hours=hours + 24 * copy))
    message["Subject"] = subject if copy == 0 else f"{subject} ({copy})"
    for name, value in headers.items():
        if copy == 0:
            del message[name]
            message[name] = value
    message.set_content(re.sub(r"\{days:(\d+)\}", lambda found: _day(now, int(found[1])), text))
    return message.as_bytes()
