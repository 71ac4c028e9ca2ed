"""`watchfloor users`: who may sign in, and as what. Works beside a server that runs."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.printing import AsJson, print_json, say
from app.cli.running import called, opened, run, settings
from app.cli.trouble import fail
from app.domains.identity.rules import Role

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from app.domains.identity.models import ApiKey, User
    from app.settings import Settings
    from app.workflows.identity.schemas import UserOut

    Act = Callable[[AsyncSession, User, datetime], Awaitable[object]]

cli = typer.Typer(help="Who may sign in, and as what: docs/people-and-sign-in.md.", no_args_is_help=True)

_AT_ONCE = 500
Email = Annotated[str, typer.Argument(help="Their e-mail address.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input, to its first line break.")
]
RevokeKeys = Annotated[bool, typer.Option("--revoke-keys", help="Also end the keys that they made for nobody.")]
As = Annotated[Role, typer.Option("--role", help="What they may do: docs/permissions.md.")]


@cli.command()
def add(
    email: Email,
    role: As,
    name: Annotated[str, typer.Option(help="How they are called.")] = "",
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Add somebody. The first admin of a server in production is made this way."""
    given = settings()
    password = _read() if password_stdin else None
    user = run(given, _added(given, email, role, name, password))
    _print_one(user, as_json=as_json)
    if not user.has_password and not as_json:
        say(f"They can't sign in by a password yet: {called()} users password {user.email}")


@cli.command("list")
def list_(as_json: AsJson = False) -> None:
    """Everybody who may sign in."""
    given = settings()
    found = run(given, _all(given))
    if as_json:
        print_json(found)
        return
    for user in found:
        say(_line(user))
    if not found:
        say(f"There is nobody. Add somebody: {called()} users add EMAIL --role admin --password-stdin")


@cli.command()
def role(
    email: Email,
    becomes: Annotated[Role, typer.Argument(metavar="ROLE", help="viewer, operator or admin.")],
    as_json: AsJson = False,
) -> None:
    """Give somebody another role. They have to sign in again."""
    _edit(email, as_json=as_json, role=becomes)


@cli.command()
def disable(email: Email, revoke_keys: RevokeKeys = False, as_json: AsJson = False) -> None:
    """Keep somebody from signing in, and sign them out; their keys stop, too. Lists those they made for nobody."""
    left = _edit(email, as_json=as_json, disabled=True, revoke_keys=revoke_keys)
    if not as_json:
        _tell_left(left, f"{called()} users disable {email} --revoke-keys")


@cli.command()
def enable(email: Email, as_json: AsJson = False) -> None:
    """Let somebody sign in again."""
    _edit(email, as_json=as_json, disabled=False)


@cli.command()
def remove(email: Email, revoke_keys: RevokeKeys = False, as_json: AsJson = False) -> None:
    """Remove somebody with their sessions and keys. Their integrations stay, and are nobody's. Lists the keys that they
    made for nobody."""
    left: list[ApiKey] = []

    async def act(session: "AsyncSession", user: "User", now: datetime) -> None:
        from app.domains.identity import keys  # noqa: PLC0415 - heavy, as is what follows
        from app.workflows.identity import removing  # noqa: PLC0415

        if revoke_keys:
            await removing.revoke_keys(session, user.id, now=now)
        left.extend(await keys.left_by(session, user.id, now=now))
        await removing.remove(session, user.id)

    given = settings()
    gone = run(given, _act(given, email, act))
    _print_one(gone, as_json=as_json, said=f"{gone.email} is removed.")
    if not as_json:
        _tell_left(left, f"{called()} keys revoke NUMBER")


@cli.command()
def password(email: Email, password_stdin: FromStdin = False, as_json: AsJson = False) -> None:
    """Set somebody's password; it is asked for. They are signed out everywhere."""
    given = settings()
    wanted = _read() if password_stdin else _asked()
    user = run(given, _with_password(given, email, wanted))
    said = f"{user.email} signs in with the new password from now on, and is signed out everywhere."
    _print_one(user, as_json=as_json, said=said)


