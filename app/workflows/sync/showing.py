"""Integrations and kinds as the API shows them, with what is known beside their rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domains import connections
from app.domains.connections import privacy, pulls, views
from app.domains.connections.models import Integration
from app.domains.connections.schemas import BreakerOut, IntegrationOut, KindOut, LiveKind
from app.domains.monitoring import outside, standing
from app.domains.monitoring.levels import Level
from app.domains.monitoring.models import StoredLevel
from app.domains.monitoring.outside import Service
from app.domains.monitoring.sources import level_of
from app.domains.tasks import ingest
from app.integrations.contract import Manifest
from app.integrations.gateways.demo.times import DEMO
from app.integrations.pulling import Live
from app.workflows.sync.standing import own_services, source_of
from app.workflows.sync.syncing import COMPOSIO, Syncing, is_demo
from app.workflows.sync.verifying import troubles_of


async def integrations_out(
    session: AsyncSession, found: Sequence[Integration], syncing: Syncing, *, now: datetime
) -> list[IntegrationOut]:
    """In the same order; a few queries, however many they are."""
    ids = [integration.id for integration in found]
    counts = await ingest.item_counts(session, ids)
    importing = await connections.service.being_imported_into(session, ids)
    going = await pulls.unfinished_by_integration(session, ids)
    services = await _services(session, syncing, now)
    told = await standing.levels(session, [standing.name_of(each) for each in ids])
    sharing = await privacy.sharing_of(session, found)
    out = []
    for each in found:
        manifest = syncing.kinds.get(each.kind)
        live = manifest.live if manifest and each.gateway is not None else None
        shown = views.Shown(
            now=now,
            items=counts.get(each.id, 0),
            run=going.get(each.id),
            importing=each.id in importing,
            live=live is not None,
            breaker=_breaker(services.get(f"{_gateway_of(each)}:{live.toolkit}")) if live else None,
            level=_level(each, told, syncing, now),
            sharing=sharing[each.id],
        )
        out.append(views.integration_out(each, shown))
    return out


async def _services(session: AsyncSession, syncing: Syncing, now: datetime) -> dict[str, Service]:
    """By gateway and toolkit, what all processes know of each service that was called."""
    told = [outside.from_json(each) for row in await standing.living(session, now) for each in row.guards]
    return outside.merged([*told, *own_services(syncing)])


def _gateway_of(integration: Integration) -> str:
    return DEMO if is_demo(integration) else COMPOSIO


def _breaker(service: Service | None) -> BreakerOut | None:
    if service is None:
        return None
    return BreakerOut(state=service.state, failures=service.failures, retry_at=service.retry_at)


def _level(integration: Integration, told: Mapping[str, StoredLevel], syncing: Syncing, now: datetime) -> Level:
    """As it was told; of one that was not looked at yet, as it is."""
    row = told.get(standing.name_of(integration.id))
    return row.level if row else level_of(source_of(integration, syncing), now)[0]


def kind_out(manifest: Manifest, syncing: Syncing) -> KindOut:
    return KindOut(
        kind=manifest.kind,
        title=manifest.title,
        description=manifest.description,
        file_hint=manifest.file_hint,
        live=_live_out(manifest.live, manifest, syncing) if manifest.live else None,
    )


def _live_out(live: Live, manifest: Manifest, syncing: Syncing) -> LiveKind:
    writing = manifest.writing
    return LiveKind(
        service=live.service,
        settings_schema=live.settings.model_json_schema(),
        scopes=dict(live.scopes),
        poll_every_s=int(live.poll_every.total_seconds()),
        calls_per_minute=live.calls_per_minute,
        tools=list(live.tools),
        writes=list(writing.says) if writing else [],
        write_scopes=dict(writing.scopes) if writing else {},
        known_limits=list(live.known_limits),
        ready=manifest.kind in syncing.live,
        gateways=syncing.gateways(live),
        troubles=troubles_of(syncing, (*live.tools, *(writing.calls if writing else ()))),
    )
