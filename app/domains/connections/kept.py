"""Answers of services that could not be read: kept for diagnosis, redacted and bounded, and read again after a mend."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import NotFound
from app.core.redaction import bounded, redacted
from app.domains.connections.models import KeptAnswer
from app.records import Kept

MOST_CHARACTERS = 200_000
"""Of one answer."""
MOST_OF_ONE = 100
"""Of one integration: the newest."""
_FOR = timedelta(days=30)


async def keep(
    session: AsyncSession, found: Sequence[tuple[Kept, str]], *, integration_id: int, run_id: int, now: datetime
) -> None:
    """Keep answers with why they could not be read; older ones beyond the bound go."""
    for kept, why in found:
        value, shortened = bounded(redacted(kept.value), MOST_CHARACTERS)
        answer = KeptAnswer(
            integration_id=integration_id,
            run_id=run_id,
            at=now,
            tool=kept.tool[:200],
            arguments=bounded(redacted(kept.arguments), 10_000)[0],
            path=kept.path,
            why=why,
            whole=kept.whole,
            value=value,
            shortened=shortened,
        )
        session.add(answer)
    if found:
        await session.flush()
        newest = select(KeptAnswer.id).where(KeptAnswer.integration_id == integration_id)
        beyond = newest.order_by(KeptAnswer.id.desc()).offset(MOST_OF_ONE)
        ids = (await session.execute(beyond.limit(1000))).scalars().all()
        await session.execute(delete(KeptAnswer).where(KeptAnswer.id.in_(ids)))


async def get(session: AsyncSession, integration_id: int, kept_id: int) -> KeptAnswer:
    """Raises NotFound."""
    found = await session.get(KeptAnswer, kept_id)
    if found is None or found.integration_id != integration_id:
        raise NotFound(f"There is no kept answer {kept_id} of this integration.")
    return found


async def every(
    session: AsyncSession, integration_id: int, *, limit: int, before: int | None = None
) -> Sequence[KeptAnswer]:
    """Newest first, those before id `before`."""
    query = select(KeptAnswer).where(KeptAnswer.integration_id == integration_id)
    if before is not None:
        query = query.where(KeptAnswer.id < before)
    return (await session.execute(query.order_by(KeptAnswer.id.desc()).limit(limit))).scalars().all()


async def forget_old(session: AsyncSession, now: datetime) -> None:
    await session.execute(delete(KeptAnswer).where(KeptAnswer.at < now - _FOR))
