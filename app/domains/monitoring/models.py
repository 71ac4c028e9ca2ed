"""Tables of how everything stands: levels with since when, and the processes that live."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, UtcDateTime
from app.domains.monitoring.levels import Level


class StoredLevel(Base):
    """The level of the whole or of one dependency, and since when: all processes say the same, also later."""

    __tablename__ = "levels"

    name: Mapped[str] = mapped_column(String(220), primary_key=True)
    """«overall», «database», «jobs», «network», «gateway», «integration 5»."""
    level: Mapped[Level] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    folded: Mapped[str] = mapped_column(String(220), default="")
    """The name of the part that is its cause, and stands for it: its own changes are told to nobody."""
    pending_level: Mapped[Level | None] = mapped_column(String(10))
    """What it looks like now, and is not told yet …"""
    pending_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """… since when it has been other than what is told."""
    marked: Mapped[str] = mapped_column(String(10), default="")
    """What the tasks of an integration say of it: nothing, «stale», or «derived»: also to rules that look at it.
    «begun» where some may say one thing and some another."""


class Process(Base):
    """A process of this installation, as it said of itself last."""

    __tablename__ = "processes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    """serve, serve without jobs, or worker."""
    host: Mapped[str] = mapped_column(String(200))
    pid: Mapped[int]
    port: Mapped[int | None]
    """It answers requests at this one."""
    version: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    lives_until: Mapped[datetime] = mapped_column(UtcDateTime)
    """Without another sign of life it is taken for dead from then on."""
    jobs: Mapped[bool]
    """It carries out imports and pulls, and keeps scores."""
    pulls: Mapped[bool]
    """It has a gateway to pull through."""
    schedule: Mapped[bool]
    """It pulls by itself what is due (SYNC_SCHEDULE)."""
    guards: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """How the breakers of the services stand that it has called (app.domains.monitoring.outside)."""
    troubles: Mapped[dict[str, str]] = mapped_column(Json)
    """What it found that pulls need and can't use: the key, or tools by their slug."""
