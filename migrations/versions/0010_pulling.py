"""Pulling from services: where each integration stands, why there is a run, what could not be read, what happened."""

import sqlalchemy as sa
from alembic import op

revision = "0010_pulling"
down_revision = "0009_learning"
branch_labels = None
depends_on = None

_PULLED = sa.text("reason <> 'import' AND state IN ('queued', 'running')")
_MOMENTS = ("cursor_at", "last_started_at", "last_finished_at", "last_failed_at", "first_failed_at")


def upgrade() -> None:
    op.add_column("integrations", sa.Column("paused", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("integrations", sa.Column("generation", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("integrations", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("integrations", sa.Column("cursor", sa.JSON(), nullable=True))
    for name in _MOMENTS:
        op.add_column("integrations", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_integrations_next_sync_at", "integrations", ["next_sync_at"])
    op.execute("UPDATE integrations SET state = 'new' WHERE state = 'ready' AND last_success_at IS NULL")
    op.execute("UPDATE integrations SET state = 'ok' WHERE state = 'ready'")

    # With its check in one statement, which both databases understand; SQLite adds none to a table that is there.
    op.execute(
        "ALTER TABLE sync_runs ADD COLUMN reason VARCHAR(20) DEFAULT 'import' NOT NULL "
        "CONSTRAINT ck_sync_runs_reason_is_known CHECK (reason IN ('import', 'schedule', 'request'))"
    )
    op.add_column("sync_runs", sa.Column("gone", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sync_runs", sa.Column("defects", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sync_runs", sa.Column("pages", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sync_runs", sa.Column("part", sa.Float(), nullable=True))
    op.add_column("sync_runs", sa.Column("cursor_before", sa.JSON(), nullable=True))
    op.add_column("sync_runs", sa.Column("cursor_after", sa.JSON(), nullable=True))
    op.create_index("ix_sync_runs_finished_at", "sync_runs", ["finished_at"])
    op.create_index(
        "ux_sync_runs_one_pull",
        "sync_runs",
        ["integration_id"],
        unique=True,
        sqlite_where=_PULLED,
        postgresql_where=_PULLED,
    )
    op.add_column("items", sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "kept_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("integration_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tool", sa.String(length=200), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("shortened", sa.Boolean(), nullable=False),
        sa.Column("replayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["integration_id"],
            ["integrations.id"],
            name=op.f("fk_kept_answers_integration_id_integrations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["sync_runs.id"], name=op.f("fk_kept_answers_run_id_sync_runs"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_answers")),
    )
    op.create_index("ix_kept_answers_integration_id_id", "kept_answers", ["integration_id", "id"])
    op.create_index("ix_kept_answers_at", "kept_answers", ["at"])
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sqlite_autoincrement=True,  # a stream that resumes goes on from an id: none is given twice
    )
    op.create_index("ix_events_at", "events", ["at"])


def downgrade() -> None:
    op.drop_index("ix_events_at", "events")
    op.drop_table("events")
    op.drop_index("ix_kept_answers_at", "kept_answers")
    op.drop_index("ix_kept_answers_integration_id_id", "kept_answers")
    op.drop_table("kept_answers")
    op.drop_column("items", "gone_at")
    op.drop_index("ux_sync_runs_one_pull", "sync_runs")
    op.drop_index("ix_sync_runs_finished_at", "sync_runs")
    # A pull that waits is no import: the code before would look for its file.
    op.execute("DELETE FROM sync_runs WHERE reason <> 'import'")
    for name in ("cursor_after", "cursor_before", "part", "pages", "defects", "gone", "reason"):
        op.drop_column("sync_runs", name)
    op.drop_index("ix_integrations_next_sync_at", "integrations")
    op.execute("UPDATE integrations SET state = 'ready' WHERE state <> 'failing'")
    for name in ("cursor", *_MOMENTS, "failures", "generation", "paused"):
        op.drop_column("integrations", name)
