"""Plain frozen data that crosses the border between integrations and domains.

Pure: no I/O, no clock, no third-party import. Text in here is already clean: no NUL, no lone
surrogates (Postgres refuses both), newlines as ``\\n``.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as an integration names them. Both fields may be empty; `address` is lower case."""

    name: str = ""
    address: str = ""

    def __str__(self) -> str:
        return self.name or self.address or "somebody"


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is known of an attachment; its bytes are not kept."""

    name: str
    media_type: str
    size: int
    """Decoded size in bytes, estimated from the encoded length where it was not decoded."""


@dataclass(frozen=True, slots=True)
class Automation:
    """Why an item was not written by a person to people, so that it asks for no work.

    `category` is one of newsletter, bot, notification, auto_reply, bounce, spam, trash, calendar,
    draft, deleted (its author took it back), record (a row of a table that tracks no work).
    """

    category: str
    reason: str
    """A sentence for people that quotes the evidence: «List-Unsubscribe without List-Post»."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a row that is a task at its source says of itself. Empty or None: it does not say."""

    status: Literal["open", "done", "declined"] = "open"
    status_name: str = ""
    """As it is called there: «In review»."""
    due_at: datetime | None = None
    """Aware. A day without a time ends at 23:59 of that day."""
    priority: str = ""
    """low, normal, high or urgent where the word there is known to mean it; else as written there."""
    assignees: tuple[Person, ...] = ()
    project: str = ""
    labels: tuple[str, ...] = ()
    scheduled_at: datetime | None = None
    """When work on it is planned to begin."""
    wait_until: datetime | None = None
    """Until then it is hidden there."""
    started_at: datetime | None = None
    notes: int = 0
    """How many notes people added to it there."""
    own_ids: tuple[str, ...] = ()
    """What it is called there for short, as people write it: «OPS-123». They stand among `fields` too."""
    depends_on: tuple[str, ...] = ()
    """Keys (Item.keys) of the rows that must be finished before it."""
    fields: tuple[tuple[str, str], ...] = ()
    """Every other column that holds something, by name, as text: kept and shown."""
    attributes: tuple[tuple[str, str], ...] = ()
    """Those of `fields` that users made up there, for rules: at most 50, a value's first 200 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One message, row or event as an integration gave it, normalised.

    `external_id` is unique within its integration and stays the same at every later import.
    """

    external_id: str
    sent_at: datetime | None
    """Aware, with the sender's own UTC offset kept: "by Friday 5pm" is meant in it. None: unknown."""
    sender: Person
    recipients: tuple[Person, ...] = ()
    """To whom it is addressed directly (To)."""
    copied: tuple[Person, ...] = ()
    """Cc, and Bcc where it is visible."""
    subject: str = ""
    text: str = ""
    """What the sender wrote in this item: quoted history and signature left out."""
    quoted: str = ""
    signature: str = ""
    attachments: tuple[Attachment, ...] = ()
    keys: tuple[str, ...] = ()
    """Ids of the conversation, own id first, then the parent, then older ancestors. Global, so that the
    same message through two integrations meets in one conversation."""
    subject_key: str = ""
    """The subject without reply marks, case folded: threading's fallback where `keys` name no parent.
    Empty where this item must not be threaded by subject."""
    bare_subject: str = ""
    """The subject as people read it: without reply marks, and without the tag a discussion list puts first.
    Empty where it is the subject itself."""
    is_reply: bool = False
    """The subject carries a reply mark (Re:, AW:, …), whether or not a parent is named."""
    labels: tuple[str, ...] = ()
    """Labels or folders the integration knows, as written there."""
    unread: bool | None = None
    starred: bool | None = None
    important: bool | None = None
    """The three are None where the integration does not say."""
    delivered_to: tuple[str, ...] = ()
    """Addresses this copy was delivered to (lower case): evidence for who "we" are."""
    list_id: str = ""
    """The discussion list it came through, if any."""
    outgoing: bool | None = None
    """True where the integration knows that the mailbox's owner sent it (a Sent folder or label)."""
    automation: Automation | None = None
    url: str = ""
    content_hash: str = ""
    """Of what was written (not of labels and flags); 32 hex digits."""
    revisable: bool = False
    """Its source lets people change what is written: other content under the same id replaces what is stored. Mail
    can't: there it is another message that bears the same id."""
    revised_at: datetime | None = None
    """When it was last changed at its source, where that is known: an older export never overwrites a newer one."""
    loose: bool = False
    """One line of a stream (a channel, a wiki): it becomes a task only in a thread, or where it asks something of
    somebody; else it is kept as context that can be searched."""
    work: Work | None = None
    """Set where the item is a row that is a task by itself."""
    links: tuple[str, ...] = ()
    """Keys of other items that its text points to: «notion:<32 hex digits>», «slack:<channel>/<ts>»."""
    problems: tuple[str, ...] = ()
    """What could not be read, one sentence each; the item holds what could."""


LONGEST_ID = 500
"""Characters of an id: an index of Postgres holds 2,700 bytes."""


def within_bounds(item: Item) -> Item:
    """The item with ids that a database can find: a longer one becomes its beginning and a hash of all of it."""
    ids = (item.external_id, *item.keys, *item.links, *(item.work.depends_on if item.work else ()))
    if all(len(each) <= LONGEST_ID for each in ids):
        return item
    work = replace(item.work, depends_on=tuple(map(_short, item.work.depends_on))) if item.work else None
    keys, links = tuple(map(_short, item.keys)), tuple(map(_short, item.links))
    return replace(item, external_id=_short(item.external_id), keys=keys, links=links, work=work)


def _short(name: str) -> str:
    if len(name) <= LONGEST_ID:
        return name
    return f"{name[:200]}#{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A service's answer, or one thing in it, that could not be read: kept for diagnosis, and read again after a mend.

    `arguments` are those of the call; `path` says where reading failed: «data.messages[3].messageId».
    """

    tool: str
    arguments: Mapping[str, Any]
    path: str
    value: Any
    """As the service gave it: the whole of `data`, or the one element at fault."""
    whole: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something in an import or pull that is no item at all: named and counted, never dropped in silence."""

    what: str
    """Where it stands: a file's name, or «message 12 of inbox.mbox»."""
    why: str
    kept: Kept | None = None
    """What a service gave there."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading an import has come, in bytes of input. `total` is None where it isn't known."""

    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Read:
    """One step of an import: what was read, and where the reading stands."""

    what: Item | Refusal
    place: str
    """«inbox.mbox, message 12»: for warnings."""
    progress: Progress = field(default_factory=lambda: Progress(0, None))


class IntegrationNames(dict[int, str]):
    """Names of integrations by id."""

    samples: frozenset[int] = frozenset()
    """The ids of those that hold the sample data."""
    written: frozenset[int] = frozenset()
    """The ids of those that are told what people do with their tasks."""
    private: frozenset[int] = frozenset()
    """The ids of those that only some may see."""
