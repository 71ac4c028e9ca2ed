"""The queue by due date and by age: without these, one page of a million tasks would read them all."""

from alembic import op

revision = "0006_queue_by_date"
down_revision = "0005_duplicates_and_found_items"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_tasks_by_due", "tasks", ["status", "rank_due", "rank_tier", "rank_points", "id"])
    op.create_index("ix_tasks_by_age", "tasks", ["status", "created_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_tasks_by_age", "tasks")
    op.drop_index("ix_tasks_by_due", "tasks")
