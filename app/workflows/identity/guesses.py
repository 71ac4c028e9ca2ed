"""Counting tries to sign in before they are looked at: what for, and under which names.

Buckets are named by an HMAC: the table tells nobody who has an account, nor who tried.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import metrics
from app.core.addresses import subscriber
from app.core.database import Database
from app.core.errors import TooMany
from app.core.secrets import Vault
from app.domains.identity import throttle, users
from app.domains.identity.addresses import spelled
from app.domains.identity.throttle import Counted, Pace
from app.settings import Settings
from app.workflows.identity import devices
from app.workflows.identity.entering import Browser

_PEOPLE_OF_AN_ADDRESS = 5
"""An office has one address: so many times as much is free for it."""
_DEVICES_OF_AN_ACCOUNT = 2
"""And so many times for all browsers together that an account knows: copies of their cookies give no more guesses."""

_MAILS = Pace(free=10, delay=timedelta(minutes=1), most=timedelta(hours=1))
"""Of one address within a day."""


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted."""

    counted: Sequence[Counted]
    own: Sequence[str]
    """The buckets of the account, or of its devices: forgiven where it was right."""
    known: bool = True
    """Whether the account knows the browser."""


async def at_account(
    database: Database, vault: Vault, settings: Settings, browser: Browser, email: str, *, now: datetime
) -> Try:
    """Somebody tries to sign in. Raises TooMany.

    From a browser that the account knows, it is that browser alone which has to wait, and only of very many such
    failures all that it knows; else whoever tries the account from browsers it doesn't know, and the address.
    """
    pace, account = _pace(settings), spelled(email)
    if device := await _device(database, vault, browser, email, now=now):
        bucket, together = _named(vault, "device", f"{device}\n{account}"), _named(vault, "devices", account)
        paces = {bucket: pace, together: _times(pace, _DEVICES_OF_AN_ACCOUNT)}
        return await _sign_in(database, paces, (bucket, together), now)
    bucket, address = _named(vault, "account", account), _named(vault, "address", subscriber(browser.address))
    paces = {bucket: pace, address: _times(pace, _PEOPLE_OF_AN_ADDRESS)}
    return await _sign_in(database, paces, (bucket,), now, known=False)


async def of_user(database: Database, vault: Vault, settings: Settings, user_id: int, *, now: datetime) -> Try:
    """Somebody who is signed in shows their password or a code again. Raises TooMany."""
    bucket = _named(vault, "user", str(user_id))
    return await _counted(database, {bucket: _pace(settings)}, (bucket,), now)


async def of_mail(database: Database, vault: Vault, browser: Browser, *, now: datetime) -> None:
    """Somebody asks for a mail. Whoever asks for very many has to wait, whomever they are for. Raises TooMany."""
    bucket = _named(vault, "mail", subscriber(browser.address))
    await _counted(database, {bucket: _MAILS}, (bucket,), now, too_often="You asked for many mails")


async def was_none(database: Database, tried: Try) -> None:
    """It could not be looked at: it does not count."""
    async with database.writing() as session:
        await throttle.take_back(session, tried.counted)


async def was_right(session: AsyncSession, tried: Try) -> None:
    """It does not count, and what went wrong before is forgiven: within the caller's transaction."""
    await throttle.take_back(session, tried.counted)
    for bucket in tried.own:
        await throttle.forgive(session, bucket)


async def _device(database: Database, vault: Vault, browser: Browser, email: str, *, now: datetime) -> str:
    """The name of a browser that the account knows. Nobody else's costs a query: how long it takes tells nothing."""
    if not devices.ours(vault, browser.device, now=now):
        return ""
    async with database.reading() as session:
        return devices.name_of(vault, browser.device, await users.by_email(session, email), now=now)


async def _sign_in(
    database: Database, paces: dict[str, Pace], own: Sequence[str], now: datetime, *, known: bool = True
) -> Try:
    try:
        return await _counted(database, paces, own, now, known=known)
    except TooMany:
        metrics.signed_in("too_many")
        raise


async def _counted(
    database: Database,
    paces: dict[str, Pace],
    own: Sequence[str],
    now: datetime,
    *,
    known: bool = True,
    too_often: str = throttle.FAILED,
) -> Try:
    async with database.writing() as session:
        return Try(await throttle.count(session, paces, now=now, too_often=too_often), own, known)


def _times(pace: Pace, factor: int) -> Pace:
    return Pace(pace.free * factor, pace.delay, pace.most)


def _pace(settings: Settings) -> Pace:
    delay, most = timedelta(seconds=settings.sign_in_delay_s), timedelta(seconds=settings.sign_in_delay_most_s)
    return Pace(settings.sign_in_free_failures, delay, most)


def _named(vault: Vault, what: str, of: str) -> str:
    text = f"{what}\n{of}".encode("utf-8", "replace")
    return hmac.new(vault.derived("throttle"), text, hashlib.sha256).hexdigest()
