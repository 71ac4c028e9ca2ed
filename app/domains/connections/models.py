"""Tables of configured integrations and their runs."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, UtcDateTime


class Integration(Base):
    """One configured place where work comes from. `kind` is a plain string: a new kind needs no migration."""

    __tablename__ = "integrations"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200), unique=True)
    settings: Mapped[dict[str, Any]] = mapped_column(Json)
    gateway: Mapped[dict[str, Any] | None] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(20))
    write_back: Mapped[bool] = mapped_column(default=False)
    sample: Mapped[bool] = mapped_column(default=False)
    """It holds the sample data: shown as such everywhere, and removed in one action."""
    last_success_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[dict[str, Any] | None] = mapped_column(Json)
    next_sync_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SyncRun(Base):
    """One pull from one integration, or the import of one file."""

    __tablename__ = "sync_runs"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name="state_is_known"),
        Index(None, "integration_id", "id"),
        Index(None, "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    integration_id: Mapped[int] = mapped_column(ForeignKey("integrations.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(Text)
    """The file's name as its owner knows it."""
    path: Mapped[str | None] = mapped_column(Text)
    """Where an upload waits until the run has ended, so that a restart can take it up again."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the process that carries it out last gave a sign of life."""
    owner: Mapped[str | None] = mapped_column(String(32))
    """The claim under which it is carried out; whoever holds an older one keeps their hands off it."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was taken up since it last stored a page: what meets a defect each time must end."""
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
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


class SampleLoad(Base):
    """That the sample data was loaded here, or refused: at most one row. It never comes back by itself."""

    __tablename__ = "sample_loads"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    loaded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
