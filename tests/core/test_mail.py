"""Mail goes out encrypted where it is meant to, within its time, and what goes wrong is told without a secret."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.core.errors import Problem, Rejected, TimedOut, Unauthorised, Unreachable
from app.core.guard import Guard, GuardSettings
from app.core.mail import Mailer, MailServer
from tests.core.mail_server import PASSWORD, USER, certificate, mail_server, odd_server

TO, SUBJECT = "ana@example.com", "Set your password"
TEXT = "Hello,\n\nopen https://watchfloor.example/sign-in#reset=" + "x" * 60 + "\n\nÜber eine Stunde.\n"


async def no_pause(_seconds: float) -> None: ...


def mailer(port: int, *, budget_s: float = 5, **how: Any) -> Mailer:
    # Pauses cost nothing, and count for the deadline all the same: they are short.
    given = {"security": "none", "sender": "Watchfloor <watchfloor@example.com>"} | how
    settings = GuardSettings(
        interactive_budget_s=budget_s,
        background_budget_s=budget_s,
        background_retries=2,
        breaker_failures=9,
        retry_first_s=0.01,
    )
    guard = Guard("mail", settings, name="The mail server", sleep=no_pause)
    return Mailer(MailServer(host="127.0.0.1", port=port, **given), guard)


async def refusal(post: Mailer) -> Problem:
    with pytest.raises(Problem) as caught:
        await post.send(TO, SUBJECT, TEXT)
    assert PASSWORD not in str(caught.value)
    assert caught.value.__cause__ is None or PASSWORD not in repr(caught.value.__cause__)
    return caught.value


async def test_a_mail_is_plain_and_says_that_a_machine_wrote_it() -> None:
    async with mail_server() as taken:
        await mailer(taken.port).send(TO, SUBJECT, TEXT)

    [mail], [envelope] = taken.mails, taken.envelopes
    assert (mail["from"], mail["to"], mail["subject"]) == ("Watchfloor <watchfloor@example.com>", TO, SUBJECT)
    assert mail["auto-submitted"] == "auto-generated"
    assert mail["date"]
    assert mail["message-id"].endswith("@example.com>")
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content() == TEXT  # a long link is still whole
    assert (envelope.mail_from, envelope.rcpt_tos) == ("watchfloor@example.com", [TO])


@pytest.mark.parametrize(("security", "encrypts"), [("starttls", "starttls"), ("tls", "at once")])
async def test_it_goes_out_encrypted_and_signed_in(
    security: str, encrypts: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))

    async with mail_server(tls=context, encrypts=encrypts, password=PASSWORD) as taken:
        post = mailer(taken.port, security=security, user=USER, password=SecretStr(PASSWORD))
        await post.check()
        await post.send(TO, SUBJECT, TEXT)

    assert taken.encrypted == [True]


@pytest.mark.parametrize(("security", "encrypts"), [("starttls", "starttls"), ("tls", "at once")])
@pytest.mark.parametrize("wrong", ["unknown", "of another host"])
async def test_a_certificate_that_does_not_fit_is_not_trusted(
    security: str, encrypts: str, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, shown = certificate(tmp_path, "127.0.0.1" if wrong == "unknown" else "127.0.0.2")
    if wrong == "of another host":
        monkeypatch.setenv("SSL_CERT_FILE", str(shown))

    async with mail_server(tls=context, encrypts=encrypts) as taken:
        problem = await refusal(mailer(taken.port, security=security))

    assert isinstance(problem, Rejected)
    assert "certificate" in problem.detail
    assert taken.mails == []


async def test_without_starttls_nothing_is_sent() -> None:
    async with mail_server(password=PASSWORD) as taken:
        problem = await refusal(mailer(taken.port, security="starttls", user=USER, password=SecretStr(PASSWORD)))

    assert isinstance(problem, Rejected)
    assert "STARTTLS" in problem.detail
    assert taken.mails == []


async def test_a_wrong_password_is_for_a_person_to_mend() -> None:
    async with mail_server(password="another") as taken:
        problem = await refusal(mailer(taken.port, user=USER, password=SecretStr(PASSWORD)))

    assert isinstance(problem, Unauthorised)
    assert problem.detail == "The mail server does not accept MAIL_USER and MAIL_PASSWORD."


async def test_a_password_goes_to_no_other_machine_unencrypted() -> None:
    server = MailServer("192.0.2.1", 25, "none", "w@example.com", USER, SecretStr(PASSWORD))

    problem = await refusal(Mailer(server, Guard("mail", GuardSettings())))

    assert isinstance(problem, Rejected)
    assert "unencrypted" in problem.detail
    assert PASSWORD not in repr(server)


async def test_a_password_that_can_not_be_sent_is_not_repeated() -> None:
    async with mail_server(password=PASSWORD) as taken:
        problem = await refusal(mailer(taken.port, user=USER, password=SecretStr("geheim-ü\n")))

    assert isinstance(problem, Rejected)
    assert "geheim" not in problem.detail


async def test_what_may_pass_is_tried_again_and_arrives_once() -> None:
    async with mail_server() as taken:
        taken.says_to_mail = ["451 try later", "451 try later"]
        await mailer(taken.port).send(TO, SUBJECT, TEXT)

    assert len(taken.mails) == 1


@pytest.mark.parametrize("where", ["says_to_address", "says_to_mail"])
async def test_what_is_refused_for_good_is_not_tried_again(where: str) -> None:
    said = "550 5.1.1 no such person: ana@example.com"
    async with mail_server() as taken:
        setattr(taken, where, said if where == "says_to_address" else [said, "250 OK"])
        problem = await refusal(mailer(taken.port))

    assert isinstance(problem, Rejected)
    assert "(550)" in problem.detail
    assert "ana" not in problem.detail
    assert taken.mails == []


async def test_a_server_that_is_not_there() -> None:
    async with mail_server() as taken:
        pass

    problem = await refusal(mailer(taken.port))

    assert isinstance(problem, Unreachable)
    assert "can't be reached" in problem.detail


async def silent(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def dripping(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"2")
        await writer.drain()
        await asyncio.sleep(0.02)


async def endless(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"220-and more\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("script", [silent, dripping, endless])
async def test_a_server_that_is_slow_holds_neither_us_nor_a_thread(script: Any) -> None:
    begun = time.monotonic()

    async with odd_server(script) as port:
        problem = await refusal(mailer(port, budget_s=0.3))
        took = time.monotonic() - begun
        await asyncio.wait_for(asyncio.get_running_loop().shutdown_default_executor(), 2)  # waits for its threads

    assert isinstance(problem, TimedOut)
    assert took < 2


async def greets(writer: asyncio.StreamWriter, *answers: bytes, reader: asyncio.StreamReader) -> None:
    writer.write(b"220 mail.example\r\n")
    for answer in answers:
        await reader.readline()
        writer.write(answer)


async def test_whether_a_mail_was_taken_is_not_known_where_the_answer_is_missing() -> None:
    conversations = 0

    async def cut_after_the_mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal conversations
        conversations += 1
        await greets(writer, b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n", reader=reader)
        await reader.readuntil(b"\r\n.\r\n")

    async with odd_server(cut_after_the_mail) as port:
        problem = await refusal(mailer(port))

    assert isinstance(problem, Unreachable)
    assert problem.happened is None
    assert conversations == 1  # so it is not sent a second time


async def test_something_that_is_no_mail_server() -> None:
    async def web(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.2)

    async with odd_server(web) as port:
        plain = await refusal(mailer(port))
        encrypted = await refusal(mailer(port, security="tls"))

    assert "as no mail server does" in plain.detail
    assert "MAIL_SECURITY" in encrypted.detail


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.com\r\nBcc: eve@evil.example",
        "ana@example.com\nSubject: x",
        "ana@example.com, eve@evil.example",
        "ana@example.com;eve@evil.example",
        "Ana <ana@example.com>",
        "ana@example.com> SIZE=1",
        "ana@example.com\x00",
        "a..b@example.org",
        ".ana@example.com",
        "ana@example..com",
        "ana@",
        "ana",
        "",
    ],
)
async def test_nothing_breaks_out_of_an_address(address: str) -> None:
    async with mail_server() as taken:
        with pytest.raises(Rejected):
            await mailer(taken.port).send(address, SUBJECT, TEXT)
        with pytest.raises(Rejected):
            await mailer(taken.port).send(TO, f"Hello {address}\r\nBcc: eve@evil.example", TEXT)

    assert taken.mails == []


async def test_a_text_can_not_end_the_mail_early() -> None:
    async with mail_server() as taken:
        await mailer(taken.port).send(TO, SUBJECT, "a\n.\nMAIL FROM:<eve@evil.example>\n..\nb\n")

    [mail] = taken.mails
    assert mail.get_content() == "a\n.\nMAIL FROM:<eve@evil.example>\n..\nb\n"


@pytest.mark.parametrize("sender", ["", "Watchfloor", "a@b\r\nBcc: c@d", "a@b, c@d", "a..b@example.org"])
def test_a_sender_that_is_no_address_is_refused_at_once(sender: str) -> None:
    with pytest.raises(ValueError, match="must be an address"):
        mailer(25, sender=sender)
