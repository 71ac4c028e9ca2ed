"""The table of what sources are told."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, UtcDateTime


class TaskWrite(Base):
    """That a source is to be told how a task stands, and what came of it. The outbox: it is written in the transaction
    that changes the task, and carried out afterwards."""

    __tablename__ = "task_writes"
    __table_args__ = (
        CheckConstraint(
            "state IN ('pending', 'sending', 'done', 'refused', 'conflict', 'cancelled')", name="state_is_known"
        ),
        CheckConstraint("mark IN ('open', 'waiting', 'snoozed', 'done', 'declined')", name="mark_is_known"),
        Index(None, "task_id", "id"),
        Index(None, "integration_id", "state"),
        Index(None, "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    integration_id: Mapped[int] = mapped_column(ForeignKey("integrations.id", ondelete="CASCADE"))
    mark: Mapped[str] = mapped_column(String(10))
    before: Mapped[str] = mapped_column(String(10))
    """The mark that the source was told before."""
    actor: Mapped[str] = mapped_column(String(320))
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(Text, default="")
    """A sentence for people: what was done, what it waits for, or why it was not done."""
    expected: Mapped[dict[str, Any]] = mapped_column(Json)
    """How the source stood, as far as it was known when this was decided: the status there by external id."""
    effect: Mapped[dict[str, Any]] = mapped_column(Json)
    """What was changed there, in the kind's own words, to be put back if it is taken back."""
    overwrite: Mapped[bool] = mapped_column(default=False)
    """A person saw the conflict and wants it all the same."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was tried; 0: it can't have happened."""
    failures: Mapped[int] = mapped_column(default=0)
    """Tries in a row that failed, since it was decided or a person wanted it tried again."""
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the first of these tries began."""
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it is sent, or tried again."""
    owner: Mapped[str | None] = mapped_column(String(32))
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the process that sends it took it up."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
