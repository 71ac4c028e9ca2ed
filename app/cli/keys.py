"""`watchfloor keys`: API keys for cron, agents and scripts, and the key that tokens are signed with."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.printing import AsJson, print_json, say
from app.cli.queue import moment
from app.cli.running import called, opened, run, settings
from app.cli.trouble import fail

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from app.domains.identity.models import ApiKey
    from app.domains.identity.rules import Scope
    from app.settings import Settings
    from app.workflows.identity.keys.schemas import KeyMade, KeyOut

    Act = Callable[[AsyncSession, ApiKey, datetime], Awaitable[KeyOut]]

cli = typer.Typer(help="API keys for cron, agents and scripts: docs/keys.md.", no_args_is_help=True)

_AT_ONCE = 500
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def span(text: str) -> timedelta:
    """«90d», «12h», «30m», «2w», or 0."""
    found = re.fullmatch(r"(\d{1,5})\s*([mhdw])", text.strip())
    if found:
        return timedelta(**{_UNITS[found[2]]: int(found[1])})
    if text.strip() == "0":
        return timedelta(0)
    raise typer.BadParameter(f"{text} is no span of time: give 90d, 12h or 30m")


def end(text: str) -> timedelta | datetime:
    """A span from now on, or a moment."""
    return span(text) if re.fullmatch(r"\d+\s*[a-z]", text.strip()) else moment(text)


def network(text: str) -> list[str]:
    """Networks, with commas between."""
    from app.domains.identity.networks import network as read  # noqa: PLC0415 - only here

    try:
        return [read(each) for each in text.split(",") if each.strip()]
    except ValueError as error:
        raise typer.BadParameter(f"{text}: expects networks such as 10.0.0.0/8, or addresses") from error


Key = Annotated[str, typer.Argument(help="Its number, or how it begins: wf_… (both from `watchfloor keys list`).")]
Scopes = Annotated[str, typer.Option(help="What it may do, with commas between: docs/permissions.md lists them.")]
Expires = Annotated[
    object | None,
    typer.Option(parser=end, metavar="SPAN|TIME", help="When it ends: 90d, 12h or 2027-01-01. Left out: never."),
]
From = Annotated[
    object | None,
    typer.Option("--networks", parser=network, metavar="NETWORKS", help="Take it from these alone: 10.0.0.0/8."),
]


@cli.command()
def create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    scopes: Scopes,
    expires: Expires = None,
    networks: From = None,
    user: Annotated[
        str, typer.Option(metavar="EMAIL", help="Whose it is: it may never do more than they, and ends with them.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Make a key. It is printed this once."""
    given = settings()
    wanted = _scopes(scopes)
    if not 0 < len(name.strip()) <= 200:
        raise typer.BadParameter("a name has 1 to 200 characters", param_hint="NAME")
    own = networks if isinstance(networks, list) else []
    made = run(given, _create(given, name.strip(), wanted, _moment(expires, datetime.now(UTC)), own, user))
    _print_made(made, as_json=as_json)


@cli.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Also those that expired or were revoked.")] = False,
    as_json: AsJson = False,
) -> None:
    """All keys that are good, and when each was used last. The keys themselves are never shown again."""
    given = settings()
    found = run(given, _list(given, everything))
    if as_json:
        print_json(found)
        return
    for key in found:
        say(_line(key))
    if not found:
        say(f"There is none. Make one: {called()} keys create NAME --scopes tasks:read")


@cli.command()
def revoke(key: Key, as_json: AsJson = False) -> None:
    """End a key now, with all tokens that it was exchanged for."""

    async def act(session: "AsyncSession", row: "ApiKey", now: datetime) -> "KeyOut":
        from app.domains.identity import keys  # noqa: PLC0415 - heavy
        from app.workflows.identity.keys import views  # noqa: PLC0415

        await keys.revoke(session, row, now=now)
        return await views.one_out(session, row, now)

    given = settings()
    ended = run(given, _act(given, key, act))
    if as_json:
        print_json(ended)
    else:
        say(f"Key {ended.id} «{ended.name}» ({ended.prefix}…) lets nobody in any more.")


@cli.command()
def rotate(
    key: Key,
    keep: Annotated[
        object, typer.Option(parser=span, metavar="SPAN", help="So long the old one is still good; 0: no longer.")
    ] = "24h",
    as_json: AsJson = False,
) -> None:
    """Make a key with the same rights, to put into the old one's place. It is printed this once."""

    async def act(session: "AsyncSession", row: "ApiKey", now: datetime) -> "KeyOut":
        from app.core import acting  # noqa: PLC0415 - everything below is heavy
        from app.domains.identity import keys  # noqa: PLC0415
        from app.workflows.identity.keys import views  # noqa: PLC0415

        beside = keep if isinstance(keep, timedelta) else timedelta(hours=24)
        new, shown = await keys.rotate(session, row, keep=beside, now=now, created_by=acting.caller().name)
        return await views.made_out(session, new, shown, now)

    given = settings()
    _print_made(run(given, _act(given, key, act)), as_json=as_json)


