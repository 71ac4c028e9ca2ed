"""`watchfloor why`: why a task stands where it stands, beside others, and what would change that."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli import printing, why_facts, why_views
from app.cli.printing import AsJson, print_json
from app.cli.queue import At
from app.cli.rules.files import ruleset_of
from app.cli.running import catch_up, opened, run, settings

if TYPE_CHECKING:
    from pydantic import BaseModel
    from rich.console import RenderableType
    from sqlalchemy.ext.asyncio import AsyncSession

    from app.domains.tasks.policy import Policy
    from app.domains.tasks.schemas import TaskOut
    from app.domains.tasks.score.schemas import KnownFactsOut, ScoreOut
    from app.settings import Settings
    from app.workflows.why.schemas import ForecastOut, VersusOut, WhatIfOut


@dataclass(frozen=True, slots=True)
class Asked:
    """What to tell of a task: with none of versus, what-if, forecast and facts, its score."""

    task: int
    at: datetime | None = None
    versus: int | None = None
    what_if: bool = False
    goal: str | None = None
    forecast: bool = False
    facts: bool = False
    ruleset: str | None = None
    """By which the sum is made, instead of the active one."""

    @property
    def others(self) -> int:
        """How much is asked for besides the score."""
        return (self.versus is not None) + self.what_if + self.forecast + self.facts


@dataclass(slots=True)
class Told:
    """The answers to what was asked, and the sentences about the tasks next to it."""

    task: "TaskOut"
    score: "ScoreOut | None" = None
    beside: tuple[str, ...] = ()
    versus: "VersusOut | None" = None
    what_if: "WhatIfOut | None" = None
    forecast: "ForecastOut | None" = None
    facts: "KnownFactsOut | None" = None

    @property
    def document(self) -> "BaseModel":
        found = self.versus or self.what_if or self.forecast or self.facts or self.score
        assert found is not None  # noqa: S101 - for the type checker: one of them was asked for
        return found


def why(  # noqa: PLR0913, PLR0917 - what can be asked of it
    task: Annotated[int, typer.Argument(help="The task's id, as `watchfloor top` shows it.")],
    goal: Annotated[
        str | None,
        typer.Argument(help="With --what-if: first, top10, above:ID, band:now (or next, later) or points:N."),
    ] = None,
    at: At = None,
    versus: Annotated[int | None, typer.Option(metavar="OTHER", help="Why it stands above OTHER, or below.")] = None,
    what_if: Annotated[bool, typer.Option("--what-if", help="What would have to change to reach GOAL.")] = False,
    forecast: Annotated[bool, typer.Option("--forecast", help="The week ahead, if nothing changes.")] = False,
    facts: Annotated[bool, typer.Option("--facts", help="All that is known of it: what rules can look at.")] = False,
    ruleset: Annotated[
        str | None, typer.Option(help="The sum by this one, without activating it: NAME, NAME@VERSION or a file.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also each rule without points and why, or each change of the forecast.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Why a task stands where it stands: every line of its score."""
    asked = Asked(task, at, versus, what_if, goal, forecast, facts, ruleset)
    _check(asked, as_json=as_json)
    given = settings()
    told = run(given, _tell(given, asked))
    if as_json:
        print_json(told.document)
        return

    console = printing.console()
    for part in _parts(told, at, every=every):
        console.print(part)


def _check(asked: Asked, *, as_json: bool) -> None:
    """What does not go together is no usage."""
    if asked.goal is not None:
        from app.workflows.why.wishing import WISHES, is_wish  # noqa: PLC0415 - heavy

        if not asked.what_if:
            raise typer.BadParameter("a goal belongs to --what-if", param_hint="GOAL")
        if not is_wish(asked.goal):
            raise typer.BadParameter(WISHES, param_hint="GOAL")
    if asked.at is not None and (asked.what_if or asked.forecast):
        raise typer.BadParameter("--what-if and --forecast start now", param_hint="--at")
    if asked.ruleset is not None and asked.others:
        raise typer.BadParameter("only the sum can be made by another one", param_hint="--ruleset")
    if as_json and asked.others > 1:
        raise typer.BadParameter("one of --versus, --what-if, --forecast and --facts at a time", param_hint="--json")


async def _tell(given: "Settings", asked: Asked) -> Told:
    from app.composition import policy_from  # noqa: PLC0415 - everything below is heavy
    from app.workflows.judging import Judge  # noqa: PLC0415

    async with opened(given) as database:
        await catch_up(database, given)
        async with database.reading() as session:
            return await _told(session, given, asked, await Judge(policy_from(given)).policy(session))


async def _told(session: "AsyncSession", given: "Settings", asked: Asked, policy: "Policy") -> Told:
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.connections import service  # noqa: PLC0415
    from app.domains.tasks import actions, explaining, queue, views  # noqa: PLC0415
    from app.domains.tasks.score import views as score_views  # noqa: PLC0415
    from app.workflows.why import comparing, foreseeing, supposing  # noqa: PLC0415

    task = await actions.get(session, asked.task)
    names, now = await service.names(session), utc_now()
    when: Any = {"now": now, "integrations": names, "at": asked.at}
    when["remembered_for"] = timedelta(days=given.history_days)
    told = Told(await views.one_out(session, task, names))
    if asked.versus is not None:
        told.versus = await comparing.versus(session, task.id, asked.versus, policy, **when)
    if asked.what_if:
        told.what_if = await supposing.suppose(session, task, policy, asked.goal, now=now)
    if asked.forecast:
        told.forecast = await foreseeing.forecast(session, task, policy.ruleset, now=now)
    if asked.facts:
        found = await explaining.explain(session, task, policy, **when)
        told.facts = score_views.facts_out(task.id, found, asked.at or now)
    if not asked.others:
        rules = await ruleset_of(session, asked.ruleset) if asked.ruleset is not None else None
        found = await explaining.explain(session, task, policy, **when, ruleset=rules)
        by_another = rules is not None
        told.score = await score_views.explained_out(session, task, found, at=asked.at, now=now, by_another=by_another)
        beside = await queue.beside(session, task) if asked.at is None and rules is None else ()
        compared = [await comparing.versus(session, task.id, other, policy, **when) for other in beside]
        told.beside = tuple(each.sentence for each in compared)
    return told


def _parts(told: Told, at: datetime | None, *, every: bool) -> "list[RenderableType]":
    parts: list[RenderableType] = []
    if told.score is not None:
        parts += why_views.why_view(told.task, told.score, told.beside, at=at, every=every)
    if told.facts is not None:
        parts += why_facts.facts_view(told.task, told.facts, at)
    if told.versus is not None:
        parts += why_views.versus_view(told.versus, at)
    if told.what_if is not None:
        parts += why_views.what_if_view(told.what_if)
    if told.forecast is not None:
        parts += why_views.forecast_view(told.forecast, every=every)
    return parts
