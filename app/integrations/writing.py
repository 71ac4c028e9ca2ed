"""What a kind offers whose service can be told how a task stands: a part of app.integrations.contract.

A task's **mark** is what its sources are told: open, waiting (we answered, and wait), snoozed, done, declined. A kind
decides what it does for each: Gmail archives, Slack reacts, Notion sets a status. A write asks first how the source
stands: what is so already is not written again, so that a write may be repeated after any crash; and what somebody
changed there meanwhile is a conflict for people to see, and is never overwritten.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from app.integrations.pulling import Json, Tools

Mark = Literal["open", "waiting", "snoozed", "done", "declined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One item of the task at this source, as it was last pulled, the earliest first."""

    external_id: str
    keys: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    status: str = ""
    """What a row called its status: «In review»."""
    url: str = ""
    outgoing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """What the source is to be told."""

    tools: Tools
    """May call the kind's `Writing.tools` too."""
    settings: Any
    """An instance of the kind's own settings."""
    mark: Mark
    before: Mark
    """What the source was told last."""
    targets: tuple[Target, ...]
    expected: Mapping[str, str]
    """External id to status, of the items that were known when the person acted: what is there beside these, or has
    another status by now, came or changed meanwhile."""
    effect: Json = field(default_factory=dict)
    """All that earlier writes changed at the source and that stands there still, or may, in the kind's own words."""
    plan: Callable[[Json], Awaitable[None]]
    """To be awaited before anything is changed, with what `effect` will be then: it is stored, so that after a crash
    the next attempt is given it as its `effect`, and what was changed can still be taken back."""
    overwrite: bool = False
    """A person saw the conflict and wants it all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What came of it."""

    outcome: Literal["done", "already", "nothing", "conflict", "refused"]
    """`already`: it was so. `nothing`: for this mark nothing is written. `refused`: it can't be, `detail` says why."""
    detail: str = ""
    """A sentence for people: «Archived in Gmail.», «Its status is «In review» by now, it was «To do».»"""
    effect: Json = field(default_factory=dict)
    """All of ours that stands at the source now, that of earlier writes included: JSON and small, for the write that
    takes it back. Empty once nothing of ours is left there."""


class Writer(Protocol):
    """How a kind's service is told. One object serves all integrations of the kind, also at the same time."""

    def writes(self, settings: Any, mark: Mark, before: Mark, /) -> bool:
        """Whether there is anything to tell for this mark, as the integration is set. Calls nothing."""
        ...

    async def write(self, write: Write, /) -> Written:
        """Look, then write what differs. Raises app.core.errors.Upstream: it is tried again where that helps."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What a manifest says of writing back."""

    writer: Callable[[], Writer]
    tools: tuple[str, ...]
    """Names of the tools that change something, as Composio calls them. Those of pulling may be called too."""
    says: tuple[str, ...]
    """What it does for which mark, in sentences for people: «A conversation that is done is archived.»"""
    scopes: Mapping[str, str]
    """What access it needs beside that of pulling, and what for."""
    reads: tuple[str, ...] = ()
    """Names of tools that change nothing and that pulling does not call."""

    @property
    def calls(self) -> tuple[str, ...]:
        """Every tool that writing calls beside those of pulling."""
        return (*self.reads, *self.tools)
