"""Health over HTTP, at the root. Asks the database alone, and never for longer than a moment."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.core import gate, problems, seeing, time_limits
from app.core.errands import begin
from app.core.errors import Unavailable
from app.core.web import Reading, database_of
from app.domains.identity.access import ANYONE, STATUS_READ
from app.domains.monitoring import standing
from app.domains.monitoring.levels import Level
from app.domains.monitoring.models import Process, StoredLevel
from app.domains.monitoring.schemas import Alive, Health, Ready, StatusOut
from app.workflows.watch.picture import Picture, look
from app.workflows.watch.views import status_out
from app.workflows.watch.watching import levels_told

router = gate.router(tags=["health"])
T = TypeVar("T")
_PATIENCE_S = 3.0
"""A database that takes longer for a row is away, as far as anyone who waits is concerned."""


@router.get("/health/live", operation_id="live", dependencies=ANYONE)
async def live() -> Alive:
    """The process answers. Restart it when this fails."""
    return Alive(status="alive")


@router.get("/health/ready", operation_id="ready", dependencies=ANYONE, responses=problems.responses(503))
async def ready(request: Request) -> Ready:
    """It can serve: the database answers. Send no requests while this is 503."""
    if await _at_most_one(request, "ready", _is_ours) is None:
        raise Unavailable("The database does not answer, or is not ours.", retry_after=5)
    return Ready(status="ready")


@router.get("/health", operation_id="health", dependencies=ANYONE)
async def health(request: Request) -> Health:
    """The level of the whole, without detail. OFFLINE where the database does not answer."""
    found = await _at_most_one(request, "health", _health)
    level = found.level if found else "OFFLINE"
    return Health(level=level, since=found.since if found and found.since else _since(request, level))


@router.get("/status", operation_id="status", dependencies=STATUS_READ, responses=problems.responses(503))
async def status(request: Request, session: Reading) -> StatusOut:
    """Every part with its level and the reason for it; who carries out jobs, and what waits for them."""
    state = request.app.state
    settles = timedelta(seconds=state.settings.level_settles_s)
    with seeing.unrestricted(session):  # the level is the whole's; what is shown of its parts is theirs to see
        picture = await look(session, state.syncing, now=state.clock(), me=state.watch.process)
    shown = await status_out(session, picture, settles=settles, runs_here=state.runs_jobs)
    shown.demo = state.syncing.demo
    if not picture.stored:  # nobody watches, nor did before
        shown.since = _since(request, shown.level)
    return shown


class _Found:
    """The level, and since when as far as that is stored."""

    def __init__(self, level: Level, since: datetime | None) -> None:
        self.level = level
        self.since = since


async def _is_ours(request: Request) -> bool:
    """SQLite makes an empty file of a lost one: it must have our tables."""
    async with database_of(request).reading() as session:
        await session.execute(select(Process.id).limit(1))
    return True


async def _health(request: Request) -> _Found:
    """What is told, while a process watches; else as it is seen now."""
    state = request.app.state
    async with database_of(request).reading() as session:
        told = await session.get(StoredLevel, standing.OVERALL)
        if told is not None and await standing.living(session, state.clock()):
            return _Found(told.level, told.since)
        picture: Picture = await look(session, state.syncing, now=state.clock(), me=state.watch.process)
    seen = levels_told(picture, timedelta(0))[standing.OVERALL]
    return _Found(seen.level, seen.since if told is not None else None)


async def _at_most_one(request: Request, name: str, ask: Callable[[Request], Awaitable[T]]) -> T | None:
    """The answer; None where the database does not give one soon. One that is asked and hangs is waited for by all."""
    asking: dict[str, asyncio.Task[T | None]] = request.app.state.watch.asking
    task = asking.get(name)
    if task is None or task.done():
        task = asking[name] = begin(_asked(ask, request), name)  # it answers whoever waits, whatever they may see
    done, _ = await asyncio.wait({task}, timeout=_PATIENCE_S)
    return task.result() if done else None


async def _asked(ask: Callable[[Request], Awaitable[T]], request: Request) -> T | None:
    try:
        with time_limits.answering():  # somebody waits for it
            return await ask(request)
    except (SQLAlchemyError, OSError):
        return None


def _since(request: Request, level: Level) -> datetime:
    """When this process first saw the present level: for where nothing is stored, or can't be read."""
    state = request.app.state
    seen: tuple[Level, datetime] | None = getattr(state, "level_seen", None)
    if seen is None or seen[0] != level:
        seen = (level, state.clock())
        state.level_seen = seen
    return seen[1]
