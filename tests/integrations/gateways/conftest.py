"""Both gateways against one stand-in, which has one small toolkit."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any

import pytest
from pydantic import SecretStr

from app.core.http import Outbound
from app.integrations.gateways.contract import Gateway, Tool
from app.integrations.gateways.rest import RestGateway
from app.integrations.gateways.sdk import SdkGateway
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import serving
from scripts.fake_composio.toolkit import ToolFailed

KEY = "ak_hunter2_secret"

LIST = Tool(name="GMAIL_LIST_LABELS", slug="GMAIL_LIST_LABELS", toolkit="gmail", version="20260702_01")
SEND = Tool(name="GMAIL_SEND_EMAIL", slug="GMAIL_SEND_EMAIL", toolkit="gmail", version="20260702_01", writes=True)


class Desk:
    """A toolkit whose answers a test sets."""

    toolkit = "gmail"

    def __init__(self) -> None:
        self.answer: Any = {"labels": [{"id": "INBOX"}]}
        self.sent: list[Mapping[str, Any]] = []

    @property
    def tools(self) -> Mapping[str, Callable[[Mapping[str, Any]], Any]]:
        return {LIST.slug: self._list, SEND.slug: self._send}

    def _list(self, _arguments: Mapping[str, Any]) -> Any:
        if isinstance(self.answer, ToolFailed):
            raise self.answer
        return self.answer

    def _send(self, arguments: Mapping[str, Any]) -> Any:
        self.sent.append(arguments)
        return {"id": "m1"}


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture(params=["rest", "sdk", "sdk of v2"])
def kind(request: pytest.FixtureRequest) -> str:
    """Runs a test for each gateway; those of v3.1 against a server that has removed v1 and v2."""
    return str(request.param)


@pytest.fixture
def fake(kind: str, desk: Desk) -> FakeComposio:
    made = FakeComposio(KEY, legacy=kind == "sdk of v2")
    made.connect("ca_mail", desk)
    return made


Connect = Callable[..., Gateway]


def gateway_of(kind: str, outbound: Outbound, key: str = KEY) -> Gateway:
    if kind == "rest":
        return RestGateway(outbound)
    return SdkGateway(outbound, SecretStr(key), api="v2" if kind == "sdk of v2" else "v3.1")


@pytest.fixture
async def connect(kind: str, fake: FakeComposio) -> AsyncIterator[Connect]:
    """Makes gateways to the stand-in: `connect(key="wrong")`."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(fake))

        def make(key: str = KEY, **settings: Any) -> Gateway:
            outbound = Outbound(url, headers={"x-api-key": key}, service="Composio", **settings)
            gateway = gateway_of(kind, outbound, key)
            stack.push_async_callback(gateway.close)
            return gateway

        yield make


@pytest.fixture
def gateway(connect: Connect) -> Gateway:
    return connect()
