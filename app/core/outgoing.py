"""Calls to addresses that people entered: they lead out of this network, or nowhere. For notifications, which come
later; nothing calls such an address today.

The name is looked up here, every address found is checked, and the connection goes to one that was: what a name means
a moment later doesn't matter (DNS rebinding). TLS and the header Host keep the name. No redirect is followed, no proxy
is asked, and an answer is read up to a bound, as it is.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence

import httpx

from app.core import addresses
from app.core.addresses import Target
from app.core.errors import Invalid, Rejected, TimedOut, Unreachable
from app.core.http import Response

LARGEST_ANSWER = 65_536
"""What a service says about a message is short; nobody reads more."""
TIMEOUT_S = 10.0
_TRIED = 3
"""Addresses of one name."""

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a name. Raises OSError where there are none."""


async def resolved(host: str, port: int) -> Sequence[str]:
    """As this machine looks names up."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Outgoing:
    """Sends to the public internet and to the networks that settings allow."""

    def __init__(
        self,
        allowed: Sequence[str] = (),
        *,
        resolve: Resolve = resolved,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`allowed` are networks, as 10.1.0.0/16, that are not public. Raises ValueError for what is none."""
        self._allowed = addresses.networks(allowed)
        self._resolve = resolve
        self._tls = tls

    async def check(self, url: str) -> None:
        """For the moment when somebody enters it; it is checked anew whenever it is called. Raises Invalid."""
        target = _target(url)
        try:
            await self._where(target)
        except (OSError, UnicodeError) as error:
            raise Invalid(f"{target.host} is not known: there is no such server.") from error
        except Rejected as error:
            raise Invalid(error.detail) from error

    async def send(
        self,
        method: str,
        url: str,
        *,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> Response:
        """The answer, whatever its status, redirects too. Raises Invalid, Rejected, Unreachable, TimedOut."""
        target = _target(url)
        try:
            async with asyncio.timeout(timeout_s):
                return await self._to_one_of(await self._where(target), method, target, content, headers or {})
        except (TimeoutError, httpx.TimeoutException) as error:
            raise TimedOut(f"{target.host} did not answer within {timeout_s:.3g} s.", service=target.host) from error
        except httpx.LocalProtocolError:
            # Its text repeats what could not be sent, secrets among it.
            raise Rejected(f"What was to be sent to {target.host} can't be sent.", service=target.host) from None
        except (httpx.HTTPError, OSError, UnicodeError) as error:
            raise Unreachable(f"{target.host} can't be reached.", service=target.host) from error

    async def _where(self, target: Target) -> Sequence[str]:
        found = list(await self._resolve(target.host, target.port))
        # All of them: a name with a public and a private address is one that somebody set up for this.
        if not found or not all(addresses.may_be_called(each, self._allowed) for each in found):
            detail = f"{target.host} is not on the public internet, and its network is not allowed."
            raise Rejected(detail, service=target.host, happened=False)
        return found

    async def _to_one_of(
        self, found: Sequence[str], method: str, target: Target, content: bytes, headers: Mapping[str, str]
    ) -> Response:
        *others, last = found[:_TRIED]
        for address in others:
            try:
                return await self._to(address, method, target, content, headers)
            except httpx.ConnectError:
                continue  # nothing was sent
        return await self._to(last, method, target, content, headers)

    async def _to(
        self, address: str, method: str, target: Target, content: bytes, headers: Mapping[str, str]
    ) -> Response:
        self._tls = self._tls or httpx.create_ssl_context(trust_env=False)
        usual = {"http": 80, "https": 443}[target.scheme]
        named = _bracketed(target.host) + ("" if target.port == usual else f":{target.port}")
        # A client for each call: a connection that is kept belongs to an address, and another name may have that too.
        # Its time is bounded in all, by whoever calls this.
        client = httpx.AsyncClient(verify=self._tls, trust_env=False, follow_redirects=False, timeout=TIMEOUT_S)
        async with (
            client,
            client.stream(
                method,
                f"{target.scheme}://{_bracketed(address)}:{target.port}{target.path}",
                content=content,
                headers={**headers, "Host": named, "Accept-Encoding": "identity"},
                extensions={"sni_hostname": target.host.rstrip(".")},
            ) as answer,
        ):
            body = bytearray()
            async for part in answer.aiter_raw():
                body += part
                if len(body) > LARGEST_ANSWER:
                    detail = f"{target.host}'s answer is longer than {LARGEST_ANSWER} bytes."
                    raise Rejected(detail, service=target.host, happened=True)
            return Response(answer.status_code, dict(answer.headers), bytes(body), target.host)


def _target(url: str) -> Target:
    try:
        return addresses.parsed(url)
    except ValueError as error:
        raise Invalid(str(error)) from None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
