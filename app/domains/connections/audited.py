"""What the audit trail is told of integrations and runs: no account's id, and of private ones no names or words."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.domains.connections.models import Integration, SyncRun


def target(integration_id: int) -> str:
    return f"integration:{integration_id}"


def told(integration: Integration) -> dict[str, Any]:
    """An integration as it stands. Secrets in its settings are left out where the entry is written."""
    # A copy: what is compared afterwards must not have changed along.
    words = {"name": integration.name, "settings": dict(integration.settings or {})}

    def private() -> bool:
        return integration.private

    return {
        "kind": integration.kind,
        **{name: audit.Unsaid(value, private) for name, value in words.items()},
        "account": audit.Unsaid(dict(integration.gateway or {})),
        "paused": bool(integration.paused),
    }


def made(session: AsyncSession, integration: Integration) -> None:
    audit.changed(session, target(integration.id), None, told(integration))


def changed(session: AsyncSession, before: Mapping[str, Any], integration: Integration) -> None:
    """`before` is what was `told` of it then."""
    audit.changed(session, target(integration.id), before, told(integration))


def removed(session: AsyncSession, integration: Integration, **counts: int) -> None:
    audit.changed(session, target(integration.id), told(integration), None)
    audit.changed(session, target(integration.id), {}, counts)


def run_made(session: AsyncSession, integration: Integration, run: SyncRun) -> None:
    what = audit.Unsaid(run.what, lambda: integration.private)
    facts = {"integration": integration.id, "reason": run.reason, "what": what}
    audit.changed(session, f"run:{run.id}", None, facts)


def run_changed(session: AsyncSession, run: SyncRun, before: str, **counts: int) -> None:
    """Its state was `before`."""
    audit.changed(session, f"run:{run.id}", {"state": before}, {"state": run.state, **counts})
