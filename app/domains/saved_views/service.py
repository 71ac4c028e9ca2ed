"""Saved views: making, finding, changing and deleting them. Functions flush and never commit.

A private one is there for its owner alone: for everybody else, admins among them, there is no such view.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import acting, audit
from app.core.database import one_at_a_time
from app.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from app.domains.identity.models import User
from app.domains.identity.rules import Permission
from app.domains.saved_views.models import SavedView

MOST = 100
"""Of one owner."""
_TOLD = ("name", "shared", "filter", "sort", "group_by", "columns")


async def page(session: AsyncSession, *, after: int, limit: int) -> Sequence[tuple[SavedView, User | None]]:
    """What whoever acts may see, in the order it was made, after id `after`; each with its owner."""
    query = select(SavedView, User).outerjoin(User, User.id == SavedView.owner_id).where(_visible())
    query = query.where(SavedView.id > after).order_by(SavedView.id).limit(limit)
    return [(row[0], row[1]) for row in await session.execute(query)]


async def count(session: AsyncSession) -> int:
    """How many `page` goes through in all."""
    return (await session.execute(select(func.count(SavedView.id)).where(_visible()))).scalar_one()


def _visible() -> ColumnElement[bool]:
    mine = acting.caller().user_id
    shared = SavedView.shared.is_(True)
    return shared if mine is None else or_(shared, SavedView.owner_id == mine)


async def get(session: AsyncSession, view_id: int, *, to_change: bool = False) -> SavedView:
    """Raises NotFound, also for a private one of somebody else; where it is `to_change`, Forbidden for those who see
    it and may not change it."""
    query = select(SavedView).where(SavedView.id == view_id, _visible())
    if to_change:
        await one_at_a_time(session, "views")
        query = query.execution_options(populate_existing=True)
    view = (await session.execute(query)).scalar_one_or_none()
    if view is None:
        raise NotFound(f"There is no view {view_id}.")
    if to_change:
        _check_may_edit(view)
    return view


def is_mine(view: SavedView) -> bool:
    return view.owner_id is not None and view.owner_id == acting.caller().user_id


def may_edit(view: SavedView) -> bool:
    """Its owner may, and an admin where they see it; what all see takes more than looking at tasks does."""
    allowed = acting.caller().permissions
    theirs = is_mine(view) or Permission.ADMIN in allowed
    return theirs and Permission.VIEWS_WRITE in allowed and (not view.shared or Permission.TASKS_WRITE in allowed)


def _check_may_edit(view: SavedView) -> None:
    if may_edit(view):
        return
    if is_mine(view):
        _check_may_share()
    raise Forbidden(f"The view {view.name} is not yours: its owner or an admin may change it.")


def _check_may_share() -> None:
    if Permission.TASKS_WRITE not in acting.caller().permissions:
        raise Forbidden(
            f"A view that all see needs the permission «{Permission.TASKS_WRITE}». Keep it private instead.",
            permission=str(Permission.TASKS_WRITE),
        )


async def create(session: AsyncSession, values: Mapping[str, Any], *, now: datetime) -> SavedView:
    """Whoever acts owns it. `values` are all fields that people set, the filter as it is stored.

    Raises Forbidden where they may not share it, Invalid where nobody would see it, Conflict where they have one by
    this name or as many as there may be.
    """
    owner = acting.caller().user_id
    if values["shared"]:
        _check_may_share()
    elif owner is None:
        raise Invalid(
            "Nobody would see it: this key belongs to no user. Share the view, or use the key of a user.",
            errors=[FieldError("body.shared", "must be true for a key of nobody")],
        )
    await one_at_a_time(session, "views")
    await _must_be_free(session, values["name"], owner)
    if await _owned(session, owner) >= MOST:
        raise Conflict(f"One owner has at most {MOST} saved views. Delete one that is not needed any more.")
    view = SavedView(**values, owner_id=owner, name_key=key_of(values["name"]), created_at=now, updated_at=now)
    session.add(view)
    await session.flush()
    audit.changed(session, target(view.id), None, _told(view))
    return view


async def edit(session: AsyncSession, view: SavedView, changes: Mapping[str, Any], *, now: datetime) -> None:
    """Set fields of a view that was got to be changed. Raises Forbidden, Invalid and Conflict as `create` does."""
    if changes.get("shared") and not view.shared:
        _check_may_share()
    if changes.get("shared") is False and not is_mine(view):
        raise Forbidden(f"The view {view.name} is not yours: only its owner may make it private. You may delete it.")
    if "name" in changes:
        await _must_be_free(session, changes["name"], view.owner_id, but=view.id)
        view.name_key = key_of(changes["name"])
    before = _told(view)
    for name, value in changes.items():
        setattr(view, name, value)
    after = _told(view)
    if after != before:
        view.updated_at = now
        view.version += 1
        audit.changed(session, target(view.id), before, after)
    await session.flush()


async def remove(session: AsyncSession, view: SavedView) -> None:
    audit.changed(session, target(view.id), _told(view), None)
    await session.delete(view)
    await session.flush()


async def leave(session: AsyncSession, user_id: int) -> None:
    """A user goes: what they alone saw goes with them; what they shared stays, and is an admin's to change."""
    await session.execute(delete(SavedView).where(SavedView.owner_id == user_id, ~SavedView.shared))
    await session.execute(update(SavedView).where(SavedView.owner_id == user_id).values(owner_id=None))


def key_of(name: str) -> str:
    """What two names have in common that differ only in how they are written."""
    return name.casefold()


async def _must_be_free(session: AsyncSession, name: str, owner: int | None, *, but: int = 0) -> None:
    of = SavedView.owner_id.is_(None) if owner is None else SavedView.owner_id == owner
    query = select(SavedView.id).where(of, SavedView.name_key == key_of(name), SavedView.id != but).limit(1)
    taken = (await session.execute(query)).scalar_one_or_none()
    if taken is not None:
        detail = f"There is a view named {name} already, of the same owner. Give it another name."
        raise Conflict(detail, view=taken) if owner == acting.caller().user_id else Conflict(detail)


async def _owned(session: AsyncSession, owner: int | None) -> int:
    of = SavedView.owner_id.is_(None) if owner is None else SavedView.owner_id == owner
    return (await session.execute(select(func.count(SavedView.id)).where(of))).scalar_one()


def target(view_id: int) -> str:
    return f"view:{view_id}"


def _told(view: SavedView) -> dict[str, Any]:
    """What the audit trail tells of a view: of a private one not what it is called and looks for."""
    told = {name: getattr(view, name) for name in _TOLD}
    if not view.shared:
        told |= {name: audit.Unsaid(told[name]) for name in ("name", "filter")}
    return told
