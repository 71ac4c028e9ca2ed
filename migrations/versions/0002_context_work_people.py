"""Items that are rows or context, links between items, people and their addresses, sample data."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002_context_work_people"
down_revision = "0001_first_tables"
branch_labels = None
depends_on = None


def _added() -> dict[str, tuple[sa.Column[Any], ...]]:
    return {
        "items": (
            sa.Column("key", sa.Text(), nullable=False, server_default=""),
            sa.Column("revised_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("loose", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("work", sa.JSON(), nullable=True),
        ),
        "tasks": (
            sa.Column("title_key", sa.String(length=300), nullable=False, server_default=""),
            sa.Column("source_status", sa.String(length=20), nullable=True),
        ),
        "integrations": (sa.Column("sample", sa.Boolean(), nullable=False, server_default=sa.false()),),
        "sync_runs": (sa.Column("context", sa.Integer(), nullable=False, server_default="0"),),
    }


def upgrade() -> None:
    # One by one, not by copying the table: copying would lose the triggers that keep the search index.
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    sqlite = op.get_bind().dialect.name == "sqlite"
    first = "json_extract(keys, '$[0]')" if sqlite else "keys->>0"
    op.execute(f"UPDATE items SET key = coalesce({first}, '')")
    no_task = sa.text("task_id IS NULL")
    op.create_index("ix_items_context", "items", ["key"], sqlite_where=no_task, postgresql_where=no_task)
    op.create_index("ix_tasks_title_key", "tasks", ["title_key"])
    _links()
    _people()


def _links() -> None:
    op.create_table(
        "item_links",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.CheckConstraint("relation IN ('mentions', 'depends_on')", name=op.f("ck_item_links_relation_is_known")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_links_item_id_items"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", "relation", "key", name=op.f("pk_item_links")),
    )
    op.create_index("ix_item_links_key", "item_links", ["key"])
    op.create_table(
        "unrelated_tasks",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("task_id < other_id", name=op.f("ck_unrelated_tasks_smaller_first")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_unrelated_tasks_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["tasks.id"], name=op.f("fk_unrelated_tasks_other_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "other_id", name=op.f("pk_unrelated_tasks")),
    )
    op.create_index("ix_unrelated_tasks_other_id", "unrelated_tasks", ["other_id"])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("is_us", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_index("ix_people_name_key", "people", ["name_key"])
    op.create_table(
        "identities",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_identities_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_identities")),
    )
    op.create_index("ix_identities_person_id", "identities", ["person_id"])
    op.create_table(
        "not_the_same",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("person_id < other_id", name=op.f("ck_not_the_same_smaller_first")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_not_the_same_person_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["people.id"], name=op.f("fk_not_the_same_other_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "other_id", name=op.f("pk_not_the_same")),
    )
    op.create_index("ix_not_the_same_other_id", "not_the_same", ["other_id"])


def downgrade() -> None:
    for table in ("not_the_same", "identities", "people", "unrelated_tasks", "item_links"):
        op.drop_table(table)
    op.drop_index("ix_tasks_title_key", "tasks")
    op.drop_index("ix_items_context", "items")
    for table, columns in _added().items():
        for column in reversed(columns):
            op.drop_column(table, column.name)
