"""Composio's v3.1 over HTTP, without its SDK: the gateway that is used unless another is chosen.

One call is one POST. API: https://docs.composio.dev/reference (tools/execute).
"""

from collections.abc import Mapping
from typing import Any

from app.core.http import Outbound
from app.integrations.gateways.answers import opened
from app.integrations.gateways.checking import check
from app.integrations.gateways.contract import Checked, Tool
from app.integrations.pulling import Account

API = "/api/v3.1"


class RestGateway:
    def __init__(self, outbound: Outbound) -> None:
        """`outbound` goes to the API's origin and carries the key; it is closed with the gateway."""
        self._outbound = outbound

    async def execute(self, tool: Tool, arguments: Mapping[str, Any], account: Account, *, timeout_s: float) -> Any:
        body = execution(tool, arguments, account)
        path = f"{API}/tools/execute/{tool.slug}"
        answer = await self._outbound.request("POST", path, json=body, timeout_s=timeout_s)
        return opened(answer, tool, arguments)

    async def check(self, tools: tuple[Tool, ...]) -> tuple[Checked, ...]:
        return await check(self._outbound, tools, key_path=f"{API}/connected_accounts", tool_path=f"{API}/tools")

    @property
    def accounts_at(self) -> Outbound:
        return self._outbound

    async def close(self) -> None:
        await self._outbound.close()


def execution(tool: Tool, arguments: Mapping[str, Any], account: Account) -> dict[str, Any]:
    """The body of a call in v3.1. Without an account's id Composio takes the user's newest active one."""
    whose = {"user_id": account.user_id}
    if account.connected_account_id:
        whose["connected_account_id"] = account.connected_account_id
    return {**whose, "version": tool.version, "arguments": dict(arguments)}
