"""The sample data over HTTP: whether it is here, loading it, and clearing it in one action."""

import asyncio

from fastapi import Request, Response
from pydantic import BaseModel, Field

from app.core import gate, problems
from app.core.database import unhurried
from app.core.web import Reading, Repeatable, writing
from app.domains import connections
from app.domains.connections import views
from app.domains.connections.run_schemas import RunOut
from app.domains.identity.access import ADMIN, TASKS_READ
from app.workflows.sample import clearing, loading

router = gate.router(prefix="/api/v1", tags=["sample"])


class SampleOut(BaseModel):
    """Whether invented data is here: the sample company's mail, Slack and Notion, or what the demo gateway made up."""

    loaded: bool
    may_load: bool = Field(description="Sample data is for development: in production it never is.")


class SampleStarted(BaseModel):
    """Accepted: look at the runs for how it goes."""

    runs: list[RunOut]


@router.get("/sample", operation_id="get_sample", dependencies=TASKS_READ)
async def get_sample(request: Request, session: Reading) -> SampleOut:
    """Whether the sample data is here."""
    return SampleOut(
        loaded=await loading.is_here(session), may_load=request.app.state.settings.environment == "development"
    )


@router.post(
    "/sample", operation_id="load_sample", dependencies=ADMIN, status_code=202, responses=problems.responses(403, 409)
)
async def load_sample(request: Request, _key: Repeatable = None) -> SampleStarted:
    """Import the sample company in the background: three integrations, all labelled as sample data."""
    state = request.app.state
    runs = await loading.load(
        lambda: writing(request),
        state.upload_folder,
        state.clock().astimezone(),
        environment=state.settings.environment,
    )
    async with state.database.reading() as session:
        names = await connections.service.names(session)
        shown = [await views.run_out(session, run, names) for run in runs]
    state.jobs.nudge()
    return SampleStarted(runs=shown)


@router.delete(
    "/sample", operation_id="clear_sample", dependencies=ADMIN, status_code=204, responses=problems.responses(409)
)
async def clear_sample(request: Request) -> Response:
    """Remove the sample data, integrations of the demo gateway included, with all that was done to it. What you brought
    in yourself stays. It never comes back by itself; where nothing of it is here, nothing happens."""
    async with writing(request) as session, unhurried(session):
        files = await clearing.clear(session, now=request.app.state.clock())
    for path in files:
        await asyncio.to_thread(path.unlink, missing_ok=True)
    return Response(status_code=204)
