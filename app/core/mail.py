"""Sending mail: one message to one address, through one server, behind a guard.

The standard library's smtplib does the talking, in a thread. It bounds each wait and not the whole, so a server that
sends a byte now and then would hold it for ever: at the deadline its socket is shut, which ends the thread.
Sources: RFC 5321 (SMTP), 3207 (STARTTLS), 4954 (AUTH), 3834 (automatic mail says so).
"""

import asyncio
import ipaddress
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any, Literal

from pydantic import SecretStr

from app.core.clock import Clock, utc_now
from app.core.errors import Rejected, TimedOut, Unauthorised, Unreachable, Upstream
from app.core.guard import Guard, Mode

NAME = "The mail server"
_PART = r"[^\s\x00-\x20\x7f<>()\[\],;:\\\"@]"
_ADDRESS = re.compile(rf"{_PART}{{1,64}}@{_PART}{{1,255}}")
_SENDER = re.compile(rf"(?:\"?([^<>\"@,;]*?)\"?\s*<({_ADDRESS.pattern})>|({_ADDRESS.pattern}))")
_NO_SENDER = "the sender of mail must be an address, as watchfloor@example.com"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and as whom."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    """«address», or «Name <address>»."""
    user: str = ""
    password: SecretStr = field(default_factory=lambda: SecretStr(""))

    @property
    def name_and_address(self) -> tuple[str, str]:
        """Raises ValueError where the sender is none."""
        found = _SENDER.fullmatch(self.sender)
        if found is None or not self.sender.isprintable():
            raise ValueError(_NO_SENDER)
        name, address = (found[1] or "").strip(), found[2] or found[3]
        try:
            Address(display_name=name, addr_spec=address)
        except (ValueError, MessageError):
            raise ValueError(_NO_SENDER) from None
        return name, address


class Mailer:
    """Sends through one server. `guard` is that server's, shared by all who use it."""

    def __init__(self, server: MailServer, guard: Guard, clock: Clock = utc_now) -> None:
        """Raises ValueError where the sender is no address."""
        self._server, self._guard, self._clock = server, guard, clock
        self._from = server.name_and_address

    def __repr__(self) -> str:
        return f"Mailer({self._server.host}:{self._server.port})"

    async def send(self, to: str, subject: str, text: str, *, mode: Mode = Mode.BACKGROUND) -> None:
        """Hands one plain message in; it is repeated only where it certainly was not taken. Raises Upstream."""
        message = self._message(to, subject, text)
        sender = self._from[1]

        def hand_in(line: smtplib.SMTP) -> None:
            line.send_message(message, sender, [to])

        await self._guard.call(lambda seconds: self._within(seconds, hand_in), mode=mode, write=True)

    async def check(self) -> None:
        """Connects and signs in, and sends nothing. Raises Upstream."""
        await self._guard.call(lambda seconds: self._within(seconds, lambda line: line.noop()))

    def _message(self, to: str, subject: str, text: str) -> EmailMessage:
        name, sender = self._from
        # Nothing can break out of a header: what could is no address here, and EmailMessage refuses line ends.
        if not _ADDRESS.fullmatch(to) or not subject.isprintable():
            raise Rejected("No mail can be sent to this address.", service=NAME, happened=False)
        try:
            receiver = Address(addr_spec=to)
        except (ValueError, MessageError):  # as of «a..b@example.org»
            raise Rejected("No mail can be sent to this address.", service=NAME, happened=False) from None
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(display_name=name, addr_spec=sender)
        message["To"] = receiver
        message["Subject"] = subject
        message["Date"] = format_datetime(self._clock())
        message["Message-ID"] = make_msgid(domain=_domain(sender))
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        return message

    async def _within(self, seconds: float, work: Callable[[smtplib.SMTP], object]) -> None:
        talk = _Talk(self._server, _domain(self._from[1]), seconds, work)
        try:
            async with asyncio.timeout(seconds):
                await asyncio.to_thread(talk.carry_out)
        except TimeoutError as error:
            detail = f"{NAME} did not answer within {seconds:.3g} s."
            raise TimedOut(detail, service=NAME, happened=None if talk.handed_over else False) from error
        finally:
            talk.abandon()


