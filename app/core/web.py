"""HTTP for routes: transactions, conditional answers, and the installation of what stands around every request."""

import hashlib
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from app.core import audit, idempotency, problems
from app.core.bodies import Bounded
from app.core.compression import Compressed
from app.core.database import Database
from app.core.errors import FieldError, Invalid, Malformed, PreconditionFailed
from app.core.hardening import Hardened
from app.core.head import AnswersHead
from app.core.identifying import Identified, Recognise
from app.core.middleware import Correlated
from app.core.once import IdempotentPosts
from app.core.origins import ExactOrigins, KnownOrigin
from app.core.proxies import BehindProxies
from app.core.rates import Limiter, RateLimited


def install(  # noqa: PLR0913 - what the settings say of the edge
    app: FastAPI,
    *,
    body_max_bytes: int,
    body_timeout_s: float = 30,
    origins: Sequence[str],
    own_origin: str = "",
    hosts: Sequence[str],
    proxies: Sequence[str] = (),
    recognise: Recognise,
    limiter: Limiter | None = None,
) -> None:
    """Handlers and middleware that every route relies on; what is added last stands outermost."""
    problems.install(app)
    app.add_middleware(IdempotentPosts)
    if limiter is not None:
        app.add_middleware(RateLimited, limiter=limiter)
    app.add_middleware(Identified, recognise=recognise)
    app.add_middleware(Bounded, body_max_bytes=body_max_bytes, body_timeout_s=body_timeout_s)
    app.add_middleware(KnownOrigin, origins=[*origins, own_origin] if own_origin else origins, hosts=hosts)
    app.add_middleware(Compressed)
    app.add_middleware(AnswersHead)
    app.add_middleware(ExactOrigins, origins=origins)
    app.add_middleware(Correlated)
    app.add_middleware(Hardened)
    if proxies:
        app.add_middleware(BehindProxies, trusted=proxies)


def only_posted(app: FastAPI, *paths: str) -> None:
    """Addresses that take POST alone say so to other methods; else their last word would be taken for an id.

    Comes before the routes of those ids.
    """

    async def refuse() -> None:
        raise HTTPException(405, headers={"Allow": "POST"})

    for path in paths:
        app.add_api_route(path, refuse, methods=["GET", "PUT", "PATCH", "DELETE"], include_in_schema=False)


def database_of(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _reading(request: Request) -> AsyncIterator[AsyncSession]:
    async with database_of(request).reading() as session:
        yield session


@asynccontextmanager
async def writing(request: Request) -> AsyncIterator[AsyncSession]:
    """A request's writing transaction, for routes that must not hold one while they read a long body."""
    async with database_of(request).writing() as session:
        audit.asked(session)
        use: idempotency.Use | None = request.scope.get("state", {}).get("idempotency")
        if use is not None:
            await idempotency.claim(session, use, now=request.app.state.clock())
        yield session


async def _writing(request: Request) -> AsyncIterator[AsyncSession]:
    async with writing(request) as session:
        yield session


# With FastAPI's default scope the commit would come after the answer, and a failing one would still be answered 200.
Reading = Annotated[AsyncSession, Depends(_reading, scope="function")]
Writing = Annotated[AsyncSession, Depends(_writing, scope="function")]


def conditional(request: Request, payload: BaseModel, etag: str | None = None) -> Response:
    """`payload` with an ETag (a hash of it, or `etag` in its quotes), or 304 where the client has it already."""
    body = payload.model_dump_json().encode()
    tag = etag or f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
    known = request.headers.get("if-none-match")
    # RFC 9110, 13.1.2: compared weakly, for a proxy that compresses an answer weakens its tag.
    if known is not None and (known.strip() == "*" or _strong(tag) in map(_strong, tags(known))):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(body, media_type="application/json", headers={"ETag": tag})


def versioned_tag(payload: BaseModel, version: int) -> str:
    """An ETag of what is answered that `check_version` takes for the version alone: the rest differs by who looks."""
    digest = hashlib.sha256(payload.model_dump_json().encode()).hexdigest()
    return f'"{version}.{int(digest[:12], 16)}"'


def _strong(tag: str) -> str:
    return tag.removeprefix("W/")


def tags(header: str | None) -> Sequence[str]:
    """Entity tags of an If-Match or If-None-Match header."""
    return [tag.strip() for tag in header.split(",")] if header else []


def check_version(header: str | None, version: int) -> None:
    """Compare an If-Match header with a resource's version; without one, all is accepted.

    An ETag reads `"<version>.<score revision>"`: only the version is people's and syncs' business. Raises
    PreconditionFailed and Malformed.
    """
    if header is None or header.strip() == "*":
        return
    for tag in tags(header) or [""]:
        found = re.fullmatch(r'(?:W/)?"(\d{1,18})(?:\.\d{1,18})?"', tag)
        if found is None:
            raise Malformed(f'If-Match expects an ETag as we gave it, such as "{version}.1".')
        if int(found.group(1)) == version:
            return
    raise PreconditionFailed("It was changed since you looked. Fetch it again, then decide.", version=version)


def next_link(request: Request, response: Response, cursor: str | None) -> Response:
    """Add `Link: rel=next` where there is a next page."""
    if cursor is not None:
        response.headers["Link"] = f'<{request.url.include_query_params(cursor=cursor)}>; rel="next"'
    return response


def page_limit(
    request: Request, limit: Annotated[int | None, Query(ge=1, description="Default 50, at most 200.")] = None
) -> int:
    """How many rows a page holds. Raises Invalid beyond the most that settings allow."""
    settings = request.app.state.settings
    if limit is not None and limit > settings.page_limit_max:
        raise Invalid(
            f"A page holds at most {settings.page_limit_max}.",
            errors=[FieldError("query.limit", f"at most {settings.page_limit_max}")],
        )
    return limit or int(settings.page_limit_default)


Limit = Annotated[int, Depends(page_limit)]
Cursor = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")]
Count = Annotated[bool, Query(description="Also count all that match.")]
Repeatable = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="Repeat the request under the same key, and it happens once."),
]
