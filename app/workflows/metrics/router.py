"""Metrics over HTTP, at the root: for Prometheus and whatever speaks OpenMetrics, and as JSON. Calls nobody."""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Header, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from app.core import gate, metrics, seeing
from app.core.web import database_of
from app.domains.identity.access import METRICS_READ
from app.domains.tasks.writes.outbox import Due
from app.workflows.metrics import state
from app.workflows.metrics.schemas import MetricOut, MetricsOut, Sample

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

router = gate.router(tags=["health"])
_PATIENCE_S = 5.0
"""A database that takes longer counts as away; who scrapes waits ten seconds, usually."""

_CONTENT: dict[str, Any] = {
    "text/plain": {"schema": {"type": "string"}, "example": "watchfloor_database_up 1.0\n"},
    "application/openmetrics-text": {"schema": {"type": "string"}, "example": "watchfloor_database_up 1.0\n# EOF\n"},
}

Accept = Annotated[str, Header(description="OpenMetrics is given where it is asked for, else Prometheus' text format.")]


class _Registry:
    """What prometheus_client writes down: something that has families to collect."""

    def __init__(self, families: "list[Metric]") -> None:
        self._families = families

    def collect(self) -> "list[Metric]":
        return self._families


@router.get(
    "/metrics",
    operation_id="metrics",
    dependencies=METRICS_READ,
    response_class=Response,
    responses={200: {"content": _CONTENT}},
)
async def prometheus(request: Request, accept: Accept = "text/plain") -> Response:
    """Everything that is measured, for Prometheus; while the database is away, what is known without it."""
    from prometheus_client.exposition import choose_encoder  # noqa: PLC0415 - only where somebody asks

    encode, content_type = choose_encoder(accept)
    found = _Registry(await _families(request))
    return Response(await asyncio.to_thread(encode, found), headers={"Content-Type": content_type})


@router.get("/metrics/json", operation_id="metrics_json", dependencies=METRICS_READ)
async def as_json(request: Request) -> MetricsOut:
    """The same as JSON."""
    return MetricsOut(metrics=[_shown(each) for each in await _families(request)])


def _shown(family: "Metric") -> MetricOut:
    samples = [Sample(name=each.name, labels=each.labels, value=each.value) for each in family.samples]
    return MetricOut(name=family.name, type=family.type, unit=family.unit, help=family.documentation, samples=samples)


async def _families(request: Request) -> "list[Metric]":
    """One at a time: who asks while another one does, waits for its turn."""
    at_a_time: asyncio.Lock = request.app.state.metrics_lock
    async with at_a_time:
        found = await _state(request)
        pool = database_of(request).pool()
        return [*state.families(found, pool), *await asyncio.to_thread(lambda: list(metrics.counted()))]


async def _state(request: Request) -> state.State | None:
    try:
        async with asyncio.timeout(_PATIENCE_S), database_of(request).reading() as session:
            with seeing.unrestricted(session):  # the same numbers for whoever asks
                return await state.read(session, _asked(request))
    except (SQLAlchemyError, OSError, TimeoutError):
        return None


def _asked(request: Request) -> state.Asked:
    syncing, settings, now = request.app.state.syncing, request.app.state.settings, request.app.state.clock()
    delay = timedelta(seconds=settings.write_back_delay_s)
    due = Due(now, now - delay, now - syncing.work.lease)
    return state.Asked(due, syncing.live.keys(), settings.sync_schedule)
