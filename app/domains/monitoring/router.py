"""Health over HTTP, at the root. Calls nothing slow and nothing that costs money."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError

from app import __version__
from app.core import problems
from app.core.errors import Unavailable
from app.core.web import Reading, database_of
from app.domains import connections
from app.domains.connections.models import Integration
from app.domains.monitoring import rules
from app.domains.monitoring.rules import Level
from app.domains.monitoring.schemas import Alive, Dependency, Health, JobsStatus, Ready, StatusOut

router = APIRouter(tags=["health"])
_MOST_SHOWN = 200


@router.get("/health/live", operation_id="live")
async def live() -> Alive:
    """The process answers. Restart it when this fails."""
    return Alive(status="alive")


@router.get("/health/ready", operation_id="ready", responses=problems.responses(503))
async def ready(request: Request) -> Ready:
    """It can serve: the database answers. Send no requests while this is 503."""
    if await _integrations(request, most=1) is None:
        raise Unavailable("The database does not answer, or is not ours.", retry_after=5)
    return Ready(status="ready")


@router.get("/health", operation_id="health")
async def health(request: Request) -> Health:
    """The level of the whole, without detail."""
    found = await _integrations(request, most=_MOST_SHOWN)
    level, _ = rules.overall("OFFLINE" if found is None else "NORMAL", map(connections.level_of, found or ()))
    return Health(level=level, since=_since(request, level))


def _since(request: Request, level: Level) -> datetime:
    """When this process first saw the present level."""
    state = request.app.state
    seen: tuple[Level, datetime] | None = getattr(state, "level_seen", None)
    if seen is None or seen[0] != level:
        seen = (level, state.clock())
        state.level_seen = seen
    return seen[1]


@router.get("/status", operation_id="status", responses=problems.responses(503))
async def status(request: Request, session: Reading) -> StatusOut:
    """Every dependency with its level and the reason for it."""
    found = await connections.service.every(session, limit=_MOST_SHOWN)
    level, reason = rules.overall("NORMAL", (connections.level_of(integration) for integration in found))
    parts = [
        Dependency(name="database", kind="database", level="NORMAL", reason="It answers.", since=None, breaker=None)
    ]
    for integration in found:
        error = integration.last_error
        parts.append(
            Dependency(
                name=integration.name,
                kind=integration.kind,
                level=connections.level_of(integration),
                reason=_reason(integration),
                since=datetime.fromisoformat(error["at"]) if error else integration.last_success_at,
                breaker=None,
            )
        )
    unfinished = await connections.service.unfinished_runs(session)
    jobs = JobsStatus(
        runs_here=request.app.state.runs_jobs,
        queued=sum(run.state == "queued" for run in unfinished),
        running=sum(run.state == "running" for run in unfinished),
    )
    return StatusOut(level=level, reason=reason, dependencies=parts, jobs=jobs, version=__version__)


def _reason(integration: Integration) -> str:
    if integration.last_error:
        return str(integration.last_error["detail"])
    return "The last import went well." if integration.last_success_at else "Nothing was imported yet."


async def _integrations(request: Request, *, most: int) -> Sequence[Integration] | None:
    """None where the database does not answer, or has none of our tables: SQLite makes an empty file of a lost one."""
    try:
        async with database_of(request).reading() as session:
            return await connections.service.every(session, limit=most)
    except (SQLAlchemyError, OSError):
        return None
