"""Making and changing integrations that are pulled: settings as their kind wants them, and what a change sets going."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.errors import Conflict, FieldError, Invalid
from app.domains import connections
from app.domains.connections import audited, pulls
from app.domains.connections.models import Integration
from app.domains.connections.schemas import IntegrationPatch
from app.integrations.contract import Manifest
from app.integrations.gateways.demo.times import DEMO
from app.integrations.pulling import Live
from app.workflows.sync.syncing import COMPOSIO, is_demo
from app.workflows.telling import tell_of

_NO_SETTING = "is no setting of this kind"
_UNKNOWN = "Extra inputs are not permitted"
"""Pydantic's words for it."""


def checked_settings(manifest: Manifest, given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as they are stored. Raises Invalid, naming each field that can't be used."""
    if manifest.live is None:
        return dict(given)
    try:
        read = manifest.live.settings.model_validate(dict(given))
    except ValidationError as error:
        fields = [_field(each["loc"], each["msg"]) for each in error.errors(include_url=False, include_input=False)]
        raise Invalid(_in_words(manifest.title, manifest.live, fields), errors=fields) from error
    return read.model_dump(mode="json", exclude_unset=True)


def _in_words(title: str, live: Live, fields: Sequence[FieldError]) -> str:
    if any(each.message == _NO_SETTING for each in fields):
        return f"These are no settings of {title}. There are {', '.join(live.settings.model_fields)}."
    wrong = "; ".join(f"{each.location.removeprefix('body.settings.')} {each.message}" for each in fields)
    return f"These settings of {title} can't be used: {wrong}."


def _field(location: tuple[int | str, ...], message: str) -> FieldError:
    path = ".".join(str(part) for part in ("body", "settings", *location))
    unknown = _NO_SETTING if message == _UNKNOWN else ""
    return FieldError(path, unknown or message.removeprefix("Value error, "))


def checked_gateway(manifest: Manifest, given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Raises Invalid where files alone are imported."""
    if given is None:
        return None
    if manifest.live is None:
        detail = f"{manifest.title} is not pulled: files are imported into it. Leave the gateway out."
        raise Invalid(detail, errors=[FieldError("body.gateway", "this kind has none")])
    return {name: value for name, value in given.items() if value is not None and (name, value) != ("name", COMPOSIO)}


async def create(
    session: AsyncSession,
    manifest: Manifest,
    name: str,
    settings: Mapping[str, Any],
    gateway: Mapping[str, Any] | None,
    *,
    now: datetime,
) -> Integration:
    """A new integration; with a gateway it is due at once. Raises Conflict where the name is taken, Invalid."""
    made = await connections.service.create(
        session,
        kind=manifest.kind,
        name=name,
        now=now,
        settings=checked_settings(manifest, settings),
        gateway=checked_gateway(manifest, gateway),
    )
    if made.gateway is not None:
        made.next_sync_at = now
        await session.flush()
    return made


async def change(
    session: AsyncSession, integration: Integration, manifest: Manifest, patch: IntegrationPatch, *, now: datetime
) -> None:
    """Raises Conflict, Invalid. Other settings or another account begin the pull anew."""
    if patch.gateway is not None:
        _must_stay_of_its_sort(integration, patch.gateway.name)
    settings = None if patch.settings is None else checked_settings(manifest, patch.settings)
    gateway = checked_gateway(manifest, patch.gateway.model_dump() if patch.gateway else None)
    if gateway is not None:
        gateway = {
            **(integration.gateway or {}),
            **gateway,
        }  # PATCH merges: the user stays where only the account is new
    if patch.paused is not None and manifest.live is None:
        raise Conflict(f"{integration.name} is not pulled: there is nothing to pause.")
    before = audited.told(integration)
    anew = _differs(integration.settings, settings) or _differs(integration.gateway, gateway)
    if anew:
        await pulls.stop(session, integration, now=now)
    await connections.service.edit(session, integration, name=patch.name, settings=settings, gateway=gateway, now=now)
    if anew and manifest.live is not None and integration.gateway is not None:
        pulls.begin_anew(integration, now=now)
    if patch.write_back is not None:
        await switch_writing(session, integration, manifest, on=patch.write_back, now=now)
    if patch.paused is True and not integration.paused:
        await pulls.pause(session, integration, now=now)
    elif patch.paused is False and integration.paused:
        pulls.resume(integration, now=now)
    await session.flush()
    audited.changed(session, before, integration)
    await tell_of(session, integration, now=now)


async def switch_writing(
    session: AsyncSession, integration: Integration, manifest: Manifest, *, on: bool, now: datetime
) -> None:
    """Whether it is told what people do. Off, whoever would send what waits leaves it out. Raises Conflict where that
    can't be."""
    if on and manifest.writing is None:
        raise Conflict(f"{manifest.title} can't be written to: it is only read.")
    before = {"write_back": integration.write_back}
    integration.write_back = on
    audit.changed(session, audited.target(integration.id), before, {"write_back": on})
    await session.flush()


def _must_stay_of_its_sort(integration: Integration, gateway: str) -> None:
    """Raises Conflict where invented data and a real account would meet in one integration."""
    if is_demo(integration) != (gateway == DEMO) or (integration.sample and not is_demo(integration)):
        holds = "sample data" if integration.sample else "your own data"
        another = "a real account" if integration.sample else "demo data"
        detail = f"{integration.name} holds {holds} and can't be given {another}: delete it, or make another one."
        raise Conflict(detail)


def _differs(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    return after is not None and (before is None or dict(after) != dict(before))
