"""What every answer tells browsers and caches about how to treat it. Pure ASGI, outermost.

What an answer says itself stands: pages bring a content security policy of their own, assets say how long they are
kept. https://owasp.org/www-project-secure-headers
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FOR_ALL = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    # Pages of listed origins read answers by CORS, which this does not concern.
    (b"cross-origin-resource-policy", b"same-origin"),
]
_DATA = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
"""For what is no page: should a browser ever show it as one, nothing of it runs."""
_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
"""A year. Without subdomains: they may be somebody else's."""
_UNSAID = (b"cache-control", b"private, no-cache")
"""Kept by the browser alone, and asked about each time: ETags go on working."""
_VARY = b"Authorization, Cookie"


class Hardened:
    """Adds these headers where the answer doesn't have them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                # The scheme is looked at now: a proxy's word for it is taken further in.
                message["headers"] = _hardened(list(message["headers"]), secure=scope["scheme"] == "https")
            await send(message)

        await self.app(scope, receive, send_hardened)


def _hardened(said: list[tuple[bytes, bytes]], *, secure: bool) -> list[tuple[bytes, bytes]]:
    values = {name.lower(): value for name, value in said}
    added = [each for each in (*_FOR_ALL, _DATA, _UNSAID) if each[0] not in values]
    if secure and _TRANSPORT[0] not in values:
        added.append(_TRANSPORT)
    if b"public" not in values.get(b"cache-control", b""):
        vary = values.get(b"vary")
        said = [each for each in said if each[0].lower() != b"vary"]
        added.append((b"vary", _VARY if vary is None else b"%b, %b" % (_VARY, vary)))
    return said + added
