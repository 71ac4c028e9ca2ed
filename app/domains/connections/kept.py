"""Answers of services that could not be read: kept for diagnosis, redacted and bounded, and read again after a mend.

What comes again with every pull is kept once, as it was seen last: else it would push out all others.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import seeing
from app.core.errors import NotFound
from app.core.redaction import bounded, without_secrets
from app.domains.connections.models import KeptAnswer
from app.records import Kept

MOST_CHARACTERS = 200_000
"""Of one answer."""
MOST_OF_ONE = 100
"""Of one integration: the newest."""
_LONGEST_ARGUMENTS = 10_000
_LONGEST_TOOL = 200
_FOR = timedelta(days=30)
_PLACE = re.compile(r"\[\d+\]")
"""Where something stands in a list: new things before it move it on."""

_Sight = tuple[str, str, bool, str]
"""What is the same again: tool, path, whole and value."""


async def keep(
    session: AsyncSession, found: Sequence[tuple[Kept, str]], *, integration_id: int, run_id: int | None, now: datetime
) -> None:
    """Keep answers with why they could not be read; older ones beyond the bound go."""
    if not found:
        return
    known = await _known(session, integration_id, {kept.tool[:_LONGEST_TOOL] for kept, _ in found})
    for kept, why in found:
        answer = _answer(kept, integration_id)
        sight = _sight(answer)
        if sight in known:
            known[sight].path, known[sight].arguments = answer.path, answer.arguments
            known[sight].shortened = answer.shortened
            answer = known[sight]
        else:
            known[sight] = answer
            session.add(answer)
        answer.run_id, answer.at, answer.why = run_id, now, why
    await session.flush()
    newest = select(KeptAnswer.id).where(KeptAnswer.integration_id == integration_id)
    beyond = newest.order_by(KeptAnswer.id.desc()).offset(MOST_OF_ONE)
    ids = (await session.execute(beyond.limit(1000))).scalars().all()
    await session.execute(delete(KeptAnswer).where(KeptAnswer.id.in_(ids)))


def _answer(kept: Kept, integration_id: int) -> KeptAnswer:
    """As it is stored. What is not as the service gave it, or as it was asked for, counts as shortened."""
    clean, altered = without_secrets(kept.value)
    value, shortened = bounded(clean, MOST_CHARACTERS)
    arguments, changed = _arguments(kept.arguments)
    return KeptAnswer(
        integration_id=integration_id,
        tool=kept.tool[:_LONGEST_TOOL],
        arguments=arguments,
        path=kept.path,
        whole=kept.whole,
        value=value,
        shortened=altered or shortened or changed,
    )


def _arguments(given: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """Always by their names, and whether anything of them is missing."""
    clean, altered = without_secrets(given)
    kept, shortened = bounded(clean, _LONGEST_ARGUMENTS)
    return kept if isinstance(kept, dict) else {"«shortened»": kept}, altered or shortened


async def _known(session: AsyncSession, integration_id: int, tools: set[str]) -> dict[_Sight, KeptAnswer]:
    """What is kept of these tools already; what was read after all is done with."""
    query = select(KeptAnswer).where(
        KeptAnswer.integration_id == integration_id, KeptAnswer.tool.in_(tools), KeptAnswer.replayed_at.is_(None)
    )
    rows = (await session.execute(query.order_by(KeptAnswer.id.desc()).limit(MOST_OF_ONE))).scalars().all()
    return {_sight(row): row for row in reversed(rows)}


def _sight(answer: KeptAnswer) -> _Sight:
    value = json.dumps(answer.value, sort_keys=True, default=str)
    return answer.tool, _PLACE.sub("[]", answer.path), answer.whole, value


async def get(session: AsyncSession, integration_id: int, kept_id: int) -> KeptAnswer:
    """Raises NotFound."""
    with seeing.restricted(session):
        found = await session.get(KeptAnswer, kept_id, populate_existing=True)
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
