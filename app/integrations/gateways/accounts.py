"""Accounts at Composio: a link by which a person gives access, whether they did, and giving that access back.

API: https://docs.composio.dev/reference (auth configs, connected accounts), v3.1. Every call goes through the guard.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from app.core.errors import NotThere, Unreadable
from app.core.guard.guard import Guard
from app.core.guard.settings import Mode
from app.core.http import Outbound, Response
from app.integrations.gateways.answers import COMPOSIO, refusal
from app.integrations.gateways.providers import cleaned

GUARD = "composio:accounts"
MISSING = "MISSING"
"""The status of an account that Composio does not know, or no longer."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a person gives access, and the account that then has it."""

    account_id: str
    user_id: str
    redirect_url: str = field(repr=False)
    """Whoever has it can connect an account of theirs in our name: it stands in no log."""
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """How an account stands, in Composio's words."""

    name: str
    """INITIALIZING, INITIATED, ACTIVE, FAILED, EXPIRED, INACTIVE, REVOKED, or MISSING."""
    reason: str = ""
    """Why, on one line that may be quoted."""


class Accounts(Protocol):
    """All of them raise app.core.errors.Upstream."""

    async def link(
        self, toolkit: str, user_id: str, callback_url: str | None, *, service: str = "", mode: Mode = Mode.INTERACTIVE
    ) -> Link:
        """A new link, and an account that waits for it to be followed. `service` is for people («Gmail»)."""
        ...

    async def status(self, account_id: str, *, mode: Mode = Mode.BACKGROUND) -> Status: ...

    async def revoke(self, account_id: str, *, mode: Mode = Mode.BACKGROUND) -> None:
        """Give the access back. An account that is not there has none."""
        ...


class ComposioAccounts:
    """Over the API's origin: the gateway's own connections, which it closes."""

    def __init__(self, outbound: Outbound, guard: Guard, *, api: str) -> None:
        """`api` is the path before every call, «/api/v3.1»."""
        self._outbound = outbound
        self._guard = guard
        self._api = api

    async def link(
        self, toolkit: str, user_id: str, callback_url: str | None, *, service: str = "", mode: Mode = Mode.INTERACTIVE
    ) -> Link:
        config = await self._auth_config(toolkit, service or toolkit.title(), mode)
        body = {"auth_config_id": config, "user_id": user_id}
        if callback_url:
            body["callback_url"] = callback_url
        # Sent once: a second link would leave an account behind that nobody knows of.
        answer = await self._ask("POST", "/connected_accounts/link", mode, json=body)
        return _link(_object(_good(answer), "link"), user_id)

    async def status(self, account_id: str, *, mode: Mode = Mode.BACKGROUND) -> Status:
        answer = await self._ask("GET", f"/connected_accounts/{quote(account_id, safe='')}", mode)
        if answer.status == 404:
            return Status(MISSING)
        told = _object(_good(answer), "account")
        return Status(_text(told, "status", "account").upper(), cleaned(str(told.get("status_reason") or "")))

    async def revoke(self, account_id: str, *, mode: Mode = Mode.BACKGROUND) -> None:
        answer = await self._ask("POST", f"/connected_accounts/{quote(account_id, safe='')}/revoke", mode, again=True)
        if answer.status != 404:
            _good(answer)

    async def _auth_config(self, toolkit: str, service: str, mode: Mode) -> str:
        """How the toolkit is signed in to, as its project at Composio says. Raises NotThere."""
        answer = await self._ask("GET", "/auth_configs", mode, params={"toolkit_slug": toolkit, "limit": "50"})
        items = _object(_good(answer), "list of auth configs").get("items")
        if not isinstance(items, list):
            raise _unreadable("list of auth configs", "items")
        for each in items:
            if isinstance(each, Mapping) and _fits(each, toolkit):
                return _text(each, "id", "auth config")
        detail = (
            f"Composio is not set up for {service} yet: it has no enabled auth config for it. Make one in Composio's"
            f" dashboard (Auth Configs, toolkit «{toolkit}»), then connect again."
        )
        raise NotThere(detail, service=COMPOSIO, happened=False)

    async def _ask(
        self,
        method: str,
        path: str,
        mode: Mode,
        *,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        again: bool = False,
    ) -> Response:
        """An answer that is none of those that may pass by themselves. `again`: a POST that may come twice."""

        async def attempt(timeout_s: float) -> Response:
            answer = await self._outbound.request(
                method, f"{self._api}{path}", json=json, params=params, timeout_s=timeout_s
            )
            if answer.status in (408, 429) or answer.status >= 500:
                raise refusal(answer, None)
            if 200 <= answer.status < 300:
                answer.json()  # a page instead of an answer is repeated too
            return answer

        return await self._guard.call(attempt, mode=mode, write=method != "GET" and not again)


def _fits(config: Mapping[str, Any], toolkit: str) -> bool:
    slug = config.get("toolkit")
    of = slug.get("slug") if isinstance(slug, Mapping) else slug
    return of in (toolkit, None) and str(config.get("status") or "ENABLED").upper() == "ENABLED"


def _link(told: Mapping[str, Any], user_id: str) -> Link:
    address = _text(told, "redirect_url", "link")
    if not is_web(address):  # it is shown to be opened
        raise _unreadable("link", "redirect_url")
    return Link(_text(told, "connected_account_id", "link"), user_id, address, _moment(told.get("expires_at")))


def is_web(address: str) -> bool:
    """Whether it is an address that a browser may be sent to."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and address.isprintable() and " " not in address


def _moment(told: Any) -> datetime | None:
    """None where it is none: when a link ends is good to know, and no reason to refuse it."""
    try:
        at = datetime.fromisoformat(told)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _good(answer: Response) -> Response:
    """Raises Upstream for what is refused."""
    if not 200 <= answer.status < 300:
        raise refusal(answer, None)
    return answer


def _object(answer: Response, what: str) -> Mapping[str, Any]:
    told = answer.json()
    if not isinstance(told, Mapping):
        raise _unreadable(what, "")
    return told


def _text(told: Mapping[str, Any], name: str, what: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value or len(value) > _LONGEST[name] or not value.isprintable():
        raise _unreadable(what, name)
    return value


_LONGEST = {"id": 200, "connected_account_id": 200, "redirect_url": 4000, "status": 40}


def _unreadable(what: str, path: str) -> Unreadable:
    where = f" ({path})" if path else ""
    detail = f"Composio's {what} can't be read{where}: its form has changed, or this is no answer of it."
    return Unreadable(detail, path=path, service=COMPOSIO)
