"""What every gateway keeps, whatever it is made of: the same calls, the same errors, one request each."""

import asyncio
import json
import time
from typing import Any

import pytest

from app.core.errors import (
    NotThere,
    Rejected,
    Throttled,
    TimedOut,
    Unauthorised,
    Unreachable,
    Unreadable,
    Upstream,
)
from app.core.http import Outbound
from app.integrations.gateways.contract import Gateway, Tool
from app.integrations.pulling import Account
from app.records import Kept
from scripts.fake_composio import faults
from scripts.fake_composio.faults import Fault
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import outage
from scripts.fake_composio.toolkit import ToolFailed
from scripts.fake_composio.wire import Reply, Request, Wire
from tests.integrations.gateways.conftest import KEY, LIST, SEND, Connect, Desk, gateway_of

MAIL = Account("default", "ca_mail")


async def called(gateway: Gateway, tool: Tool = LIST, account: Account = MAIL, timeout_s: float = 5.0) -> Any:
    return await gateway.execute(tool, {"user_id": "me"}, account, timeout_s=timeout_s)


async def failed(gateway: Gateway, *arguments: Any, **named: Any) -> Upstream:
    """The error of a call that fails. It never holds the key."""
    with pytest.raises(Upstream) as caught:
        await called(gateway, *arguments, **named)
    assert KEY not in f"{caught.value!r} {caught.value.detail}"
    return caught.value


async def test_a_call_gives_what_lies_in_the_envelope(gateway: Gateway, fake: FakeComposio) -> None:
    assert await called(gateway) == {"labels": [{"id": "INBOX"}]}

    assert len(fake.calls) == 1
    assert fake.calls[0].arguments == {"user_id": "me"}
    assert (fake.calls[0].user_id, fake.calls[0].account) == ("default", "ca_mail")


async def test_the_pinned_version_is_called(gateway: Gateway, fake: FakeComposio, kind: str) -> None:
    await called(gateway)

    assert fake.calls[0].version == ("latest:base" if kind == "sdk of v2" else LIST.version)


async def test_without_an_id_the_newest_account_of_the_user_is_taken(
    gateway: Gateway, fake: FakeComposio, desk: Desk
) -> None:
    newer = Desk()
    newer.answer = {"labels": []}
    fake.connect("ca_newer", newer)

    assert await called(gateway, account=Account("default")) == {"labels": []}


async def test_an_account_that_comes_later_is_found(gateway: Gateway, fake: FakeComposio, desk: Desk) -> None:
    error = await failed(gateway, account=Account("somebody"))
    assert type(error) is Unauthorised
    assert "Gmail" in error.detail

    fake.connect("ca_late", desk, "somebody")

    assert await called(gateway, account=Account("somebody"))


@pytest.mark.parametrize(
    ("fault", "expected", "happened"),
    [
        (faults.status(400), Rejected, False),
        (faults.status(401), Unauthorised, False),
        (faults.status(403), Unauthorised, False),
        (faults.status(404), Rejected, False),
        (faults.status(410), Rejected, False),
        (faults.status(422), Rejected, False),
        (faults.status(302), Rejected, False),
        (faults.status(429), Throttled, False),
        (faults.status(500), Unreachable, None),
        (faults.status(502), Unreachable, None),
        (faults.status(503), Unreachable, None),
        (faults.status(504), Unreachable, None),
        (faults.html(), Unreachable, None),
        (faults.empty(), Unreachable, None),
        (faults.truncated(), Unreachable, None),
        (faults.drop("before"), Unreachable, None),
        (faults.drop("after"), Unreachable, None),
        (faults.drop("in the body"), Unreachable, None),
        (faults.tool_failed("ratelimited"), Throttled, False),
        (faults.tool_failed("429 Client Error: Too Many Requests", 429), Throttled, False),
        (faults.tool_failed("401 Client Error: Unauthorized", 401), Unauthorised, False),
        (faults.tool_failed("token_revoked"), Unauthorised, False),
        (faults.tool_failed("missing_scope"), Unauthorised, False),
        (faults.tool_failed("historyIdTooOld", 404), NotThere, False),
        (faults.tool_failed("channel_not_found"), NotThere, False),
        (faults.tool_failed("not_in_channel"), Rejected, False),
        (faults.tool_failed("503 Server Error", 503), Unreachable, None),
    ],
    ids=lambda each: f"{each.kind} {each.status or each.message or each.where}" if isinstance(each, Fault) else None,
)
async def test_every_failure_has_its_error_and_one_request(
    gateway: Gateway, fake: FakeComposio, fault: Fault, expected: type[Upstream], happened: bool | None
) -> None:
    fake.faults.add(fault)

    error = await failed(gateway)

    assert type(error) is expected
    assert error.happened is happened
    assert error.detail.startswith(("Composio", "Gmail", "The connection to Composio"))
    assert len(fake.calls) == 1


