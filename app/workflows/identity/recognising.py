"""Who asks: an API key in `Authorization`, or a browser's session in its cookie."""

from starlette.requests import HTTPConnection

from app.core.acting import Caller
from app.core.clock import Clock
from app.core.database import Database
from app.core.identifying import Recognised, anyone
from app.domains.identity import keys
from app.domains.identity.models import ApiKey
from app.domains.identity.rules import Scope, of_key

_NO_KEY = "This key is not known, has expired, or was revoked."


class Recogniser:
    """Looks up what a request shows. One for each server."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def __call__(self, connection: HTTPConnection) -> Recognised:
        kind, _, shown = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return await self._by_key(connection, shown.strip())
        return Recognised(anyone(connection))

    async def _by_key(self, connection: HTTPConnection, shown: str) -> Recognised:
        async with self._database.reading() as session:
            key = await keys.found(session, shown)
        if key is None or not self._holds(key):
            return Recognised(anyone(connection), _NO_KEY)
        permissions = frozenset(str(each) for each in of_key([Scope(each) for each in key.scopes], None))
        address = connection.client.host if connection.client else ""
        return Recognised(Caller("key", key.id, key.name, permissions, key.user_id, address=address))

    def _holds(self, key: ApiKey) -> bool:
        return key.revoked_at is None and (key.expires_at is None or key.expires_at > self._clock())
