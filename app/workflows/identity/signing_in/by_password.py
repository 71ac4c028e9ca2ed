"""Signing in by e-mail address and password, and with a code where the account asks for one.

What is told of a refusal is the same, and takes as long, whether there is such an account, it has no password, it is
disabled, or the password is wrong. The hash is compared outside of any transaction: it takes a tenth of a second.
"""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.database import Database
from app.core.errors import Unauthenticated
from app.domains.identity import passwords, throttle, totp, users
from app.domains.identity.models import User
from app.workflows.identity import guesses
from app.workflows.identity.entering import Browser, Doorkeeper, Entered, enter
from app.workflows.identity.guesses import Try

_WRONG = "This address and password don't belong together, or may not sign in."


class CodeNeeded(Unauthenticated):
    """The password is right; a code of the authenticator app, or one for recovery, comes next."""

    code, title = "code_needed", "A code is needed, too"


class CodeWrong(Unauthenticated):
    """The password is right, and the code is not, or was used before."""

    code, title = "code_wrong", "This code is not right"


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
        raise
    except Exception:  # raised again: what was never looked at must not count as a wrong guess
        await guesses.was_none(door.database, tried)
        raise
    async with door.database.writing() as session:
        user = await _still(session, user)
        if not totp.is_on(user) or (shown.code and _is_right(door, user, shown.code)):
            user.password = renewed or user.password
            return await _let_in(session, door, user, browser, tried)
        if not shown.code:
            await throttle.take_back(session, tried.counted)
    if not shown.code:
        raise CodeNeeded("Enter the code that your authenticator app shows, or a recovery code.")
    await _note_failure(door.database, user, "code")
    raise CodeWrong("This code is not right, or was used before. Wait for the next one, and try again.")


async def _shown_by(database: Database, shown: Shown) -> tuple[User, str | None]:
    """Whose password it is, and its hash made anew where it was made as we don't any more. Raises Unauthenticated."""
    async with database.reading() as session:
        user = await users.by_email(session, shown.email)
    stored = user.password if user is not None and user.disabled_at is None else None
    right = await passwords.verify(shown.password, stored)
    if user is None or stored is None or not right:
        await _note_failure(database, user, "password")
        raise Unauthenticated(_WRONG)
    return user, await passwords.hashed(shown.password) if passwords.is_outdated(stored) else None


async def _still(session: AsyncSession, seen: User) -> User:
    """The user, locked. Raises Unauthenticated where they changed since their password was compared."""
    user = await users.by_email(session, seen.email, lock=True)
    if user is None or (user.id, user.password) != (seen.id, seen.password) or user.disabled_at is not None:
        raise Unauthenticated(_WRONG)
    return user


def _is_right(door: Doorkeeper, user: User, code: str) -> bool:
    return totp.take(user, code, lambda sealed: door.vault.decrypt(sealed, totp.PURPOSE), now=door.clock())


async def _note_failure(database: Database, user: User | None, wrong: str) -> None:
    """What was typed as an address is not kept: it may have been the password."""
    async with database.writing() as session:
        audit.happened(session, "sign_in_failed", f"user:{user.id}" if user else "", wrong=wrong)


async def _let_in(session: AsyncSession, door: Doorkeeper, user: User, browser: Browser, tried: Try) -> Entered:
    await throttle.take_back(session, tried.counted)
    await throttle.forgive(session, tried.bucket)
    return await enter(
        session, user, browser, method="password", settings=door.settings, vault=door.vault, now=door.clock()
    )
