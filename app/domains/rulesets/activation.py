"""Which ruleset is in force: activating one, and going back. History is only ever added to; functions never commit.

A roll-back is an activation of its own, which says where it returns to: so the next one goes further back instead of
back and forth, and what was in force at any time can still be told.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.clock import end_of_second
from app.core.database import one_at_a_time
from app.core.errors import Conflict
from app.core.rows import AnyRow
from app.domains.rulesets.models import Activation, StoredRuleset
from app.domains.rulesets.naming import LATEST, check_words


async def active(session: AsyncSession) -> StoredRuleset | None:
    """The ruleset in force. None before any was activated: then the one that the program is shipped with counts."""
    newest = select(func.max(Activation.id)).scalar_subquery()
    return await _of(session, Activation.id == newest)


async def active_at(session: AsyncSession, at: datetime) -> StoredRuleset | None:
    """The ruleset that was in force once the second of `at` had passed; None before any was."""
    newest = select(func.max(Activation.id)).where(Activation.at <= end_of_second(at)).scalar_subquery()
    return await _of(session, Activation.id == newest)


async def _of(session: AsyncSession, which: ColumnElement[bool]) -> StoredRuleset | None:
    query = select(StoredRuleset).join(Activation, Activation.ruleset_id == StoredRuleset.id).where(which)
    return (await session.execute(query)).scalar_one_or_none()


async def activate(
    session: AsyncSession, row: StoredRuleset, *, actor: str = "", note: str = "", now: datetime
) -> tuple[StoredRuleset | None, bool]:
    """Let a ruleset rank from now on. Returns what was in force before, and whether that changed anything.

    Raises Invalid for an actor or a note that can't be kept.
    """
    actor, note = check_words(actor, note)
    return await put_in_force(session, row, actor=actor, note=note, now=now)


async def put_in_force(
    session: AsyncSession, row: StoredRuleset, *, actor: str, note: str, now: datetime
) -> tuple[StoredRuleset | None, bool]:
    """The same in the name of anybody, the program too."""
    await one_at_a_time(session, "rulesets")
    before = await active(session)
    if before is not None and before.id == row.id:
        return before, False
    session.add(Activation(ruleset_id=row.id, at=now, actor=actor, note=note, returns_to=None))
    _note(session, before, row)
    await session.flush()
    return before, True


async def roll_back(
    session: AsyncSession, *, actor: str = "", note: str = "", now: datetime
) -> tuple[StoredRuleset, StoredRuleset]:
    """Go back to what was in force before; again, and it goes further back. Returns what is in force now, and what was.

    Raises Conflict where nothing was before, and Invalid for an actor or a note that can't be kept.
    """
    actor, note = check_words(actor, note)
    await one_at_a_time(session, "rulesets")
    newest = await _last(session)
    earlier = await _last(session, before=newest.returns_to or newest.id) if newest else None
    if newest is None or earlier is None:
        raise Conflict("Nothing was active before: there is nothing to go back to.")
    back_to = earlier.returns_to or earlier.id
    target = await _of(session, Activation.id == back_to)
    left = await active(session)
    assert target is not None and left is not None  # noqa: S101, PT018 - foreign keys see to it
    session.add(Activation(ruleset_id=target.id, at=now, actor=actor, note=note, returns_to=back_to))
    _note(session, left, target)
    await session.flush()
    return target, left


def _note(session: AsyncSession, before: StoredRuleset | None, after: StoredRuleset) -> None:
    was = None if before is None else f"{before.name} {before.version}"
    audit.changed(session, f"ruleset:{after.name}", {"in_force": was}, {"in_force": f"{after.name} {after.version}"})


async def _last(session: AsyncSession, before: int = LATEST) -> Activation | None:
    """The newest activation whose id is below `before`."""
    query = select(Activation).where(Activation.id < before).order_by(Activation.id.desc()).limit(1)
    return (await session.execute(query)).scalar_one_or_none()


async def history(
    session: AsyncSession, *, name: str | None = None, before: int = LATEST, limit: int = 50
) -> Sequence[AnyRow]:
    """Rows (id, name, version, at, actor, note, returns_to) of activations, the newest first; of one name, or all."""
    query = (
        select(
            Activation.id,
            StoredRuleset.name,
            StoredRuleset.version,
            Activation.at,
            Activation.actor,
            Activation.note,
            Activation.returns_to,
        )
        .join(StoredRuleset, StoredRuleset.id == Activation.ruleset_id)
        .where(Activation.id < before)
        .order_by(Activation.id.desc())
        .limit(limit)
    )
    if name is not None:
        query = query.where(StoredRuleset.name == name)
    return (await session.execute(query)).all()
