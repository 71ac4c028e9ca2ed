"""`watchfloor rules preview`: what a draft would do to the queue and to the last days, before anything is saved."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.printing import AsJson, print_json, say
from app.cli.rules.files import STDIN, read
from app.cli.rules.reporting import print_preview
from app.cli.running import catch_up, opened, run, settings
from app.cli.trouble import fail

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from app.settings import Settings
    from app.workflows.rules.previewing import Side
    from app.workflows.rules.schemas import RulesetPreviewOut

_FILE = "A ruleset as TOML or .json, or the NAME of a stored one; - reads standard input."


def preview(
    draft: Annotated[str, typer.Argument(metavar="FILE", help=_FILE)],
    against: Annotated[str | None, typer.Option(help="NAME or NAME@VERSION. Default: what ranks.")] = None,
    history_days: Annotated[int, typer.Option(help="Also what was late in so many days.", min=0, max=90)] = 0,
    limit: Annotated[int, typer.Option(help="Open tasks, in rank order.", min=1, max=50_000)] = 10_000,
    as_json: AsJson = False,
) -> None:
    """Who would move if this ruleset ranked, and why. Nothing is saved."""
    given = settings()
    found = run(given, _preview(given, draft, against, limit=limit, days=history_days))
    if as_json:
        print_json(found)
    else:
        print_preview(found, draft, stored=not _is_file(draft))


async def _preview(given: "Settings", draft: str, against: str | None, *, limit: int, days: int) -> "RulesetPreviewOut":
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.workflows.rules import previewing  # noqa: PLC0415
    from app.workflows.rules.history import Reach  # noqa: PLC0415

    async with opened(given) as database:
        await catch_up(database, given)
        async with database.reading() as session:
            wanted = await _draft(session, draft)
            compared = await _stored(session, against) if against else await previewing.stored_side(session)
            reach = Reach(days, timedelta(days=given.history_days)) if days else None
            return await previewing.preview(session, wanted, compared, limit=limit, reach=reach, now=utc_now())


async def _draft(session: "AsyncSession", word: str) -> "Side":
    """A file, or where none of this name is there a stored ruleset. Ends the command, naming every problem."""
    from app.domains.ranking.rules import RulesetInvalid  # noqa: PLC0415 - everything below is heavy
    from app.domains.rulesets import service  # noqa: PLC0415
    from app.domains.rulesets.compiling import one_line, without_lines  # noqa: PLC0415
    from app.workflows.rules.previewing import Side  # noqa: PLC0415

    if not _is_file(word):
        return await _stored(session, word)
    written = True
    try:
        text, written = read(word)
        return Side(await service.checked(session, text), text)
    except RulesetInvalid as error:
        for problem in (error if written else without_lines(error)).problems:
            say(one_line(problem), err=True)
        fail(f"{word} can't be previewed.")


def _is_file(word: str) -> bool:
    return word == STDIN or word.endswith((".toml", ".json")) or "/" in word or Path(word).exists()


async def _stored(session: "AsyncSession", word: str) -> "Side":
    from app.workflows.rules.previewing import stored_side  # noqa: PLC0415 - heavy

    name, _, version = word.partition("@")
    if version and not (version.isascii() and version.isdigit() and len(version) < 10):
        raise typer.BadParameter(f"{word} is neither NAME nor NAME@VERSION")
    return await stored_side(session, name, int(version) if version else None)


async def warnings(session: "AsyncSession", text: str) -> list[str]:
    """What would look like a mistake if this text, which is in order, ranked the open tasks: sentences."""
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.workflows.rules import previewing  # noqa: PLC0415

    draft = await previewing.draft_side(session, text)
    return [each.sentence for each in await previewing.warnings(session, draft, now=utc_now())]
