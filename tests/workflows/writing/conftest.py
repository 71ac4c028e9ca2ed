"""A process that pulls a scripted kind and tells it what people did, on both databases."""

from pathlib import Path

import pytest

from app.core.database import Database
from tests.conftest import SettableClock
from tests.workflows.pipeline import Pipeline
from tests.workflows.writing.board import Office


@pytest.fixture
def office(pipeline: Pipeline) -> Office:
    return Office(pipeline)


@pytest.fixture
def on_postgres(postgres_database: Database, clock: SettableClock, tmp_path: Path) -> Office:
    """The same where one writer at a time could not show it."""
    return Office(Pipeline(postgres_database, clock, tmp_path))
