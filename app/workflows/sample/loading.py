"""Bringing the sample company in: three imports like any other, queued at once for the jobs that carry imports out.

The export files are written before the transaction that queues them: a crash in between leaves files that are swept
like any upload nobody waits for, and never half a sample. By itself it comes only once, into an empty database.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit, log
from app.core.database import Database, one_at_a_time
from app.core.errors import Conflict, Forbidden
from app.domains import connections
from app.domains.connections.models import Integration, SampleLoad, SyncRun
from app.domains.tasks.models import Task
from app.workflows.sample import cast
from app.workflows.sample.build import FILES, exports

_log = log.get(__name__)

Writing = Callable[[], AbstractAsyncContextManager[AsyncSession]]

NAMES = {"mbox": "Sample data: mail", "slack": "Sample data: Slack", "notion": "Sample data: Notion"}
"""What the integrations are called, by kind."""


async def load_at_first_start(database: Database, uploads: Path, now: datetime) -> bool:
    """Queue the sample's imports where nothing was ever here. Returns whether it did. `now` is local time."""
    async with database.reading() as session:
        if not await _nothing_was_here(session):
            return False  # every start but the first takes no write lock
    paths = await asyncio.to_thread(_write, uploads, now)
    async with database.writing() as session:
        await one_at_a_time(session, "integrations")
        if loads := await _nothing_was_here(session):
            await _queue(session, paths, now)
    if loads:
        _log.info("sample data is loaded", files=len(paths))
    else:  # another process was first
        await asyncio.to_thread(_forget, paths)
    return loads


async def load(writing: Writing, uploads: Path, now: datetime, *, environment: str) -> list[SyncRun]:
    """Queue the sample's imports because somebody asked for them; `writing` begins a transaction. Returns the runs.

    Raises Forbidden in production, Conflict where the sample is here already or a name of its integrations is taken.
    """
    if environment != "development":
        raise Forbidden("Sample data is for development: this is production.")
    paths = await asyncio.to_thread(_write, uploads, now)
    try:
        async with writing() as session:
            await one_at_a_time(session, "integrations")
            if await _company_is_here(session):
                raise Conflict("The sample data is here already. Clear it first.")
            return await _queue(session, paths, now)
    except BaseException:
        await asyncio.to_thread(_forget, paths)
        raise


async def is_here(session: AsyncSession) -> bool:
    """Whether any integration holds invented data: the sample company's, or the demo gateway's."""
    return bool((await session.execute(select(exists().where(Integration.sample)))).scalar_one())


async def _company_is_here(session: AsyncSession) -> bool:
    company = exists().where(Integration.sample, Integration.gateway.is_(None))
    return bool((await session.execute(select(company))).scalar_one())


async def _nothing_was_here(session: AsyncSession) -> bool:
    something = select(
        exists(select(SampleLoad.id)) | exists(select(Integration.id)) | exists(select(Task.id)),
    )
    return not (await session.execute(something)).scalar_one()


async def _queue(session: AsyncSession, paths: Mapping[str, Path], now: datetime) -> list[SyncRun]:
    audit.changed(session, "sample", None, {"files": len(paths)})
    await cast.introduce(session, now=now)
    runs = []
    for kind, path in paths.items():
        integration = await connections.service.create(
            session, kind=kind, name=NAMES[kind], now=now, settings=_settings(kind, now)
        )
        integration.sample = True
        what = FILES[kind]
        run = await connections.service.start_run(
            session, integration, what=what, path=str(path), state="queued", now=now
        )
        run.seen_at = now
        runs.append(run)
    await session.merge(SampleLoad(id=1, loaded_at=now, cleared_at=None))
    await session.flush()
    return runs


def _settings(kind: str, now: datetime) -> dict[str, str]:
    """Notion exports tell times without their zone: the story's is that of `now`, as far as it has a name."""
    hours = (now.utcoffset() or timedelta()) / timedelta(hours=1)
    return {"zone": f"Etc/GMT{-hours:+.0f}"} if kind == "notion" and hours.is_integer() else {}


def _write(uploads: Path, now: datetime) -> dict[str, Path]:
    """The exports as files that runs find, by kind. Runs in a thread."""
    uploads.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = {}
    for kind, content in exports(now).items():
        paths[kind] = uploads / f"{secrets.token_hex(8)}{Path(FILES[kind]).suffix}"
        paths[kind].write_bytes(content)
    return paths


def _forget(paths: Mapping[str, Path]) -> None:
    for path in paths.values():
        path.unlink(missing_ok=True)
