"""How connecting an account goes: a link is asked for (pending), and a person follows it (active) or doesn't.

Stands in `integrations.connection`. Whoever changes it claims it first: several processes ask how a link fares, and one
of them ends it. The functions that judge are pure; the others flush and never commit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import one_at_a_time
from app.domains.connections.models import Integration

LINK_PURPOSE = "link"
"""What a link is encrypted for (app.core.secrets)."""
LINK_LIVES = timedelta(minutes=10)
"""Where nobody said how long a link lives."""
GRACE = timedelta(minutes=2)
"""Our clock and theirs differ: a link is not called over before this."""
UNKNOWN_FOR = timedelta(days=1)
"""For so long behind its end, and since nobody answers, it is asked what became of a link."""
MOST_AT_ONCE = 100


class Stage(StrEnum):
    """How connecting stands."""

    PENDING = "pending"
    ACTIVE = "active"
    EXPIRED = "expired"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One connecting, as it is stored."""

    state: Stage
    account_id: str
    user_id: str
    at: datetime
    """Since when it stands so."""
    expires_at: datetime
    redirect_url: str | None = field(default=None, repr=False)
    """Encrypted, while it is pending; whoever has it can connect an account of theirs."""
    why: str | None = None
    """What went wrong and what to do, in sentences."""
    linked: str | None = None
    """The account that got its access through a link from here and was not given back: it is when another follows it,
    and when the integration is deleted."""


def read(stored: Mapping[str, Any] | None) -> Connection | None:
    if stored is None:
        return None
    moments = {name: datetime.fromisoformat(stored[name]) for name in ("at", "expires_at")}
    return Connection(**{**stored, **moments, "state": Stage(stored["state"])})


def written(connection: Connection) -> dict[str, Any]:
    told = asdict(connection)
    return {**told, "at": connection.at.isoformat(), "expires_at": connection.expires_at.isoformat()}


def begun(
    before: Connection | None,
    *,
    account_id: str,
    user_id: str,
    redirect_url: str,
    expires_at: datetime | None,
    now: datetime,
) -> Connection:
    """A link was made; one that was still pending is forgotten."""
    return Connection(
        state=Stage.PENDING,
        account_id=account_id,
        user_id=user_id,
        at=now,
        expires_at=expires_at or now + LINK_LIVES,
        redirect_url=redirect_url,
        linked=before.linked if before else None,
    )


def judged(connection: Connection, status: str, reason: str, *, service: str, now: datetime) -> Connection:
    """As it stands after Composio has told the account's `status`: the same where nothing is decided yet."""
    late = now >= connection.expires_at
    said = f": «{reason}»" if reason else ""
    match status:
        case "ACTIVE":
            return replace(
                connection, state=Stage.ACTIVE, at=now, redirect_url=None, why=None, linked=connection.account_id
            )
        case "EXPIRED" if late or "initiation" in reason.lower():
            return _ended(connection, Stage.EXPIRED, _LATE, now)
        case "EXPIRED":
            return _ended(connection, Stage.EXPIRED, f"{service}'s access has expired{said}. {_ANEW}", now)
        case "FAILED":
            return _ended(connection, Stage.FAILED, f"{service} did not give access{said}. {_ANEW}", now)
        case "INACTIVE":
            why = f"The account was switched off at Composio{said}. {_ANEW}"
            return _ended(connection, Stage.FAILED, why, now)
        case "REVOKED" | "MISSING":
            return _ended(connection, Stage.FAILED, f"The access was taken back{said}. {_ANEW}", now)
    return _ended(connection, Stage.EXPIRED, _LATE, now) if now >= connection.expires_at + GRACE else connection


def unanswered(connection: Connection, detail: str, *, since: datetime, now: datetime) -> Connection:
    """The same where Composio could not be asked, for the first time at `since`: given up only long after that, and
    after the link's end."""
    if now < max(since, connection.expires_at) + UNKNOWN_FOR:
        return connection
    return _ended(connection, Stage.FAILED, f"Nobody could tell whether the link was followed: {detail} {_ANEW}", now)


_ANEW = "Ask for a new link."
_LATE = f"The link was not followed in time. {_ANEW}"


def _ended(connection: Connection, state: Stage, why: str, now: datetime) -> Connection:
    return replace(connection, state=state, at=now, redirect_url=None, why=why)


def same(one: Connection | None, other: Connection | None) -> bool:
    """Whether both are the same link at the same stage."""
    return one is not None and other is not None and (one.account_id, one.state) == (other.account_id, other.state)


async def claimed(session: AsyncSession, integration_id: int) -> Integration | None:
    """The integration; until the transaction ends nobody else changes how its connecting goes, or deletes it. None
    where it is gone. Comes before every lock on runs and integrations."""
    await one_at_a_time(session, f"connecting {integration_id}")
    return await session.get(Integration, integration_id, populate_existing=True)


def worthless_at(connection: Connection) -> datetime:
    """When nobody can follow its link any more: what it gave until then can be given back."""
    return connection.expires_at + GRACE


def without_linked(connection: Connection) -> Connection | None:
    """As it stands once another account was named by hand: a link that is pending stays, what was before is over."""
    return replace(connection, linked=None) if connection.state is Stage.PENDING else None


async def pending(session: AsyncSession, *, after: int = 0) -> Sequence[Integration]:
    """Those whose link may be followed any moment: the next ones behind an id, by their ids."""
    state = Integration.connection["state"].as_string()
    waits = Integration.connection.is_not(None), state == Stage.PENDING.value
    query = select(Integration).where(*waits, Integration.id > after)
    return (await session.execute(query.order_by(Integration.id).limit(MOST_AT_ONCE))).scalars().all()
