"""How everything stands at one moment: read from the database and from what living processes know. Calls nobody."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.connections.models import Integration, SyncRun
from app.domains.monitoring import rules, standing
from app.domains.monitoring.models import Process, StoredLevel
from app.domains.monitoring.rules import Part, View, Whole
from app.domains.monitoring.sources import Source
from app.domains.tasks import scoring
from app.domains.tasks.models import Task
from app.domains.tasks.writes.models import TaskWrite
from app.integrations.gateways.answers import COMPOSIO as COMPOSIO_CALLED
from app.integrations.gateways.checking import KEY
from app.workflows.sync.standing import source_of
from app.workflows.sync.syncing import COMPOSIO, Syncing

MOST_INTEGRATIONS = 2_000
_TOLD = 2
_COLUMNS = (
    Integration.id,
    Integration.name,
    Integration.kind,
    Integration.state,
    Integration.gateway,
    Integration.sample,
    Integration.paused,
    Integration.last_error,
    Integration.last_failed_at,
    Integration.first_failed_at,
    Integration.last_success_at,
    Integration.cursor_at,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """How everything stands, and what was told of it."""

    view: View
    processes: Sequence[Process]
    """Those that live."""
    stored: Mapping[str, StoredLevel]
    parts: Sequence[Part]
    whole: Whole
    schedule: bool


async def look(session: AsyncSession, syncing: Syncing, *, now: datetime, me: Process | None = None) -> Picture:
    """`me` is this process as it is now: what its row says may be a few seconds old."""
    found = [each for each in await standing.living(session, now) if me is None or each.id != me.id]
    processes = [*found, me] if me else found
    stored = await standing.levels(session)
    rows = (await session.execute(select(*_COLUMNS).order_by(Integration.id).limit(MOST_INTEGRATIONS))).all()
    working = [each for each in processes if each.jobs]
    schedule = any(each.schedule for each in working) if working else syncing.schedule
    sources = [source_of(row, syncing, schedule=schedule) for row in rows]
    pulling = [each for each in working if each.pulls]
    services = standing.services_of(processes)
    told, network = stored.get(rules.GATEWAY), stored.get(rules.NETWORK)
    # Where nobody works, nobody can be asked whether he could pull: then all that is due waits for somebody.
    pulls = bool(pulling) or not working
    due = await due_since(session, syncing, now=now, pulls=pulls, schedule=schedule)
    view = View(
        now=now,
        sources=sources,
        services={key: each for key, each in services.items() if each.gateway == COMPOSIO},
        works=bool(working),
        works_since=min((each.started_at for each in working), default=None),
        pulls=bool(pulling),
        due_since=due,
        gateway=COMPOSIO_CALLED,
        key_trouble=_key_trouble(pulling),
        tool_troubles=_tool_troubles(pulling, _tools_called(sources, syncing)),
        taken={name for name, row in stored.items() if row.folded in (rules.GATEWAY, rules.NETWORK)},
        gateway_back_at=None if told is None else told.since if told.level == "NORMAL" else now,
    )
    if told and told.level == "OFFLINE" and rules.is_outage(told.reason, view):
        was_away = network is not None and network.level == "OFFLINE"
        view = replace(view, away_since=told.since, network_was_away=was_away)
    parts = rules.parts(view)
    return Picture(view, processes, stored, parts, rules.whole(view, parts), schedule)


async def due_since(
    session: AsyncSession, syncing: Syncing, *, now: datetime, pulls: bool, schedule: bool
) -> dict[str, datetime]:
    """Since when the oldest has waited of what is due, for each sort of work; `pulls`: somebody can pull, or nobody
    works at all; `schedule`: what is due is pulled by itself."""
    queued = select(func.min(SyncRun.created_at)).where(SyncRun.state == "queued")
    oldest = {
        "imports": queued.where(SyncRun.reason == "import"),
        "scores": select(func.min(Task.valid_until)).where(scoring.run_out(now)),
    }
    if pulls:
        oldest["writes"] = select(func.min(TaskWrite.due_at)).where(
            TaskWrite.state == "pending", TaskWrite.due_at <= now
        )
        oldest["waiting"] = queued.where(SyncRun.reason != "import")
        if schedule:
            oldest["pulls"] = select(func.min(Integration.next_sync_at)).where(*_due(syncing, now))
    row = (await session.execute(select(*(each.scalar_subquery().label(n) for n, each in oldest.items())))).one()
    found = {name: at for name, at in row._mapping.items() if at is not None}
    if (waiting := found.pop("waiting", None)) is not None:
        found["pulls"] = min(waiting, found.get("pulls", waiting))
    return found


def _due(syncing: Syncing, now: datetime) -> list[ColumnElement[bool]]:
    kinds = [kind for kind, manifest in syncing.kinds.items() if manifest.live]
    return [Integration.next_sync_at <= now, Integration.kind.in_(kinds), Integration.paused.is_(False)]


def _key_trouble(pulling: Sequence[Process]) -> str:
    """Where one process can use the key, others are told of by their own log."""
    told = [each.troubles.get(KEY, "") for each in pulling]
    return told[0] if told and all(told) else ""


def _tools_called(sources: Sequence[Source], syncing: Syncing) -> set[str]:
    """By the integrations that there are: what others would call is nobody's trouble."""
    kinds = {source.kind for source in sources if source.live and not source.paused}
    called = [live.tools for kind in kinds if (live := syncing.kinds[kind].live)]
    return {tool for tools in called for tool in tools}


def _tool_troubles(pulling: Sequence[Process], called: Collection[str]) -> list[str]:
    found = {name: why for each in pulling for name, why in each.troubles.items() if name in called}
    told = [f"{name} {why}" for name, why in sorted(found.items())]
    return told[:_TOLD] + ([f"So it is with {len(told) - _TOLD} more."] if len(told) > _TOLD else [])
