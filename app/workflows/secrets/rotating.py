"""Encrypting anew, with the present key, everything that is stored encrypted: all of it in one transaction."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.sealed import Sealed, columns
from app.core.secrets import CantDecrypt, Vault


@dataclass(slots=True)
class Rotated:
    """What became of one column's values."""

    column: str
    renewed: int = 0
    present: int = 0
    """They were encrypted with the present key already."""
    unreadable: list[str] = field(default_factory=list)
    """Primary keys of rows whose value none of the keys opens; they stay as they are."""


async def rotate(session: AsyncSession, vault: Vault) -> list[Rotated]:
    """For every column, those without a value too."""
    found = [await _column(session, vault, each) for each in columns()]
    if renewed := {each.column: each.renewed for each in found if each.renewed}:
        audit.changed(session, "secrets", {}, {"encrypted_anew": renewed})
    return found


async def _column(session: AsyncSession, vault: Vault, of: Sealed) -> Rotated:
    told = Rotated(of.name)
    keys = list(of.table.primary_key.columns)
    # Whoever changes one of these rows waits for us, and we for them: what is written back is never older.
    query = select(*keys, of.column).where(of.column.is_not(None)).order_by(*keys).with_for_update()
    for *key, value in (await session.execute(query)).all():
        text = value.get(of.within) if of.within else value
        if text is None:
            continue
        if vault.is_present(text, of.purpose):
            told.present += 1
            continue
        try:
            renewed: Any = vault.renewed(text, of.purpose)
        except CantDecrypt:
            told.unreadable.append("/".join(str(part) for part in key))
            continue
        whole = {**value, of.within: renewed} if of.within else renewed
        await session.execute(update(of.table).where(tuple_(*keys) == tuple_(*key)).values({of.column: whole}))
        told.renewed += 1
    return told
