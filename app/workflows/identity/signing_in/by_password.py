"""Signing in by e-mail address and password, and with a code where the account asks for one.

What is told of a refusal is the same, and takes as long, whether there is such an account, it has no password, it is
disabled, or the password is wrong. The hash is compared outside of any transaction: it takes a tenth of a second.
"""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit, metrics
from app.core.database import Database
from app.core.errors import Unauthenticated
from app.domains.identity import passwords, totp, users
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
        looked = await _look(door.database, shown, stranger=not tried.known)
        entered = await _let_in(door, looked, shown, browser, tried) if looked.right else None
    except Exception:  # raised again: only what was looked at and is wrong counts as a wrong guess
        await guesses.was_none(door.database, tried)
        raise
    if entered is not None:
        return entered
    await _note_failure(door.database, looked.user, "code" if looked.right else "password")
    if looked.right:
        raise CodeWrong("This code is not right, or was used before. Wait for the next one, and try again.")
    raise Unauthenticated(_WRONG)


@dataclass(frozen=True, slots=True)
class _Looked:
    user: User | None
    right: bool
    renewed: str | None = None
    """The hash of the password, made anew where it was made as we don't any more."""


async def _look(database: Database, shown: Shown, *, stranger: bool) -> _Looked:
    """Whether the password is that of a user who may sign in. Raises Unavailable."""
    async with database.reading() as session:
        user = await users.by_email(session, shown.email)
    stored = user.password if user is not None and user.disabled_at is None else None
    if not await passwords.verify(shown.password, stored, stranger=stranger) or stored is None:
        return _Looked(user, right=False)
    renewed = await passwords.hashed(shown.password) if passwords.is_outdated(stored) else None
    return _Looked(user, right=True, renewed=renewed)


async def _let_in(door: Doorkeeper, looked: _Looked, shown: Shown, browser: Browser, tried: Try) -> Entered | None:
    """Once the password was right; None where the code is wrong. Raises Unauthenticated, also as CodeNeeded."""
    async with door.database.writing() as session:
        user = await _still(session, looked)
        if totp.is_on(user):
            if not shown.code:
                raise CodeNeeded("Enter the code that your authenticator app shows, or a recovery code.")
            if not _is_right(door, user, shown.code):
                return None
        if looked.renewed is not None:
            users.hashed_anew(user, looked.renewed)
        await guesses.was_right(session, tried)
        return await enter(
            session, user, browser, method="password", settings=door.settings, vault=door.vault, now=door.clock()
        )


async def _still(session: AsyncSession, looked: _Looked) -> User:
    """The user, locked. Raises Unauthenticated where they changed since their password was compared."""
    seen = looked.user
    user = await users.by_email(session, seen.email, lock=True) if seen is not None else None
    if user is None or seen is None or (user.id, user.password) != (seen.id, seen.password):
        raise Unauthenticated(_WRONG)
    if user.disabled_at is not None:
        raise Unauthenticated(_WRONG)
    return user


def _is_right(door: Doorkeeper, user: User, code: str) -> bool:
    return totp.take(user, code, lambda sealed: door.vault.decrypt(sealed, totp.PURPOSE), now=door.clock())


async def _note_failure(database: Database, user: User | None, wrong: str) -> None:
    """What was typed as an address is not kept: it may have been the password."""
    metrics.signed_in(f"wrong_{wrong}")
    async with database.writing() as session:
        audit.happened(session, "sign_in_failed", f"user:{user.id}" if user else "", wrong=wrong)
