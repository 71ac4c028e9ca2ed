"""What people change about their own sign-in. They show their password again: a browser left open is not enough.

Who has no password, because they come by a link or by single sign-on, must have signed in a moment ago instead.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.acting import Caller
from app.core.errors import Conflict, FieldError, Forbidden, Invalid
from app.domains.identity import passwords, sessions, totp, users
from app.domains.identity.models import User, UserSession
from app.workflows.identity import guesses, new_passwords
from app.workflows.identity.entering import Browser, Doorkeeper, Entered, enter

FRESH = timedelta(minutes=15)
Begin = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Begins the request's writing transaction (app.core.web.writing), which claims its Idempotency-Key."""


def person(who: Caller) -> tuple[int, int]:
    """The ids of the user and of the session. Raises Forbidden for a program."""
    if who.user_id is None or who.session_id is None:
        raise Forbidden("This is for people who are signed in in a browser. A key can't do it.")
    return who.user_id, who.session_id


async def change_password(door: Doorkeeper, who: Caller, browser: Browser, *, old: str | None, new: str) -> Entered:
    """All sessions end, and this browser is given a new one. Raises Invalid, Forbidden, TooMany, Conflict."""
    passwords.check(new, shortest=door.settings.password_shortest, email=who.name, field="body.new")
    shown = await _prove(door, who, old, field="body.old")
    stored = await new_passwords.hashed(door.settings, new, email=who.name, field="body.new")
    now = door.clock()
    async with begin() as session:
        user = await _still(session, shown)
        row = await session.get(UserSession, who.session_id)
        await users.set_password(session, user, stored, now=now)
        return await enter(
            session,
            user,
            browser,
            method=row.method if row else "password",
            settings=door.settings,
            vault=door.vault,
            now=now,
        )


async def propose_totp(door: Doorkeeper, who: Caller, begin: Begin, password: str | None) -> tuple[str, str]:
    """A new secret and its address for apps. Raises Conflict where codes are asked for already, and as above."""
    shown = await _prove(door, who, password)
    secret = totp.new_secret()
    async with door.database.writing() as session:
        audit.asked(session)
        user = await _still(session, shown)
        if totp.is_on(user):
            raise Conflict("Codes are asked for already. Switch them off first, to use another app.")
        totp.propose(user, door.vault.encrypt(secret, totp.PURPOSE), now=door.clock())
    return secret, totp.uri(secret, user.email)


async def confirm_totp(door: Doorkeeper, who: Caller, begin: Begin, code: str) -> list[str]:
    """From now on codes are asked for; the user's other sessions end. Returns recovery codes. Raises Invalid where the
    code is wrong, Conflict, TooMany."""
    user_id, session_id = person(who)
    now = door.clock()
    tried = await guesses.of_user(door.database, door.vault, door.settings, user_id, now=now)
    async with door.database.writing() as session:
        user = await users.get(session, user_id, lock=True)
        wrong = _why_not_confirmed(door, user, code)
        if wrong is None:
            await guesses.was_right(session, tried)
            await sessions.end_all(session, user_id, but=session_id)
            audit.changed(session, f"user:{user_id}", {"totp": False}, {"totp": True})
            return totp.confirm(user, now=now)
    raise wrong


async def switch_off_totp(door: Doorkeeper, who: Caller, password: str | None) -> None:
    """Raises Invalid, Forbidden, TooMany."""
    shown = await _prove(door, who, password)
    async with door.database.writing() as session:
        reset_totp(session, await _still(session, shown), now=door.clock())


def reset_totp(session: AsyncSession, user: User, *, now: datetime) -> None:
    """No code is asked for any more, within the caller's transaction."""
    audit.changed(session, f"user:{user.id}", {"totp": totp.is_on(user)}, {"totp": False})
    totp.switch_off(user, now=now)


def _why_not_confirmed(door: Doorkeeper, user: User, code: str) -> Problem | None:
    if totp.is_on(user):
        return Conflict("Codes are asked for already.")
    if user.totp_secret is None:
        return Conflict("There is nothing to confirm: ask for a secret first.")
    if not totp.take(user, code, lambda sealed: door.vault.decrypt(sealed, totp.PURPOSE), now=door.clock()):
        detail = "This code is not right. Look at the app again, and whether your clock is right."
        raise Invalid(detail, errors=[FieldError("body.code", "is not right")])


async def _prove(door: Doorkeeper, who: Caller, password: str | None, *, field: str = "body.password") -> User:
    """The user, once they have shown that it is they who sit here. Raises Invalid, Forbidden, TooMany."""
    user_id, session_id = person(who)
    now = door.clock()
    async with door.database.reading() as session:
        user = await users.get(session, user_id)
        row = await session.get(UserSession, session_id)
    if user.password is None:
        if row is None or row.created_at + FRESH < now:
            raise Forbidden("Sign out and in again first: you have no password to show that it is you.")
        return user
    if password is None:
        raise Invalid("Your password is needed for this.", errors=[FieldError(field, "is needed")])
    tried = await guesses.of_user(door.database, door.vault, door.settings, user_id, now=now)
    if not await passwords.verify(password, user.password):
        raise Invalid("This is not your password.", errors=[FieldError(field, "is not right")])
    async with door.database.writing() as session:
        await guesses.was_right(session, tried)
    return user


async def _still(session: AsyncSession, shown: User) -> User:
    """The user, locked. Raises Conflict where their password was changed since it was shown."""
    user = await users.get(session, shown.id, lock=True)
    if user.password != shown.password:
        raise Conflict("Your password was changed meanwhile. Sign in again.")
    return user
