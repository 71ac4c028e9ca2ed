"""Messages for the tests of the mail readers, written for them."""

from app.integrations.mail.capture import capture
from app.integrations.mail.message import NOTHING_KNOWN, Delivery, to_item
from app.records import Item

DATE = "Tue, 12 Mar 2024 09:30:00 +0100"


def raw(body: str | bytes = "Hello", /, **headers: str) -> bytes:
    """A message's bytes; `in_reply_to=` writes In-Reply-To, and an empty value leaves a header out."""
    given = {
        "from": "Ada Lovelace <ada@engine.example>",
        "to": "bob@office.example",
        "subject": "The analytical engine",
        "date": DATE,
        "message_id": "<one@engine.example>",
        **headers,
    }
    lines = [f"{name.replace('_', '-').title()}: {value}" for name, value in given.items() if value]
    return "\n".join(lines).encode() + b"\n\n" + (body.encode() if isinstance(body, str) else body)


def item(body: str | bytes = "Hello", /, **headers: str) -> Item:
    return delivered(NOTHING_KNOWN, body, **headers)


def delivered(delivery: Delivery, body: str | bytes = "Hello", /, **headers: str) -> Item:
    return to_item(capture(raw(body, **headers)), delivery)


def multipart(*parts: str, kind: str = "mixed") -> Item:
    body = "".join(f"--edge\n{part}\n" for part in parts) + "--edge--\n"
    return item(body, content_type=f'multipart/{kind}; boundary="edge"')
