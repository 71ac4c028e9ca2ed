"""Bodies: bounded in size and time, never unpacked, and not read at all for who may not do what they ask for."""

import asyncio
import gzip
from collections.abc import MutableMapping
from typing import Any

import pytest

from app.core.patient import HEAD_MOST, Patient, behind
from tests.core.edge.serving import KEY, application, client, said, served

Message = MutableMapping[str, Any]
FORM = "multipart/form-data; boundary=b"


async def answered(
    receive: Any, method: str = "POST", path: str = "/unread", **headers: str
) -> tuple[int, list[Message]]:
    """The status of an answer to a request whose body comes from `receive`, and all that was sent."""
    sent: list[Message] = []
    given = {"content-length": "900", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "scheme": "http",
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1),
        "headers": [(b"host", b"localhost"), *((name.encode(), value.encode()) for name, value in given.items())],
    }

    async def send(message: Message) -> None:
        sent.append(message)

    await application(body_timeout_s=0.2)(scope, receive, send)
    return sent[0]["status"], sent


async def never() -> Message:
    raise AssertionError("the body was read")


@pytest.mark.parametrize("headers", [{}, {"idempotency_key": "k"}, {"content_type": FORM, "idempotency_key": "k"}])
@pytest.mark.parametrize("path", ["/unread", "/nothing", "/api/v1/integrations/import/preview"])
async def test_nothing_of_a_strangers_body_is_read_before_somebody_wants_it(path: str, headers: dict[str, str]) -> None:
    status, _ = await answered(never, path=path, **headers)

    assert status in (200, 404)


async def test_a_body_that_does_not_begin_is_given_up() -> None:
    async def silent() -> Message:
        await asyncio.sleep(30)
        raise AssertionError

    status, sent = await answered(silent, path="/thing")

    assert status == 408
    assert (b"connection", b"close") in sent[0]["headers"]
    assert b"stood_still" in sent[1]["body"]


async def test_a_body_that_comes_byte_by_byte_is_given_up_too() -> None:
    count = 0

    async def slow() -> Message:
        nonlocal count
        count += 1
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"x", "more_body": True}

    status, _ = await answered(slow, path="/thing")

    assert status == 408
    assert count < 10


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "k"}])
async def test_a_body_that_is_packed_is_refused_unread(key: dict[str, str]) -> None:
    async with client(application()) as http:
        bomb = gzip.compress(bytes(100_000_000))[:900]
        refused = await http.post("/thing", content=bomb, headers={"Content-Encoding": "gzip", **KEY, **key})
        plain = await http.post("/thing", content=b"x", headers={"Content-Encoding": "identity"})

    assert refused.status_code == 415
    assert refused.headers["accept-encoding"] == "identity"
    assert refused.json()["code"] == "encoded"
    assert plain.json() == {"size": 1}


@pytest.mark.parametrize("headers", [{}, KEY])
async def test_a_body_is_read_up_to_its_bound(headers: dict[str, str]) -> None:
    async def many() -> Any:
        for _ in range(50):
            yield b"x" * 100

    async with client(application()) as http:
        fits = await http.post("/thing", content=b"x" * 1000, headers=headers)
        long = await http.post("/thing", content=b"x" * 1001, headers=headers)
        unsaid = await http.post("/thing", content=many(), headers=headers)

    assert (fits.status_code, long.status_code, unsaid.status_code) == (200, 413, 413)
    assert unsaid.json()["detail"] == "A body may hold 1000 bytes."
    assert unsaid.headers["connection"] == "close"


async def test_over_sockets_a_body_that_stands_still_ends_with_its_connection() -> None:
    async with served(application(body_timeout_s=0.3)) as port:
        answer = await said(port, b"POST /thing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\nhalf")

    assert b" 408 " in answer[:20]
    assert b"connection: close" in answer


