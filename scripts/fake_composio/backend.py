"""What stands behind the routes: the key, accounts, toolkits and their tools, and how one tool is run."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from scripts.fake_composio import pages
from scripts.fake_composio.accounts import Account, Accounts
from scripts.fake_composio.exchange import Exchange
from scripts.fake_composio.faults import Faults
from scripts.fake_composio.toolkit import Changeable, HttpFailed, ToolFailed, Toolkit
from scripts.fake_composio.webhooks import Webhooks

NEWEST = "20260817_00"
_VERSION = re.compile(r"\d{8}_\d{2}")


def real_time() -> datetime:
    return datetime.now(UTC)


@dataclass(kw_only=True)
class Backend:
    api_key: str
    now: Callable[[], datetime] = real_time
    accounts: Accounts = field(default_factory=Accounts)
    faults: Faults = field(default_factory=Faults)
    webhooks: Webhooks = field(default_factory=Webhooks)
    versions: dict[str, list[str]] = field(default_factory=dict)
    """Toolkit to the versions it has, oldest first. One that is not named has every version."""
    served: int = 0
    """Numbers logs and requests."""

    def worlds(self) -> dict[str, Toolkit]:
        """The toolkits that are served, by name; of several accounts the first one's."""
        found: dict[str, Toolkit] = {}
        for account in self.accounts.by_id.values():
            found.setdefault(account.toolkit.toolkit, account.toolkit)
        return found

    def owner(self, slug: str) -> Toolkit:
        """The toolkit that has this tool. Raises HttpFailed."""
        for toolkit in self.worlds().values():
            if slug in toolkit.tools:
                return toolkit
        raise HttpFailed(404, f"Tool {slug} not found", 2301, "Tool_ToolNotFound")

    def check_key(self, given: str | None) -> None:
        if not given:
            raise HttpFailed(401, "No authentication provided", 906, "Auth_NoAuth")
        if given != self.api_key:
            raise HttpFailed(401, "Invalid API key", 801, "APIKey_InvalidAPIKey")

    def version(self, toolkit: str, asked: str | None) -> str:
        """The version that is meant. Raises HttpFailed where the toolkit has no such version."""
        known = self.versions.get(toolkit)
        if asked in (None, "", "latest"):
            return known[-1] if known else NEWEST
        assert asked is not None  # noqa: S101 (mypy does not see it above)
        if asked in known if known else _VERSION.fullmatch(asked):
            return asked
        raise HttpFailed(404, f"Toolkit version {asked} not found for {toolkit}", 2302, "Tool_ToolVersionNotFound")

    def run(self, exchange: Exchange, slug: str, version: str | None) -> Any:
        """What stands under `data`, strange pages included. Raises ToolFailed and HttpFailed."""
        toolkit = self.owner(slug).toolkit
        self.version(toolkit, version)
        account = self.accounts.for_call(toolkit, exchange.user_id, exchange.account, self.now())
        arguments, made_up = pages.restored(exchange.arguments)
        data = account.toolkit.tools[slug](arguments)
        exchange.ran = True
        return self._altered(exchange, data, arguments, account, made_up=made_up)

    def _altered(
        self, exchange: Exchange, data: Any, arguments: Mapping[str, Any], account: Account, *, made_up: bool
    ) -> Any:
        applied = []
        for fault in exchange.faults:
            if fault.kind == "change_between_pages":
                self._change(account.toolkit, fault.change)
            elif made_up and fault.kind in ("empty_page_with_token", "duplicate_page"):
                continue  # else a fault that always strikes would never let anyone past the page
            else:
                data, could = pages.altered(fault, data, arguments, account.toolkit.toolkit, self.faults.chance)
                if not could:
                    continue
            applied.append(fault)
        exchange.faults = applied
        return data

    @staticmethod
    def _change(toolkit: Toolkit, change: Callable[[], Any] | Mapping[str, Any] | None) -> None:
        if callable(change):
            change()
        elif change is not None and isinstance(toolkit, Changeable):
            toolkit.change(dict(change))


def envelope(data: Any, number: int) -> dict[str, Any]:
    return {"data": data, "error": None, "successful": True, "log_id": f"log_{number:08x}", "session_info": None}


def failed_envelope(failed: ToolFailed, number: int) -> dict[str, Any]:
    """A failure of the service, as it comes inside a 200."""
    return {**envelope(failed.body(), number), "error": failed.message, "successful": False}
