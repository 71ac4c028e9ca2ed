"""DBOS doing what app.workflows.sync does, as well as it can be done with what its open part offers.

It is needed neither by the program nor by its checks. To see it beside our loop, put it in a folder of its own:
`pip install --no-deps --target FOLDER dbos==3.4.0 croniter python-dateutil`, and
`PYTHONPATH=FOLDER .venv/bin/python -m scripts.benchmarks --only engines`.

A pull is a workflow under its run's number, so that it can't be started twice. Reading a page is a step; storing it is
a transaction of a datasource, which commits the engine's checkpoint with the page. On SQLite a restart under the same
executor takes up what was left. On Postgres each process holds an advisory lock under its executor's name, and whoever
gets the lock of another that has work resumes that work: what does so for more than one machine is not open.
"""

import os
import sqlite3
import zlib
from contextlib import closing
from importlib import import_module
from importlib.metadata import version
from typing import Any

import psycopg
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core.clock import utc_now
from app.domains import connections, people
from app.domains.connections import pulls
from app.domains.connections.models import Integration, SyncRun
from app.domains.tasks import ingest
from app.domains.tasks.copies import RunMemory
from app.domains.tasks.placing import Origin
from app.workflows.sync.syncing import settings_of
from app.workflows.telling import tell
from scripts.benchmarks.engine_jobs import KIND, Given, Paged, item, syncing_for

QUEUE = "pulls"


def absent() -> bool:
    """Whether there is nothing to compare with here."""
    try:
        import_module("dbos")
    except ImportError:
        return True
    return False


def called() -> str:
    return f"DBOS {version('dbos')}"


async def start(given: Given) -> "Dbos":
    engine = Dbos(given)
    await engine.launch()
    return engine


