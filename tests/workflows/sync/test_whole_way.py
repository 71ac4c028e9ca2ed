"""Every kind through every gateway, over HTTP, into the database: what the service holds is what is stored."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from app.composition import syncing_from
from app.domains import connections
from app.domains.connections import pulls
from app.domains.connections.models import SyncRun
from app.settings import Settings
from app.workflows.sync.dispatching import Dispatcher
from scripts.fake_composio import worlds
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import serving
from tests.workflows.pipeline import Pipeline

GATEWAYS = {
    "rest": {"composio_gateway": "rest"},
    "sdk": {"composio_gateway": "sdk"},
    "sdk of a self-hosted server": {"composio_gateway": "sdk", "composio_sdk_api": "v2"},
}
QUICK = {"retry_first_s": 0.01, "retry_most_s": 0.05, "breaker_rest_s": 0.05}


@dataclass
class Way:
    """From the service to the database."""

    pipeline: Pipeline
    fake: FakeComposio
    dispatcher: Dispatcher
    places: dict[str, int] = field(default_factory=dict)

    async def pull(self, kind: str, **settings: Any) -> SyncRun:
        now = self.pipeline.clock()
        async with self.pipeline.database.writing() as session:
            if kind not in self.places:
                made = await connections.service.create(
                    session,
                    kind=kind,
                    name=kind,
                    now=now,
                    settings={"since": "2020-01-01"} | settings,
                    gateway={"connected_account_id": f"ca_{kind}"},
                )
                self.places[kind] = made.id
            run = await pulls.request(session, self.places[kind], now=now)
        ended = await self.dispatcher.pull_now(run.id)
        assert ended is not None
        return ended

    async def stored(self) -> list[str]:
        return sorted(item.external_id for item in await self.pipeline.items() if item.gone_at is None)


@pytest.fixture(params=GATEWAYS)
async def way(request: pytest.FixtureRequest, pipeline: Pipeline, settings: Settings) -> AsyncIterator[Way]:
    """A small world of every kind, behind each of the gateways."""
    now = pipeline.clock
    fake = FakeComposio(now=now, legacy="self-hosted" in request.param)
    for toolkit in worlds.TOOLKITS:
        fake.connect(f"ca_{toolkit}", worlds.small(toolkit, now))
    async with serving(fake) as url:
        given = {
            "composio_api_key": SecretStr("test-key"),
            "composio_base_url": url,
            **QUICK,
            **GATEWAYS[request.param],
        }
        syncing = syncing_from(settings.model_copy(update=given), pipeline.work)
        yield Way(pipeline, fake, Dispatcher(syncing))
        await syncing.end()


@pytest.mark.parametrize("service", worlds.TOOLKITS)
async def test_all_is_pulled_once_and_again_changes_nothing(way: Way, service: str) -> None:
    first = await way.pull(service)
    held = await way.stored()
    again = await way.pull(service)

    assert (first.state, first.refused, first.error) == ("succeeded", 0, None)
    assert first.new == len(held) == len(set(held)) > 10
    assert (again.state, again.new, again.updated, again.gone) == ("succeeded", 0, 0, 0)
    assert await way.stored() == held


@pytest.mark.parametrize("service", worlds.TOOLKITS)
async def test_three_faults_in_ten_change_nothing_in_the_end(way: Way, service: str) -> None:
    way.fake.faults.mix(0.3, seed=3, slow_s=0.05, retry_after=0, oddities=0.2)
    runs = []
    for _ in range(20):
        runs.append(await way.pull(service))
        if runs[-1].state == "succeeded":
            break
        way.pipeline.clock.advance(minutes=5)
    faulty = await way.stored()
    way.fake.faults.clear()
    way.pipeline.clock.advance(timedelta(days=2))

    last = await way.pull(service)

    assert runs[-1].state == "succeeded", runs[-1].error
    assert (last.state, last.new, last.gone) == ("succeeded", 0, 0)
    assert await way.stored() == faulty
    assert sum(run.new for run in runs) == len(faulty)


async def test_a_lost_account_asks_a_person_through_every_gateway(way: Way) -> None:
    way.fake.set_status("ca_notion", "EXPIRED", "OAuth refresh token expired")

    run = await way.pull("notion")

    assert run.error
    assert (run.state, run.error["cause"]) == ("failed", "access")
