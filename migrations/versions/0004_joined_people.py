"""People who are known under several addresses are found without looking at all others."""

import sqlalchemy as sa
from alembic import op

revision = "0004_joined_people"
down_revision = "0003_sample_data"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("joined", sa.Boolean(), nullable=False, server_default=sa.false()))
    judged = sa.text("is_us OR joined")
    op.create_index("ix_people_judged", "people", ["updated_at"], sqlite_where=judged, postgresql_where=judged)


def downgrade() -> None:
    op.drop_index("ix_people_judged", "people")
    op.drop_column("people", "joined")
