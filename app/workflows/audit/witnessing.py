"""The head of the audit trail, told to the log: whoever keeps the log elsewhere has a witness that nobody here can
change."""

from app.core import audit, log
from app.core.audit import verifying
from app.core.audit.appending import head_of
from app.core.audit.verifying import Verified
from app.core.database import Database

_log = log.get(__name__)


async def tell_head(database: Database) -> None:
    """Write the head of now to the log."""
    async with database.reading() as session:
        head = await head_of(session)
    _log.info("head of the audit trail", id=head.id, hash=head.hash)


async def verify(database: Database, *, since: int | None = None, witness: audit.Head | None = None) -> Verified:
    """Verify the trail, and tell the log what was found. Raises Invalid as app.core.audit.verifying does."""
    found = await verifying.verify(database, since=since, witness=witness)
    if found.broken:
        _log.error("the audit trail is broken", id=found.broken.id, what=found.broken.what)
    else:
        _log.info("audit trail verified", entries=found.entries, id=found.head.id, hash=found.head.hash)
    return found
