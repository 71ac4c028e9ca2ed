"""The pipeline for all tests of workflows, on both databases, and on SQLite where the database does not matter."""

from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
import structlog

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


@pytest.fixture
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged meanwhile."""
    with structlog.testing.capture_logs() as entries:
        yield entries
