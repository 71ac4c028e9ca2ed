"""Several processes watch one database: what changed is told once, with its cause, and outlives every restart."""

import json
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from app.composition import connected
from app.core.errors import Unreachable, Upstream
from app.core.events import Event
from app.core.guard import Guards, GuardSettings, Mode
from app.domains import connections
from app.domains.connections import pulls
from app.domains.connections.models import Integration
from app.domains.connections.rules import Cause, State
from app.domains.monitoring import standing
from app.domains.monitoring.models import Process, StoredLevel
from app.domains.tasks.models import Task
from app.integrations import registry
from app.integrations.gateways.choosing import gateway_from
from app.workflows.sync.dispatching import Dispatcher
from app.workflows.sync.syncing import Syncing
from app.workflows.watch.watching import ONLY_ANSWERS, Watch
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import outage, serving
from tests.workflows.mailbox import mail
from tests.workflows.pipeline import Pipeline

COMPOSIO_DOWN = Unreachable("Composio does not work at present.", service="Composio")
UNHEARD = Unreachable("No connection.", service="Composio", happened=False)
UNHEARD.silent = True


async def never_called(_tool: str, /, **_arguments: Any) -> Any:
    raise AssertionError("to watch calls nothing")


@dataclass
class Watching:
    """One process with its watch and its guards, on the pipeline's clock."""

    pipeline: Pipeline
    role: str = "worker"
    schedule: bool = True
    guards: Guards = field(init=False)
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        clock = self.pipeline.clock
        self.guards = Guards(clock=lambda: clock().timestamp(), now=clock)
        work, connect = self.pipeline.work, lambda *_: never_called
        syncing = Syncing(work, registry.KINDS, connect=connect, guards=self.guards, schedule=self.schedule)
        self.watch = Watch(syncing, role=self.role)

    async def look(self) -> None:
        while await self.watch.look():
            pass

    async def called(self, toolkit: str, error: Upstream | None = None, times: int = 1) -> None:
        """The service is called, and answers or fails."""
        guard = self.guards.of(f"composio:{toolkit}", name=toolkit.title())

        async def attempt(_within_s: float) -> None:
            if error:
                raise error

        for _ in range(times):
            with suppress(Upstream) if error else nullcontext():
                await guard.call(attempt, mode=Mode.INTERACTIVE, write=True)


@pytest.fixture
def process(pipeline: Pipeline) -> Callable[..., Watching]:
    return lambda role="worker", schedule=True: Watching(pipeline, role, schedule)


async def configured(pipeline: Pipeline, *kinds: str) -> list[int]:
    """Integrations that were pulled just now."""
    made = []
    async with pipeline.database.writing() as session:
        for number, kind in enumerate(kinds):
            each = await connections.service.create(
                session,
                kind=kind,
                name=f"{kind} {number}",
                now=pipeline.clock(),
                gateway={"connected_account_id": f"ca_{kind}"},
            )
            each.state, each.cursor_at, each.last_success_at = State.OK, pipeline.clock(), pipeline.clock()
            each.next_sync_at = pipeline.clock() + timedelta(days=9)
            made.append(each.id)
    return made


async def pulled(pipeline: Pipeline, ids: list[int], cause: Cause | None = None, **more: Any) -> None:
    """How their pulls went, well or not."""
    now = pipeline.clock()
    values: dict[str, Any] = {"state": State.OK, "last_error": None, "first_failed_at": None}
    if cause is None:
        values |= {"cursor_at": now, "last_success_at": now}
    else:
        error = {"category": "network", "detail": "It failed.", "at": now.isoformat(), "cause": cause}
        values |= {"state": State.FAILING, "last_error": error, "last_failed_at": now, "first_failed_at": now}
    async with pipeline.database.writing() as session:
        await session.execute(update(Integration).where(Integration.id.in_(ids)).values(values | more))


