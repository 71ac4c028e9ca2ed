"""The dashboard at / and the addresses below, the API's documentation at /docs, and their assets: all from this server.

The pages are anyone's: what they show is asked of the API, which asks for a sign-in. Each carries a content security
policy, so that text from a mail can never run as a program here. What carries a hash or a version in its address is
kept for a year; everything else is asked about at each visit (a 304).

The dashboard is what `scripts/build` made. It is looked for at each request: a build made while this runs is served at
once, and where there is none a page says so. Documentation needs no build.
"""

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Receive, Scope, Send

from app.core.compression import accepts

DASHBOARD = Path(__file__).resolve().parents[1] / "dashboard"
PLAIN = Path(__file__).with_name("plain_pages")

CLIENT_PAGES = (
    "/",
    "/sign-in",
    "/people",
    "/tasks/{task:int}",
    "/integrations",
    "/integrations/{integration:int}",
    *(f"/{name}{below}" for name in ("rules", "watch", "settings") for below in ("", "/{below:path}")),
)
"""Addresses that the dashboard makes a page of by itself, in the browser."""

_STRICT = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
# Swagger UI draws its icons as data: images and sets style attributes; its scripts and style sheets are ours too.
_DOCS = f"{_STRICT}; img-src 'self' data:; style-src-attr 'unsafe-inline'"
# Parts of the dashboard write style sheets while it runs, and say the nonce to be allowed to.
_DASHBOARD = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
_NONCE = "__CSP_NONCE__"

_NEVER_CHANGES = re.compile(r"-[A-Za-z0-9_-]{8}\.[a-z0-9]+|.*-\d+\.\d+\.\d+/.*")
"""Paths with a hash, as Vite writes them, or of a folder with a version."""
_SMALLER = (("br", ".br"), ("gzip", ".gz"))
"""Content codings by preference, and the endings of the files that the build wrote for them."""


class Assets(StaticFiles):
    """Static files with how long to keep them, never taken for another type than they are, compressed where a
    compressed one stands beside."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)
        self.folder = folder.resolve()

    async def check_config(self) -> None:
        """The folder may come later: then the dashboard was built."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Raises HTTPException where there is no such file."""
        if path.endswith(tuple(ending for _, ending in _SMALLER)):
            raise HTTPException(404)  # they are forms of others, and no files of their own
        return await super().get_response(path, scope)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        whole = super().file_response(full_path, stat_result, scope, status_code)
        response = self._smaller(full_path, whole, scope, status_code) or whole
        fixed = _NEVER_CHANGES.search(Path(full_path).relative_to(self.folder).as_posix())
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fixed else "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def _smaller(
        self, full_path: str | os.PathLike[str], whole: Response, scope: Scope, status_code: int
    ) -> Response | None:
        """The smallest form of a file that is there and that the client takes. Marks `whole` where there is another."""
        forms = list(_forms(full_path))
        if not forms:
            return None
        whole.headers.add_vary_header("Accept-Encoding")
        headers = Headers(scope=scope)
        for coding, path, found in forms:
            if accepts(headers, coding):
                response = super().file_response(path, found, scope, status_code)
                response.headers.add_vary_header("Accept-Encoding")
                if not isinstance(response, NotModifiedResponse):
                    response.headers["Content-Encoding"] = coding
                return response
        return None


def _forms(full_path: str | os.PathLike[str]) -> Iterator[tuple[str, str, os.stat_result]]:
    for coding, ending in _SMALLER:
        path = os.fspath(full_path) + ending
        try:
            yield coding, path, os.stat(path)
        except FileNotFoundError:
            continue


def install(app: FastAPI, dashboard: Path = DASHBOARD) -> None:
    """Serve the pages and their assets. None of it is part of the API's description."""
    plain, built = Assets(PLAIN), dashboard / "dist"
    drawn = Assets(dashboard / "public")

    # No coroutine: Starlette runs it in a thread, for it reads a file.
    def client_page(_request: Request) -> Response:
        return _page(built)

    missing = app.router.default

    async def nowhere(scope: Scope, receive: Receive, send: Send) -> None:
        """For what no route is: people get a page with a way back, programs the problem."""
        answer = missing
        if scope["type"] == "http" and scope["method"] == "GET" and _asks_for_a_page(Headers(scope=scope)):
            answer = await run_in_threadpool(_page, built, 404)
        await answer(scope, receive, send)

    async def docs(request: Request) -> Response:
        response = await plain.get_response("docs.html", request.scope)
        response.headers["Content-Security-Policy"] = _DOCS
        return response

    async def icon(request: Request) -> Response:
        return await drawn.get_response("icon.svg", request.scope)

    app.router.default = nowhere
    for path in CLIENT_PAGES:
        app.add_route(path, client_page, methods=["GET"], include_in_schema=False)
    app.add_route("/docs", docs, methods=["GET"], include_in_schema=False)
    app.add_route("/icon.svg", icon, methods=["GET"], include_in_schema=False)
    app.mount("/docs/assets", plain, name="documentation")
    app.mount("/assets", Assets(built / "assets"), name="assets")


def _page(built: Path, status: int = 200) -> Response:
    """The one page that makes all others in the browser."""
    try:
        text = (built / "index.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        return _unbuilt()
    nonce = secrets.token_urlsafe(16)
    # Not kept: each answer's nonce is good for that answer alone.
    headers = {"Content-Security-Policy": _DASHBOARD.format(nonce=nonce), "Cache-Control": "no-store"}
    return HTMLResponse(text.replace(_NONCE, nonce), status, headers=headers)


def _asks_for_a_page(headers: Headers) -> bool:
    """As browsers do where somebody goes to an address, and neither programs nor scripts of a page do."""
    return "text/html" in headers.get("accept", "")


def _unbuilt() -> Response:
    """503, for it is there once it is built; who looks whether the dashboard can be used must not be told it can."""
    text = (PLAIN / "unbuilt.html").read_text(encoding="utf-8")
    return HTMLResponse(text, 503, headers={"Content-Security-Policy": _STRICT, "Cache-Control": "no-store"})
