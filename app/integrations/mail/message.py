"""One message: its bytes and what the mailbox knows about it, as an `Item`.

Total: any bytes whatsoever give an item. Each field is read on its own, so that one broken header never costs the
rest; what could not be read is said in `problems`.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from app.integrations.exports.links import links_in
from app.integrations.mail import automation, body, dates, labels, lists, quoting, threads
from app.integrations.mail.addresses import bare_addresses, people
from app.integrations.mail.capture import Captured
from app.integrations.mail.headers import KNOWN, Headers
from app.integrations.mail.labels import NO_MARKS, Marks
from app.integrations.mail.mime import Part, read_message
from app.records import Attachment, Automation, Item, Person

MOST_SUBJECT = 1000


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the container knows about a message beside its bytes."""

    arrived_at: datetime | None = None
    marks: Marks = NO_MARKS


NOTHING_KNOWN = Delivery()


def to_item(source: Captured, delivery: Delivery = NOTHING_KNOWN) -> Item:
    """The message as an item. Never raises."""
    try:
        return from_parts(*read_message(source), delivery)
    except Exception as error:  # noqa: BLE001 - one message must never end an import; tests find none that gets here
        return unreadable(source, error)


def unreadable(source: Captured, error: Exception) -> Item:
    problem = f"The message could not be read ({type(error).__name__}); only its id is kept."
    return Item(
        external_id=threads.digest_id(source.data, 0),
        sent_at=None,
        sender=Person(),
        content_hash=hashlib.sha256(source.data).hexdigest()[:32],
        problems=(problem,),
    )


def from_parts(root: Part, problems: list[str], delivery: Delivery) -> Item:
    """The message whose tree was read already, with what was wrong with it: gmail/ gets trees, not bytes."""
    source, headers = root.source, root.headers
    subject = headers.words("subject")[:MOST_SUBJECT]
    sender = sender_of(headers)
    sent_at, trouble = dates.sent(headers.get("date"), headers.all("received"), delivery.arrived_at)
    text = body.readable_text(root, problems)
    split = quoting.split(text)
    marks = known_marks(headers, delivery)
    recipients, copied = named(headers, "to"), (*named(headers, "cc"), *named(headers, "bcc"))
    addresses = frozenset(person.address for person in (sender, *recipients, *copied))
    attachments = body.attachments(root)
    external_id = threads.own_id(headers, addresses) or threads.digest_id(source.data, root.start)
    note_losses(source, headers, sender, trouble, problems)
    list_id = lists.discussion_list(headers)
    return Item(
        external_id=external_id,
        sent_at=sent_at,
        sender=sender,
        recipients=recipients,
        copied=copied,
        subject=subject,
        text=split.text,
        quoted=split.quoted,
        signature=split.signature,
        attachments=attachments,
        keys=threads.conversation_keys(external_id, headers, addresses),
        subject_key=threads.subject_key(subject),
        bare_subject=threads.bare_subject(subject, is_list=bool(list_id)),
        is_reply=threads.is_reply(subject),
        labels=marks.labels,
        unread=marks.unread,
        starred=marks.starred,
        important=marks.important,
        delivered_to=delivered_to(headers),
        list_id=list_id,
        outgoing=True if "sent" in marks.meanings else None,
        automation=written_by(root, sender, subject, split, marks),
        links=links_in(split.text),
        content_hash=content_hash(headers, subject, text, attachments),
        problems=tuple(dict.fromkeys([*problems, *headers.problems])),
    )


def sender_of(headers: Headers) -> Person:
    """From; where it names nobody, Sender, Reply-To or the envelope."""
    for name in ("from", "sender", "reply-to", "return-path", "x-sender"):
        found = [person for value in headers.all(name) for person in people(value)]
        if best := next((person for person in found if person.address), None):
            return best
        if found and name == "from":
            return found[0]
    return Person()


def named(headers: Headers, name: str) -> tuple[Person, ...]:
    return tuple(dict.fromkeys(person for value in headers.all(name)[:20] for person in people(value)))


def delivered_to(headers: Headers) -> tuple[str, ...]:
    names = ("delivered-to", "x-original-to", "x-apparently-to", "envelope-to", "x-envelope-to")
    return bare_addresses([value for name in names for value in headers.all(name)[:20]])


def known_marks(headers: Headers, delivery: Delivery) -> Marks:
    marks = delivery.marks.over(labels.from_gmail(headers)).over(labels.from_status(headers))
    return Marks(important=labels.importance(headers)).over(marks)


def note_losses(source: Captured, headers: Headers, sender: Person, trouble: str, problems: list[str]) -> None:
    if not headers.values:
        problems.append("It has no headers.")
    elif not sender.address:
        problems.append("From is missing." if not headers.get("from") else "From holds no address that can be read.")
    if trouble and headers.values:
        problems.append(trouble)
    if source.cut:
        problems.append(f"The message is too large; its last {source.cut:,} bytes were left out.")


def written_by(root: Part, sender: Person, subject: str, split: quoting.Split, marks: Marks) -> Automation | None:
    media_types = frozenset(part.media_type for part in root.walk())
    report = root.parameters.get("report-type", "").lower() if root.media_type == "multipart/report" else ""
    links = len(re.findall(r"https?://", split.text))
    return automation.automation(
        automation.Evidence(
            root.headers, sender, subject, split.text, split.signature, media_types, report, marks.meanings, links
        )
    )


def content_hash(headers: Headers, subject: str, text: str, attachments: tuple[Attachment, ...]) -> str:
    """Of what makes two messages different ones although they bear the same id."""
    names = [attachment.name for attachment in attachments]
    said = "\n".join([headers.get("from"), headers.get("to"), headers.get("date"), subject, text, *names])
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]


def looks_like_mail(head: bytes) -> bool:
    """Whether a file that begins with `head` is a mail message: headers, at least one of them a mail header."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if re.match(rb">?From [^\n]+\n", head):
        head = head.partition(b"\n")[2]
    block = re.split(rb"\r?\n\r?\n", head[:16_000], maxsplit=1)[0]
    lines = [line for line in block.splitlines()[:40] if line[:1] not in (b" ", b"\t")]
    if not lines or not re.match(rb"[!-9;-~]{1,80}[ \t]*:", lines[0]):
        return False
    mail = [line for line in lines if KNOWN.match(line)]
    return len(mail) * 2 >= len(lines)
