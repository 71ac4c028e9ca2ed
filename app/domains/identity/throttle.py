"""Slowing down whoever guesses, without locking out the owner: how often signing in failed, for all processes together.

A try is counted before it is looked at, so that many at once get no further than one after the other. Where it was
right, its count is taken back. Failures count for an account or, from a browser that signed in there before, for that
browser alone; and for the address. So a flood of guesses delays strangers, and not those who are known.
Source: OWASP, https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import TooMany
from app.core.rows import upsert
from app.domains.identity.models import SignInFailures

FAILED = "That failed too often"
FORGOTTEN_AFTER = timedelta(days=1)
"""Without another failure within this time, all is forgotten."""


@dataclass(frozen=True, slots=True)
class Pace:
    """So many failures cost nothing; the next one costs `delay`, and each further one twice that of the one before."""

    free: int
    delay: timedelta
    most: timedelta

    def after(self, failures: int) -> timedelta | None:
        """How long nothing is tried after the last of so many failures."""
        over = failures - self.free
        if over <= 0:
            return None
        return self.most if over > 30 else min(self.most, self.delay * 2 ** (over - 1))


@dataclass(frozen=True, slots=True)
class Counted:
    """A try that was counted, to be taken back where it was right."""

    bucket: str
    until: datetime | None


async def count(
    session: AsyncSession, paces: dict[str, Pace], *, now: datetime, too_often: str = FAILED
) -> Sequence[Counted]:
    """Count a try in each bucket. Raises TooMany, which begins with `too_often`, and counts nothing, while one of them
    waits."""
    # Made first, then locked: of two that come at once, the second waits for the first one's count.
    fresh = [{"bucket": bucket, "failures": 0, "at": now, "until": None} for bucket in sorted(paces)]
    await upsert(session, SignInFailures, fresh, key=("bucket",), overwrite=False)
    query = (
        select(SignInFailures)
        .where(SignInFailures.bucket.in_(paces))
        .order_by(SignInFailures.bucket)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    rows = (await session.execute(query)).scalars().all()
    # One that lies further ahead than any wait lasts was written by a clock that was wrong.
    waits = [row.until for row in rows if row.until is not None and now < row.until <= now + paces[row.bucket].most]
    if waits:
        seconds = max(1, math.ceil((max(waits) - now).total_seconds()))
        raise TooMany(f"{too_often}. Try again in {_told(seconds)}.", retry_after=seconds)
    for row in rows:
        before = row.failures if row.at > now - FORGOTTEN_AFTER else 0
        wait = paces[row.bucket].after(before + 1)
        row.failures, row.at, row.until = before + 1, now, now + wait if wait else None
    await session.flush()
    return [Counted(row.bucket, row.until) for row in rows]


async def take_back(session: AsyncSession, counted: Sequence[Counted]) -> None:
    """It was no failure: as if it had not been tried. Others' failures stay."""
    for each in counted:
        own = SignInFailures.until == each.until if each.until else SignInFailures.until.is_(None)
        less: dict[str, object] = {
            "failures": SignInFailures.failures - 1,
            "until": case((own, None), else_=SignInFailures.until),
        }
        row = (SignInFailures.bucket == each.bucket, SignInFailures.failures > 0)
        await session.execute(update(SignInFailures).where(*row).values(less))


async def forgive(session: AsyncSession, bucket: str) -> None:
    """Forget all failures that were counted here."""
    await session.execute(delete(SignInFailures).where(SignInFailures.bucket == bucket))


async def forget_old(session: AsyncSession, *, now: datetime) -> None:
    await session.execute(delete(SignInFailures).where(SignInFailures.at <= now - FORGOTTEN_AFTER))


def _told(seconds: int) -> str:
    if seconds < 120:
        return "a second" if seconds == 1 else f"{seconds} seconds"
    return f"{math.ceil(seconds / 60)} minutes"
