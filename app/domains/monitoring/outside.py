"""How the services outside stand, from what the guards of all processes say of them. Pure.

A guard is one process's memory of one service, «composio:gmail»; what stands before the colon is the gateway through
which the service is called. A process that calls nobody any more keeps its breaker open for ever: so news counts by
its time, and what another process has reached since is not away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

State: TypeAlias = Literal["closed", "half_open", "open"]

RECENT = timedelta(minutes=15)
"""A failure that nothing followed for longer says nothing of now: what is away is tried at least every five minutes."""
STEADY = timedelta(seconds=10)
_RANK: dict[State, int] = {"closed": 0, "half_open": 1, "open": 2}
_AWAY = ("unreachable", "upstream_timeout")


@dataclass(frozen=True, slots=True)
class Failed:
    """The last failed attempt."""

    at: datetime
    code: str
    """Of the error: «unreachable», «upstream_timeout», «unauthorised», …"""
    of_gateway: bool = False
    """The gateway failed, and not the service behind it."""
    silent: bool = False
    """Nothing of the other side was heard at all."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service: of one process as it says itself, or of all processes together."""

    key: str
    name: str
    state: State = "closed"
    failures: int = 0
    """In a row."""
    retry_at: datetime | None = None
    failed: Failed | None = None
    succeeded_at: datetime | None = None
    down_since: datetime | None = None
    """When the breaker opened that has not closed since. Each probe that fails is later news of the same."""

    @property
    def gateway(self) -> str:
        return self.key.partition(":")[0]

    @property
    def called_at(self) -> datetime | None:
        """When something was last heard of it, good or bad."""
        failed_at = self.failed.at if self.failed else None
        return max((at for at in (self.succeeded_at, failed_at) if at is not None), default=None)

    def called_since(self, since: datetime) -> bool:
        return self.called_at is not None and self.called_at >= since

    def answered_since(self, since: datetime) -> bool:
        """The gateway answered, if only that the service behind it fails. Who was silent can't be told from here."""
        failed = self.failed
        if failed and failed.at >= since and not failed.of_gateway and failed.code != "upstream_timeout":
            return True
        return self.succeeded_at is not None and self.succeeded_at >= since

    def is_away(self, now: datetime) -> bool:
        """Its breaker is not closed. Half open is not back yet, unless what it let through went well and nothing
        followed: a service that is called seldom is not closed for long."""
        if self.state == "closed" or self.failed is None or abs(now - self.failed.at) > RECENT:
            return False  # of long ago, or of before the clock was set back
        well = self.succeeded_at is not None and self.failed.at < self.succeeded_at <= now - STEADY
        return not (self.state == "half_open" and well)

    @property
    def blames_gateway(self) -> bool:
        """The gateway failed, and not the service behind it."""
        return self.failed is not None and self.failed.of_gateway and self.failed.code in _AWAY

    @property
    def refused_by_gateway(self) -> bool:
        """What failed last was that the gateway did not accept our key."""
        return self.failed is not None and self.failed.of_gateway and self.failed.code == "unauthorised"


def merged(told: Iterable[Service]) -> dict[str, Service]:
    """By key, what all processes together know of each service: the worst that is not outdated."""
    by_key: dict[str, list[Service]] = {}
    for each in told:
        by_key.setdefault(each.key, []).append(each)
    return {key: _together(each) for key, each in sorted(by_key.items())}


def _together(told: Sequence[Service]) -> Service:
    reached_at = max((each.succeeded_at for each in told if each.state == "closed" and each.succeeded_at), default=None)

    def outdated(each: Service) -> bool:
        return bool(reached_at and each.failed and each.failed.at < reached_at)

    counting = [each for each in told if each.state == "closed" or not outdated(each)]
    worst = max(counting, key=lambda each: (_RANK[each.state], each.failures), default=told[0])
    state: State = worst.state if worst in counting else "closed"
    return Service(
        key=worst.key,
        name=worst.name,
        state=state,
        failures=worst.failures,
        retry_at=worst.retry_at if state == "open" else None,
        failed=max((each.failed for each in told if each.failed), key=lambda failed: failed.at, default=None),
        succeeded_at=max((each.succeeded_at for each in told if each.succeeded_at), default=None),
        down_since=max((each.down_since for each in counting if each.down_since), default=None),
    )


def network_is_away(services: Sequence[Service], now: datetime) -> bool:
    """Several services are called, and of none of them anything is heard: then it is not they."""
    called = [each for each in services if each.called_since(now - RECENT)]
    away = [each for each in called if each.is_away(now) and each.failed and each.failed.silent]
    if len(away) < 2:
        return False
    begun = min(each.failed.at for each in away if each.failed)
    return all(each in away or not each.called_since(begun) for each in called)


def gateway_refuses(services: Sequence[Service]) -> bool:
    """The gateway does not accept our key, and nothing behind it has succeeded since: the key is the same for all."""
    refused = max((each.failed.at for each in services if each.failed and each.refused_by_gateway), default=None)
    succeeded = max((each.succeeded_at for each in services if each.succeeded_at), default=None)
    return refused is not None and (succeeded is None or succeeded < refused)


def gateway_is_away(services: Sequence[Service], now: datetime) -> bool:
    """The gateway itself failed and nothing behind it was reached since that began, or nothing behind it can be reached
    at all."""
    away = [each for each in services if each.is_away(now)]
    reached_at = max((each.succeeded_at for each in services if each not in away and each.succeeded_at), default=None)
    for each in away:
        begun = each.down_since or (each.failed and each.failed.at)
        if begun and each.blames_gateway and (reached_at is None or reached_at < begun):
            return True
    called = [each for each in services if each.called_since(now - RECENT)]
    return len(away) > 1 and all(each in away for each in called)


def to_json(service: Service) -> dict[str, Any]:
    """As a process's row holds it."""
    failed = service.failed
    return {
        "key": service.key,
        "name": service.name,
        "state": service.state,
        "failures": service.failures,
        "retry_at": _written(service.retry_at),
        "succeeded_at": _written(service.succeeded_at),
        "down_since": _written(service.down_since),
        "failed": None if failed is None else {**asdict(failed), "at": _written(failed.at)},
    }


def from_json(stored: Mapping[str, Any]) -> Service:
    failed = stored["failed"]
    return Service(
        key=stored["key"],
        name=stored["name"],
        state=stored["state"],
        failures=stored["failures"],
        retry_at=_read(stored["retry_at"]),
        failed=None if failed is None else Failed(**{**failed, "at": _read(failed["at"])}),
        succeeded_at=_read(stored["succeeded_at"]),
        down_since=_read(stored["down_since"]),
    )


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
