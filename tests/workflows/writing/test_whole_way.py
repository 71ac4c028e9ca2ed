"""Each kind over HTTP, from the person who completes a task to its source and back with the next pull."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pytest
from pydantic import SecretStr

from app.composition import syncing_from
from app.domains import connections
from app.domains.connections import pulls
from app.domains.connections.models import Integration
from app.domains.tasks.models import Task
from app.domains.tasks.writes import outbox
from app.integrations import registry
from app.settings import Settings
from app.workflows.sync.dispatching import Dispatcher
from app.workflows.sync.syncing import Syncing
from app.workflows.writing.sending import Sender
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import serving
from scripts.fake_composio.slack import Workspace
from scripts.fake_composio.toolkit import Changeable
from tests.workflows.pipeline import Pipeline
from tests.workflows.writing.board import DELAY, Office

QUICK = {"retry_first_s": 0.01, "retry_most_s": 0.05, "breaker_rest_s": 0.05, "composio_gateway": "rest"}


def mailbox(now: Any) -> tuple[Mailbox, Callable[[], Any]]:
    box = Mailbox(now)
    own = box.deliver(
        subject="The door", text="Could you send me the invoice for the door by Friday?", labels=("INBOX",)
    )
    return box, lambda: sorted(box.messages[own].labels)


def workspace(now: Any) -> tuple[Workspace, Callable[[], Any]]:
    space = Workspace(now)
    space.user("U0ADA0001", "Ada", "ada@office.example")
    space.user("U0BEN0001", "Ben", "ben@office.example")
    space.channel("C0GENERAL", "general")
    ts = space.post("C0GENERAL", "U0BEN0001", "<@U0ADA0001> could you send me the invoice for the door by Friday?")
    return space, lambda: [each["name"] for each in space.channels["C0GENERAL"].messages[ts].get("reactions", ())]


def board(now: Any) -> tuple[NotionSpace, Callable[[], Any]]:
    space = NotionSpace(now)
    row = space.add_row(space.add_database("Tasks"), {"Name": "Send the invoice for the door", "Status": "Next"})
    return space, lambda: space.rows[row].properties["Status"]["status"]["name"]


Told = tuple[Callable[[Any], tuple[Any, Callable[[], Any]]], Any, Any]
"""The world, what stands there while the task is open, and what once it is done."""
KINDS: dict[str, Told] = {
    "gmail": (mailbox, ["INBOX"], []),
    "slack": (workspace, [], ["white_check_mark"]),
    "notion": (board, "Next", "Done"),
}
for written in (kind for kind, manifest in registry.KINDS.items() if manifest.writing and kind not in KINDS):
    KINDS[written] = import_module(f"tests.integrations.{written}.telling").TOLD


@dataclass
class Way:
    office: Office
    syncing: Syncing
    shows: Callable[[], Any]
    fake: FakeComposio
    kind: str
    place: int = 0
    open: Any = None
    done: Any = None
    calls: list[str] = field(default_factory=list)

    def let_write(self, allowed: bool) -> None:
        world = self.fake.backend.worlds()[self.kind]
        assert isinstance(world, Changeable)
        world.change({"do": "let_write", "allowed": allowed})

    async def pull(self) -> None:
        pipeline = self.office.pipeline
        pipeline.clock.advance(hours=2)  # so that what is read again in a window is read
        async with pipeline.database.writing() as session:
            run = await pulls.request(session, self.place, now=pipeline.clock())
        ended = await Dispatcher(self.syncing).pull_now(run.id)
        assert ended is not None
        assert ended.state == "succeeded", ended.error

    async def send(self) -> None:
        self.office.pipeline.clock.advance(DELAY)
        sender = Sender(self.syncing, delay=DELAY)
        while await sender.send_due():
            await sender.settle()

    async def task(self) -> Task:
        return await self.office.task()


@pytest.fixture(params=KINDS)
async def way(request: pytest.FixtureRequest, pipeline: Pipeline, settings: Settings) -> AsyncIterator[Way]:
    kind = request.param
    made, is_open, is_done = KINDS[kind]
    world, shows = made(pipeline.clock)
    fake = FakeComposio(now=pipeline.clock)
    fake.connect("ca_told", world)
    async with serving(fake) as url:
        given = {"composio_api_key": SecretStr("test-key"), "composio_base_url": url, **QUICK}
        syncing = syncing_from(settings.model_copy(update=given), pipeline.work)
        async with pipeline.database.writing() as session:
            connected = {"connected_account_id": "ca_told"}
            place = await connections.service.create(
                session, kind=kind, name=kind, now=pipeline.clock(), settings={}, gateway=connected
            )
            integration = await session.get(Integration, place.id)
            assert integration is not None
            integration.write_back = True
        way = Way(Office(pipeline), syncing, shows, fake, kind, place.id, is_open, is_done)
        await way.pull()
        yield way
        await syncing.end()


async def test_what_is_completed_and_reopened_here_stands_so_there_and_the_pull_agrees(way: Way) -> None:
    assert ((await way.task()).status, way.shows()) == ("open", way.open)

    await way.office.complete()
    await way.send()
    assert (await way.office.states(), way.shows()) == ([("done", "done")], way.done)
    await way.pull()
    await way.send()
    assert ((await way.task()).status, way.shows()) == ("done", way.done)

    await way.office.reopen()
    await way.send()
    assert way.shows() == way.open
    await way.pull()
    await way.send()

    assert ((await way.task()).status, way.shows()) == ("open", way.open)
    assert await way.office.states() == [("done", "done"), ("open", "done")]


async def test_an_undo_puts_back_what_was_written_before_anything_is_pulled(way: Way) -> None:
    token = await way.office.complete()
    await way.send()

    await way.office.undo(token)
    await way.send()

    assert way.shows() == way.open
    assert [each.effect for each in await way.office.writes()][-1] == {}


async def test_without_leave_a_person_is_told_and_a_retry_ends_it(way: Way) -> None:
    way.let_write(False)
    await way.office.complete()

    await way.send()

    [write] = await way.office.writes()
    assert (write.state, way.shows()) == ("refused", way.open)
    assert "connect" in write.why.lower()

    way.let_write(True)
    async with way.office.pipeline.database.writing() as session:
        locked = await outbox.locked(session, write.id)
        await outbox.retry(session, locked, overwrite=False, now=way.office.pipeline.clock())
    await way.send()
    assert (await way.office.states(), way.shows()) == ([("done", "done")], way.done)
