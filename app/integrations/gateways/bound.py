"""The tools of one service for one account, as kinds are given them: every call goes through the service's guard."""

from collections.abc import Mapping
from typing import Any

from app.core.guard.guard import Guard
from app.core.guard.settings import Mode
from app.integrations.gateways.contract import Gateway, Tool
from app.integrations.pulling import Account, Answer, Tools


def bind(
    gateway: Gateway,
    guard: Guard,
    account: Account,
    *,
    service: str,
    mode: Mode,
    tools: Mapping[str, Tool],
) -> Tools:
    """`service` is for people («Gmail»). Calling a tool that is not in the table is a defect: KeyError."""

    async def call(name: str, /, **arguments: Any) -> Answer:
        tool = tools[name]

        async def attempt(timeout_s: float) -> Any:
            return await gateway.execute(tool, arguments, account, timeout_s=timeout_s)

        data = await guard.call(attempt, mode=mode, write=tool.writes)
        return Answer(name, arguments, data, service)

    return call
