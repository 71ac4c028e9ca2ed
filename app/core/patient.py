"""uvicorn's HTTP protocol, with bounds that it lacks: how long a request's head may take, and how large it may be.

Without them a client that sends a header now and then holds a connection for ever (slowloris), and one that never ends
its headers fills the memory. Bodies have bounds of their own: app.core.bodies.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_S = 10.0
"""For so long a connection may bring a request's head: from its opening, or from the first byte after a request."""
HEAD_MOST = 32_768
"""Bytes of a request's first line and headers."""
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Patient(HttpToolsProtocol):
    """Ends connections whose heads are too late or too large."""

    head_s = HEAD_S
    _late: asyncio.TimerHandle | None = None
    _in_head = False
    _fed = 0
    _measured = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own is
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_head:
            self._fed += len(data)
            if self._fed > HEAD_MOST:
                self._end(_TOO_LARGE)
        cycle: RequestResponseCycle | None = self.cycle
        if self._in_head or cycle is None or cycle.response_complete:
            # A head that goes on, or what is left of a body that nobody wanted: neither for ever.
            self._await_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._fed, self._measured = True, 0, 0

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
