"""Tables of configured integrations and their runs."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, UtcDateTime
from app.core.sealed import sealed


class Integration(Base):
    """One configured place where work comes from. `kind` is a plain string: a new kind needs no migration."""

    __tablename__ = "integrations"
    # A number is never given twice: views, addresses that somebody kept and the audit trail name integrations by it.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200), unique=True)
    settings: Mapped[dict[str, Any]] = mapped_column(Json)
    gateway: Mapped[dict[str, Any] | None] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(20))
    write_back: Mapped[bool] = mapped_column(default=False)
    private: Mapped[bool] = mapped_column(default=False)
    """What comes from it is seen by its owner and by those named (`IntegrationViewer`)."""
    owner_id: Mapped[int | None]
    """The user who added it; None: nobody who is known here. An id of users is never given twice."""
    sample: Mapped[bool] = mapped_column(default=False)
    """It holds the sample data: shown as such everywhere, and removed in one action."""
    generation: Mapped[int] = mapped_column(default=0)
    """Grows whenever a pull that goes on must store nothing any more: other settings, another account, a pause."""
    paused: Mapped[bool] = mapped_column(default=False)
    """A person stopped it: nothing is pulled until they go on."""
    cursor: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Where pulling stands, in the kind's own words; stored with each page."""
    cursor_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Up to here everything at the source is known."""
    last_started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_success_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when every pull has failed."""
    failures: Mapped[int] = mapped_column(default=0)
    """How many pulls in a row."""
    last_error: Mapped[dict[str, Any] | None] = mapped_column(Json)
    connection: Mapped[dict[str, Any] | None] = mapped_column(Json, info=sealed("link", within="redirect_url"))
    """How connecting an account goes (app.domains.connections.connecting); None: nobody has begun it here."""
    pushed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the service last said that something is new, until a pull that began later has brought it."""
    next_sync_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """None while a pull waits or goes on, and where nothing is pulled by itself."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IntegrationViewer(Base):
    """Somebody who may see a private integration beside its owner."""

    __tablename__ = "integration_viewers"
    __table_args__ = (Index(None, "user_id"),)

    integration_id: Mapped[int] = mapped_column(ForeignKey("integrations.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)


_PULLED = "reason <> 'import' AND state IN ('queued', 'running')"
"""An integration is pulled once at a time, whoever asks."""


class SyncRun(Base):
    """One pull from one integration, or the import of one file."""

    __tablename__ = "sync_runs"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name="state_is_known"),
        CheckConstraint("reason IN ('import', 'schedule', 'request')", name="reason_is_known"),
        Index(None, "integration_id", "id"),
        Index(None, "state"),
        Index(None, "finished_at"),
        Index(
            "ux_sync_runs_one_pull",
            "integration_id",
            unique=True,
            sqlite_where=text(_PULLED),
            postgresql_where=text(_PULLED),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    integration_id: Mapped[int] = mapped_column(ForeignKey("integrations.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(Text)
    """The file's name as its owner knows it; of a pull, what is being read."""
    reason: Mapped[str] = mapped_column(String(20), default="import")
    """Why there is this run: a file was imported, it was due, or somebody asked for a pull."""
    path: Mapped[str | None] = mapped_column(Text)
    """Where an upload waits until the run has ended, so that a restart can take it up again."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the process that carries it out last gave a sign of life."""
    owner: Mapped[str | None] = mapped_column(String(32))
    """The claim under which it is carried out; whoever holds an older one keeps their hands off it."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was taken up since it last stored a page: what ends its process each time must end itself."""
    defects: Mapped[int] = mapped_column(default=0)
    """How often it met a defect of ours since then."""
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    gone: Mapped[int] = mapped_column(default=0)
    """Items that were deleted at their source."""
    pages: Mapped[int] = mapped_column(default=0)
    part: Mapped[float | None] = mapped_column(Float)
    """How much of a pull is done, 0 to 1, where its service tells."""
    cursor_before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    cursor_after: Mapped[dict[str, Any] | None] = mapped_column(Json)
    context: Mapped[int] = mapped_column(default=0)
    """Of the new items: those that belong to no task, and are kept to be found."""
    tasks_new: Mapped[int] = mapped_column(default=0)
    tasks_updated: Mapped[int] = mapped_column(default=0)
    tasks_not_for_us: Mapped[int] = mapped_column(default=0)
    bytes_done: Mapped[int] = mapped_column(BigInteger, default=0)
    bytes_total: Mapped[int | None] = mapped_column(BigInteger)
    warnings: Mapped[int] = mapped_column(default=0)
    error: Mapped[dict[str, Any] | None] = mapped_column(Json)
    hint: Mapped[str | None] = mapped_column(Text)
    """One thing the person could do for better results, found while reading."""


class SyncWarning(Base):
    """One thing in a run that could not be read as it should."""

    __tablename__ = "sync_warnings"
    __table_args__ = (Index(None, "run_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("sync_runs.id", ondelete="CASCADE"))
    what: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)


class KeptAnswer(Base):
    """A service's answer, or one thing in it, that could not be read (app.records.Kept): redacted and bounded."""

    __tablename__ = "kept_answers"
    __table_args__ = (Index(None, "integration_id", "id"), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    integration_id: Mapped[int] = mapped_column(ForeignKey("integrations.id", ondelete="CASCADE"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("sync_runs.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    tool: Mapped[str] = mapped_column(String(200))
    arguments: Mapped[dict[str, Any]] = mapped_column(Json)
    path: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    whole: Mapped[bool]
    value: Mapped[Any] = mapped_column(Json, nullable=True)
    shortened: Mapped[bool]
    """It was too large, or held what looks like a secret: it can be looked at, and not be stored."""
    replayed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was read after all."""


class ReceivedWebhook(Base):
    """A delivery that was taken: services deliver at least once, and each is acted upon once."""

    __tablename__ = "received_webhooks"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Revocation(Base):
    """An account whose access is to be given back, because its integration was deleted."""

    __tablename__ = "revocations"

    account_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    service: Mapped[str] = mapped_column(String(200))
    """For people: «Gmail»."""
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it is tried; None: it was given up, `why` says why."""
    attempts: Mapped[int] = mapped_column(default=0)
    why: Mapped[str] = mapped_column(Text, default="")


class SampleLoad(Base):
    """That the sample data was loaded here, or refused: at most one row. It never comes back by itself."""

    __tablename__ = "sample_loads"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    loaded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
