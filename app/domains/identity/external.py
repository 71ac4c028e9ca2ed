"""Users as an OpenID Connect provider names them: which user a person who comes from there is.

By the provider's own name for them once it is known. The first time by their e-mail address, which it must have made
sure of; later a change of address there changes nothing here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.database import one_at_a_time
from app.core.openid import Person
from app.domains.identity import users
from app.domains.identity.models import ExternalIdentity, User
from app.domains.identity.rules import Role

_LONGEST_ISSUER = 400


@dataclass(frozen=True, slots=True)
class Terms:
    """Who becomes a user by coming from there: whoever has an address in one of the domains."""

    domains: Collection[str]
    role: Role


class NotLetIn(Exception):
    """They are who they say, and may not sign in. `code`: unverified, unknown, disabled or another."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def user_of(session: AsyncSession, person: Person, terms: Terms, *, now: datetime) -> User:
    """Who they are here, locked; joined or made where they come for the first time. Raises NotLetIn, and Invalid for an
    address that can't be a user's."""
    await one_at_a_time(session, "users")
    known = await session.get(ExternalIdentity, (person.issuer[:_LONGEST_ISSUER], person.subject))
    user = (
        await users.get(session, known.user_id, lock=True)
        if known is not None
        else await _first_time(session, person, terms, now)
    )
    if user.disabled_at is not None:
        raise NotLetIn("disabled")
    return user


async def _first_time(session: AsyncSession, person: Person, terms: Terms, now: datetime) -> User:
    if not person.email or not person.verified:
        raise NotLetIn("unverified")
    if not person.email.isascii() or person.email != person.email.strip():
        raise NotLetIn("unknown")  # nobody is whom another address only looks like
    user = await users.by_email(session, person.email, lock=True)
    if user is None:
        if person.email.rpartition("@")[2].lower() not in terms.domains:
            raise NotLetIn("unknown")
        user = await users.create(session, person.email, terms.role, name=person.name, now=now)
    elif user.disabled_at is not None:
        raise NotLetIn("disabled")
    elif await _has_another(session, user, person.issuer):
        # Addresses are given to other people after a while: they must not inherit an account.
        raise NotLetIn("another")
    session.add(
        ExternalIdentity(
            issuer=person.issuer[:_LONGEST_ISSUER], subject=person.subject, user_id=user.id, created_at=now
        )
    )
    await session.flush()
    audit.changed(session, f"user:{user.id}", {"joined": None}, {"joined": person.issuer})
    return user


async def _has_another(session: AsyncSession, user: User, issuer: str) -> bool:
    query = select(ExternalIdentity.subject).where(
        ExternalIdentity.user_id == user.id, ExternalIdentity.issuer == issuer[:_LONGEST_ISSUER]
    )
    return (await session.execute(query.limit(1))).first() is not None
