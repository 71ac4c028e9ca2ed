"""The table of saved views."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, UtcDateTime


class SavedView(Base):
    """A filter of the queue with a name, and how what it finds is shown."""

    __tablename__ = "saved_views"
    # An id is never given twice: an address that somebody kept never leads to another view.
    __table_args__ = (UniqueConstraint("owner_id", "name_key"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """None: a key of nobody made it, or its owner was removed. Such a view is shared."""
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(240))
    """The name case folded: of one owner no two bear the same. Folding makes up to three characters of one."""
    shared: Mapped[bool]
    """All who may see tasks see it."""
    filter: Mapped[dict[str, Any]] = mapped_column(Json)
    """As the API takes it, but that integrations stand in it by their ids."""
    sort: Mapped[str] = mapped_column(String(20))
    group_by: Mapped[str] = mapped_column(String(20))
    columns: Mapped[list[str]] = mapped_column(Json)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Grows with each change."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
