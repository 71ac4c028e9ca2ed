"""Who may make and change which keys. The caller is whoever acts (app.core.acting)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import acting
from app.core.errors import FieldError, Forbidden, Invalid
from app.domains.identity import networks
from app.domains.identity.models import ApiKey
from app.domains.identity.rules import Permission, Scope, beyond

_NOBODYS = 0
"""No user has this id: whoever is no user, and no admin, has no keys."""


def whose() -> int | None:
    """The user whose keys the caller may see and change; None: all."""
    who = acting.caller()
    return None if Permission.ADMIN in who.permissions else who.user_id or _NOBODYS


def check_scopes(scopes: Iterable[Scope]) -> None:
    """Raises Forbidden where a key would be given more than whoever makes it has."""
    if more := beyond(scopes, acting.caller().permissions):
        raise Forbidden(f"A key may do what you may, and no more. You may not give it: {', '.join(more)}.")


def check_expiry(expires_at: datetime | None, now: datetime) -> None:
    """Raises Invalid for a moment that is past."""
    if expires_at is not None and expires_at <= now:
        detail = "A key expires in the future. To end it now, delete it."
        raise Invalid(detail, errors=[FieldError("body.expires_at", "must lie in the future")])


async def key_that_asks(session: AsyncSession) -> ApiKey | None:
    """The key that asks, where it is one."""
    who = acting.caller()
    return await session.get(ApiKey, who.id) if who.kind == "key" and who.id is not None else None


def check_bounds(asking: ApiKey | None, changes: Mapping[str, Any]) -> None:
    """Raises Forbidden where a key would make or change one that is good for longer than itself, or from elsewhere: of
    `changes` expires_at and networks."""
    if asking is None:
        return
    ends = changes.get("expires_at", asking.expires_at)
    if asking.expires_at is not None and (ends is None or ends > asking.expires_at):
        until = asking.expires_at.isoformat().replace("+00:00", "Z")
        raise Forbidden(
            f"The key that asks ends at {until}: no key that it makes or changes ends later. Give expires_at."
        )
    if not networks.within(changes.get("networks", asking.networks), asking.networks):
        raise Forbidden(
            f"The key that asks is taken from {', '.join(asking.networks)} alone, and so is every key that it makes or "
            "changes. Give networks."
        )


def check_own(user_id: int | None) -> None:
    """Raises Forbidden for a key of somebody else: whoever is shown it sees what its user sees, and no role gives
    that."""
    if user_id is not None and user_id != acting.caller().user_id:
        raise Forbidden("Only whose key it is may replace it. You may revoke it, and they make another one.")
