"""The one family of errors that callers see, arranged by what the caller does next.

    Problem
    ├─ mend the request   Malformed 400 · Invalid 422 · TooLarge 413 · Encoded 415 · StoodStill 408
    ├─ look elsewhere     NotFound 404
    ├─ decide again       Conflict 409 · PreconditionFailed 412
    ├─ ask for leave      Unauthenticated 401 · Forbidden 403
    ├─ try again later    Unavailable 503 · TooMany 429 · TookTooLong 503
    ├─ an outside service Upstream 502
    │  ├─ repeat it       Unreachable 503 · TimedOut 504 · Throttled 503 · Refusing 503 (its breaker is open)
    │  ├─ ask a person    Unauthorised 502: the account has to be connected again
    │  ├─ mend our call   Rejected 502: the same again would fail again · NotThere 502: what we ask for is gone
    │  └─ mend our reader Unreadable 502: the answer has another shape than was agreed
    └─ report it          Internal 500

Categories and severities are those of docs/architecture.md. A `detail` is a sentence written for people;
a foreign exception's text never becomes one. Rendered as RFC 9457 problem+json by app.core.problems.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Category(StrEnum):
    """What kind of thing went wrong: for dashboards and alerts."""

    API = "api"
    NETWORK = "network"
    VALIDATION = "validation"
    TIMEOUT = "timeout"
    AUTHENTICATION = "authentication"
    AUTHORIZATION = "authorization"
    RATE_LIMIT = "rate_limit"
    COST_LIMIT = "cost_limit"
    NOT_FOUND = "not_found"
    INTERNAL = "internal"
    RETRIEVAL = "retrieval"
    EMBEDDING = "embedding"


class Severity(StrEnum):
    """How much it matters: low needs nobody, critical needs somebody now."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that was refused. `location` is a path such as «body.due_at»."""

    location: str
    message: str


class Problem(Exception):
    """Root of the family. Raise a subclass with a sentence for the person who will read it."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong here"
    category: ClassVar[Category] = Category.INTERNAL
    severity: ClassVar[Severity] = Severity.HIGH

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        retry_after: int | None = None,
        **extensions: object,
    ) -> None:
        """`retry_after` is in seconds; `extensions` become further members of the problem document."""
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.retry_after = retry_after
        self.extensions = extensions


class Malformed(Problem):
    """The request can't be understood at all."""

    status, code, title = 400, "malformed", "The request could not be read"
    category, severity = Category.VALIDATION, Severity.LOW


class Invalid(Problem):
    """The request was read, and some of its values can't be taken."""

    status, code, title = 422, "invalid", "Some values can't be taken"
    category, severity = Category.VALIDATION, Severity.LOW


class TooLarge(Problem):
    """The body is larger than this server takes."""

    status, code, title = 413, "too_large", "That is too large"
    category, severity = Category.VALIDATION, Severity.LOW


class Encoded(Problem):
    """The body is compressed: what it would grow to is not known before it is unpacked."""

    status, code, title = 415, "encoded", "A body is taken as it is only"
    category, severity = Category.VALIDATION, Severity.LOW


class StoodStill(Problem):
    """The body began and did not go on."""

    status, code, title = 408, "stood_still", "The request did not go on"
    category, severity = Category.TIMEOUT, Severity.LOW


class NotFound(Problem):
    """There is no such thing, or no longer."""

    status, code, title = 404, "not_found", "Not found"
    category, severity = Category.NOT_FOUND, Severity.LOW


class Conflict(Problem):
    """The thing is in a state that doesn't allow this."""

    status, code, title = 409, "conflict", "That does not fit the present state"
    category, severity = Category.API, Severity.LOW


class PreconditionFailed(Problem):
    """The thing changed since the caller looked (If-Match)."""

    status, code, title = 412, "precondition_failed", "It has changed since you looked"
    category, severity = Category.API, Severity.LOW


class Unauthenticated(Problem):
    """Who asks did not show that they are who they say. It is not told what was wrong about it."""

    status, code, title = 401, "unauthenticated", "It is not known who asks"
    category, severity = Category.AUTHENTICATION, Severity.MEDIUM


