"""The signing keys of one process: opened once, looked up again at most once a second, and only for a token."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.core import log
from app.core.database import Database
from app.core.errors import Internal
from app.core.secrets import Vault
from app.domains.identity import signing, tokens
from app.domains.identity.rules import Scope
from app.domains.identity.tokens import Token

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

_log = log.get(__name__)
FRESH_S = 1.0


class Keyring:
    """Issues tokens, and reads them."""

    def __init__(
        self, database: Database, vault: Vault, *, issuer: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._vault = vault
        self._issuer = issuer
        self._monotonic = monotonic
        self._opened: dict[str, OKPKey] = {}
        self._looked_at = float("-inf")

    async def issue(
        self, key_id: int, scopes: Sequence[Scope], *, now: datetime, lasts: timedelta
    ) -> tuple[str, Token]:
        """A token and what it says. The first one makes the first signing key. Raises what Vault.decrypt raises."""
        async with self._database.reading() as session:
            row = await signing.present(session)
        if row is None:
            async with self._database.writing() as session:
                row = await signing.ensured(session, self._vault, now=now)
        now = now.replace(microsecond=0)
        said = Token(key_id, tuple(scopes), now, now + timedelta(seconds=int(lasts.total_seconds())))
        key = self._opened.get(row.id) or signing.opened(row, self._vault)
        text = tokens.issue(
            key_id, scopes, issuer=self._issuer, kid=row.id, key=key, now=now, expires_at=said.expires_at
        )
        return text, said

    async def read(self, shown: str, *, now: datetime) -> Token | None:
        """What a token says; None where it is none of ours, or does not hold now."""
        if not tokens.looks_like_one(shown) or tokens.kid_of(shown) is None:
            return None
        await self._look(now)
        return tokens.read(shown, self._opened, issuer=self._issuer, now=now)

    async def _look(self, now: datetime) -> None:
        if self._monotonic() - self._looked_at <= FRESH_S:
            return
        async with self._database.reading() as session:
            rows = await signing.verifying(session, now=now)
        opened: dict[str, OKPKey] = {}
        for row in rows:
            try:
                opened[row.id] = self._opened.get(row.id) or signing.opened(row, self._vault)
            except Internal as error:  # another SECRET_KEY: what it signed can't be believed, the others can
                _log.warning("a signing key can't be read", kid=row.id, detail=error.detail)
        self._opened, self._looked_at = opened, self._monotonic()

    def forget(self) -> None:
        """Look anew at the next token."""
        self._looked_at = float("-inf")
