"""How far an integration can be believed: by how it fails, and how old what is known of it is. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domains.connections.rules import FAILING_AFTER_TIME, State
from app.domains.monitoring.levels import Level

WAITS_AT_MOST = timedelta(minutes=10)
"""Work that is due waits no longer where all is well, and an integration's knowledge is no older …"""
FRESH_POLLS = 3
"""… or so many of its polls, if those are longer …"""
FRESH_UNSCHEDULED = timedelta(days=1)
"""… or this, where a cron job or people ask for pulls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An integration, as far as its level depends on it."""

    id: int
    name: str
    kind: str
    state: str = State.OK
    live: bool = False
    """It is pulled from a service."""
    sample: bool = False
    paused: bool = False
    service: str = ""
    """The service's key, «composio:gmail»."""
    cause: str | None = None
    """Of the last failure, None where there is none."""
    detail: str = ""
    """What it was, as a sentence."""
    failed_at: datetime | None = None
    first_failed_at: datetime | None = None
    heard_at: datetime | None = None
    """Up to then all is known of it."""
    poll_every: timedelta | None = None
    """None: nothing is pulled by itself."""


def level_of(source: Source, now: datetime) -> tuple[Level, str]:
    """An integration's own level, and why, whatever its cause."""
    if source.paused:
        return "NORMAL", "Paused by a person: nothing new comes until it is resumed."
    if not source.live:
        return _level_of_imported(source)
    heard = not_heard(source)
    if source.cause is not None and (source.state in (State.FAILING, State.NEEDS_RECONNECT) or not source.heard_at):
        return "OFFLINE", f"{heard}: {source.detail}"
    if source.cause is not None and now - (source.first_failed_at or now) >= FAILING_AFTER_TIME:
        return "OFFLINE", f"{heard}: {source.detail}"
    if source.heard_at is None:
        return "NORMAL", "It is to be pulled for the first time."
    if now - source.heard_at > fresh_for(source):
        return "DEGRADED", f"{heard}: {source.detail or 'its next pull has not ended yet.'}"
    if source.cause is not None:
        return "NORMAL", f"The last pull failed and is tried again; known up to {said(source.heard_at)}."
    return "NORMAL", "It is pulled as it should be."


def fresh_for(source: Source) -> timedelta:
    """How old what is known of it may be."""
    if source.poll_every is None:
        return FRESH_UNSCHEDULED
    return max(FRESH_POLLS * source.poll_every, WAITS_AT_MOST)


def _level_of_imported(source: Source) -> tuple[Level, str]:
    if source.cause is not None:
        return ("DEGRADED" if source.heard_at else "OFFLINE"), source.detail
    if source.sample:
        return "NORMAL", "It holds the sample data."
    return "NORMAL", "The last import went well." if source.heard_at else "Nothing was imported yet."


def not_heard(source: Source) -> str:
    """Since when, for the beginning of a sentence."""
    return f"Not heard since {said(source.heard_at)}" if source.heard_at else "Never heard yet"


def said(at: datetime) -> str:
    """«2026-03-02 09:00 UTC»."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
