"""What people ranked by hand, and the changes of rules that are proposed from it."""

import sqlalchemy as sa
from alembic import op

revision = "0009_learning"
down_revision = "0008_pasts_of_tasks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rank_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("above_id", sa.Integer(), nullable=False),
        sa.Column("below_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=320), nullable=False),
        sa.Column("ruleset", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("above_lines", sa.JSON(), nullable=False),
        sa.Column("below_lines", sa.JSON(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("comparable", sa.Boolean(), nullable=False),
        sa.CheckConstraint("above_id <> below_id", name=op.f("ck_rank_pairs_two_tasks")),
        sa.ForeignKeyConstraint(
            ["above_id"], ["tasks.id"], name=op.f("fk_rank_pairs_above_id_tasks"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["below_id"], ["tasks.id"], name=op.f("fk_rank_pairs_below_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rank_pairs")),
        sqlite_autoincrement=True,  # proposals name drags that may be gone: no id is given a second time
    )
    for columns in (["above_id"], ["below_id"], ["ruleset", "id"], ["at"]):
        op.create_index(f"ix_rank_pairs_{'_'.join(columns)}", "rank_pairs", columns)
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ruleset", sa.String(length=64), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("drags", sa.Integer(), nullable=False),
        sa.Column("agreed_before", sa.Integer(), nullable=False),
        sa.Column("agreed_after", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("accepted_version", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'rejected', 'reverted', 'outdated')",
            name=op.f("ck_proposals_state_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_proposals_ruleset_state", "proposals", ["ruleset", "state"])


def downgrade() -> None:
    for table in ("proposals", "rank_pairs"):
        op.drop_table(table)
