"""Conversations for tests, without a database: who wrote, when, and in what words."""

from datetime import datetime, timedelta
from typing import Any

from app.domains import reading
from app.domains.tasks.conversation import Conversation, Message
from app.domains.tasks.us import Us
from app.records import Automation, Person
from tests.conftest import START

OURS = Us(addresses=("us@watch.example",), names=("Kim",))
NOBODY = Us()
BULK = Automation("newsletter", "List-Unsubscribe without List-Post")


def hours(count: float) -> datetime:
    """That long after a Monday morning at nine."""
    return START + timedelta(hours=count)


def message(number: int, sender: str, text: str = "Could you send me the offer?", **given: Any) -> Message:
    """`sender` stands before «@…»: «us» is ours, all others write from client.example. Sent at `number` hours."""
    address = "us@watch.example" if sender == "us" else f"{sender}@client.example"
    sent_at = given.pop("sent_at", hours(number))
    subject = given.pop("subject", "The offer")
    read = reading.read(reading.Text(text=text, subject=subject, sent_at=sent_at, our_names=OURS.names))
    return Message(
        id=number,
        sent_at=sent_at,
        sender=Person(sender.title(), address),
        subject=subject,
        opening=text,
        length=len(text),
        reading=read,
        key=given.pop("key", f"{number}@x.example"),
        to=given.pop("to", ("anna@client.example",) if sender == "us" else ("us@watch.example",)),
        **given,
    )


def talk(*said: tuple[Any, ...], us: Us = OURS) -> Conversation:
    """Messages an hour apart, each given as `(sender, text, …)` with the text optional."""
    messages = []
    for number, (sender, *rest) in enumerate(said):
        given = rest.pop() if rest and isinstance(rest[-1], dict) else {}
        messages.append(message(number, sender, *rest, **given))
    return Conversation(messages, us)