class Dbos:
    """One process."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._lib: Any = import_module("dbos")
        self._syncing, self._reading = syncing_for(given)
        self._database, self._judge = self._syncing.work.database, self._syncing.work.judge
        self._lock: psycopg.AsyncConnection[Any] | None = None
        self._source: Any = None

    async def launch(self) -> None:
        """Raises RuntimeError where another process lives under the same executor."""
        given, dbos = self._given, self._lib.DBOS
        if not self._database.is_sqlite and given.locked:
            await self._say_that_it_lives()
        config = {
            "name": "watchfloor",
            "system_database_url": self._system_url(),
            "executor_id": given.executor,
            "application_version": given.version,
            "log_level": "ERROR",
        }
        dbos(config=config)
        self._source = await self._lib.AsyncSQLAlchemyDatasource.create(
            given.url,
            engine=self._database.engine.execution_options(immediate=True),
            sessionmaker=async_sessionmaker(expire_on_commit=False, autoflush=False),
        )
        self._begin, self._store, self._end = map(self._transaction, (self._begin_run, self._store_page, self._end_run))
        self._read = dbos.step(name="read")(_function(self._read_page))
        self._added = dbos.step(name="added")(_added)
        self._pull = dbos.workflow(name="pull")(_function(self._pull_run))
        dbos.launch()
        await dbos.register_queue_async(QUEUE, worker_concurrency=given.at_once, polling_interval_sec=given.poll_s)

    def _transaction(self, work: Any) -> Any:
        isolation = "SERIALIZABLE" if self._database.is_sqlite else "READ COMMITTED"
        return self._source.transaction(name=work.__name__, isolation_level=isolation)(work)

    def _system_url(self) -> str:
        """On Postgres a schema beside our tables; on SQLite a file of its own, with WAL, which DBOS doesn't set."""
        if not self._database.is_sqlite:
            return self._given.url
        path = f"{make_url(self._given.url).database}.dbos"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        return f"sqlite:///{path}"

    async def ask(self, integration_id: int) -> None:
        async with self._database.writing() as session:
            run = await pulls.request(session, integration_id, now=utc_now())
        await self._enqueue(run.id)

    async def resume(self, run_id: int) -> None:
        """Whether its executor lives or not."""
        await self._lib.DBOS.resume_workflow_async(f"pull-{run_id}", queue_name=QUEUE)

    async def look(self) -> None:
        async with self._database.reading() as session:
            due = await pulls.anything_due(session, now=utc_now(), kinds=[KIND])
        if due:
            async with self._database.writing() as session:
                made = await pulls.enqueue_due(session, now=utc_now(), kinds=[KIND])
            for run in made:
                await self._enqueue(run.id)
        if self._lock is not None:
            await self._take_up_abandoned(self._lock)

    async def _enqueue(self, run_id: int) -> None:
        with self._lib.SetWorkflowID(f"pull-{run_id}"):
            await self._lib.DBOS.enqueue_workflow_async(QUEUE, self._pull, run_id)

    async def _say_that_it_lives(self) -> None:
        parts = make_url(self._given.url).translate_connect_args(username="user", database="dbname")
        self._lock = await psycopg.AsyncConnection.connect(autocommit=True, **parts)
        if not await _locked(self._lock, self._given.executor):
            raise RuntimeError("another process lives under this executor")

    async def _take_up_abandoned(self, lock: psycopg.AsyncConnection[Any]) -> None:
        dbos = self._lib.DBOS
        pending = await dbos.list_workflows_async(status="PENDING", load_input=False, load_output=False)
        others = {each.executor_id for each in pending} - {self._given.executor}
        for executor in others:
            if not await _locked(lock, executor):
                continue  # it lives
            try:
                for each in await dbos.list_workflows_async(status="PENDING", executor_id=executor):
                    await dbos.resume_workflow_async(each.workflow_id, queue_name=each.queue_name)
            finally:
                await lock.execute("SELECT pg_advisory_unlock(%s)", [_number(executor)])

    async def _pull_run(self, run_id: int) -> None:
        begun = await self._begin(run_id)
        self._reading.note("begun", begun["place"])
        if self._given.extra_step:
            await self._added()
        for page in range(1, begun["pages"] + 1):
            await self._store(run_id, await self._read(begun, page))
        await self._end(run_id)

    async def _begin_run(self, run_id: int) -> dict[str, Any]:
        session: AsyncSession = self._source.sql_session()
        run, integration = await _locked_run(session, run_id)
        run.state = "running"
        pulls.begun(integration, run, now=utc_now())
        await tell(session, integration, run, utc_now())
        return settings_of(self._syncing.live[KIND], integration).model_dump(mode="json")

    async def _read_page(self, begun: dict[str, Any], page: int) -> dict[str, Any]:
        await self._reading.page(Paged.model_validate(begun), page)
        return {"place": begun["place"], "page": page, "by": os.getpid()}

    async def _store_page(self, run_id: int, read: dict[str, Any]) -> None:
        """As app.workflows.sync.storing, with DBOS's word for whose run it is."""
        session: AsyncSession = self._source.sql_session()
        now, policy = utc_now(), await self._judge.policy(session)
        run, integration = await _locked_run(session, run_id)
        names = await connections.service.names(session)
        origin = Origin(integration.id, integration.kind, run_id, names)
        found = item(read["place"], read["page"], read["by"])
        counts = await ingest.store_page(session, [(found, None)], origin, policy, RunMemory(live=True), now=now)
        await people.service.meet(session, people.service.people_of([found]), KIND, now=now)
        integration.cursor = {"at": read["page"]}
        run.pages, run.read, run.new, run.seen_at = run.pages + 1, run.read + 1, run.new + counts.new, now
        await tell(session, integration, run, now, changed=counts.new)

    async def _end_run(self, run_id: int) -> None:
        session: AsyncSession = self._source.sql_session()
        now = utc_now()
        run, integration = await _locked_run(session, run_id)
        run.context = await ingest.context_of(session, run.id)
        run.tasks_new = sum((await ingest.tasks_made_by(session, run.id)).values())
        poll_every = self._syncing.live[KIND].poll_every
        pulls.succeeded(integration, run, until=now, poll_every=poll_every, now=now)
        await tell(session, integration, run, now)


def _function(method: Any) -> Any:
    """DBOS marks what it is given, which a method does not allow."""

    async def function(*given: Any) -> Any:
        return await method(*given)

    return function


async def _added() -> None:
    """What a later version of the program does besides."""


async def _locked_run(session: AsyncSession, run_id: int) -> tuple[SyncRun, Integration]:
    run = await connections.service.get_run(session, run_id, lock=True)
    return run, await connections.service.get(session, run.integration_id)


async def _locked(connection: psycopg.AsyncConnection[Any], executor: str) -> bool:
    row = await (await connection.execute("SELECT pg_try_advisory_lock(%s)", [_number(executor)])).fetchone()
    return bool(row and row[0])


def _number(executor: str) -> int:
    return zlib.crc32(executor.encode())
