"""Mailing a link to whoever forgot their password.

A request only puts the address into a queue, whoever it belongs to: so its answer is the same, and takes as long,
whether there is such an account. The rest happens after it, in this process. Nothing of it is stored: where the
process ends before the mail is out, the person asks again. A stored queue would have to hold the link itself, or
addresses of strangers.
"""

import asyncio
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from app.core import log
from app.core.errands import Errands
from app.core.errors import Problem, Unavailable
from app.core.mail import Mailer
from app.domains.identity import one_time, users
from app.domains.identity.one_time import Purpose
from app.workflows.identity.entering import Doorkeeper
from app.workflows.identity.ways import links

MOST_WAITING = 200
MOST_LINKS = 3
"""Of one account at the same time: who asks again and again finds them in their mailbox already."""
SUBJECT = "Set your password for Watchfloor"
_TEXT = """\
Somebody, probably you, asked for a new password for {email} at {base}

Open this link within an hour and choose one. It works once:

{link}

If it was not you, do nothing: your password stays as it is.
"""
_PATIENCE_S = 2.0
"""For so long a stop waits for the mail that is just being sent."""

_log = log.get(__name__)


class Forgotten:
    """Those who asked, one after the other. One for each server."""

    def __init__(self, door: Doorkeeper, mailer: Mailer) -> None:
        self._door, self._mailer = door, mailer
        self._waiting: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self._errands = Errands("forgotten passwords", self._work)

    def ask(self, email: str) -> None:
        """Somebody forgot the password of this address. Raises Unavailable where too many wait."""
        try:
            self._waiting.put_nowait(email)
        except asyncio.QueueFull:
            raise Unavailable("Too many mails wait to be sent. Try again in a minute.", retry_after=60) from None
        self._errands.begin()

    async def settled(self) -> None:
        """Until nobody waits."""
        await self._errands.settled()

    async def stop(self) -> None:
        if not await self._errands.stop(patience_s=_PATIENCE_S):
            _log.warning("mails were not sent: the server stops", waiting=self._waiting.qsize() + 1)

    async def _work(self) -> None:
        while not self._waiting.empty():
            await self._one(self._waiting.get_nowait())

    async def _one(self, email: str) -> None:
        try:
            found = await self._link(email, self._door.clock())
            if found is not None:
                await self._send(*found)
        except (SQLAlchemyError, OSError) as error:
            # They will ask again; the database's own trouble is told elsewhere.
            _log.warning("a forgotten password was not looked up", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a defect with one must not keep the others waiting
            _log.exception("a link to set a password was not mailed", error=type(error).__name__)

    async def _link(self, email: str, now: datetime) -> tuple[str, str] | None:
        """The account's address as we have it, and the link. None where no mail is to be sent."""
        async with self._door.database.writing() as session:
            user = await users.by_email(session, email, lock=True)
            if user is None or user.disabled_at is not None:
                return None
            if await one_time.waiting(session, user.id, Purpose.PASSWORD, now=now) >= MOST_LINKS:
                _log.info("no further link to set a password is mailed", user=user.id)
                return None
            return user.email, await links.to_set_password(session, user, self._door.settings, now=now)

    async def _send(self, email: str, link: str) -> None:
        text = _TEXT.format(email=email, base=links.base(self._door.settings), link=link)
        try:
            await self._mailer.send(email, SUBJECT, text)
        except Problem as problem:
            _log.warning("a link to set a password was not mailed", detail=problem.detail)
            async with self._door.database.writing() as session:  # it lies in no mailbox, so it does not count
                token = link.rpartition("=")[2]
                await one_time.use(session, token, Purpose.PASSWORD, now=self._door.clock())
