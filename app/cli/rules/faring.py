"""`watchfloor rules health`: how each rule fares over the tasks that are open."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import printing
from app.cli.printing import AsJson, print_json
from app.cli.rules.looking import counted, named
from app.cli.running import catch_up, opened, run, settings

if TYPE_CHECKING:
    from app.settings import Settings
    from app.workflows.rules.schemas import RuleHealthOut, RulesHealthOut


def health(
    days: Annotated[int, typer.Option(help="So far back, for rules that fire on no open task.", min=1, max=90)] = 30,
    as_json: AsJson = False,
) -> None:
    """How the rules that rank fare: what fires, what never does, what fails, and what cancels what."""
    given = settings()
    found = run(given, _health(given, days))
    if as_json:
        print_json(found)
    else:
        _print(found)


async def _health(given: "Settings", days: int) -> "RulesHealthOut":
    from app.composition import policy_from  # noqa: PLC0415
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.workflows.judging import Judge  # noqa: PLC0415
    from app.workflows.rules import health  # noqa: PLC0415

    async with opened(given) as database:
        await catch_up(database, given)
        async with database.reading() as session:
            policy = await Judge(policy_from(given)).policy(session)
            return await health.health(session, policy.ruleset, days=days, now=utc_now())


def _print(found: "RulesHealthOut") -> None:
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = printing.console(highlight=False)
    console.print(summary(found), style="bold", soft_wrap=True)
    table = Table(box=None, padding=(0, 1), show_edge=False, header_style="dim")
    table.add_column("rule", overflow="ellipsis", no_wrap=True)
    for title in ("fired", "of all", "points", "each"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("", ratio=1, overflow="fold")
    for rule in found.rules:
        mean = "" if rule.points_mean is None else f"{rule.points_mean:+.1f}"
        total = f"{rule.points_total:+,}" if rule.fired else ""
        table.add_row(rule.rule, f"{rule.fired:,}", f"{rule.share:.0%}", total, mean, Text("; ".join(remarks(rule))))
    console.print(table)
    for note in found.notes:
        console.print(note, style="dim", soft_wrap=True)


def summary(found: "RulesHealthOut") -> str:
    """«default, version 1, over 640 open tasks: 37 rules, 4 of them dead, 1 failing.»"""
    dead, failing = (sum(map(bool, each)) for each in zip(*((r.dead, r.errors) for r in found.rules), strict=True))
    told = [counted(len(found.rules), "rule")]
    told += [f"{count} {word}" for count, word in ((dead, "dead"), (failing, "failing")) if count]
    return f"{named(found.ruleset)}, over {counted(found.tasks, 'open task')}: {', '.join(told)}."


def remarks(rule: "RuleHealthOut") -> list[str]:
    """What somebody should look at."""
    said = []
    if rule.failing:
        first = ", ".join(map(str, rule.failing.tasks))
        more = " …" if rule.errors > len(rule.failing.tasks) else ""
        said.append(f"fails on {counted(rule.errors, 'task')} ({first}{more}): {rule.failing.because}")
    if rule.dead:
        said.append("dead")
    if rule.overridden:
        said.append(f"ranked against {counted(rule.overridden, 'time')}")
    said += [
        f"on {other.tasks:,} of its {counted(rule.fired, 'task')} {other.rule} does the opposite: "
        f"{other.cancelled:.0%} of the larger of the two cancels out"
        for other in rule.contradicts
    ]
    return said
