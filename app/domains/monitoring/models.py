"""Tables of how everything stands: levels with since when, and the processes that live."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, UtcDateTime


class StoredLevel(Base):
    """The level of the whole or of one dependency, and since when: all processes say the same, also later."""

    __tablename__ = "levels"

    name: Mapped[str] = mapped_column(String(220), primary_key=True)
    """«overall», «database», «integration 5»."""
    level: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class Process(Base):
    """A process of this installation, as it said of itself last."""

    __tablename__ = "processes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    """serve, serve without jobs, or worker."""
    host: Mapped[str] = mapped_column(String(200))
    pid: Mapped[int]
    version: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    guards: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """How the breakers of the services stand that it has called."""
