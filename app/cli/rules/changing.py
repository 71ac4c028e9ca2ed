"""`watchfloor rules check`, `apply`, `activate` and `rollback`: from a file to what ranks, and back again."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.printing import AsJson, print_json, say
from app.cli.rules.files import read, who
from app.cli.rules.looking import counted, named, print_changes
from app.cli.rules.previewing import warnings
from app.cli.running import called, catch_up, opened, run, settings
from app.cli.trouble import fail

if TYPE_CHECKING:
    from app.core.database import Database
    from app.domains.ranking.rules import RulesetInvalid
    from app.domains.rulesets.schemas import ActivatedOut, ChangeOut, CheckedOut, VersionOut
    from app.settings import Settings

File = Annotated[str, typer.Argument(help="A ruleset as TOML or .json; - reads standard input.")]
Note = Annotated[str, typer.Option(help="Why; kept with it.")]
Author = Annotated[str | None, typer.Option(help="Who you are. Default: your login name.")]


def check(file: File, as_json: AsJson = False) -> None:
    """Everything that is wrong in a ruleset, each with its place. Exit code 1 where there is anything."""
    given = settings()
    found = run(given, _check(given, file))
    if as_json:
        print_json(found)
    elif found.valid:
        say(f"{file}: the ruleset {found.name} is in order, with {counted(found.rules or 0, 'rule')}.")
    else:
        _print_problems(found)
        say(f"{file}: {counted(len(found.problems), 'problem')}.", err=True)
    if not found.valid:
        raise typer.Exit(1)


def _print_problems(found: "CheckedOut") -> None:
    from app.domains.ranking.rules import Problem  # noqa: PLC0415 - heavy
    from app.domains.rulesets.compiling import one_line  # noqa: PLC0415

    for each in found.problems:
        say(one_line(Problem(**each.model_dump())))


@dataclass(frozen=True, slots=True)
class Applied:
    """What `apply` did."""

    version: "VersionOut"
    fresh: bool
    changes: "list[ChangeOut]"
    activated: "ActivatedOut | None"
    ranked: int
    warnings: list[str]
    """What looks like a mistake in how it ranks."""


def apply(
    file: File,
    name: Annotated[str | None, typer.Option(help="Save it under this name instead of its own.")] = None,
    note: Note = "",
    author: Author = None,
    activate: Annotated[bool, typer.Option("--activate/--no-activate", help="Let it rank at once.")] = True,
    as_json: AsJson = False,
) -> None:
    """Save a ruleset as a new version, let it rank, and rank all tasks again."""
    given = settings()
    done = run(given, _apply(given, file, name, note=note, author=who(author), activate=activate))
    if as_json:
        print_json(
            {
                "ruleset": done.version,
                "saved": done.fresh,
                "changes": done.changes,
                "activated": done.activated is not None and done.activated.changed,
                "previous": done.activated.previous if done.activated else None,
                "ranked": done.ranked,
                "warnings": done.warnings,
            }
        )
        return
    if done.fresh:
        say(f"Saved {named(done.version)}, with {counted(done.version.rules, 'rule')}.")
        if done.version.version > 1:
            say(f"Against version {done.version.version - 1}:")
            print_changes(done.changes)
    else:
        say(f"This is {named(done.version)} already: nothing was saved.")
    for warning in done.warnings:
        say(f"! {warning}")
    if done.activated is None:
        say(f"It does not rank yet. Let it: {called()} rules activate {done.version.name}")
    else:
        _print_activated(done.activated, done.ranked)
        say(f"Go back: {called()} rules rollback")


def activate(
    name: Annotated[str, typer.Argument(help="The ruleset.")],
    version: Annotated[int | None, typer.Argument(help="Default: the newest.", min=1, max=2**31 - 1)] = None,
    note: Note = "",
    author: Author = None,
    as_json: AsJson = False,
) -> None:
    """Let a stored version rank, and rank all tasks again."""
    given = settings()
    _report(*run(given, _activate(given, name, version, note=note, author=who(author))), as_json=as_json)


def rollback(note: Note = "", author: Author = None, as_json: AsJson = False) -> None:
    """Go back to what ranked before, and rank all tasks again. Once more, and it goes further back."""
    given = settings()
    _report(*run(given, _roll_back(given, note=note, author=who(author))), as_json=as_json)


def _report(done: "ActivatedOut", ranked: int, *, as_json: bool) -> None:
    if as_json:
        print_json({**done.model_dump(), "ranked": ranked})
    else:
        _print_activated(done, ranked)


def _print_activated(done: "ActivatedOut", ranked: int) -> None:
    if not done.changed:
        say(f"{named(done.ruleset)} ranks already.")
        return
    before = f"; before, it was {named(done.previous)}" if done.previous else ""
    say(f"{named(done.ruleset)} ranks now{before}.")
    say(f"{counted(ranked, 'task')} ranked again. See: {called()} top")


async def rank_again(database: "Database", given: "Settings") -> int:
    """Rank all tasks by what is active now, telling on a terminal how far that is. Returns how many."""
    if not sys.stderr.isatty():
        return await catch_up(database, given)
    count = await catch_up(database, given, lambda done: say(f"\rRanking again: {done:,} tasks", nl=False, err=True))
    say("\r" + " " * 40 + "\r", nl=False, err=True)
    return count


async def _check(given: "Settings", file: str) -> "CheckedOut":
    from app.domains.ranking.rules import RulesetInvalid  # noqa: PLC0415 - everything below is heavy
    from app.domains.rulesets import service, views  # noqa: PLC0415
    from app.domains.rulesets.compiling import without_lines  # noqa: PLC0415

    name, written = None, True
    try:
        text, written = read(file)
        name = views.name_in(text)
        async with opened(given) as database, database.reading() as session:
            return views.sound_out(await service.checked(session, text))
    except RulesetInvalid as error:
        return views.unsound_out(error if written else without_lines(error), name)


async def _apply(
    given: "Settings", file: str, name: str | None, *, note: str, author: str, activate: bool
) -> "Applied":
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.ranking.rules import RulesetInvalid  # noqa: PLC0415
    from app.domains.rulesets import service, views  # noqa: PLC0415
    from app.domains.rulesets.compiling import without_lines  # noqa: PLC0415
    from app.domains.rulesets.documents import renamed  # noqa: PLC0415

    async with opened(given) as database:
        written = True
        try:
            text, written = read(file)
            text = renamed(text, name) if name else text
            async with database.reading() as session:
                found = await service.checked(session, text)
                warned = await warnings(session, text)
        except RulesetInvalid as error:
            _refuse(error if written else without_lines(error), file)
        done = None
        async with database.writing() as session:
            saved = await service.save(session, found.name, text, author=author, note=note, now=utc_now())
            if activate:
                before, changed = await service.activate(session, saved.row, actor=author, note=note, now=utc_now())
                done = views.activated_out(saved.row, before, changed=changed)
            version = views.version_out(saved.row, await service.active(session))
        changes = views.diff_out(saved.before, saved.row).changes if saved.fresh else []
        ranked = await rank_again(database, given) if done else 0
        return Applied(version, saved.fresh, changes, done, ranked, warned)


def _refuse(error: "RulesetInvalid", file: str) -> None:
    """Ends the command, naming every problem."""
    from app.domains.rulesets.compiling import one_line  # noqa: PLC0415 - heavy

    for problem in error.problems:
        say(one_line(problem), err=True)
    fail(f"{file} was not saved.")


async def _activate(
    given: "Settings", name: str, version: int | None, *, note: str, author: str
) -> "tuple[ActivatedOut, int]":
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.rulesets import service, views  # noqa: PLC0415

    async with opened(given) as database:
        async with database.writing() as session:
            row = await service.usable(session, name, version)
            before, changed = await service.activate(session, row, actor=author, note=note, now=utc_now())
        done = views.activated_out(row, before, changed=changed)
        return done, await rank_again(database, given)


async def _roll_back(given: "Settings", *, note: str, author: str) -> "tuple[ActivatedOut, int]":
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.rulesets import service, views  # noqa: PLC0415

    async with opened(given) as database:
        async with database.writing() as session:
            row, left = await service.roll_back(session, actor=author, note=note, now=utc_now())
        done = views.activated_out(row, left, changed=True)
        return done, await rank_again(database, given)
