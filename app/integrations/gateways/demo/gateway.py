"""A gateway that calls nobody: it answers the tools of Gmail, Slack and Notion from invented data.

It stands behind a guard like any other, so that what is seen in a demo is how it works with a real account.
"""

from collections.abc import Callable, Mapping
from typing import Any

from app.core import log
from app.core.errors import Rejected, Unauthorised
from app.integrations.gateways.contract import Checked, Tool
from app.integrations.gateways.demo.answering import Clock, World
from app.integrations.gateways.demo.gmail import Mailbox
from app.integrations.gateways.demo.notion import Space
from app.integrations.gateways.demo.slack import Workspace
from app.integrations.gateways.demo.times import DEMO, Anchor
from app.integrations.pulling import Account

WORLDS: Mapping[str, Callable[[Anchor, Clock], World]] = {"gmail": Mailbox, "slack": Workspace, "notion": Space}
"""By toolkit, what is made up of it."""
_log = log.get(__name__)


class DemoGateway:
    """`now` tells what has happened by now. What is written stays in memory, until the process ends."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._worlds: dict[tuple[str, str], World] = {}

    async def execute(self, tool: Tool, arguments: Mapping[str, Any], account: Account, *, timeout_s: float) -> Any:
        """Answers at once. Raises Unauthorised for an account that is none of the demo's, Rejected for a tool that it
        does not know."""
        if account.gateway != DEMO:
            detail = f"Demo data of {tool.of} is for integrations that were made with it, never for a real account."
            raise Unauthorised(detail, service=tool.of, happened=False)
        answer = self._world(tool, account).tools.get(tool.name)
        if answer is None:
            detail = f"The demo data of {tool.of} does not know the tool {tool.name}."
            raise Rejected(detail, service=tool.of, happened=False)
        if tool.writes:
            _log.info("demo data is written to; no service is told", tool=tool.name)
        return answer(arguments)

    async def check(self, tools: tuple[Tool, ...]) -> tuple[Checked, ...]:
        """Whether it knows them."""
        known = {name for world in WORLDS.values() for name in world(Anchor.of(self._now()), self._now).tools}
        said = {True: "is answered with demo data", False: "is not known to the demo data"}
        return tuple(Checked(tool.slug, tool.name in known, said[tool.name in known]) for tool in tools)

    @property
    def accounts_at(self) -> None:
        """Nowhere: the demo's accounts are made up here."""

    async def close(self) -> None:
        """There is nothing to close."""

    def _world(self, tool: Tool, account: Account) -> World:
        own = account.connected_account_id or ""
        key = tool.toolkit, own
        if key not in self._worlds:
            make = WORLDS.get(tool.toolkit)
            if make is None:
                raise Rejected(f"There is no demo data of {tool.of}.", service=tool.of, happened=False)
            try:
                anchor = Anchor.read(own)
            except ValueError:
                detail = f"«{own[:100]}» is no demo account: delete the integration, and make it anew."
                raise Unauthorised(detail, service=tool.of, happened=False) from None
            self._worlds[key] = make(anchor, self._now)
        return self._worlds[key]
