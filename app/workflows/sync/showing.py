"""Integrations and kinds as the API shows them, with what is known beside their rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.guard import GuardSnapshot
from app.domains import connections
from app.domains.connections import pulls, views
from app.domains.connections.models import Integration
from app.domains.connections.schemas import BreakerOut, IntegrationOut, KindOut, LiveKind
from app.domains.tasks import ingest
from app.integrations.contract import Manifest
from app.integrations.pulling import Live
from app.workflows.sync.syncing import Syncing
from app.workflows.sync.verifying import troubles_of


async def integrations_out(
    session: AsyncSession, found: Sequence[Integration], syncing: Syncing, *, now: datetime
) -> list[IntegrationOut]:
    """In the same order; a few queries, however many they are."""
    ids = [integration.id for integration in found]
    counts = await ingest.item_counts(session, ids)
    importing = await connections.service.being_imported_into(session, ids)
    going = await pulls.unfinished_by_integration(session, ids)
    breakers = _breakers(syncing)
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
            breaker=breakers.get(live.toolkit) if live else None,
        )
        out.append(views.integration_out(each, shown))
    return out


def _breakers(syncing: Syncing) -> dict[str, BreakerOut]:
    """By toolkit: of every service that this process has called."""
    if syncing.guards is None:
        return {}
    found = [guard.snapshot() for guard in syncing.guards.all()]
    return {each.key.rpartition(":")[2]: _breaker(each) for each in found}


def _breaker(snapshot: GuardSnapshot) -> BreakerOut:
    return BreakerOut(state=snapshot.state.value, failures=snapshot.failures, retry_at=snapshot.retry_at)


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
        troubles=troubles_of(syncing, (*live.tools, *(writing.tools if writing else ()))),
    )
