"""Letting somebody in, however they showed who they are: by a password, a link, or another service's word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import acting, audit, metrics
from app.core.acting import Caller
from app.core.clock import Clock
from app.core.database import Database
from app.core.secrets import Vault
from app.domains.identity import sessions
from app.domains.identity.models import User
from app.domains.identity.rules import OF_ROLE, Role
from app.settings import Settings
from app.workflows.identity import cookies, devices


class Connection(Protocol):
    """A request, before its body."""

    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def cookies(self) -> Mapping[str, str]: ...
    @property
    def client(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """What letting somebody in needs of the server it happens in."""

    database: Database
    vault: Vault
    settings: Settings
    clock: Clock


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser brings along when somebody signs in."""

    address: str = ""
    user_agent: str = ""
    session: str = ""
    """The token of the session that it had, if any."""
    device: str = ""
    """Its device cookie."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What a browser is given: see app.workflows.identity.cookies.sign_in."""

    user: User
    session_id: int
    token: str
    device: str


def doorkeeper(state: Any) -> Doorkeeper:
    """Of an application's state, as app.main makes it."""
    return Doorkeeper(state.database, state.vault, state.settings, state.clock)


def browser_of(connection: Connection, settings: Settings) -> Browser:
    return Browser(
        address=connection.client.host if connection.client else "",
        user_agent=connection.headers.get("user-agent", ""),
        session=cookies.session_of(connection.cookies, settings),
        device=cookies.device_of(connection.cookies, settings),
    )


async def enter(
    session: AsyncSession, user: User, browser: Browser, *, method: str, settings: Settings, vault: Vault, now: datetime
) -> Entered:
    """Begin a session, within the caller's transaction; `method` is password, link or oidc. From here on it is the
    user who acts."""
    row, token = await sessions.begin(
        session,
        user,
        method=method,
        now=now,
        lasts=timedelta(days=settings.session_most_days),
        address=browser.address,
        user_agent=browser.user_agent,
        instead_of=browser.session,
    )
    acting.become(caller_of(user, session_id=row.id, address=browser.address))
    metrics.signed_in("in")
    audit.changed(session, f"session:{row.id}", None, {"user": user.id, "method": method})
    return Entered(user, row.id, token, devices.mark(vault, user, browser.device, now=now))


def caller_of(user: User, *, session_id: int | None = None, address: str = "") -> Caller:
    """Who acts where this user does."""
    permissions = frozenset(str(each) for each in OF_ROLE[Role(user.role)])
    return Caller("user", user.id, user.email, permissions, user.id, session_id=session_id, address=address)
