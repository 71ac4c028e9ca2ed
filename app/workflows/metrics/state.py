"""How everything stands, read from the database at the moment when somebody asks, as Prometheus' gauges."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import __version__
from app.core.rows import AnyRow
from app.domains.connections import pulls, service, views
from app.domains.connections.models import Integration, SyncRun
from app.domains.monitoring import standing
from app.domains.monitoring.models import StoredLevel
from app.domains.monitoring.outside import Service
from app.domains.tasks.models import Task
from app.domains.tasks.scoring import run_out
from app.domains.tasks.writes.models import TaskWrite
from app.domains.tasks.writes.outbox import Due
from app.workflows.metrics.counting import seconds_between

if TYPE_CHECKING:
    from prometheus_client.metrics_core import GaugeMetricFamily, Metric

MOST_INTEGRATIONS = 1000
_COLUMNS = (
    Integration.id,
    Integration.name,
    Integration.kind,
    Integration.private,
    Integration.state,
    Integration.paused,
    Integration.failures,
    Integration.cursor_at,
    Integration.last_success_at,
)
_LEVELS = ("NORMAL", "DEGRADED", "CRITICAL", "OFFLINE")
_BREAKERS = ("closed", "half_open", "open")
_WRITES = ("pending", "sending", "refused", "conflict")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is due as whoever carries it out sees it: also while nobody lives who would."""

    due: Due
    """When a write is due. Its moments hold for all the rest."""
    kinds: Collection[str]
    """Those that can be pulled."""
    schedule: bool
    """Whether they are pulled by themselves."""


@dataclass(slots=True)
class State:
    """What the database says."""

    now: datetime
    integrations: Sequence[AnyRow] = ()
    """Their columns that are shown: whole rows, with their settings and cursors, cost more than all the rest."""
    pulling: set[int] = field(default_factory=set)
    levels: Mapping[str, str] = field(default_factory=dict)
    """By the part's name; «overall» is the whole."""
    services: Mapping[str, Service] = field(default_factory=dict)
    processes: Mapping[str, int] = field(default_factory=dict)
    """How many live, by role."""
    waiting: dict[str, tuple[int, datetime | None]] = field(default_factory=dict)
    """By the sort of job: how many are due, and since when the oldest is."""
    writes: Mapping[str, int] = field(default_factory=dict)


async def read(session: AsyncSession, asked: Asked) -> State:
    now = asked.due.now
    query = select(*_COLUMNS).order_by(Integration.id).limit(MOST_INTEGRATIONS)
    state = State(now, (await session.execute(query)).all())
    told = await session.execute(select(StoredLevel.name, StoredLevel.level))
    state.levels = {row.name: row.level for row in told}
    living = await standing.living(session, now)
    state.services = standing.services_of(living)
    state.processes = {role: sum(each.role == role for each in living) for role in {each.role for each in living}}
    await _runs(session, state, asked.due.silent_since)
    await _pulls(session, state, asked)
    await _writes(session, state, asked.due)
    await _scores(session, state)
    return state


async def _runs(session: AsyncSession, state: State, silent_since: datetime) -> None:
    columns = (SyncRun.integration_id, SyncRun.reason, SyncRun.state, SyncRun.created_at, SyncRun.seen_at)
    found = (await session.execute(select(*columns).where(SyncRun.state.in_(service.UNFINISHED)))).all()
    for job in ("import", "pull"):
        of_these = [row for row in found if (row.reason == "import") == (job == "import")]
        since = [row.created_at for row in of_these if row.state == "queued"]
        # Their process died: another one is to go on with them.
        since += [row.seen_at for row in of_these if row.state == "running" and _silent(row, silent_since)]
        state.waiting[job] = (len(since), min(since, default=None))
    state.pulling = {row.integration_id for row in found if row.state == "running"}


def _silent(run: AnyRow, since: datetime) -> bool:
    return run.seen_at is not None and bool(run.seen_at < since)


async def _pulls(session: AsyncSession, state: State, asked: Asked) -> None:
    """Those that nobody has queued yet: whoever queues them may be the one that is missing."""
    if not asked.kinds:
        return
    query = select(func.count().label("number"), func.min(Integration.next_sync_at).label("oldest"))
    due = pulls.due(state.now, asked.kinds, schedule=asked.schedule)
    row = (await session.execute(query.where(due))).one()
    queued, since = state.waiting["pull"]
    state.waiting["pull"] = (queued + row.number, min(filter(None, (since, row.oldest)), default=None))


async def _writes(session: AsyncSession, state: State, due: Due) -> None:
    query = select(TaskWrite.state, func.count().label("number")).where(TaskWrite.state.in_(_WRITES))
    found = {row.state: row.number for row in await session.execute(query.group_by(TaskWrite.state))}
    state.writes = {name: found.get(name, 0) for name in _WRITES}
    since = case((TaskWrite.state == "pending", TaskWrite.due_at), else_=TaskWrite.seen_at)
    waiting = select(func.count().label("number"), func.min(since).label("oldest")).where(due.condition)
    row = (await session.execute(waiting)).one()
    state.waiting["write"] = (row.number, row.oldest)