@pytest.mark.parametrize("as_date", [False, True])
async def test_how_long_to_wait_is_heard(gateway: Gateway, fake: FakeComposio, as_date: bool) -> None:
    fake.faults.add(faults.status(429, retry_after=37, as_date=as_date))

    error = await failed(gateway)

    assert 34 < (error.retry_after_s or 0) <= 37


@pytest.mark.parametrize("fault", [faults.slow_headers(5), faults.slow_body(5)], ids=["headers", "body"])
@pytest.mark.parametrize("tool", [LIST, SEND], ids=["read", "write"])
async def test_a_slow_answer_is_given_up_in_time_and_never_asked_for_again(
    connect: Connect, fake: FakeComposio, fault: Fault, tool: Tool
) -> None:
    gateway = connect()
    await called(gateway)  # what is loaded once is loaded
    fake.calls.clear()
    fake.faults.add(fault)

    begun = time.monotonic()
    error = await failed(gateway, tool, timeout_s=0.4)

    assert time.monotonic() - begun < 1.2
    assert type(error) is TimedOut
    assert error.happened is None
    await asyncio.sleep(0.3)
    assert len(fake.calls) == 1


async def test_where_nobody_listens_nothing_happened(gateway: Gateway, fake: FakeComposio) -> None:
    async with outage(fake):
        error = await failed(gateway)

    assert type(error) is Unreachable
    assert error.happened is False
    assert await called(gateway)


async def test_a_write_that_may_have_happened_was_sent_once(gateway: Gateway, fake: FakeComposio, desk: Desk) -> None:
    fake.faults.add(faults.drop("after"))

    error = await failed(gateway, SEND)

    assert error.happened is None
    assert len(desk.sent) == 1


async def test_a_refused_key_is_told_from_a_lost_account(connect: Connect, fake: FakeComposio) -> None:
    wrong_key = await failed(connect(key="ak_wrong"))
    fake.set_status("ca_mail", "EXPIRED", "OAuth refresh token expired")
    expired = await failed(connect())
    fake.set_status("ca_mail", "REVOKED")
    revoked = await failed(connect())

    assert "COMPOSIO_API_KEY" in wrong_key.detail
    assert "Gmail" in expired.detail
    assert "Connect it again" in expired.detail
    assert {type(each) for each in (wrong_key, expired, revoked)} == {Unauthorised}


@pytest.mark.parametrize("account", [Account("other", "ca_mail"), Account("default", "ca_none")], ids=["user", "id"])
async def test_an_account_that_is_not_ours(gateway: Gateway, account: Account) -> None:
    error = await failed(gateway, account=account)

    assert type(error) is Unauthorised
    assert "Gmail" in error.detail


async def test_an_unknown_tool_says_where_to_look(gateway: Gateway) -> None:
    old = Tool(name="GMAIL_OLD_NAME", slug="GMAIL_OLD_NAME", toolkit="gmail", version="20260702_01")

    error = await failed(gateway, old)

    assert type(error) is Rejected
    assert "config check-services" in error.detail


