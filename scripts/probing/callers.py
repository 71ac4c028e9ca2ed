"""Somebody of each role, and what they show: made straight in the database, and made again where a probe ended them."""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.engine import URL

from app.core.clock import utc_now
from app.core.database import Database
from app.domains.identity import keys
from app.domains.identity.models import User
from app.domains.identity.rules import Role, Scope

NOBODY = "nobody"
ROLES = (NOBODY, *(str(role) for role in Role))


async def credentials(url: URL) -> Mapping[str, str]:
    """Role to a header's value; nobody's is empty. Whoever is gone or disabled is there again afterwards."""
    database = Database(url.render_as_string(hide_password=False))
    shown = {NOBODY: ""}
    try:
        async with database.writing() as session:
            for role in Role:
                email, now = f"{role}@probe.example", utc_now()
                user = (await session.execute(select(User).where(User.email == email))).scalar_one_or_none()
                if user is None:
                    user = User(email=email, role=role, recovery_codes=[], created_at=now, updated_at=now)
                    session.add(user)
                user.role, user.disabled_at = role, None
                await session.flush()
                _, key = await keys.create(
                    session, "probe", [Scope.ADMIN], now=now, created_by="scripts/soak", user_id=user.id
                )
                shown[role] = f"Bearer {key}"
    finally:
        await database.close()
    return MappingProxyType(shown)
