"""`watchfloor config`: write the settings' file, see whether the settings can be used, and whether services answer.

Nothing here prints a secret. Exit codes: 0 in order, 1 something has to be done, 2 usage.
"""

import asyncio
import difflib
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli import refused, services
from app.cli.printing import AsJson, print_json, say
from app.cli.running import called, settings
from app.cli.trouble import fail
from app.settings import PROJECT_ROOT, Settings
from app.settings.production import doubtful

cli = typer.Typer(name="config", help="The settings: write, check, and try the services.", no_args_is_help=True)

_EXAMPLE = PROJECT_ROOT / ".env.example"


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


@cli.command()
def setup(
    env: Annotated[Environment, typer.Option("--env", help="What the settings are for.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file; the old one is kept as .env.old.")] = False,
    file: Annotated[Path, typer.Option("--file", help="The file to write.")] = PROJECT_ROOT / ".env",
) -> None:
    """Write .env from .env.example, with a new SECRET_KEY. Only its owner can read it."""
    try:
        text = _filled(_EXAMPLE.read_text(encoding="utf-8"), env)
        if force and file.exists():
            os.replace(file, file.with_name(f"{file.name}.old"))
        _write_new(file, text)
    except FileExistsError:
        fail(f"{file} is there already, and holds a SECRET_KEY that may be in use. --force replaces it.")
    except OSError as error:
        fail(f"{error.filename or file} can't be used: {error.strerror or type(error).__name__}.")
    say(f"Wrote {file} for {env.value}.")
    if problems := list(_problems(file)):
        say("Before it can start:")
        for name, said in problems:
            say(f"  {name}: {said}")
    if env == Environment.PRODUCTION:
        say("For others to reach it, through a proxy that speaks https:")
        say("  PUBLIC_URL: the address that they use, as https://board.example")
        say("  TRUSTED_PROXIES: the proxy's address, as 127.0.0.1")
    if problems or env == Environment.PRODUCTION:
        say(f"Then run: {called()} config validate")


@cli.command()
def validate() -> None:
    """Say of each setting that can't be used what is wrong with it. Exit code 1 where there is any."""
    problems = list(_problems())
    for name, said in problems:
        say(f"{name}: {said}", err=True)
    for note in _unknown_names():
        say(note, err=True)
    if not problems:
        for name, said in doubtful(Settings()):
            say(f"{name}: {said}", err=True)
    if problems:
        say("See .env.example for what each setting means.", err=True)
        raise typer.Exit(1)
    say(f"All settings can be used ({Settings().environment}).")


@cli.command("check-services")
def check_services(as_json: AsJson = False) -> None:
    """Try the database and Composio: the key, and each tool in its pinned version. Changes nothing. Exit code 1 where
    something that is configured fails."""
    given = settings()
    lines = asyncio.run(services.checked(given))
    failed = any(line.state == "failed" for line in lines)
    if as_json:
        print_json({"ok": not failed, "checks": [asdict(line) for line in lines]})
    else:
        for line in lines:
            say(f"{line.state:<6}  {line.what}: {line.detail}")
    if failed:
        raise typer.Exit(1)


def _problems(file: Path | None = None) -> Iterator[tuple[str, str]]:
    """Variable and what is wrong with it, of all that can't be used; where a file is given, with that as .env."""
    from pydantic import ValidationError  # noqa: PLC0415 - only needed here

    from app.core.errors import Invalid  # noqa: PLC0415
    from app.integrations import registry  # noqa: PLC0415
    from app.integrations.gateways.tools import pinned  # noqa: PLC0415

    try:
        given = Settings(_env_file=file) if file else Settings()
    except ValidationError as error:
        yield from refused.said(error)
        return
    try:
        pinned(registry.TOOLS, given.composio_tool_versions)
    except Invalid as problem:
        yield from ((each.location, each.message) for each in problem.errors)


def _unknown_names() -> Iterator[str]:
    """Names in .env that are no settings: nobody reads them, and a typing error stays unseen."""
    from dotenv import dotenv_values  # noqa: PLC0415 - only needed here

    file: Any = Settings.model_config.get("env_file")
    if not file or not Path(file).is_file():
        return
    known = [name.upper() for name in Settings.model_fields]
    for name in dotenv_values(file):
        if name.upper() not in known:
            close = difflib.get_close_matches(name.upper(), known, n=1)
            meant = f" Did you mean {close[0]}?" if close else ""
            yield f"{name} in {Path(file).name} is no setting, and is not read.{meant}"


def _filled(example: str, env: Environment) -> str:
    values = {"ENVIRONMENT": env.value, "SECRET_KEY": secrets.token_hex(32)}
    if env == Environment.PRODUCTION:
        values["CORS_ORIGINS"] = ""  # those of the example are where pages are developed
    for name, value in values.items():
        example, found = re.subn(rf"^{name}=.*$", f"{name}={value}", example, flags=re.MULTILINE)
        if not found:
            example += f"\n{name}={value}\n"
    return example


def _write_new(file: Path, text: str) -> None:
    """Readable by its owner alone from the first byte on. Raises FileExistsError rather than replace one."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        opened.write(text)
