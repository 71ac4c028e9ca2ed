"""What happens at the same moment: pulls that end, sleep, begin or store while somebody changes or deletes them."""

import asyncio
import sqlite3
import time
from collections.abc import MutableMapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.core.clock import utc_now
from app.core.database import one_at_a_time
from app.domains import connections, people
from app.domains.connections import pulls
from app.domains.connections.schemas import IntegrationPatch
from app.domains.tasks import forgetting
from app.workflows import runs
from app.workflows.jobs import Jobs
from app.workflows.jobs import Pulling as HowToPull
from app.workflows.sync.configuring import change
from app.workflows.sync.dispatching import Dispatcher
from app.workflows.sync.syncing import Syncing
from tests.workflows.pipeline import Pipeline, eventually
from tests.workflows.sync.scripted import Pulling, page
from tests.workflows.sync.test_pages import mail


async def begun(pulling: Pulling, times: int = 1) -> None:
    async def seen() -> bool:
        return len(pulling.source.seen) == times

    await eventually(seen)


async def stored(pulling: Pulling, count: int = 1) -> None:
    async def there() -> bool:
        return len(await pulling.pipeline.items()) == count

    await eventually(there)


async def set_blue(pulling: Pulling, place: int) -> None:
    async with pulling.database.writing() as session:
        found = await connections.service.get(session, place)
        manifest = pulling.syncing().kinds["scripted"]
        await change(session, found, manifest, IntegrationPatch(settings={"colour": "blue"}), now=utc_now())


async def delete(pulling: Pulling, place: int) -> None:
    async with pulling.database.writing() as session:
        found = await connections.service.get(session, place)
        await one_at_a_time(session, "ingest")
        await pulls.stop(session, found, now=pulling.pipeline.clock())
        await forgetting.forget_integration(session, place)
        await session.delete(found)


async def pause(pulling: Pulling, place: int) -> None:
    async with pulling.database.writing() as session:
        await pulls.pause(session, await connections.service.get(session, place), now=pulling.pipeline.clock())


async def test_a_sleeper_does_not_revive_a_pull_that_was_given_up(pulling: Pulling) -> None:
    place = await pulling.configured()
    asleep = asyncio.Event()
    pulling.source.pulls = [[asleep.wait, page(7, mail(7)), page(8, done=True)]]
    sleeper, other = pulling.dispatcher(), pulling.dispatcher()
    await sleeper.look()
    await begun(pulling)
    async with pulling.database.writing() as session:
        (await connections.service.get_run(session, 1)).attempts = connections.service.MOST_ATTEMPTS
    pulling.pipeline.clock.advance(runs.LEASE + timedelta(seconds=1))
    await other.look()
    pulling.pipeline.clock.advance(minutes=1)
    pulling.source.pulls = [[page(20, mail(20), done=True)]]
    await other.look()
    await other.settle()

    asleep.set()
    await sleeper.settle()

    assert [run.state for run in await pulling.runs()] == ["failed", "succeeded"]
    assert (await pulling.place(place)).cursor == {"at": 20}
    assert [item.external_id for item in await pulling.pipeline.items()] == ["m20"]


