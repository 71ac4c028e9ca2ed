"""One message of Slack as an `Item`.

Total: an object with a `ts` is an item, whatever else it holds. Fields:
https://docs.slack.dev/reference/events/message/ and, for old exports, what they were found to hold.
"""

import hashlib
from datetime import datetime

from app.integrations.exports.charset import clean
from app.integrations.exports.links import links_in
from app.integrations.slack.attached import attachments, previewed, shown_in_files, spoken, titles
from app.integrations.slack.automation import automation, bot_name, is_bot, is_deleted
from app.integrations.slack.blocks import joined, people_in, read_blocks
from app.integrations.slack.directory import Channel, Directory
from app.integrations.slack.links import key, permalink
from app.integrations.slack.mrkdwn import Written, mentions, written
from app.integrations.slack.times import local, moment, stamp
from app.integrations.slack.values import NOTHING, Object, first_text, inner, objects, text, texts, whole
from app.records import Attachment, Item, Person

NESTED = {"message_changed", "message_replied"}
FILE_SENTENCES = {"file_share", "file_comment", "file_mention"}
FALLBACKS = {
    "this content can't be displayed.",
    "this message contains interactive elements.",
    "[no preview available]",
}
MOST_REACTIONS = 50


class NoMessage(ValueError):
    """What was given is no message; says in a sentence why."""


def opened(entry: object) -> Object:
    """The message itself: an event of a change holds it within. Raises NoMessage."""
    if not isinstance(entry, dict):
        raise NoMessage(f"It is no message but {kind_of(entry)}.")
    subtype = text(entry.get("subtype"))
    if subtype in NESTED and (within := inner(entry, "message")):
        entry = {**within, "channel": entry.get("channel") or within.get("channel")}
    elif subtype == "message_deleted" and (deleted := stamp(entry.get("deleted_ts"))):
        threaded = inner(entry, "previous_message").get("thread_ts")
        return {"subtype": "message_deleted", "ts": deleted, "thread_ts": threaded, "channel": entry.get("channel")}
    if not stamp(entry.get("ts")):
        raise NoMessage(without_time(entry))
    return entry


def kind_of(entry: object) -> str:
    names = {list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(entry), "empty")


def without_time(entry: Object) -> str:
    given = clean(str(entry.get("ts") or ""))[:30]
    said = f"holds no time: «{given}»" if given.strip() else "is missing or empty"
    return f"It is no message that can be told from others: its ts {said}."


def to_item(message: Object, channel: Channel, names: Directory, before: str = "") -> Item:
    """An `opened` message that stands in `channel`.

    `before` is the ts of what was said just before it in a direct talk, where people answer without threads.
    """
    ts = stamp(message.get("ts"))
    thread = stamp(message.get("thread_ts"))
    is_reply = thread not in ("", ts)
    user = author(message)
    said = Written() if is_deleted(message) else wording(message, names)
    files = attachments(message)
    raw = text(message.get("text"))
    parent = thread if is_reply else before
    return Item(
        external_id=f"{channel.id}/{ts}",
        sent_at=sent_at(ts, user, names),
        sender=sender(message, user, names),
        recipients=recipients(message, user, channel, names),
        text=said.text,
        quoted=said.quoted,
        attachments=files,
        keys=tuple(key(channel.id, each) for each in (ts, parent) if each),
        is_reply=is_reply,
        labels=labels(message, ts, channel),
        starred=True if message.get("is_starred") is True else None,
        list_id="" if channel.is_direct else f"#{channel.name or channel.id.removeprefix('#')}",
        automation=automation(message, names),
        url=permalink(names.domain, channel.id, ts, thread if is_reply else ""),
        content_hash=content_hash(user or first_text(message, "bot_id", "username"), said, files),
        revisable=True,
        revised_at=revised_at(message),
        loose=not is_reply and not has_replies(message),
        links=links_in(f"{raw}\n{said.text}"),
    )


