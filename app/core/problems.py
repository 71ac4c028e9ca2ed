"""Errors on the wire: every one a client sees is RFC 9457 problem+json, made here and nowhere else.

What we did not raise ourselves becomes a plain 500 whose only pointer is the correlation id: no exception text, path or
value leaves the process.
"""

import sqlite3
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from pydantic_core import to_json
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.core.errors import (
    Category,
    FieldError,
    Internal,
    Invalid,
    Malformed,
    NotFound,
    Problem,
    Severity,
    TookTooLong,
    TooLarge,
    Unavailable,
)
from app.core.known_secrets import concealed
from app.core.log import correlation_id

PROBLEM_JSON = "application/problem+json"
_MOST_ERRORS, _LONGEST_PART = 50, 100
"""So many refused fields are told of, and so many characters of each part of a name: what was sent may be huge."""
_BEYOND_FORMS = ("Part exceeded", "Too many fields", "Too many files")
"""How Starlette says that a form is larger than the bounds that app.workflows.routes sets."""
_COLLIDED = ("40P01", "40001")
"""How Postgres says that two transactions waited for each other, or could not both be true."""
_ENDED = "57014"
"""And that a statement took too long."""


class WrongMethod(Problem):
    """The address exists, and doesn't do this. Its header Allow says what it does."""

    status, code, title = 405, "method_not_allowed", "Not possible here"
    category, severity = Category.API, Severity.LOW


class FieldErrorOut(BaseModel):
    """A field that was refused."""

    location: str = Field(
        description="Where: in the body, the query, the path, or the document.", examples=["body.until"]
    )
    message: str = Field(description="What is wrong with it.", examples=["must lie in the future"])


class ProblemOut(BaseModel):
    """What went wrong, after RFC 9457."""

    type: str = Field(description="Which problem it is, as an address.", examples=["about:blank#conflict"])
    title: str = Field(description="Which problem it is, in words.", examples=["Conflict"])
    status: int = Field(description="The HTTP status.", examples=[409])
    detail: str = Field(description="A sentence for a person.")
    code: str = Field(description="Which problem it is, for programs.", examples=["conflict"])
    category: Category = Field(description="What kind of trouble it is.")
    severity: Severity = Field(description="How grave it is.")
    correlation_id: str = Field(description="Find the request in the logs by it.")
    errors: list[FieldErrorOut] = Field(default_factory=list, description="Fields that were refused.")
    retry_after: int | None = Field(None, description="Seconds, where known.")


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: the problems it can answer with."""
    return {status: {"model": ProblemOut} for status in statuses}


def render(problem: Problem) -> Response:
    """A problem as a response."""
    document: dict[str, Any] = {
        "type": f"about:blank#{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": concealed(problem.detail),
        "code": problem.code,
        "category": problem.category,
        "severity": problem.severity,
        "correlation_id": correlation_id(),
        "errors": [{"location": error.location, "message": error.message} for error in problem.errors],
        "retry_after": problem.retry_after,
        **problem.extensions,
    }
    headers = {"Retry-After": str(problem.retry_after)} if problem.retry_after is not None else {}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    # pydantic's serialiser knows dates and decimals: an error must always render.
    return Response(to_json(document, fallback=str), problem.status, headers, media_type=PROBLEM_JSON)


def install(app: FastAPI) -> None:
    """Make FastAPI answer with problem documents, whatever was raised."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)


async def _on_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - FastAPI types handlers for any exception
    return render(error)


async def _on_validation(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    found = error.errors()
    fields = [_field_error(each) for each in found[:_MOST_ERRORS]]
    if any(each["type"] == "json_invalid" for each in found):
        return render(Malformed("The body is no valid JSON.", errors=fields))
    what = ", ".join(dict.fromkeys(field.location for field in fields[:3]))
    return render(Invalid(f"The request can't be taken as it is: see {what}.", errors=fields))


def _field_error(error: Mapping[str, Any]) -> FieldError:
    location = ".".join(str(part)[:_LONGEST_PART] for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return FieldError(location, "is not known here")
    return FieldError(location, str(error["msg"]).removeprefix("Value error, "))


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    if error.status_code == 404:
        return render(NotFound(f"There is nothing at {request.url.path}."))
    if error.status_code == 405:
        problem: Problem = WrongMethod(f"{request.method} is not possible at {request.url.path}; see Allow.")
    elif error.status_code == 400 and str(error.detail).startswith(_BEYOND_FORMS):
        problem = TooLarge("A form may hold one file and at most 20 fields, each of at most 100,000 bytes.")
    else:
        problem = Malformed("The body could not be read as what it claims to be.")
        problem.status = error.status_code  # type: ignore[misc] # 400 or 401, of the few that Starlette raises itself
    response = render(problem)
    response.headers.update(error.headers or {})
    return response


def was_ended(error: DBAPIError) -> bool:
    """Whether the statement took longer than one of a request may."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return getattr(error.orig, "sqlstate", None) == _ENDED or code == sqlite3.SQLITE_INTERRUPT


def unexpected(error: Exception) -> Problem:
    """What a client is told of an error that we did not raise."""
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _COLLIDED:
        return Unavailable("Somebody changed the same at the same moment; nothing was done. Try again.", retry_after=1)
    if isinstance(error, DBAPIError) and was_ended(error):
        return TookTooLong(
            "It kept the database busy for too long and was ended. Ask for less at once.", retry_after=30
        )
    # Bare, without a more special class, is how SQLite says that its file is none of its own, or damaged.
    bare = type(error) is DatabaseError
    if bare or isinstance(error, OperationalError | InterfaceError | PoolTimeout | ConnectionError):
        return Unavailable("The database does not answer at the moment. Try again in a few seconds.", retry_after=5)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return Unavailable("The connection to the database was lost. Try again.", retry_after=1)
    return Internal(f"Something went wrong here; it is in the log under {correlation_id()}.")
