"""Tables of rulesets, of which one was active when, and of calendars. A row never changes once it is written.

So any past score can be worked out again: from the ruleset and the calendars that were in force then.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, UtcDateTime


class StoredRuleset(Base):
    """One version of a ruleset, as somebody saved it."""

    __tablename__ = "rulesets"
    __table_args__ = (
        UniqueConstraint("name", "version"),
        CheckConstraint("version >= 1", name="versions_count_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    """TOML, exactly as it was saved."""
    digest: Mapped[str] = mapped_column(String(16))
    """Of the text."""
    description: Mapped[str] = mapped_column(Text)
    """What the text says of itself. Kept beside it, as is `rules`, so that a list reads no texts."""
    rules: Mapped[int]
    """How many rules it has."""
    author: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Activation(Base):
    """That a ruleset became the one that ranks. The one with the highest id is in force."""

    __tablename__ = "ruleset_activations"
    __table_args__ = (Index(None, "ruleset_id"), Index(None, "returns_to"))

    id: Mapped[int] = mapped_column(primary_key=True)
    ruleset_id: Mapped[int] = mapped_column(ForeignKey("rulesets.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    returns_to: Mapped[int | None] = mapped_column(ForeignKey("ruleset_activations.id", ondelete="CASCADE"))
    """Where it is a roll-back: the activation whose ruleset it brought back. That one is no roll-back itself."""


class StoredCalendar(Base):
    """One version of a calendar. The highest version counts; «office» and «always» exist without a row."""

    __tablename__ = "calendars"
    __table_args__ = (
        UniqueConstraint("name", "version"),
        CheckConstraint("version >= 1", name="versions_count_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    """Zone, hours and holidays, in the one form that such a calendar has."""
    author: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
