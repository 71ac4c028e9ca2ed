"""What a kind offers whose work is pulled from a service: a part of app.integrations.contract.

A kind knows its service's tools, shapes and cursors. It knows no database, no HTTP, no retry and no clock: calls go
through `Tools`, which stands behind the service's guard, and times are given.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar, overload
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from app.core.errors import Unreadable
from app.records import Kept, Read

T = TypeVar("T")
Json = Mapping[str, Any]

_WRAPPERS = ("response_data", "data", "details")
"""Composio puts a tool's own answer into `data`, or one level deeper under one of these."""
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Account:
    """Whose access a call uses, as the gateway knows it."""

    user_id: str
    connected_account_id: str | None = None
    gateway: str = "composio"
    """«demo»: answers are invented ones, for looking around in development."""


def levels_of(data: Any) -> list[Json]:
    """What a tool answered and what is nested in it, outermost first."""
    found: list[Json] = []
    level = data
    while isinstance(level, Mapping) and len(found) < _DEEPEST:
        found.append(level)
        level = next((level[name] for name in _WRAPPERS if isinstance(level.get(name), Mapping)), None)
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool answered. `data` is the gateway's envelope opened, nothing more."""

    tool: str
    arguments: Json
    data: Any
    service: str = ""

    def find(self, name: str, sort: type[T], *others: str) -> T:
        """The value called `name`, or by one of its `others` names, wherever the gateway nested it.

        Raises Unreadable where there is none of that sort: a silent empty list would hide that a service changed.
        """
        found = self.look(name, sort, *others)
        if found is None:
            raise self.unreadable(f"data.{name}", f"holds no «{name}»")
        return found

    @overload
    def look(self, name: str, sort: type[T], *others: str) -> T | None: ...
    @overload
    def look(self, name: str, sort: type[T], *others: str, default: T) -> T: ...
    def look(self, name: str, sort: type[T], *others: str, default: T | None = None) -> T | None:
        """The same for what may be missing or null. Raises Unreadable where it is there, and of another sort."""
        for level in self.levels():
            for each in (name, *others):
                value = level.get(each)
                if isinstance(value, sort) and not (sort is int and isinstance(value, bool)):
                    return value
                if value is not None:
                    raise self.unreadable(f"data.{each}", f"holds «{each}» as {_called(value)}")
        return default

    def levels(self) -> list[Json]:
        """`data` and what is nested in it, outermost first."""
        return levels_of(self.data)

    def unreadable(self, path: str, what: str) -> Unreadable:
        """The error for a reader to raise: «Gmail's answer holds no messages»."""
        kept = Kept(self.tool, dict(self.arguments), path, self.data, whole=True)
        service = self.service or "The service"
        detail = f"{service}'s answer to {self.tool} {what} ({path}): its form has changed, or this is no answer of it."
        return Unreadable(detail, path=path, service=self.service, kept=kept)


class Tools(Protocol):
    """The tools of one service for one account, behind the service's guard."""

    async def __call__(self, tool: str, /, **arguments: Any) -> Answer:
        """Call a tool. One that changes something is sent once. Raises app.core.errors.Upstream."""
        ...


class Known(Protocol):
    """What is stored of the integration already."""

    async def ids(self, prefix: str, *, since: datetime | None = None, until: datetime | None = None) -> frozenset[str]:
        """External ids that begin with `prefix`, of items sent from `since` to `until` (both included) that are not
        gone: what is missing among them at the service was deleted there."""
        ...


class LiveSettings(BaseModel):
    """What every kind that is pulled lets people set; kinds add their own. Titles and descriptions are shown."""

    model_config = ConfigDict(extra="forbid")

    since: date | None = Field(
        None, description="Work from this day on is pulled. Empty: the thirty days before the integration was made."
    )
    until: date | None = Field(None, description="Nothing after the end of this day is pulled. Empty: no end.")
    columns: dict[str, str | None] = Field(
        default_factory=dict, description="Corrections of what columns mean, by name."
    )
    day_first: bool | None = Field(None, description="Whether 3/4/2026 is the third of April. Empty: judged by others.")
    zone: str = Field("", description="IANA name of the zone of times without an offset. Empty: UTC.")

    @field_validator("until")
    @classmethod
    def _not_before_it_begins(cls, value: date | None, info: ValidationInfo) -> date | None:
        since = info.data.get("since")
        if value and since and value < since:
            raise ValueError(f"must not lie before «since», {since}")
        return value

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key if value else ""
        except (KeyError, ValueError, OSError):
            raise ValueError("is no IANA name of a time zone, as Europe/Berlin is one") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """One pull: from where it stands to `until`."""

    tools: Tools
    settings: Any
    """An instance of the kind's own settings."""
    cursor: Json
    """Where the last pull, or this one before it was interrupted, had come to; empty at the first."""
    since: datetime
    """From when work is wanted at all."""
    until: datetime
    """The closed end of this pull's range: what comes later belongs to the next."""
    known: Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """One page: stored in one transaction, together with where to go on."""

    reads: tuple[Read, ...] = ()
    gone: tuple[str, ...] = ()
    """External ids of what was deleted at its source."""
    cursor: Json
    """JSON, and small: with it the pull goes on behind this page, in any other process."""
    done: bool = False
    """All is known up to the pull's `until`; nothing comes after this page."""
    part: float | None = None
    """How much of the pull is done, 0 to 1, where it can be told."""
    note: str = ""
    """What was read, for people who watch: «#general»."""


class Source(Protocol):
    """How a kind is pulled. One object serves all integrations of its kind, also at the same time."""

    def pull(self, pull: Pull, /) -> AsyncIterator[Pulled]:
        """Pages in an order in which any of them may be the last that is stored. The last one is `done`.

        The same pull twice changes nothing. Raises app.core.errors.Upstream; pages given before stay stored.
        """
        ...

    async def replay(self, pull: Pull, kept: Kept, /) -> tuple[Read, ...]:
        """Read again what could not be read. Raises Unreadable where that has not changed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What a manifest says of pulling."""

    service: str
    """For people: «Gmail»."""
    toolkit: str
    """As the gateway calls it: «gmail»."""
    settings: type[LiveSettings]
    source: Callable[[], Source]
    tools: tuple[str, ...]
    """Names of all tools that pulling calls, as Composio calls them."""
    version: str
    """Of the toolkit, pinned: an unpinned call gets whatever is newest."""
    scopes: Mapping[str, str]
    """What access it needs, and what for."""
    poll_every: timedelta
    calls_per_minute: int
    """What the service allows, with room to spare."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """What Composio calls a tool today that was called otherwise when its name was written here."""
    known_limits: tuple[str, ...] = field(default=())
    """What it can't do, in sentences for people."""


def _called(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number"}
    return names.get(type(value), "a number")
