"""From what is seen and told to what the API and the command line show."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import __version__
from app.core import acting
from app.domains.connections.models import SyncRun
from app.domains.connections.schemas import BreakerOut
from app.domains.connections.service import UNFINISHED
from app.domains.monitoring import rules, standing
from app.domains.monitoring.levels import worse
from app.domains.monitoring.outside import Service
from app.domains.monitoring.rules import Part
from app.domains.monitoring.schemas import Dependency, JobsStatus, StatusOut, WorkerOut
from app.domains.monitoring.settling import Told
from app.workflows.watch import unseen
from app.workflows.watch.picture import Picture
from app.workflows.watch.watching import levels_told

MOST_SHOWN = 200


async def status_out(session: AsyncSession, picture: Picture, *, settles: timedelta, runs_here: bool) -> StatusOut:
    """Everything that whoever acts may see, by what was told of it."""
    told = levels_told(picture, settles)
    whole = told[standing.OVERALL]
    hidden = acting.caller().hidden
    parts = unseen.shown_parts(picture, hidden)
    own = [part for part in parts if not _is_integration(part)]
    integrations = [part for part in parts if _is_integration(part)]
    integrations.sort(key=lambda part: not worse(told[part.name].level, "NORMAL"))
    shown = [*own, *integrations[:MOST_SHOWN]]
    return StatusOut(
        level=whole.level,
        reason=unseen.shown_reason(picture, whole, hidden),
        since=whole.since,
        dependencies=[_dependency_out(part, told[part.name], _breaker_of(part, picture)) for part in shown],
        more=max(0, len(integrations) - MOST_SHOWN),
        jobs=await _jobs_out(session, picture, runs_here=runs_here),
        version=__version__,
    )


def _is_integration(part: Part) -> bool:
    return part.name.startswith(standing.name_of(0)[:-1])


def _dependency_out(part: Part, told: Told, breaker: BreakerOut | None) -> Dependency:
    return Dependency(
        name=part.title, kind=part.kind, level=told.level, reason=told.reason, since=told.since, breaker=breaker
    )


def breaker_out(service: Service | None) -> BreakerOut | None:
    """None where it was not called yet."""
    if service is None:
        return None
    return BreakerOut(state=service.state, failures=service.failures, retry_at=service.retry_at)


def _breaker_of(part: Part, picture: Picture) -> BreakerOut | None:
    services: Mapping[str, Service] = picture.view.services
    if part.name == rules.GATEWAY:
        order = {"open": 2, "half_open": 1, "closed": 0}
        return breaker_out(max(services.values(), key=lambda each: (order[each.state], each.failures), default=None))
    keys = {standing.name_of(each.id): each.service for each in picture.view.sources}
    return breaker_out(services.get(keys.get(part.name, "")))


async def _jobs_out(session: AsyncSession, picture: Picture, *, runs_here: bool) -> JobsStatus:
    query = select(SyncRun.state, func.count()).where(SyncRun.state.in_(UNFINISHED)).group_by(SyncRun.state)
    counts = {row[0]: row[1] for row in await session.execute(query)}
    oldest = min(picture.view.due_since.values(), default=None)
    workers = [each for each in picture.processes if each.jobs]
    return JobsStatus(
        runs_here=runs_here,
        queued=counts.get("queued", 0),
        running=counts.get("running", 0),
        oldest_due_s=None if oldest is None else int((picture.view.now - oldest).total_seconds()),
        workers=[WorkerOut.model_validate(each, from_attributes=True) for each in workers],
        warning=None if workers else rules.NOBODY_WORKS,
    )
