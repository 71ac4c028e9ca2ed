"""Saved views as the API shows them to whoever acts."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.identity.models import User
from app.domains.saved_views import filters, service
from app.domains.saved_views.models import SavedView
from app.domains.saved_views.schemas import ViewOut, ViewOwner


def view_out(view: SavedView, owner: User | None, integrations: Mapping[int, str]) -> ViewOut:
    """`integrations` are those that they may see."""
    return ViewOut(
        id=view.id,
        name=view.name,
        shared=view.shared,
        owner=ViewOwner(id=owner.id, name=owner.name or owner.email) if owner else None,
        mine=service.is_mine(view),
        may_edit=service.may_edit(view),
        filter=filters.shown(view.filter, integrations),
        sort=cast(Any, view.sort),
        group_by=cast(Any, view.group_by),
        columns=cast(Any, view.columns),
        version=view.version,
        created_at=view.created_at,
        updated_at=view.updated_at,
    )


async def one_out(session: AsyncSession, view: SavedView, integrations: Mapping[int, str]) -> ViewOut:
    owner = await session.get(User, view.owner_id) if view.owner_id is not None else None
    return view_out(view, owner, integrations)
