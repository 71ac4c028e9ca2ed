"""Several processes look after the same link, somebody deletes meanwhile, pulls go on: one of them ends it, once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core.errors import Rejected, Unreachable
from app.core.events import Event
from app.core.guard import Mode
from app.core.secrets import Vault
from app.domains import connections
from app.domains.connections import connecting, pulls, revoking
from app.domains.connections.connecting import Connection
from app.domains.connections.models import Revocation
from app.integrations.gateways.accounts import Link, Status
from app.workflows.sync.connecting import linking
from app.workflows.sync.connecting.following import Following
from app.workflows.sync.connecting.giving_back import give_back
from app.workflows.sync.syncing import Syncing
from tests.workflows.pipeline import Pipeline
from tests.workflows.sync.scripted import Pulling, page
from tests.workflows.sync.test_pages import mail
from tests.workflows.sync.test_races import begun, delete


@dataclass
class Scripted:
    """Accounts whose status a test sets; whoever asks may be made to wait."""

    status_: Status = field(default_factory=lambda: Status("ACTIVE"))
    refuses: bool = False
    """To take access back."""
    meet: Callable[[], Any] | None = None
    """Is awaited while the status is under way."""
    revoked: list[str] = field(default_factory=list)
    asked: int = 0

    async def link(self, toolkit: str, user_id: str, callback_url: str | None, **_: Any) -> Link:
        raise AssertionError("tests make their links themselves")

    async def status(self, account_id: str, *, mode: Mode = Mode.BACKGROUND) -> Status:
        assert mode is Mode.BACKGROUND
        self.asked += 1
        if self.meet:
            await self.meet()
        return self.status_

    async def revoke(self, account_id: str, *, mode: Mode = Mode.BACKGROUND) -> None:
        if self.meet:
            await self.meet()
        if self.refuses:
            raise Rejected("It is not active.", service="Composio")
        self.revoked.append(account_id)


def syncing(pulling: Pulling, accounts: Scripted) -> Syncing:
    return replace(pulling.syncing(), accounts=accounts)


async def linked(pulling: Pulling, place: int, account: str = "ca_new") -> None:
    link = Link(account, "u", f"https://c.example/{account}", None)
    async with pulling.database.writing() as session:
        await linking.keep(session, syncing(pulling, Scripted()), place, link, vault=Vault(["a key"]))


async def connection(pulling: Pulling, place: int) -> Connection:
    found = connecting.read((await pulling.place(place)).connection)
    assert found is not None
    return found


async def told(pulling: Pulling) -> int:
    async with pulling.database.reading() as session:
        query = select(Event.id).where(Event.type == "integration.changed")
        return len((await session.execute(query)).all())


async def revocations(pulling: Pulling) -> list[str]:
    async with pulling.database.reading() as session:
        return list((await session.execute(select(Revocation.account_id))).scalars())


async def test_of_two_processes_that_look_one_ends_the_link(pulling: Pulling) -> None:
    place = await pulling.configured()
    await linked(pulling, place)
    both_asked = asyncio.Barrier(2)
    accounts = Scripted(meet=both_asked.wait)
    before, generation = await told(pulling), (await pulling.place(place)).generation

    ended = await asyncio.gather(*(Following(syncing(pulling, accounts)).look() for _ in range(2)))

    assert sorted(ended) == [False, True]
    assert await told(pulling) == before + 1
    after = await pulling.place(place)
    assert (after.generation, after.gateway) == (generation + 1, {"user_id": "u", "connected_account_id": "ca_new"})


async def test_a_pull_of_the_new_account_is_not_stopped_by_who_comes_late(on_postgres: Pulling) -> None:
    place = await on_postgres.configured()
    await linked(on_postgres, place)
    late = asyncio.Event()
    slow = Following(syncing(on_postgres, Scripted(meet=late.wait)))
    waiting = asyncio.create_task(slow.look())
    await asyncio.sleep(0)
    assert await Following(syncing(on_postgres, Scripted())).look()
    going = asyncio.Event()
    on_postgres.source.pulls = [[going.wait, page(1, mail(1), done=True)]]
    dispatcher = on_postgres.dispatcher()
    await dispatcher.look()
    await begun(on_postgres)

    late.set()
    assert not await waiting
    going.set()
    await dispatcher.settle()

    assert [run.state for run in await on_postgres.runs()] == ["succeeded"]
    assert (await on_postgres.place(place)).cursor == {"at": 1}


async def test_a_pull_of_the_old_account_stores_nothing_any_more(pulling: Pulling) -> None:
    place = await pulling.configured()
    going = asyncio.Event()
    pulling.source.pulls = [[going.wait, page(7, mail(7), done=True)], [page(1, mail(1), done=True)]]
    dispatcher = pulling.dispatcher()
    await dispatcher.look()
    await begun(pulling)
    await linked(pulling, place)

    await Following(syncing(pulling, Scripted())).look()
    going.set()
    await dispatcher.settle()
    await dispatcher.look()
    await dispatcher.settle()

    assert [run.state for run in await pulling.runs()] == ["cancelled", "succeeded"]
    assert [item.external_id for item in await pulling.pipeline.items()] == ["m1"]


async def test_a_link_that_was_replaced_while_it_was_asked_about_is_let_be(pulling: Pulling) -> None:
    place = await pulling.configured()
    await linked(pulling, place, "ca_first")

    async def another() -> None:
        await linked(pulling, place, "ca_second")

    assert not await Following(syncing(pulling, Scripted(meet=another))).look()

    found = await connection(pulling, place)
    assert (found.account_id, found.state) == ("ca_second", "pending")
    assert await revocations(pulling) == ["ca_first"]


async def test_one_that_is_deleted_while_it_is_asked_about_is_no_error(pulling: Pulling) -> None:
    place = await pulling.configured()
    await linked(pulling, place)

    async def gone() -> None:
        await delete(pulling, place)

    assert not await Following(syncing(pulling, Scripted(meet=gone))).look()


async def test_ending_a_link_and_deleting_do_not_wait_for_each_other_for_ever(on_postgres: Pulling) -> None:
    place = await on_postgres.configured()
    await linked(on_postgres, place)

    async def let_go() -> None:
        async with on_postgres.database.writing() as session:
            integration = await connecting.claimed(session, place)
            assert integration is not None
            await pulls.stop(session, integration, now=on_postgres.pipeline.clock())
            await revoking.of_deleted(session, integration, "Scripted", now=on_postgres.pipeline.clock())
            await asyncio.sleep(0.1)
            await session.delete(integration)

    await asyncio.gather(let_go(), Following(syncing(on_postgres, Scripted())).look())

    async with on_postgres.database.reading() as session:
        assert await connections.service.every(session, limit=10) == []


async def test_of_two_processes_one_gives_access_back(pulling: Pulling) -> None:
    now = pulling.pipeline.clock()
    async with pulling.database.writing() as session:
        await revoking.ask_for(session, "ca_old", "Scripted", now=now)
        await revoking.ask_for(session, "ca_old", "Scripted", now=now)
    accounts = Scripted(meet=lambda: asyncio.sleep(0.05))

    await asyncio.gather(*(give_back(syncing(pulling, accounts)) for _ in range(3)))

    assert accounts.revoked == ["ca_old"]
    assert await revocations(pulling) == []


async def test_a_process_that_died_while_it_gave_access_back_is_followed_by_another(pulling: Pulling) -> None:
    async with pulling.database.writing() as session:
        await revoking.ask_for(session, "ca_old", "Scripted", now=pulling.pipeline.clock())
    dying = asyncio.create_task(give_back(syncing(pulling, Scripted(meet=asyncio.Event().wait))))
    await asyncio.sleep(0.2)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    accounts = Scripted()

    await give_back(syncing(pulling, accounts))
    assert accounts.revoked == []
    pulling.pipeline.clock.advance(minutes=6)
    await give_back(syncing(pulling, accounts))

    assert accounts.revoked == ["ca_old"]


async def test_who_fails_is_asked_about_again_a_little_later_each_time(pulling: Pulling) -> None:
    place = await pulling.configured()
    await linked(pulling, place)

    async def away() -> None:
        raise Unreachable("Composio does not answer.", service="Composio")

    accounts = Scripted(meet=away)
    following = Following(syncing(pulling, accounts), first_rest_s=3)
    asked = []
    for second in range(20):
        await following.look()
        asked.append((second, accounts.asked))
        pulling.pipeline.clock.advance(timedelta(seconds=1))

    assert [second for second, count in asked if count > (asked[second - 1][1] if second else 0)] == [0, 3, 9]
    assert (await connection(pulling, place)).state == "pending"


async def test_without_a_gateway_nothing_is_looked_after(pulling: Pulling) -> None:
    place = await pulling.configured()
    await linked(pulling, place)

    assert not await Following(pulling.syncing()).look()
    await give_back(pulling.syncing())

    assert (await connection(pulling, place)).state == "pending"


async def away() -> None:
    raise Unreachable("Composio does not answer.", service="Composio")


async def test_a_server_that_was_off_for_days_gives_nothing_up_at_its_first_failure(pulling: Pulling) -> None:
    place = await pulling.configured()
    await linked(pulling, place)
    pulling.pipeline.clock.advance(days=3)
    accounts = Scripted(meet=away)
    following = Following(syncing(pulling, accounts))

    await following.look()
    assert (await connection(pulling, place)).state == "pending"
    pulling.pipeline.clock.advance(minutes=1)
    accounts.meet = None

    assert await following.look()
    assert (await connection(pulling, place)).state == "active"


async def test_access_of_a_link_that_nobody_could_tell_of_is_given_back(pulling: Pulling) -> None:
    place = await pulling.configured()
    await linked(pulling, place)
    following = Following(syncing(pulling, Scripted(meet=away)))
    await following.look()
    pulling.pipeline.clock.advance(days=2)
    await following.look()
    assert (await connection(pulling, place)).state == "failed"

    accounts = Scripted()
    await give_back(syncing(pulling, accounts))

    assert accounts.revoked == ["ca_new"]


@pytest.mark.parametrize("status", ["INITIATED", "INITIALIZING"])
async def test_a_link_that_may_still_be_followed_is_not_taken_for_given_back(pulling: Pulling, status: str) -> None:
    place = await pulling.configured()
    await linked(pulling, place, "ca_first")
    await linked(pulling, place, "ca_second")
    accounts = Scripted(Status(status), refuses=True)

    pulling.pipeline.clock.advance(connecting.LINK_LIVES)
    await give_back(syncing(pulling, accounts))
    assert accounts.asked == 0  # their clock may differ: it can be followed still
    pulling.pipeline.clock.advance(connecting.GRACE)
    await give_back(syncing(pulling, accounts))

    assert await revocations(pulling) == ["ca_first"]


async def test_of_very_many_links_each_is_asked_about(on_sqlite: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "MOST_AT_ONCE", 2)
    pulling = Pulling(on_sqlite)
    for number in range(5):
        await linked(pulling, await pulling.configured(f"place {number}"), f"ca_{number}")
    accounts = Scripted(Status("INITIATED"))
    following = Following(syncing(pulling, accounts))

    for _ in range(3):
        await following.look()
    assert accounts.asked == 5
    await following.look()

    assert accounts.asked == 7


async def test_without_a_schedule_a_new_account_is_pulled_at_once_and_then_left_to_cron(pulling: Pulling) -> None:
    place = await pulling.configured()
    await linked(pulling, place)
    await Following(syncing(pulling, Scripted())).look()
    pulling.source.pulls = [[page(1, mail(1), done=True)]]
    dispatcher = pulling.dispatcher(schedule=False)

    for _ in range(3):
        await dispatcher.look()
        await dispatcher.settle()
        pulling.pipeline.clock.advance(hours=1)

    assert [run.state for run in await pulling.runs()] == ["succeeded"]
