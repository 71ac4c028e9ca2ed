"""The queue's index holds what the queue is filtered by: a page of one band or of one person reads no other rows."""

import sqlalchemy as sa
from alembic import op

revision = "0014_filtered_queue"
down_revision = "0013_views"
branch_labels = None
depends_on = None

_NAME, _TABLE = "ix_tasks_queue", "tasks"
_ORDER = ["status", "rank_tier", "rank_points", "rank_due", "opened_at", "id"]
_FILTERED = ["deleted_at", "band", "assignee", "turn", "integration_id", "tier", "kind"]


def upgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, [*_ORDER, *_FILTERED])
    _analyze_again()


def downgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, _ORDER)
    _analyze_again()


def _analyze_again() -> None:
    """Where somebody had SQLite gather statistics, an index without any would be taken for the best of all."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite" and sa.inspect(connection).has_table("sqlite_stat1"):
        op.execute("ANALYZE tasks")
