"""Calls to addresses that people entered, over real sockets: they go where was checked, and nowhere else."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.core.errors import Invalid, Rejected, TimedOut, Unreachable
from app.core.outgoing import LARGEST_ANSWER, Outgoing

HERE = ("127.0.0.1/32",)
NAME = "hooks.example.com"


class Server:
    """Answers every request with the same bytes, and keeps what it was sent."""

    def __init__(self, answer: bytes, port: int) -> None:
        self.answer, self.port, self.heard = answer, port, list[bytes]()


@asynccontextmanager
async def serving(answer: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(OSError):
            server.heard.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(server.answer)
            await writer.drain()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
    server = Server(answer, listening.sockets[0].getsockname()[1])
    async with listening:
        yield server
        await asyncio.sleep(0.01)  # what clients broke off ends here, and not when the loop is gone


def answer(body: bytes = b"ok", status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class Names:
    """Looks names up as a test says, each time the next answer."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers, self.asked = list(answers), list[str]()

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if not self.answers:
            raise OSError("not known")
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


async def test_it_connects_to_the_address_that_was_checked_and_keeps_the_name() -> None:
    async with serving(answer()) as server:
        names = Names(["127.0.0.1"])
        said = await Outgoing(HERE, resolve=names).send(
            "POST", f"http://{NAME}:{server.port}/x?y=1", content=b"{}", headers={"X-Own": "1"}
        )

    assert (said.status, said.body) == (200, b"ok")
    assert names.asked == [NAME]
    head = server.heard[0].decode().lower()
    assert head.startswith("post /x?y=1 http/1.1")
    assert f"host: {NAME}:{server.port}" in head
    assert "x-own: 1" in head
    assert "accept-encoding: identity" in head


async def test_a_name_that_means_something_else_a_moment_later_is_asked_once() -> None:
    async with serving(answer()) as server:
        names = Names(["127.0.0.1"], ["10.0.0.1"])
        await Outgoing(HERE, resolve=names).send("POST", f"http://{NAME}:{server.port}/")

    assert names.asked == [NAME]


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], []]
)
async def test_where_any_address_is_not_public_nobody_is_called(found: list[str]) -> None:
    async with serving(answer()) as server:
        sending = Outgoing(resolve=Names(found)).send("POST", f"http://{NAME}:{server.port}/")
        with pytest.raises(Rejected, match="not on the public internet") as refused:
            await sending

    assert refused.value.happened is False
    assert server.heard == []


@pytest.mark.parametrize(
    "url", ["http://localhost:{port}/", "http://127.0.0.1:{port}/", "http://[::ffff:127.0.0.1]:{port}/"]
)
async def test_this_machine_is_not_called_under_any_of_its_names(url: str) -> None:
    async with serving(answer()) as server:
        with pytest.raises(Rejected):
            await Outgoing().send("GET", url.format(port=server.port))

    assert server.heard == []


async def test_a_redirect_is_told_and_not_followed() -> None:
    away = answer(b"", "302 Found", "Location: http://169.254.169.254/latest/meta-data")
    async with serving(away) as server:
        said = await Outgoing(HERE, resolve=Names(["127.0.0.1"])).send("POST", f"http://{NAME}:{server.port}/")

    assert said.status == 302
    assert len(server.heard) == 1


async def test_an_answer_that_is_too_long_is_not_read_to_its_end() -> None:
    async with serving(answer(b"x" * (LARGEST_ANSWER * 20))) as server:
        sending = Outgoing(HERE, resolve=Names(["127.0.0.1"])).send("POST", f"http://{NAME}:{server.port}/")
        with pytest.raises(Rejected, match="longer than"):
            await sending


async def test_an_answer_that_does_not_come_is_waited_for_no_longer_than_was_said() -> None:
    async with serving(b"") as server:
        server.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"

        async def never(host: str, port: int) -> Sequence[str]:
            await asyncio.sleep(30)
            return []

        with pytest.raises(TimedOut):
            await Outgoing(HERE, resolve=never).send("POST", f"http://{NAME}:{server.port}/", timeout_s=0.1)


async def test_a_server_that_is_not_there_is_said_to_be_unreachable() -> None:
    with pytest.raises(Unreachable):
        await Outgoing(HERE, resolve=Names(["127.0.0.1"])).send("POST", f"http://{NAME}:49999/")
    with pytest.raises(Unreachable):
        await Outgoing(resolve=Names()).send("POST", f"https://{NAME}/")


async def test_of_several_addresses_the_next_is_tried_where_one_is_not_there() -> None:
    async with serving(answer()) as server:
        to = Outgoing(("127.0.0.1", "::1"), resolve=Names(["::1", "127.0.0.1"]))
        said = await to.send("POST", f"http://{NAME}:{server.port}/")

    assert said.status == 200


async def test_what_can_not_be_sent_is_refused_without_repeating_it() -> None:
    async with serving(answer()) as server:
        sending = Outgoing(HERE, resolve=Names(["127.0.0.1"])).send(
            "POST", f"http://{NAME}:{server.port}/", headers={"X-Secret": "canary\r\nX-More: 1"}
        )
        with pytest.raises(Rejected) as refused:
            await sending

    assert "canary" not in str(refused.value)


async def test_what_somebody_enters_is_checked_at_once() -> None:
    await Outgoing(resolve=Names(["93.184.216.34"])).check("https://hooks.example.com/x")
    for url, names in [
        ("https://hooks.example.com/", Names(["10.0.0.1"])),
        ("https://hooks.example.com/", Names()),
        ("https://127.1/", Names(["93.184.216.34"])),
    ]:
        with pytest.raises(Invalid):
            await Outgoing(resolve=names).check(url)


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For a server of that name, and for clients that believe in it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("192.0.2.1"))])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(pem + secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "both.pem")
    client = ssl.create_default_context(cadata=pem.decode())
    return server, client


async def test_tls_is_held_to_the_name_and_not_to_the_address(tmp_path: Path) -> None:
    server_tls, client_tls = certificate(tmp_path, NAME)
    async with serving(answer(), server_tls) as server:
        to = Outgoing(HERE, resolve=Names(["127.0.0.1"]), tls=client_tls)
        said = await to.send("POST", f"https://{NAME}:{server.port}/")
        with pytest.raises(Unreachable):
            await to.send("POST", f"https://other.example.com:{server.port}/")

    assert said.status == 200
    assert len(server.heard) == 1
