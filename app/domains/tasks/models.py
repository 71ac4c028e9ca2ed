"""Tables of items and tasks.

The queue's total order is five plain columns of `tasks` (rank_tier, rank_points, rank_due, opened_at, id),
all ascending, so that one index and one row comparison page through it on both databases.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, UtcDateTime

NO_DUE = 2**62
"""`rank_due` of a task without a deadline: after every real one."""
OPEN_TITLES = "status NOT IN ('done', 'declined', 'not_for_us') AND deleted_at IS NULL AND title_key <> ''"
"""Which tasks may be duplicates. SQLite uses their index for these very words alone; said otherwise, the queue's."""

CONTEXT = "task_id IS NULL"
COUNTED = "deleted_at IS NULL AND status <> ''"
"""Which tasks are counted: all that are not deleted, said so that SQLite uses this index for nothing else."""
_FILTERED = ("deleted_at", "band", "assignee", "turn", "integration_id", "tier", "kind")
"""What the queue is filtered by stands in its index behind the order, so that of the rest no row is read."""


class Task(Base):
    """The work that one conversation asks for."""

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'snoozed', 'done', 'declined', 'not_for_us')", name="status_is_known"),
        CheckConstraint("turn IS NULL OR turn IN ('ours', 'theirs')", name="turn_is_known"),
        Index("ix_tasks_queue", "status", "rank_tier", "rank_points", "rank_due", "opened_at", "id", *_FILTERED),
        Index("ix_tasks_by_due", "status", "rank_due", "rank_tier", "rank_points", "id"),
        Index("ix_tasks_by_age", "status", "created_at", "id"),
        Index(None, "status", "valid_until"),
        Index(None, "snoozed_until"),
        Index(None, "derived_with"),
        Index(None, "status", "scored_with"),
        Index(None, "subject_key", "last_item_at"),
        Index(None, "title_key"),
        Index(
            "ix_tasks_open_titles",
            # The last two: SQLite reads the row itself for what a condition names and the index lacks.
            *("title_key", "id", "status", "deleted_at"),
            sqlite_where=text(OPEN_TITLES),
            postgresql_where=text(OPEN_TITLES),
        ),
        Index(
            "ix_tasks_counts",
            *("status", "band", "tier", "turn", "integration_id", "kind", "assignee", "due_at"),
            sqlite_where=text(COUNTED),
            postgresql_where=text(COUNTED),
        ),
        Index(None, "integration_id"),
        Index(None, "run_id"),
        Index(None, "due_at"),
        Index(None, "merged_into"),  # else each task that is deleted for good has all others searched for it
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20))
    status_reason: Mapped[str | None] = mapped_column(Text)
    """Why it is declined or not for us."""
    source_status: Mapped[str | None] = mapped_column(String(20))
    """The status last taken over from the row at its source: it is taken over again only once it changes there."""
    turn: Mapped[str | None] = mapped_column(String(10))
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it is that side's turn."""
    mark: Mapped[str] = mapped_column(String(10), default="")
    """What its sources are told of it (app.domains.tasks.marks); empty: nothing."""
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    assignee: Mapped[str | None] = mapped_column(String(320))
    notes: Mapped[str] = mapped_column(Text, default="")
    priority: Mapped[str | None] = mapped_column(String(40))
    project: Mapped[str | None] = mapped_column(String(200))
    scheduled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    person_set: Mapped[list[str]] = mapped_column(Json)
    """Names of the fields a person set: no import or sync writes them again."""

    integration_id: Mapped[int | None] = mapped_column(ForeignKey("integrations.id", ondelete="SET NULL"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("sync_runs.id", ondelete="SET NULL"))
    """The run that made it."""
    kind: Mapped[str] = mapped_column(String(40))
    external_id: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    sender: Mapped[str] = mapped_column(Text, default="")
    """Who wrote last from outside, by name where it is known."""
    subject_key: Mapped[str] = mapped_column(Text, default="")
    title_key: Mapped[str] = mapped_column(String(300), default="")
    """The title's words, case folded: two tasks that bear the same are proposed as duplicates."""
    people: Mapped[list[str]] = mapped_column(Json)
    """Addresses in the conversation, at most 200: threading's fallback compares them."""
    separated: Mapped[bool] = mapped_column(default=False)
    """A person split or merged it: threading never merges it by itself again."""
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("tasks.id", ondelete="SET NULL"))

    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the conversation began, as far as known."""
    last_item_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Deleted or merged away. The row stays as a tombstone: no sync brings the task back."""
    version: Mapped[int] = mapped_column(default=1)
    """Grows with people's and sync's changes; the clock's re-scoring counts in score_revision."""

    tier: Mapped[str] = mapped_column(String(10))
    points_milli: Mapped[int] = mapped_column(BigInteger)
    score_milli: Mapped[int] = mapped_column(BigInteger)
    band: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[list[str]] = mapped_column(Json)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    scored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    score_revision: Mapped[int] = mapped_column(default=1)
    derived_with: Mapped[str] = mapped_column(String(80))
    """Fingerprint of who "we" are, and of how facts are derived: another one makes the task due for derivation."""
    scored_with: Mapped[str] = mapped_column(String(120), default="")
    """The ruleset that gave the score: where another is active, the task is ranked again."""
    stale: Mapped[bool] = mapped_column(default=False)
    rank_tier: Mapped[int]
    rank_points: Mapped[int] = mapped_column(BigInteger)
    rank_due: Mapped[int] = mapped_column(BigInteger)


