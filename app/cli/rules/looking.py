"""`watchfloor rules list`, `show`, `history` and `diff`: nothing is changed."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.printing import AsJson, print_json, say
from app.cli.running import called, opened, run, settings

if TYPE_CHECKING:
    from app.domains.rulesets.schemas import (
        ActivationOut,
        ChangeOut,
        DiffOut,
        RulesetItem,
        RulesetOut,
        RulesetVersion,
        VersionOut,
    )
    from app.settings import Settings

_SHOWN = 100
_LONGEST_VALUE = 60


def list_(as_json: AsJson = False) -> None:
    """All rulesets; the one that ranks has a star."""
    given = settings()
    found = run(given, _list(given))
    if as_json:
        print_json(found)
        return
    for each in found:
        star = "*" if each.active else " "
        version = f"version {each.active_version}" if each.active else f"version {each.version}"
        newer = f", newest {each.version}" if each.active and each.active_version != each.version else ""
        size = counted(each.rules, "rule")
        say(f"{star} {each.name}  {version}{newer}, {size}  {each.description}".rstrip())


def show(
    name: Annotated[str | None, typer.Argument(help="Default: the one that ranks.")] = None,
    version: Annotated[int | None, typer.Option(help="Default: the active one, else the newest.", min=1)] = None,
    as_json: AsJson = False,
) -> None:
    """The text of a ruleset, to be read or to begin a file of one's own with."""
    given = settings()
    found = run(given, _show(given, name, version))
    if as_json:
        print_json(found)
    else:
        say(found.text, nl=not found.text.endswith("\n"))


def history(
    name: Annotated[str | None, typer.Argument(help="A ruleset: then its versions, with author and note.")] = None,
    as_json: AsJson = False,
) -> None:
    """Which ruleset ranked from when on; or all versions of one. The newest first."""
    given = settings()
    found: Sequence[ActivationOut | VersionOut]
    found = run(given, _versions(given, name)) if name else run(given, _activations(given))
    if as_json:
        print_json(found)
        return
    for each in found:
        say(_line(each))
    if len(found) == _SHOWN:
        say("… and perhaps more: see GET /api/v1/rulesets/activations")


def diff(
    name: Annotated[str, typer.Argument(help="The ruleset.")],
    from_: Annotated[int | None, typer.Option("--from", help="Default: the version before.", min=1)] = None,
    to: Annotated[int | None, typer.Option("--to", help="Default: the newest.", min=1)] = None,
    as_json: AsJson = False,
) -> None:
    """What changed between two versions: by rule and field, then line by line."""
    given = settings()
    found = run(given, _diff(given, name, from_, to))
    if as_json:
        print_json(found)
        return
    before = f"version {found.from_}" if found.from_ else "nothing"
    say(f"{found.name}: from {before} to version {found.to}")
    print_changes(found.changes)
    say(f"\n{found.text}" if found.text else "The texts are the same.", nl=not found.text)


def print_changes(changes: "Sequence[ChangeOut]", beside: Mapping[str, str] | None = None) -> None:
    """A line for each entry, and one for each of its fields that changed. `beside` says by rule what else is told."""
    for each in changes:
        title = "" if each.title == each.id else f"  {each.title}"
        say(f"  {each.what:<8} {each.section} {each.id}{title}")
        for field in each.fields if each.what == "changed" else ():
            say(f"             {field.field}: {_short(field.before)} → {_short(field.after)}")
        if beside and each.section in ("rule", "override") and each.id in beside:
            say(f"             {beside[each.id]}")
    if not changes:
        say("  nothing that has a meaning")


def named(ruleset: "RulesetVersion | VersionOut") -> str:
    return f"{ruleset.name}, version {ruleset.version}"


def counted(count: int, what: str) -> str:
    """«1 rule», «1,200 tasks»."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _short(value: Any) -> str:
    """A value on one line: «–» for none."""
    from pydantic_core import to_json  # noqa: PLC0415 - as above

    if value is None:
        return "–"
    text = value if isinstance(value, str) else to_json(value).decode()
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _line(each: "ActivationOut | VersionOut") -> str:
    from app.domains.rulesets.schemas import ActivationOut  # noqa: PLC0415 - heavy

    if isinstance(each, ActivationOut):
        verb = "went back to" if each.rolled_back else "activated"
        said = f"{each.at:%Y-%m-%d %H:%M}  {each.actor} {verb} {each.name}, version {each.version}"
    else:
        star = "*" if each.active else " "
        size = counted(each.rules, "rule")
        said = f"{star} version {each.version}  {each.created_at:%Y-%m-%d %H:%M}  {each.author}, {size}"
    return f"{said}: {each.note}" if each.note else said


async def _list(given: "Settings") -> "list[RulesetItem]":
    from app.domains.rulesets import service, views  # noqa: PLC0415 - heavy

    async with opened(given) as database, database.reading() as session:
        return await views.items(session, list(await service.names(session, limit=service.MOST_NAMES)))


async def _show(given: "Settings", name: str | None, version: int | None) -> "RulesetOut":
    from app.core.errors import NotFound  # noqa: PLC0415 - everything below is heavy
    from app.domains.rulesets import service, views  # noqa: PLC0415

    async with opened(given) as database, database.reading() as session:
        active = await service.active(session)
        if name is None:
            if active is None:
                raise NotFound(f"Nothing is active. See: {called()} rules list")
            name = active.name
        if active is not None and version is None and name == active.name:
            return views.ruleset_out(active, active)
        return views.ruleset_out(await service.version_of(session, name, version), active)


async def _activations(given: "Settings") -> "list[ActivationOut]":
    from app.domains.rulesets import service, views  # noqa: PLC0415 - heavy

    async with opened(given) as database, database.reading() as session:
        return [views.activation_out(row) for row in await service.history(session, limit=_SHOWN)]


async def _versions(given: "Settings", name: str) -> "list[VersionOut]":
    from app.domains.rulesets import service, views  # noqa: PLC0415 - heavy

    async with opened(given) as database, database.reading() as session:
        await service.version_of(session, name)
        active = await service.active(session)
        return [views.version_out(row, active) for row in await service.versions(session, name, limit=_SHOWN)]


async def _diff(given: "Settings", name: str, from_: int | None, to: int | None) -> "DiffOut":
    from app.domains.rulesets import service, views  # noqa: PLC0415 - heavy

    async with opened(given) as database, database.reading() as session:
        return views.diff_out(*await service.compared(session, name, from_, to))
