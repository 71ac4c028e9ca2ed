"""A supposed change as the API shows it, with the request that makes it so."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from app.domains import ranking
from app.domains.ranking import Fact
from app.domains.ranking.explanation import OrderKey
from app.domains.ranking.facts import FactValue
from app.domains.ranking.why.changeable import Candidate
from app.domains.ranking.why.counterfactual import Change
from app.domains.tasks.views import number
from app.workflows.why.schemas import DoOut, SuppositionOut


def supposition_out(
    task: int, change: Change, order: Sequence[OrderKey], *, reaches_to: int, waits_for: Sequence[int]
) -> SuppositionOut:
    """`order` are the keys of others; places up to `reaches_to` are known. `waits_for` are the open tasks it waits
    for."""
    of = change.candidate
    rank = bisect_left(order, change.key) + 1
    return SuppositionOut(
        fact=of.fact,
        from_=_plain(of.fact, of.before),
        to=_plain(of.fact, of.after),
        widely=change.widely,
        points_after=number(change.score.milli),
        band_after=change.score.band,
        rank_after=rank if rank <= reaches_to else None,
        beyond=number(change.gain),
        cost=of.cost,
        sentence=of.said(widely=change.widely),
        do=_do(task, of, waits_for),
    )


def _plain(fact: str, value: FactValue | None) -> Any:
    return None if value is None else ranking.dump({fact: Fact(value=value)})[fact]["value"]


def _do(task: int, of: Candidate, waits_for: Sequence[int]) -> DoOut | None:
    """None where it can't be said: its facts speak of other tasks than it waits for now."""
    path = f"/api/v1/tasks/{task}"
    if of.fact == "blocked":
        assert isinstance(of.before, int)  # noqa: S101 - for the type checker
        assert isinstance(of.after, int)  # noqa: S101 - for the type checker
        return _finish(waits_for[: of.before - of.after]) if len(waits_for) == of.before else None
    if of.fact == "assignee":
        return DoOut(method="POST", path=f"{path}/assign", body={"user": of.after})
    after = _plain(of.fact, of.after)
    return DoOut(method="PATCH", path=path, body={of.fact: after if after is not None or of.fact != "labels" else []})


def _finish(ids: Sequence[int]) -> DoOut:
    if len(ids) == 1:
        return DoOut(method="POST", path=f"/api/v1/tasks/{ids[0]}/complete", body=None)
    return DoOut(method="POST", path="/api/v1/tasks/bulk", body={"ids": list(ids), "action": {"verb": "complete"}})
