"""Integrations of the demo gateway: made where that is allowed, labelled as sample data, and never pulled elsewhere.

A database may be opened in production, or with the switch off, after demo integrations were made in it. They are not
pulled then, and say so: docs/demo.md.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import Category, FieldError, Forbidden, Invalid
from app.domains.connections import pulls
from app.domains.connections.models import Integration
from app.domains.connections.rules import Cause, State
from app.integrations.contract import Manifest
from app.integrations.gateways.demo.gateway import WORLDS
from app.integrations.gateways.demo.times import DEMO, Anchor
from app.workflows.sample import cast
from app.workflows.sync import configuring
from app.workflows.sync.syncing import Syncing, is_demo
from app.workflows.telling import tell_of

Gateway = Mapping[str, Any]


async def create(
    session: AsyncSession,
    syncing: Syncing,
    manifest: Manifest,
    name: str,
    settings: Mapping[str, Any],
    gateway: Gateway | None,
    *,
    now: datetime,
) -> Integration:
    """A new integration (configuring.create), with demo data where that is asked for, or stands in for an account.

    Raises Forbidden where there may be no demo data, and what configuring.create raises.
    """
    wanted = gateway.get("name") == DEMO if gateway is not None else _stands_in(syncing, manifest)
    if not wanted:
        return await configuring.create(session, manifest, name, settings, gateway, now=now)
    must_be_allowed(syncing, DEMO)
    if manifest.live is not None and manifest.live.toolkit not in WORLDS:
        detail = f"There is no demo data of {manifest.title}."
        raise Invalid(detail, errors=[FieldError("body.gateway.name", "this kind has no demo data")])
    account = {"name": DEMO, "connected_account_id": Anchor.of(now.astimezone()).account}
    made = await configuring.create(session, manifest, name, settings, account, now=now)
    made.sample = True
    await cast.introduce_demo(session, now=now)
    await session.flush()
    return made


def must_be_allowed(syncing: Syncing, gateway: str | None) -> None:
    """Raises Forbidden where demo data is asked for that may not be here."""
    if gateway == DEMO and not syncing.demo:
        raise Forbidden(syncing.no_demo)


def _stands_in(syncing: Syncing, manifest: Manifest) -> bool:
    """Whether demo data is used although nobody named a gateway: where no account could be."""
    return syncing.demo and not syncing.composio and manifest.live is not None and manifest.live.toolkit in WORLDS


async def settle(syncing: Syncing) -> None:
    """Let demo integrations that may not be pulled here say so, and those that may again be due."""
    database, now = syncing.work.database, syncing.work.clock()
    async with database.reading() as session:
        if not [each for each in await _every(session) if _is_unsettled(each, syncing)]:
            return  # the usual case takes no write lock
    async with database.writing() as session:
        for each in await _every(session):
            if not _is_unsettled(each, syncing):
                continue
            if why := syncing.why_not(each):
                await _switch_off(session, each, why, now)
            elif await pulls.unfinished_of(session, each.id) is None:
                each.next_sync_at = now
            await tell_of(session, each, now=now)


async def _every(session: AsyncSession) -> Sequence[Integration]:
    found = select(Integration).where(Integration.sample, Integration.gateway.is_not(None)).order_by(Integration.id)
    return [each for each in (await session.execute(found)).scalars().all() if is_demo(each)]


def _is_unsettled(integration: Integration, syncing: Syncing) -> bool:
    said = integration.last_error or {}
    if why := syncing.why_not(integration):
        return said.get("detail") != why or integration.next_sync_at is not None
    was_off = said.get("category") == Category.AUTHORIZATION
    return was_off and integration.next_sync_at is None and not integration.paused


async def _switch_off(session: AsyncSession, integration: Integration, why: str, now: datetime) -> None:
    """Nothing is pulled, and its level is that of a source that brings nothing new."""
    await pulls.stop(session, integration, now=now)
    integration.next_sync_at, integration.state = None, State.FAILING
    integration.first_failed_at = integration.first_failed_at or now
    integration.last_failed_at = integration.updated_at = now
    integration.last_error = {
        "category": Category.AUTHORIZATION,
        "detail": why,
        "at": now.isoformat(),
        "cause": Cause.REFUSED,
    }
    await session.flush()