class Forbidden(Problem):
    """Not for this caller, or not in this environment."""

    status, code, title = 403, "forbidden", "Not allowed"
    category, severity = Category.AUTHORIZATION, Severity.MEDIUM


class Unavailable(Problem):
    """Something we need does not answer; trying again later is right."""

    status, code, title = 503, "unavailable", "Temporarily unavailable"
    category, severity = Category.NETWORK, Severity.HIGH


class TooMany(Problem):
    """More requests, or more failed tries, than this caller may make in the time. `retry_after` says when to go on."""

    status, code, title = 429, "too_many", "Too many requests"
    category, severity = Category.RATE_LIMIT, Severity.LOW


class TookTooLong(Problem):
    """What was asked kept the database busy for longer than one request may."""

    status, code, title = 503, "took_too_long", "That takes too long"
    category, severity = Category.TIMEOUT, Severity.MEDIUM


class Upstream(Problem):
    """A call to an outside service failed. `service` names it for people («Slack»)."""

    status, code, title = 502, "upstream", "A service we rely on failed"
    category, severity = Category.API, Severity.MEDIUM
    counts: ClassVar[bool] = False
    """Whether it tells that the service itself is ill: only such failures open its circuit breaker."""
    repeatable: ClassVar[bool] = False
    """Whether the same call may succeed a little later."""

    def __init__(
        self, detail: str, *, service: str = "", retry_after_s: float | None = None, happened: bool | None = None
    ) -> None:
        """`retry_after_s`: how long the service asks us to wait. `happened`: whether the call took effect there; None
        where nobody knows, which forbids repeating a write."""
        super().__init__(detail, retry_after=None if retry_after_s is None else max(1, math.ceil(retry_after_s)))
        self.service = service
        self.retry_after_s = retry_after_s
        self.happened = happened


class Unreachable(Upstream):
    """No connection, a dropped one, or a 5xx."""

    status, code, title = 503, "unreachable", "A service we rely on does not answer"
    category = Category.NETWORK
    counts = repeatable = True
    silent = False
    """Nothing at all was heard of the other side, not even a refusal: its name is not known, or no way leads there. It
    may be our own network."""


class TimedOut(Unreachable):
    """It took longer than we wait."""

    status, code, title = 504, "upstream_timeout", "A service we rely on took too long"
    category = Category.TIMEOUT


class Throttled(Upstream):
    """It asks us to slow down. Refused calls never took effect."""

    status, code, title = 503, "throttled", "A service we rely on asks us to slow down"
    category = Category.RATE_LIMIT
    counts = repeatable = True


class Refusing(Upstream):
    """Its circuit breaker is open: it is not called at all for now."""

    status, code, title = 503, "breaker_open", "A service we rely on is temporarily unavailable"
    category = Category.NETWORK
    repeatable = True


class Unauthorised(Upstream):
    """The account's leave is gone, expired or too narrow: a person has to connect it again."""

    code, title = "unauthorised", "An account has to be connected again"
    category, severity = Category.AUTHENTICATION, Severity.HIGH


class Rejected(Upstream):
    """It understood us and refuses: the same call would be refused again."""

    code, title = "rejected", "A service refuses what we ask"


class NotThere(Rejected):
    """It doesn't have what was asked for, or no longer: a deleted message, a history that is too old."""

    code, title = "not_there", "A service no longer has what we ask for"
    category = Category.NOT_FOUND


class Unreadable(Upstream):
    """Its answer has another shape than was agreed. `path` is where, as «data.messages[3].messageId»."""

    code, title = "unreadable", "A service answers in a form that is not understood here"
    severity = Severity.HIGH

    def __init__(self, detail: str, *, path: str, service: str = "", kept: object = None) -> None:
        """`kept` is the answer for diagnosis (app.records.Kept)."""
        super().__init__(detail, service=service, happened=True)
        self.path = path
        self.kept = kept


class Internal(Problem):
    """A defect of ours. Its detail never says more than that and the correlation id."""
