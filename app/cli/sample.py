"""`watchfloor sample load` and `watchfloor sample clear`."""

from typing import TYPE_CHECKING

import typer

from app.cli.running import called, opened, run, settings

if TYPE_CHECKING:
    from app.settings import Settings

cli = typer.Typer(help="The sample data: an invented company, to look around in.", no_args_is_help=True)


@cli.command("load")
def load() -> None:
    """Import the sample company's mail, Slack and Notion. Not in production."""
    given = settings()
    tasks = run(given, _load(given))
    typer.echo(f"Sample data: an invented company, with {tasks} tasks. See it: {called()} top")
    typer.echo(f"Remove it again: {called()} sample clear")


@cli.command("clear")
def clear() -> None:
    """Remove the sample data with all that was done to it. What you brought in yourself stays."""
    given = settings()
    run(given, _clear(given))
    typer.echo(f"The sample data is gone. Import your own: {called()} import PATH")


async def _load(given: "Settings") -> int:
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.connections import service  # noqa: PLC0415
    from app.main import UPLOADS, importing_from, jobs_from  # noqa: PLC0415
    from app.workflows.sample import loading  # noqa: PLC0415

    async with opened(given) as database:
        begun = await loading.load(database.writing, UPLOADS, utc_now().astimezone(), environment=given.environment)
        jobs = jobs_from(given, importing_from(given, database))
        while await jobs.import_next():
            pass
        async with database.reading() as session:
            return sum([(await service.get_run(session, each.id)).tasks_new for each in begun])


async def _clear(given: "Settings") -> None:
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.workflows.sample import clearing  # noqa: PLC0415

    async with opened(given) as database:
        async with database.writing() as session:
            files = await clearing.clear(session, now=utc_now())
        for path in files:
            path.unlink(missing_ok=True)
