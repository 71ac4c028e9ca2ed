"""`watchfloor integrations`: where work comes from, and whether it can be believed."""

import json
import shlex
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli import connecting, sharing
from app.cli.columns import wrong_usage
from app.cli.printing import AsJson, print_json, say
from app.cli.running import called, opened, run, settings
from app.cli.trouble import fail

if TYPE_CHECKING:
    from app.core.database import Database
    from app.domains.connections.schemas import IntegrationOut
    from app.settings import Settings

cli = typer.Typer(help="Where work comes from, and whether it can be believed.", no_args_is_help=True)


@cli.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every integration, its state, how old what is known of it is, and when it is pulled next."""
    given = settings()
    found = run(given, _list(given))
    if as_json:
        print_json(found)
        return
    if not found:
        say(f"There is none. Add one ({called()} integrations add --help), or import something: {called()} import PATH")
    for each in found:
        say(_line(each))
        if each.last_error:
            say(f"    {each.last_error.detail}")
        if each.state == "needs_reconnect":
            say(f"    Connect it again: {_connects(each.name)}")


@cli.command()
def add(
    kind: Annotated[str, typer.Argument(help="What is pulled, such as gmail: docs/integrations lists them all.")],
    name: Annotated[str, typer.Argument(help="As you will call it.")],
    account: Annotated[str | None, typer.Option(help="Composio's id of the connected account: ca_…")] = None,
    user: Annotated[str | None, typer.Option(help="Composio's user id. Default: COMPOSIO_USER_ID.")] = None,
    settings_given: Annotated[
        list[str] | None, typer.Option("--set", help="A setting of the kind, as name=value; value may be JSON.")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Invented data instead of an account's, for looking around in development.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Configure an integration that is pulled from its service."""
    given = settings()
    said = dict(_setting(each) for each in settings_given or [])
    if demo and (account or user):
        wrong_usage("--demo: demo data has no accounts; leave --account and --user out.")
    gateway = {"connected_account_id": account, "user_id": user or given.composio_user_id}
    gateway = {"name": "demo"} if demo else gateway
    made = run(given, _add(given, kind, name, said, gateway))
    if as_json:
        print_json(made)
        return
    say(_line(made))
    if not (account or demo):
        say(f"Connect an account, unless this user has the one it is for already: {_connects(name)}")
    say(f"Pull it: {called()} sync {shlex.quote(name)} --wait")


cli.command()(connecting.connect)
cli.command()(sharing.share)


@cli.command()
def pause(name: Annotated[str, typer.Argument(help="The integration's name.")]) -> None:
    """Stop pulling it. What is stored stays."""
    given = settings()
    say(_line(run(given, _change(given, name, paused=True))))


@cli.command()
def resume(name: Annotated[str, typer.Argument(help="The integration's name.")]) -> None:
    """Go on pulling it, at once."""
    given = settings()
    say(_line(run(given, _change(given, name, paused=False))))


def _connects(name: str) -> str:
    return f"{called()} integrations connect {shlex.quote(name)}"


def _setting(given: str) -> tuple[str, Any]:
    name, equals, value = given.partition("=")
    if not equals or not name.strip():
        wrong_usage(f"--set {given}: expected name=value.")
    try:
        return name.strip(), json.loads(value)
    except json.JSONDecodeError:
        return name.strip(), value


def _line(each: "IntegrationOut") -> str:
    age = "" if each.cursor_age_s is None else f", known up to {timedelta(seconds=each.cursor_age_s)} ago"
    following = "" if each.next_sync_at is None else f", next {_clock(each.next_sync_at)}"
    invented = "  sample data" if each.sample else ""
    seen = f"  {sharing.seen_by(each.private, each)}" if each.private else ""
    return f"{each.name}  ({each.kind})  {each.state}  {each.items:,} items{age}{following}{invented}{seen}"


def _clock(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"


async def _list(given: "Settings") -> "list[IntegrationOut]":
    from app.domains.connections import service  # noqa: PLC0415 - heavy

    async with opened(given) as database:
        async with database.reading() as session:
            ids = [each.id for each in await service.every(session, limit=10_000)]
        return await _shown(given, database, ids)


async def _shown(given: "Settings", database: "Database", ids: list[int]) -> "list[IntegrationOut]":
    from app.composition import importing_from  # noqa: PLC0415
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.connections import service  # noqa: PLC0415
    from app.integrations import registry  # noqa: PLC0415
    from app.workflows.sync.showing import integrations_out  # noqa: PLC0415
    from app.workflows.sync.syncing import Syncing  # noqa: PLC0415

    syncing = Syncing(importing_from(given, database), registry.KINDS)
    async with database.reading() as session:
        found = [await service.get(session, each) for each in ids]
        return await integrations_out(session, found, syncing, now=utc_now())


async def _add(
    given: "Settings", kind: str, name: str, said: dict[str, Any], gateway: dict[str, str | None]
) -> "IntegrationOut":
    from app.composition import importing_from, syncing_from  # noqa: PLC0415
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.core.errors import Conflict, Forbidden, Invalid  # noqa: PLC0415
    from app.workflows.manifests import manifest_of  # noqa: PLC0415
    from app.workflows.sync.demo import create  # noqa: PLC0415

    async with opened(given) as database:
        now, syncing = utc_now(), syncing_from(given, importing_from(given, database))
        try:
            manifest = manifest_of(kind, "kind")
            async with database.writing() as session:
                made = await create(session, syncing, manifest, name, said, gateway, now=now)
        except (Conflict, Forbidden, Invalid) as error:
            fail(" ".join([error.detail, *(f"{each.location}: {each.message}." for each in error.errors)]))
        [shown] = await _shown(given, database, [made.id])
        return shown


async def _change(given: "Settings", name: str, *, paused: bool) -> "IntegrationOut":
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.core.errors import Conflict  # noqa: PLC0415
    from app.domains.connections import service  # noqa: PLC0415
    from app.domains.connections.schemas import IntegrationPatch  # noqa: PLC0415
    from app.workflows.manifests import manifest_of  # noqa: PLC0415
    from app.workflows.sync.configuring import change  # noqa: PLC0415

    async with opened(given) as database:
        try:
            async with database.writing() as session:
                found = await service.by_name(session, name)
                patch = IntegrationPatch(paused=paused)
                await change(session, found, manifest_of(found.kind, "kind"), patch, now=utc_now())
        except Conflict as error:
            fail(error.detail)
        [shown] = await _shown(given, database, [found.id])
        return shown
