"""Whether a key is good and tools are there in their pinned versions, asked without calling any tool."""

import asyncio
from typing import Any

from app.core.errors import Upstream
from app.core.http import Outbound
from app.integrations.gateways.answers import refusal
from app.integrations.gateways.contract import Checked, Tool
from app.integrations.gateways.tools import LATEST

KEY = "Composio API key"
TIMEOUT_S = 15.0


async def check(
    outbound: Outbound, tools: tuple[Tool, ...], *, key_path: str, tool_path: str, versions: bool = True
) -> tuple[Checked, ...]:
    """The key first; where it is not good, nothing else can be known. `versions`: whether the API has them."""
    try:
        answer = await outbound.request("GET", key_path, params={"limit": "1"}, timeout_s=TIMEOUT_S)
        if answer.status != 200:
            raise refusal(answer, None)
        answer.json()
    except Upstream as error:
        return (Checked(KEY, False, error.detail),)
    places = asyncio.Semaphore(min(8, outbound.pool))

    async def one(tool: Tool) -> Checked:
        async with places:
            try:
                return await _check(outbound, tool, f"{tool_path}/{tool.slug}", versions=versions)
            except Upstream as error:
                return Checked(tool.slug, False, error.detail)

    return (Checked(KEY, True, "is accepted"), *await asyncio.gather(*(one(tool) for tool in tools)))


async def _check(outbound: Outbound, tool: Tool, path: str, *, versions: bool) -> Checked:
    pinned = versions and tool.version != LATEST
    newest = {"toolkit_versions": LATEST}
    asked = {f"toolkit_versions[{tool.toolkit}]": tool.version} if pinned else newest
    answer = await outbound.request("GET", path, params=asked, timeout_s=TIMEOUT_S)
    if answer.status == 404 and pinned:
        other = await outbound.request("GET", path, params=newest, timeout_s=TIMEOUT_S)
        if other.status == 200:
            return _other_version(tool, _version(other.json()))
    if answer.status == 404:
        return Checked(tool.slug, False, "is not known to Composio: it was renamed or removed. Update Watchfloor.")
    if answer.status != 200:
        raise refusal(answer, tool)
    version = _version(answer.json())
    if pinned and version not in (None, tool.version):
        return _other_version(tool, version)
    return Checked(tool.slug, True, f"is there ({version or tool.version})")


def _version(told: Any) -> str | None:
    version = told.get("version") if isinstance(told, dict) else None
    return version if isinstance(version, str) else None


def _other_version(tool: Tool, newest: str | None) -> Checked:
    fix = f"COMPOSIO_TOOL_VERSIONS={tool.toolkit}={newest}" if newest else "COMPOSIO_TOOL_VERSIONS"
    return Checked(tool.slug, False, f"is not there in version {tool.version}. Set {fix}, or update Watchfloor.")
