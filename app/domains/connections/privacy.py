"""Private integrations: who may see which, and who may change that. What it means everywhere is in docs/privacy.md.

Functions flush and never commit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import acting, audit, seeing
from app.core.acting import Caller
from app.core.database import chunks
from app.core.errors import Conflict, FieldError, Forbidden, Invalid
from app.domains.connections import audited
from app.domains.connections.models import Integration, IntegrationViewer
from app.domains.identity import users
from app.domains.identity.models import User
from app.domains.identity.rules import Permission

MOST_VIEWERS = 200
"""Of one integration."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A user, as others are told of them."""

    id: int
    email: str


@dataclass(frozen=True, slots=True)
class Sharing:
    """Whose an integration is, and who else sees it where it is private."""

    owner: Somebody | None = None
    viewers: Sequence[Somebody] = field(default_factory=list)


async def hidden_from(session: AsyncSession, user_id: int | None) -> frozenset[int]:
    """Ids of the private integrations that a user may not see: neither theirs, nor were they named.

    None is nobody in particular, as a key that belongs to no user: all of them. Whether somebody is an admin does not
    matter.
    """
    return hidden_among(await private_ones(session), user_id)


Private = Mapping[int, frozenset[int]]
"""Private integrations, and the ids of those users who see them."""


async def private_ones(session: AsyncSession) -> Private:
    """All private integrations: by `hidden_among` it is worked out for anybody what is hidden from them."""
    query = select(Integration.id, Integration.owner_id, IntegrationViewer.user_id).where(Integration.private)
    query = query.join(IntegrationViewer, IntegrationViewer.integration_id == Integration.id, isouter=True)
    seen_by: dict[int, set[int]] = {}
    with seeing.unrestricted(session):
        for integration, *users_ in (await session.execute(query)).all():
            seen_by.setdefault(integration, set()).update(each for each in users_ if each is not None)
    return {integration: frozenset(ids) for integration, ids in seen_by.items()}


def hidden_among(private: Private, user_id: int | None) -> frozenset[int]:
    """As `hidden_from`, of what was read before."""
    return frozenset(integration for integration, users_ in private.items() if user_id not in users_)


async def sharing_of(session: AsyncSession, integrations: Collection[Integration]) -> Mapping[int, Sharing]:
    """By id. An owner who is no user any more is none."""
    named: dict[int, list[int]] = {}
    for some in chunks(each.id for each in integrations if each.private):
        query = select(IntegrationViewer.integration_id, IntegrationViewer.user_id)
        query = query.where(IntegrationViewer.integration_id.in_(some)).order_by(IntegrationViewer.user_id)
        for row in await session.execute(query):
            named.setdefault(row.integration_id, []).append(row.user_id)
    wanted = {each for some in named.values() for each in some}
    wanted |= {each.owner_id for each in integrations if each.owner_id is not None}
    known: dict[int, Somebody] = {}
    for some in chunks(sorted(wanted)):
        for user in await session.execute(select(User.id, User.email).where(User.id.in_(some))):
            known[user.id] = Somebody(user.id, user.email)
    return {
        each.id: Sharing(
            known.get(each.owner_id or 0), [known[user] for user in named.get(each.id, ()) if user in known]
        )
        for each in integrations
    }


async def disown(session: AsyncSession, user_id: int) -> None:
    """What integrations a user owned are nobody's, and stay."""
    await session.execute(update(Integration).where(Integration.owner_id == user_id).values(owner_id=None))


def must_be_theirs(integration: Integration) -> None:
    """Raises Forbidden where whoever acts may not change an integration that they see: it is somebody else's."""
    who = acting.caller()
    if not (_is_here(who) or Permission.ADMIN in who.permissions or _owns(who, integration)):
        raise Forbidden(f"{integration.name} is not yours: its owner or an admin may change it.")


def _is_here(who: Caller) -> bool:
    """Whoever is on this machine may do everything with the data that lies on it."""
    return who.kind in ("cli", "program")


def _owns(who: Caller, integration: Integration) -> bool:
    return who.user_id is not None and integration.owner_id == who.user_id


async def share(
    session: AsyncSession,
    integration: Integration,
    *,
    private: bool | None = None,
    viewers: Sequence[int | str] | None = None,
    owner: User | None = None,
) -> None:
    """Make an integration private, or everybody's; name who sees a private one beside its owner, all of them anew.

    Raises Forbidden where it is not theirs to say; Invalid for viewers that there are not, and where it would have no
    owner; Conflict where one that everybody sees would have viewers. `owner` is for the command line alone.
    """
    private = integration.private if private is None else private
    if viewers is None and owner is None and private == integration.private:
        return
    before = await _told(session, integration)
    _decide(integration, private=private, owner=owner)
    if viewers and not private:
        raise Conflict("Everybody sees an integration that is not private: there is nobody to name.")
    if viewers and len(viewers) > MOST_VIEWERS:
        errors = [FieldError("body.viewers", f"at most {MOST_VIEWERS}")]
        raise Invalid(f"At most {MOST_VIEWERS} users can be named. Leave it to everybody instead.", errors=errors)
    ids = await _ids_of(session, viewers or ())
    integration.private = private
    if viewers is not None or not private:
        await session.execute(delete(IntegrationViewer).where(IntegrationViewer.integration_id == integration.id))
        rows = [{"integration_id": integration.id, "user_id": each} for each in ids if each != integration.owner_id]
        if rows:
            await session.execute(insert(IntegrationViewer), rows)
    await session.flush()
    audit.changed(session, audited.target(integration.id), before, await _told(session, integration))


def _decide(integration: Integration, *, private: bool, owner: User | None) -> None:
    who = acting.caller()
    if _is_here(who):
        integration.owner_id = owner.id if owner is not None else integration.owner_id
    elif integration.owner_id is None:
        if Permission.ADMIN not in who.permissions:
            raise Forbidden(f"{integration.name} has no owner: an admin may make it private, and is its owner then.")
        integration.owner_id = who.user_id if private else None
    elif not _owns(who, integration):
        raise Forbidden(f"{integration.name} is not yours: only its owner says who sees it.")
    if private and integration.owner_id is None:
        detail = "Nobody would see it: a private integration needs an owner. Use the key of a user, or sign in."
        if _is_here(who):
            detail = "Nobody would see it: a private integration needs an owner. Name one with --owner EMAIL."
        raise Invalid(detail, errors=[FieldError("body.private", "needs an owner who is a user")])


async def _ids_of(session: AsyncSession, viewers: Sequence[int | str]) -> list[int]:
    found: list[int] = []
    for each in viewers:
        user = await users.by_email(session, each) if isinstance(each, str) else await session.get(User, each)
        if user is None:
            detail = f"There is no user {each}."
            raise Invalid(detail, errors=[FieldError("body.viewers", f"no such user: {each}")])
        found.append(user.id)
    return sorted(set(found))


async def _told(session: AsyncSession, integration: Integration) -> dict[str, object]:
    query = select(IntegrationViewer.user_id).where(IntegrationViewer.integration_id == integration.id)
    viewers = sorted((await session.execute(query)).scalars())
    return {"private": integration.private, "owner": integration.owner_id, "viewers": viewers}
