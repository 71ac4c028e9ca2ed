"""Webhooks: who wants them, which triggers there are, and deliveries signed as Composio signs them, or wrongly.

A delivery is made when it is asked for (POST /_control/webhook), and once: repeats are asked for too.
"""

import base64
import hashlib
import hmac
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from scripts.fake_composio.accounts import Account, stamp
from scripts.fake_composio.toolkit import HttpFailed

NEWS = "composio.trigger.message"
EXPIRED = "composio.connected_account.expired"
EVENTS = (NEWS, EXPIRED)
WRONGS = ("signature", "time", "body")
_LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Subscription:
    id: str
    url: str
    events: tuple[str, ...]
    version: str
    secret: str = field(repr=False)
    created_at: datetime

    def as_json(self, *, secret: bool = False) -> dict[str, Any]:
        """The secret is shown once, when it is made."""
        told = {
            "id": self.id,
            "webhook_url": self.url,
            "version": self.version,
            "enabled_events": list(self.events),
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.created_at),
        }
        return told | ({"secret": self.secret} if secret else {})


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request as it is sent, however often."""

    id: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Webhooks:
    """All subscriptions and triggers of one server."""

    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    triggers: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Id to slug and account."""
    _made: int = 0

    def subscribe(self, given: Mapping[str, Any], now: datetime) -> Subscription:
        url, events = given.get("webhook_url"), given.get("enabled_events")
        version = given.get("version", "V3")
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            raise HttpFailed(400, "webhook_url must be a URL", 400, "HTTP_BadRequest")
        if not isinstance(events, list) or not events or not set(events) <= set(EVENTS):
            raise HttpFailed(400, f"enabled_events must be some of {', '.join(EVENTS)}", 400, "HTTP_BadRequest")
        if version not in ("V2", "V3") or (version == "V2" and EXPIRED in events):
            raise HttpFailed(400, f"{version} does not have these events", 400, "HTTP_BadRequest")
        self._made += 1
        made = Subscription(f"ws_{self._made:04d}", url, tuple(events), version, secrets.token_hex(32), now)
        self.subscriptions[made.id] = made
        return made

    def trigger(self, slug: str, account: Account) -> str:
        """The id of a trigger; the same one for the same again."""
        wanted = (slug.upper(), account.id)
        if not wanted[0].startswith(f"{account.toolkit.toolkit.upper()}_"):
            raise HttpFailed(400, f"Trigger {slug} is not of this account's toolkit", 400, "Trigger_BadRequest")
        for known, each in self.triggers.items():
            if each == wanted:
                return known
        made = f"ti_{len(self.triggers) + 1:04d}"
        self.triggers[made] = wanted
        return made

    def news(self, account: Account, now: datetime, version: str = "V3") -> dict[str, Any]:
        """What a trigger of the account tells. Raises ValueError where it has none."""
        found = next((each for each in self.triggers.items() if each[1][1] == account.id), None)
        if found is None:
            raise ValueError(f"{account.id} has no trigger: make one at /trigger_instances/SLUG/upsert")
        return news(account, now, trigger=found[0], slug=found[1][0], version=version)

    def wanted(self, event: str) -> list[Subscription]:
        return [each for each in self.subscriptions.values() if event in each.events]


def news(
    account: Account, now: datetime, *, trigger: str = "ti_0000", slug: str = "NEWS", version: str = "V3"
) -> dict[str, Any]:
    data: dict[str, Any] = {"message_id": secrets.token_hex(8)}
    if version == "V2":
        own = {"connection_nano_id": account.id, "trigger_nano_id": trigger, "user_id": account.user_id}
        return {"log_id": "log_1", "timestamp": stamp(now), "type": slug.lower(), "data": {**own, **data}}
    metadata = {
        "log_id": "log_1",
        "trigger_slug": slug,
        "trigger_id": trigger,
        "connected_account_id": account.id,
        "auth_config_id": account.auth_config,
        "user_id": account.user_id,
    }
    return {"id": _new_id(), "timestamp": stamp(now), "type": NEWS, "metadata": metadata, "data": data}


def expired(account: Account, now: datetime) -> dict[str, Any]:
    data = {name: value for name, value in account.as_json().items() if name != "state"}
    return {"id": _new_id(), "timestamp": stamp(now), "type": EXPIRED, "metadata": {"project_id": "pr_1"}, "data": data}


def delivery(
    secrets_: str | Sequence[str], event: Any, now: datetime, *, wrong: str | None = None, delivery_id: str = ""
) -> Delivery:
    """`event` signed with each of the secrets; `wrong` is one of WRONGS. Bytes are delivered as they are."""
    if wrong not in (None, *WRONGS):
        raise ValueError(f"wrong can be {', '.join(WRONGS)}")
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    made, at = delivery_id or _new_id(), str(int((now - (_LATE if wrong == "time" else timedelta())).timestamp()))
    keys = [secrets_] if isinstance(secrets_, str) else list(secrets_)
    signatures = [
        _signature(f"not {key}" if wrong == "signature" else key, f"{made}.{at}.".encode() + body) for key in keys
    ]
    headers = {
        "content-type": "application/json",
        "webhook-id": made,
        "webhook-timestamp": at,
        "webhook-signature": " ".join(signatures),
        "x-composio-webhook-version": "V3",
    }
    return Delivery(made, headers, body + b" " if wrong == "body" else body)


def _signature(key: str, content: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key.encode(), content, hashlib.sha256)).decode()


def _new_id() -> str:
    return f"msg_{secrets.token_hex(8)}"


def post(url: str, made: Delivery) -> dict[str, Any]:
    """Deliver it, and say how it was answered; blocks."""
    request = urllib.request.Request(url, made.body, dict(made.headers), method="POST")  # noqa: S310 - checked when it was given
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            status, said = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, said = error.code, error.read()
    except OSError as error:
        return {"id": made.id, "status": 0, "answer": type(error).__name__}
    try:
        return {"id": made.id, "status": status, "answer": json.loads(said)}
    except ValueError:
        return {"id": made.id, "status": status, "answer": said.decode("utf-8", "replace")}
