"""Repeating a POST with the same Idempotency-Key does it once.

The key's row is written in the action's own transaction, so it exists exactly when the action happened; the
answer is added once it is known. A repeat gets that answer again with `Idempotency-Replayed: true`; the same
key with another request is 422; a repeat while the first still runs, or whose answer was lost in a crash, or held a
secret, is 409 and does nothing.
Behaviour follows the IETF draft draft-ietf-httpapi-idempotency-key-header.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import LargeBinary, String, Text, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, UtcDateTime
from app.core.errors import Conflict, Invalid


class IdempotencyKey(Base):
    """One key, what it was used for, and the answer that was given."""

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    status: Mapped[int | None]
    """None: the answer is not known. Where it is and there is no body, the answer held a secret, which is not kept."""
    headers: Mapped[list[list[str]] | None] = mapped_column(Json)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    path: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Use:
    """A request's use of a key. `fingerprint` is an HMAC of method, path, query and body."""

    key: str
    fingerprint: str
    path: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: list[list[str]]
    body: bytes


async def earlier_answer(session: AsyncSession, use: Use) -> Answer | None:
    """The answer to give again, or None for a key not used before. Raises Invalid and Conflict."""
    row = (await session.execute(select(IdempotencyKey).where(IdempotencyKey.key == use.key))).scalar_one_or_none()
    if row is None:
        return None
    if row.fingerprint != use.fingerprint:
        raise Invalid("This Idempotency-Key was used for another request. Use a new key for a new request.")
    if row.status is None:
        raise Conflict(
            "A request with this Idempotency-Key was carried out or still runs, and its answer is not known "
            f"yet. Look at {row.path} before you try again with a new key."
        )
    if row.body is None:
        raise Conflict(
            "A request with this Idempotency-Key was carried out. Its answer held a secret, which is shown once. Look "
            f"at {row.path} for what came of it; where the secret is lost, make a new one with a new key."
        )
    return Answer(row.status, row.headers or [], row.body)


async def claim(session: AsyncSession, use: Use, *, now: datetime) -> None:
    """Write the key in the action's transaction. Raises Conflict where another request was quicker."""
    session.add(IdempotencyKey(key=use.key, fingerprint=use.fingerprint, path=use.path, created_at=now))
    try:
        await session.flush()
    except IntegrityError as error:
        raise Conflict("A request with this Idempotency-Key is running at this moment.") from error


async def keep_answer(session: AsyncSession, use: Use, answer: Answer) -> None:
    """Add the answer to a key that its action claimed; nothing where the action did not happen."""
    kept = {"status": answer.status, "headers": answer.headers, "body": answer.body}
    await session.execute(update(IdempotencyKey).where(IdempotencyKey.key == use.key).values(**kept))


async def withhold_answer(session: AsyncSession, use: Use, status: int) -> None:
    """Say that there was an answer which must not be kept."""
    await session.execute(update(IdempotencyKey).where(IdempotencyKey.key == use.key).values(status=status))


async def forget_old(session: AsyncSession, *, now: datetime, hours: int) -> None:
    await session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now - timedelta(hours=hours)))