class TaskFacts(Base):
    """The facts of a task, apart from it: the queue never reads them."""

    __tablename__ = "task_facts"

    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
    facts: Mapped[dict[str, Any]] = mapped_column(Json)


class TaskPast(Base):
    """What a task's facts were until a moment, where they differed from those after it."""

    __tablename__ = "task_pasts"
    __table_args__ = (Index(None, "task_id", "until"), Index(None, "until"))

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    """Name to the entry that it had; null: it was not known."""


class TaskLabel(Base):
    """A label that a person put on a task."""

    __tablename__ = "task_labels"
    __table_args__ = (Index(None, "label"),)

    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
    label: Mapped[str] = mapped_column(String(100), primary_key=True)


class TaskDependency(Base):
    """`task_id` can't be finished before `depends_on`."""

    __tablename__ = "task_dependencies"
    __table_args__ = (CheckConstraint("task_id <> depends_on", name="not_on_itself"), Index(None, "depends_on"))

    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
    depends_on: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)


class ConversationKey(Base):
    """An id that belongs to a conversation: of one of its items, or of one they refer to."""

    __tablename__ = "conversation_keys"
    __table_args__ = (Index(None, "task_id"),)

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))


class StoredItem(Base):
    """One item as its integration gave it (app.records.Item), and what its text says.

    Without a task it is context: a line of a channel or a page that asks for no work, kept to be found.
    """

    __tablename__ = "items"
    __table_args__ = (
        Index(None, "integration_id", "external_id", unique=True),
        Index(None, "task_id", "sent_at"),
        Index(None, "task_id", "is_reply", "integration_id"),  # also: does a task hold an item of these integrations
        Index(None, "run_id"),
        Index(None, "sent_at", "id"),
        # Context only: a reply finds the line it answers, and the list of context pages through it.
        Index("ix_items_context", "key", sqlite_where=text(CONTEXT), postgresql_where=text(CONTEXT)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    integration_id: Mapped[int] = mapped_column(ForeignKey("integrations.id", ondelete="CASCADE"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("sync_runs.id", ondelete="SET NULL"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id", ondelete="SET NULL"))
    external_id: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    utc_offset_minutes: Mapped[int | None]
    """The sender's own offset: deadlines in words are meant in it."""
    sender_name: Mapped[str] = mapped_column(Text)
    sender_address: Mapped[str] = mapped_column(Text)
    recipients: Mapped[list[list[str]]] = mapped_column(Json)
    copied: Mapped[list[list[str]]] = mapped_column(Json)
    """Pairs of name and address, as are `recipients`."""
    subject: Mapped[str] = mapped_column(Text)
    bare_subject: Mapped[str] = mapped_column(Text, default="")
    """Without reply marks and a discussion list's tag: what titles are made of."""
    is_reply: Mapped[bool] = mapped_column(default=False)
    """Its subject carries a reply mark: threading asks whether a conversation has a message without one."""
    text: Mapped[str] = mapped_column(Text)
    quoted: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(Text)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    keys: Mapped[list[str]] = mapped_column(Json)
    key: Mapped[str] = mapped_column(Text, default="")
    """The first of `keys`: its own."""
    labels: Mapped[list[str]] = mapped_column(Json)
    unread: Mapped[bool | None]
    starred: Mapped[bool | None]
    important: Mapped[bool | None]
    delivered_to: Mapped[list[str]] = mapped_column(Json)
    list_id: Mapped[str] = mapped_column(Text)
    outgoing: Mapped[bool | None]
    automation_category: Mapped[str | None] = mapped_column(String(40))
    automation_reason: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    problems: Mapped[list[str]] = mapped_column(Json)
    revised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its source last changed it, where that is known."""
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was found to be deleted at its source; its words were taken away here too."""
    loose: Mapped[bool] = mapped_column(default=False)
    work: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """What a row that is a task by itself says of itself (app.domains.tasks.work)."""
    reading: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ItemLink(Base):
    """A key of another item that this one's text points to, or that its row waits for."""

    __tablename__ = "item_links"
    __table_args__ = (
        CheckConstraint("relation IN ('mentions', 'depends_on')", name="relation_is_known"),
        Index(None, "key"),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    relation: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)


class Unrelated(Base):
    """Two tasks that a person said have nothing to do with each other: they are never proposed again."""

    __tablename__ = "unrelated_tasks"
    __table_args__ = (CheckConstraint("task_id < other_id", name="smaller_first"), Index(None, "other_id"))

    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class TaskEvent(Base):
    """One line of a task's history."""

    __tablename__ = "task_events"
    __table_args__ = (Index(None, "task_id", "id"), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(320))
    """person, import, or clock; the person's name once people sign in."""
    verb: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text)
    changes: Mapped[dict[str, Any]] = mapped_column(Json)
    """Field name to [before, after]."""


class Undo(Base):
    """What an action changed, kept for as long as it can be taken back."""

    __tablename__ = "undos"
    __table_args__ = (Index(None, "expires_at"),)

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    verb: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    before: Mapped[dict[str, Any]] = mapped_column(Json)
