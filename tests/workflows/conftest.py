"""The pipeline for all tests of workflows, on both databases, and on SQLite where the database does not matter."""

from pathlib import Path

import pytest

from app.core.database import Database
from tests.conftest import SettableClock
from tests.workflows.pipeline import Pipeline


@pytest.fixture
def pipeline(database: Database, clock: SettableClock, tmp_path: Path) -> Pipeline:
    """Anna's and our mail on a Monday morning, nothing imported yet; on SQLite and on Postgres."""
    return Pipeline(database, clock, tmp_path)


@pytest.fixture
def on_sqlite(sqlite_database: Database, clock: SettableClock, tmp_path: Path) -> Pipeline:
    """The same where the database makes no difference."""
    return Pipeline(sqlite_database, clock, tmp_path)
