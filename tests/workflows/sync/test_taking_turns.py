"""Any number of processes: each pull is carried out by one, and one that dies is followed by another."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from app.core.database import Database
from app.domains import connections
from app.domains.connections import pulls
from app.domains.connections.schemas import IntegrationPatch
from app.workflows import runs
from app.workflows.sync.configuring import change
from app.workflows.sync.dispatching import Dispatcher
from app.workflows.sync.ending import take_up
from tests.workflows.pipeline import Pipeline, eventually
from tests.workflows.sync.scripted import Pulling, Scripted, page
from tests.workflows.sync.test_pages import mail


async def test_what_is_due_at_once_is_pulled_once_by_two_processes(pulling: Pulling, database: Database) -> None:
    for number in range(40):
        await pulling.configured(f"place {number}")
    pulling.source.pulls = [[page(1, done=True)]]
    other = Database(database.url.render_as_string(hide_password=False))
    work = replace(pulling.pipeline.work, database=other)
    processes = [pulling.dispatcher(at_once=3), Dispatcher(pulling.syncing(work), at_once=3)]

    async def turn(process: Dispatcher) -> None:
        for _ in range(40):
            await process.look()
            await process.settle()

    await asyncio.gather(*map(turn, processes))

    found = await pulling.runs()
    assert {run.state for run in found} == {"succeeded"}
    assert len(found) == len({run.integration_id for run in found}) == 40
    await other.close()


async def test_a_pull_whose_process_died_is_continued_behind_its_last_page(pulling: Pulling) -> None:
    place = await pulling.configured()
    dead = asyncio.Event()
    pulling.source.pulls = [[page(1, mail(1)), page(2, mail(2)), dead.wait], [page(3, mail(3), done=True)]]
    first, second = pulling.dispatcher(), pulling.dispatcher()
    await first.look()

    async def two_pages() -> bool:
        return (await pulling.place(place)).cursor == {"at": 2}

    await eventually(two_pages)
    await second.look()
    assert len(pulling.source.seen) == 1

    pulling.pipeline.clock.advance(runs.LEASE + timedelta(seconds=1))
    await second.look()
    await second.settle()

    [run] = await pulling.runs()
    assert (run.state, run.new, run.pages) == ("succeeded", 3, 3)
    assert pulling.source.seen[1].cursor == {"at": 2}
    dead.set()
    await first.settle()
    assert [run.state for run in await pulling.runs()] == ["succeeded"]


async def test_a_process_that_only_slept_stores_nothing_any_more(pulling: Pulling) -> None:
    await pulling.configured()
    asleep = asyncio.Event()
    pulling.source.pulls = [[page(1, mail(1)), asleep.wait, page(2, mail(2), done=True)], [page(5, done=True)]]
    sleeper, successor = pulling.dispatcher(), pulling.dispatcher()
    await sleeper.look()

    async def stored() -> bool:
        return len(await pulling.pipeline.items()) == 1

    await eventually(stored)
    pulling.pipeline.clock.advance(runs.LEASE + timedelta(seconds=1))
    await successor.look()
    await successor.settle()
    asleep.set()
    await sleeper.settle()

    assert [item.external_id for item in await pulling.pipeline.items()] == ["m1"]
    assert [(run.state, run.cursor_after) for run in await pulling.runs()] == [("succeeded", {"at": 5})]


async def test_a_process_that_is_stopped_gives_its_pull_back_at_once(pulling: Pulling) -> None:
    await pulling.configured()
    going = asyncio.Event()
    pulling.source.pulls = [[page(1, mail(1)), going.wait], [page(2, done=True)]]
    first, second = pulling.dispatcher(), pulling.dispatcher()
    await first.look()

    async def begun() -> bool:
        return bool(pulling.source.seen)

    await eventually(begun)
    await first.stop()

    assert [run.state for run in await pulling.runs()] == ["queued"]
    await second.look()
    await second.settle()
    assert [run.state for run in await pulling.runs()] == ["succeeded"]


async def test_who_is_begun_again_and_again_without_a_page_has_failed(pulling: Pulling) -> None:
    place = await pulling.configured()
    async with pulling.database.writing() as session:
        await pulls.enqueue_due(session, now=pulling.pipeline.clock(), kinds=["scripted"])
    for _ in range(connections.service.MOST_ATTEMPTS):
        async with pulling.database.writing() as session:
            assert await connections.service.claim_queued_run(
                session, owner="killed", now=pulling.pipeline.clock(), kinds=["scripted"]
            )
        now = pulling.pipeline.clock.advance(runs.LEASE + timedelta(seconds=1))
        async with pulling.database.writing() as session:
            await take_up(session, pulling.syncing(), spared=(), now=now)

    found = await pulling.place(place)

    assert found.last_error
    assert (found.state, found.last_error["cause"]) == ("retrying", "defect")


async def test_a_paused_integration_is_not_pulled_and_a_pull_that_goes_on_is_cancelled(pulling: Pulling) -> None:
    place = await pulling.configured()
    going = asyncio.Event()
    pulling.source.pulls = [[page(1, mail(1)), going.wait, page(2, mail(2), done=True)]]
    dispatcher = pulling.dispatcher()
    await dispatcher.look()

    async def stored() -> bool:
        return len(await pulling.pipeline.items()) == 1

    await eventually(stored)
    async with pulling.database.writing() as session:
        await pulls.pause(session, await connections.service.get(session, place), now=pulling.pipeline.clock())
    going.set()
    await dispatcher.settle()

    assert [run.state for run in await pulling.runs()] == ["cancelled"]
    assert len(await pulling.pipeline.items()) == 1
    pulling.pipeline.clock.advance(days=1)
    await dispatcher.look()
    assert len(await pulling.runs()) == 1

    async with pulling.database.writing() as session:
        pulls.resume(await connections.service.get(session, place), now=pulling.pipeline.clock())
    pulling.source.pulls = [[page(3, done=True)]]
    await dispatcher.look()
    await dispatcher.settle()
    assert [run.state for run in await pulling.runs()] == ["cancelled", "succeeded"]


async def test_without_a_schedule_only_what_was_asked_for_is_pulled(pulling: Pulling) -> None:
    place = await pulling.configured()
    pulling.source.pulls = [[page(1, done=True)]]
    dispatcher = pulling.dispatcher(schedule=False)
    await dispatcher.look()
    assert await pulling.runs() == []

    async with pulling.database.writing() as session:
        await pulls.request(session, place, now=pulling.pipeline.clock())
    await dispatcher.look()
    await dispatcher.settle()

    assert [run.state for run in await pulling.runs()] == ["succeeded"]


async def test_no_more_are_pulled_at_once_than_allowed(on_sqlite: Pipeline) -> None:
    pulling = Pulling(on_sqlite, Scripted())
    for number in range(5):
        await pulling.configured(f"place {number}")
    going = asyncio.Event()
    pulling.source.pulls = [[going.wait, page(1, done=True)]]
    dispatcher = pulling.dispatcher(at_once=2)

    await dispatcher.look()
    await dispatcher.look()

    assert sum(run.state == "running" for run in await pulling.runs()) == 2
    going.set()
    await dispatcher.settle()


async def test_an_integration_whose_pull_vanished_is_due_again(pulling: Pulling) -> None:
    place = await pulling.configured()
    async with pulling.database.writing() as session:
        (await connections.service.get(session, place)).next_sync_at = None

    async with pulling.database.writing() as session:
        await pulls.reschedule_lost(session, ["scripted"], now=pulling.pipeline.clock())

    assert (await pulling.place(place)).next_sync_at == pulling.pipeline.clock()


async def test_settings_that_change_while_a_pull_goes_on_begin_anew(pulling: Pulling) -> None:
    place = await pulling.configured()
    going = asyncio.Event()
    pulling.source.pulls = [[page(1, mail(1)), going.wait, page(2, mail(2), done=True)], [page(5, done=True)]]
    dispatcher = pulling.dispatcher()
    await dispatcher.look()

    async def stored() -> bool:
        return len(await pulling.pipeline.items()) == 1

    await eventually(stored)
    manifest = pulling.syncing().kinds["scripted"]
    async with pulling.database.writing() as session:
        found = await connections.service.get(session, place)
        await change(
            session, found, manifest, IntegrationPatch(settings={"colour": "blue"}), now=pulling.pipeline.clock()
        )
    going.set()
    await dispatcher.settle()

    assert (await pulling.place(place)).cursor is None
    await dispatcher.look()
    await dispatcher.settle()
    assert [(run.state, run.cursor_before) for run in await pulling.runs()] == [
        ("cancelled", None),
        ("succeeded", None),
    ]
    assert [pull.settings.colour for pull in pulling.source.seen] == ["red", "blue"]
