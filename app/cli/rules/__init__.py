"""`watchfloor rules`: what tasks are ranked by, one module for each sort of command."""

import typer

from app.cli import taskrc
from app.cli.rules import changing, faring, looking, previewing

cli = typer.Typer(name="rules", help="The rules that rank: look, check, apply, go back.", no_args_is_help=True)

cli.command("list")(looking.list_)
cli.command("show")(looking.show)
cli.command("history")(looking.history)
cli.command("diff")(looking.diff)
cli.command("check")(changing.check)
cli.command("preview")(previewing.preview)
cli.command("apply")(changing.apply)
cli.command("activate")(changing.activate)
cli.command("rollback")(changing.rollback)
cli.command("health")(faring.health)
cli.command("from-taskrc")(taskrc.taskrc_ruleset)
