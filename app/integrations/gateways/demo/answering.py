"""What the demo's toolkits share: how a tool is called, how a list comes in pages, and how a call is refused."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn, Protocol, TypeVar

from app.core.errors import NotThere, Rejected

T = TypeVar("T")
Arguments = Mapping[str, Any]
Clock = Callable[[], datetime]
ToolFunction = Callable[[Arguments], Any]
LARGEST = 1000
_MARK = "demo-page-"
NOTHING_CHANGED = "Demo data: only this process's memory was changed, and nothing anywhere else."
"""Is part of the answer to every write."""


class World(Protocol):
    """The tools of one demo account at one service."""

    @property
    def tools(self) -> Mapping[str, ToolFunction]:
        """By name, as kinds call them."""
        ...


def refuse(service: str, why: str) -> NoReturn:
    """Raises Rejected: `why` is a clause, «this label is not there»."""
    raise Rejected(f"The demo data of {service} can't answer: {why}.", service=service, happened=False)


def missing(service: str, what: str) -> NotThere:
    """The error for what is not there, with the service's own word for it where kinds look for one."""
    return NotThere(f"The demo data of {service} does not have what was asked for: {what}.", service=service)


def size_of(arguments: Arguments, name: str, otherwise: int, most: int = LARGEST) -> int:
    """The number of entries that are asked for, within what the service gives at once."""
    given = arguments.get(name)
    return min(max(given, 1), most) if isinstance(given, int) else otherwise


def paged(
    values: Sequence[T], token: Any, size: int, key: Callable[[T], str], service: str
) -> tuple[Sequence[T], str | None]:
    """The page behind `token` and the token of the next one, None after the last. A token names the page's first
    entry by its `key`: what comes meanwhile moves nothing. Raises Rejected where it is none of ours."""
    start = 0
    if token:
        keys = [f"{_MARK}{key(each)}" for each in values]
        if token not in keys:
            refuse(service, "invalid_cursor, the page that is asked for is not known")
        start = keys.index(token)
    end = start + size
    return values[start:end], f"{_MARK}{key(values[end])}" if end < len(values) else None
