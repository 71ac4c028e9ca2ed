"""`watchfloor secrets`: secret settings kept in the database, encrypted; and encrypting everything with a new key.

Nothing here prints a secret, and none is taken as an argument: those are seen by every user of a machine.
"""

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.printing import AsJson, print_json, say
from app.cli.running import called, opened, run, settings
from app.cli.trouble import fail

if TYPE_CHECKING:
    from app.settings import Settings
    from app.workflows.secrets.rotating import Rotated
    from app.workflows.secrets.stored import Listed

cli = typer.Typer(help="Secret settings, encrypted in the database; and new keys.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The setting's, as in .env.example: COMPOSIO_API_KEY")]


@cli.command("set")
def set_(
    name: Name,
    value_stdin: Annotated[bool, typer.Option("--value-stdin", help="Read the value from standard input.")] = False,
    as_json: AsJson = False,
) -> None:
    """Store a secret setting, encrypted; the value is asked for. What the environment or .env gives wins over it."""
    given = settings()
    _check_name(name.upper())
    if value_stdin:
        value = sys.stdin.read().rstrip("\r\n")
    elif sys.stdin.isatty():
        value = typer.prompt(name, hide_input=True)
    else:
        say("watchfloor: nobody can be asked here: give the value with --value-stdin.", err=True)
        raise typer.Exit(2)
    over = _of_environment(given, name)
    new = run(given, _set(given, name.upper(), value))
    if as_json:
        print_json({"name": name.upper(), "new": new, "environment_wins": over})
        return
    say(f"{name.upper()} is {'stored' if new else 'stored anew'}. It counts from the next start on.")
    if over:
        say(f"Until then, and after: the environment or .env gives {name.upper()} too, and wins.", err=True)


@cli.command("list")
def list_(as_json: AsJson = False) -> None:
    """Names of what is stored, since when, and whether it is used. Never a value."""
    given = settings()
    found = run(given, _list(given))
    if as_json:
        rows = [{**asdict(each), "updated_at": each.updated_at.isoformat()} for each in found]
        print_json(rows)
        return
    if not found:
        say(f"None is stored. Store one: {called()} secrets set COMPOSIO_API_KEY")
    for each in found:
        say(f"{each.name:<24}  {each.updated_at:%Y-%m-%d %H:%M}  {each.state}")


@cli.command()
def remove(name: Name, as_json: AsJson = False) -> None:
    """Forget a stored secret."""
    given = settings()
    run(given, _remove(given, name.upper()))
    if as_json:
        print_json({"name": name.upper(), "removed": True})
    else:
        say(f"{name.upper()} is no longer stored. What runs uses it until it is started again.")


@cli.command()
def rotate(as_json: AsJson = False) -> None:
    """Encrypt everything that is stored encrypted with the present SECRET_KEY, in one transaction. Exit code 1 where
    something can't be read with it nor with SECRET_KEYS_BEFORE."""
    given = settings()
    found = run(given, _rotate(given))
    lost = [each for each in found if each.unreadable]
    if as_json:
        report = {"ok": not lost, "columns": [asdict(each) for each in found]}
        print_json(report)
    else:
        _tell(found)
    if lost:
        raise typer.Exit(1)


def _tell(found: "list[Rotated]") -> None:
    for each in found:
        lost = f", {len(each.unreadable)} can't be read ({', '.join(each.unreadable[:5])})" if each.unreadable else ""
        say(f"{each.column}: {each.renewed} encrypted anew, {each.present} with the present key already{lost}")
    if any(each.unreadable for each in found):
        say(
            "Some can't be read: put the key that they were encrypted with into SECRET_KEYS_BEFORE and rotate again. "
            f"If it is lost, make them anew: {called()} secrets set NAME for what was stored; "
            f"{called()} users reset-totp EMAIL for one-time codes; {called()} keys rotate-signing --now for keys that "
            "sign tokens; for links to accounts, ask for new ones.",
            err=True,
        )
    else:
        say("Everything is encrypted with the present SECRET_KEY: SECRET_KEYS_BEFORE can go.")


def _check_name(name: str) -> None:
    """Before anybody types a secret for nothing."""
    from app.workflows.secrets.stored import NAMES  # noqa: PLC0415 - heavy

    if name not in NAMES:
        fail(f"{name} is not kept in the database. What may be: {', '.join(NAMES)}.")


def _of_environment(given: "Settings", name: str) -> bool:
    value = getattr(given, name.lower(), None)
    return bool(value is not None and value.get_secret_value()) if hasattr(value, "get_secret_value") else False


async def _set(given: "Settings", name: str, value: str) -> bool:
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.workflows.secrets import stored  # noqa: PLC0415
    from app.workflows.secrets.vault import vault_from  # noqa: PLC0415

    async with opened(given, quiet=True) as database, database.writing() as session:
        return await stored.put(session, vault_from(given), name, value, now=utc_now())


async def _list(given: "Settings") -> "list[Listed]":
    from app.workflows.secrets import stored  # noqa: PLC0415 - everything below is heavy
    from app.workflows.secrets.vault import vault_from  # noqa: PLC0415

    of_environment = given.model_copy()  # opening the database fills in what is stored
    async with opened(given, quiet=True) as database, database.reading() as session:
        return await stored.listed(session, vault_from(given), of_environment)


async def _remove(given: "Settings", name: str) -> None:
    from app.workflows.secrets import stored  # noqa: PLC0415 - everything below is heavy

    async with opened(given, quiet=True) as database, database.writing() as session:
        await stored.remove(session, name)


async def _rotate(given: "Settings") -> "list[Rotated]":
    from app.workflows.secrets import rotating  # noqa: PLC0415 - everything below is heavy
    from app.workflows.secrets.vault import vault_from  # noqa: PLC0415

    async with opened(given, quiet=True) as database, database.writing() as session:
        return await rotating.rotate(session, vault_from(given))
