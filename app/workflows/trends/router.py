"""Trends over HTTP: the queue day by day, and how each integration's runs went."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.core import gate, problems
from app.core.web import Reading, conditional
from app.domains.identity.access import RUNS_READ, TASKS_READ
from app.workflows.trends.days import beginning, days_until, trends, zone_called
from app.workflows.trends.pace import paces
from app.workflows.trends.schemas import PaceList, TrendsOut

router = gate.router(prefix="/api/v1", tags=["live"], responses=problems.responses(422))

Days = Annotated[int, Query(ge=1, le=90, description="So many days, today included.")]
Zone = Annotated[
    str, Query(max_length=64, description="The time zone whose days they are: a name of the IANA database.")
]


@router.get("/trends", operation_id="get_trends", dependencies=TASKS_READ, response_model=TrendsOut)
async def get_trends(request: Request, session: Reading, days: Days = 14, tz: Zone = "UTC") -> Response:
    """The queue day by day: its size, what came and what left. Told from tasks and their history."""
    found = await trends(session, days=days, zone=zone_called(tz), now=request.app.state.clock())
    return conditional(request, found)


@router.get(
    "/trends/integrations", operation_id="get_integration_trends", dependencies=RUNS_READ, response_model=PaceList
)
async def get_integration_trends(request: Request, session: Reading, days: Days = 14, tz: Zone = "UTC") -> Response:
    """How pulls and imports went, by integration: how many failed, how long they took, how old what is known became."""
    zone, now = zone_called(tz), request.app.state.clock()
    first = days_until(now.astimezone(zone).date(), days)[0]
    return conditional(request, PaceList(items=list(await paces(session, since=beginning(first, zone), now=now))))
