"""Two ways: connecting accounts, writing back, what is pushed to us, and how everything stands."""

import sqlalchemy as sa
from alembic import op

revision = "0011_two_way"
down_revision = "0010_pulling"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("integrations", sa.Column("connection", sa.JSON(), nullable=True))
    op.add_column("integrations", sa.Column("pushed_at", _MOMENT, nullable=True))
    op.add_column("tasks", sa.Column("mark", sa.String(length=10), nullable=False, server_default=""))
    op.execute(
        "UPDATE tasks SET mark = CASE WHEN status = 'open' AND turn = 'theirs' THEN 'waiting' ELSE status END "
        "WHERE status <> 'not_for_us'"
    )
    # Tasks that are over keep a moment that has passed: without the status, in the end most of the index is theirs.
    op.drop_index("ix_tasks_valid_until", "tasks")
    op.create_index("ix_tasks_status_valid_until", "tasks", ["status", "valid_until"])
    op.create_table(
        "task_writes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("integration_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=10), nullable=False),
        sa.Column("before", sa.String(length=10), nullable=False),
        sa.Column("actor", sa.String(length=320), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.Column("expected", sa.JSON(), nullable=False),
        sa.Column("effect", sa.JSON(), nullable=False),
        sa.Column("overwrite", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("tried_at", _MOMENT, nullable=True),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("seen_at", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'done', 'refused', 'conflict', 'cancelled')",
            name=op.f("ck_task_writes_state_is_known"),
        ),
        sa.CheckConstraint(
            "mark IN ('open', 'waiting', 'snoozed', 'done', 'declined')", name=op.f("ck_task_writes_mark_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_writes_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["integration_id"],
            ["integrations.id"],
            name=op.f("fk_task_writes_integration_id_integrations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_writes")),
    )
    op.create_index("ix_task_writes_task_id_id", "task_writes", ["task_id", "id"])
    op.create_index("ix_task_writes_integration_id_state", "task_writes", ["integration_id", "state"])
    op.create_index("ix_task_writes_state_due_at", "task_writes", ["state", "due_at"])
    op.create_table(
        "received_webhooks",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_webhooks")),
    )
    op.create_index("ix_received_webhooks_at", "received_webhooks", ["at"])
    op.create_table(
        "revocations",
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("service", sa.String(length=200), nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_revocations")),
    )
    op.create_table(
        "levels",
        sa.Column("name", sa.String(length=220), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("folded", sa.String(length=220), nullable=False, server_default=""),
        sa.Column("pending_level", sa.String(length=10), nullable=True),
        sa.Column("pending_since", _MOMENT, nullable=True),
        sa.Column("marked", sa.String(length=10), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_levels")),
    )
    op.create_table(
        "processes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("lives_until", _MOMENT, nullable=False),
        sa.Column("jobs", sa.Boolean(), nullable=False),
        sa.Column("pulls", sa.Boolean(), nullable=False),
        sa.Column("schedule", sa.Boolean(), nullable=False),
        sa.Column("guards", sa.JSON(), nullable=False),
        sa.Column("troubles", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processes")),
    )
    op.create_index("ix_processes_seen_at", "processes", ["seen_at"])


def downgrade() -> None:
    for name in ("processes", "levels", "revocations", "received_webhooks", "task_writes"):
        op.drop_table(name)
    op.drop_index("ix_tasks_status_valid_until", "tasks")
    op.create_index("ix_tasks_valid_until", "tasks", ["valid_until"])
    op.drop_column("tasks", "mark")
    op.drop_column("integrations", "pushed_at")
    op.drop_column("integrations", "connection")
