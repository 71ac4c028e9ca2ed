"""Noting what a transaction changes. The notes become an entry right before it commits, and are gone if it doesn't."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.audit.appending import append
from app.core.audit.notes import MOST_HAPPENED, Happening, Notes
from app.core.database import before_commit

_NOTES = "audit"


def changed(
    session: AsyncSession, target: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> None:
    """Note a change, to be written when the transaction commits. `target` is «kind:id», as «user:7».

    Before is None for what was made, after for what was removed; of fields that are alike nothing is kept. All changes
    of a transaction are one entry, whose action is the operation that was asked for. Never give it a secret, or what
    stands in somebody's mail.
    """
    _notes(session).add(target, before, after)


def happened(session: AsyncSession, action: str, target: str, **facts: Any) -> None:
    """Note something that changes no field, as «sign_in_failed»: an entry of its own, named by `action`.

    `facts` stand in it as what is so afterwards: few and short, no secret. The caller is whoever acts when the
    transaction ends (`acting.become`), and what is raised rolls the note back as well: a refusal is to be noted in a
    transaction of its own, that commits before the error is raised.
    """
    notes = _notes(session)
    if len(notes.happened) < MOST_HAPPENED:
        notes.happened.append(Happening(action, target, facts))
    else:
        notes.omitted += 1


def asked(session: AsyncSession) -> None:
    """Somebody asked for a change in this transaction: there will be an entry even where no service notes anything."""
    _notes(session).asked = True


def only_looked(session: AsyncSession) -> None:
    """What was asked for was to look what would happen: no entry, unless something is noted."""
    _notes(session).asked = False


def _notes(session: AsyncSession) -> Notes:
    found: Notes | None = session.info.get(_NOTES)
    if found is None:
        notes = session.info[_NOTES] = Notes()

        async def write() -> None:
            # A session may go on after its transaction; what it does then is another entry.
            session.info.pop(_NOTES, None)
            await append(session, notes)

        before_commit(session, write)
        return notes
    return found
