"""Between records, stored rows and the messages that derivation looks at."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from app.core.rows import AnyRow
from app.domains import reading
from app.domains.reading import Reading
from app.domains.tasks import work
from app.domains.tasks.conversation import Message
from app.domains.tasks.models import Task
from app.domains.tasks.us import Us
from app.records import Automation, Item, Person


def read_item(item: Item, us: Us) -> Reading:
    """What the item's own words say. Automatic mail is not read: nobody asks anything in it."""
    if item.automation is not None:
        return Reading(0, 0, ())
    subject = item.bare_subject or item.subject  # a list's tag and reply marks are nobody's words
    return reading.read(reading.Text(text=item.text, subject=subject, sent_at=item.sent_at, our_names=us.names))


def written_by_hand(task: AnyRow | Task) -> Message:
    """Title and notes of a task without items, as a message of the person who wrote it."""
    text = reading.Text(text=task.notes, subject=task.title, sent_at=task.created_at)
    return Message(
        id=0,
        sent_at=task.created_at,
        sender=Person(),
        subject=task.title,
        opening="",
        length=len(task.notes),
        reading=reading.read(text),
    )


def row_of(item: Item, words: Reading, *, integration_id: int, run_id: int | None, now: datetime) -> dict[str, Any]:
    """The item as a row of `items`, without its task."""
    offset = item.sent_at.utcoffset() if item.sent_at else None
    return {
        "integration_id": integration_id,
        "run_id": run_id,
        "external_id": item.external_id,
        "sent_at": item.sent_at,
        "utc_offset_minutes": None if offset is None else int(offset.total_seconds() // 60),
        "is_reply": item.is_reply,
        "keys": list(item.keys),
        "key": item.keys[0] if item.keys else "",
        **written(item, words),
        **mutable(item),
        "delivered_to": list(item.delivered_to),
        "list_id": item.list_id,
        "outgoing": item.outgoing,
        "created_at": now,
    }


def written(item: Item, words: Reading) -> dict[str, Any]:
    """What a later revision of the item replaces."""
    automation = item.automation
    return {
        "content_hash": item.content_hash,
        "revised_at": item.revised_at,
        "gone_at": None,
        "sender_name": item.sender.name,
        "sender_address": item.sender.address,
        "recipients": [[p.name, p.address] for p in item.recipients],
        "copied": [[p.name, p.address] for p in item.copied],
        "subject": item.subject,
        "bare_subject": item.bare_subject or item.subject,
        "text": item.text,
        "quoted": item.quoted,
        "signature": item.signature,
        "attachments": [{"name": a.name, "media_type": a.media_type, "size": a.size} for a in item.attachments],
        "work": work.to_json(item.work) if item.work else None,
        "automation_category": automation.category if automation else None,
        "automation_reason": automation.reason if automation else None,
        "url": item.url,
        "problems": list(item.problems),
        "reading": reading.to_json(words),
    }


def mutable(item: Item) -> dict[str, Any]:
    """What the integration may change about an item later."""
    return {
        "labels": list(item.labels),
        "unread": item.unread,
        "starred": item.starred,
        "important": item.important,
        "loose": item.loose,
    }


def message_of(row: AnyRow, aliases: Mapping[str, str]) -> Message:
    """A row selected by derivation as the message that rules are derived from, each person under one address."""
    category = row.automation_category
    return Message(
        id=row.id,
        sent_at=in_own_zone(row.sent_at, row.utc_offset_minutes),
        sender=Person(row.sender_name, aliases.get(row.sender_address, row.sender_address)),
        subject=row.bare_subject,
        opening=row.opening,
        length=row.length,
        reading=reading.from_json(row.reading),
        key=row.keys[0] if row.keys else "",
        to=tuple(aliases.get(address, address) for _, address in row.recipients),
        copied=tuple(aliases.get(address, address) for _, address in row.copied),
        written_as=_written_as(row, aliases) if aliases else (),
        labels=tuple(row.labels),
        unread=row.unread,
        starred=row.starred,
        important=row.important,
        is_answer=len(row.keys) > 1,
        list_id=row.list_id,
        outgoing=row.outgoing,
        automation=Automation(category, row.automation_reason or "") if category else None,
        work=work.from_json(row.work) if row.work else None,
        attachments=len(row.attachments),
        revised_at=row.revised_at,
    )


def _written_as(row: AnyRow, aliases: Mapping[str, str]) -> tuple[str, ...]:
    named = (row.sender_address, *(address for _, address in (*row.recipients, *row.copied)))
    return tuple(address for address in named if address in aliases)


def in_own_zone(at: datetime | None, offset_minutes: int | None) -> datetime | None:
    if at is None or offset_minutes is None:
        return at
    return at.astimezone(timezone(timedelta(minutes=offset_minutes)))
