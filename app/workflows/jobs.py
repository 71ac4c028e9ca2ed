"""What runs beside the answering of requests: imports and pulls that wait, and whatever the clock makes due.

A plain loop: every job is «do what is due», safe to kill and repeat anywhere. Any number of processes may run it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from app.core import acting, log
from app.domains import connections
from app.domains.connections.models import SyncRun
from app.integrations import registry
from app.workflows import importing, rescoring, runs, tidying
from app.workflows.importing import Importing
from app.workflows.moving import Moves
from app.workflows.repeating import pause, repeat
from app.workflows.sync import verifying
from app.workflows.sync.connecting.following import Following
from app.workflows.sync.connecting.giving_back import give_back
from app.workflows.sync.dispatching import Dispatcher
from app.workflows.sync.syncing import Syncing
from app.workflows.tidying import FOR_NOW, Kept
from app.workflows.writing.sending import Sender

_log = log.get(__name__)

_HOUSEKEEPING_EVERY = timedelta(hours=1)
_GRACE_S = 1.0
"""How long a stop waits for short jobs: one cut off in the middle of a statement would leave its connection behind."""
_FIRST_AFTER_S = 0.5
"""What is done once may keep the processor busy: until then the start itself is over."""
_VERIFIED_EVERY = timedelta(days=1)
_VERIFIED_AGAIN_AFTER = timedelta(minutes=1)
"""Where something was found wrong: it may have been the network."""


@dataclass(frozen=True, slots=True)
class Pulling:
    """How the loop pulls, and tells sources what people did."""

    dispatcher: Dispatcher
    sender: Sender | None = None
    look_every_s: float = 1.0
    connect_look_every_s: float = 3.0


class Jobs:
    """The loop of one process. `every_s` is how long it rests when nothing is due; `first` is done once, before."""

    def __init__(
        self,
        work: Importing,
        *,
        every_s: float,
        batch: int,
        kept: Kept = FOR_NOW,
        uploads: Path | None = None,
        first: Callable[[], Coroutine[Any, Any, bool]] | None = None,
        pulling: Pulling | None = None,
    ) -> None:
        self._work = work
        self._every_s = every_s
        self._batch = batch
        self._uploads = uploads
        self._first = first
        self._pulling = pulling or Pulling(Dispatcher(Syncing(work, {})))
        self._kept = kept
        self._moves = Moves()
        self.sender = self._pulling.sender or Sender(self._pulling.dispatcher.syncing)
        every_s = self._pulling.connect_look_every_s
        self._following = Following(self._pulling.dispatcher.syncing, first_rest_s=every_s)
        self._nudged = asyncio.Event()
        self._asked = asyncio.Event()
        self._roomy = asyncio.Event()
        self.sender.on_room = self._roomy.set
        self._pulling.dispatcher.on_room = self._asked.set
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin in the background of the running event loop."""
        self._tasks = [
            asyncio.create_task(self._repeat(self.import_next, self._await_import), name="imports"),
            asyncio.create_task(self._repeat(self.keep_scores, self._await_scores), name="scores"),
            asyncio.create_task(self._repeat(self.pull_due, self._await_pull), name="pulls"),
            asyncio.create_task(self._repeat(self.send_writes, self._await_writes), name="writes"),
            asyncio.create_task(self._repeat(self.follow_links, self._await_links), name="links"),
            asyncio.create_task(self._repeat(self.give_back, self._await_links), name="giving back"),
            asyncio.create_task(self._repeat(self.verify, self._await_verification), name="verification"),
            asyncio.create_task(self._repeat(self.tidy, self._await_housekeeping), name="tidying"),
            asyncio.create_task(self._repeat(self.do_first, self._await_first), name="first"),
        ]

    async def stop(self) -> None:
        """Let what is short come to its end, and give up the rest: the next process finishes it."""
        self._stopping.set()
        self._nudged.set()
        self._asked.set()
        self._roomy.set()
        await asyncio.gather(self._pulling.dispatcher.stop(), self.sender.stop())
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=_GRACE_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def nudge(self) -> None:
        """An import or a pull waits: look now instead of at the next turn."""
        self._nudged.set()
        self._asked.set()

    async def _repeat(self, job: Callable[[], Coroutine[Any, Any, bool]], rest: Callable[[], Awaitable[None]]) -> None:
        with acting.doing(f"job {job.__name__}"):
            await repeat(job, rest, self._stopping)

    async def _await_import(self) -> None:
        try:
            await asyncio.wait_for(self._nudged.wait(), self._every_s)
        except TimeoutError:
            return
        self._nudged.clear()

    async def _await_pull(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._asked.wait(), self._pulling.look_every_s)
        self._asked.clear()

    async def _await_writes(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._roomy.wait(), self._pulling.look_every_s)
        self._roomy.clear()

    async def _await_links(self) -> None:
        await self._pause(self._pulling.connect_look_every_s)

    async def _await_verification(self) -> None:
        troubled = bool(self._pulling.dispatcher.syncing.troubles)
        await self._pause((_VERIFIED_AGAIN_AFTER if troubled else _VERIFIED_EVERY).total_seconds())

    async def _await_scores(self) -> None:
        await self._pause(self._every_s)

    async def _await_housekeeping(self) -> None:
        await self._pause(_HOUSEKEEPING_EVERY.total_seconds())

    async def _await_first(self) -> None:
        if self._first is None:
            await self._stopping.wait()  # it is done
        else:
            await self._pause(self._every_s)

    async def _pause(self, seconds: float) -> None:
        """Rest, unless it is time to stop."""
        await pause(self._stopping, seconds)

    async def do_first(self) -> bool:
        """What has to be done once, in the background, because a start must not wait for it."""
        if self._first is not None:
            await self._pause(_FIRST_AFTER_S)
            if await self._first():
                self.nudge()
        self._first = None
        return False

    async def import_next(self) -> bool:
        """Carry out the oldest import that waits. Returns whether there was one."""
        database, now, owner = self._work.database, self._work.clock(), runs.new_owner()
        async with database.reading() as session:
            if not await connections.service.any_unfinished(session):
                return False  # the usual case takes no write lock
        async with database.writing() as session:
            silent_since = now - self._work.lease
            failed = await connections.service.take_up_abandoned_imports(session, silent_since=silent_since, now=now)
            run = await connections.service.claim_queued_run(session, owner=owner, now=now)
            integration = await connections.service.get(session, run.integration_id) if run else None
        for each in failed:
            await _forget_upload(each)
        if run is None or integration is None:
            return False
        await self._import(run, integration.kind, owner)
        return True

    async def _import(self, run: SyncRun, kind: str, owner: str) -> None:
        run_id, path = run.id, Path(run.path or "")
        try:
            ended = await importing.carry_out(self._work, run_id, registry.KINDS[kind], path, owner=owner)
        except asyncio.CancelledError:
            await runs.give_back(self._work.database, run_id, owner)  # or nobody would go on with it for a while
            raise
        except (SQLAlchemyError, OSError):
            raise
        except Exception:  # raised again: only that it happened is counted, or it would be tried for ever
            async with self._work.database.writing() as session:
                await connections.service.note_defect(session, run_id, owner)
            raise
        if ended.state not in connections.service.UNFINISHED:  # or whoever took it over is reading the file
            await _forget_upload(ended)

    async def pull_due(self) -> bool:
        """Begin the pulls that are due or asked for. They go on beside this loop."""
        await self._pulling.dispatcher.look()
        return False

    async def follow_links(self) -> bool:
        """Look whether people have followed their links, where one waits. Returns False."""
        if await self._following.look():
            self._asked.set()
        return False

    async def give_back(self) -> bool:
        """Revoke access that nobody uses any more. Returns False."""
        await give_back(self._pulling.dispatcher.syncing)
        return False

    async def send_writes(self) -> bool:
        """Begin to tell sources what people did. That goes on beside this loop."""
        await self.sender.send_due()
        return False

    async def verify(self) -> bool:
        """Ask whether what pulls need is there. Returns False."""
        await verifying.verify(self._pulling.dispatcher.syncing)
        return False

    async def keep_scores(self) -> bool:
        """One round of what the clock made due. Returns whether there may be more."""
        now = self._work.clock()
        async with self._work.database.reading() as session:
            policy = await self._work.judge.policy(session)
        done = await rescoring.do_what_is_due(
            self._work.database, policy, now=now, batch=self._batch, moves=self._moves
        )
        if done.total:
            _log.info(
                "scores kept",
                rescored=done.rescored,
                woken=done.woken,
                derived=done.derived,
                reranked=done.reranked,
            )
        return done.total > 0

    async def tidy(self) -> bool:
        """Forget what is over or too long past. Returns False."""
        await tidying.tidy(self._pulling.dispatcher.syncing, self._kept, self._uploads, self._stopping)
        return False


async def _forget_upload(run: SyncRun) -> None:
    if run.path:
        await asyncio.to_thread(Path(run.path).unlink, missing_ok=True)
