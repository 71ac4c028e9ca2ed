"""composio-core as a gateway, for those who hold to it and for a self-hosted server of v1 and v2.

The SDK speaks only v1 and v2, which Composio removed in June 2026, and it blocks: it runs in threads of its own, and
its requests are carried by carrying.py. So a call is one POST here too, within the same time, and fails with the same
errors as through the other gateway.
"""

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from pydantic import SecretStr, ValidationError

from app.core.errors import Rejected, TimedOut, Unauthorised, Unreadable
from app.core.http import Outbound
from app.integrations.gateways import quiet
from app.integrations.gateways.answers import COMPOSIO, data_of
from app.integrations.gateways.carrying import Api, Carriage, adapter, carried
from app.integrations.gateways.checking import check
from app.integrations.gateways.contract import Checked, Tool
from app.integrations.gateways.rest import API
from app.integrations.pulling import Account

_LATE_S = 0.25
"""Outbound keeps the time; this is for the SDK's own work before and after, which includes loading it once."""


class SdkGateway:
    def __init__(self, outbound: Outbound, api_key: SecretStr, *, api: Api = "v3.1") -> None:
        """`outbound` goes to the API's origin and carries the key; it is closed with the gateway. Raises Conflict where
        the SDK can't be used as it is installed."""
        quiet.check_packages()
        self._outbound = outbound
        self._key = api_key
        self._api: Api = api
        # Not the loop's own threads: those look up names of hosts as well, which a call that fills them waits for.
        self._threads = ThreadPoolExecutor(outbound.pool, thread_name_prefix="composio")

    async def execute(self, tool: Tool, arguments: Mapping[str, Any], account: Account, *, timeout_s: float) -> Any:
        plain = json.loads(json.dumps(dict(arguments)))
        call = Carriage(self._outbound, self._api, tool, plain, account, timeout_s)
        work = asyncio.wrap_future(self._threads.submit(copy_context().run, self._run, call))
        try:
            async with asyncio.timeout(timeout_s + _LATE_S):
                envelope = await work
        except TimeoutError as error:
            detail = f"{COMPOSIO} did not answer within {timeout_s:.3g} s."
            raise TimedOut(detail, service=COMPOSIO, happened=None if call.sent else False) from error
        finally:
            call.end()
        return data_of(envelope, tool, arguments, retry_after_s=call.retry_after_s)

    async def check(self, tools: tuple[Tool, ...]) -> tuple[Checked, ...]:
        if self._api == "v2":
            key_path, tool_path = "/api/v1/client/auth/client_info", "/api/v2/actions"
            return await check(self._outbound, tools, key_path=key_path, tool_path=tool_path, versions=False)
        return await check(self._outbound, tools, key_path=f"{API}/connected_accounts", tool_path=f"{API}/tools")

    @property
    def accounts_at(self) -> Outbound | None:
        return self._outbound if self._api == "v3.1" else None

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        await self._outbound.close()

    def _run(self, call: Carriage) -> Any:
        """In a thread: the envelope. What the SDK itself raises never means the network here."""
        carried.set(call)
        toolset = quiet.toolset(f"{self._outbound.base_url}/api", self._key.get_secret_value(), adapter)
        from composio.exceptions import ComposioSDKError, NoItemsFound  # noqa: PLC0415 - loaded by now

        service = call.tool.of
        try:
            return toolset.execute_action(
                quiet.introduce(toolset, call.tool),
                call.arguments,
                entity_id=call.account.user_id,
                connected_account_id=call.account_id,
            )
        except NoItemsFound as error:
            detail = f"Composio knows no account of {service}. Connect one."
            raise Unauthorised(detail, service=service, happened=False) from error
        except ValidationError as error:  # its models of what a server tells of accounts
            detail = "Composio describes an account in a form that composio-core does not understand."
            raise Unreadable(detail, path="items", service=COMPOSIO) from error
        except ComposioSDKError as error:
            detail = f"composio-core can't carry out {call.tool.slug} ({type(error).__name__})."
            raise Rejected(detail, service=COMPOSIO, happened=None if call.sent else False) from error
