"""`watchfloor integrations share`: who sees an integration, and what comes from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from app.cli.columns import wrong_usage
from app.cli.printing import AsJson, print_json, say
from app.cli.running import called, opened, run, settings
from app.cli.trouble import fail

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from app.domains.connections.models import Integration
    from app.domains.connections.privacy import Sharing
    from app.domains.connections.schemas import IntegrationOut
    from app.domains.identity.models import User
    from app.settings import Settings


def share(
    name: Annotated[str, typer.Argument(help="The integration's name.")],
    with_: Annotated[
        list[str] | None, typer.Option("--with", help="This user sees it, too: an e-mail address.")
    ] = None,
    without: Annotated[list[str] | None, typer.Option(help="This user no longer does.")] = None,
    public: Annotated[bool, typer.Option("--public", help="Everybody who signs in sees it.")] = False,
    private: Annotated[bool, typer.Option("--private", help="Only its owner and those named do.")] = False,
    owner: Annotated[str | None, typer.Option(help="Whose it is from now on: an e-mail address.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say who sees an integration: everybody, or its owner and those named. Without options: tell who does."""
    if public and (private or with_ or without):
        wrong_usage("--public: everybody sees it then; leave the other options out.")
    given = settings()
    asked = _Asked(None if not (public or private) else private, with_ or [], without or [], owner)
    seen = run(given, _share(given, name, asked) if asked != _Asked() else _looked(given, name))
    if as_json:
        print_json(seen)
    else:
        say(f"{seen['name']}: {seen_by(seen['private'], seen['sharing'])}")


@dataclass(frozen=True, slots=True)
class _Asked:
    private: bool | None = None
    more: Sequence[str] = field(default_factory=list)
    fewer: Sequence[str] = field(default_factory=list)
    owner: str | None = None


class _Seen(TypedDict):
    name: str
    private: bool
    sharing: "Sharing"


async def _looked(given: "Settings", name: str) -> _Seen:
    from app.domains.connections import service  # noqa: PLC0415 - heavy

    async with opened(given) as database, database.reading() as session:
        return await _seen(session, await service.by_name(session, name))


async def _share(given: "Settings", name: str, asked: _Asked) -> _Seen:
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.domains.connections import privacy, service  # noqa: PLC0415
    from app.workflows.telling import tell_of  # noqa: PLC0415

    async with opened(given) as database, database.writing() as session:
        found = await service.by_name(session, name)
        before = await _seen(session, found)
        whose = await _user(session, asked.owner) if asked.owner else None
        viewers = await _viewers(session, found, asked.more, asked.fewer)
        await privacy.share(session, found, private=asked.private, viewers=viewers, owner=whose)
        after = await _seen(session, found)
        if after != before:
            await tell_of(session, found, now=utc_now())
        return after


async def _seen(session: "AsyncSession", integration: "Integration") -> _Seen:
    from app.domains.connections import privacy  # noqa: PLC0415 - heavy

    sharing = (await privacy.sharing_of(session, [integration]))[integration.id]
    return {"name": integration.name, "private": integration.private, "sharing": sharing}


async def _user(session: "AsyncSession", email: str) -> "User":
    from app.domains.identity import users  # noqa: PLC0415 - heavy

    found = await users.by_email(session, email)
    if found is None:
        fail(f"There is no user {email}: {called()} users list shows them.")
    return found


async def _viewers(
    session: "AsyncSession", integration: "Integration", more: Sequence[str], fewer: Sequence[str]
) -> list[int | str] | None:
    """All of them anew; None where they stay as they are."""
    from app.domains.connections import privacy  # noqa: PLC0415 - heavy

    if not (more or fewer):
        return None
    now = {each.id for each in (await privacy.sharing_of(session, [integration]))[integration.id].viewers}
    added = {(await _user(session, each)).id for each in more}
    return sorted((now | added) - {(await _user(session, each)).id for each in fewer})


def seen_by(private: bool, sharing: "Sharing | IntegrationOut") -> str:
    """For people: «private, ana@example.org's, seen by ben@example.org too»."""
    if not private:
        return "everybody sees it"
    whose = f"{sharing.owner.email}'s" if sharing.owner else "nobody's who is a user"
    too = f", seen by {', '.join(each.email for each in sharing.viewers)} too" if sharing.viewers else ""
    return f"private, {whose}{too}"
