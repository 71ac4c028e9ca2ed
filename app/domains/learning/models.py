"""Tables of what people ranked by hand, and of the changes of rules that were proposed from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, UtcDateTime

_NEVER_AGAIN = {"sqlite_autoincrement": True}
"""No id is given a second time: proposals and comments in rulesets name drags and proposals that may be gone."""


class RankPair(Base):
    """Somebody dragged one task above another: what each of the two stood at then, line by line."""

    __tablename__ = "rank_pairs"
    __table_args__ = (
        CheckConstraint("above_id <> below_id", name="two_tasks"),
        Index(None, "above_id"),
        Index(None, "below_id"),
        Index(None, "ruleset", "id"),
        Index(None, "at"),
        _NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    above_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    below_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(320))
    ruleset: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    """Of the ruleset that gave the lines."""
    above_lines: Mapped[dict[str, int]] = mapped_column(Json)
    """Line to thousandths of a point, as are `below_lines`."""
    below_lines: Mapped[dict[str, int]] = mapped_column(Json)
    agreed: Mapped[bool]
    """The order was the wished one already."""
    comparable: Mapped[bool]
    """Both stood in one tier: where not, no points bring the one above the other."""


class RuleProposal(Base):
    """A change of rules that drags ask for. Nothing of it counts before a person accepts it."""

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'accepted', 'rejected', 'reverted', 'outdated')", name="state_is_known"),
        Index(None, "ruleset", "state"),
        _NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ruleset: Mapped[str] = mapped_column(String(64))
    base_version: Mapped[int]
    """The version that it changes."""
    state: Mapped[str] = mapped_column(String(10))
    changes: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """Each {rule, title, field, before, after, evidence, against}: thousandths of a point, and ids of drags."""
    drags: Mapped[int]
    """How many were looked at; of how many the order was right, and would be."""
    agreed_before: Mapped[int]
    agreed_after: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    accepted_version: Mapped[int | None]
    """The version that was made of it."""
