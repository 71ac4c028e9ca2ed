"""What a toolkit of the stand-in is: tools by slug over a small world kept in memory.

Toolkits know no HTTP. They answer what stands under `data`, or raise one of the two errors here. What they hold is
deterministic by its seed; their clock is given. `change` is how a test or a person alters the world while it is served.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar, runtime_checkable

T = TypeVar("T")
Arguments = Mapping[str, Any]
ToolFunction = Callable[[Arguments], Any]
Clock = Callable[[], datetime]


class Toolkit(Protocol):
    """The tools of one account at one service."""

    @property
    def toolkit(self) -> str:
        """As Composio calls it: «gmail»."""
        ...

    @property
    def tools(self) -> Mapping[str, ToolFunction]:
        """Slug to a function of the `arguments`. Raises ToolFailed or HttpFailed."""
        ...


@runtime_checkable
class Changeable(Protocol):
    """A toolkit whose world can be changed over HTTP (POST /_control/world) and between pages."""

    def change(self, command: dict[str, Any]) -> Any:
        """Do what `command` says, for example {"do": "add_mail", …}; what comes back is answered as JSON.

        Raises ValueError with a sentence where it can't be understood.
        """
        ...


@dataclass
class ToolFailed(Exception):
    """The service itself refused: HTTP 200 with `successful: false`, as Composio reports failures of providers."""

    message: str
    status_code: int | None = None
    data: Mapping[str, Any] | None = None

    def body(self) -> dict[str, Any]:
        """What stands under `data` then."""
        known = {"message": self.message} if self.data is None else dict(self.data)
        return known if self.status_code is None else {"status_code": self.status_code, **known}


@dataclass
class HttpFailed(Exception):
    """Composio refused: an HTTP error with its error body."""

    status: int
    message: str
    code: int | None = None
    slug: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def paged(values: Sequence[T], token: str | None, size: int, *, stale: bool = False) -> tuple[Sequence[T], str | None]:
    """The page that `token` names and the token of the next, None after the last one.

    Raises ToolFailed (400) where the token is none of ours, or `stale`: tokens of real services expire.
    """
    start = 0 if not token else _position(token, stale)
    end = start + max(1, size)
    return values[start:end], (f"tok_{end:08x}" if end < len(values) else None)


def _position(token: str, stale: bool) -> int:
    if stale or not token.startswith("tok_"):
        raise ToolFailed("Invalid page token", 400)
    try:
        return int(token.removeprefix("tok_"), 16)
    except ValueError:
        raise ToolFailed("Invalid page token", 400) from None
