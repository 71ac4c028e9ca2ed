"""`watchfloor sample load` and `watchfloor sample clear`."""

from typing import TYPE_CHECKING

import typer

from app.cli.printing import AsJson, print_json, say
from app.cli.running import called, opened, run, settings

if TYPE_CHECKING:
    from app.domains.connections.run_schemas import RunOut
    from app.settings import Settings

cli = typer.Typer(help="The sample data: an invented company, to look around in.", no_args_is_help=True)


@cli.command("load")
def load(as_json: AsJson = False) -> None:
    """Import the sample company's mail, Slack and Notion. Not in production."""
    given = settings()
    runs = run(given, _load(given))
    if as_json:
        print_json({"runs": [each.model_dump(mode="json") for each in runs]})
        return
    tasks = sum(each.tasks.new for each in runs)
    say(f"Sample data: an invented company, with {tasks} tasks. See it: {called()} top")
    say(f"Remove it again: {called()} sample clear")


@cli.command("clear")
def clear(as_json: AsJson = False) -> None:
    """Remove the sample data with all that was done to it. What you brought in yourself stays."""
    given = settings()
    was_here = run(given, _clear(given))
    if as_json:
        print_json({"cleared": was_here})
    elif was_here:
        say(f"The sample data is gone. Import your own: {called()} import PATH")
    else:
        say("There is no sample data.")


async def _load(given: "Settings") -> "list[RunOut]":
    from app.composition import UPLOADS, importing_from, jobs_from, syncing_from  # noqa: PLC0415
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.connections import service  # noqa: PLC0415
    from app.domains.connections.views import run_out  # noqa: PLC0415
    from app.workflows.sample import loading  # noqa: PLC0415

    async with opened(given) as database:
        begun = await loading.load(database.writing, UPLOADS, utc_now().astimezone(), environment=given.environment)
        jobs = jobs_from(given, syncing_from(given, importing_from(given, database)))
        while await jobs.import_next():
            pass
        async with database.reading() as session:
            names = await service.names(session)
            return [await run_out(session, await service.get_run(session, each.id), names) for each in begun]


async def _clear(given: "Settings") -> bool:
    """Whether there was any."""
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.workflows.sample import clearing, loading  # noqa: PLC0415

    async with opened(given) as database:
        async with database.writing() as session:
            was_here = await loading.is_here(session)
            files = await clearing.clear(session, now=utc_now())
        for path in files:
            path.unlink(missing_ok=True)
    return was_here
