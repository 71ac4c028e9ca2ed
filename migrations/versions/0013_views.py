"""Saved views of the queue, and the index that it is counted by."""

import sqlalchemy as sa
from alembic import op

revision = "0013_views"
down_revision = "0012_identity"
branch_labels = None
depends_on = None

_COUNTED = sa.text("deleted_at IS NULL AND status <> ''")
_COLUMNS = ["status", "band", "tier", "turn", "integration_id", "kind", "assignee", "due_at"]
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=240), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("filter", sa.JSON(), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("group_by", sa.String(length=20), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_saved_views_owner_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("owner_id", "name_key", name=op.f("uq_saved_views_owner_id_name_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tasks_counts", "tasks", _COLUMNS, sqlite_where=_COUNTED, postgresql_where=_COUNTED)


def downgrade() -> None:
    op.drop_index("ix_tasks_counts", "tasks")
    op.drop_table("saved_views")
