"""The transport of composio-core: its requests for v1 and v2, carried to the server that is there.

Its execution becomes one of v3.1, unless the server is an old one. The accounts that it looks up before each call are
told from what is known here, so that a call is one POST; only where an old server is to choose the account is it asked,
and then the newest is taken, as v3.1 does (the SDK alone would take the oldest).

Requests leave through Outbound, in the event loop that waits for the call, and what that raises passes through the SDK
as it is: the SDK knows no time-out of ours that it could answer by repeating the call.
"""

import asyncio
import concurrent.futures
import json
import threading
from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl, urlsplit

from app.core.errors import Rejected, TimedOut, Unreadable
from app.core.http import Outbound, Response
from app.integrations.gateways.answers import COMPOSIO, data_of, refusal
from app.integrations.gateways.contract import Tool
from app.integrations.gateways.rest import API, execution
from app.integrations.pulling import Account

if TYPE_CHECKING:
    import requests
    from requests.adapters import BaseAdapter

Api = Literal["v3.1", "v2"]
"""What the server speaks."""

_ANY = "any"
"""Stands for the account that v3.1 is to choose."""


class Carriage:
    """One call on its way through the SDK."""

    def __init__(
        self, outbound: Outbound, api: Api, tool: Tool, arguments: dict[str, Any], account: Account, timeout_s: float
    ) -> None:
        self.tool, self.arguments, self.account = tool, arguments, account
        self.sent = False
        """Whether the call itself went out."""
        self.retry_after_s: float | None = None
        self._outbound = outbound
        self._api = api
        self._loop = asyncio.get_running_loop()
        self._until = self._loop.time() + timeout_s
        self._pending: concurrent.futures.Future[Response] | None = None
        self._ended = False
        self._lock = threading.Lock()

    @property
    def account_id(self) -> str | None:
        """What the SDK is told. None makes it ask an old server for the user's accounts."""
        return self.account.connected_account_id or (_ANY if self._api == "v3.1" else None)

    def carry(self, method: str, url: str, body: Any) -> bytes:
        """The JSON that answers a request of the SDK. Raises Upstream."""
        parts = urlsplit(url)
        if method == "POST" and parts.path.endswith(f"/{self.tool.slug}/execute"):
            return self._executed(parts.path, json.loads(body))
        if method == "GET" and "/v1/connectedAccounts/" in parts.path:
            return json.dumps(self._account_as_known()).encode()
        if method == "GET" and parts.path.endswith("/v1/connectedAccounts"):
            listed = self._asked("GET", parts.path, None, dict(parse_qsl(parts.query))).json()
            return json.dumps({"items": _newest(listed, self.tool)}).encode()
        detail = f"composio-core asks for {parts.path}, which is not carried to Composio."
        raise Rejected(detail, service=COMPOSIO, happened=False)

    def end(self) -> None:
        """Nobody waits any more: what is under way is given up, and nothing more goes out."""
        with self._lock:
            self._ended = True
            if self._pending is not None:
                self._pending.cancel()

    def _executed(self, path: str, body: Mapping[str, Any]) -> bytes:
        if self._api == "v2":
            given = {**body, "input": self.arguments}
        else:
            path, given = f"{API}/tools/execute/{self.tool.slug}", execution(self.tool, self.arguments, self.account)
        answer = self._asked("POST", path, given, None)
        self.retry_after_s = answer.retry_after_s
        if not isinstance(envelope := answer.json(), dict):
            data_of(envelope, self.tool, self.arguments)  # says what is wrong; the SDK would fail over it
        return answer.body

    def _asked(self, method: str, path: str, body: Any, query: Mapping[str, str] | None) -> Response:
        left = self._until - self._loop.time()
        with self._lock:
            if self._ended or left <= 0:
                raise TimedOut(f"{COMPOSIO} was not asked in time.", service=COMPOSIO, happened=False)
            self.sent = self.sent or body is not None
            request = self._outbound.request(method, path, json=body, params=query, timeout_s=left)
            self._pending = asyncio.run_coroutine_threadsafe(request, self._loop)
        answer = self._pending.result(left + 5)  # more than it takes, unless the loop has ended
        if not 200 <= answer.status < 300:
            raise refusal(answer, self.tool)
        return answer

    def _account_as_known(self) -> dict[str, Any]:
        """Whether it works the server says when it is used."""
        return {
            "id": self.account_id,
            "status": "ACTIVE",
            "createdAt": "",
            "updatedAt": "",
            "appUniqueId": self.tool.toolkit,
            "appName": self.tool.toolkit,
            "integrationId": "",
            "connectionParams": {},
            "clientUniqueUserId": self.account.user_id,
        }


carried: ContextVar[Carriage] = ContextVar("carried")
"""The call whose thread this is."""


def adapter() -> "BaseAdapter":
    """What takes the place of the network in the SDK's sessions. One serves all calls."""
    import requests  # noqa: PLC0415 - the SDK's, loaded with it
    from requests.adapters import BaseAdapter  # noqa: PLC0415

    class Carrier(BaseAdapter):
        def send(self, request: "requests.PreparedRequest", *_: Any, **_settings: Any) -> "requests.Response":
            answer = requests.Response()
            answer._content = carried.get().carry(request.method or "", request.url or "", request.body)
            answer.status_code, answer.url, answer.request = 200, request.url or "", request
            answer.encoding = "utf-8"
            return answer

        def close(self) -> None:
            """There is nothing to close: the connections are Outbound's."""

    return Carrier()


def _newest(listed: Any, tool: Tool) -> list[dict[str, Any]]:
    """Of an old server's accounts the newest active one of the tool's service, or none."""
    items = listed.get("items") if isinstance(listed, dict) else None
    if not isinstance(items, list):
        detail = "Composio's list of accounts holds no «items»: its form has changed, or this is no answer of it."
        raise Unreadable(detail, path="items", service=COMPOSIO)
    fitting = [each for each in items if isinstance(each, dict) and each.get("appUniqueId") == tool.toolkit]
    active = [each for each in fitting if each.get("status") == "ACTIVE"]
    return sorted(active, key=lambda each: str(each.get("createdAt")))[-1:]
