"""Going over the whole chain: does every entry hold what it held when it was written, and is none missing?

What a chain of plain hashes can't show by itself is that everything from some entry on was made anew, or is cut off at
the end. That takes a witness: the head as it was seen at some time, kept elsewhere.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.audit.appending import FORGOTTEN
from app.core.audit.chain import BEGINNING, Head, hash_of
from app.core.audit.models import AuditAnchor, AuditEntry
from app.core.database import Database
from app.core.errors import FieldError, Invalid

_AT_ONCE = 500
_COLUMNS = [*AuditEntry.__table__.columns]

What = Literal["changed", "missing", "reordered", "rewritten", "cut", "forgotten"]


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold."""

    id: int
    what: What
    detail: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found: `entries` that hold, from `first` on, up to `head`. `broken` is None for a sound chain."""

    entries: int
    first: int
    head: Head
    broken: Break | None


async def verify(database: Database, *, since: int | None = None, witness: Head | None = None) -> Verified:
    """Look at every entry, the oldest first, or from the one with the id `since` on; ends at the first break.

    `witness` is a head that was seen earlier. Raises Invalid where it lies before `since`, or that entry isn't there.
    """
    if witness and since and witness.id < since - 1:
        raise Invalid("The witness lies before what is looked at.", errors=[FieldError("query.head_id", "too early")])
    async with database.reading() as session:
        if not database.is_sqlite:  # as of one moment: old entries may be forgotten meanwhile
            await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        anchor = await anchor_of(session)
        start = await _start(session, anchor, since)
        walk = _Walk(session, start, witness, anchor if start == anchor else BEGINNING)
        broken = await walk.to_its_end()
        return Verified(walk.head.id - start.id, start.id + 1, walk.head, broken)


async def anchor_of(session: AsyncSession) -> Head:
    """What the oldest entry follows that is kept."""
    found = (await session.execute(select(AuditAnchor.forgotten_to, AuditAnchor.hash))).one_or_none()
    return Head(*found) if found else BEGINNING


async def _start(session: AsyncSession, anchor: Head, since: int | None) -> Head:
    if since is None or since <= anchor.id + 1:
        return anchor
    query = select(AuditEntry.id, AuditEntry.hash).where(AuditEntry.id == since - 1)
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise Invalid(
            f"There is no entry {since - 1} to begin after.", errors=[FieldError("query.since_id", "unknown")]
        )
    return Head(*found)


@dataclass(slots=True)
class _Walk:
    session: AsyncSession
    head: Head
    """The last one that holds."""
    witness: Head | None
    anchor: Head
    """To be found announced; the beginning where there is nothing to announce."""

    async def to_its_end(self) -> Break | None:
        if self.witness and self.witness.id < self.head.id:
            detail = f"Entry {self.witness.id} was forgotten since, with all before it: keep a newer head."
            return Break(self.witness.id, "forgotten", detail)
        announced = self.anchor == BEGINNING
        if broken := self._witnessed():
            return broken
        async for row in _rows(self.session, self.head.id):
            if broken := await self._broken(row):
                return broken
            self.head = Head(row["id"], row["hash"])
            if broken := self._witnessed():
                return broken
            announced = announced or _announces(row, self.anchor)
        if self.witness and self.witness.id > self.head.id:
            detail = f"The trail ends at entry {self.head.id}, and entry {self.witness.id} was there once."
            return Break(self.head.id + 1, "cut", detail)
        if not announced:
            detail = (
                f"All up to entry {self.anchor.id} is gone, and no entry says that it was forgotten as settings say."
            )
            return Break(self.anchor.id, "cut", detail)
        return None

    def _witnessed(self) -> Break | None:
        if self.witness is None or self.witness.id != self.head.id or self.witness.hash == self.head.hash:
            return None
        detail = f"Entry {self.head.id} is not the one that was seen: it, or one before it, was written anew."
        return Break(self.head.id, "rewritten", detail)

    async def _broken(self, row: Mapping[str, Any]) -> Break | None:
        wanted = self.head.id + 1
        if row["id"] != wanted:
            return Break(wanted, "missing", f"Entries {wanted} to {row['id'] - 1} are missing.")
        if _holds(row):
            if row["previous"] == self.head.hash:
                return None
            detail = f"Entry {wanted} does not follow the entry before it: one of the two was replaced."
            return Break(wanted, "changed", detail)
        if await self._is_elsewhere(row):
            return Break(wanted, "reordered", f"What stands at {wanted} belongs to another place.")
        return Break(wanted, "changed", f"Entry {wanted} is not as it was written.")

    async def _is_elsewhere(self, row: Mapping[str, Any]) -> bool:
        """Whether the row holds at the place after the entry that it says it follows."""
        query = select(AuditEntry.id).where(AuditEntry.hash == row["previous"])
        after = (await self.session.execute(query)).scalars().all()
        places = [*after, *([0] if row["previous"] == BEGINNING.hash else [])]
        return any(_holds({**row, "id": place + 1}) for place in places)


def _holds(row: Mapping[str, Any]) -> bool:
    """Whether the row's hash is that of its content."""
    try:
        return bool(hash_of(row) == row["hash"])
    except (TypeError, ValueError, AttributeError, KeyError):  # another type than was written, or not to be read at all
        return False


def _announces(row: Mapping[str, Any], anchor: Head) -> bool:
    facts = {each["field"]: each["after"] for each in row["changes"]} if row["action"] == FORGOTTEN else {}
    return facts == {"up_to": anchor.id, "hash": anchor.hash}


async def _rows(session: AsyncSession, after: int) -> AsyncIterator[Mapping[str, Any]]:
    """All entries after an id, in their order. One that can't even be read is given without its content."""
    size = _AT_ONCE
    while True:
        query = select(*_COLUMNS).where(AuditEntry.id > after).order_by(AuditEntry.id).limit(size)
        try:
            found = (await session.execute(query)).mappings().all()
        except (TypeError, ValueError):  # no JSON, no moment: that can't have been written by us
            if size > 1:
                size = 1
                continue
            broken = select(AuditEntry.id).where(AuditEntry.id > after).order_by(AuditEntry.id).limit(1)
            yield {"id": (await session.execute(broken)).scalar_one(), "hash": "", "previous": ""}
            return
        for row in found:
            yield dict(row)
            after = row["id"]
        if len(found) < size:
            return
