"""`watchfloor rules from-taskrc`: Taskwarrior's coefficients as a ruleset, without a database."""

import os
from pathlib import Path
from typing import Annotated

import typer

from app.cli.printing import say
from app.cli.trouble import fail


def taskrc_ruleset(
    path: Annotated[
        Path | None, typer.Argument(help="A .taskrc; default: the one that Taskwarrior itself would read.")
    ] = None,
) -> None:
    """Print a ruleset that ranks as Taskwarrior does with the coefficients of a .taskrc.

    What can't be taken over is told beside it (on standard error). Keep it with > FILE, look at what it would change
    with `watchfloor rules preview FILE`, and take it with `watchfloor rules apply FILE`.
    """
    from app.domains.ranking.taskwarrior.taskrc import ruleset_from  # noqa: PLC0415 - loads the ranking engine

    given = path or _usual()
    try:
        text = given.read_text("utf-8", errors="replace")
    except OSError as error:
        fail(f"{given} can't be read: {error.strerror}.")
    document, warnings = ruleset_from(text)
    say(document, nl=False)
    for warning in warnings:
        say(f"{given}: {warning}", err=True)


def _usual() -> Path:
    """Where Taskwarrior looks: TASKRC, ~/.taskrc, and the configuration folder where that is not there."""
    if named := os.environ.get("TASKRC"):
        return Path(named).expanduser()
    home = Path.home() / ".taskrc"
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    there = folder / "task" / "taskrc"
    return there if there.exists() and not home.exists() else home
