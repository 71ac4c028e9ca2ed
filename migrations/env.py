"""Runs migrations in one transaction, on SQLite or Postgres.

On Postgres a lock time-out keeps a migration from queueing behind a long transaction while everybody
queues behind it, and an advisory lock keeps two starting processes from migrating at once.
"""

from alembic import context
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection

import app.core.audit
import app.core.events
import app.core.idempotency
import app.core.stored_secrets
import app.domains.connections.models
import app.domains.identity.models
import app.domains.learning.models
import app.domains.monitoring.models
import app.domains.people.models
import app.domains.rulesets.models
import app.domains.saved_views.models
import app.domains.tasks.models
import app.domains.tasks.writes.models  # noqa: F401 - each brings its tables into the metadata
from app.core.database import Base

_LOCK = 0x57617463  # «Watc»


def include_name(name: str | None, type_: str, _parents: object) -> bool:
    """Hides the full-text tables, columns and indexes from autogenerate: migrations make them by hand."""
    if type_ == "table":
        return name is None or "_fts" not in name
    if type_ == "index":
        return name is None or not name.endswith("_search")
    return not (type_ == "column" and name == "search")


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=include_name,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    if connection.dialect.name == "postgresql":
        # First our own turn, however long the other process needs; the time-out is for locks that others hold.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        connection.execute(text("SET lock_timeout = '10s'"))
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()


def main() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    engine = create_engine(context.config.attributes["url"])
    if engine.dialect.name == "sqlite":
        # SQLite can undo DDL, but the driver starts no transaction for it by itself.
        event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.connect() as connection:
            run(connection)
    finally:
        engine.dispose()


main()
