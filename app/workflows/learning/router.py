"""Ranking by hand, and deciding on what is proposed from it, over HTTP."""

from typing import Annotated

from fastapi import Body, Path, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import gate, paging, problems
from app.core.web import Cursor, Limit, Reading, Repeatable, Writing, next_link
from app.domains import learning, rulesets
from app.domains.identity.access import RULES_WRITE, TASKS_READ, TASKS_WRITE
from app.domains.learning.schemas import Decided, DecideIn, ProposalPage, RankAboveIn, Ranked, State
from app.workflows.learning import deciding, dragging, unseen, views
from app.workflows.learning.views import ProposalOut

router = gate.router(prefix="/api/v1", tags=["learning"], responses=problems.responses(422))

Id = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of the proposal.")]
TaskId = Annotated[int, Path(ge=1, le=2**31 - 1, description="The task that should stand above.")]
OtherId = Annotated[int, Path(ge=1, le=2**31 - 1, description="The task that should stand below.")]
Decision = Annotated[DecideIn | None, Body(examples=[{"note": "As we agreed"}])]
_STATE = problems.responses(404, 409)


@router.post("/tasks/{task_id}/rank-above", operation_id="rank_task_above", dependencies=TASKS_WRITE, responses=_STATE)
async def rank_task_above(
    task_id: TaskId, body: RankAboveIn, request: Request, session: Writing, _key: Repeatable = None
) -> Ranked:
    """Note that this task should stand above another. It is evidence for changing the rules, and moves nothing."""
    return await _ranked(request, session, task_id, body.other)


@router.post(
    "/tasks/{task_id}/rank-above/{other_id}",
    operation_id="rank_task_above_other",
    dependencies=TASKS_WRITE,
    responses=_STATE,
)
async def rank_task_above_other(
    task_id: TaskId, other_id: OtherId, request: Request, session: Writing, _key: Repeatable = None
) -> Ranked:
    """The same, with the other task in the address."""
    return await _ranked(request, session, task_id, other_id)


async def _ranked(request: Request, session: AsyncSession, above: int, below: int) -> Ranked:
    policy = await request.app.state.judge.policy(session)
    return await dragging.rank_above(session, policy.ruleset, above, below, now=request.app.state.clock())


@router.get("/proposals", operation_id="list_proposals", dependencies=TASKS_READ)
async def list_proposals(
    request: Request,
    response: Response,
    session: Reading,
    limit: Limit,
    state: Annotated[State | None, Query(description="Only those in this state.")] = None,
    cursor: Cursor = None,
) -> ProposalPage:
    """Changes of the rules that drags asked for, the newest first; at most one is open."""
    name = f"proposals {state or ''}"
    active = views.active_of(await rulesets.service.active(session))
    before = paging.decode_id(cursor, name) if cursor else paging.LARGEST_ID
    found = await unseen.page(session, state=state, active=active, before=before, limit=limit + 1)
    shown, following = paging.cut(found, limit, name, key=lambda last: last.id)
    next_link(request, response, following)
    return ProposalPage(
        items=[views.item_out(each, active) for each in shown],
        next_cursor=following,
    )


@router.get(
    "/proposals/{proposal_id}", operation_id="get_proposal", dependencies=TASKS_READ, responses=problems.responses(404)
)
async def get_proposal(proposal_id: Id, request: Request, session: Reading) -> ProposalOut:
    """One proposal: each changed rule with the drags that ask for it and against it, and what it would move."""
    proposal = await learning.service.get(session, proposal_id)
    await unseen.must_be_shown(session, proposal)
    return await views.proposal_out(session, proposal, request.app.state.clock())


@router.post(
    "/proposals/{proposal_id}/accept", operation_id="accept_proposal", dependencies=RULES_WRITE, responses=_STATE
)
async def accept_proposal(
    proposal_id: Id, request: Request, session: Writing, body: Decision = None, _key: Repeatable = None
) -> Decided:
    """Save the changed ruleset as its next version and let it rank. 409 where the rules changed since."""
    said, now = body or DecideIn(), request.app.state.clock()
    return views.decided_out(await deciding.accept(session, proposal_id, actor=said.author, note=said.note, now=now))


@router.post(
    "/proposals/{proposal_id}/reject", operation_id="reject_proposal", dependencies=RULES_WRITE, responses=_STATE
)
async def reject_proposal(
    proposal_id: Id, request: Request, session: Writing, body: Decision = None, _key: Repeatable = None
) -> Decided:
    """Leave the rules as they are. The same drags never ask for the same change again."""
    said, now = body or DecideIn(), request.app.state.clock()
    return views.decided_out(await deciding.reject(session, proposal_id, actor=said.author, note=said.note, now=now))


@router.post(
    "/proposals/{proposal_id}/revert", operation_id="revert_proposal", dependencies=RULES_WRITE, responses=_STATE
)
async def revert_proposal(
    proposal_id: Id, request: Request, session: Writing, body: Decision = None, _key: Repeatable = None
) -> Decided:
    """Take back what was accepted: the numbers of before rank again."""
    said, now = body or DecideIn(), request.app.state.clock()
    return views.decided_out(await deciding.revert(session, proposal_id, actor=said.author, note=said.note, now=now))
