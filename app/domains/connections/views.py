"""From rows of integrations and runs to what the API and the command line show."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.connections import service
from app.domains.connections.models import Integration, SyncRun
from app.domains.connections.schemas import IntegrationOut, LastError, Level, RunOut, RunTasks, WarningOut

WARNINGS_SHOWN = 1000


def level_of(integration: Integration) -> Level:
    """How far the integration can be believed: what failed but worked before is known up to a time."""
    if integration.last_error is None:
        return "NORMAL"
    return "DEGRADED" if integration.last_success_at else "OFFLINE"


def integration_out(integration: Integration, *, items: int, last_run: str | None, now: datetime) -> IntegrationOut:
    success = integration.last_success_at
    failing = integration.last_error is not None
    return IntegrationOut(
        id=integration.id,
        kind=integration.kind,
        name=integration.name,
        settings=integration.settings,
        gateway=integration.gateway,
        state="syncing" if last_run in service.UNFINISHED else integration.state,
        level=level_of(integration),
        items=items,
        cursor_age_s=int((now - success).total_seconds()) if success else None,
        last_success_at=success,
        last_error=LastError.model_validate(integration.last_error) if failing else None,
        next_sync_at=integration.next_sync_at,
        breaker=None,
        write_back=integration.write_back,
        sample=integration.sample,
        created_at=integration.created_at,
    )


async def run_out(
    session: AsyncSession, run: SyncRun, names: dict[int, str], *, warnings: int = WARNINGS_SHOWN
) -> RunOut:
    """The run with its first `warnings`."""
    found = await service.warnings(session, run.id, limit=warnings) if run.warnings and warnings else []
    running = run.state == "running" and run.bytes_total
    return RunOut(
        id=run.id,
        integration=names.get(run.integration_id, str(run.integration_id)),
        what=run.what,
        state=run.state,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        read=run.read,
        new=run.new,
        updated=run.updated,
        unchanged=run.unchanged,
        refused=run.refused,
        context=run.context,
        warnings=[WarningOut(what=warning.what, why=warning.why) for warning in found],
        warnings_total=run.warnings,
        tasks=RunTasks(new=run.tasks_new, updated=run.tasks_updated, not_for_us=run.tasks_not_for_us),
        progress=round(min(1.0, run.bytes_done / run.bytes_total), 4) if running and run.bytes_total else None,
        error=LastError.model_validate(run.error) if run.error else None,
        hint=run.hint,
    )