async def told(pipeline: Pipeline, name: str = "overall") -> list[str]:
    """The levels that were told, oldest first, each with its reason."""
    query = select(Event.data).where(Event.type == "level.changed").order_by(Event.id)
    async with pipeline.database.reading() as session:
        found = (await session.execute(query)).scalars().all()
    return [f"{each['level']}: {each['reason']}" for each in found if each["name"] == name]


async def told_of(pipeline: Pipeline) -> list[str]:
    """What changes were told of."""
    query = select(Event.data).where(Event.type == "level.changed").order_by(Event.id)
    async with pipeline.database.reading() as session:
        return [each["name"] for each in (await session.execute(query)).scalars()]


async def stored(pipeline: Pipeline, name: str = "overall") -> StoredLevel:
    async with pipeline.database.reading() as session:
        return (await standing.levels(session, [name]))[name]


async def test_an_outage_of_the_gateway_is_told_once_and_its_end_once(
    pipeline: Pipeline, process: Callable[..., Watching]
) -> None:
    """Fifty integrations of three kinds, two workers and a server; each worker meets the outage by itself."""
    ids = await configured(pipeline, *(["gmail", "slack", "notion"] * 17)[:50])
    workers, server = [process(), process()], process(ONLY_ANSWERS)
    for each in (*workers, server):
        await each.look()
    for at, toolkit in enumerate(("gmail", "slack", "notion", "gmail")):
        await workers[at % 2].called(toolkit, COMPOSIO_DOWN, times=3)
        await pulled(pipeline, ids[at * 12 : at * 12 + 12], Cause.OUTAGE)
        for each in (server, *workers):
            pipeline.clock.advance(seconds=4)
            await each.look()
    for _ in range(36):  # twelve minutes
        pipeline.clock.advance(seconds=20)
        for each in (server, *workers):
            await each.look()
    down = await told(pipeline)

    for at, worker in enumerate(workers):  # it is back, and found to be so bit by bit
        pipeline.clock.advance(seconds=31)
        for toolkit in ("gmail", "slack", "notion"):
            await worker.called(toolkit, times=2)
        await pulled(pipeline, ids[at * 25 : at * 25 + 25])
        for each in (*workers, server):
            pipeline.clock.advance(seconds=4)
            await each.look()

    assert down == ["CRITICAL: Composio does not answer. It is tried again by itself."]
    assert await told(pipeline) == [*down, "NORMAL: Everything answers."]
    assert sorted(await told_of(pipeline)) == ["Composio", "Composio", "overall", "overall"]


async def test_one_service_that_fails_at_a_gateway_that_others_are_reached_through_is_told_once(
    pipeline: Pipeline, process: Callable[..., Watching]
) -> None:
    """Its breaker lets a probe through now and then; that one fails as well is no news of the gateway."""
    ids = await configured(pipeline, "gmail", "slack")
    worker = process()
    await worker.look()
    for step in range(24):  # twelve minutes
        if step % 4 == 1:
            await worker.called("gmail", COMPOSIO_DOWN, times=3)
            await pulled(pipeline, ids[:1], Cause.OUTAGE)
        if step % 4 == 3:
            await worker.called("slack")
            await pulled(pipeline, ids[1:])
        for _ in range(3):
            pipeline.clock.advance(seconds=10)
            await worker.look()

    assert await told(pipeline, "Composio") == [
        "OFFLINE: Composio does not answer. It is tried again by itself.",
        "NORMAL: It answers.",
    ]
    assert [each.partition(":")[0] for each in await told(pipeline)] == ["CRITICAL", "DEGRADED"]


