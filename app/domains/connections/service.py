"""Configured integrations and their runs: making, finding and changing them. Functions flush and never commit."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import acting, paging, seeing
from app.core.errors import Category, Conflict, NotFound
from app.core.rows import AnyRow
from app.domains.connections import audited
from app.domains.connections.models import Integration, SyncRun, SyncWarning
from app.domains.connections.rules import State
from app.records import IntegrationNames

UNFINISHED = ("queued", "running")
MOST_DEFECTS = 3
"""A run that met a defect so often without storing a page has failed."""
MOST_ATTEMPTS = 20
"""So has one whose process ended so often: a kill is no defect, but what kills each process must not go on for ever."""


async def names(session: AsyncSession) -> IntegrationNames:
    """Id to name, of all integrations."""
    columns = (Integration.id, Integration.name, Integration.sample, Integration.write_back, Integration.private)
    rows = (await session.execute(select(*columns))).all()
    found = IntegrationNames((row.id, row.name) for row in rows)
    found.samples = frozenset(row.id for row in rows if row.sample)
    found.written = frozenset(row.id for row in rows if row.write_back)
    found.private = frozenset(row.id for row in rows if row.private)
    return found


async def every(session: AsyncSession, *, limit: int, after: int = 0) -> Sequence[Integration]:
    """Integrations in the order they were made, at most `limit`, those after id `after`."""
    query = select(Integration).where(Integration.id > after).order_by(Integration.id).limit(limit)
    return (await session.execute(query)).scalars().all()


async def get(session: AsyncSession, integration_id: int) -> Integration:
    """Raises NotFound, also where it is hidden from whoever acts."""
    query = select(Integration).where(Integration.id == integration_id)
    with seeing.restricted(session):
        found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound(f"There is no integration {integration_id}.")
    return found


async def by_name(session: AsyncSession, name: str) -> Integration:
    """Raises Conflict, naming what there is, where none is called so."""
    found = (await session.execute(select(Integration).where(Integration.name == name))).scalar_one_or_none()
    if found is None:
        names = select(Integration.name).order_by(Integration.id).limit(20)
        there = ", ".join((await session.execute(names)).scalars())
        raise Conflict(f"There is no integration {name[:100]}{f'; there are {there}' if there else ''}.")
    return found


async def create(
    session: AsyncSession,
    *,
    kind: str,
    name: str,
    now: datetime,
    settings: Mapping[str, Any] | None = None,
    gateway: Mapping[str, Any] | None = None,
) -> Integration:
    """Whoever acts owns it, as far as they are somebody here. Raises Conflict where the name is taken."""
    await _must_be_free(session, name)
    integration = Integration(
        kind=kind,
        name=name,
        settings=dict(settings or {}),
        gateway=None if gateway is None else dict(gateway),
        state=State.NEW,
        owner_id=acting.caller().user_id,
        created_at=now,
        updated_at=now,
    )
    session.add(integration)
    await _flush_name(session, name)
    audited.made(session, integration)
    return integration


async def _must_be_free(session: AsyncSession, name: str) -> None:
    taken = (await session.execute(select(Integration.id).where(Integration.name == name))).scalar_one_or_none()
    if taken is not None:
        detail = f"There is an integration named {name} already."
        raise Conflict(detail) if taken in acting.caller().hidden else Conflict(detail, integration=taken)


async def _flush_name(session: AsyncSession, name: str) -> None:
    """Raises Conflict where somebody else took the name at this very moment."""
    try:
        await session.flush()
    except IntegrityError as error:
        raise Conflict(f"There is an integration named {name} already.") from error


async def start_run(
    session: AsyncSession, integration: Integration, *, what: str, path: str | None, state: str, now: datetime
) -> SyncRun:
    run = SyncRun(
        integration_id=integration.id,
        state=state,
        what=what,
        path=path,
        created_at=now,
        started_at=now if state == "running" else None,
    )
    session.add(run)
    await session.flush()
    audited.run_made(session, integration, run)
    return run


async def get_run(session: AsyncSession, run_id: int, *, lock: bool = False) -> SyncRun:
    """Raises NotFound, also where it is hidden from whoever acts. With `lock` nobody else changes it until the
    transaction ends."""
    # Items that name the run hold a weaker lock on it, which two pages of one run must not wait for.
    locked: Any = {"key_share": True} if lock else None
    with seeing.restricted(session):
        run = await session.get(SyncRun, run_id, populate_existing=True, with_for_update=locked)
    if run is None:
        raise NotFound(f"There is no run {run_id}.")
    return run


async def runs(
    session: AsyncSession, *, integration_id: int | None, limit: int, cursor: str | None
) -> tuple[Sequence[SyncRun], str | None]:
    """Newest first, and the cursor of the next page."""
    name = f"runs {integration_id}"
    query = select(SyncRun).order_by(SyncRun.id.desc()).limit(limit + 1)
    if integration_id is not None:
        query = query.where(SyncRun.integration_id == integration_id)
    if cursor is not None:
        query = query.where(SyncRun.id < paging.decode_id(cursor, name))
    found = (await session.execute(query)).scalars().all()
    more = len(found) > limit
    return found[:limit], paging.encode(name, [found[limit - 1].id]) if more else None


async def any_unfinished(session: AsyncSession) -> bool:
    """Whether an import waits or goes on."""
    query = select(exists().where(SyncRun.state.in_(UNFINISHED), SyncRun.reason == "import"))
    return bool((await session.execute(query)).scalar_one())


async def unfinished_runs(session: AsyncSession) -> Sequence[AnyRow]:
    """Id, state and path of runs that wait or go on, oldest first."""
    query = select(SyncRun.id, SyncRun.state, SyncRun.path).where(SyncRun.state.in_(UNFINISHED)).order_by(SyncRun.id)
    return (await session.execute(query)).all()


async def add_warnings(session: AsyncSession, run: SyncRun, found: Sequence[tuple[str, str]]) -> None:
    """Keep `(what, why)` pairs with their run."""
    if found:
        await session.execute(insert(SyncWarning), [{"run_id": run.id, "what": w, "why": y} for w, y in found])
        run.warnings += len(found)


async def warnings(session: AsyncSession, run_id: int, *, limit: int, after: int = 0) -> Sequence[SyncWarning]:
    """In the order they were found, those after id `after`."""
    query = select(SyncWarning).where(SyncWarning.run_id == run_id, SyncWarning.id > after)
    return (await session.execute(query.order_by(SyncWarning.id).limit(limit))).scalars().all()


async def being_imported_into(session: AsyncSession, ids: Sequence[int]) -> set[int]:
    """Those of the integrations for which an import waits or goes on."""
    unfinished = (SyncRun.state.in_(UNFINISHED), SyncRun.reason == "import")
    query = select(SyncRun.integration_id).where(SyncRun.integration_id.in_(ids), *unfinished)
    return set((await session.execute(query)).scalars())


async def edit(
    session: AsyncSession,
    integration: Integration,
    *,
    name: str | None = None,
    settings: Mapping[str, Any] | None = None,
    gateway: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Raises Conflict where the name is taken."""
    if name is not None and name != integration.name:
        await _must_be_free(session, name)
        integration.name = name
    if settings is not None:
        integration.settings = dict(settings)
    if gateway is not None:
        integration.gateway = dict(gateway)
    integration.updated_at = now
    await _flush_name(session, integration.name)


