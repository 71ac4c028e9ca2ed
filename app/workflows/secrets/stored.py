"""Secret settings that are kept in the database, encrypted, instead of in the environment. The environment wins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.database import Database
from app.core.errors import Invalid, NotFound
from app.core.secrets import CantDecrypt, Vault
from app.core.stored_secrets import PURPOSE, StoredSecret
from app.settings import Settings
from app.workflows.secrets.vault import vault_from

_NEEDED_BEFORE = {"DATABASE_URL", "SECRET_KEY", "SECRET_KEYS_BEFORE", "RATE_LIMIT_STORE"}
"""They say where the database is, or are what it is encrypted with."""
NAMES = tuple(
    sorted(
        name.upper()
        for name, field in Settings.model_fields.items()
        if field.annotation is SecretStr and name.upper() not in _NEEDED_BEFORE
    )
)
"""The settings that may be stored."""
_LONGEST = 4_000

State = Literal["in use", "the environment's is used", "can't be read"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A stored secret, without its value."""

    name: str
    updated_at: datetime
    state: State


async def put(session: AsyncSession, vault: Vault, name: str, value: str, *, now: datetime) -> bool:
    """Store one, in the place of an earlier one; whether it is new. Raises Invalid."""
    if name not in NAMES:
        raise Invalid(f"{name} is not kept in the database. What may be: {', '.join(NAMES)}.")
    if not value or len(value) > _LONGEST or not value.isprintable():
        raise Invalid(f"{name} must be one line of 1 to {_LONGEST} characters.")
    row = await session.get(StoredSecret, name)
    before = {"updated_at": row.updated_at} if row else None
    if row is None:
        row = StoredSecret(name=name)
        session.add(row)
    row.value, row.updated_at = vault.encrypt(value, PURPOSE), now
    await session.flush()
    audit.changed(session, f"secret:{name}", before, {"updated_at": now})
    return before is None


async def remove(session: AsyncSession, name: str) -> None:
    """Raises NotFound."""
    row = await session.get(StoredSecret, name)
    if row is None:
        raise NotFound(f"{name} is not stored.")
    audit.changed(session, f"secret:{name}", {"updated_at": row.updated_at}, None)
    await session.delete(row)
    await session.flush()


async def listed(session: AsyncSession, vault: Vault, settings: Settings) -> list[Listed]:
    """By name. `settings` are those of the environment."""
    return [Listed(row.name, row.updated_at, _state(row, vault, settings)) for row in await _rows(session)]


async def fill(settings: Settings, database: Database) -> list[str]:
    """Give `settings` what is stored of that which the environment leaves empty; names of those that can't be read."""
    async with database.reading() as session:
        rows = [row for row in await _rows(session) if not _of_environment(settings, row.name)]
    if not rows:
        return []  # no key is made for nothing
    vault, unreadable = vault_from(settings), []
    for row in rows:
        try:
            setattr(settings, row.name.lower(), SecretStr(vault.decrypt(row.value, PURPOSE)))
        except CantDecrypt:
            unreadable.append(row.name)
    return unreadable


async def _rows(session: AsyncSession) -> Sequence[StoredSecret]:
    """Also one of a newer or older program, which has no setting here, is passed over."""
    return (
        await session.scalars(select(StoredSecret).where(StoredSecret.name.in_(NAMES)).order_by(StoredSecret.name))
    ).all()


def _of_environment(settings: Settings, name: str) -> str:
    value: SecretStr = getattr(settings, name.lower())
    return value.get_secret_value()


def _state(row: StoredSecret, vault: Vault, settings: Settings) -> State:
    try:
        vault.decrypt(row.value, PURPOSE)
    except CantDecrypt:
        return "can't be read"
    return "the environment's is used" if _of_environment(settings, row.name) else "in use"
