"""Signing in by e-mail address and password, and with a code where the account asks for one.

What is told of a refusal is the same, and takes as long, whether there is such an account, it has no password, it is
disabled, or the password is wrong. The hash is compared outside of any transaction: it takes a tenth of a second.
"""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import log
from app.core.clock import Clock
from app.core.database import Database
from app.core.errors import Unauthenticated
from app.core.secrets import Vault
from app.domains.identity import passwords, throttle, totp, users
from app.domains.identity.models import User
from app.settings import Settings
from app.workflows.identity import guesses
from app.workflows.identity.entering import Browser, Entered, enter
from app.workflows.identity.guesses import Try

_log = log.get(__name__)

_WRONG = "This address and password don't belong together, or may not sign in."


class CodeNeeded(Unauthenticated):
    """The password is right; a code of the authenticator app, or one for recovery, comes next."""

    code, title = "code_needed", "A code is needed, too"


class CodeWrong(Unauthenticated):
    """The password is right, and the code is not, or was used before."""

    code, title = "code_wrong", "This code is not right"


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """What signing in needs of the server it happens in."""

    database: Database
    vault: Vault
    settings: Settings
    clock: Clock


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody shows to be let in."""

    email: str
    password: str
    code: str = ""


async def sign_in(door: Doorkeeper, shown: Shown, browser: Browser) -> Entered:
    """Raises Unauthenticated (also as CodeNeeded, CodeWrong), TooMany, Unavailable."""
    now = door.clock()
    tried = await guesses.at_account(door.database, door.vault, door.settings, browser, shown.email, now=now)
    try:
        user, renewed = await _shown_by(door.database, shown)
    except Unauthenticated:
        _log.info("sign-in refused", address=browser.address)
        raise
    except Exception:  # raised again: what was never looked at must not count as a wrong guess
        await guesses.was_none(door.database, tried)
        raise
    async with door.database.writing() as session:
        user = await _still(session, user)
        if totp.is_on(user) and not shown.code:
            await throttle.take_back(session, tried.counted)
            entered = None
        else:
            _check_code(door, user, shown.code)
            user.password = renewed or user.password
            entered = await _let_in(session, door, user, browser, tried)
    if entered is None:
        raise CodeNeeded("Enter the code that your authenticator app shows, or a recovery code.")
    return entered


async def _shown_by(database: Database, shown: Shown) -> tuple[User, str | None]:
    """Whose password it is, and its hash made anew where it was made as we don't any more. Raises Unauthenticated."""
    async with database.reading() as session:
        user = await users.by_email(session, shown.email)
    stored = user.password if user is not None and user.disabled_at is None else None
    right = await passwords.verify(shown.password, stored)
    if user is None or stored is None or not right:
        raise Unauthenticated(_WRONG)
    return user, await passwords.hashed(shown.password) if passwords.is_outdated(stored) else None


async def _still(session: AsyncSession, seen: User) -> User:
    """The user, locked. Raises Unauthenticated where they changed since their password was compared."""
    user = await users.by_email(session, seen.email, lock=True)
    if user is None or (user.id, user.password) != (seen.id, seen.password) or user.disabled_at is not None:
        raise Unauthenticated(_WRONG)
    return user


def _check_code(door: Doorkeeper, user: User, code: str) -> None:
    if not totp.is_on(user):
        return
    if not totp.take(user, code, lambda sealed: door.vault.decrypt(sealed, totp.PURPOSE), now=door.clock()):
        _log.info("sign-in refused: the code is not right", user=user.id)
        raise CodeWrong("This code is not right, or was used before. Wait for the next one, and try again.")


async def _let_in(session: AsyncSession, door: Doorkeeper, user: User, browser: Browser, tried: Try) -> Entered:
    await throttle.take_back(session, tried.counted)
    await throttle.forgive(session, tried.bucket)
    return await enter(
        session, user, browser, method="password", settings=door.settings, vault=door.vault, now=door.clock()
    )