async def test_access_that_was_lost_during_an_outage_is_told_by_itself_once_that_ends(
    pipeline: Pipeline, process: Callable[..., Watching]
) -> None:
    ids = await configured(pipeline, "gmail", "slack", "notion")
    worker = process()
    await worker.look()
    for toolkit in ("gmail", "slack", "notion"):
        await worker.called(toolkit, COMPOSIO_DOWN, times=3)
    await pulled(pipeline, ids, Cause.OUTAGE)
    for _ in range(4):
        pipeline.clock.advance(seconds=10)
        await worker.look()
    for toolkit in ("gmail", "slack", "notion"):
        await worker.called(toolkit, times=2)
    await pulled(pipeline, ids[:2])
    await pulled(pipeline, ids[2:], Cause.ACCESS, state=State.NEEDS_RECONNECT)
    for _ in range(4):
        pipeline.clock.advance(seconds=10)
        await worker.look()

    assert [each.partition(":")[0] for each in await told(pipeline, "notion 2")] == ["OFFLINE"]
    assert sorted(await told_of(pipeline)) == ["Composio", "Composio", "notion 2", "overall", "overall"]


async def test_without_a_network_that_is_said_and_everything_else_is_folded(
    pipeline: Pipeline, process: Callable[..., Watching]
) -> None:
    ids = await configured(pipeline, "gmail", "slack")
    worker = process()
    await worker.look()
    for toolkit in ("gmail", "slack"):
        await worker.called(toolkit, UNHEARD, times=3)
    await pulled(pipeline, ids, Cause.OUTAGE)
    for _ in range(4):
        pipeline.clock.advance(seconds=5)
        await worker.look()

    reason = (
        "CRITICAL: Nothing outside can be reached from here: look at this machine's network; or Composio is silent."
    )
    assert await told(pipeline) == [reason]
    assert await told_of(pipeline) == ["Network", "overall"]
    assert (await stored(pipeline, f"integration {ids[0]}")).folded == "network"


async def test_pulls_that_meet_an_outage_of_the_stand_in_are_told_as_one(pipeline: Pipeline) -> None:
    """The whole way: connections are refused, the guards learn of it, the level changes and changes back."""
    fake = FakeComposio(now=pipeline.clock)
    fake.connect("ca_gmail", Mailbox(now=pipeline.clock).generate(3))
    quick = GuardSettings(retry_first_s=0.01, retry_most_s=0.05, background_budget_s=1, breaker_rest_s=2)
    guards = Guards(quick, clock=lambda: pipeline.clock().timestamp(), now=pipeline.clock)
    async with serving(fake) as url:
        gateway = gateway_from("rest", api_key=SecretStr("test-key"), base_url=url)
        connect = connected(gateway, None, guards, registry.TOOLS)
        syncing = Syncing(pipeline.work, registry.KINDS, connect=connect, guards=guards, close=gateway.close)
        watch, dispatcher = Watch(syncing, role="worker"), Dispatcher(syncing)
        [gmail] = await configured(pipeline, "gmail")

        async def pull() -> str:
            async with pipeline.database.writing() as session:
                run = await pulls.request(session, gmail, now=pipeline.clock())
            ended = await dispatcher.pull_now(run.id)
            for _ in range(3):
                pipeline.clock.advance(seconds=5)
                await watch.look()
            return ended.state if ended else ""

        states = [await pull()]
        async with outage(fake):
            states.append(await pull())
        states.append(await pull())
        await syncing.end()

    assert states == ["succeeded", "failed", "succeeded"]
    assert await told(pipeline) == [
        "CRITICAL: Composio does not answer. It is tried again by itself.",
        "NORMAL: Everything answers.",
    ]


async def test_a_short_hiccup_is_told_to_nobody(pipeline: Pipeline, process: Callable[..., Watching]) -> None:
    await configured(pipeline, "gmail")
    worker = process()
    await worker.look()
    await worker.called("gmail", COMPOSIO_DOWN, times=3)
    await worker.look()
    pending = (await stored(pipeline)).pending_level
    worker.guards.of("composio:gmail").breaker.close()
    pipeline.clock.advance(seconds=9)
    await worker.look()

    assert pending == "CRITICAL"
    assert await told(pipeline) == []
    assert (await stored(pipeline)).pending_level is None


