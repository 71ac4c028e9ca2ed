"""`watchfloor integrations share`: who sees an integration, and what comes from it."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.columns import wrong_usage
from app.cli.printing import say
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
) -> None:
    """Say who sees an integration: everybody, or its owner and those named. Without options: tell who does."""
    if public and (private or with_ or without):
        wrong_usage("--public: everybody sees it then; leave the other options out.")
    wanted = None if not (public or private) else private
    say(run(settings(), _share(settings(), name, wanted, with_ or [], without or [], owner)))


async def _share(
    given: "Settings", name: str, private: bool | None, more: list[str], fewer: list[str], owner: str | None
) -> str:
    from app.core.clock import utc_now  # noqa: PLC0415 - everything below is heavy
    from app.core.errors import Conflict, Invalid  # noqa: PLC0415
    from app.domains.connections import privacy, service  # noqa: PLC0415
    from app.workflows.sync.telling import tell_of  # noqa: PLC0415

    async with opened(given) as database:
        try:
            async with database.writing() as session:
                found = await service.by_name(session, name)
                whose = await _user(session, owner) if owner else None
                viewers = await _viewers(session, found, more, fewer)
                await privacy.share(session, found, private=private, viewers=viewers, owner=whose)
                await tell_of(session, found, now=utc_now())
        except (Conflict, Invalid) as error:
            fail(error.detail)
        async with database.reading() as session:
            sharing = (await privacy.sharing_of(session, [found]))[found.id]
        return f"{name}: {seen_by(found.private, sharing)}"


async def _user(session: "AsyncSession", email: str) -> "User":
    from app.domains.identity import users  # noqa: PLC0415 - heavy

    found = await users.by_email(session, email)
    if found is None:
        fail(f"There is no user {email}: {called()} users list shows them.")
    return found


async def _viewers(
    session: "AsyncSession", integration: "Integration", more: list[str], fewer: list[str]
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
