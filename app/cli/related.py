"""`watchfloor related` and `watchfloor search`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli import printing
from app.cli.printing import AsJson, print_json, say
from app.cli.running import opened, run, settings

if TYPE_CHECKING:
    from app.domains.tasks.finding import Hit
    from app.domains.tasks.related_schemas import RelatedPage
    from app.settings import Settings


def related(
    task: Annotated[int, typer.Argument(help="The task's id, as `watchfloor top` shows it.")],
    as_json: AsJson = False,
) -> None:
    """Other tasks that have to do with this one, and why."""
    given = settings()
    page = run(given, _related(given, task))
    if as_json:
        print_json(page)
        return
    if not page.items:
        say("Nothing has to do with it, as far as is known.")
    for each in page.items:
        words = [each.task.status.replace("_", " "), each.task.source.integration or "by hand"]
        words += ["may be the same"] * each.duplicate
        say(f"{each.task.id:>7}  {each.task.title}  ({', '.join(words)})\n         {each.because}")
    if page.has_more:
        say(f"There are more than these {len(page.items)}.")


async def _related(given: "Settings", task_id: int) -> "RelatedPage":
    from app.domains.connections import service  # noqa: PLC0415 - everything below is heavy
    from app.domains.tasks import actions, related_views, relating  # noqa: PLC0415

    async with opened(given) as database, database.reading() as session:
        relations, more = await relating.related(session, await actions.get(session, task_id))
        return await related_views.related_out(session, relations, await service.names(session), more=more)


def search(
    words: Annotated[list[str], typer.Argument(help="All of them must be there; the last may be just begun.")],
    n: Annotated[int, typer.Option("-n", help="How many.", min=1, max=1000)] = 10,
    as_json: AsJson = False,
) -> None:
    """Tasks, and the lines that belong to none, that hold the words: the newest first."""
    given = settings()
    hits = run(given, _search(given, " ".join(words), n))
    if as_json:
        print_json(hits)
        return
    if not hits:
        say("Nothing holds these words.")
        return

    for hit in hits:
        printing.console().print(_shown(hit), soft_wrap=True)


def _shown(hit: "Hit") -> Any:
    from rich.text import Text  # noqa: PLC0415 - heavy

    name = (f"task {hit.task}", "bold") if hit.task else (f"item {hit.item}", "dim")
    said = [hit.place, hit.who, f"{hit.at:%Y-%m-%d %H:%M}" if hit.at else ""]
    title = f"  {hit.title} ({hit.status.replace('_', ' ')})" if hit.status else ""
    return Text.assemble(name, title, (f"  {'  '.join(word for word in said if word)}", "cyan"), f"\n  {hit.snippet}")


async def _search(given: "Settings", words: str, n: int) -> "list[Hit]":
    from app.domains.connections import service  # noqa: PLC0415 - everything below is heavy
    from app.domains.tasks import finding  # noqa: PLC0415

    async with opened(given) as database, database.reading() as session:
        names = await service.names(session)
        return await finding.found(session, words, names, sqlite=database.is_sqlite, limit=n)
