"""A process that pulls a scripted kind, on both databases."""

import pytest

from tests.workflows.pipeline import Pipeline
from tests.workflows.sync.scripted import Pulling


@pytest.fixture
def pulling(pipeline: Pipeline) -> Pulling:
    return Pulling(pipeline)
