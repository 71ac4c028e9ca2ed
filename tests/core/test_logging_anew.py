"""Logging that is set up anew: loggers that were used before follow."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from app.core import log


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)


def test_a_logger_that_was_used_follows_when_logging_is_set_up_anew() -> None:
    log.configure("INFO", "json")
    logger = log.get("of this test")
    logger.info("before")
    log.configure("INFO", "console")

    with structlog.testing.capture_logs() as heard:
        logger.info("after")

    assert [entry["event"] for entry in heard] == ["after"]
