"""Accounts are linked, looked at and given back through Composio's v3.1, whichever gateway speaks to it."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from app.core.errors import NotThere, Rejected, Throttled, TimedOut, Unauthorised, Unreachable, Unreadable, Upstream
from app.core.guard import Guards, GuardSettings
from app.core.http import Outbound
from app.integrations.gateways.accounts import Accounts, ComposioAccounts, Status
from app.integrations.gateways.choosing import accounts_from
from app.integrations.gateways.sdk import SdkGateway
from scripts.fake_composio import faults
from scripts.fake_composio.faults import Fault
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import outage, serving
from scripts.fake_composio.wire import Reply, Request, Wire
from tests.conftest import SettableClock
from tests.integrations.gateways.conftest import KEY, Desk, gateway_of

LINK = "/api/v3.1/connected_accounts/link"
ACCOUNT = "/api/v3.1/connected_accounts/ca_mail"


@pytest.fixture(params=["rest", "sdk"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def fake(desk: Desk, clock: SettableClock) -> FakeComposio:
    made = FakeComposio(KEY, now=clock)
    made.connect("ca_mail", desk)
    return made


@pytest.fixture
def guards() -> Guards:
    return Guards(GuardSettings(retry_first_s=0.01, retry_most_s=0.02, background_retries=2, breaker_failures=10))


@asynccontextmanager
async def through(kind: str, fake: FakeComposio, guards: Guards) -> AsyncIterator[Accounts]:
    async with serving(fake) as url:
        gateway = gateway_of(kind, Outbound(url, headers={"x-api-key": KEY}, service="Composio"))
        made = accounts_from(gateway, guards)
        assert made is not None
        yield made
        await gateway.close()


@pytest.fixture
async def accounts(kind: str, fake: FakeComposio, guards: Guards) -> AsyncIterator[Accounts]:
    async with through(kind, fake, guards) as made:
        yield made


@asynccontextmanager
async def answering(bodies: Mapping[str, str]) -> AsyncIterator[Callable[[Guards], Accounts]]:
    """A server that answers 200 with a text, by the end of the path."""

    async def handle(request: Request) -> Reply:
        return Reply(200, next(body for path, body in bodies.items() if request.path.endswith(path)).encode())

    wire = Wire(handle)
    await wire.start()
    outbound = Outbound(wire.url, service="Composio")
    yield lambda guards: ComposioAccounts(outbound, guards.of("x"), api="/api/v3.1")
    await outbound.close()
    await wire.stop()


def posts(fake: FakeComposio, path: str = LINK) -> int:
    return sum(call.path == path for call in fake.calls)


async def test_a_link_names_the_account_that_waits_for_it(
    accounts: Accounts, fake: FakeComposio, clock: SettableClock
) -> None:
    link = await accounts.link("gmail", "ada", "http://127.0.0.1:1/?connected=1", service="Gmail")

    made = fake.accounts.by_id[link.account_id]
    assert (made.user_id, made.status, made.callback_url) == ("ada", "INITIATED", "http://127.0.0.1:1/?connected=1")
    assert link.redirect_url.endswith(f"/link/{made.link}")
    assert link.expires_at is not None
    assert (link.expires_at - clock()).total_seconds() == 600
    assert link.user_id == "ada"
    assert "link/" not in repr(link)


async def test_without_a_callback_none_is_sent(accounts: Accounts, fake: FakeComposio) -> None:
    link = await accounts.link("gmail", "ada", None)

    assert fake.accounts.by_id[link.account_id].callback_url is None


@pytest.mark.parametrize("disabled", [False, True])
async def test_a_service_that_is_not_set_up_says_what_to_make(
    accounts: Accounts, fake: FakeComposio, disabled: bool
) -> None:
    fake.accounts.disabled.add("gmail")

    with pytest.raises(NotThere, match=r"Auth Configs, toolkit «(gmail|slack)»") as caught:
        await accounts.link("gmail" if disabled else "slack", "ada", None, service="Gmail")

    assert "Gmail" in caught.value.detail
    assert posts(fake) == 0


async def test_how_an_account_stands_is_told_in_composios_words(accounts: Accounts, fake: FakeComposio) -> None:
    before = await accounts.status("ca_mail")
    fake.set_status("ca_mail", "EXPIRED", "OAuth refresh token\nexpired.")

    assert before == Status("ACTIVE")
    assert await accounts.status("ca_mail") == Status("EXPIRED", "OAuth refresh token expired")
    assert await accounts.status("ca_nobody/../x") == Status("MISSING")


async def test_access_is_given_back_and_what_is_not_there_has_none(accounts: Accounts, fake: FakeComposio) -> None:
    await accounts.revoke("ca_mail")
    await accounts.revoke("ca_nobody")

    assert fake.accounts.by_id["ca_mail"].status == "REVOKED"


@pytest.mark.parametrize(
    ("fault", "error", "times"),
    [
        (faults.status(500), Unreachable, 1),
        (faults.html(), Unreachable, 1),
        (faults.truncated(), Unreachable, 1),
        (faults.drop("after"), Unreachable, 1),
        (faults.status(401), Unauthorised, 1),
        (faults.status(400), Rejected, 1),
        (faults.status(429, retry_after=0), Throttled, 4),
    ],
)
async def test_a_link_is_asked_for_once_unless_it_was_refused_for_its_rate(
    accounts: Accounts, fake: FakeComposio, fault: Fault, error: type[Upstream], times: int
) -> None:
    fake.faults.add(fault, on=LINK)

    with pytest.raises(error):
        await accounts.link("gmail", "ada", None)

    assert posts(fake) == times


async def test_looking_and_giving_back_are_repeated(accounts: Accounts, fake: FakeComposio) -> None:
    fake.faults.add(faults.status(503), on=ACCOUNT, times=2)
    fake.faults.add(faults.drop("after"), on=f"{ACCOUNT}/revoke", times=1)

    assert (await accounts.status("ca_mail")).name == "ACTIVE"
    await accounts.revoke("ca_mail")

    assert (posts(fake, ACCOUNT), posts(fake, f"{ACCOUNT}/revoke")) == (3, 2)


async def test_time_runs_out_in_the_middle_of_a_link_and_nobody_knows_whether_it_was_made(
    kind: str, fake: FakeComposio
) -> None:
    fake.faults.add(faults.slow_headers(5), on=LINK)
    hasty = Guards(GuardSettings(attempt_most_s=0.3))

    async with through(kind, fake, hasty) as accounts:
        with pytest.raises(TimedOut) as caught:
            await accounts.link("gmail", "ada", None)

    assert (caught.value.happened, posts(fake)) == (None, 1)


async def test_all_calls_share_one_guard(accounts: Accounts, fake: FakeComposio, guards: Guards) -> None:
    async with outage(fake):
        with pytest.raises(Unreachable):
            await accounts.status("ca_mail")

    [guard] = guards.all()
    assert (guard.key, guard.name, guard.snapshot().attempts) == ("composio:accounts", "Composio", 3)


@pytest.mark.parametrize(
    "told",
    [
        "[]",
        "{}",
        '{"redirect_url": "javascript:alert(1)", "connected_account_id": "ca_1"}',
        '{"redirect_url": "https://c.example/l", "connected_account_id": ""}',
        '{"redirect_url": "http://[", "connected_account_id": "ca_1"}',
        '{"redirect_url": "https://c.example/l", "connected_account_id": "ca\\u0000"}',
    ],
)
async def test_a_link_of_another_form_is_never_shown(told: str, guards: Guards) -> None:
    async with answering({"/auth_configs": '{"items": [{"id": "ac_1"}]}', "/link": told}) as made:
        with pytest.raises(Unreadable) as caught:
            await made(guards).link("gmail", "ada", None)

    assert "javascript" not in caught.value.detail


async def test_a_link_whose_end_is_not_told_is_a_link(guards: Guards) -> None:
    told = '{"redirect_url": "https://c.example/l", "connected_account_id": "ca_1", "expires_at": "soon"}'
    naive = told.replace("soon", "2026-03-02T09:10:00")
    configs = '{"items": [{"id": "ac_0", "status": "DISABLED"}, {"id": "ac_1", "toolkit": {"slug": "gmail"}}]}'
    for each, expected in ((told, None), (naive, datetime(2026, 3, 2, 9, 10, tzinfo=UTC))):
        async with answering({"/auth_configs": configs, "/link": each}) as made:
            assert (await made(guards).link("gmail", "ada", None)).expires_at == expected


async def test_a_list_of_another_form_is_no_empty_list(guards: Guards) -> None:
    async with answering({"/auth_configs": '{"configs": []}'}) as made:
        with pytest.raises(Unreadable, match="items"):
            await made(guards).link("gmail", "ada", None)


def test_a_server_of_before_connects_none(guards: Guards) -> None:
    gateway = SdkGateway(Outbound("https://own.example", service="Composio"), SecretStr(KEY), api="v2")

    assert accounts_from(gateway, guards) is None
