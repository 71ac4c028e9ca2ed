"""What stands around every request: its correlation id, its line in the log, its place in the metrics. Pure ASGI."""

import re
import time
import uuid

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import log, metrics, time_limits
from app.core.asgi import header
from app.core.problems import render, unexpected

CORRELATION_HEADER = "X-Correlation-ID"
_CORRELATION = re.compile(r"[A-Za-z0-9._:-]{1,128}")

_log = log.get(__name__)


class Correlated:
    """Outermost: gives each request its correlation id, writes its line in the log, catches what nobody caught."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = header(scope, CORRELATION_HEADER) or ""
        # Whatever a client sends ends up in our logs: only harmless characters are taken over.
        identity = given if _CORRELATION.fullmatch(given) else uuid.uuid4().hex
        started = time.perf_counter()
        status = 500
        begun = False

        async def send_with_id(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                begun = True
                status = message["status"]
                message["headers"] = [*message["headers"], (CORRELATION_HEADER.lower().encode(), identity.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(correlation_id=identity), time_limits.answering():
            try:
                await self.app(scope, receive, send_with_id)
            except Exception as error:  # the edge: logged once, and nothing of it is shown
                _log.error("request failed", path=scope["path"], exc_info=error)
                if begun:
                    raise
                await render(unexpected(error))(scope, receive, send_with_id)
            finally:
                _count(scope, status, time.perf_counter() - started)
                _log.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _count(scope: Scope, status: int, seconds: float) -> None:
    """By the route's template: addresses are without number, and so are methods that somebody makes up."""
    route = getattr(scope.get("route"), "path", "page" if "endpoint" in scope else "unmatched")
    if scope.get("state", {}).get("replayed"):
        route = "replayed"
    method = scope["method"] if scope["method"] in _METHODS else "other"
    metrics.answered(method, route, status, -1.0 if route.endswith("/events") else seconds)
