"""First tables: integrations, runs, items, tasks, and full-text search over them."""

import sqlalchemy as sa
from alembic import op

revision = "0001_first_tables"
down_revision = None
branch_labels = None
depends_on = None

_SEARCH = {"items": ("subject", "text", "sender_name", "sender_address"), "tasks": ("title", "notes")}


def upgrade() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
    op.create_table(
        "integrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("gateway", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("write_back", sa.Boolean(), nullable=False),
        sa.Column("last_success_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.JSON(), nullable=True),
        sa.Column("next_sync_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrations")),
        sa.UniqueConstraint("name", name=op.f("uq_integrations_name")),
    )
    op.create_table(
        "undos",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_undos")),
    )
    op.create_index("ix_undos_expires_at", "undos", ["expires_at"])
    op.create_table(
        "sync_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("integration_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("tasks_new", sa.Integer(), nullable=False),
        sa.Column("tasks_updated", sa.Integer(), nullable=False),
        sa.Column("tasks_not_for_us", sa.Integer(), nullable=False),
        sa.Column("bytes_done", sa.BigInteger(), nullable=False),
        sa.Column("bytes_total", sa.BigInteger(), nullable=True),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("hint", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')",
            name=op.f("ck_sync_runs_state_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["integration_id"], ["integrations.id"], name=op.f("fk_sync_runs_integration_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_runs")),
    )
    op.create_index("ix_sync_runs_integration_id_id", "sync_runs", ["integration_id", "id"])
    op.create_index("ix_sync_runs_state", "sync_runs", ["state"])
    op.create_table(
        "sync_warnings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["sync_runs.id"], name=op.f("fk_sync_warnings_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_warnings")),
    )
    op.create_index("ix_sync_warnings_run_id_id", "sync_warnings", ["run_id", "id"])
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("turn", sa.String(length=10), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assignee", sa.String(length=320), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("priority", sa.String(length=40), nullable=True),
        sa.Column("project", sa.String(length=200), nullable=True),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_set", sa.JSON(), nullable=False),
        sa.Column("integration_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("separated", sa.Boolean(), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_item_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(length=10), nullable=False),
        sa.Column("points_milli", sa.BigInteger(), nullable=False),
        sa.Column("score_milli", sa.BigInteger(), nullable=False),
        sa.Column("band", sa.String(length=20), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score_revision", sa.Integer(), nullable=False),
        sa.Column("derived_with", sa.String(length=80), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("rank_tier", sa.Integer(), nullable=False),
        sa.Column("rank_points", sa.BigInteger(), nullable=False),
        sa.Column("rank_due", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'snoozed', 'done', 'declined', 'not_for_us')", name=op.f("ck_tasks_status_is_known")
        ),
        sa.CheckConstraint("turn IS NULL OR turn IN ('ours', 'theirs')", name=op.f("ck_tasks_turn_is_known")),
        sa.ForeignKeyConstraint(
            ["integration_id"], ["integrations.id"], name=op.f("fk_tasks_integration_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["merged_into"], ["tasks.id"], name=op.f("fk_tasks_merged_into"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["run_id"], ["sync_runs.id"], name=op.f("fk_tasks_run_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index("ix_tasks_derived_with", "tasks", ["derived_with"])
    op.create_index("ix_tasks_due_at", "tasks", ["due_at"])
    op.create_index("ix_tasks_integration_id", "tasks", ["integration_id"])
    op.create_index("ix_tasks_queue", "tasks", ["status", "rank_tier", "rank_points", "rank_due", "opened_at", "id"])
    op.create_index("ix_tasks_run_id", "tasks", ["run_id"])
    op.create_index("ix_tasks_snoozed_until", "tasks", ["snoozed_until"])
    op.create_index("ix_tasks_subject_key_last_item_at", "tasks", ["subject_key", "last_item_at"])
    op.create_index("ix_tasks_valid_until", "tasks", ["valid_until"])
    op.create_table(
        "conversation_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_conversation_keys_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_conversation_keys")),
    )
    op.create_index("ix_conversation_keys_task_id", "conversation_keys", ["task_id"])
    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("integration_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("utc_offset_minutes", sa.Integer(), nullable=True),
        sa.Column("sender_name", sa.Text(), nullable=False),
        sa.Column("sender_address", sa.Text(), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("copied", sa.JSON(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("bare_subject", sa.Text(), nullable=False),
        sa.Column("is_reply", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quoted", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("unread", sa.Boolean(), nullable=True),
        sa.Column("starred", sa.Boolean(), nullable=True),
        sa.Column("important", sa.Boolean(), nullable=True),
        sa.Column("delivered_to", sa.JSON(), nullable=False),
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("outgoing", sa.Boolean(), nullable=True),
        sa.Column("automation_category", sa.String(length=40), nullable=True),
        sa.Column("automation_reason", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["integration_id"], ["integrations.id"], name=op.f("fk_items_integration_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["sync_runs.id"], name=op.f("fk_items_run_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_items_task_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
    )
    op.create_index("ix_items_integration_id_external_id", "items", ["integration_id", "external_id"], unique=True)
    op.create_index("ix_items_run_id", "items", ["run_id"])
    op.create_index("ix_items_task_id_is_reply", "items", ["task_id", "is_reply"])
    op.create_index("ix_items_task_id_sent_at", "items", ["task_id", "sent_at"])
    op.create_table(
        "task_dependencies",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("depends_on", sa.Integer(), nullable=False),
        sa.CheckConstraint("task_id <> depends_on", name=op.f("ck_task_dependencies_not_on_itself")),
        sa.ForeignKeyConstraint(
            ["depends_on"], ["tasks.id"], name=op.f("fk_task_dependencies_depends_on"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_dependencies_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "depends_on", name=op.f("pk_task_dependencies")),
    )
    op.create_index("ix_task_dependencies_depends_on", "task_dependencies", ["depends_on"])
    op.create_table(
        "task_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=320), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_events_task_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_events")),
    )
    op.create_index("ix_task_events_task_id_id", "task_events", ["task_id", "id"])
    op.create_table(
        "task_facts",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_facts_task_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_task_facts")),
    )
    op.create_table(
        "task_labels",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_labels_task_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("task_id", "label", name=op.f("pk_task_labels")),
    )
    op.create_index("ix_task_labels_label", "task_labels", ["label"])
    if op.get_bind().dialect.name == "postgresql":
        _search_in_postgres()
    else:
        _search_in_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in ("items", "tasks"):
            op.execute(f"DROP TABLE {table}_fts")
    op.drop_table("task_labels")
    op.drop_table("task_facts")
    op.drop_table("task_events")
    op.drop_table("task_dependencies")
    op.drop_table("items")
    op.drop_table("conversation_keys")
    op.drop_table("tasks")
    op.drop_table("sync_warnings")
    op.drop_table("sync_runs")
    op.drop_table("undos")
    op.drop_table("integrations")
    op.drop_table("idempotency_keys")


# What of a text is searched: a tsvector holds at most 1 MB.
_SEARCHED = 100_000


def _search_in_postgres() -> None:
    for table, columns in _SEARCH.items():
        document = " || ' ' || ".join(f"left({column}, {_SEARCHED})" for column in columns)
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN search tsvector "
            f"GENERATED ALWAYS AS (to_tsvector('english', {document})) STORED"
        )
        op.execute(f"CREATE INDEX ix_{table}_search ON {table} USING gin (search)")


def _search_in_sqlite() -> None:
    for table, columns in _SEARCH.items():
        names = ", ".join(columns)
        old = ", ".join(f"old.{column}" for column in columns)
        new = ", ".join(f"new.{column}" for column in columns)
        changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)
        remove = f"INSERT INTO {table}_fts ({table}_fts, rowid, {names}) VALUES ('delete', old.id, {old});"
        add = f"INSERT INTO {table}_fts (rowid, {names}) VALUES (new.id, {new});"
        op.execute(
            f"CREATE VIRTUAL TABLE {table}_fts USING fts5({names}, content='{table}', content_rowid='id', "
            "tokenize='porter unicode61 remove_diacritics 2')"
        )
        op.execute(f"CREATE TRIGGER {table}_fts_added AFTER INSERT ON {table} BEGIN {add} END")
        op.execute(f"CREATE TRIGGER {table}_fts_removed AFTER DELETE ON {table} BEGIN {remove} END")
        op.execute(
            f"CREATE TRIGGER {table}_fts_changed AFTER UPDATE OF {names} ON {table} WHEN {changed} "
            f"BEGIN {remove} {add} END"
        )
