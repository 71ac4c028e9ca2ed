"""Structured logs: JSON lines for machines, console lines for people, a correlation id on both.

Log calls name an event and give its values; secrets are masked by key as a last line of defence.
"""

import logging
import sys
import uuid
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Literal

import structlog

_SECRET_KEYS = ("password", "secret", "token", "api_key", "authorization", "cookie", "database_url")


def configure(level: str, format: Literal["json", "console"]) -> None:
    """Set up structlog and the standard library's loggers (uvicorn, SQLAlchemy) alike, on stderr."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _mask_secrets,
    ]
    renderer: structlog.typing.Processor
    if format == "json":
        shared.append(structlog.processors.format_exc_info)
        renderer = structlog.processors.JSONRenderer()
    else:
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # The default one prints local variables, secrets among them, and takes a second over a long traceback.
            exception_formatter=structlog.dev.plain_traceback,
        )

    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    # What they say at every start `serve` says better; and of calls to services the guard says what matters.
    for name in ("alembic", "httpcore", "httpx", "uvicorn.error"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # Our own line per request carries the correlation id; uvicorn's would only repeat it without.
    logging.getLogger("uvicorn.access").disabled = True


def get(name: str) -> Any:
    """A logger bound to `name`. Typed Any because structlog's bound loggers are made at first use."""
    return structlog.stdlib.get_logger(name)


@contextmanager
def correlated() -> Iterator[None]:
    """A correlation id of its own for a command."""
    with structlog.contextvars.bound_contextvars(correlation_id=uuid.uuid4().hex):
        yield


def correlation_id() -> str:
    """The id of the request or command that is being carried out; empty outside of one."""
    return str(structlog.contextvars.get_contextvars().get("correlation_id", ""))


def _mask_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in event:
        if any(part in key.lower() for part in _SECRET_KEYS):
            event[key] = "…"
    return event
