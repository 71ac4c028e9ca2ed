"""An integration's number is never given again, also on SQLite; a saved view counts its changes."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0015_numbers_of_integrations"
down_revision = "0014_filtered_queue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("saved_views", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    if _is_sqlite():
        _make_anew(autoincrement=True)
        _go_on_after(_highest())


def downgrade() -> None:
    if _is_sqlite():
        _make_anew(autoincrement=False)
    op.drop_column("saved_views", "version")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _make_anew(*, autoincrement: bool) -> None:
    """SQLite gives a table that only by making another one. The old one's rows go with it, and with them whatever hangs
    on them where foreign keys are looked after: for a migration they are not, and its transaction can't change that."""
    if op.get_bind().execute(sa.text("PRAGMA foreign_keys")).scalar_one():
        raise RuntimeError("integrations can't be made anew while foreign keys are looked after")
    kwargs = {"sqlite_autoincrement": autoincrement}
    with op.batch_alter_table("integrations", recreate="always", table_kwargs=kwargs):
        pass


def _highest() -> int:
    """The highest number that is known to have been given: a view may name one that is gone."""
    connection = op.get_bind()
    highest: int = connection.execute(sa.text("SELECT coalesce(max(id), 0) FROM integrations")).scalar_one()
    filters = connection.execute(sa.text("SELECT filter FROM saved_views")).scalars()
    named = [each for kept in filters for each in json.loads(kept).get("integration", []) if isinstance(each, int)]
    return max([highest, *named])


def _go_on_after(highest: int) -> None:
    connection = op.get_bind()
    connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'integrations'"))
    connection.execute(sa.text("INSERT INTO sqlite_sequence VALUES ('integrations', :seq)"), {"seq": highest})
