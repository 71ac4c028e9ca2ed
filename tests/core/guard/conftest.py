import pytest

from tests.core.guard.play import Time


@pytest.fixture
def time() -> Time:
    return Time()
