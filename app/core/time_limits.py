"""How long a statement may keep the database busy: bounded while a request is answered, and without end elsewhere.

Background work, commands and migrations may take their time; a request that is waited for may not block others for
ever. The mark goes along with asyncio's tasks; app.core.database looks at it when a transaction begins.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_answering: ContextVar[bool] = ContextVar("answering", default=False)


def is_answering() -> bool:
    """Whether what runs now answers a request."""
    return _answering.get()


@contextmanager
def answering() -> Iterator[None]:
    token = _answering.set(True)
    try:
        yield
    finally:
        _answering.reset(token)


@contextmanager
def unhurried() -> Iterator[None]:
    """For what may take its time though a request asked for it. Within a transaction that has begun:
    app.core.database.unhurried."""
    token = _answering.set(False)
    try:
        yield
    finally:
        _answering.reset(token)
