"""A small mailbox as a file, to be imported while pulls go on."""

import random
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from app.core.clock import utc_now
from scripts.fake_composio.gmail_box import OWNER


def write(path: Path, count: int, seed: int) -> Path:
    """`count` messages of a month ago, in conversations of up to four."""
    chance = random.Random(seed)
    begun = utc_now() - timedelta(days=30)
    thread = 0
    with path.open("wb") as file:
        for number in range(count):
            thread = number if chance.random() < 0.4 or number == 0 else thread
            message = EmailMessage()
            message["From"], message["To"] = f"Writer {thread % 9} <writer{thread % 9}@paper.example>", OWNER
            message["Subject"] = f"{'Re: ' if number != thread else ''}Paper {seed}-{thread}"
            message["Date"] = format_datetime(begun + timedelta(minutes=number))
            message["Message-ID"] = f"<{seed}.{number}@paper.example>"
            if number != thread:
                message["In-Reply-To"] = f"<{seed}.{thread}@paper.example>"
            message.set_content(f"Could you look at page {number} by Friday?")
            file.write(b"From writer@paper.example Mon Mar  2 08:00:00 2026\n" + bytes(message) + b"\n")
    return path