async def test_a_restart_keeps_since_when_it_is_so_and_tells_nothing_again(
    pipeline: Pipeline, process: Callable[..., Watching]
) -> None:
    [gmail] = await configured(pipeline, "gmail")
    await pulled(pipeline, [gmail], Cause.REFUSED)
    first = process()
    await first.look()
    since = (await stored(pipeline)).since
    await first.watch.stop()
    pipeline.clock.advance(hours=2)
    await process().look()

    assert (await stored(pipeline)).since == since
    assert await told(pipeline) == []


async def test_a_pending_level_goes_on_to_settle_after_a_restart(
    pipeline: Pipeline, process: Callable[..., Watching]
) -> None:
    [gmail] = await configured(pipeline, "gmail")
    await process().look()
    await pulled(pipeline, [gmail], Cause.REFUSED)
    await process().look()
    began = pipeline.clock()
    pipeline.clock.advance(seconds=10)
    await process().look()

    assert ((await stored(pipeline)).level, (await stored(pipeline)).since) == ("CRITICAL", began)
    assert (await told(pipeline))[0].startswith("CRITICAL: Nothing new arrives: gmail 0 can't be trusted now.")


async def test_a_worker_that_died_is_noticed_and_what_is_due_makes_it_critical(
    pipeline: Pipeline, process: Callable[..., Watching]
) -> None:
    [gmail] = await configured(pipeline, "gmail")
    worker, server = process(), process(ONLY_ANSWERS)
    await worker.look()
    await server.look()
    pipeline.clock.advance(seconds=22)
    await server.look()
    assert await told(pipeline) == []
    async with pipeline.database.writing() as session:
        await session.execute(update(Task).values(valid_until=pipeline.clock()))
        await session.execute(update(Integration).values(next_sync_at=pipeline.clock()))
    await pipeline.take(mail("Could you sign it?"))
    await pulled(pipeline, [gmail])
    async with pipeline.database.writing() as session:
        await session.execute(update(Task).values(valid_until=pipeline.clock()))
    for _ in range(3):
        pipeline.clock.advance(seconds=6)
        await server.look()

    assert await told(pipeline, "Jobs") == [f"OFFLINE: {rules_nobody()}"]
    assert await told(pipeline) == [f"CRITICAL: {rules_nobody()}"]


async def test_where_nobody_works_pulls_that_are_due_make_it_critical(
    pipeline: Pipeline, process: Callable[..., Watching]
) -> None:
    [gmail] = await configured(pipeline, "gmail")
    server = process(ONLY_ANSWERS)
    await server.look()
    async with pipeline.database.writing() as session:
        due = update(Integration).where(Integration.id == gmail).values(next_sync_at=pipeline.clock())
        await session.execute(due)
    for _ in range(3):
        pipeline.clock.advance(seconds=6)
        await server.look()

    assert await told(pipeline) == [f"CRITICAL: {rules_nobody()}"]


def rules_nobody() -> str:
    return "No process runs jobs: start `watchfloor serve` without --no-jobs, or `watchfloor worker`."


async def test_a_start_after_a_night_is_told_to_nobody_while_all_is_pulled_again(
    pipeline: Pipeline, process: Callable[..., Watching]
) -> None:
    ids = await configured(pipeline, "gmail", "slack")
    evening = process()
    await evening.look()
    await evening.watch.leave()
    async with pipeline.database.writing() as session:
        await session.execute(update(Integration).values(next_sync_at=pipeline.clock()))
    pipeline.clock.advance(hours=9)
    morning = process()
    for _ in range(4):
        await morning.look()
        pipeline.clock.advance(seconds=30)
    reason = (await stored(pipeline)).reason
    await pulled(pipeline, ids, next_sync_at=pipeline.clock() + timedelta(minutes=2))
    await morning.look()

    assert reason == "Everything answers."
    assert await told_of(pipeline) == []