async def test_what_slack_and_notion_hide_in_a_success_is_a_failure(gateway: Gateway, desk: Desk) -> None:
    desk.answer = {"ok": False, "error": "ratelimited", "retry_after": 12}
    throttled = await failed(gateway)
    desk.answer = {"response_data": {"object": "error", "status": 404, "code": "object_not_found", "message": "No."}}
    gone = await failed(gateway)

    assert (type(throttled), throttled.retry_after_s) == (Throttled, 12)
    assert type(gone) is NotThere


async def test_words_of_a_service_are_quoted_short_and_without_secrets(gateway: Gateway, desk: Desk) -> None:
    desk.answer = ToolFailed("invalid_arguments\n\x1b[31m xoxb-1234567890-abcdef " + "x" * 5000, 400)

    error = await failed(gateway)

    assert type(error) is Rejected
    assert "invalid_arguments" in error.detail
    assert "xoxb" not in error.detail
    assert error.detail.isprintable()
    assert len(error.detail) < 300


@pytest.mark.parametrize(
    ("envelope", "path"),
    [
        ({"data": {}, "error": None, "okay": True}, "successful"),
        ({"result": {}, "error": None, "successful": True}, "data"),
        ({"data": {}, "successful": "yes"}, "successful"),
        (["successful"], "answer"),
        (None, "answer"),
    ],
    ids=["no verdict", "no data", "another verdict", "a list", "null"],
)
async def test_an_envelope_of_another_form_is_unreadable(kind: str, envelope: Any, path: str) -> None:
    async def answer(_request: Request) -> Reply:
        return Reply(200, json.dumps(envelope).encode())

    wire = Wire(answer)
    await wire.start()
    gateway = gateway_of(kind, Outbound(wire.url, service="Composio"))

    error = await failed(gateway)
    await gateway.close()
    await wire.stop()

    assert isinstance(error, Unreadable)
    assert error.path == path
    assert isinstance(error.kept, Kept)
    assert error.kept.value == envelope


async def test_parallel_calls_stay_parallel(gateway: Gateway, fake: FakeComposio) -> None:
    await called(gateway)
    fake.latency_s = 0.3

    begun = time.monotonic()
    await asyncio.gather(*(called(gateway) for _ in range(10)))

    assert time.monotonic() - begun < 1.5
    assert fake.calls.most_in_flight == 10


async def test_a_call_that_is_cancelled_ends_at_once(gateway: Gateway, fake: FakeComposio) -> None:
    await called(gateway)
    fake.latency_s = 5

    task = asyncio.create_task(called(gateway))
    await asyncio.sleep(0.2)
    task.cancel()
    begun = time.monotonic()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - begun < 0.5


async def test_a_check_finds_key_tools_and_versions_good(gateway: Gateway, fake: FakeComposio) -> None:
    lines = await gateway.check((LIST, SEND))

    assert [line.ok for line in lines] == [True, True, True]
    assert lines[0].what == "Composio API key"
    assert not any(call.ran for call in fake.calls)


async def test_a_check_names_a_tool_that_is_gone(gateway: Gateway) -> None:
    old = Tool(name="GMAIL_OLD_NAME", slug="GMAIL_OLD_NAME", toolkit="gmail", version="20260702_01")

    lines = await gateway.check((LIST, old))

    assert [line.ok for line in lines] == [True, True, False]
    assert "renamed or removed" in lines[2].detail


async def test_a_check_stops_at_a_refused_key(connect: Connect) -> None:
    lines = await connect(key="ak_wrong").check((LIST, SEND))

    assert [line.ok for line in lines] == [False]
    assert "COMPOSIO_API_KEY" in lines[0].detail


async def test_a_check_names_the_version_to_set(gateway: Gateway, fake: FakeComposio, kind: str) -> None:
    fake.versions["gmail"] = ["20260817_00"]

    line = (await gateway.check((LIST,)))[1]

    if kind == "sdk of v2":
        assert line.ok  # old servers number theirs otherwise; none is pinned there
    else:
        assert not line.ok
        assert "COMPOSIO_TOOL_VERSIONS=gmail=20260817_00" in line.detail
