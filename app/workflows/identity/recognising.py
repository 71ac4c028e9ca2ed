"""Who asks: an API key or a token in `Authorization`, or a browser's session in its cookie.

`Authorization: Bearer` wins where both are there. Whatever is refused, an attacker is told the same.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import log
from app.core.acting import By, Caller
from app.core.clock import Clock
from app.core.database import Database
from app.core.identifying import Connection, Recognised, anyone
from app.core.secrets import Vault
from app.domains.connections import privacy
from app.domains.identity import keys, sessions, tokens
from app.domains.identity.models import ApiKey, User
from app.domains.identity.rules import OF_ROLE, Permission, Role, Scope, of_key, of_token
from app.settings import Settings
from app.workflows.identity import cookies, csrf
from app.workflows.identity.keyring import Keyring
from app.workflows.identity.remembering import Memory, Standing
from app.workflows.identity.using import Uses

NO_KEY = "This key is not known, has expired, was revoked, or may not be used from here."
NOT_GOOD = "This token is not valid, or has expired. Get another one with its key: POST /api/v1/auth/token."
NO_SESSION = "Your sign-in has ended. Sign in again."
_REFUSED: Mapping[By, str] = {"key": NO_KEY, "token": NOT_GOOD, "session": NO_SESSION}
NO_BEARER = "Send an API key as: Authorization: Bearer KEY."
_WHILE_AWAY = frozenset({str(Permission.STATUS_READ), str(Permission.METRICS_READ)})
"""What somebody who was recognised before may still read while the database is away: how everything stands."""
_PATIENCE_S = 5.0
"""A database that takes longer to say who asks is away."""

_log = log.get(__name__)


class Recogniser:
    """Looks up what a request shows. One for each server."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        settings: Settings,
        vault: Vault,
        beyond: Callable[[Connection], bool] = lambda _: False,
        forgotten: Callable[[], None] = lambda: None,
    ) -> None:
        """`beyond`: whether so many strangers come from an address that only who is known already is looked for.
        `forgotten` is called after each `forget`.
        """
        self._database = database
        self._clock = clock
        self._settings = settings
        self._vault = vault
        self._idle = timedelta(hours=settings.session_idle_hours)
        self._memory = Memory()
        self._beyond = beyond
        self._forgotten = forgotten
        self.uses = Uses(database)
        self.keyring = Keyring(database, vault, issuer=settings.public_url or "watchfloor")

    async def __call__(self, connection: Connection) -> Recognised:
        authorization = connection.headers.get("authorization", "")
        kind, _, shown = authorization.partition(" ")
        if kind.lower() == "bearer":
            shown = shown.strip()
            return await self._recognised(connection, "token" if tokens.begins_as_one(shown) else "key", shown)
        # Another scheme is a proxy's before us, whose page signs in by its cookie all the same.
        if token := cookies.session_of(connection.cookies, self._settings):
            return await self._recognised(connection, "session", token)
        return Recognised(anyone(connection), NO_BEARER if authorization else "")

    def forget(self) -> None:
        """Somebody's rights were changed here: from now on everything is asked anew."""
        self._memory.forget()
        self.keyring.forget()
        self._forgotten()

    async def stop(self) -> None:
        await self.uses.stop()

    async def _recognised(self, connection: Connection, how: By, shown: str) -> Recognised:
        nobody, now, away = anyone(connection), self._clock(), False
        by_hash = hashlib.sha256(f"{how} {shown}".encode("utf-8", "replace")).digest()
        standing = self._memory.fresh(by_hash, now)
        if standing is None:
            if not self._memory.knows(by_hash) and self._beyond(connection):
                return Recognised(nobody, _REFUSED[how], unasked=True)
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    standing = await self._asked(how, shown, by_hash)
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                _log.warning("who asks can't be looked up", error=type(error).__name__)
                standing, away = self._memory.last(by_hash), True
        if standing is None or not standing.holds(now, nobody.address):
            return Recognised(nobody, "" if away else _REFUSED[how], away)
        if how == "session" and (refused := csrf.refusal(connection, self._vault, shown)):
            return Recognised(nobody, refused, away)
        caller = replace(standing.caller, address=nobody.address, by=how)
        if away:  # whoever was recognised lately may still read how everything stands
            return Recognised(replace(caller, permissions=caller.permissions & _WHILE_AWAY), away=True)
        self.uses.note(caller, standing.used_at, now)
        return Recognised(caller)

    async def _asked(self, how: By, shown: str, by_hash: bytes) -> Standing | None:
        """Looked up, and remembered."""
        now, generation = self._clock(), self._memory.generation
        if how == "session":
            standing = await self._by_session(shown)
        else:
            standing = await (self._by_token(shown) if how == "token" else self._by_key(shown))
        if standing is None:
            self._memory.drop(by_hash)
        else:
            self._memory.keep(by_hash, standing, now, generation=generation)
        return standing

    async def _by_key(self, shown: str) -> Standing | None:
        if not keys.is_key(shown):
            return None
        async with self._database.reading() as session:
            found = await keys.found(session, shown)
            return await self._of_key(session, *found) if found else None

    async def _by_token(self, shown: str) -> Standing | None:
        token = await self.keyring.read(shown, now=self._clock())
        if token is None:
            return None
        async with self._database.reading() as session:
            found = await keys.with_owner(session, token.key_id)
            standing = await self._of_key(session, *found) if found else None
        if standing is None:
            return None
        within = of_token(token.scopes, standing.caller.permissions)
        caller = replace(standing.caller, permissions=frozenset(map(str, within)))
        until = token.expires_at if standing.until is None else min(token.expires_at, standing.until)
        return replace(standing, caller=caller, until=until)

    async def _of_key(self, session: AsyncSession, key: ApiKey, owner: User | None) -> Standing | None:
        if not keys.holds(key, owner, self._clock()):
            return None
        permissions = of_key([Scope(each) for each in key.scopes], Role(owner.role) if owner else None)
        hidden = await privacy.hidden_from(session, key.user_id)
        caller = Caller("key", key.id, key.name, frozenset(map(str, permissions)), key.user_id, hidden)
        ends = [each for each in (key.expires_at, key.revoked_at) if each is not None]
        return Standing(caller, min(ends, default=None), key.networks, used_at=key.last_used_at)

    async def _by_session(self, shown: str) -> Standing | None:
        now = self._clock()
        async with self._database.reading() as session:
            found = await sessions.find(session, shown, now=now, idle=self._idle)
            if found is None:
                return None
            user, row = found
            hidden = await privacy.hidden_from(session, user.id)
        permissions = frozenset(map(str, OF_ROLE[Role(user.role)]))
        caller = Caller("user", user.id, user.email, permissions, user.id, hidden, row.id)
        until = min(row.expires_at, row.seen_at + self._idle)
        return Standing(caller, until, used_at=row.seen_at)
