"""From rows of integrations and runs to what the API and the command line show."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.rows import AnyRow
from app.domains.connections import service
from app.domains.connections.models import Integration, KeptAnswer, SyncRun
from app.domains.connections.privacy import Sharing
from app.domains.connections.run_schemas import (
    KeptDetail,
    KeptOut,
    RunOut,
    RunTasks,
    WarningOut,
)
from app.domains.connections.schemas import (
    BreakerOut,
    IntegrationOut,
    LastError,
    Level,
    StateName,
    UserRef,
)

WARNINGS_SHOWN = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown of an integration beside its own row."""

    now: datetime
    items: int = 0
    run: int | None = None
    """The pull that waits or goes on."""
    importing: bool = False
    live: bool = False
    breaker: BreakerOut | None = None
    level: Level = "NORMAL"
    """How far it can be believed (docs/health.md)."""
    sharing: Sharing = field(default_factory=Sharing)


def integration_out(integration: Integration, shown: Shown) -> IntegrationOut:
    known_to = integration.cursor_at or integration.last_success_at
    failing = integration.last_error is not None
    return IntegrationOut(
        id=integration.id,
        kind=integration.kind,
        name=integration.name,
        settings=integration.settings,
        gateway=integration.gateway,
        live=shown.live,
        state=state_of(integration, going=shown.run is not None or shown.importing),
        level=shown.level,
        paused=integration.paused,
        items=shown.items,
        cursor_age_s=max(0, int((shown.now - known_to).total_seconds())) if known_to else None,
        last_started_at=integration.last_started_at,
        last_finished_at=integration.last_finished_at,
        last_success_at=integration.last_success_at,
        last_failed_at=integration.last_failed_at,
        first_failed_at=integration.first_failed_at,
        failures=integration.failures,
        last_error=LastError.model_validate(integration.last_error) if failing else None,
        next_sync_at=integration.next_sync_at,
        run=shown.run,
        breaker=shown.breaker,
        write_back=integration.write_back,
        private=integration.private,
        owner=UserRef.model_validate(shown.sharing.owner) if shown.sharing.owner else None,
        viewers=[UserRef.model_validate(each) for each in shown.sharing.viewers],
        sample=integration.sample,
        created_at=integration.created_at,
    )


def state_of(integration: Integration | AnyRow, *, going: bool) -> StateName:
    """As people see it: that it is paused, and that a pull goes on, stand over how the last one ended."""
    if integration.paused:
        return "paused"
    return "syncing" if going else cast(StateName, integration.state)


def kept_out(kept: KeptAnswer) -> KeptOut:
    return KeptOut(**_of_kept(kept))


def kept_detail(kept: KeptAnswer) -> KeptDetail:
    return KeptDetail(**_of_kept(kept), arguments=kept.arguments, value=kept.value)


def _of_kept(kept: KeptAnswer) -> dict[str, Any]:
    names = ("id", "at", "tool", "path", "why", "whole", "shortened", "replayed_at")
    return {"run": kept.run_id} | {name: getattr(kept, name) for name in names}


async def run_out(
    session: AsyncSession, run: SyncRun, names: dict[int, str], *, warnings: int = WARNINGS_SHOWN
) -> RunOut:
    """The run with its first `warnings`."""
    found = await service.warnings(session, run.id, limit=warnings) if run.warnings and warnings else []
    return RunOut(
        id=run.id,
        integration=names.get(run.integration_id, str(run.integration_id)),
        what=run.what,
        reason=run.reason,
        state=run.state,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        read=run.read,
        new=run.new,
        updated=run.updated,
        unchanged=run.unchanged,
        refused=run.refused,
        gone=run.gone,
        pages=run.pages,
        cursor_before=run.cursor_before,
        cursor_after=run.cursor_after,
        context=run.context,
        warnings=[WarningOut(what=warning.what, why=warning.why) for warning in found],
        warnings_total=run.warnings,
        tasks=RunTasks(new=run.tasks_new, updated=run.tasks_updated, not_for_us=run.tasks_not_for_us),
        progress=_progress(run),
        error=LastError.model_validate(run.error) if run.error else None,
        hint=run.hint,
    )


def _progress(run: SyncRun) -> float | None:
    if run.state != "running":
        return None
    if run.reason != "import":
        return run.part
    return round(min(1.0, run.bytes_done / run.bytes_total), 4) if run.bytes_total else None