async def test_settings_changed_while_a_pull_begins_are_not_missed(
    on_postgres: Pulling, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await on_postgres.configured()
    going = asyncio.Event()
    on_postgres.source.pulls = [[going.wait, page(1, mail(1), done=True)]]
    dispatcher, look = on_postgres.dispatcher(), pulls.unfinished_of

    async def then_one_begins(session: Any, integration_id: int) -> Any:
        found = await look(session, integration_id)
        monkeypatch.setattr(pulls, "unfinished_of", look)
        await dispatcher.look()
        await begun(on_postgres)
        return found

    monkeypatch.setattr(pulls, "unfinished_of", then_one_begins)
    await set_blue(on_postgres, place)
    going.set()
    await dispatcher.settle()

    found = await on_postgres.place(place)
    assert (found.settings, found.cursor) == ({"colour": "blue"}, None)


async def test_a_pull_that_ended_well_is_not_called_cancelled(
    on_postgres: Pulling, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await on_postgres.configured()
    going = asyncio.Event()
    on_postgres.source.pulls = [[going.wait, page(1, mail(1), done=True)]]
    dispatcher, look = on_postgres.dispatcher(), pulls.unfinished_of
    await dispatcher.look()

    async def then_it_ends(session: Any, integration_id: int) -> Any:
        found = await look(session, integration_id)
        going.set()
        await dispatcher.settle()
        return found

    monkeypatch.setattr(pulls, "unfinished_of", then_it_ends)
    await pause(on_postgres, place)

    assert [run.state for run in await on_postgres.runs()] == ["succeeded"]


@pytest.mark.parametrize("act", [pause, set_blue, delete])
async def test_nobody_waits_for_each_other_for_ever_while_a_page_is_stored(
    on_postgres: Pulling, monkeypatch: pytest.MonkeyPatch, act: Any, logged: list[MutableMapping[str, Any]]
) -> None:
    place = await on_postgres.configured()
    on_postgres.source.pulls = [[page(1, mail(1), done=True)]]
    dispatcher, inside, meet = on_postgres.dispatcher(), asyncio.Event(), people.service.meet

    async def slowly(*given: Any, **more: Any) -> None:
        inside.set()
        await asyncio.sleep(0.3)
        await meet(*given, **more)

    monkeypatch.setattr(people.service, "meet", slowly)
    await dispatcher.look()
    await inside.wait()

    await act(on_postgres, place)
    await dispatcher.settle()

    assert [entry for entry in logged if entry["log_level"] == "error"] == []


async def test_deleting_during_a_pull_ends_it_quietly(pulling: Pulling, logged: list[MutableMapping[str, Any]]) -> None:
    place = await pulling.configured()
    going = asyncio.Event()
    pulling.source.pulls = [[page(1, mail(1)), going.wait, page(2, mail(2), done=True)]]
    dispatcher = pulling.dispatcher()
    await dispatcher.look()
    await stored(pulling)

    await delete(pulling, place)
    going.set()
    await dispatcher.settle()

    assert [entry for entry in logged if entry["log_level"] == "error"] == []
    assert await pulling.pipeline.items() == []


async def test_a_process_leaves_alone_what_it_can_not_pull(pulling: Pulling) -> None:
    place = await pulling.configured()
    async with pulling.database.writing() as session:
        await pulls.request(session, place, now=pulling.pipeline.clock())
    without_gateway = Dispatcher(Syncing(pulling.pipeline.work, {}))

    await without_gateway.look()
    await without_gateway.settle()

    assert [run.state for run in await pulling.runs()] == ["queued"]


async def test_who_asks_at_hand_goes_on_with_what_a_dead_process_left(pulling: Pulling) -> None:
    place = await pulling.configured()
    pulling.source.pulls = [[page(1, done=True)]]
    async with pulling.database.writing() as session:
        run = await pulls.request(session, place, now=pulling.pipeline.clock())
        run.state, run.owner, run.seen_at = "running", "dead", pulling.pipeline.clock()
    assert await pulling.dispatcher().pull_now(run.id) is None

    pulling.pipeline.clock.advance(runs.LEASE + timedelta(seconds=1))
    ended = await pulling.dispatcher().pull_now(run.id)

    assert ended is not None
    assert ended.state == "succeeded"


async def test_a_stop_in_the_middle_of_looking_leaves_nothing_behind(pulling: Pulling) -> None:
    for number in range(4):
        await pulling.configured(f"place {number}")
    pulling.source.pulls = [[asyncio.Event().wait]]
    dispatcher = pulling.dispatcher()
    jobs = Jobs(pulling.pipeline.work, every_s=5, batch=10, pulling=HowToPull(dispatcher))
    jobs.start()

    async def one_begun() -> bool:
        return any(task.get_name().startswith("pull ") for task in asyncio.all_tasks())

    await eventually(one_begun, every_s=0.001)
    await jobs.stop()

    assert [task for task in asyncio.all_tasks() if task.get_name().startswith("pull ")] == []
    assert {run.state for run in await pulling.runs()} == {"queued"}


async def test_a_pull_that_a_stop_meets_before_its_first_step_is_given_back(pulling: Pulling) -> None:
    await pulling.configured()
    pulling.source.pulls = [[asyncio.Event().wait]]
    dispatcher = pulling.dispatcher(at_once=1)
    await dispatcher.look()  # comes back without letting anything else run once there is no room left

    await dispatcher.stop()

    assert [run.state for run in await pulling.runs()] == ["queued"]
    assert pulling.source.seen == []


def locked(pipeline: Pipeline) -> sqlite3.Connection:
    """The database in the hands of somebody who lets nobody write."""
    holder = sqlite3.connect(str(pipeline.database.url.database), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    return holder


async def test_a_process_never_takes_up_its_own_pull(on_sqlite: Pipeline) -> None:
    pulling = Pulling(on_sqlite)
    work = replace(on_sqlite.work, clock=utc_now, lease=timedelta(seconds=0.6))
    await pulling.configured()
    pulling.source.pulls = [[asyncio.Event().wait]]
    dispatcher = Dispatcher(pulling.syncing(work))
    await dispatcher.look()
    await begun(pulling)

    holder = locked(on_sqlite)
    looking = asyncio.create_task(dispatcher.look())
    await asyncio.sleep(1.5)  # no sign of life can be written for longer than the lease
    holder.execute("ROLLBACK")
    holder.close()
    await looking
    await dispatcher.look()

    assert len(pulling.source.seen) == 1
    await dispatcher.stop()


async def test_a_stop_is_in_time_also_where_the_database_is_locked(on_sqlite: Pipeline) -> None:
    pulling = Pulling(on_sqlite)
    await pulling.configured()
    pulling.source.pulls = [[asyncio.Event().wait]]
    dispatcher = pulling.dispatcher()
    await dispatcher.look()
    await begun(pulling)
    holder = locked(on_sqlite)

    started = time.monotonic()
    await dispatcher.stop()
    took = time.monotonic() - started

    holder.execute("ROLLBACK")
    holder.close()
    assert took < 7
    await dispatcher.settle()


async def test_what_the_database_refuses_is_called_a_defect(pulling: Pulling) -> None:
    place = await pulling.configured()

    await pulling.pull(page(1, mail(1, "half \ud83d a pair")))

    found = await pulling.place(place)
    assert found.last_error
    assert found.last_error["cause"] == "defect"


async def test_an_import_beside_a_pull_does_not_hide_lost_access(pulling: Pulling) -> None:
    async with pulling.database.writing() as session:
        made = await connections.service.create(
            session, kind="mbox", name="mbox", now=pulling.pipeline.clock(), gateway={"user_id": "u"}
        )
        made.state = "needs_reconnect"

    await pulling.pipeline.take(b"From: a@b.example\nSubject: hi\nMessage-ID: <1@x>\n\nhello\n", into="mbox")

    assert (await pulling.place(made.id)).state == "needs_reconnect"
