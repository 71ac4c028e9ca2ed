"""Word of something new meets a pull that begins, goes on or ends at that moment: nothing is lost or doubled."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from app.core.errors import Unreachable
from app.domains import connections
from app.domains.connections import pulls, pushes
from app.domains.connections.models import Integration
from app.domains.connections.pushes import Effect
from app.domains.connections.rules import Cause, State
from app.workflows.sync.dispatching import Dispatcher
from app.workflows.sync.webhooks.receiving import EXPIRED, TRIGGER, Received, receive
from tests.workflows.sync.scripted import Pulling, page
from tests.workflows.sync.test_pages import mail
from tests.workflows.sync.test_races import begun

KINDS = ("scripted",)


async def pushed(pulling: Pulling, place: int) -> Effect:
    async with pulling.database.writing() as session:
        found = await pushes.something_new(session, place, kinds=KINDS, now=pulling.pipeline.clock())
    assert found is not None
    return found[1]


async def run_due(pulling: Pulling, dispatcher: Dispatcher) -> None:
    await dispatcher.look()
    await dispatcher.settle()


async def test_word_that_comes_while_a_pull_ends_is_followed_by_another(
    on_postgres: Pulling, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await on_postgres.configured()
    on_postgres.source.pulls = [[page(1, mail(1), done=True)], [page(2, mail(2), done=True)]]
    dispatcher, succeeded = on_postgres.dispatcher(), pulls.succeeded
    sent: list[asyncio.Task[Effect]] = []

    def then_word_comes(integration: Integration, *given: Any, **more: Any) -> None:
        succeeded(integration, *given, **more)  # the integration is locked: the word waits for the commit
        on_postgres.pipeline.clock.advance(seconds=10)
        sent.append(asyncio.get_running_loop().create_task(pushed(on_postgres, place)))
        monkeypatch.setattr(pulls, "succeeded", succeeded)

    monkeypatch.setattr(pulls, "succeeded", then_word_comes)
    await run_due(on_postgres, dispatcher)
    assert await sent[0] is Effect.QUEUED
    await run_due(on_postgres, dispatcher)

    assert [run.state for run in await on_postgres.runs()] == ["succeeded", "succeeded"]
    assert (await on_postgres.place(place)).cursor == {"at": 2}


async def test_word_that_is_noted_while_a_pull_ends_is_seen_by_it(on_postgres: Pulling) -> None:
    place = await on_postgres.configured()
    going = asyncio.Event()
    on_postgres.source.pulls = [[going.wait, page(1, mail(1), done=True)], [page(2, mail(2), done=True)]]
    dispatcher = on_postgres.dispatcher()
    await dispatcher.look()
    await begun(on_postgres)
    on_postgres.pipeline.clock.advance(seconds=1)

    async with on_postgres.database.writing() as session:
        now = on_postgres.pipeline.clock()
        word = await pushes.something_new(session, place, kinds=KINDS, now=now)
        going.set()
        await asyncio.sleep(0.2)  # it waits for the integration that is locked here
    await dispatcher.settle()

    assert word is not None
    assert word[1] is Effect.FOLLOWS
    found = await on_postgres.place(place)
    assert found.next_sync_at == on_postgres.pipeline.clock() + pulls.PUSHED_AGAIN
    on_postgres.pipeline.clock.advance(pulls.PUSHED_AGAIN)
    await run_due(on_postgres, dispatcher)
    assert (await on_postgres.place(place)).cursor == {"at": 2}


async def test_the_pull_that_follows_is_the_last_where_no_more_word_comes(pulling: Pulling) -> None:
    place = await pulling.configured()
    going = asyncio.Event()
    pulling.source.pulls = [[going.wait, page(1, done=True)], [page(2, done=True)]]
    dispatcher = pulling.dispatcher()
    await dispatcher.look()
    await begun(pulling)
    pulling.pipeline.clock.advance(seconds=1)
    assert await pushed(pulling, place) is Effect.FOLLOWS
    going.set()
    await dispatcher.settle()

    for _ in range(5):
        pulling.pipeline.clock.advance(pulls.PUSHED_AGAIN)
        await run_due(pulling, dispatcher)

    assert len(await pulling.runs()) == 2
    due = (await pulling.place(place)).next_sync_at
    assert due is not None
    assert due - pulling.pipeline.clock() > timedelta(minutes=1)


async def test_word_in_the_middle_of_a_pull_that_fails_is_not_lost(pulling: Pulling) -> None:
    place = await pulling.configured()
    going = asyncio.Event()
    pulling.source.pulls = [[going.wait, Unreachable("It does not answer.", service="Scripted")], [page(2, done=True)]]
    dispatcher = pulling.dispatcher(schedule=False)
    async with pulling.database.writing() as session:
        await pulls.request(session, place, now=pulling.pipeline.clock())
    await dispatcher.look()
    await begun(pulling)
    pulling.pipeline.clock.advance(seconds=1)
    await pushed(pulling, place)
    going.set()
    await dispatcher.settle()
    assert (await pulling.place(place)).failures == 1

    pulling.pipeline.clock.advance(minutes=6)
    await run_due(pulling, dispatcher)

    assert [run.state for run in await pulling.runs()] == ["failed", "succeeded"]


async def test_a_pull_that_word_began_is_tried_again_where_it_fails(pulling: Pulling) -> None:
    place = await pulling.configured()
    pulling.source.pulls = [[Unreachable("It does not answer.", service="Scripted")], [page(2, done=True)]]
    dispatcher = pulling.dispatcher(schedule=False)
    await pushed(pulling, place)

    for _ in range(4):
        pulling.pipeline.clock.advance(hours=1)
        await run_due(pulling, dispatcher)

    assert [run.state for run in await pulling.runs()] == ["failed", "succeeded"]


async def test_word_for_an_integration_that_was_never_pulled_is_a_pull(pulling: Pulling) -> None:
    place = await pulling.configured()
    pulling.source.pulls = [[page(1, done=True)]]

    effects = [await pushed(pulling, place) for _ in range(3)]

    assert effects == [Effect.QUEUED, Effect.FOLLOWS, Effect.FOLLOWS]
    assert len(await pulling.runs()) == 1


async def test_what_nothing_here_can_pull_is_noted_and_not_queued(pulling: Pulling) -> None:
    place = await pulling.configured()
    async with pulling.database.writing() as session:
        found = await pushes.something_new(session, place, kinds=(), now=pulling.pipeline.clock())

    assert found is not None
    assert (found[1], found[0].pushed_at) == (Effect.NOTHING, pulling.pipeline.clock())
    assert await pulling.runs() == []


NEWS = {"type": TRIGGER, "metadata": {"connected_account_id": "ca_x"}}
LOST = {"type": EXPIRED, "data": {"id": "ca_x", "status": "EXPIRED"}}


async def delivered(pulling: Pulling, told: Mapping[str, Any], delivery_id: str = "msg_1") -> Received:
    async with pulling.database.writing() as session:
        return await receive(session, pulling.syncing(), delivery_id, told)


async def of_one_account(pulling: Pulling, *, failures: int = 0) -> list[int]:
    """Two integrations of it; the first waits for its service to come back where they have failed."""
    places = [await pulling.configured(name) for name in ("first", "second")]
    now = pulling.pipeline.clock()
    async with pulling.database.writing() as session:
        for place in places:
            one = await connections.service.get(session, place)
            one.gateway, one.failures = {"user_id": "u", "connected_account_id": "ca_x"}, failures
            if failures and place == places[0]:
                one.state, one.next_sync_at = State.RETRYING, now + timedelta(hours=1)
                one.last_error = {"cause": Cause.OUTAGE, "detail": "", "category": "network", "at": now.isoformat()}
    return places


async def test_word_for_several_and_a_pull_that_wakes_its_siblings_never_wait_for_each_other(
    on_postgres: Pulling, monkeypatch: pytest.MonkeyPatch
) -> None:
    await of_one_account(on_postgres, failures=1)
    on_postgres.source.pulls = [[page(1, mail(1), done=True)]]
    wake, sent = pulls.wake_siblings, []

    async def then_word_comes(*given: Any, **more: Any) -> None:
        sent.append(asyncio.create_task(delivered(on_postgres, NEWS)))
        await asyncio.wait(sent, timeout=0.5)  # it has the first, and waits for the second, which is locked here
        await wake(*given, **more)

    monkeypatch.setattr(pulls, "wake_siblings", then_word_comes)
    await run_due(on_postgres, on_postgres.dispatcher())
    [word] = await asyncio.gather(*sent)

    assert word.integrations == (1, 2)
    assert (await on_postgres.runs())[0].state == "succeeded"


@pytest.mark.parametrize("told", [NEWS, LOST])
@pytest.mark.parametrize("pulled", [False, True])
async def test_one_that_is_deleted_while_word_of_it_comes_is_left_out(
    on_postgres: Pulling, told: Mapping[str, Any], pulled: bool
) -> None:
    gone, stays = await of_one_account(on_postgres)
    now, found = on_postgres.pipeline.clock(), asyncio.Event()
    if pulled:
        async with on_postgres.database.writing() as session:
            await pulls.request(session, gone, now=now)

    async def word() -> Received:
        await found.wait()
        return await delivered(on_postgres, told)

    waiting = asyncio.create_task(word())
    async with on_postgres.database.writing() as session:
        integration = await connections.service.get(session, gone)
        await pulls.stop(session, integration, now=now)
        await session.delete(integration)
        await session.flush()
        found.set()
        await asyncio.wait([waiting], timeout=0.5)  # it has read which there are, and waits for the one that goes

    assert (await waiting).integrations == (stays,)
