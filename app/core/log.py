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

from app.core.known_secrets import concealed

_SECRET_KEYS = ("password", "secret", "token", "api_key", "authorization", "cookie", "database_url")

_PROCESSORS: list[structlog.typing.Processor] = []
"""One list for good: a logger that was used keeps it, and has to follow when logging is set up anew."""


def configure(level: str, format: Literal["json", "console"], *, statements: bool = False) -> None:
    """Set up structlog and the standard library's loggers (uvicorn, SQLAlchemy) alike, on stderr.

    Of others' loggers only warnings are heard, whatever the level: at DEBUG they tell headers, parameters and rows.
    With `statements` SQL is told too, without its parameters; to be called before an engine is made.
    """
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

    _PROCESSORS[:] = [*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter]
    structlog.configure(
        processors=_PROCESSORS,
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    said: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer, _conceal]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=said,
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.getLogger("app").setLevel(level)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.INFO if statements else logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
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


def _conceal(_logger: object, _method: str, line: str) -> str:
    """Also what stands in a traceback."""
    return concealed(line)


def _mask_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in event:
        if any(part in key.lower() for part in _SECRET_KEYS):
            event[key] = "…"
    return event