@cli.command("rotate-signing")
def rotate_signing(
    now: Annotated[
        bool, typer.Option("--now", help="All tokens are void at once: for a signing key that became known.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Sign tokens with a new key from now on. Tokens that were given before stay good until they run out."""
    given = settings()
    kid = run(given, _rotate_signing(given, at_once=now))
    if as_json:
        print_json({"key": kid, "earlier_tokens": "void" if now else "good until they run out"})
        return
    say(f"Tokens are signed with key {kid} from now on.")
    say("All earlier tokens are void." if now else "Earlier tokens stay good until they run out.")


def _scopes(text: str) -> "list[Scope]":
    from app.domains.identity.rules import Scope  # noqa: PLC0415 - only here

    named = [each.strip() for each in text.split(",") if each.strip()]
    unknown = [each for each in named if each not in set(Scope)]
    if unknown or not named:
        known = ", ".join(Scope)
        said = f"there is no scope {', '.join(unknown)}. There are {known}" if unknown else f"give some of {known}"
        raise typer.BadParameter(said, param_hint="--scopes")
    return [Scope(each) for each in dict.fromkeys(named)]


async def _create(
    given: "Settings", name: str, scopes: "list[Scope]", expires_at: datetime | None, networks: list[str], email: str
) -> "KeyMade":
    from app.core import acting  # noqa: PLC0415 - everything below is heavy
    from app.core.clock import utc_now  # noqa: PLC0415
    from app.domains.identity import keys, users  # noqa: PLC0415
    from app.domains.identity.rules import OF_ROLE, Role, beyond  # noqa: PLC0415
    from app.workflows.identity.keys import views  # noqa: PLC0415

    now = utc_now()
    async with opened(given) as database, database.writing() as session:
        owner = await users.by_email(session, email) if email else None
        if email and owner is None:
            fail(f"There is no user {email}. See who there is: {called()} users list")
        if owner and (more := beyond(scopes, OF_ROLE[Role(owner.role)])):
            fail(f"{owner.email} is {owner.role}, and may not do what {', '.join(more)} allows: leave it out.")
        row, shown = await keys.create(
            session,
            name,
            scopes,
            now=now,
            created_by=acting.caller().name,
            user_id=owner.id if owner else None,
            expires_at=expires_at,
            networks=networks,
        )
        return await views.made_out(session, row, shown, now)


def _moment(expires: object, now: datetime) -> datetime | None:
    if isinstance(expires, timedelta):
        expires = now + expires
    if isinstance(expires, datetime) and expires <= now:
        raise typer.BadParameter("lies in the past: give 90d, or a date to come", param_hint="--expires")
    return expires.astimezone(UTC) if isinstance(expires, datetime) else None


async def _list(given: "Settings", everything: bool) -> "list[KeyOut]":
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.identity import keys  # noqa: PLC0415
    from app.workflows.identity.keys import views  # noqa: PLC0415

    now = utc_now()
    found: list[KeyOut] = []
    async with opened(given) as database, database.reading() as session:
        while some := await keys.page(
            session, now=now, everything=everything, after=found[-1].id if found else 0, limit=_AT_ONCE
        ):
            found += [views.key_out(key, owner, now) for key, owner in some]
    return found


async def _act(given: "Settings", named: str, act: "Act") -> "KeyOut":
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.core.errors import NotFound  # noqa: PLC0415
    from app.domains.identity import keys  # noqa: PLC0415

    async with opened(given) as database, database.writing() as session:
        try:
            row = await keys.named(session, named.strip())
        except NotFound:
            fail(f"There is no such key. See which there are: {called()} keys list --all")
        return await act(session, row, utc_now())


async def _rotate_signing(given: "Settings", *, at_once: bool) -> str:
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.identity import signing  # noqa: PLC0415
    from app.workflows.secrets.vault import vault_from  # noqa: PLC0415

    async with opened(given) as database, database.writing() as session:
        return (await signing.rotate(session, vault_from(given), now=utc_now(), at_once=at_once)).id


def _print_made(made: "KeyOut", *, as_json: bool) -> None:
    """The key stands alone on the standard output: it can be sent into a file."""
    if as_json:
        print_json(made)
        return
    say(_line(made), err=True)
    say("Keep the key where the program finds it: it is not shown again.", err=True)
    say(made.model_dump()["key"])


def _line(key: "KeyOut") -> str:
    ends = "expires never" if key.expires_at is None else f"expires {key.expires_at:%Y-%m-%d %H:%M} UTC"
    used = f"used {key.last_used_at:%Y-%m-%d %H:%M} UTC" if key.last_used_at else "never used"
    parts = [f"{key.id:>4}  {key.prefix}…  {key.name}", ", ".join(key.scopes), ends, used]
    if key.owner is not None:
        parts.append(f"of {key.owner.email}")
    if key.networks:
        parts.append(f"from {', '.join(key.networks)}")
    return "  ".join(parts if key.state == "active" else [*parts, key.state])
