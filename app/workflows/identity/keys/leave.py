"""Who may make and change which keys. The caller is whoever acts (app.core.acting)."""

from collections.abc import Iterable
from datetime import datetime

from app.core import acting
from app.core.errors import FieldError, Forbidden, Invalid
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


def check_own(user_id: int | None) -> None:
    """Raises Forbidden for a key of somebody else: whoever is shown it sees what its user sees, and no role gives
    that."""
    if user_id is not None and user_id != acting.caller().user_id:
        raise Forbidden("Only whose key it is may replace it. You may revoke it, and they make another one.")
