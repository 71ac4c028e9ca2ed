"""The table of tools, the choice of a gateway, and tools bound to an account behind a guard."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import SecretStr

from app.core.errors import Invalid, Unreachable
from app.core.guard.guard import Guard
from app.core.guard.settings import GuardSettings, Mode
from app.integrations.gateways.bound import bind
from app.integrations.gateways.choosing import gateway_from
from app.integrations.gateways.contract import Checked, Tool
from app.integrations.gateways.rest import RestGateway
from app.integrations.gateways.sdk import SdkGateway
from app.integrations.gateways.tools import pinned
from app.integrations.pulling import Account
from app.integrations.registry import KINDS, TOOLS
from tests.integrations.gateways.conftest import KEY, SEND

MAIL = Account("default", "ca_mail")


class Failing:
    """Fails so often, then answers."""

    def __init__(self, failures: int, happened: bool | None = None) -> None:
        self.failures = failures
        self.happened = happened
        self.calls: list[tuple[str, Mapping[str, Any], Account]] = []

    async def execute(self, tool: Tool, arguments: Mapping[str, Any], account: Account, *, timeout_s: float) -> Any:
        assert timeout_s > 0
        self.calls.append((tool.slug, arguments, account))
        if len(self.calls) <= self.failures:
            raise Unreachable("Composio does not answer.", happened=self.happened)
        return {"response_data": {"labels": [1]}}

    async def check(self, tools: tuple[Tool, ...]) -> tuple[Checked, ...]:
        return ()

    @property
    def accounts_at(self) -> None:
        return None

    async def close(self) -> None:
        """Holds nothing."""


def guard() -> Guard:
    async def at_once(_seconds: float) -> None:
        return None

    return Guard("composio:gmail", GuardSettings(breaker_failures=10), name="Gmail", sleep=at_once)


async def test_bound_tools_repeat_reads_and_find_what_they_ask_for() -> None:
    gateway = Failing(2)
    tools = bind(gateway, guard(), MAIL, service="Gmail", mode=Mode.BACKGROUND, tools=TOOLS)

    answer = await tools("GMAIL_LIST_LABELS", user_id="me")

    assert answer.find("labels", list) == [1]
    assert answer.service == "Gmail"
    assert gateway.calls == [("GMAIL_LIST_LABELS", {"user_id": "me"}, MAIL)] * 3


@pytest.mark.parametrize(("happened", "calls"), [(None, 1), (False, 2)])
async def test_a_write_is_repeated_only_where_nothing_happened(happened: bool | None, calls: int) -> None:
    gateway = Failing(1, happened)
    tools = bind(gateway, guard(), MAIL, service="Gmail", mode=Mode.BACKGROUND, tools={SEND.name: SEND})

    if happened is None:
        with pytest.raises(Unreachable):
            await tools(SEND.name, to="a@b.example")
    else:
        await tools(SEND.name, to="a@b.example")

    assert len(gateway.calls) == calls


def test_every_tool_is_pinned_and_says_whether_it_writes() -> None:
    declared = {name for kind in KINDS.values() if kind.writing for name in kind.writing.tools}
    for name, tool in TOOLS.items():
        assert name == tool.name
        assert tool.slug.startswith(f"{tool.toolkit.upper()}_")
        assert tool.version[:3] == "202"
        assert tool.writes is (name in declared)


def test_versions_can_be_overridden_by_toolkit() -> None:
    tools = pinned(TOOLS, ["gmail=20990101_00"])

    assert tools["GMAIL_LIST_LABELS"].version == "20990101_00"
    assert tools["SLACK_LIST_ALL_USERS"] == TOOLS["SLACK_LIST_ALL_USERS"]
    assert pinned(TOOLS, []) == TOOLS


def test_an_override_for_nothing_is_refused() -> None:
    with pytest.raises(Invalid, match="COMPOSIO_TOOL_VERSIONS: no tools of gmial are called"):
        pinned(TOOLS, ["gmial=1"])


def test_services_have_names_for_people() -> None:
    nameless = Tool(name="X", slug="X", toolkit="google_maps", version="1")

    assert [TOOLS["GMAIL_FETCH_EMAILS"].of, nameless.of] == ["Gmail", "Google Maps"]


async def test_the_gateway_is_the_one_that_is_named() -> None:
    rest = gateway_from("rest", api_key=SecretStr(KEY))
    sdk = gateway_from("sdk", api_key=SecretStr(KEY))

    assert isinstance(rest, RestGateway)
    assert isinstance(sdk, SdkGateway)
    await rest.close()
    await sdk.close()


@pytest.mark.parametrize(
    ("key", "url", "said"),
    [
        ("", "https://a.example", "COMPOSIO_API_KEY is not set"),
        ("two\nlines", "https://a.example", "COMPOSIO_API_KEY holds characters"),
        (KEY, "a.example", "COMPOSIO_BASE_URL can't be used"),
    ],
)
def test_what_can_not_be_used_is_said_at_once(key: str, url: str, said: str) -> None:
    with pytest.raises(Invalid, match=said) as caught:
        gateway_from("rest", api_key=SecretStr(key), base_url=url)

    assert caught.value.errors[0].location in said
    assert "two" not in caught.value.detail