async def claim_queued_run(
    session: AsyncSession, *, owner: str, now: datetime, kinds: Collection[str] | None = None, run_id: int | None = None
) -> SyncRun | None:
    """The oldest queued import, now running in the name of `owner`; locked against other processes.

    With `kinds` the oldest pull of one of these instead, and with `run_id` that one, if it waits.
    """
    query = select(SyncRun).where(SyncRun.state == "queued").order_by(SyncRun.id).limit(1)
    if kinds is None:
        query = query.where(SyncRun.reason == "import")
    else:
        query = query.join(Integration, Integration.id == SyncRun.integration_id)
        query = query.where(SyncRun.reason != "import", Integration.kind.in_(kinds))
    if run_id is not None:
        query = query.where(SyncRun.id == run_id)
    run = (await session.execute(query.with_for_update(skip_locked=True, of=SyncRun))).scalar_one_or_none()
    if run is not None:
        run.state, run.started_at, run.seen_at = "running", run.started_at or now, now
        run.owner, run.attempts = owner, run.attempts + 1
    return run


async def abandoned(
    session: AsyncSession, *, silent_since: datetime, imports: bool, spared: Collection[str] = ()
) -> Sequence[SyncRun]:
    """Imports, or pulls, whose process gave no sign of life since `silent_since`, locked; not those of the owners that
    are `spared`: this process knows that they live."""
    query = select(SyncRun).where(SyncRun.state == "running", SyncRun.seen_at < silent_since).order_by(SyncRun.id)
    query = query.where(SyncRun.reason == "import" if imports else SyncRun.reason != "import")
    if spared:
        query = query.where(SyncRun.owner.not_in(spared))
    return (await session.execute(query.with_for_update(skip_locked=True, key_share=True))).scalars().all()


def may_try_again(run: SyncRun) -> bool:
    return run.attempts < MOST_ATTEMPTS and run.defects < MOST_DEFECTS


async def take_up_abandoned_imports(session: AsyncSession, *, silent_since: datetime, now: datetime) -> list[SyncRun]:
    """Imports with an upload are queued again, unless that helped too often; others, which read from where only their
    own process could, have failed. Returns the failed.
    """
    failed = []
    for run in await abandoned(session, silent_since=silent_since, imports=True):
        if run.path and may_try_again(run):
            run.state = "queued"
            continue
        failed.append(run)
        detail = "It was interrupted. What was read is kept: import the same thing again, and the rest is added."
        if run.path:
            met = "met a defect of ours" if run.defects >= MOST_DEFECTS else "its process ended"
            detail = f"Importing it was tried {run.attempts} times, and {met} each time; see the log."
        error = note_failure(run, detail, Category.INTERNAL, now)
        if run.path:
            note_import_failure(await get(session, run.integration_id), error, now)
    await session.flush()
    return failed


def note_import_failure(integration: Integration, error: Mapping[str, Any], now: datetime) -> None:
    """Of one that is pulled as well, pulls say how it stands."""
    if integration.gateway is None:
        integration.last_error, integration.state = dict(error), State.FAILING
    integration.updated_at = now


async def note_defect(session: AsyncSession, run_id: int, owner: str) -> None:
    """Whoever carries the run out met a defect of ours in it."""
    ours = (SyncRun.id == run_id, SyncRun.owner == owner)
    await session.execute(update(SyncRun).where(*ours).values(defects=SyncRun.defects + 1))


def note_failure(run: SyncRun, detail: str, category: Category, now: datetime) -> dict[str, Any]:
    """End the run as failed. Returns its error."""
    run.state, run.finished_at = "failed", now
    run.error = {"category": category, "detail": detail, "at": now.isoformat()}
    return run.error
