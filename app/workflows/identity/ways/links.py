"""Links that work once: to sign in, made at the command line and at the start, and to set a password.

The token stands behind the #, which no browser sends to any server: so no log has it, and no other page is told it as
its Referer. Who makes one at the command line has the whole database anyway.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import acting, audit, log
from app.core.addresses import plain
from app.core.database import one_at_a_time
from app.core.errors import Conflict, Forbidden, NotFound, Problem, Unauthenticated
from app.domains.identity import one_time, users
from app.domains.identity.models import User
from app.domains.identity.one_time import Purpose, Used
from app.domains.identity.rules import Role
from app.settings import Settings
from app.workflows.identity import devices, new_passwords
from app.workflows.identity.entering import Browser, Doorkeeper, Entered, caller_of, enter

SIGN_IN_LASTS = timedelta(minutes=15)
PASSWORD_LASTS = timedelta(hours=1)
OWNER = "owner@localhost"
"""Whoever opens the first link of an empty database in development. An admin may change it later by adding others."""
_OVER = "This link is not good any more: it was used, is too old, or another took its place. Ask for a new one."
_HERE = "loopback"
_ELSEWHERE = (
    "This link works on the machine that Watchfloor runs on. One for elsewhere is made there: "
    "watchfloor users link EMAIL --from-anywhere, with PUBLIC_URL set to the address by which you came."
)

_log = log.get(__name__)


def base(settings: Settings) -> str:
    """Where people reach us. Never what a request says as its Host: then anybody could bend a link that we send."""
    return settings.public_url.rstrip("/") or here(settings)


def here(settings: Settings) -> str:
    """The same, for a browser on this machine."""
    return f"http://localhost:{settings.listen_port}"


async def to_sign_in(
    session: AsyncSession, user: User, settings: Settings, *, now: datetime, from_anywhere: bool = False
) -> str:
    """A link that signs this user in, within 15 minutes; on this machine alone, unless `from_anywhere`. Raises
    Conflict where they may not sign in."""
    _check(user)
    data = None if from_anywhere else {_HERE: True}
    token = await one_time.issue(session, Purpose.SIGN_IN, now=now, good_for=SIGN_IN_LASTS, user_id=user.id, data=data)
    audit.happened(session, "sign_in_link", f"user:{user.id}", from_anywhere=from_anywhere)
    return f"{base(settings) if from_anywhere else here(settings)}/sign-in#token={token}"


async def to_set_password(session: AsyncSession, user: User, settings: Settings, *, now: datetime) -> str:
    """A link by which this user sets a password, within an hour. Raises Conflict where they may not sign in."""
    _check(user)
    token = await one_time.issue(session, Purpose.PASSWORD, now=now, good_for=PASSWORD_LASTS, user_id=user.id)
    audit.happened(session, "password_link", f"user:{user.id}")
    return f"{base(settings)}/sign-in#reset={token}"


async def owner(session: AsyncSession, *, now: datetime) -> User | None:
    """Whom a start in development signs in: the first admin. Where there is no user yet, one is made. None where no
    admin may sign in."""
    admin = await first_admin(session)
    if admin is None:
        await one_at_a_time(session, "users")
        if (await session.execute(select(User.id).limit(1))).first() is not None:
            return None
        admin = await users.create(session, OWNER, Role.ADMIN, now=now)
    return admin


async def first_admin(session: AsyncSession) -> User | None:
    """Of those who may sign in, the one who was added first."""
    query = select(User).where(User.role == str(Role.ADMIN), User.disabled_at.is_(None)).order_by(User.id).limit(1)
    return (await session.execute(query)).scalar_one_or_none()


def is_here(address: str, forwarded: bool) -> bool:
    """Whether a request comes from this machine. With `forwarded` a proxy that we don't know stands between, and its
    own address says nothing."""
    try:
        return plain(address).is_loopback and not forwarded
    except ValueError:
        return False


async def sign_in(door: Doorkeeper, token: str, browser: Browser, *, from_here: bool) -> Entered:
    """Raises Unauthenticated, and Forbidden, after which the link is still good."""
    now = door.clock()
    async with door.database.writing() as session:
        user, data = await _use(session, token, Purpose.SIGN_IN, browser, now=now)
        if data.get(_HERE) and not from_here:
            raise Forbidden(_ELSEWHERE)
        return await enter(session, user, browser, method="link", settings=door.settings, vault=door.vault, now=now)


async def set_password(door: Doorkeeper, token: str, password: str, browser: Browser) -> str:
    """All sessions of the user end, and no other link is good any more; a second factor stays. Raises Unauthenticated,
    and Invalid or Unavailable, after which the link is still good.

    Returns a device cookie: this browser is known to the account now, whatever others guess at it.
    """
    now = door.clock()
    async with door.database.reading() as session:
        email = (await _whose(session, await one_time.peek(session, token, Purpose.PASSWORD, now=now), browser)).email
    stored = await new_passwords.hashed(door.settings, password, email=email)
    async with door.database.writing() as session:
        user, _ = await _use(session, token, Purpose.PASSWORD, browser, now=now)
        acting.become(caller_of(user, address=browser.address))
        await users.set_password(session, user, stored, now=now)
        return devices.mark(door.vault, user, browser.device, now=now)


async def _use(
    session: AsyncSession, token: str, purpose: Purpose, browser: Browser, *, now: datetime
) -> tuple[User, Mapping[str, Any]]:
    """Whose link it was, locked, and what it holds. Raises Unauthenticated."""
    # The user first, as everywhere: whoever ends their sessions and links at this moment does so before or after this.
    user = await _whose(session, await one_time.peek(session, token, purpose, now=now), browser, lock=True)
    used = await one_time.use(session, token, purpose, now=now)
    if used is None:
        _log.info("a link was refused", address=browser.address)
        raise Unauthenticated(_OVER)
    return user, used.data


async def _whose(session: AsyncSession, used: Used | None, browser: Browser, *, lock: bool = False) -> User:
    """Raises Unauthenticated, always in the same words."""
    problem: Problem = Unauthenticated(_OVER)
    if used is None or used.user_id is None:
        _log.info("a link was refused", address=browser.address)
        raise problem
    try:
        user = await users.get(session, used.user_id, lock=lock)
    except NotFound:
        raise problem from None
    if user.disabled_at is not None:
        _log.info("a link of a disabled user was refused", user=user.id, address=browser.address)
        raise problem
    return user


def _check(user: User) -> None:
    if user.disabled_at is not None:
        raise Conflict(f"{user.email} may not sign in: the user is disabled.")
