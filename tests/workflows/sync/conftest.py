"""A process that pulls a scripted kind, on both databases."""

from pathlib import Path

import pytest

from app.core.database import Database
from tests.conftest import SettableClock
from tests.workflows.pipeline import Pipeline
from tests.workflows.sync.scripted import Pulling


@pytest.fixture
def pulling(pipeline: Pipeline) -> Pulling:
    return Pulling(pipeline)


@pytest.fixture
def on_postgres(postgres_database: Database, clock: SettableClock, tmp_path: Path) -> Pulling:
    """The same where one writer at a time could not show it."""
    return Pulling(Pipeline(postgres_database, clock, tmp_path))