async def test_what_a_start_does_not_bring_back_within_five_minutes_is_told(
    pipeline: Pipeline, process: Callable[..., Watching]
) -> None:
    ids = await configured(pipeline, "gmail", "slack")
    await process().watch.look()
    pipeline.clock.advance(hours=9)
    morning = process()
    await morning.look()
    await pulled(pipeline, ids[1:])
    for _ in range(6):
        pipeline.clock.advance(minutes=1)
        await morning.look()

    assert await told_of(pipeline) == ["gmail 0", "overall"]


async def test_whether_pulls_come_by_themselves_is_what_those_say_that_pull(
    pipeline: Pipeline, process: Callable[..., Watching]
) -> None:
    [gmail] = await configured(pipeline, "gmail")
    worker, server = process(), process(ONLY_ANSWERS, schedule=False)
    for _ in range(50):  # as long as nothing is heard, and due
        pipeline.clock.advance(seconds=15)
        await worker.look()
        await server.look()

    assert (await stored(pipeline, f"integration {gmail}")).level == "DEGRADED"
    assert (await told_of(pipeline)).count("gmail 0") == 1


async def test_a_process_that_stops_signs_off_and_others_are_forgotten_after_a_day(
    pipeline: Pipeline, process: Callable[..., Watching]
) -> None:
    stopping, killed, going = process(), process(), process()
    stopping.watch.start()
    for each in (stopping, killed):
        await each.look()
    await stopping.watch.stop()
    pipeline.clock.advance(days=1, seconds=1)
    await going.look()

    async with pipeline.database.reading() as session:
        assert (await session.execute(select(Process.id))).scalars().all() == [going.watch.id]


async def test_while_nothing_changes_a_look_writes_only_every_other_sign_of_life(
    pipeline: Pipeline, process: Callable[..., Watching]
) -> None:
    ids = await configured(pipeline, "gmail", "slack")
    worker = process()
    await worker.called("gmail")
    await worker.look()
    signs = []
    for _ in range(6):
        pipeline.clock.advance(seconds=5)
        await worker.called("gmail")
        await pulled(pipeline, ids)
        before = await pipeline.dump()
        await worker.look()
        signs.append(await pipeline.dump() != before)

    assert signs == [False, True] * 3


async def test_a_process_whose_clock_was_set_back_goes_on_to_say_that_it_lives(
    pipeline: Pipeline, process: Callable[..., Watching]
) -> None:
    worker = process()
    await worker.look()
    pipeline.clock.advance(hours=-2)
    await worker.look()

    async with pipeline.database.reading() as session:
        assert (await session.get_one(Process, worker.watch.id)).seen_at == pipeline.clock()


async def test_integrations_that_are_gone_leave_no_level(pipeline: Pipeline, process: Callable[..., Watching]) -> None:
    [gmail] = await configured(pipeline, "gmail")
    worker = process()
    await worker.look()
    async with pipeline.database.writing() as session:
        await session.delete(await session.get_one(Integration, gmail))
    await worker.look()

    async with pipeline.database.reading() as session:
        assert f"integration {gmail}" not in await standing.levels(session)


async def test_changes_are_told_with_all_that_an_alert_needs(
    pipeline: Pipeline, process: Callable[..., Watching]
) -> None:
    ids = await configured(pipeline, "gmail", "slack")
    worker = process()
    await worker.look()
    began = pipeline.clock()
    await pulled(pipeline, ids[:1], Cause.UNREADABLE)
    for _ in range(4):
        await worker.look()
        pipeline.clock.advance(seconds=4)

    async with pipeline.database.reading() as session:
        found = (await session.execute(select(Event.data).where(Event.type == "level.changed"))).scalars().all()
    assert json.loads(json.dumps(found[0])) == {
        "integration": ids[0],
        "name": "gmail 0",
        "kind": "gmail",
        "level": "OFFLINE",
        "before": "NORMAL",
        "reason": "Not heard since 2026-03-02 09:00 UTC: It failed.",
        "since": began.isoformat().replace("+00:00", "Z"),
    }
    assert [each["level"] for each in found] == ["OFFLINE", "DEGRADED"]
