"""What facts were before they changed, and the ruleset that gave each score."""

import sqlalchemy as sa
from alembic import op

revision = "0008_pasts_of_tasks"
down_revision = "0007_rulesets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task_pasts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_pasts_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_pasts")),
    )
    op.create_index("ix_task_pasts_task_id_until", "task_pasts", ["task_id", "until"])
    op.create_index("ix_task_pasts_until", "task_pasts", ["until"])
    # Empty: every score is made again, which it has to be anyway where rules are read anew.
    op.add_column("tasks", sa.Column("scored_with", sa.String(length=120), nullable=False, server_default=""))
    op.create_index("ix_tasks_status_scored_with", "tasks", ["status", "scored_with"])
    op.create_index("ix_task_events_at", "task_events", ["at"])
    op.create_index("ix_tasks_merged_into", "tasks", ["merged_into"])


def downgrade() -> None:
    op.drop_index("ix_tasks_merged_into", "tasks")
    op.drop_index("ix_task_events_at", "task_events")
    op.drop_index("ix_tasks_status_scored_with", "tasks")
    op.drop_column("tasks", "scored_with")
    op.drop_table("task_pasts")
