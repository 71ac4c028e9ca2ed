"""Whether the sample data was loaded here, so that it never comes back by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0003_sample_data"
down_revision = "0002_context_work_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sample_loads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_sample_loads_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_loads")),
    )


def downgrade() -> None:
    op.drop_table("sample_loads")
