"""Rulesets and calendars in versions, and which ruleset was active when."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007_rulesets"
down_revision = "0006_queue_by_date"
branch_labels = None
depends_on = None


def _versioned(table: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *columns,
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f(f"ck_{table}_versions_count_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("name", "version", name=op.f(f"uq_{table}_name_version")),
    )


def upgrade() -> None:
    _versioned(
        "rulesets",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
    )
    op.create_table(
        "ruleset_activations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ruleset_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("returns_to", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ruleset_id"],
            ["rulesets.id"],
            name=op.f("fk_ruleset_activations_ruleset_id_rulesets"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["returns_to"],
            ["ruleset_activations.id"],
            name=op.f("fk_ruleset_activations_returns_to_ruleset_activations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruleset_activations")),
    )
    op.create_index("ix_ruleset_activations_ruleset_id", "ruleset_activations", ["ruleset_id"])
    op.create_index("ix_ruleset_activations_returns_to", "ruleset_activations", ["returns_to"])
    _versioned("calendars", sa.Column("document", sa.JSON(), nullable=False))


def downgrade() -> None:
    for table in ("calendars", "ruleset_activations", "rulesets"):
        op.drop_table(table)
