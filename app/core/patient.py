"""uvicorn's HTTP protocol, with bounds that it lacks: how long a request's head may take, how large it may be, and how
many connections one address may hold.

Without them a client that sends a header now and then holds a connection for ever (slowloris), one that never ends
its headers fills the memory, and whoever opens all connections that there may be keeps everybody else out. Bodies have
bounds of their own: app.core.bodies.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.core.addresses import Network, networks, plain, subscriber

HEAD_S = 10.0
"""For so long a connection may bring a request's head: from its opening, or from the first byte after a request."""
HEAD_MOST = 32_768
"""Bytes of a request's first line and headers."""
MOST_EACH = 300
"""Connections that one address may hold at once, of IPv6 one subscriber's network. A third of all."""
_TOO_MANY = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 10\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Patient(HttpToolsProtocol):
    """Ends connections whose heads are too late or too large, and those of an address that holds too many."""

    head_s = HEAD_S
    most_each = MOST_EACH
    unbounded: Sequence[Network] = ()
    """Whose connections are those of many people."""
    open: ClassVar[Counter[str]] = Counter()
    """Of this server, by address."""
    _counted = ""
    _late: asyncio.TimerHandle | None = None
    _between = True
    """Whether what comes next begins a request."""
    _in_head = False
    _begun = 0
    """Requests that began in what was read last."""
    _fed = 0
    _measured = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own is
        super().connection_made(transport)
        self._count()
        if self._counted and self.open[self._counted] > self.most_each:
            self._end(_TOO_MANY)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        if self._counted:
            self.open[self._counted] -= 1
            if not self.open[self._counted]:
                del self.open[self._counted]  # it would grow with everybody who was ever here
        super().connection_lost(exc)

    def _count(self) -> None:
        given = self.client[0] if self.client else ""
        try:
            address = plain(given)
        except ValueError:
            return  # a socket file: a proxy's
        if not any(address in each for each in self.unbounded):
            self._counted = subscriber(given)
            self.open[self._counted] += 1

    def data_received(self, data: bytes) -> None:
        between, self._begun = self._between, 0
        super().data_received(data)
        if self._in_head:
            if self._begun == 0 or (between and self._begun == 1):  # else only some of it is of this head
                self._fed += len(data)
            if self._fed > HEAD_MOST:
                self._end(_TOO_LARGE)
        cycle: RequestResponseCycle | None = self.cycle
        if self._in_head or cycle is None or cycle.response_complete:
            # A head that goes on, or what is left of a body that nobody wanted: neither for ever.
            self._await_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._between, self._fed, self._measured = True, False, 0, 0
        self._begun += 1

    def on_message_complete(self) -> None:
        self._between = True
        super().on_message_complete()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._measure(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._measure(len(name) + len(value))

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop()
        super().on_headers_complete()

    def _measure(self, size: int) -> None:
        self._measured += size
        if self._measured > HEAD_MOST:
            raise ValueError("the head of a request is too large")  # which ends in a 400

    def _await_head(self) -> None:
        if self._late is None and not self.transport.is_closing():
            self._late = self.loop.call_later(self.head_s, self._too_late)

    def _too_late(self) -> None:
        self._late = None
        self._end(_TOO_LATE if self._in_head else b"")

    def _stop(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _end(self, last: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(last)
            self.transport.close()


def behind(proxies: Sequence[str]) -> type[Patient]:
    """The protocol of one server: connections from these addresses and networks are not counted."""

    class OfServer(Patient):
        unbounded = networks(proxies)
        open: ClassVar[Counter[str]] = Counter()

    return OfServer
