"""The stand-in itself: takes a request, lets faults strike, answers, and writes down what it did.

    fake = FakeComposio(api_key="test-key")
    fake.connect("ca_mail", Mailbox.generate(1000, seed=1))
    async with serving(fake) as url: ...

What it holds may be changed from another thread while it serves: hold `fake.lock` for more than one step.
"""

import asyncio
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from scripts.fake_composio import control, legacy, v3, webhooks
from scripts.fake_composio.accounts import Account, Accounts
from scripts.fake_composio.backend import Backend, failed_envelope, real_time
from scripts.fake_composio.exchange import Answer, Calls, Exchange, error_body, json_body
from scripts.fake_composio.faults import PAGE_KINDS, Fault, Faults
from scripts.fake_composio.toolkit import HttpFailed, ToolFailed, Toolkit
from scripts.fake_composio.wire import Reply, Request, Wire

_HTML = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
_GATEWAYS = {502: "Bad gateway", 504: "Gateway time-out"}
_MESSAGES = {
    401: "Invalid API key",
    403: "Forbidden",
    404: "Not found",
    410: "Gone",
    500: "Internal server error",
    503: "Service unavailable",
}


class FakeComposio:
    """One server's state. `serving` and `running` (serving.py) put it on a port."""

    def __init__(
        self,
        api_key: str = "test-key",
        *,
        legacy: bool = False,
        now: Callable[[], datetime] = real_time,
        seed: int = 0,
        calls_kept: int = 100_000,
    ) -> None:
        self.backend = Backend(api_key=api_key, now=now, faults=Faults(seed))
        self.legacy = legacy
        self.calls = Calls(calls_kept)
        self.latency_s = 0.0
        """What every answer takes at least."""
        self.lock = threading.RLock()
        self.wire: Wire | None = None
        """While it is served."""
        self._returns: set[asyncio.Task[None]] = set()

    @property
    def api_key(self) -> str:
        return self.backend.api_key

    @property
    def accounts(self) -> Accounts:
        return self.backend.accounts

    @property
    def faults(self) -> Faults:
        return self.backend.faults

    @property
    def webhooks(self) -> webhooks.Webhooks:
        return self.backend.webhooks

    @property
    def versions(self) -> dict[str, list[str]]:
        """Toolkit to the only versions it has; one that is not named has every version."""
        return self.backend.versions

    def connect(self, account_id: str, toolkit: Toolkit, user_id: str = "default", status: str = "ACTIVE") -> Account:
        with self.lock:
            return self.accounts.add(account_id, toolkit, user_id, status, self.backend.now())

    def set_status(self, account_id: str, status: str, reason: str | None = None) -> None:
        """For example EXPIRED: from then on its tools answer 410."""
        with self.lock:
            self.accounts.get(account_id).set(status, self.backend.now(), reason)

    async def handle(self, request: Request) -> Reply:
        """The wire's handler."""
        self.calls.in_flight += 1
        self.calls.most_in_flight = max(self.calls.most_in_flight, self.calls.in_flight)
        try:
            if request.path == "/_control/webhook":
                return await self._delivered(request)
            with self.lock:
                reply = self._answered(request)
            if self.latency_s:
                await asyncio.sleep(self.latency_s)
            return reply
        finally:
            self.calls.in_flight -= 1

    def _answered(self, request: Request) -> Reply:
        self.backend.served += 1
        parts = [part for part in request.path.split("/") if part]
        try:
            exchange = _exchange(request, parts)
        except HttpFailed as failed:
            return _failed(failed, self.backend.served)
        if parts[:1] == ["_control"]:
            return self._controlled(exchange, "/".join(parts[1:]))
        if parts[:1] == ["link"]:
            return self._followed(parts[-1])
        exchange.faults = self.faults.drawn(exchange.target, exchange.account)
        reply, successful = self._struck(exchange, parts)
        status = 0 if reply.cut == "at once" else reply.status
        self.calls.add(exchange.call(self.backend.now(), status, successful=successful))
        return reply

    def _struck(self, exchange: Exchange, parts: list[str]) -> tuple[Reply, bool]:
        """The answer, with whatever strikes it; and whether it was a good one."""
        fault = next((each for each in exchange.faults if each.kind not in PAGE_KINDS), None)
        if fault is not None and (instead := self._instead(fault)) is not None:
            return instead, False
        reply, good = self._routed(exchange, parts)
        if fault is not None:
            _spoil(reply, fault)
        return reply, good and not reply.cut and (fault is None or fault.kind != "truncated_json")

    def _instead(self, fault: Fault) -> Reply | None:
        """What comes in place of an answer; None where the fault leaves it to be made."""
        if fault.kind == "status":
            return _status(fault, self.backend)
        if fault.kind == "tool_failed":
            failed = ToolFailed(fault.message or "ratelimited", fault.status, {} if fault.status is None else None)
            return _json(200, failed_envelope(failed, self.backend.served))
        if fault.kind == "html_200":
            return Reply(200, _HTML.format("Please wait").encode(), {"content-type": "text/html; charset=utf-8"})
        if fault.kind == "empty_200":
            return Reply(200)
        if fault.kind == "refuse":
            self.be_away(fault.seconds)
            return Reply(0, cut="at once")
        return Reply(0, cut="at once") if fault.kind == "drop" and fault.where == "before" else None

    def _routed(self, exchange: Exchange, parts: list[str]) -> tuple[Reply, bool]:
        """The answer without any fault, and whether it is a good one."""
        old = parts[1:2] in (["v1"], ["v2"])
        try:
            return _json(*self._route(exchange, parts, old=old)), True
        except ToolFailed as failed:
            body = legacy.failed_envelope(failed) if old else failed_envelope(failed, self.backend.served)
            return _json(200, body), False
        except HttpFailed as failed:
            return _failed(failed, self.backend.served), False

    def _route(self, exchange: Exchange, parts: list[str], *, old: bool) -> Answer:
        if old and not self.legacy:
            raise HttpFailed(410, "This API version has been removed. Please migrate to v3.1.", 410, "HTTP_Gone")
        self.backend.check_key(exchange.request.headers.get("x-api-key"))
        if old:
            return legacy.answer(self.backend, exchange, parts[1:])
        if parts[1:2] in (["v3"], ["v3.1"]):
            return v3.answer(self.backend, exchange, parts[2:])
        raise HttpFailed(404, "Not found", 404, "HTTP_NotFound")

    def _controlled(self, exchange: Exchange, command: str) -> Reply:
        try:
            return _json(*control.answer(self.backend, self.calls, self.be_away, exchange, command))
        except HttpFailed as failed:
            return _failed(failed, self.backend.served)

    async def _delivered(self, request: Request) -> Reply:
        """Deliver what is asked for to all who want it, and answer with what they said."""
        try:
            with self.lock:
                orders = control.deliveries(self.backend, dict(json_body(request)))
        except HttpFailed as failed:
            return _failed(failed, self.backend.served)
        answers = [await asyncio.to_thread(webhooks.post, *order) for order in orders]
        return _json(200, {"deliveries": answers})

    def _followed(self, token: str) -> Reply:
        account = self.accounts.follow(token, self.backend.now())
        if account is None:
            return _html(404, "This link has expired")
        if account.callback_url is None:
            return _html(200, f"Connected: {account.id}")
        joint = "&" if "?" in account.callback_url else "?"
        to = f"{account.callback_url}{joint}status=success&connected_account_id={account.id}"
        return Reply(302, headers={"location": to})

    def be_away(self, seconds: float) -> None:
        """Refuse connections for a while, beginning with the loop's next round so that this answer still goes out."""
        task = asyncio.get_running_loop().create_task(self._away(seconds))
        self._returns.add(task)
        task.add_done_callback(self._returns.discard)

    async def _away(self, seconds: float) -> None:
        await asyncio.sleep(0.01)
        if self.wire is not None:
            await self.wire.away()
        await asyncio.sleep(seconds)
        if self.wire is not None:
            await self.wire.back()

    async def stop_returns(self) -> None:
        """End outages that are under way, because serving ends."""
        tasks = list(self._returns)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _exchange(request: Request, parts: list[str]) -> Exchange:
    body = json_body(request)
    slug = None
    match parts:
        case ["api", "v3" | "v3.1", "tools", "execute", name] | ["api", "v2", "actions", name, "execute"]:
            slug = name
    return Exchange(request, slug or request.path, slug, body)


