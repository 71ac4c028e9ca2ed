"""Control over HTTP, for tests that run the server as a process and for people: /_control/… on the same port.

Needs no key: the server listens on the loopback address alone.
"""

from collections.abc import Callable
from typing import Any

from scripts.fake_composio import faults, webhooks
from scripts.fake_composio.backend import Backend
from scripts.fake_composio.exchange import Answer, Calls, Exchange
from scripts.fake_composio.toolkit import Changeable, HttpFailed


def answer(backend: Backend, calls: Calls, outage: Callable[[float], None], exchange: Exchange, command: str) -> Answer:
    """Raises HttpFailed with a sentence where the command can't be understood."""
    method, body = exchange.request.method, dict(exchange.body)
    try:
        match method, command:
            case "POST", "faults":
                return 200, _add_faults(backend, body)
            case "POST", "reset":
                backend.faults.clear()
                calls.clear()
                return 200, {"rules": 0, "calls": 0}
            case "GET", "calls":
                return 200, _calls(calls, exchange)
            case "POST", "world":
                return 200, {"done": _changed(backend, body)}
            case "POST", "account":
                backend.accounts.get(str(body["id"])).set(str(body["status"]), backend.now(), body.get("reason"))
                return 200, {"done": True}
            case "POST", "outage":
                outage(float(body["seconds"]))
                return 200, {"seconds": float(body["seconds"])}
    except (KeyError, TypeError, ValueError) as error:
        raise HttpFailed(400, f"Not understood: {error}") from error
    raise HttpFailed(404, "There are /_control/faults, reset, calls, world, account, outage and webhook")


def deliveries(backend: Backend, body: dict[str, Any]) -> list[tuple[str, webhooks.Delivery]]:
    """What POST /_control/webhook asks for, as addresses and requests: {"account": "ca_…"}, and perhaps "event", which
    is «news» or «expired», "wrong", "times", "reason". Raises HttpFailed."""
    try:
        account, now = backend.accounts.get(str(body["account"])), backend.now()
        about = {"news": webhooks.NEWS, "expired": webhooks.EXPIRED}[str(body.get("event", "news"))]
        if about == webhooks.EXPIRED:
            account.set("EXPIRED", now, str(body.get("reason", "OAuth refresh token expired")))
        orders = []
        for each in backend.webhooks.wanted(about):
            news = about == webhooks.NEWS
            event = backend.webhooks.news(account, now, each.version) if news else webhooks.expired(account, now)
            made = webhooks.delivery(each.secret, event, now, wrong=body.get("wrong"))
            orders += [(each.url, made)] * int(body.get("times", 1))
    except (KeyError, TypeError, ValueError) as error:
        raise HttpFailed(400, f"Not understood: {error}") from error
    return orders


def _add_faults(backend: Backend, body: dict[str, Any]) -> dict[str, Any]:
    """One fault, or {"mix": 0.3, …} with the other arguments of `mix`."""
    if "mix" in body:
        backend.faults.mix(float(body.pop("mix")), **body)
    else:
        fault, rule = faults.from_json(body)
        backend.faults.add(fault, **rule)
    return {"rules": len(backend.faults.rules)}


def _calls(calls: Calls, exchange: Exchange) -> dict[str, Any]:
    slug, limit = exchange.request.query.get("slug"), int(exchange.request.query.get("limit", "1000"))
    found = [call.as_json() for call in calls if slug in (None, call.slug)]
    return {
        "total": calls.total,
        "found": len(found),
        "most_in_flight": calls.most_in_flight,
        "calls": found[-limit:] if limit else [],
    }


def _changed(backend: Backend, body: dict[str, Any]) -> Any:
    """{"account": "ca_…", …} or {"toolkit": "gmail", …}; the rest is the toolkit's own command."""
    account, name = body.pop("account", None), body.pop("toolkit", None)
    world = backend.accounts.get(account).toolkit if account else backend.worlds().get(str(name))
    if world is None:
        raise ValueError(f"no toolkit «{name}» is served")
    if not isinstance(world, Changeable):
        raise TypeError(f"the world of {world.toolkit} can't be changed from outside")
    return world.change(body)
