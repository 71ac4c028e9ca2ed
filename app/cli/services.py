"""What `watchfloor config check-services` finds: whether what is configured answers, and the one fix if not."""

import asyncio
import os
from dataclasses import dataclass
from typing import Literal

from app.cli.running import called, fill
from app.settings import Settings

_DEMO = "on (INTEGRATIONS_STUB_MODE): integrations of the demo gateway are served invented data"


@dataclass(frozen=True, slots=True)
class Line:
    """What was found of one thing. `off`: it isn't configured, and that is no fault."""

    what: str
    state: Literal["ok", "failed", "off"]
    detail: str


async def checked(given: Settings) -> list[Line]:
    """Of everything one line, or several; nothing is changed by asking, but that `given` takes stored secrets."""
    database = await _database(given)
    return [database, *await _composio(given), *await _mail(given), *await _provider(given)]


async def _mail(given: Settings) -> list[Line]:
    from app.core.errors import Problem  # noqa: PLC0415 - everything below is heavy
    from app.core.guard import Guards  # noqa: PLC0415
    from app.workflows.identity.ways.outside import mailer_from  # noqa: PLC0415

    try:
        mailer = mailer_from(given, Guards())
        if mailer is None:
            return [Line("mail", "off", "not configured; no link to set a password is mailed until MAIL_HOST is set")]
        await mailer.check()
    except ValueError as error:
        return [Line("mail", "failed", f"MAIL_FROM: {error}.")]
    except Problem as problem:
        return [Line("mail", "failed", problem.detail)]
    return [Line("mail", "ok", f"{given.mail_host} takes mail from us")]


async def _provider(given: Settings) -> list[Line]:
    from app.core.errors import Problem  # noqa: PLC0415 - everything below is heavy
    from app.core.guard import Guards  # noqa: PLC0415
    from app.core.openid import NotTrusted  # noqa: PLC0415
    from app.workflows.identity.ways.outside import provider_from  # noqa: PLC0415

    provider = provider_from(given, Guards())
    if provider is None:
        return [Line("OpenID Connect", "off", "not configured; OIDC_ISSUER and OIDC_CLIENT_ID switch it on")]
    try:
        await provider.check()
    except NotTrusted as error:
        return [Line("OpenID Connect", "failed", f"{given.oidc_issuer}: {error}.")]
    except Problem as problem:
        return [Line("OpenID Connect", "failed", problem.detail)]
    finally:
        await provider.close()
    return [Line("OpenID Connect", "ok", f"{given.oidc_issuer} answers, and its keys can be read")]


async def _database(given: Settings) -> Line:
    from sqlalchemy import text  # noqa: PLC0415 - everything below is heavy
    from sqlalchemy.engine import make_url  # noqa: PLC0415
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError  # noqa: PLC0415

    from app.cli.trouble import sentence  # noqa: PLC0415
    from app.core import migrations  # noqa: PLC0415
    from app.core.database import Database  # noqa: PLC0415

    try:
        url = make_url(given.database)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        return Line("database", "failed", "DATABASE_URL is no address. Set it as .env.example shows.")
    if url.get_backend_name() == "sqlite" and not os.path.exists(url.database or ""):  # noqa: ASYNC240 - nobody waits
        return Line("database", "ok", f"{url.database} will be made at the first start")
    database = Database(given.database, busy_timeout_s=given.database_busy_timeout_s)
    try:
        async with database.reading() as session:
            await session.execute(text("SELECT 1"))
        if await asyncio.to_thread(migrations.at_head, database.url):
            await fill(given, database)
        elif not database.is_sqlite:
            return Line("database", "failed", f"its tables are not up to date. Run: {called()} db upgrade")
    except SQLAlchemyError as error:
        return Line("database", "failed", sentence(error, url))
    finally:
        await database.close()
    return Line("database", "ok", f"{database.place} answers")


async def _composio(given: Settings) -> list[Line]:
    from app.core.errors import Problem  # noqa: PLC0415 - everything below is heavy
    from app.integrations import registry  # noqa: PLC0415
    from app.integrations.gateways.choosing import gateway_from  # noqa: PLC0415
    from app.integrations.gateways.tools import pinned  # noqa: PLC0415

    demo = [Line("demo data", "ok", _DEMO)] if given.serves_demo else []
    if not given.composio_api_key.get_secret_value():
        detail = "not configured; nothing is pulled until COMPOSIO_API_KEY is set"
        return [Line("Composio", "off", f"{detail}, but demo data" if demo else detail), *demo]
    try:
        tools = pinned(registry.TOOLS, given.composio_tool_versions)
        gateway = gateway_from(
            given.composio_gateway,
            api_key=given.composio_api_key,
            base_url=given.composio_base_url,
            sdk_api=given.composio_sdk_api,
        )
    except Problem as problem:
        return [Line("Composio", "failed", problem.detail)]
    try:
        found = await gateway.check(tuple(tools.values()))
    finally:
        await gateway.close()
    return [*(Line(each.what, "ok" if each.ok else "failed", each.detail) for each in found), *demo]
