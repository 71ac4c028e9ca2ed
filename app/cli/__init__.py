"""Composition root of the command line: `watchfloor`, one module for each group of commands.

Heavy libraries are imported inside the commands that need them: `watchfloor --help` answers at once.
"""

import sys
import traceback
from typing import Annotated

import typer

from app import __version__
from app.cli import (
    audit,
    config,
    db,
    facts,
    imports,
    integrations,
    keys,
    links,
    people,
    proposals,
    queue,
    related,
    rules,
    sample,
    secrets,
    serve,
    status,
    sync,
    users,
    why,
    writes,
)
from app.core.known_secrets import concealed

cli = typer.Typer(
    name="watchfloor",
    help="Work from everywhere as one ranked queue, and for each task why it stands where it stands.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command("serve")(serve.serve)
cli.command("worker")(serve.worker)
cli.command("import")(imports.import_)
cli.command("status")(status.status)
cli.command("sync")(sync.sync)
cli.command("top")(queue.top)
cli.command("rank-above")(proposals.rank_above)
cli.command("why")(why.why)
cli.command("related")(related.related)
cli.command("search")(related.search)
cli.command("facts")(facts.facts)
rules.cli.add_typer(proposals.cli, name="proposals")
cli.add_typer(rules.cli, name="rules")
cli.add_typer(integrations.cli, name="integrations")
cli.add_typer(writes.cli, name="writes")
cli.add_typer(people.cli, name="people")
cli.add_typer(keys.cli, name="keys")
cli.add_typer(sample.cli, name="sample")
users.cli.command("link")(links.link)
cli.add_typer(users.cli, name="users")
cli.add_typer(secrets.cli, name="secrets")
cli.add_typer(audit.cli, name="audit")
cli.add_typer(db.cli, name="db")
cli.add_typer(config.cli, name="config")


@cli.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    """Work from everywhere as one ranked queue, and for each task why it stands where it stands."""
    if version:
        typer.echo(f"watchfloor {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """A defect is shown as Python shows it, without any secret that it holds."""
    try:
        cli()
    except Exception as defect:  # noqa: BLE001 - the edge: it ends the program
        sys.stderr.write(concealed("".join(traceback.format_exception(defect))))
        raise SystemExit(1) from None
