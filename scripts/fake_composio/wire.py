"""HTTP/1.1 on a loopback socket, with everything that can go wrong on a wire.

Written on h11 because no web server sends half an answer, or none, on purpose. A handler gives a Reply; how it is to be
delivered stands in the Reply. `away` and `back` are an outage: connections are refused meanwhile, the port stays ours.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

import h11

LOOPBACK = "127.0.0.1"
LARGEST_BODY = 32 * 1024 * 1024
_DRIPS = 20


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = b""


@dataclass(slots=True)
class Reply:
    """An answer and how it is delivered."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    head_after: float = 0.0
    """Seconds until the first byte."""
    body_over: float = 0.0
    """Seconds over which the body drips."""
    cut: Literal["", "at once", "in the body"] = ""
    """Where the connection is dropped."""


Handler = Callable[[Request], Awaitable[Reply]]


class Wire:
    """A server of one port of the loopback address."""

    def __init__(self, handler: Handler, port: int = 0) -> None:
        self._handler = handler
        self._port = port
        self._held: socket.socket | None = None
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self.connections = 0
        """How many were made, ever."""

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._port}"

    async def start(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._held = self._bound()
        self._port = self._held.getsockname()[1]
        await self.back()

    async def away(self) -> None:
        """Refuse connections and drop those that are open. The port stays bound, so that nobody else takes it."""
        await self._close()
        if self._held is None:
            self._held = self._bound()

    async def back(self) -> None:
        if self._held is not None:
            held, self._held = self._held, None
            self._server = await asyncio.start_server(self._connected, sock=held, backlog=1024)

    async def stop(self) -> None:
        await self._close()
        if self._held is not None:
            self._held.close()
            self._held = None

    def _bound(self) -> socket.socket:
        # The protocol is named because asyncio turns Nagle's delay (40 ms an answer) off only where it is.
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setblocking(False)
        try:
            bound.bind((LOOPBACK, self._port))
        except OSError:
            bound.close()
            raise
        return bound

    async def _close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
        open_now = list(self._open.items())
        for task, writer in open_now:
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*(task for task, _ in open_now), return_exceptions=True)
        await asyncio.sleep(0)  # transports close their sockets in the loop's next round

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 (start_server makes one for each connection)
        self._open[task] = writer
        self.connections += 1
        try:
            with suppress(ConnectionError, h11.RemoteProtocolError, asyncio.CancelledError):
                await _converse(self._handler, reader, writer)
        finally:
            writer.close()
            del self._open[task]


async def _converse(handler: Handler, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Requests of one connection, until either side ends it."""
    connection = h11.Connection(h11.SERVER)
    while (request := await _received(connection, reader)) is not None:
        await _deliver(connection, writer, await handler(request))
        if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
            return
        connection.start_next_cycle()


async def _received(connection: h11.Connection, reader: asyncio.StreamReader) -> Request | None:
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(65536))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > LARGEST_BODY:
                return None
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return _request(head, bytes(body))
        else:
            return None


def _request(head: h11.Request, body: bytes) -> Request:
    target = urlsplit(head.target.decode("ascii"))
    query = {name: values[-1] for name, values in parse_qs(target.query, keep_blank_values=True).items()}
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in head.headers}
    return Request(head.method.decode("ascii"), unquote(target.path), query, headers, body)


async def _deliver(connection: h11.Connection, writer: asyncio.StreamWriter, reply: Reply) -> None:
    await asyncio.sleep(reply.head_after)
    if reply.cut == "at once":
        return
    headers = {"content-type": "application/json", **reply.headers, "content-length": str(len(reply.body))}
    head = h11.Response(status_code=reply.status, headers=list(headers.items()))
    writer.write(connection.send(head) or b"")
    if reply.cut == "in the body":
        writer.write(connection.send(h11.Data(data=reply.body[: len(reply.body) // 2])) or b"")
        await writer.drain()
        return
    if reply.body_over:
        await _drip(connection, writer, reply)
    elif reply.body:
        writer.write(connection.send(h11.Data(data=reply.body)) or b"")
    writer.write(connection.send(h11.EndOfMessage()) or b"")
    await writer.drain()


async def _drip(connection: h11.Connection, writer: asyncio.StreamWriter, reply: Reply) -> None:
    step = max(1, -(-len(reply.body) // _DRIPS))
    for start in range(0, len(reply.body), step):
        await asyncio.sleep(reply.body_over * step / len(reply.body))
        writer.write(connection.send(h11.Data(data=reply.body[start : start + step])) or b"")
        await writer.drain()
