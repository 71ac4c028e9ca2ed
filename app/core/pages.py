"""The page at /, signing in at /sign-in, the API's documentation at /docs, and their assets: all from this server.

The pages are anyone's: what they show is asked of the API, which asks for a sign-in. Each carries a content security
policy, so that text from a mail can never run as a program here. A vendored asset's address carries its version and is
kept for a year; everything else is asked about at each visit (a 304).
"""

import os
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).resolve().parents[1] / "dashboard"

_STRICT = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
# Swagger UI draws its icons as data: images and sets style attributes; its scripts and style sheets are ours too.
_DOCS = f"{_STRICT}; img-src 'self' data:; style-src-attr 'unsafe-inline'"
_POLICIES = {"index.html": _STRICT, "sign-in.html": _STRICT, "docs.html": _DOCS}


class Assets(StaticFiles):
    """Static files with how long to keep them, and never taken for another type than they are."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        versioned = "vendor" in Path(full_path).relative_to(FOLDER).parts
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if versioned else "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def install(app: FastAPI) -> None:
    """Serve the pages, and their assets under /assets. None of it is part of the API's description."""
    assets = Assets(directory=FOLDER)

    async def page(request: Request, name: str) -> Response:
        response = await assets.get_response(name, request.scope)
        response.headers["Content-Security-Policy"] = _POLICIES[name]
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    async def home(request: Request) -> Response:
        return await page(request, "index.html")

    async def sign_in(request: Request) -> Response:
        return await page(request, "sign-in.html")

    async def docs(request: Request) -> Response:
        return await page(request, "docs.html")

    app.add_route("/", home, methods=["GET"], include_in_schema=False)
    app.add_route("/sign-in", sign_in, methods=["GET"], include_in_schema=False)
    app.add_route("/docs", docs, methods=["GET"], include_in_schema=False)
    app.mount("/assets", assets, name="assets")
