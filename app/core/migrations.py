"""Bringing the database's schema up or down with Alembic.

Whether anything is to do is decided without importing Alembic, which would cost every start a third of a
second.
"""

import re
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import URL, Connection

_FOLDER = Path(__file__).resolve().parents[2] / "migrations"
_REVISION = re.compile(r'^(revision|down_revision) = (?:"(\w+)"|None)$', re.MULTILINE)


def head() -> str:
    """The newest revision in the migrations folder: the one that no other builds on."""
    revisions: set[str] = set()
    parents: set[str] = set()
    for path in (_FOLDER / "versions").glob("*.py"):
        for name, value in _REVISION.findall(path.read_text(encoding="utf-8")):
            (revisions if name == "revision" else parents).add(value)
    (newest,) = revisions - parents
    return newest


def current(connection: Connection) -> str | None:
    """The database's revision, or None for a database without our tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def upgrade(url: URL, revision: str = "head") -> bool:
    """Bring the schema to `revision`. Returns whether there was anything to do.

    Several processes may call it at once: on Postgres an advisory lock lets one of them work.
    """
    url = sync_url(url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    if revision == "head" and at_head(url):
        return False
    from alembic import command  # noqa: PLC0415 - heavy, and rarely needed

    command.upgrade(_config(url), revision)
    return True


def downgrade(url: URL, revision: str) -> None:
    """Bring the schema back to `revision`, or with «base» to nothing. Data in dropped tables is lost."""
    from alembic import command  # noqa: PLC0415 - heavy, and rarely needed

    command.downgrade(_config(sync_url(url)), revision)


def at_head(url: URL) -> bool:
    """Whether the database has the newest tables."""
    url = sync_url(url)
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return current(connection) == head()
    finally:
        engine.dispose()


def sync_url(url: URL) -> URL:
    """The same database by its synchronous driver."""
    return url.set(drivername="sqlite") if url.get_backend_name() == "sqlite" else url


def _config(url: URL) -> Any:
    from alembic.config import Config  # noqa: PLC0415 - heavy, and rarely needed

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["url"] = url  # not as an option: those are read by ConfigParser, and shown in errors
    return config
