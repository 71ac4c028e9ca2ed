"""The tables of the audit trail. The database lets entries be added, and none be changed; see migration 0012."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, UtcDateTime


class AuditEntry(Base):
    """One action of one caller, with everything it changed. The database refuses to change or remove it."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index(None, "at"),
        Index(None, "actor", "id"),
        Index(None, "action", "id"),
        Index(None, "target", "id"),
        Index(None, "correlation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Its place in the chain, without a gap."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(60))
    """«user:7», «key:3», «cli», «program»."""
    actor_name: Mapped[str] = mapped_column(String(320))
    address: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(80))
    """The operation's id in the API, or the command."""
    target: Mapped[str] = mapped_column(String(200))
    """What it was done to, as «task:12»; empty: the whole."""
    changes: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """Each {target, field, before, after}; how they are bounded is in notes.py."""
    omitted: Mapped[int] = mapped_column(default=0)
    """How many changes more there were."""
    correlation_id: Mapped[str] = mapped_column(String(128))
    previous: Mapped[str] = mapped_column(String(64))
    """The hash of the entry before."""
    hash: Mapped[str] = mapped_column(String(64))


class AuditAnchor(Base):
    """Where the chain begins since older entries were forgotten. One row."""

    __tablename__ = "audit_anchor"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    forgotten_to: Mapped[int]
    """Entries up to this one are gone, or may go."""
    hash: Mapped[str] = mapped_column(Text)
    """That of the last one that is gone: what follows chains to it."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