class _Talk:
    """One conversation with the server, from connecting to leaving. It may be abandoned from another thread."""

    def __init__(self, server: MailServer, own_name: str, seconds: float, work: Callable[[smtplib.SMTP], object]):
        self.server, self.own_name, self.work = server, own_name, work
        # A little more than there is: the deadline of the whole comes first, and says what it was.
        self.seconds = seconds + 1
        self.line: smtplib.SMTP | None = None
        self.abandoned = False
        self.handed_over = False
        """From here on the message may have been taken, unless the server says that it was not."""

    def abandon(self) -> None:
        self.abandoned = True
        held = self.line.sock if self.line is not None else None
        if held is not None:
            with suppress(OSError):  # it is closed already
                held.shutdown(socket.SHUT_RDWR)

    def carry_out(self) -> None:
        """Raises Upstream, whose words hold nothing that was sent and nothing that the server said."""
        try:
            self._talk()
        except smtplib.SMTPAuthenticationError:
            detail = f"{NAME} does not accept MAIL_USER and MAIL_PASSWORD."
            raise Unauthorised(detail, service=NAME, happened=False) from None
        except smtplib.SMTPNotSupportedError:
            raise Rejected(self._lacking(), service=NAME, happened=False) from None
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(max(code for code, _ in error.recipients.values()), "the address") from None
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code, "the mail") from None
        except ssl.SSLCertVerificationError as error:
            detail = f"The certificate of {NAME.lower()} can't be trusted ({error.verify_message.rstrip('.')})."
            raise Rejected(detail, service=NAME, happened=False) from None
        except (smtplib.SMTPException, OSError) as error:
            raise self._away(error) from None
        except ValueError:  # its text repeats what could not be sent, a password perhaps
            detail = f"What is to be sent to {NAME.lower()} has characters that can't be sent."
            raise Rejected(detail, service=NAME, happened=False) from None

    def _talk(self) -> None:
        server, trust = self.server, ssl.create_default_context()
        if server.user and server.security == "none" and not _is_here(server.host):
            detail = "MAIL_PASSWORD is not sent unencrypted: set MAIL_SECURITY to starttls or tls."
            raise Rejected(detail, service=NAME, happened=False)
        how: dict[str, Any] = {"local_hostname": self.own_name, "timeout": self.seconds}
        if server.security == "tls":
            line: smtplib.SMTP = _TlsLine(self, server.host, server.port, context=trust, **how)
        else:
            line = _PlainLine(self, server.host, server.port, **how)
        try:
            if server.security == "starttls":
                line.starttls(context=trust)
            if server.user:
                line.login(server.user, server.password.get_secret_value())
            self.work(line)
            with suppress(smtplib.SMTPException, OSError):  # it was taken: how we part does not matter
                line.quit()
        finally:
            line.close()

    def _lacking(self) -> str:
        line, lacking = self.line, "a way to sign in with a password, or to take such an address"
        if self.server.security == "starttls" and line is not None and not isinstance(line.sock, ssl.SSLSocket):
            lacking = "STARTTLS; if it encrypts from the first byte on, set MAIL_SECURITY=tls"
        return f"{NAME} does not offer what is needed: {lacking}."

    def _away(self, error: Exception) -> Upstream:
        happened = None if self.handed_over else False
        if type(error) is smtplib.SMTPException:  # of all ways to sign in that it knows we know none
            return Rejected(self._lacking(), service=NAME, happened=False)
        if isinstance(error, ssl.SSLError):
            detail = f"No encrypted connection to {NAME.lower()} could be made. Does MAIL_SECURITY fit MAIL_PORT?"
            if error.reason == "WRONG_VERSION_NUMBER":  # whoever is there does not speak TLS at all
                return Rejected(detail, service=NAME, happened=False)
        elif not isinstance(error, smtplib.SMTPException):
            detail = f"{NAME} can't be reached: no connection to {self.server.host}, port {self.server.port}."
        else:
            detail = f"The connection to {NAME.lower()} broke off."
        away = Unreachable(detail, service=NAME, happened=happened)
        away.silent = isinstance(error, socket.gaierror)
        return away


class _Line:
    """Makes smtplib known to its conversation before it connects, and stops where that was abandoned."""

    def __init__(self, talk: _Talk, *arguments: Any, **named: Any) -> None:
        self._talk = talk
        talk.line = self  # type: ignore[assignment] # always mixed into an SMTP
        super().__init__(*arguments, **named)

    def getreply(self) -> tuple[int, bytes]:
        if self._talk.abandoned:
            raise smtplib.SMTPServerDisconnected("abandoned")
        found: tuple[int, bytes] = super().getreply()  # type: ignore[misc] # the SMTP that this is mixed into
        return found

    def data(self, message: Any) -> tuple[int, bytes]:
        self._talk.handed_over = True
        found: tuple[int, bytes] = super().data(message)  # type: ignore[misc] # as above
        return found


class _PlainLine(_Line, smtplib.SMTP):
    pass


class _TlsLine(_Line, smtplib.SMTP_SSL):
    pass


def _refused(code: int, what: str) -> Upstream:
    """RFC 5321, 4.2.1: 4yz may pass, 5yz stays; either way nothing was taken."""
    if 400 <= code < 500:
        return Unreachable(f"{NAME} does not take {what} now ({code}).", service=NAME, happened=False)
    if 500 <= code < 600:
        return Rejected(f"{NAME} does not take {what} ({code}).", service=NAME, happened=False)
    return Rejected(f"{NAME} answers as no mail server does. Do MAIL_HOST and MAIL_PORT fit?", service=NAME)


def _domain(address: str) -> str:
    """Also what we call ourselves: this machine's own name would be looked up, and tells strangers more."""
    return address.rpartition("@")[2]


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
