"""Indexes by which duplicates are found among open tasks, and items newest first."""

import sqlalchemy as sa
from alembic import op

revision = "0005_duplicates_and_found_items"
down_revision = "0004_joined_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    open_titles = sa.text("status NOT IN ('done', 'declined', 'not_for_us') AND deleted_at IS NULL AND title_key <> ''")
    op.create_index(
        "ix_tasks_open_titles",
        "tasks",
        ["title_key", "id", "status", "deleted_at"],
        sqlite_where=open_titles,
        postgresql_where=open_titles,
    )
    op.create_index("ix_items_sent_at_id", "items", ["sent_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_items_sent_at_id", "items")
    op.drop_index("ix_tasks_open_titles", "tasks")
