"""What every gateway does: carry one call of a tool to its service and open the envelope of the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from app.core.http import Outbound
from app.integrations.pulling import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One line of the table of tools (tools.py)."""

    name: str
    """As kinds call it."""
    slug: str
    """As Composio calls it today; slugs were renamed before."""
    toolkit: str
    version: str
    """Pinned: an unpinned call gets whatever is newest."""
    writes: bool = False
    """Changes something: it is sent once, and repeated only where it provably did not happen."""
    service: str = ""
    """As people call it: «Gmail»."""

    @property
    def of(self) -> str:
        """The service's name, for sentences."""
        return self.service or self.toolkit.replace("_", " ").title()


@dataclass(frozen=True, slots=True)
class Checked:
    """What a gateway says of one tool or of itself."""

    what: str
    ok: bool
    detail: str


class Gateway(Protocol):
    """One call, one request: retry, breaker and rate stand in front of it (app.core.guard), never inside."""

    async def execute(self, tool: Tool, arguments: Mapping[str, Any], account: Account, *, timeout_s: float) -> Any:
        """`data` of the answer. Raises app.core.errors.Upstream, also for a failure inside a 200."""
        ...

    async def check(self, tools: tuple[Tool, ...]) -> tuple[Checked, ...]:
        """Whether the key is good and the tools are there in their pinned versions. Calls nothing that costs."""
        ...

    @property
    def accounts_at(self) -> Outbound | None:
        """Where accounts are connected (accounts.py); None where the server is one of before v3.1."""
        ...

    async def close(self) -> None: ...
