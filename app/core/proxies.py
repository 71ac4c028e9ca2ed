"""Who a request comes from where a proxy stands before this server, by `X-Forwarded-For` and `X-Forwarded-Proto`.

Only proxies that the settings name are believed, this machine's own among them: else any client could claim to be
anybody. uvicorn's middleware does the work: of the addresses that the proxies wrote down it takes the rightmost one
that is none of theirs. Here stands what it leaves out: what is no address is not believed either.
"""

from collections.abc import Sequence
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.addresses import plain


def behind(app: ASGIApp, trusted: Sequence[str]) -> ASGIApp:
    """The app behind proxies at these addresses and networks; the app itself where there are none."""
    if not trusted:
        return app
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware  # noqa: PLC0415 - only where it is needed

    # Both speak ASGI; uvicorn types it by classes of its own, which Starlette does not use.
    read: Any = ProxyHeadersMiddleware(_only_addresses(app), trusted_hosts=list(trusted))  # type: ignore[arg-type]

    async def noted(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["peer"] = scope.get("client")
        await read(scope, receive, send)

    return noted


class BehindProxies:
    """The same, as middleware."""

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        self._app = behind(app, trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def _only_addresses(app: ASGIApp) -> ASGIApp:
    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        client, peer = scope.get("client"), scope.pop("peer", None)
        if client is not None and client is not peer:
            address = _address(client[0])
            # The proxy's own: whoever sends rubbish through it is counted with it.
            scope["client"] = peer if address is None else (address, client[1])
        await app(scope, receive, send)

    return checked


def _address(given: str) -> str | None:
    """As addresses are written: one client must not be many by spelling itself in many ways."""
    try:
        return str(plain(given))
    except ValueError:
        return None