def _json(status: int, body: Any) -> Reply:
    return Reply(status, json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())


def _failed(failed: HttpFailed, number: int) -> Reply:
    reply = _json(failed.status, error_body(failed, number))
    reply.headers |= failed.headers
    return reply


def _html(status: int, title: str) -> Reply:
    return Reply(status, _HTML.format(title).encode(), {"content-type": "text/html; charset=utf-8"})


def _status(fault: Fault, backend: Backend) -> Reply:
    code = fault.status or 500
    if code in _GATEWAYS and not fault.message:
        return _html(code, f"{code} {_GATEWAYS[code]}")
    if code == 429:
        reply = _json(code, {"message": fault.message or "Rate limit exceeded."})
        reply.headers |= {"x-ratelimit": "2000", "x-ratelimit-remaining": "0", "x-ratelimit-window-size": "60s"}
    else:
        message = fault.message or _MESSAGES.get(code, "Error")
        reply = _json(code, error_body(HttpFailed(code, message), backend.served))
    if fault.retry_after is not None:
        until = datetime.now(UTC) + timedelta(seconds=fault.retry_after)
        reply.headers["retry-after"] = format_datetime(until, usegmt=True) if fault.as_date else str(fault.retry_after)
    return reply


def _spoil(reply: Reply, fault: Fault) -> None:
    """Alter how the answer is delivered."""
    if fault.kind == "truncated_json":
        reply.body = reply.body[: max(1, len(reply.body) * 2 // 3)]
    elif fault.kind == "slow_headers":
        reply.head_after = fault.seconds
    elif fault.kind == "slow_body":
        reply.body_over = fault.seconds
    elif fault.kind == "drop":
        reply.cut = "in the body" if fault.where == "in the body" else "at once"
