"""What this process knows of services outside, and integrations as the rule of levels sees them."""

from collections.abc import Mapping
from typing import Any

from app.core.guard.statistics import Failure
from app.core.rows import AnyRow
from app.domains.connections.models import Integration
from app.domains.monitoring import outside
from app.domains.monitoring.outside import Service
from app.domains.monitoring.sources import Source
from app.integrations.gateways.answers import COMPOSIO as CALLED
from app.workflows.sync.syncing import COMPOSIO, Syncing


def own_services(syncing: Syncing) -> list[Service]:
    """What the guards of this process say."""
    found = []
    for guard in syncing.guards.all() if syncing.guards else ():
        told = guard.snapshot()
        found.append(
            Service(
                key=told.key,
                name=told.name,
                state=told.state.value,
                failures=told.failures,
                retry_at=told.retry_at,
                failed=_failed(told.last_failure),
                succeeded_at=told.succeeded_at,
                down_since=told.down_since,
            )
        )
    return found


def _failed(failure: Failure | None) -> outside.Failed | None:
    if failure is None:
        return None
    return outside.Failed(failure.at, failure.code, of_gateway=failure.service == CALLED, silent=failure.silent)


def source_of(row: AnyRow | Integration, syncing: Syncing, *, schedule: bool | None = None) -> Source:
    """An integration as the rule of levels sees it; `schedule`: what is due is pulled by itself, where it is known of
    those who pull."""
    by_itself = syncing.schedule if schedule is None else schedule
    manifest = syncing.kinds.get(row.kind)
    live = manifest.live if manifest and row.gateway is not None and not row.sample else None
    error: Mapping[str, Any] = row.last_error or {}
    return Source(
        id=row.id,
        name=row.name,
        kind=row.kind,
        state=row.state,
        live=live is not None,
        sample=row.sample,
        paused=row.paused,
        service=f"{(row.gateway or {}).get('name') or COMPOSIO}:{live.toolkit}" if live else "",
        cause=error.get("cause") or "import" if error else None,
        detail=str(error.get("detail", "")),
        failed_at=row.last_failed_at,
        first_failed_at=row.first_failed_at,
        heard_at=row.cursor_at or row.last_success_at if live else row.last_success_at,
        poll_every=live.poll_every if live and by_itself else None,
    )
