"""What a delivery means and what follows from it, in the transaction that notes that it was taken.

Forms: V3 names the account in `metadata` (or is about an account, in `data`), V2 in `data.connection_nano_id`; V1 names
it only by an id that nobody else uses, and does nothing here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import log
from app.domains.connections import deliveries, pushes
from app.domains.connections.pushes import Effect
from app.integrations.gateways.providers import cleaned
from app.workflows.sync.connecting.linking import service_of
from app.workflows.sync.syncing import Syncing
from app.workflows.telling import tell_of

TRIGGER = "composio.trigger.message"
EXPIRED = "composio.connected_account.expired"
_ACCOUNT = re.compile(r"[\w.:-]{1,200}", re.ASCII)
_LONGEST_EVENT = 100
_SAID = {
    Effect.QUEUED: "it is pulled now",
    Effect.FOLLOWS: "it is being pulled, and again right after that where that is needed",
    Effect.SOON: "it is pulled in a moment, or when it may be tried again",
    Effect.NOTHING: "nothing is pulled while it is paused or needs to be connected again",
}
_log = log.get(__name__)


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a delivery."""

    event: str
    what: str
    """A sentence for people."""
    duplicate: bool = False
    integrations: tuple[int, ...] = ()
    pulls: bool = False
    """One waits to be carried out."""


async def receive(session: AsyncSession, syncing: Syncing, delivery_id: str, told: Mapping[str, Any]) -> Received:
    """Act upon a delivery whose signature is good, once."""
    event = cleaned(str(told.get("type") or told.get("trigger_name") or "unknown"))[:_LONGEST_EVENT]
    if not await deliveries.first_time(session, delivery_id, now=syncing.work.clock()):
        return Received(event, "It came before: nothing was done again.", duplicate=True)
    account = _account(told)
    ids = await pushes.of_account(session, account) if account else ()
    if event == EXPIRED:
        found = await _expired(session, syncing, ids, told)
    elif _is_news(told):
        found = await _news(session, syncing, event, ids)
    else:
        found = Received(event, "This event means nothing here: nothing was done.")
    _log.info("a webhook was taken", webhook=event, integrations=list(found.integrations), pulls=found.pulls)
    return found


_UNKNOWN = "No integration here uses that account: nothing was done."


def _is_news(told: Mapping[str, Any]) -> bool:
    return told.get("type") == TRIGGER or "connection_nano_id" in _part(told, "data")


def _account(told: Mapping[str, Any]) -> str | None:
    data = _part(told, "data")
    if told.get("type") == EXPIRED:
        found = data.get("id")
    else:
        found = _part(told, "metadata").get("connected_account_id") or data.get("connection_nano_id")
    return found if isinstance(found, str) and _ACCOUNT.fullmatch(found) else None


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = told.get(name)
    return part if isinstance(part, Mapping) else {}


async def _news(session: AsyncSession, syncing: Syncing, event: str, ids: Sequence[int]) -> Received:
    now, said, queued = syncing.work.clock(), {}, False
    for each in ids:
        found = await pushes.something_new(session, each, kinds=syncing.live, now=now)
        if found is None:
            continue
        integration, effect = found
        said[each] = f"{integration.name}: {_SAID[effect]}."
        if effect is Effect.QUEUED:
            queued = True
            await tell_of(session, integration, now=now, going=True)
    return Received(event, _sentences(said), integrations=tuple(said), pulls=queued)


async def _expired(session: AsyncSession, syncing: Syncing, ids: Sequence[int], told: Mapping[str, Any]) -> Received:
    now, said = syncing.work.clock(), {}
    if _part(told, "data").get("status") == "ACTIVE":
        return Received(EXPIRED, "The account has its access again: nothing was done.")
    reason = cleaned(str(_part(told, "data").get("status_reason") or ""))
    for each in ids:
        found = await pushes.access_lost(session, each, _why(reason), now=now)
        if found is not None:
            said[each] = f"{found.name} needs its {service_of(syncing, found)} account to be connected again."
            await tell_of(session, found, now=now)
    return Received(EXPIRED, _sentences(said), integrations=tuple(said))


def _sentences(said: Mapping[int, str]) -> str:
    return " ".join(said.values()) or _UNKNOWN


def _why(reason: str) -> str:
    said = f": «{reason}»" if reason else ""
    return f"The account's access has expired{said}. Connect it again; until then nothing is pulled."
