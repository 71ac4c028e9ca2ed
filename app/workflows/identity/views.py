"""Users and their sessions, as the API shows them."""

from collections.abc import Iterable

from app.core.acting import Caller
from app.domains.identity import totp
from app.domains.identity.models import ApiKey, User, UserSession
from app.domains.identity.rules import Role
from app.workflows.identity.schemas import KeyLeft, MeOut, SessionOut, UserOut, UserWithKeys


def user_out(user: User) -> UserOut:
    return UserOut(
        id=user.id,
        email=user.email,
        name=user.name,
        role=Role(user.role),
        disabled=user.disabled_at is not None,
        has_password=user.password is not None,
        totp=totp.is_on(user),
        created_at=user.created_at,
        updated_at=user.updated_at,
        signed_in_at=user.signed_in_at,
    )


def user_with_keys(user: User, left: Iterable[ApiKey]) -> UserWithKeys:
    found = [KeyLeft(id=key.id, name=key.name, prefix=key.prefix, created_at=key.created_at) for key in left]
    return UserWithKeys(**user_out(user).model_dump(), keys_left=found)


def session_out(row: UserSession, *, current: int | None) -> SessionOut:
    return SessionOut(
        id=row.id,
        current=row.id == current,
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        method=row.method,
        address=row.address,
        user_agent=row.user_agent,
    )


def me_out(who: Caller, user: User | None, csrf_token: str | None) -> MeOut:
    return MeOut(
        kind="user" if who.kind == "user" else "key",
        name=who.name,
        permissions=sorted(who.permissions),
        user=user_out(user) if user else None,
        csrf_token=csrf_token,
        session_id=who.session_id,
    )
