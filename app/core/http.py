"""The one place that calls out over HTTP, and the one that knows httpx.

`Outbound` keeps the connections to one origin and turns all that can go wrong on the way into app.core.errors; what an
answer's status means is its caller's to say. One call is one request: nothing is repeated and no redirect is followed,
since both belong to whoever knows whether the call changes something.

Proxies are those of the environment (HTTPS_PROXY, NO_PROXY), as companies set them; a service on this machine is never
asked through one.
"""

import asyncio
import ipaddress
import json as jsons
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from app.core.clock import Clock, utc_now
from app.core.errors import Rejected, TimedOut, Unreachable
from app.core.guard.retry import parse_retry_after

CONNECT_S = 5.0
KEPT_S = 30.0
"""How long a connection that nobody uses is kept: most servers drop it after a minute."""
LARGEST_ANSWER = 50_000_000


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, whatever its status."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case."""
    body: bytes = field(repr=False)
    service: str = ""
    retry_after_s: float | None = None

    def json(self) -> Any:
        """Raises Unreachable where it is no JSON: a proxy's page or a cut answer, and the next one may be whole.

        Whether the call took effect is not known then.
        """
        try:
            return jsons.loads(self.body)
        except (ValueError, RecursionError) as error:
            detail = f"{self.service} answers with {self._instead()} where data was expected. Trying again may help."
            raise Unreachable(detail, service=self.service) from error

    def json_or_none(self) -> Any:
        """For answers of which nobody expects that they can be read: those of errors."""
        try:
            return jsons.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def _instead(self) -> str:
        begin = self.body[:64].lstrip()
        if not begin:
            return "nothing"
        return "a page for people" if begin.startswith(b"<") else "text that breaks off"


class Outbound:
    """The connections to one origin. Belongs to the event loop that first uses it."""

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        service: str,
        connect_s: float = CONNECT_S,
        pool: int = 20,
        largest: int = LARGEST_ANSWER,
        clock: Clock = utc_now,
    ) -> None:
        """`service` is how people call it. Raises ValueError for what no request could be made of; values of headers
        are secrets and are never repeated."""
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            raise ValueError("the address of a service begins with https:// or http://, and holds no user or password")
        for name, value in (headers or {}).items():
            if not value.isascii() or not value.isprintable():
                raise ValueError(f"the value of {name} has characters that can't be sent")
        self.base_url = base_url.rstrip("/")
        self.service = service
        self.pool = pool
        self._headers = dict(headers or {})
        self._connect_s = connect_s
        self._largest = largest
        self._clock = clock
        self._local = _is_here(parts.hostname)
        self._client: httpx.AsyncClient | None = None

    def __repr__(self) -> str:
        return f"Outbound({self.base_url!r}, service={self.service!r})"

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float,
    ) -> Response:
        """The answer, whatever its status, within `timeout_s` in all. What is sent is `json`, or the fields of `form`.

        Raises Unreachable, TimedOut (`happened` is False where nothing was sent), or Rejected for one that is too
        large.
        """
        sending = _Sending()
        try:
            async with asyncio.timeout(timeout_s):
                return await self._exchange(method, path, sending, _content(json, form), params, headers)
        except (TimeoutError, httpx.TimeoutException) as error:
            detail = f"{self.service} did not answer within {timeout_s:.3g} s."
            if not sending.begun:
                detail = f"No connection to {self.service} could be made in time."
            late = TimedOut(detail, service=self.service, happened=sending.happened)
            late.silent = not sending.begun
            raise late from error
        except httpx.LocalProtocolError:
            # Its text repeats what could not be sent, secrets among it.
            raise Rejected(f"The request to {self.service} can't be sent.", service=self.service) from None
        except httpx.HTTPError as error:
            detail = f"The connection to {self.service} broke off."
            if not sending.begun:
                detail = f"{self.service} can't be reached: no connection to {urlsplit(self.base_url).hostname}."
            away = Unreachable(detail, service=self.service, happened=sending.happened)
            away.silent = isinstance(error, httpx.ConnectError) and not _was_refused(error)
            raise away from error

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _exchange(
        self,
        method: str,
        path: str,
        sending: "_Sending",
        content: tuple[str, bytes] | None,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
    ) -> Response:
        kind, body_sent = content or ("", None)
        all_headers = dict(headers or {}) | ({"content-type": kind} if kind else {})
        stream = self._opened().stream(
            method, path, content=body_sent, params=params, headers=all_headers, extensions={"trace": sending.trace}
        )
        async with stream as answer:
            body = bytearray()
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > self._largest:
                    detail = f"{self.service}'s answer is larger than {self._largest // 1_000_000} MB."
                    raise Rejected(detail, service=self.service, happened=True)
            wait = parse_retry_after(answer.headers.get("retry-after"), self._clock())
            return Response(answer.status_code, dict(answer.headers), bytes(body), self.service, wait)

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:  # late: it reads the certificates, and many programs call nobody
            self._client = httpx.AsyncClient(
                base_url=self.base_url,
                headers=self._headers,
                # The time in all is kept by `request`; a connection that is not made soon is not made at all.
                timeout=httpx.Timeout(None, connect=self._connect_s),
                limits=httpx.Limits(
                    max_connections=self.pool, max_keepalive_connections=self.pool, keepalive_expiry=KEPT_S
                ),
                follow_redirects=False,
                trust_env=not self._local,
            )
        return self._client


class _Sending:
    """Whether anything of a request was sent, as the transport tells: before that nothing can have happened."""

    def __init__(self) -> None:
        self.begun = False

    @property
    def happened(self) -> bool | None:
        return None if self.begun else False

    async def trace(self, event: str, _info: Mapping[str, Any]) -> None:
        if event.endswith("send_request_headers.started"):
            self.begun = True


def _content(json: Any, form: Mapping[str, str] | None) -> tuple[str, bytes] | None:
    """What a body is, and the body itself."""
    if form is not None:
        return "application/x-www-form-urlencoded", urlencode(form).encode()
    return None if json is None else ("application/json", jsons.dumps(json, allow_nan=False).encode())


def _was_refused(error: BaseException) -> bool:
    """Whether somebody said no to the connection, or it broke while it was made secure: then the way there is open."""
    found: list[BaseException | None] = [error]
    while found:
        each = found.pop()
        if isinstance(each, ConnectionError | ssl.SSLError):
            return True
        if each is not None:
            found += [each.__cause__, each.__context__]
            found += each.exceptions if isinstance(each, BaseExceptionGroup) else ()
    return False


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_address(url: str) -> bool:
    """Whether it can be called at all: its port is a number, its server's name one that there can be."""
    try:
        port = urlsplit(url).port  # httpx takes 99999 for one
        return bool(httpx.URL(url).host) and port != 0
    except (httpx.InvalidURL, ValueError):
        return False
