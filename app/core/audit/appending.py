"""Appending entries to the chain, right before their transaction commits.

Each entry needs the hash of the one before, so only one transaction at a time may be between reading the chain's head
and its commit. On Postgres that is a lock which is taken last of all, when everything else is written: it is held from
within one statement until the commit that follows, and nobody who holds it waits for anything. SQLite has one writer
anyway.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import acting, log
from app.core.acting import Caller, Deed
from app.core.audit.chain import BEGINNING, Head, halves_of, hash_of
from app.core.audit.models import AuditAnchor, AuditEntry
from app.core.audit.notes import Change, Notes, text_of

_APPEND = text(
    "SELECT audit_append(CAST(:at AS timestamptz), :actor, :actor_name, :address, :action, :target, "
    "CAST(:changes AS json), CAST(:omitted AS integer), :correlation_id, :first, :second)"
)
"""Migration 0012 has it."""
FORGOTTEN = "forget_audit"
"""The action of the entry that tells up to where older ones were forgotten."""


async def append(session: AsyncSession, notes: Notes) -> None:
    """Write the entries of a transaction that is about to commit."""
    rows = list(_entries(notes, acting.caller(), acting.deed()))
    if not rows:
        return
    await session.flush()  # so that every other lock is taken by now
    at = session.info["clock"]()
    rows = [{**row, "at": at} for row in rows]
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        for row in rows:
            first, second = halves_of(row)
            changes = json.dumps(row["changes"])
            await connection.execute(_APPEND, {**row, "changes": changes, "first": first, "second": second})
        return
    head = await head_of(session)
    for row in rows:
        row |= {"id": head.id + 1, "previous": head.hash}
        row["hash"] = hash_of(row)
        head = Head(row["id"], row["hash"])
    await session.execute(insert(AuditEntry), rows)


async def head_of(session: AsyncSession) -> Head:
    """The last entry's id and hash; where all were forgotten, the anchor's."""
    newest = select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    found = (await session.execute(newest)).one_or_none() or (
        await session.execute(select(AuditAnchor.forgotten_to, AuditAnchor.hash))
    ).one_or_none()
    return Head(*found) if found else BEGINNING


def _entries(notes: Notes, who: Caller, deed: Deed) -> Iterator[dict[str, Any]]:
    """Without their place in the chain."""
    for each in notes.happened:
        facts = [Change(each.target, name, None, value) for name, value in each.facts.items()]
        yield _entry(who, each.action, each.target, facts)
    if notes.changes or (notes.asked and not notes.happened):
        target = deed.target or next((change.target for change in notes.changes), "")
        yield _entry(who, deed.action or who.kind, target, notes.changes, notes.omitted)


def _entry(who: Caller, action: str, target: str, changes: Sequence[Change], omitted: int = 0) -> dict[str, Any]:
    return {
        "actor": text_of(who.signature, 60),
        "actor_name": text_of(who.name, 320),
        "address": text_of(who.address, 100),
        "action": text_of(action, 80),
        "target": text_of(target, 200),
        "changes": [change.shown() for change in changes],
        "omitted": omitted,
        "correlation_id": text_of(log.correlation_id(), 128),
    }