def author(message: Object) -> str:
    """The id of whoever wrote it; a comment on a file, in the old shape, names its own."""
    if text(message.get("subtype")) == "file_comment" and (user := first_text(inner(message, "comment"), "user")):
        return user
    return first_text(message, "user")


def sender(message: Object, user: str, names: Directory) -> Person:
    if is_deleted(message):
        return Person()  # Slack signs it itself and keeps its author's name from the export
    if is_bot(message, names) and (called := bot_name(message, names)):
        known = user or first_text(message, "bot_id")
        member = names.members.get(user)
        return Person(called, (member.email if member else "") or (f"slack:{known.lower()}" if known else ""))
    return names.person(user) if user else Person(first_text(message, "username"))


def sent_at(ts: str, user: str, names: Directory) -> datetime:
    member = names.members.get(user)
    return local(ts, member.zone, member.offset) if member else moment(ts)


def recipients(message: Object, user: str, channel: Channel, names: Directory) -> tuple[Person, ...]:
    """Those it speaks to by name; in a direct talk all others of it."""
    spoken_to = [*mentions(text(message.get("text"))), *people_in(message.get("blocks"))]
    if text(message.get("subtype")) in FILE_SENTENCES:
        spoken_to = mentions(comment(message))  # Slack's own sentence names who shared and whose file it is
    everybody = [*(channel.members if channel.is_direct else ()), *spoken_to]
    return tuple(dict.fromkeys(names.person(each) for each in everybody if each != user))


def wording(message: Object, names: Directory) -> Written:
    """What its author wrote; what they quoted and what links in it lead to stand apart."""
    raw = comment(message)
    own = written(raw, names)
    if not own.text or own.text.lower() in FALLBACKS or laid_out(message):
        blocks = read_blocks(message.get("blocks"), names)
        own = blocks if blocks.text else own
    by_person = not message.get("bot_id") and text(message.get("subtype")) != "bot_message"
    apps = spoken(message, names)
    quoted = joined([own.quoted, apps if by_person else "", previewed(message, names), shown_in_files(message)])
    mine = own.text if by_person else joined([own.text, apps])
    return Written(mine or titles(message), quoted)


def laid_out(message: Object) -> bool:
    """Whether an app laid it out in blocks; its text is then only what a notification shows."""
    return any(block.get("type") != "rich_text" for block in objects(message.get("blocks")))


def comment(message: Object) -> str:
    """The author's own words, as mrkdwn. Around a file's comment old exports hold a sentence of Slack's."""
    said = text(message.get("text"))
    if text(message.get("subtype")) not in FILE_SENTENCES or not isinstance(message.get("file"), dict):
        return said
    source = inner(message, "comment") or inner(inner(message, "file"), "initial_comment") or NOTHING
    return first_text(source, "comment") or said.partition(" and commented: ")[2]


def labels(message: Object, ts: str, channel: Channel) -> tuple[str, ...]:
    """Its reactions with how many gave them in any skin tone, and whether it is pinned."""
    found: dict[str, int] = {}
    for reaction in objects(message.get("reactions"))[:MOST_REACTIONS]:
        if name := first_text(reaction, "name").partition("::")[0]:
            found[name] = found.get(name, 0) + count(reaction)
    pinned = ts in channel.pinned or bool(texts(message.get("pinned_to")))
    return (*(f":{name}: {times}" for name, times in found.items()), *(["pinned"] if pinned else []))


def count(reaction: Object) -> int:
    return whole(reaction.get("count")) or len(texts(reaction.get("users")))


def has_replies(message: Object) -> bool:
    return (whole(message.get("reply_count")) or 0) > 0 or bool(objects(message.get("replies")))


def revised_at(message: Object) -> datetime | None:
    edited = stamp(inner(message, "edited").get("ts"))
    return moment(edited) if edited else None


def content_hash(user: str, said: Written, files: tuple[Attachment, ...]) -> str:
    """Of what was written, not of reactions; the copy of a reply that was sent to the channel too has the same."""
    parts = [user, said.text, said.quoted, *(f"{file.name} {file.size}" for file in files)]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