async def test_where_much_of_a_body_is_left_unread_its_connection_ends() -> None:
    async with served(application(body_max_bytes=1_000_000)) as port:
        answer = await said(port, b"POST /unread HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\nhalf")

    assert b" 200 " in answer[:20]
    assert b"connection: close" in answer


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Patient, "head_s", 0.3)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("begin", [b"", b"GET /thing HTTP/1.1\r\nHost: localhost\r\n", b"\r\n", b"GET /thing"])
async def test_a_head_that_does_not_end_is_not_waited_for(begin: bytes) -> None:
    async with served(application()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        dribbling = asyncio.create_task(_dribble(writer, begin))
        async with asyncio.timeout(3):
            answer = await reader.read()
        dribbling.cancel()
        writer.close()

    assert answer == b"" or b" 408 " in answer[:30]


async def _dribble(writer: asyncio.StreamWriter, begin: bytes) -> None:
    """A header now and then, without end: slowloris."""
    writer.write(begin)
    for number in range(100):
        await asyncio.sleep(0.1)
        if begin.endswith(b"\r\n") and len(begin) > 2:
            writer.write(b"X-%d: 1\r\n" % number)


@pytest.mark.usefixtures("hasty")
async def test_between_two_requests_a_dribble_is_not_waited_for_either() -> None:
    async with served(application()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /thing HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await reader.readuntil(b"}")
        for part in (b"GET /thing HTTP/1.1\r\n", b"Host:"):
            writer.write(part)
            await asyncio.sleep(0.1)
        async with asyncio.timeout(3):
            answer = await reader.read()
        writer.close()

    assert b" 408 " in answer[:30]


@pytest.mark.usefixtures("hasty")
async def test_slow_connections_by_the_hundred_keep_nobody_waiting() -> None:
    async with served(application()) as port:
        opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(200)]
        for _, writer in opened:
            writer.write(b"GET /thing HTTP/1.1\r\nX: ")
        async with asyncio.timeout(5):
            answer = await said(port, b"GET /thing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            ends = await asyncio.gather(*(reader.read() for reader, _ in opened))
        for _, writer in opened:
            writer.close()

    assert b" 200 " in answer[:20]
    assert all(b" 408 " in each[:30] for each in ends)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /thing?" + b"x" * HEAD_MOST + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /thing HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * HEAD_MOST + b"\r\n\r\n",
        b"GET /thing HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * HEAD_MOST + b"\r\n",
        b"GET /thing HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * HEAD_MOST * 20,
    ],
)
async def test_a_head_that_is_too_large_is_refused(head: bytes) -> None:
    async with served(application()) as port:
        try:
            answer = await said(port, head)
        except ConnectionResetError:  # it was still being sent when the connection ended
            answer = b"HTTP/1.1 431 "

    assert b" 400 " in answer[:20] or b" 431 " in answer[:20]


async def test_a_head_of_usual_size_is_read() -> None:
    async with served(application()) as port:
        cookies = b"Cookie: " + b"x" * 20_000 + b"\r\n"
        answer = await said(
            port, b"GET /thing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + cookies + b"\r\n"
        )

    assert b" 200 " in answer[:20]


async def test_beyond_so_many_connections_the_next_is_told_to_come_later() -> None:
    async with served(application(), limit_concurrency=5) as port:
        opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(6)]
        answer = await said(port, b"GET /thing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        for _, writer in opened:
            writer.close()

    assert b" 503 " in answer[:20]


@pytest.mark.parametrize(("proxies", "status"), [((), b" 503 "), (("127.0.0.0/8",), b" 200 ")])
async def test_one_address_does_not_take_all_connections(
    monkeypatch: pytest.MonkeyPatch, proxies: tuple[str, ...], status: bytes
) -> None:
    """But a proxy's are those of many."""
    monkeypatch.setattr(Patient, "most_each", 5)
    protocol = behind(proxies)
    request = b"GET /thing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    async with served(application(), http=protocol) as port:
        opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(5)]
        refused = await said(port, request)
        for _, writer in opened:
            writer.close()
            await writer.wait_closed()
        while protocol.open:  # noqa: ASYNC110 - it has nothing else to wait for
            await asyncio.sleep(0.01)
        again = await said(port, request)

    assert status in refused[:20]
    assert b" 200 " in again[:20]


async def test_a_head_that_comes_with_the_body_before_it_is_as_large_as_it_is() -> None:
    first = b"POST /thing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60_000
    async with served(application(body_max_bytes=100_000)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(first + b"GET /thing HTTP/1.1\r\nHost: loc")
        await asyncio.sleep(0.2)
        writer.write(b"alhost\r\nConnection: close\r\n\r\n")
        async with asyncio.timeout(5):
            answer = await reader.read()
        writer.close()

    assert answer.count(b" 200 OK") == 2
