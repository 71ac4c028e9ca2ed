"""Which pages of other origins may act here, and under which names this server answers. Pure ASGI.

https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import re
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.asgi import header, headers
from app.core.errors import Forbidden, Malformed, Problem
from app.core.problems import render

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
"""Names that only this machine itself can use."""
ASKED_BY_ADDRESS = re.compile(r"/health(?:/live|/ready)?")
"""What orchestrators ask for, under whatever address they know. It tells nothing that is secret."""
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]*)(?::\d{1,5})?")


def names(listen_host: str, public_url: str, trusted: Sequence[str]) -> list[str]:
    """The names to answer under; empty: any.

    On loopback these are known, so that no page's own name can be bent to this machine. Whoever listens elsewhere says
    by which names it is reached; where they don't, any is taken, for there is no way to guess them.
    """
    public = urlsplit(public_url).hostname
    given = [*([_bracketed(public)] if public else []), *(each.lower() for each in trusted)]
    if is_loopback(listen_host):
        return [*dict.fromkeys([*LOOPBACK, _bracketed(listen_host.lower()), *given])]
    return [*dict.fromkeys([*LOOPBACK, *given])] if given else []


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def origin_of(public_url: str) -> str:
    """The origin of PUBLIC_URL, as a browser writes it; empty where there is none."""
    parts = urlsplit(public_url)
    if not parts.hostname:
        return ""
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{parts.scheme}://{_bracketed(parts.hostname)}{port}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


class KnownOrigin:
    """Refuses what a foreign web page makes somebody's browser send here.

    A request that changes something and names an Origin must come from our page or from one of `origins`; and where
    `hosts` are given, every request must name one of them as Host, which stops pages that let their own name point to
    this machine (DNS rebinding). Programs send no Origin and are not held up. `*` stands for pages that send no cookie.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str], hosts: Sequence[str] = ()) -> None:
        self.app = app
        self.origins = frozenset(origins)
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = self._refusal(scope) if scope["type"] == "http" else None
        if problem is None:
            await self.app(scope, receive, send)
        else:
            await render(problem)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Problem | None:
        given = headers(scope, "host")
        if len(given) > 1:
            return Malformed("The header Host came more than once.")
        host = given[0].lower() if given else ""
        if self.hosts and not ASKED_BY_ADDRESS.fullmatch(scope["path"]):
            found = _HOST.fullmatch(host)
            if found is None or found.group(1) not in self.hosts:
                detail = "This server answers under its own names only. Add one by PUBLIC_URL or TRUSTED_HOSTS."
                return Forbidden(detail)
        origin = header(scope, "origin")
        if origin is None or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            return None
        if origin in self.origins or origin == f"{scope['scheme']}://{host}":
            return None
        if "*" in self.origins and header(scope, "cookie") is None:
            return None
        return Forbidden(_foreign(origin, scope["scheme"], host))


def _foreign(origin: str, scheme: str, host: str) -> str:
    """Why a page of this origin is refused, and what would mend it."""
    if host and origin == f"https://{host}" and scheme == "http":
        return (
            "This page came by https, and its request reached this server by http: a proxy stands between. "
            "Set PUBLIC_URL=https://…, or name the proxy in TRUSTED_PROXIES."
        )
    return "A page of another origin may not act here. Add its origin to CORS_ORIGINS to allow it."


class ExactOrigins(CORSMiddleware):
    """CORS for listed origins, which may send cookies. Others are told nothing; with `*`, nobody may send any."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        super().__init__(
            app,
            allow_origins=tuple(origins),
            allow_methods=("GET", "POST", "PATCH", "PUT", "DELETE"),
            allow_headers=(
                "Authorization",
                "Content-Type",
                "If-Match",
                "If-None-Match",
                "Idempotency-Key",
                "X-Correlation-ID",
                "X-CSRF-Token",
            ),
            allow_credentials="*" not in origins,
            expose_headers=(
                "ETag",
                "Link",
                "Location",
                "Retry-After",
                "X-Correlation-ID",
                "Idempotency-Replayed",
                "RateLimit-Limit",
                "RateLimit-Remaining",
                "RateLimit-Reset",
                "RateLimit-Policy",
            ),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = header(scope, "origin") if scope["type"] == "http" else None
        preflight = scope.get("method") == "OPTIONS"
        if scope["type"] != "http" or (not preflight and (origin is None or not self.is_allowed_origin(origin))):
            await self.app(scope, receive, _varying(send))
        else:
            await super().__call__(scope, receive, send)


def _varying(send: Send) -> Send:
    """By origin too: what is kept for a page of one origin must not be given to one of another."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).add_vary_header("Origin")
        await send(message)

    return sent
