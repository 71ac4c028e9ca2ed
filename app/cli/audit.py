"""`watchfloor audit`: who changed what, whether the trail of it is whole, and a copy of it for others."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.columns import wrong_usage
from app.cli.printing import AsJson, print_json, say
from app.cli.queue import moment
from app.cli.running import opened, run, settings
from app.cli.trouble import fail

if TYPE_CHECKING:
    from app.core.audit import Head
    from app.core.audit.verifying import Verified
    from app.settings import Settings
    from app.workflows.audit.schemas import AuditEntryOut

cli = typer.Typer(name="audit", help="Who changed what, and whether the trail of it is whole.", no_args_is_help=True)


def _beginning(text: str) -> datetime:
    """The same as `moment`, but a date alone is its beginning."""
    at = moment(text)
    return at.replace(hour=0, minute=0, second=0) if len(text.strip()) <= len("2026-03-02") else at


Since = Annotated[
    datetime | None, typer.Option(parser=_beginning, metavar="TIME", help="Not before this time; a date is its start.")
]
Until = Annotated[
    datetime | None, typer.Option(parser=moment, metavar="TIME", help="Before this time; a date is its end.")
]


@dataclass(frozen=True, slots=True)
class _Asked:
    actor: str | None
    action: str | None
    target: str | None
    since: datetime | None
    until: datetime | None
    words: str | None


@cli.command("list")
def list_(
    actor: Annotated[str | None, typer.Option(help="Who: user:7, key:3, cli, program, or a name.")] = None,
    action: Annotated[str | None, typer.Option(help="What was done, as complete_task.")] = None,
    target: Annotated[str | None, typer.Option(help="What it was done to, as task:12.")] = None,
    since: Since = None,
    until: Until = None,
    words: Annotated[str | None, typer.Option("-q", help="Words of a name, an action, a target or a value.")] = None,
    most: Annotated[int, typer.Option("-n", help="How many.", min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """The newest first."""
    given = settings()
    found = run(given, _list(given, _Asked(actor, action, target, since, until, words), most))
    if as_json:
        print_json(found)
        return
    if not found:
        say("There is none.")
    for each in found:
        say(_line(each))


@cli.command()
def verify(
    head: Annotated[
        str | None, typer.Option(metavar="ID:HASH", help="A head that was seen earlier, as this command prints it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Is every entry as it was written? Exit code 1 where one is not. Keep the head that it prints elsewhere: later it
    shows that nothing before it was made anew."""
    given = settings()
    found = run(given, _verified(given, head))
    if as_json:
        from app.workflows.audit.views import verified_out  # noqa: PLC0415 - heavy

        print_json(verified_out(found))
    elif found.broken is None:
        say(f"{found.entries:,} entries, from {found.first:,} on, are as they were written.")
        say(f"head {found.head.id}:{found.head.hash}")
    else:
        say(f"watchfloor: the audit trail is broken. {found.broken.detail}", err=True)
    if found.broken is not None:
        raise typer.Exit(1)


@cli.command()
def export(
    path: Annotated[Path, typer.Argument(help="The file to write, one entry a line.")], as_json: AsJson = False
) -> None:
    """Write the whole trail to a new file, which anybody can verify without this program."""
    given = settings()
    if path.exists():
        fail(f"{path} is there already. Name a new file.")
    count = run(given, _exported(given, path))
    if as_json:
        print_json({"path": str(path), "entries": count})
    else:
        say(f"Wrote {count:,} entries to {path}.")


async def _list(given: "Settings", asked: _Asked, most: int) -> "Sequence[AuditEntryOut]":
    from app.core.audit import listing  # noqa: PLC0415 - everything below is heavy
    from app.workflows.audit.views import entry_out  # noqa: PLC0415

    wanted = listing.Wanted(
        asked.actor, asked.action, asked.target, asked.since, asked.until, correlation_id=None, words=asked.words
    )
    async with opened(given) as database, database.reading() as session:
        return [entry_out(each) for each in await listing.page(session, wanted, limit=most)]


async def _verified(given: "Settings", head: str | None) -> "Verified":
    from app.workflows.audit import witnessing  # noqa: PLC0415 - heavy

    witness = _head(head) if head is not None else None
    async with opened(given) as database:
        return await witnessing.verify(database, witness=witness)


def _head(text: str) -> "Head":
    from app.core.audit import Head  # noqa: PLC0415 - heavy

    if not re.fullmatch(r"\d{1,9}:[0-9a-f]{64}", text.strip()):
        wrong_usage(f"--head {text}: give ID:HASH, as `watchfloor audit verify` prints it.")
    number, _, digest = text.strip().partition(":")
    return Head(int(number), digest)


async def _exported(given: "Settings", path: Path) -> int:
    from app.core.audit import exporting  # noqa: PLC0415 - heavy

    count = 0
    async with opened(given) as database:
        with path.open("x", encoding="ascii") as file:
            async for line in exporting.lines(database):
                file.write(f"{line}\n")
                count += 1
    return count


def _line(each: "AuditEntryOut") -> str:
    who = each.actor_name or each.actor
    what = ", ".join(f"{change.field}: {_value(change.before)} → {_value(change.after)}" for change in each.changes[:5])
    more = len(each.changes) - 5 + each.omitted
    rest = f", and {more:,} more" if more > 0 else ""
    said = f"  ({what}{rest})" if what else ""
    return f"{each.id}  {each.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}  {who}  {each.action}  {each.target}{said}"


def _value(value: object) -> str:
    text = "nothing" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"
