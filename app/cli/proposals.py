"""`watchfloor rank-above` and `watchfloor rules proposals`: ranking by hand, and deciding on what comes of it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.printing import AsJson, print_json, say
from app.cli.rules.changing import Author, Note, rank_again
from app.cli.rules.files import who
from app.cli.rules.looking import counted
from app.cli.running import called, catch_up, opened, run, settings

if TYPE_CHECKING:
    from app.domains.learning.schemas import Decided, EvidencedChangeOut, ProposalItem, Ranked
    from app.settings import Settings
    from app.workflows.learning.views import ProposalOut

cli = typer.Typer(name="proposals", help="Changes of the rules that ranking by hand asks for.")

_SHOWN = 20
_DRAGS_SHOWN = 10
Task = Annotated[int, typer.Argument(help="The task's id, as `watchfloor top` shows it.", min=1, max=2**31 - 1)]
Proposal = Annotated[int, typer.Argument(help="The proposal's number.", min=1, max=2**31 - 1)]


def rank_above(
    task: Task,
    other: Annotated[int, typer.Argument(help="The task that should stand below.", min=1, max=2**31 - 1)],
    as_json: AsJson = False,
) -> None:
    """Note that a task should stand above another. Nothing moves: it is evidence for changing the rules."""
    given = settings()
    found = run(given, _ranked(given, task, other))
    if as_json:
        print_json(found)
        return
    say(found.sentence)
    if found.proposal:
        say(f"Look at it: {called()} rules proposals show {found.proposal.id}")


@cli.callback(invoke_without_command=True)
def proposals(context: typer.Context, as_json: AsJson = False) -> None:
    """What was proposed, the newest first. At most one is open."""
    if context.invoked_subcommand:
        return
    given = settings()
    found = run(given, _listed(given))
    if as_json:
        print_json(found)
        return
    for each in found:
        _print_proposal(each)
    if not found:
        say(f"Nothing was proposed yet. Say what should stand above what: {called()} rank-above TASK OTHER")
    if any(each.state == "open" for each in found):
        say(f"\nSee the evidence: {called()} rules proposals show ID; then accept ID, or reject ID")


@cli.command()
def show(proposal: Proposal, as_json: AsJson = False) -> None:
    """One proposal: who asks for each number, and what it would move."""
    given = settings()
    found = run(given, _shown(given, proposal))
    if as_json:
        print_json(found)
        return
    _print_head(found)
    for change in found.changes:
        _print_change(change)
    if found.preview:
        moved = found.preview
        say(f"\nOf {counted(moved.tasks, 'open task')} {moved.moved:,} would move. The first ten then:")
        for place in moved.top_after:
            say(f"  #{place.rank_before} → #{place.rank_after}  {place.title} (task {place.task})")
        say(f"\nAccept it: {called()} rules proposals accept {found.id}")


@cli.command()
def accept(proposal: Proposal, note: Note = "", author: Author = None, as_json: AsJson = False) -> None:
    """Let the changed rules rank, as a new version."""
    _decide("accept", proposal, note, author, as_json=as_json)


@cli.command()
def reject(proposal: Proposal, note: Note = "", author: Author = None, as_json: AsJson = False) -> None:
    """Leave the rules as they are. The same drags never ask for that again."""
    _decide("reject", proposal, note, author, as_json=as_json)


@cli.command()
def revert(proposal: Proposal, note: Note = "", author: Author = None, as_json: AsJson = False) -> None:
    """Take back what was accepted: the numbers of before rank again."""
    _decide("revert", proposal, note, author, as_json=as_json)


def _decide(verb: str, proposal: int, note: str, author: str | None, *, as_json: bool) -> None:
    given = settings()
    done, ranked = run(given, _decided(given, verb, proposal, note=note, author=who(author)))
    if as_json:
        print_json({**done.model_dump(), "ranked": ranked})
        return
    say(f"Proposal {done.proposal.id} is {done.proposal.state}. {done.sentence}")
    if verb == "accept":
        say(f"Take it back: {called()} rules proposals revert {done.proposal.id}")


def _print_head(proposal: "ProposalItem | ProposalOut") -> None:
    rules = f"{proposal.ruleset.name}, version {proposal.ruleset.version}"
    say(f"{proposal.id}  {proposal.state}  {proposal.created_at:%Y-%m-%d %H:%M}  for {rules}")
    say(f"   {proposal.sentence}")


def _print_proposal(proposal: "ProposalItem") -> None:
    _print_head(proposal)
    for change in proposal.changes:
        say(f"   {change.rule}: {change.sentence}")


def _print_change(change: "EvidencedChangeOut") -> None:
    say(f"\n   {change.rule}: {change.sentence}")
    for what, drags in (("for", change.evidence), ("against", change.against)):
        for drag in drags[:_DRAGS_SHOWN]:
            pair = f"“{drag.above.title}” (task {drag.above.id}) above “{drag.below.title}” (task {drag.below.id})"
            say(f"     {what:<8}{drag.at:%Y-%m-%d}  {pair}")
        if len(drags) > _DRAGS_SHOWN:
            say(f"     {what:<8}… and {len(drags) - _DRAGS_SHOWN} more")
    if change.forgotten:
        say(f"     {counted(change.forgotten, 'drag')} no longer kept")


async def _ranked(given: "Settings", above: int, below: int) -> "Ranked":
    from app.composition import policy_from  # noqa: PLC0415
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.workflows.judging import Judge  # noqa: PLC0415
    from app.workflows.learning import dragging  # noqa: PLC0415

    async with opened(given) as database:
        await catch_up(database, given)
        async with database.writing() as session:
            policy = await Judge(policy_from(given)).policy(session)
            return await dragging.rank_above(session, policy.ruleset, above, below, actor=who(None), now=utc_now())


async def _listed(given: "Settings") -> "list[ProposalItem]":
    from app.domains import learning, rulesets  # noqa: PLC0415 - everything below is heavy
    from app.workflows.learning import views  # noqa: PLC0415

    async with opened(given) as database, database.reading() as session:
        active = views.active_of(await rulesets.service.active(session))
        found = await learning.service.page(session, active=active, limit=_SHOWN)
        return [views.item_out(each, active) for each in found]


async def _shown(given: "Settings", proposal_id: int) -> "ProposalOut":
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains import learning  # noqa: PLC0415
    from app.workflows.learning import views  # noqa: PLC0415

    async with opened(given) as database:
        await catch_up(database, given)
        async with database.reading() as session:
            return await views.proposal_out(session, await learning.service.get(session, proposal_id), utc_now())


async def _decided(given: "Settings", verb: str, proposal_id: int, *, note: str, author: str) -> "tuple[Decided, int]":
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.workflows.learning import deciding, views  # noqa: PLC0415

    verbs: dict[str, Callable[..., Awaitable[Any]]] = {
        "accept": deciding.accept,
        "reject": deciding.reject,
        "revert": deciding.revert,
    }
    async with opened(given) as database:
        async with database.writing() as session:
            decision = await verbs[verb](session, proposal_id, actor=author, note=note, now=utc_now())
            done = views.decided_out(decision)
        return done, await rank_again(database, given)
