"""What a request leaves behind is the program's own work, and has nothing of the request."""

import structlog

from app.core import acting, log, time_limits
from app.core.acting import Caller
from app.core.errands import begin


async def test_what_a_request_leaves_behind_has_neither_its_caller_nor_its_id_nor_its_bound() -> None:
    async def work() -> tuple[Caller, acting.Deed, bool, str]:
        return acting.caller(), acting.deed(), time_limits.is_answering(), log.correlation_id()

    with (
        structlog.contextvars.bound_contextvars(correlation_id="the request's"),
        acting.acting_as(Caller("user", 7, "ada@example.com")),
        acting.doing("edit_task", "task:1"),
        time_limits.answering(),
    ):
        caller, deed, answers, correlation = await begin(work(), "work")
        assert log.correlation_id() == "the request's"

    assert (caller, deed, answers) == (acting.PROGRAM, acting.NO_DEED, False)
    assert correlation not in ("", "the request's")