async def _scores(session: AsyncSession, state: State) -> None:
    query = select(func.count().label("number"), func.min(Task.valid_until).label("oldest"))
    row = (await session.execute(query.where(run_out(state.now)))).one()
    state.waiting["score"] = (row.number, row.oldest)


def families(state: State | None, pool: Mapping[str, int]) -> "Iterable[Metric]":
    """`state` is None where the database does not answer; `pool` are its connections by what they do."""
    yield _gauge("watchfloor_build_info", "The version that answers; always 1.", [({"version": __version__}, 1)])
    yield _gauge("watchfloor_database_up", "Whether the database answers.", [({}, int(state is not None))])
    yield _gauge(
        "watchfloor_database_pool_connections",
        "Connections to the database that this process holds.",
        [({"state": name}, count) for name, count in pool.items()],
    )
    if state is not None:
        yield from _of_jobs(state)
        yield from _of_levels(state)
        yield from _of_integrations(state)


def _of_jobs(state: State) -> "Iterable[Metric]":
    yield _gauge(
        "watchfloor_processes", "Processes that live.", [({"role": role}, n) for role, n in state.processes.items()]
    )
    waiting = state.waiting.items()
    yield _gauge(
        "watchfloor_jobs_due", "Jobs that could be done now and wait.", [({"job": job}, n) for job, (n, _) in waiting]
    )
    yield _gauge(
        "watchfloor_jobs_oldest_due_age_seconds",
        "For how long the oldest of these has waited; 0 where none waits.",
        [({"job": job}, seconds_between(since, state.now) if since else 0.0) for job, (_, since) in waiting],
    )
    yield _gauge(
        "watchfloor_writes",
        "What sources are still to be told, or were not.",
        [({"state": name}, count) for name, count in state.writes.items()],
    )


def _of_levels(state: State) -> "Iterable[Metric]":
    overall = state.levels.get(standing.OVERALL, "NORMAL")
    yield _gauge(
        "watchfloor_level",
        "The level of the whole: 1 at the one that holds.",
        [({"level": level}, int(level == overall)) for level in _LEVELS],
    )
    yield _gauge(
        "watchfloor_guard_breaker_state",
        "The circuit breaker of each service, over all processes: 1 at the state it is in.",
        [
            ({"service": key, "state": name}, int(each.state == name))
            for key, each in sorted(state.services.items())
            for name in _BREAKERS
        ],
    )
    yield _gauge(
        "watchfloor_guard_consecutive_failures",
        "Failures of each service in a row.",
        [({"service": key}, each.failures) for key, each in sorted(state.services.items())],
    )


def _of_integrations(state: State) -> "Iterable[Metric]":
    every = [({"integration": _called(each), "kind": each.kind}, each) for each in state.integrations]
    yield _gauge(
        "watchfloor_integration_state",
        "The state of each integration; always 1.",
        [(labels | {"state": views.state_of(each, going=each.id in state.pulling)}, 1) for labels, each in every],
    )
    levels = {each.id: state.levels.get(standing.name_of(each.id), "NORMAL") for each in state.integrations}
    yield _gauge(
        "watchfloor_integration_level",
        "How far each integration can be believed: 0 NORMAL, 1 DEGRADED, 2 CRITICAL, 3 OFFLINE.",
        [(labels, _LEVELS.index(levels[each.id])) for labels, each in every],
    )
    yield _gauge(
        "watchfloor_integration_failures",
        "Pulls in a row that failed.",
        [(labels, each.failures) for labels, each in every],
    )
    yield _gauge(
        "watchfloor_integration_cursor_age_seconds",
        "For how long nothing is known of the source; integrations that were never pulled are left out.",
        [(labels, seconds_between(each.cursor_at, state.now)) for labels, each in every if each.cursor_at],
    )
    yield _gauge(
        "watchfloor_integration_last_success_timestamp_seconds",
        "When a pull or an import went well last.",
        [(labels, each.last_success_at.timestamp()) for labels, each in every if each.last_success_at],
    )


def _called(integration: AnyRow) -> str:
    """Metrics are kept elsewhere and shown to whoever looks: a private integration has no name there."""
    return f"private {integration.id}" if integration.private else integration.name


def _gauge(name: str, help_: str, samples: Iterable[tuple[Mapping[str, str], float]]) -> "GaugeMetricFamily":
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - only where somebody asks

    unit = "seconds" if name.endswith("_seconds") else ""
    family: Any = GaugeMetricFamily(name, help_, unit=unit)
    for labels, value in samples:
        family.add_sample(name, labels, value)  # not copied: several share one, and nobody changes it
    made: GaugeMetricFamily = family
    return made
