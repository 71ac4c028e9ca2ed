"""One request and what was made of it, and the log that tests and people look into."""

import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from scripts.fake_composio.faults import Fault
from scripts.fake_composio.toolkit import HttpFailed
from scripts.fake_composio.wire import Request

Answer = tuple[int, Any]
"""HTTP status and JSON."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was answered, or left without an answer."""

    slug: str | None
    """The tool; None where no tool was asked for."""
    path: str
    arguments: Mapping[str, Any]
    account: str | None
    user_id: str | None
    version: str | None
    at: datetime
    status: int
    """0: the connection was dropped."""
    successful: bool
    ran: bool
    """The tool did its work, whatever became of the answer."""
    faults: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "at": self.at.isoformat()}


class Calls:
    """The latest requests, oldest first. Bounded; `total` counts all."""

    def __init__(self, kept: int) -> None:
        self._kept: deque[Call] = deque(maxlen=kept)
        self.total = 0
        self.in_flight = 0
        self.most_in_flight = 0

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._kept))

    def __getitem__(self, index: int) -> Call:
        return self._kept[index]

    def of(self, slug: str, *, account: str | None = None) -> list[Call]:
        return [call for call in self if call.slug == slug and account in (None, call.account)]

    def count(self, slug: str, *, account: str | None = None) -> int:
        return len(self.of(slug, account=account))

    def add(self, call: Call) -> None:
        self._kept.append(call)
        self.total += 1

    def clear(self) -> None:
        self._kept.clear()
        self.total = self.most_in_flight = 0


@dataclass(slots=True)
class Exchange:
    """A request on its way through the server."""

    request: Request
    target: str
    """What faults are matched with: the slug of an executed tool, else the path."""
    slug: str | None
    body: Mapping[str, Any]
    faults: list[Fault] = field(default_factory=list)
    ran: bool = False

    @property
    def arguments(self) -> Mapping[str, Any]:
        given = self.body.get("arguments", self.body.get("input"))
        return given if isinstance(given, Mapping) else {}

    @property
    def account(self) -> str | None:
        return self._text("connected_account_id", "connectedAccountId")

    @property
    def user_id(self) -> str | None:
        return self._text("user_id", "entityId")

    def _text(self, *names: str) -> str | None:
        found = next((self.body[name] for name in names if self.body.get(name)), None)
        return None if found is None else str(found)

    def call(self, at: datetime, status: int, *, successful: bool) -> Call:
        version, faults = self._text("version"), tuple(fault.kind for fault in self.faults)
        given, path = dict(self.arguments), self.request.path
        return Call(
            self.slug, path, given, self.account, self.user_id, version, at, status, successful, self.ran, faults
        )


def json_body(request: Request) -> Mapping[str, Any]:
    """The request's JSON object; empty where there is none. Raises HttpFailed."""
    if not request.body:
        return {}
    try:
        given = json.loads(request.body)
    except ValueError as error:
        raise HttpFailed(400, "Request body is not valid JSON", 400, "HTTP_BadRequest") from error
    if not isinstance(given, dict):
        raise HttpFailed(400, "Request body must be an object", 400, "HTTP_BadRequest")
    return given


def error_body(failed: HttpFailed, number: int) -> dict[str, Any]:
    """Composio's error. The key that was sent is never repeated."""
    return {
        "error": {
            "message": failed.message,
            "code": failed.code if failed.code is not None else failed.status,
            "slug": failed.slug or f"HTTP_{failed.status}",
            "status": failed.status,
            "request_id": f"{number:08x}-0000-4000-8000-000000000000",
            "suggested_fix": "",
        }
    }