@cli.command("reset-totp")
def reset_totp(email: Email, as_json: AsJson = False) -> None:
    """Ask somebody for no code any more: they lost their app and their recovery codes."""

    async def act(session: "AsyncSession", user: "User", now: datetime) -> None:
        from app.domains.identity import totp  # noqa: PLC0415 - heavy

        totp.switch_off(session, user, now=now)

    given = settings()
    user = run(given, _act(given, email, act))
    _print_one(user, as_json=as_json, said=f"{user.email} signs in by password alone from now on.")


def _edit(
    email: str, *, as_json: bool, role: Role | None = None, disabled: bool | None = None, revoke_keys: bool = False
) -> "list[ApiKey]":
    """Returns the keys that they made for nobody, and that are good."""
    left: list[ApiKey] = []

    async def act(session: "AsyncSession", user: "User", now: datetime) -> None:
        from app.domains.identity import keys, users  # noqa: PLC0415 - heavy, as is what follows
        from app.workflows.identity import removing  # noqa: PLC0415

        await users.edit(session, user, role=role, disabled=disabled, now=now)
        if revoke_keys:
            await removing.revoke_keys(session, user.id, now=now)
        left.extend(await keys.left_by(session, user.id, now=now))

    given = settings()
    _print_one(run(given, _act(given, email, act)), as_json=as_json)
    return left


def _tell_left(left: "Sequence[ApiKey]", how: str) -> None:
    """Keys that don't end with whoever made them."""
    if left:
        say(f"They made keys for nobody, which are still good. To end them: {how}")
    for key in left:
        say(f"{key.id:>4}  {key.prefix}…  {key.name}")


def _read() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _asked() -> str:
    if not sys.stdin.isatty():
        say("watchfloor: nobody can be asked here: give the password with --password-stdin.", err=True)
        raise typer.Exit(2)
    return str(typer.prompt("New password", hide_input=True, confirmation_prompt="The same again"))


async def _all(given: "Settings") -> "list[UserOut]":
    from app.domains.identity import users  # noqa: PLC0415 - everything below is heavy
    from app.workflows.identity import views  # noqa: PLC0415

    found: list[UserOut] = []
    async with opened(given) as database, database.reading() as session:
        while some := await users.page(session, after=found[-1].id if found else 0, limit=_AT_ONCE):
            found += [views.user_out(each) for each in some]
    return found


async def _added(given: "Settings", email: str, role: Role, name: str, password: str | None) -> "UserOut":
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.identity import users  # noqa: PLC0415
    from app.workflows.identity import views  # noqa: PLC0415

    stored = None if password is None else await _hashed(given, email, password)
    async with opened(given) as database, database.writing() as session:
        user = await users.create(session, email, role, name=name, password_hash=stored, now=utc_now())
        return views.user_out(user)


async def _with_password(given: "Settings", email: str, password: str) -> "UserOut":
    stored = await _hashed(given, email, password)

    async def act(session: "AsyncSession", user: "User", now: datetime) -> None:
        from app.domains.identity import users  # noqa: PLC0415 - heavy

        await users.set_password(session, user, stored, now=now)

    return await _act(given, email, act)


async def _hashed(given: "Settings", email: str, password: str) -> str:
    from app.workflows.identity import new_passwords  # noqa: PLC0415 - heavy

    return await new_passwords.hashed(given, password, email=email)


async def _act(given: "Settings", email: str, act: "Act") -> "UserOut":
    """Do something to a user. Ends the command where there is none by this address."""
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.identity import users  # noqa: PLC0415
    from app.workflows.identity import views  # noqa: PLC0415

    async with opened(given) as database, database.writing() as session:
        user = await users.by_email(session, email, lock=True)
        if user is None:
            fail(f"There is no user {email}. See who there is: {called()} users list")
        await act(session, user, utc_now())
        return views.user_out(user)


def _print_one(user: "UserOut", *, as_json: bool, said: str = "") -> None:
    if as_json:
        print_json(user)
    else:
        say(said or _line(user))


def _line(user: "UserOut") -> str:
    named = f"{user.name} <{user.email}>" if user.name else user.email
    notes = [
        said
        for said, so in (
            ("disabled", user.disabled),
            ("no password", not user.has_password),
            ("with a code", user.totp),
        )
        if so
    ]
    seen = f"{user.signed_in_at:last here %Y-%m-%d}" if user.signed_in_at else "never here"
    return "  ".join((f"{user.id:>4}  {user.role:<8}  {named}", seen, *notes))
