"""What people change about their own sign-in. They show their password again: a browser left open is not enough.

Who has no password, because they come by a link or by single sign-on, must have signed in a moment ago instead.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import acting, audit
from app.core.acting import Caller
from app.core.errors import Conflict, FieldError, Forbidden, Invalid
from app.domains.identity import keys, passwords, sessions, totp, users
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


def not_of_oneself(user_id: int, instead: str) -> None:
    """Raises Forbidden where admins would do to themselves what asks for their password elsewhere: at `instead`."""
    if acting.caller().user_id == user_id:
        raise Forbidden(f"This is for other people. For yourself use {instead}: it asks for your password.")


async def change_password(
    door: Doorkeeper,
    who: Caller,
    browser: Browser,
    begin: Begin,
    *,
    old: str | None,
    new: str,
    revoke_keys: bool = False,
) -> tuple[Entered, int]:
    """All sessions end, and this browser is given a new one. Returns also how many keys of theirs are good still: none,
    with `revoke_keys`. Raises Invalid, Forbidden, TooMany, Conflict."""
    passwords.check(new, shortest=door.settings.password_shortest, email=who.name, field="body.new")
    shown = await _prove(door, who, old, field="body.old")
    stored = await new_passwords.hashed(door.settings, new, email=who.name, field="body.new")
    now = door.clock()
    async with begin() as session:
        user, row = await _still(session, who, shown)
        await users.set_password(session, user, stored, now=now)
        held = await keys.in_hands_of(session, user.id, now=now)
        for key in held if revoke_keys else ():
            await keys.revoke(session, key, now=now)
        entered = await enter(
            session,
            user,
            browser,
            method=row.method,
            settings=door.settings,
            vault=door.vault,
            now=now,
        )
        return entered, 0 if revoke_keys else len(held)


async def propose_totp(door: Doorkeeper, who: Caller, begin: Begin, password: str | None) -> tuple[str, str]:
    """A new secret and its address for apps. Raises Conflict where codes are asked for already, and as above."""
    shown = await _prove(door, who, password)
    secret = totp.new_secret()
    async with begin() as session:
        user, _ = await _still(session, who, shown)
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
    async with begin() as session:
        user, _ = await _seated(session, who)
        _check_code(door, user, code)
        await guesses.was_right(session, tried)
        await sessions.end_all(session, user_id, but=session_id)
        return totp.confirm(session, user, now=now)


async def switch_off_totp(door: Doorkeeper, who: Caller, begin: Begin, password: str | None) -> None:
    """Raises Invalid, Forbidden, TooMany."""
    shown = await _prove(door, who, password)
    async with begin() as session:
        user, _ = await _still(session, who, shown)
        totp.switch_off(session, user, now=door.clock())


def _check_code(door: Doorkeeper, user: User, code: str) -> None:
    """Raises Conflict where there is nothing to confirm, and Invalid."""
    if totp.is_on(user):
        raise Conflict("Codes are asked for already.")
    if user.totp_secret is None:
        raise Conflict("There is nothing to confirm: ask for a secret first.")
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
        async with door.database.writing() as session:
            audit.happened(session, "proof_failed", f"user:{user_id}", wrong="password")
        raise Invalid("This is not your password.", errors=[FieldError(field, "is not right")])
    async with door.database.writing() as session:
        await guesses.was_right(session, tried)
    return user


async def _still(session: AsyncSession, who: Caller, shown: User) -> tuple[User, UserSession]:
    """As `_seated`. Raises Conflict also where their password was changed since it was shown."""
    user, row = await _seated(session, who)
    if user.password != shown.password:
        raise Conflict("Your password was changed meanwhile. Sign in again.")
    return user, row


async def _seated(session: AsyncSession, who: Caller) -> tuple[User, UserSession]:
    """The user, locked, and the session that they ask from. Raises Conflict where it was ended meanwhile, or they were
    disabled: whoever did that must not find them signed in anew."""
    user_id, session_id = person(who)
    user, row = await users.get(session, user_id, lock=True), await session.get(UserSession, session_id)
    if row is None or user.disabled_at is not None:
        raise Conflict("Your sign-in was ended meanwhile. Sign in again.")
    return user, row
