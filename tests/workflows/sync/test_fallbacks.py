"""A service that goes away within a pull: the pages that came are kept and can be worked with, and the same process
goes on behind them when it is back. Against the stand-in, over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import SecretStr

from app.composition import syncing_from
from app.domains import connections
from app.domains.connections import pulls
from app.domains.connections.models import Integration, SyncRun
from app.settings import Settings
from app.workflows.sync.dispatching import Dispatcher
from scripts.fake_composio import faults
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import outage, serving
from scripts.fake_composio.slack import Workspace
from tests.conftest import QUICK
from tests.workflows.pipeline import Pipeline

WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "gmail": ("GMAIL_FETCH_EMAILS", {"page_size": 7}),
    "slack": ("SLACK_FETCH_CONVERSATION_HISTORY", {"page_size": 7}),
    "notion": ("NOTION_QUERY_DATABASE_WITH_FILTER", {"page_content": "none"}),
}
"""Of each kind the tool that pages come by, and settings by which there are several."""


@dataclass
class Way:
    """One integration, the service behind it, and the process that pulls it."""

    pipeline: Pipeline
    fake: FakeComposio
    dispatcher: Dispatcher
    kind: str
    integration_id: int

    async def pull(self) -> SyncRun:
        async with self.pipeline.database.writing() as session:
            run = await pulls.request(session, self.integration_id, now=self.pipeline.clock())
        ended = await self.dispatcher.pull_now(run.id)
        assert ended is not None
        return ended

    async def integration(self) -> Integration:
        async with self.pipeline.database.reading() as session:
            return await connections.service.get(session, self.integration_id)

    async def stored(self) -> list[str]:
        return sorted(item.external_id for item in await self.pipeline.items() if item.gone_at is None)


@pytest.fixture(params=WAYS)
async def way(request: pytest.FixtureRequest, pipeline: Pipeline, settings: Settings) -> AsyncIterator[Way]:
    """A small world of each kind, several pages large."""
    now, kind = pipeline.clock, request.param
    worlds: dict[str, Any] = {
        "gmail": Mailbox(now=now).generate(20, seed=1),
        "slack": Workspace(now=now).generate(2, 20, seed=1),
        "notion": NotionSpace(now=now).generate(1, 110, seed=1),
    }
    fake = FakeComposio(now=now)
    fake.connect(f"ca_{kind}", worlds[kind])
    async with serving(fake) as url:
        given = {"composio_api_key": SecretStr("test-key"), "composio_base_url": url, **QUICK}
        syncing = syncing_from(settings.model_copy(update=given), pipeline.work)
        async with pipeline.database.writing() as session:
            made = await connections.service.create(
                session,
                kind=kind,
                name=kind,
                now=now(),
                settings={"since": "2020-01-01"} | WAYS[kind][1],
                gateway={"connected_account_id": f"ca_{kind}"},
            )
        yield Way(pipeline, fake, Dispatcher(syncing), kind, made.id)
        await syncing.end()


async def test_pages_that_came_before_an_outage_stay_and_the_rest_follows(way: Way) -> None:
    way.fake.faults.add(faults.status(503), on=WAYS[way.kind][0], after=2)
    half = await way.pull()
    kept = await way.stored()
    broken = await way.integration()
    way.fake.faults.clear()
    way.pipeline.clock.advance(minutes=5)

    rest = await way.pull()

    assert half.error
    assert (half.state, half.error["cause"]) == ("failed", "outage")
    assert half.new == len(kept) > 0
    assert (broken.state, broken.last_success_at, broken.cursor_at) == ("retrying", None, None)
    assert broken.cursor
    assert (rest.state, rest.refused, rest.error) == ("succeeded", 0, None)
    assert rest.new > 0
    assert set(kept) < set(await way.stored())
    again = await way.pull()
    assert (again.new, again.updated, again.gone) == (0, 0, 0)


async def test_what_was_pulled_in_half_is_ranked_and_can_be_done(way: Way) -> None:
    way.fake.faults.add(faults.status(503), on=WAYS[way.kind][0], after=2)
    await way.pull()
    before = [task for task in await way.pipeline.tasks() if task.status == "open"]
    assert before
    assert any(task.reasons for task in before)

    await way.pipeline.complete(before[0].id)
    way.fake.faults.clear()
    way.pipeline.clock.advance(minutes=5)
    await way.pull()

    done = {task.id: task.status for task in await way.pipeline.tasks()}
    assert done[before[0].id] == "done"


async def test_a_service_that_is_away_keeps_nothing_from_what_was_known(way: Way) -> None:
    first = await way.pull()
    known, succeeded = await way.stored(), (await way.integration()).last_success_at
    for _ in range(5):
        way.pipeline.clock.advance(minutes=10)
        async with outage(way.fake):
            run = await way.pull()
        assert run.state == "failed"

    failing = await way.integration()
    way.pipeline.clock.advance(minutes=10)
    back = await way.pull()

    assert first.state == "succeeded"
    assert (failing.state, failing.failures, failing.last_success_at) == ("failing", 5, succeeded)
    assert failing.last_error
    assert failing.last_error["detail"].endswith(".")
    assert (back.state, back.new, back.gone) == ("succeeded", 0, 0)
    recovered = await way.integration()
    assert (recovered.state, recovered.failures, recovered.last_error) == ("ok", 0, None)
    assert await way.stored() == known
